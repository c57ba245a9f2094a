// SPDX-License-Identifier: GPL-2.0
/* Rules and item records as they enter the ruleset. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <eqfw/format.h>

#include "expand.h"

uint8_t l4_proto(unsigned int l4)
{
	return l4 == L4_TCP ? IPPROTO_TCP : IPPROTO_UDP;
}

uint32_t item_record(struct expansion *x, struct rule_item item)
{
	struct ruleset *ruleset = x->ruleset;

	if (ruleset->n_items && !strcmp(ruleset->items[ruleset->n_items - 1].id, item.id))
		return (uint32_t)ruleset->n_items - 1;
	GROW(ruleset->items, ruleset->n_items, ruleset->items_capacity);
	ruleset->items[ruleset->n_items] = item;
	return (uint32_t)ruleset->n_items++;
}

bool item_has_helper(const struct deployment *deployment, const struct item *item)
{
	for (size_t i = 0; item->related && i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (endpoint->helper && !strcmp(endpoint->helper, item->related) &&
		    (endpoint_plays(endpoint, &item->sources, NULL) ||
		     endpoint_plays(endpoint, &item->destinations, NULL)))
			return true;
	}
	return false;
}

uint32_t matrix_item_record(struct expansion *x, const struct item *item)
{
	struct ruleset *ruleset = x->ruleset;
	struct rule_item record = {
		.id = item->id, .printed = item->printed, .kind = EQFW_ITEM_MATRIX, .item = item
	};

	if (ruleset->n_items && ruleset->items[ruleset->n_items - 1].id == item->id)
		return (uint32_t)ruleset->n_items - 1;
	record.until = item_until(x->deployment, item);
	record.related = item_has_helper(x->deployment, item);
	record.log_new = log_wants_item(x->deployment, item);
	record.pair =
		arena_printf(ruleset->arena, "%s -> %s", item->row->source, item->row->destination);
	return item_record(x, record);
}

void rule_emit(struct expansion *x, struct rule rule)
{
	struct ruleset *ruleset = x->ruleset;

	GROW(ruleset->rules, ruleset->n_rules, ruleset->rules_capacity);
	ruleset->rules[ruleset->n_rules++] = rule;
}

void forbid_emit(struct expansion *x, struct rule rule)
{
	struct ruleset *ruleset = x->ruleset;

	GROW(ruleset->forbids, ruleset->n_forbids, ruleset->forbids_capacity);
	ruleset->forbids[ruleset->n_forbids++] = rule;
}

void rules_emit(struct expansion *x, struct rule like, const struct portset *src,
		const struct portset *dst)
{
	for (size_t i = 0; i < src->n; i++) {
		for (size_t j = 0; j < dst->n; j++) {
			like.src = src->ranges[i];
			like.dst = dst->ranges[j];
			rule_emit(x, like);
		}
	}
}

#define COMPARE(a, b) \
	do { \
		if ((a) != (b)) \
			return (a) < (b) ? -1 : 1; \
	} while (0)

static int rule_compare(const void *left, const void *right)
{
	const struct rule *a = left, *b = right;

	COMPARE(a->item, b->item);
	COMPARE(a->from, b->from);
	COMPARE(a->to, b->to);
	COMPARE(a->proto, b->proto);
	COMPARE(a->dst.lo, b->dst.lo);
	COMPARE(a->dst.hi, b->dst.hi);
	COMPARE(a->src.lo, b->src.lo);
	COMPARE(a->src.hi, b->src.hi);
	COMPARE(a->exact, b->exact);
	return 0;
}

void rules_settle(struct expansion *x, size_t first)
{
	struct ruleset *ruleset = x->ruleset;
	size_t out = first;

	if (ruleset->n_rules == first)
		return;
	qsort(ruleset->rules + first, ruleset->n_rules - first, sizeof(*ruleset->rules),
	      rule_compare);
	for (size_t i = first + 1; i < ruleset->n_rules; i++) {
		if (rule_compare(&ruleset->rules[out], &ruleset->rules[i]))
			ruleset->rules[++out] = ruleset->rules[i];
	}
	ruleset->n_rules = out + 1;
}
