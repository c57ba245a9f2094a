// SPDX-License-Identifier: GPL-2.0
/*
 * Rows x hosts -> rules (DESIGN section 3).
 *
 *   expand_group.c    endpoints that behave alike are one group
 *   expand_enable.c   is the item switched on?
 *   expand_end.c      the ports of both ends of an item, from
 *     expand_printed.c   what the row prints for a column,
 *     expand_tunable.c   what the site moved,
 *     expand_reading.c   what it reads otherwise,
 *     expand_word.c      what a port word stands for,
 *     expand_call.c      where a called party listens, and
 *     expand_forbid.c    what the document always blocks
 *   expand_item.c     who opens to whom -> rules (expand_emit.c)
 *   expand_site.c     guards, site rows, icmp
 *   expand_report.c   what was not opened, and why
 */
#include <stdlib.h>

#include "expand.h"

static void expansion_init(struct expansion *x)
{
	const struct deployment *deployment = x->deployment;
	struct arena *arena = x->ruleset->arena;
	size_t n_roles = deployment->matrix->n_roles;

	x->zone_groups = arena_alloc(arena, deployment->n_zones * sizeof(*x->zone_groups) + 1);
	for (size_t i = 0; i < deployment->n_zones; i++)
		x->zone_groups[i] = GROUP_NONE;
	x->box_group = GROUP_NONE;
	x->everywhere_group = GROUP_NONE;
	x->missing = arena_alloc(arena, n_roles * sizeof(*x->missing) + 1);
	x->unstated = arena_alloc(arena, n_roles * sizeof(*x->unstated) + 1);
}

struct ruleset *expand(const struct deployment *deployment, struct diag *diag)
{
	struct ruleset *ruleset = must_alloc(sizeof(*ruleset));
	struct expansion x = { .ruleset = ruleset, .deployment = deployment, .diag = diag };

	*ruleset = (struct ruleset){ .arena = arena_new(), .deployment = deployment };
	x.scratch = arena_new();
	expansion_init(&x);
	behaviours_make(&x);
	forbids_collect(&x);
	items_expand(&x);
	site_rules_expand(&x);
	report_print(&x);
	arena_free(x.scratch);
	return ruleset;
}

void ruleset_free(struct ruleset *ruleset)
{
	if (!ruleset)
		return;
	free(ruleset->groups);
	free(ruleset->rules);
	free(ruleset->forbids);
	free(ruleset->items);
	free(ruleset->words);
	arena_free(ruleset->arena);
	free(ruleset);
}
