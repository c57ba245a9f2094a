// SPDX-License-Identifier: GPL-2.0
/* What collides and what is missing: ports with two meanings, items that need what nobody deployed. */
#include <stdlib.h>
#include <string.h>

#include "matrix_query.h"

/**
 * struct meaning - what a printed port is on a device
 * @item: whose ports they are
 * @ports: numbers
 */
struct meaning {
	const struct item *item;
	const struct portset *ports;
};

static bool plays(const struct role_list *played, const struct role_list *roles)
{
	for (size_t i = 0; i < played->n; i++)
		for (size_t k = 0; k < roles->n; k++)
			if (role_is(played->roles[i], roles->roles[k]))
				return true;
	return false;
}

/* Roles of the device to which the printed ports belong. */
static const struct role_list *owners(const struct item *item)
{
	return item_ports(item) == &item->src ? &item->sources : &item->destinations;
}

/* Client ranges mean nothing by themselves, and what is forbidden is closed. */
static bool means_service(const struct item *item)
{
	bool owner_opens = (item_ports(item) == &item->src) == source_opens(item);

	return !item->forbid && (item->initiator == INITIATOR_EITHER || !owner_opens);
}

static size_t meanings_of(const struct matrix *matrix, const struct role_list *played,
			  struct meaning *out)
{
	size_t n = 0;

	for (size_t i = 0; i < matrix->n_items; i++) {
		const struct item *item = matrix->items[i];

		if (item_ports(item)->n && means_service(item) && plays(played, owners(item)))
			out[n++] = (struct meaning){ item, item_ports(item) };
	}
	return n;
}

static bool same_meaning(const struct item *a, const struct item *b)
{
	if (a->call != CALL_NONE && a->call == b->call)
		return true;
	return a->service && b->service ? !strcasecmp(a->service, b->service)
					: a->service == b->service;
}

static struct portset common(struct arena *arena, const struct portset *a, const struct portset *b)
{
	struct portset outside = portset_minus(arena, a, b), both;

	both = portset_minus(arena, a, &outside);
	both.words = 0;
	return both;
}

struct conflict_list {
	struct port_conflict *list;
	size_t n;
	size_t capacity;
};

/* Rows repeat each other: the first pair of items tells of the two meanings on these ports. */
static bool is_known(const struct conflict_list *found, size_t first,
		     const struct port_conflict *new)
{
	for (size_t i = first; i < found->n; i++) {
		const struct port_conflict *old = &found->list[i];

		if (old->proto != new->proto || old->ports.n != new->ports.n ||
		    memcmp(old->ports.ranges, new->ports.ranges,
			   new->ports.n * sizeof(*new->ports.ranges)))
			continue;
		if ((same_meaning(old->first, new->first) &&
		     same_meaning(old->second, new->second)) ||
		    (same_meaning(old->first, new->second) &&
		     same_meaning(old->second, new->first)))
			return true;
	}
	return false;
}

static void conflicts_of(struct conflict_list *found, struct arena *arena, const char *device,
			 const struct meaning *meanings, size_t n)
{
	size_t first = found->n;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			struct port_conflict conflict = {
				.device = device,
				.proto = meanings[i].item->proto & meanings[k].item->proto,
				.first = meanings[i].item,
				.second = meanings[k].item,
			};

			if (!conflict.proto || same_meaning(conflict.first, conflict.second))
				continue;
			conflict.ports = common(arena, meanings[i].ports, meanings[k].ports);
			if (!conflict.ports.n || is_known(found, first, &conflict))
				continue;
			GROW(found->list, found->n, found->capacity);
			found->list[found->n++] = conflict;
		}
	}
}

/* All roles that a host plays, whatever its legs. */
static struct role_list host_roles(const struct deployment *deployment, struct arena *arena,
				   unsigned int host)
{
	struct role_list all = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < deployment->n_endpoints; i++)
		n += deployment->endpoints[i]->roles.n;
	all.roles = arena_alloc(arena, (n + 1) * sizeof(struct role *));
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		for (size_t k = 0; endpoint->host == host && k < endpoint->roles.n; k++)
			all.roles[all.n++] = endpoint->roles.roles[k];
	}
	return all;
}

struct port_conflict *matrix_conflicts(const struct matrix *matrix,
				       const struct deployment *deployment, struct arena *arena,
				       size_t *n)
{
	struct meaning *meanings = must_alloc((matrix->n_items + 1) * sizeof(*meanings));
	size_t devices = deployment ? deployment->n_hosts : matrix->n_roles;
	struct conflict_list found = { 0 };
	struct port_conflict *list;

	for (size_t i = 0; i < devices; i++) {
		const struct role_list one = { .roles = deployment ? NULL : &matrix->roles[i],
					       .n = 1 };
		const struct role_list roles =
			deployment ? host_roles(deployment, arena, (unsigned int)i) : one;
		const char *device = deployment ? deployment->hosts[i] : matrix->roles[i]->id;

		conflicts_of(&found, arena, device, meanings,
			     meanings_of(matrix, &roles, meanings));
	}
	list = arena_alloc(arena, (found.n + 1) * sizeof(*list));
	if (found.n)
		memcpy(list, found.list, found.n * sizeof(*list));
	*n = found.n;
	free(found.list);
	free(meanings);
	return list;
}

static bool deployed(const struct deployment *deployment, const struct role_list *roles)
{
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		if (plays(&deployment->endpoints[i]->roles, roles))
			return true;
	return false;
}

static bool condition_met(const struct deployment *deployment, const struct item *item)
{
	struct role *role = item->condition_role;
	const struct role_list list = { .roles = &role, .n = 1 };

	if (role)
		return deployed(deployment, &list) || role_met_by_feature(deployment, role);
	return !item->condition_feature || feature_open(deployment, item->condition_feature);
}

struct item_need matrix_need(const struct deployment *deployment, const struct item *item)
{
	const struct enable *enable = &deployment->enable;
	struct item_need need = { .item = item };

	if (!deployed(deployment, &item->sources))
		need.sources = item->sources;
	if (!deployed(deployment, &item->destinations))
		need.destinations = item->destinations;
	need.condition = !condition_met(deployment, item);
	need.level = item->requirement > enable->requirement || !enable->functions[item->function];
	return need;
}
