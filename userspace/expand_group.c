// SPDX-License-Identifier: GPL-2.0
/*
 * Endpoints that every rule treats alike become one group: ten thousand rooms are expanded once. Two
 * endpoints are alike if zone, roles, operating system and every port that the site states for them
 * are; a host that a site row names stays alone.
 */
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "expand.h"

/* Behaviours by the text that says all they share. */
struct known {
	char *key;
	size_t index;
	UT_hash_handle hh;
};

const struct role *endpoint_plays(const struct endpoint *endpoint, const struct role_list *roles,
				  const struct role **named)
{
	for (size_t i = 0; i < endpoint->roles.n; i++) {
		for (size_t j = 0; j < roles->n; j++) {
			if (!role_is(endpoint->roles.roles[i], roles->roles[j]))
				continue;
			if (named)
				*named = roles->roles[j];
			return endpoint->roles.roles[i];
		}
	}
	return NULL;
}

/* One flag an endpoint: some rule of the site names it or its host. */
static bool *endpoints_named(struct expansion *x)
{
	const struct deployment *deployment = x->deployment;
	bool *hosts = arena_alloc(x->scratch, deployment->n_hosts * sizeof(*hosts) + 1);
	bool *named = arena_alloc(x->scratch, deployment->n_endpoints * sizeof(*named) + 1);

	for (size_t i = 0; i < 2 * deployment->n_rules; i++) {
		const struct site_rule *rule = &deployment->rules[i / 2];
		const struct party *party = i % 2 ? &rule->to : &rule->from;

		if (party->endpoint)
			hosts[party->endpoint->host] = true;
		else if (party->host >= 0)
			hosts[party->host] = true;
	}
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		named[i] = hosts[deployment->endpoints[i]->host];
	return named;
}

static char *stated_text(struct arena *arena, const struct endpoint *endpoint)
{
	char *text = "";

	for (size_t i = 0; i < endpoint->n_vendor; i++)
		text = arena_printf(arena, "%s v%u:%d:%s", text, endpoint->vendor[i].proto,
				    (int)endpoint->vendor[i].call,
				    portset_format(arena, &endpoint->vendor[i].ports));
	for (size_t i = 0; i < endpoint->n_tunables; i++)
		text = arena_printf(arena, "%s t%s:%u-%u", text, endpoint->tunables[i].tunable->id,
				    endpoint->tunables[i].range.lo, endpoint->tunables[i].range.hi);
	return text;
}

static char *behaviour_text(struct arena *arena, const struct endpoint *endpoint, bool named)
{
	char *text = arena_printf(arena, "%s %d %d %d %s %s%s", endpoint->zone->name, endpoint->any,
				  endpoint->only, endpoint->publics.n > 0,
				  endpoint->os ? endpoint->os : "-",
				  portset_format(arena, &endpoint->ephemeral),
				  stated_text(arena, endpoint));

	for (size_t i = 0; i < endpoint->roles.n; i++)
		text = arena_printf(arena, "%s r%s", text, endpoint->roles.roles[i]->id);
	return named ? arena_printf(arena, "%s h%s", text, endpoint->name) : text;
}

/* One address of each family at most. */
static bool at_one_address(const struct endpoint *endpoint)
{
	const struct prefix_list *list = &endpoint->addresses;
	unsigned int v4 = 0, v6 = 0;

	if (endpoint->any)
		return false;
	for (size_t i = 0; i < list->n; i++) {
		const struct prefix *prefix = &list->prefixes[i];

		if (prefix->len != (prefix->family == 4 ? 32 : 128))
			return false;
		*(prefix->family == 4 ? &v4 : &v6) += 1;
	}
	return v4 <= 1 && v6 <= 1;
}

static void behaviour_join(struct behaviour *behaviour, const struct endpoint *endpoint)
{
	if (!behaviour->n++) {
		behaviour->like = endpoint;
		behaviour->alone = at_one_address(endpoint);
	} else if (behaviour->alone) {
		behaviour->alone = false;
	}
	behaviour->n_public += endpoint->n_public;
}

static void behaviours_number(struct expansion *x, const bool *named)
{
	struct known *known = NULL, *entry, *next;
	struct arena *text = arena_new();

	for (size_t i = 0; i < x->deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = x->deployment->endpoints[i];
		char *key = behaviour_text(text, endpoint, named[i]);

		HASH_FIND_STR(known, key, entry);
		if (!entry) {
			entry = arena_alloc(text, sizeof(*entry));
			entry->key = key;
			entry->index = x->n_behaviours++;
			HASH_ADD_KEYPTR(hh, known, entry->key, strlen(entry->key), entry);
		}
		x->behaviour_of[i] = entry->index;
		behaviour_join(&x->behaviours[entry->index], endpoint);
	}
	HASH_ITER(hh, known, entry, next)
		HASH_DEL(known, entry);
	arena_free(text);
}

