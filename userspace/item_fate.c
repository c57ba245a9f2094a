// SPDX-License-Identifier: GPL-2.0
/* What became of each item of the document at a site, and for want of whom. */
#include <string.h>

#include "item_fate.h"
#include "ruleset.h"

static size_t item_index(const struct fates *fates, const struct item *item)
{
	size_t i = 0;

	while (fates->matrix->items[i] != item)
		i++;
	return i;
}

static bool same_kind(const struct endpoint *a, const struct endpoint *b)
{
	return a->zone == b->zone && a->roles.n == b->roles.n &&
	       !memcmp(a->roles.roles, b->roles.roles, a->roles.n * sizeof(struct role *));
}

/* Ten thousand rooms are few kinds: what follows asks them alone. */
static void find_kinds(struct fates *fates)
{
	const struct deployment *deployment = fates->deployment;
	size_t n = deployment->n_endpoints;

	fates->kinds = arena_alloc(fates->arena, (n + 1) * sizeof(*fates->kinds));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < fates->n_kinds && !same_kind(fates->kinds[k], deployment->endpoints[i]))
			k++;
		if (k == fates->n_kinds)
			fates->kinds[fates->n_kinds++] = deployment->endpoints[i];
	}
}

/* A leg's or a child's player plays the device as well. */
static void find_players(struct fates *fates)
{
	const struct matrix *matrix = fates->matrix;

	fates->played = arena_alloc(fates->arena, matrix->n_roles * sizeof(*fates->played) + 1);
	for (size_t r = 0; r < matrix->n_roles; r++) {
		for (size_t i = 0; i < fates->n_kinds && !fates->played[r]; i++) {
			const struct role_list *roles = &fates->kinds[i]->roles;

			for (size_t k = 0; k < roles->n && !fates->played[r]; k++)
				fates->played[r] = role_is(roles->roles[k], matrix->roles[r]);
		}
	}
}

bool role_played(const struct fates *fates, const struct role *role)
{
	for (size_t r = 0; r < fates->matrix->n_roles; r++) {
		if (fates->matrix->roles[r] == role)
			return fates->played[r];
	}
	return false;
}

static bool any_played(const struct fates *fates, const struct role_list *roles)
{
	for (size_t i = 0; i < roles->n; i++) {
		if (role_played(fates, roles->roles[i]))
			return true;
	}
	return !roles->n;
}

static bool endpoint_in(const struct endpoint *endpoint, const struct role_list *roles)
{
	for (size_t i = 0; i < endpoint->roles.n; i++) {
		for (size_t k = 0; k < roles->n; k++) {
			if (role_is(endpoint->roles.roles[i], roles->roles[k]))
				return true;
		}
	}
	return false;
}

/* One flag a zone: somebody of these roles stands there. */
static bool *zones_of(struct fates *fates, const struct role_list *roles)
{
	const struct deployment *deployment = fates->deployment;
	bool *zones = arena_alloc(fates->arena, deployment->n_zones * sizeof(*zones) + 1);

	for (size_t z = 0; z < deployment->n_zones; z++) {
		for (size_t i = 0; i < fates->n_kinds && !zones[z]; i++)
			zones[z] = fates->kinds[i]->zone == deployment->zones[z] &&
				   endpoint_in(fates->kinds[i], roles);
	}
	return zones;
}

/* Every pair of its ends stands in one zone that lets its own packets pass. */
static bool is_inside(struct fates *fates, const struct item *item)
{
	const struct deployment *deployment = fates->deployment;
	bool *from = zones_of(fates, &item->sources), *to = zones_of(fates, &item->destinations);

	for (size_t a = 0; a < deployment->n_zones; a++) {
		for (size_t b = 0; b < deployment->n_zones; b++) {
			if (!from[a] || !to[b])
				continue;
			if (a != b || deployment->zones[a]->intra_enforce)
				return false;
		}
	}
	return true;
}

static enum item_fate fate_of(struct fates *fates, const struct item *item,
			      enum item_fate by_switches)
{
	if (item->forbid)
		return FATE_FORBID;
	if (by_switches == FATE_SWITCHED)
		return by_switches;
	if (!any_played(fates, &item->sources) || !any_played(fates, &item->destinations))
		return FATE_NOBODY;
	if (by_switches != FATE_OPEN)
		return by_switches;
	return is_inside(fates, item) ? FATE_INSIDE : FATE_PORTS;
}

static void missing_add(struct fates *fates, struct role_list *missing,
			const struct role_list *roles)
{
	if (any_played(fates, roles))
		return;
	for (size_t i = 0; i < roles->n; i++)
		missing->roles[missing->n++] = roles->roles[i];
}

static void list_missing(struct fates *fates, const struct item *item, struct item_facts *facts)
{
	size_t room = item->sources.n + item->destinations.n + 1;

	facts->missing.roles = arena_alloc(fates->arena, room * sizeof(struct role *));
	if (facts->fate == FATE_CONDITION) {
		facts->missing.roles[facts->missing.n++] = item->condition_role;
		return;
	}
	missing_add(fates, &facts->missing, &item->sources);
	missing_add(fates, &facts->missing, &item->destinations);
}

static void find_open(struct fates *fates, const struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct item *item = ruleset->items[ruleset->rules[i].item].item;

		if (!item || (i && ruleset->rules[i].item == ruleset->rules[i - 1].item))
			continue;
		fates->facts[item_index(fates, item)].fate = FATE_OPEN;
	}
}

const struct item_facts *item_facts(const struct fates *fates, const struct item *item)
{
	return &fates->facts[item_index(fates, item)];
}

void fates_find(struct fates *fates, const struct ruleset *ruleset, struct arena *arena)
{
	const struct matrix *matrix = ruleset->deployment->matrix;

	*fates = (struct fates){ .deployment = ruleset->deployment,
				 .matrix = matrix,
				 .arena = arena };
	find_kinds(fates);
	find_players(fates);
	fates->facts = arena_alloc(arena, (matrix->n_items + 1) * sizeof(*fates->facts));
	for (size_t i = 0; i < matrix->n_items; i++)
		fates->facts[i].fate = N_FATES;
	find_open(fates, ruleset);
	for (size_t i = 0; i < matrix->n_items; i++) {
		struct item_facts *facts = &fates->facts[i];
		const struct item *item = matrix->items[i];
		bool met = !item->condition_role || role_played(fates, item->condition_role);

		facts->by_switches = item_switch_fate(fates->deployment, item, met);
		if (facts->fate == FATE_OPEN)
			continue;
		facts->fate = fate_of(fates, item, facts->by_switches);
		if (facts->fate == FATE_NOBODY || facts->fate == FATE_CONDITION)
			list_missing(fates, item, facts);
	}
}
