// SPDX-License-Identifier: GPL-2.0
/*
 * Which rows a planned range narrows: the rules are made twice, with the range as it is and as it is
 * planned, and the ports that each item opens at each group of addresses are counted.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/**
 * struct open_range - ports that an item opens at one end
 * @item: its id
 * @proto: IP protocol number
 * @opens: source ports, else destination ports
 * @group: of the end
 * @lo: first port
 * @hi: last port
 */
struct open_range {
	const char *item;
	uint8_t proto;
	bool opens;
	uint32_t group;
	uint16_t lo;
	uint16_t hi;
};

/* Ports of one item at one end, counted. */
struct open_count {
	struct open_range of;
	unsigned int ports;
};

struct counts {
	struct open_count *list;
	size_t n;
};

#define COMPARE(a, b) \
	do { \
		if ((a) != (b)) \
			return (a) < (b) ? -1 : 1; \
	} while (0)

static int end_compare(const struct open_range *a, const struct open_range *b)
{
	int order = strcmp(a->item, b->item);

	if (order)
		return order;
	COMPARE(a->proto, b->proto);
	COMPARE(a->opens, b->opens);
	COMPARE(a->group, b->group);
	return 0;
}

static int open_compare(const void *left, const void *right)
{
	const struct open_range *a = left, *b = right;
	int order = end_compare(a, b);

	if (order)
		return order;
	COMPARE(a->lo, b->lo);
	COMPARE(a->hi, b->hi);
	return 0;
}

static struct open_range *all_ranges(const struct ruleset *ruleset, size_t *n)
{
	struct open_range *list = must_alloc((2 * ruleset->n_rules + 1) * sizeof(*list));

	*n = 0;
	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];
		const char *item = ruleset->items[rule->item].id;

		list[(*n)++] = (struct open_range){ item,     rule->proto,  false,
						    rule->to, rule->dst.lo, rule->dst.hi };
		list[(*n)++] = (struct open_range){ item,	rule->proto,  true,
						    rule->from, rule->src.lo, rule->src.hi };
	}
	qsort(list, *n, sizeof(*list), open_compare);
	return list;
}

static struct counts count_open(const struct ruleset *ruleset)
{
	size_t n;
	struct open_range *ranges = all_ranges(ruleset, &n);
	struct counts counts = { .list = must_alloc((n + 1) * sizeof(*counts.list)) };
	unsigned int end = 0;

	for (size_t i = 0; i < n; i++) {
		const struct open_range *range = &ranges[i];

		if (!i || end_compare(range, range - 1)) {
			counts.list[counts.n++] = (struct open_count){ *range, 0 };
			end = 0;
		}
		if (range->hi + 1u <= end)
			continue;
		counts.list[counts.n - 1].ports +=
			range->hi + 1u - (range->lo > end ? range->lo : end);
		end = range->hi + 1u;
	}
	free(ranges);
	return counts;
}

static bool same_row(const struct plan_row *row, const struct open_range *range)
{
	return !strcmp(row->item, range->item) && row->proto == range->proto &&
	       row->opens == range->opens;
}

/* An item counts with the group that loses most. */
static void row_note(struct plan *plan, struct plan_entry *entry, const struct open_count *before,
		     unsigned int after)
{
	struct plan_row *row = entry->n_rows ? &entry->rows[entry->n_rows - 1] : NULL;

	if (!row || !same_row(row, &before->of)) {
		row = &entry->rows[entry->n_rows++];
		*row = (struct plan_row){ .item = arena_strdup(plan->arena, before->of.item),
					  .proto = before->of.proto,
					  .opens = before->of.opens };
	} else if (before->ports - after <= row->before - row->after) {
		return;
	}
	row->before = before->ports;
	row->after = after;
}

static void rows_compare(struct plan *plan, struct plan_entry *entry, const struct counts *before,
			 const struct counts *after)
{
	size_t k = 0;

	entry->rows = arena_alloc(plan->arena, (before->n + 1) * sizeof(*entry->rows));
	for (size_t i = 0; i < before->n; i++) {
		unsigned int left = 0;

		while (k < after->n && end_compare(&after->list[k].of, &before->list[i].of) < 0)
			k++;
		if (k < after->n && !end_compare(&after->list[k].of, &before->list[i].of))
			left = after->list[k].ports;
		if (left < before->list[i].ports)
			row_note(plan, entry, &before->list[i], left);
	}
}

/* Expand as if the entry's range were stated; the deployment is as before afterwards. */
static struct ruleset *expand_planned(const struct plan *plan, const struct plan_entry *entry)
{
	struct deployment changed = *plan->deployment;
	struct diag quiet = { .quiet = true };
	struct tunable_value *values;
	struct ruleset *ruleset;

	if (entry->endpoint) {
		struct endpoint *endpoint = entry->endpoint;
		struct tunable_value *kept = endpoint->tunables;

		values = arena_alloc(plan->arena, endpoint->n_tunables * sizeof(*values));
		for (size_t i = 0; i < endpoint->n_tunables; i++) {
			values[i] = kept[i];
			if (kept[i].tunable == entry->tunable)
				values[i].range = entry->planned;
		}
		endpoint->tunables = values;
		ruleset = expand(&changed, &quiet);
		endpoint->tunables = kept;
		return ruleset;
	}
	/* The first value counts, so it need not be sought among those of the site. */
	values = arena_alloc(plan->arena, (changed.n_tunables + 1) * sizeof(*values));
	values[0] = (struct tunable_value){ .tunable = (struct tunable *)entry->tunable,
					    .range = entry->planned };
	for (size_t i = 0; i < changed.n_tunables; i++)
		values[i + 1] = changed.tunables[i];
	changed.tunables = values;
	changed.n_tunables++;
	return expand(&changed, &quiet);
}

void plan_rows(struct plan *plan)
{
	struct diag quiet = { .quiet = true };
	struct ruleset *now = expand(plan->deployment, &quiet);
	struct counts before = count_open(now);

	for (size_t i = 0; i < plan->n_entries; i++) {
		struct plan_entry *entry = &plan->entries[i];
		struct ruleset *then;
		struct counts after;

		if (!plan_entry_wide(entry))
			continue;
		then = expand_planned(plan, entry);
		after = count_open(then);
		rows_compare(plan, entry, &before, &after);
		free(after.list);
		ruleset_free(then);
	}
	free(before.list);
	ruleset_free(now);
}
