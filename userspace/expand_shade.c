// SPDX-License-Identifier: GPL-2.0
/* Rules of the site that permit nothing that an earlier one does not permit: most likely a mistake. */
#include <string.h>

#include "expand.h"

static bool range_within(struct port_range inner, struct port_range outer)
{
	return outer.lo <= inner.lo && inner.hi <= outer.hi;
}

static bool group_within(const struct ruleset *ruleset, uint32_t inner, uint32_t outer)
{
	const struct group *in = &ruleset->groups[inner], *out = &ruleset->groups[outer];

	if (inner == outer)
		return true;
	if (out->flags & GROUP_EVERYWHERE)
		return !(in->flags & GROUP_MULTICAST);
	return (out->flags & GROUP_WHOLE_ZONE) && in->zone == out->zone;
}

/* An item that ends earlier, or that loses forbidden ports, does not stand for one that does not. */
static bool lasts_as_long(const struct ruleset *ruleset, const struct rule *inner,
			  const struct rule *outer)
{
	uint64_t until = ruleset->items[outer->item].until;
	uint64_t needed = ruleset->items[inner->item].until;

	if (inner->exact && !outer->exact && ruleset->n_forbids)
		return false;
	return !until || (needed && needed <= until);
}

static bool rule_within(const struct ruleset *ruleset, const struct rule *inner,
			const struct rule *outer)
{
	return inner->proto == outer->proto && range_within(inner->dst, outer->dst) &&
	       range_within(inner->src, outer->src) &&
	       group_within(ruleset, inner->from, outer->from) &&
	       group_within(ruleset, inner->to, outer->to) && lasts_as_long(ruleset, inner, outer);
}

/* The item of the first rule in the window that contains the rule, or SHADE_NONE. */
static uint32_t shading_item(const struct ruleset *ruleset, const struct rule *rule,
			     struct rule_window among)
{
	for (size_t i = among.first; i < among.end; i++) {
		if (rule_within(ruleset, rule, &ruleset->rules[i]))
			return ruleset->rules[i].item;
	}
	return SHADE_NONE;
}

uint32_t shade_find(const struct ruleset *ruleset, struct rule_window rules,
		    struct rule_window among)
{
	uint32_t shading = SHADE_NONE;

	for (size_t i = rules.first; i < rules.end; i++) {
		shading = shading_item(ruleset, &ruleset->rules[i], among);
		if (shading == SHADE_NONE)
			break;
	}
	return shading;
}

struct rule_window item_rules(const struct ruleset *ruleset, uint32_t item)
{
	struct rule_window window = { 0 };

	while (window.first < ruleset->n_rules && ruleset->rules[window.first].item != item)
		window.first++;
	window.end = window.first;
	while (window.end < ruleset->n_rules && ruleset->rules[window.end].item == item)
		window.end++;
	return window;
}

/* " of FILE:LINE" */
static const char *place_text(struct expansion *x, const struct rule_item *record)
{
	struct place at = record->item ? record->item->place : record->rule->place;

	return at.source ? arena_printf(x->scratch, " of %s:%u", at.source->name, at.line) : "";
}

void shade_check(struct expansion *x, const struct site_rule *site, size_t first)
{
	const struct ruleset *ruleset = x->ruleset;
	const struct rule_window own = { first, ruleset->n_rules }, before = { 0, first };
	uint32_t shading = shade_find(ruleset, own, before);
	const struct rule_item *record, *other;
	bool same;

	if (shading == SHADE_NONE)
		return;
	record = &ruleset->items[ruleset->rules[first].item];
	other = &ruleset->items[shading];
	same = shade_find(ruleset, item_rules(ruleset, shading), own) != SHADE_NONE;
	diag_warning_on(x->diag, same ? "duplicate" : "shadowed", record->id, site->place,
			"take it out, or make it say what it was meant to say",
			"%s permits nothing new: %s%s (%s, %s) permits %s already", record->id,
			other->id, place_text(x, other), other->pair, other->printed,
			same ? "the same" : "it");
}