uint32_t group_add(struct expansion *x, struct group group)
{
	struct ruleset *ruleset = x->ruleset;

	GROW(ruleset->groups, ruleset->n_groups, ruleset->groups_capacity);
	ruleset->groups[ruleset->n_groups] = group;
	return (uint32_t)ruleset->n_groups++;
}

uint32_t group_of_zone(struct expansion *x, const struct zone *zone)
{
	for (size_t i = 0; i < x->deployment->n_zones; i++) {
		if (x->deployment->zones[i] != zone)
			continue;
		if (x->zone_groups[i] == GROUP_NONE)
			x->zone_groups[i] = group_add(x, (struct group){ .flags = GROUP_WHOLE_ZONE,
									 .zone = zone });
		return x->zone_groups[i];
	}
	return GROUP_NONE;
}

uint32_t group_of_box(struct expansion *x)
{
	if (x->box_group == GROUP_NONE)
		x->box_group = group_add(x, (struct group){ .flags = GROUP_BOX });
	return x->box_group;
}

uint32_t group_everywhere(struct expansion *x)
{
	if (x->everywhere_group == GROUP_NONE)
		x->everywhere_group = group_add(x, (struct group){ .flags = GROUP_EVERYWHERE });
	return x->everywhere_group;
}

uint32_t group_multicast(struct expansion *x, const struct prefix_list *groups, const char *name)
{
	struct group_member *member = arena_alloc(x->ruleset->arena, sizeof(*member));

	member->addresses = groups;
	member->name = name;
	return group_add(
		x, (struct group){ .flags = GROUP_MULTICAST, .members = member, .n_members = 1 });
}

static void member_add(struct group *group, const struct endpoint *endpoint,
		       const struct prefix_list *addresses, const struct public_address *public)
{
	if (!addresses->n)
		return;
	group->members[group->n_members++] =
		(struct group_member){ .addresses = addresses,
				       .public = public,
				       .map = public ? public->map : NULL,
				       .only = endpoint->only,
				       .name = endpoint->name };
}

static void groups_fill(struct expansion *x)
{
	uint32_t **groups = &x->ruleset->endpoint_groups;

	*groups = arena_alloc(x->ruleset->arena, x->deployment->n_endpoints * sizeof(**groups) + 1);
	for (size_t i = 0; i < x->deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = x->deployment->endpoints[i];
		struct behaviour *behaviour = &x->behaviours[x->behaviour_of[i]];
		struct group *group;

		(*groups)[i] = behaviour->group;
		if (endpoint->any)
			continue;
		group = &x->ruleset->groups[behaviour->group];
		member_add(group, endpoint, &endpoint->addresses, NULL);
		for (size_t p = 0; p < endpoint->n_public; p++)
			member_add(group, endpoint, &endpoint->public[p].addresses,
				   &endpoint->public[p]);
	}
}

/* An `address: any` host is its zone, unless some address there has the roles of one host alone. */
static uint32_t group_of_any(struct expansion *x, const struct zone *zone)
{
	for (size_t i = 0; i < x->deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = x->deployment->endpoints[i];

		if (endpoint->only && endpoint->zone == zone)
			return group_add(x,
					 (struct group){ .flags = GROUP_ANY_HOST, .zone = zone });
	}
	return group_of_zone(x, zone);
}

void behaviours_make(struct expansion *x)
{
	size_t n = x->deployment->n_endpoints;

	x->behaviours = arena_alloc(x->ruleset->arena, n * sizeof(*x->behaviours) + 1);
	x->behaviour_of = arena_alloc(x->ruleset->arena, n * sizeof(*x->behaviour_of) + 1);
	behaviours_number(x, endpoints_named(x));
	for (size_t i = 0; i < x->n_behaviours; i++) {
		struct behaviour *behaviour = &x->behaviours[i];
		size_t room = (behaviour->n + behaviour->n_public) * sizeof(struct group_member);

		if (behaviour->like->any)
			behaviour->group = group_of_any(x, behaviour->like->zone);
		else
			behaviour->group = group_add(
				x,
				(struct group){ .flags = GROUP_DECLARED,
						.zone = behaviour->like->zone,
						.members = arena_alloc(x->ruleset->arena, room) });
	}
	groups_fill(x);
}

bool behaviours_meet(const struct behaviour *a, const struct behaviour *b)
{
	const struct zone *zone = a->like->zone;

	if (a->alone && b->alone && a->like->host == b->like->host)
		return false;
	if (zone != b->like->zone || zone->intra_enforce || zone->is_default || zone->is_box)
		return true;
	return a->n_public || b->n_public;
}
