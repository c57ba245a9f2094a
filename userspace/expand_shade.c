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

/* The item of the first rule before `first` that contains the rule, or GROUP_NONE. */
static uint32_t shading_item(const struct ruleset *ruleset, const struct rule *rule, size_t first)
{
	for (size_t i = 0; i < first; i++) {
		if (rule_within(ruleset, rule, &ruleset->rules[i]))
			return ruleset->rules[i].item;
	}
	return GROUP_NONE;
}

/* " of FILE:LINE" where the item is the site's or the document's own. */
static const char *place_text(struct expansion *x, const char *id)
{
	const struct item *item = matrix_item(x->deployment->matrix, id);
	struct place at = item ? item->place : NOWHERE;

	for (size_t i = 0; !item && i < x->deployment->n_rules; i++) {
		const struct site_rule *rule = &x->deployment->rules[i];

		if (!strcmp(site_rule_id(x, rule), id))
			at = rule->place;
	}
	return at.source ? arena_printf(x->scratch, " of %s:%u", at.source->name, at.line) : "";
}

void shade_check(struct expansion *x, const struct site_rule *site, size_t first)
{
	const struct ruleset *ruleset = x->ruleset;
	uint32_t shading = GROUP_NONE;

	for (size_t i = first; i < ruleset->n_rules; i++) {
		shading = shading_item(ruleset, &ruleset->rules[i], first);
		if (shading == GROUP_NONE)
			return;
	}
	if (shading == GROUP_NONE)
		return;
	diag_warning(x->diag, site->place, "take it out, or make it say what it was meant to say",
		     "%s permits nothing new: %s%s (%s, %s) permits it already",
		     ruleset->items[ruleset->rules[first].item].id, ruleset->items[shading].id,
		     place_text(x, ruleset->items[shading].id), ruleset->items[shading].pair,
		     ruleset->items[shading].printed);
}
