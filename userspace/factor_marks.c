// SPDX-License-Identifier: GPL-2.0
/* Who says something about an address prefix: zones, hosts, groups, the box, broadcast. */
#include <stdlib.h>

#include "factor.h"

static void mark_add(struct factor *f, const struct mark *mark)
{
	GROW(f->marks, f->n_marks, f->marks_capacity);
	f->marks[f->n_marks++] = *mark;
}

/* The format has no prefix of length 0: two halves mean the same. */
static void mark_prefix(struct factor *f, struct mark mark, const struct prefix *prefix)
{
	mark.prefix = *prefix;
	if (prefix->len) {
		mark_add(f, &mark);
		return;
	}
	mark.prefix.len = 1;
	mark_add(f, &mark);
	mark.prefix.addr.b[0] = 0x80;
	mark_add(f, &mark);
}

static void mark_list(struct factor *f, const struct mark *mark, const struct prefix_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		mark_prefix(f, *mark, &list->prefixes[i]);
}

static struct mark mark_of(enum mark_kind kind)
{
	return (struct mark){
		.kind = (uint8_t)kind,
		.zone = EQFW_ZONE_NONE,
		.map = NO_INDEX,
		.group = NO_INDEX,
		.endpoint = NO_INDEX,
	};
}

/* Point-to-point networks (/31, RFC 3021) and single addresses have no broadcast address. */
static void mark_broadcasts(struct factor *f, const struct zone *zone, uint16_t id)
{
	struct mark mark = mark_of(MARK_BROADCAST);

	mark.zone = id;
	for (size_t i = 0; i < zone->networks.n_written; i++) {
		const struct prefix *network = &zone->networks.written[i];

		if (network->family != 4 || network->len > 30 || !network->len)
			continue;
		mark.prefix = *network;
		mark.prefix.addr = prefix_last(network);
		mark.prefix.len = 32;
		mark_add(f, &mark);
	}
}

static void mark_zones(struct factor *f)
{
	struct mark mark = mark_of(MARK_NETWORK);

	for (size_t i = 0; i < f->n_zones; i++) {
		const struct prefix_list *networks = &f->zones[i]->networks;

		/* Not the joined ones: another zone's network may lie between two nested ones. */
		mark.zone = (uint16_t)i;
		for (size_t j = 0; j < networks->n_written; j++)
			mark_prefix(f, mark, &networks->written[j]);
		mark_broadcasts(f, f->zones[i], (uint16_t)i);
	}
}

/* Hosts that no rule names are declared all the same: their packets are in scope. */
static void mark_endpoints(struct factor *f)
{
	const struct deployment *deployment = f->ruleset->deployment;

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];
		struct mark mark = mark_of(MARK_DECLARED);

		mark.zone = factor_zone_id(f, endpoint->zone);
		mark.only = endpoint->only;
		mark.endpoint = (uint32_t)i;
		if (!endpoint->any)
			mark_list(f, &mark, &endpoint->addresses);
		mark.public = true;
		for (size_t p = 0; p < endpoint->n_public; p++) {
			mark.map = factor_map(f, endpoint->public[p].map);
			mark_list(f, &mark, &endpoint->public[p].addresses);
		}
	}
}

static void mark_group(struct factor *f, uint32_t index)
{
	const struct group *group = &f->ruleset->groups[index];
	struct mark mark = mark_of(MARK_DECLARED);

	if (group->flags & GROUP_MULTICAST)
		mark.kind = MARK_MULTICAST;
	else if (group->flags & GROUP_LITERAL)
		mark.kind = MARK_LITERAL;
	else if (group->flags & GROUP_DECLARED)
		mark.zone = factor_zone_id(f, group->zone);
	else
		return;
	mark.group = index;
	for (size_t i = 0; i < group->n_members; i++) {
		mark.public = mark.kind == MARK_DECLARED && group->members[i].public;
		mark.only = mark.kind == MARK_DECLARED && group->members[i].only;
		mark.map = mark.public ? factor_map(f, group->members[i].map) : NO_INDEX;
		mark_list(f, &mark, group->members[i].addresses);
	}
}

/* A multicast group has no zone, so no zone's rules and no "everywhere" may reach it. */
static void mark_all_multicast(struct factor *f)
{
	struct mark mark = mark_of(MARK_MULTICAST);

	mark.prefix = (struct prefix){ .addr.b = { 224 }, .family = 4, .len = 4 };
	mark_add(f, &mark);
	mark.prefix = (struct prefix){ .addr.b = { 0xff }, .family = 6, .len = 8 };
	mark_add(f, &mark);
}

#define ORDER(a, b, member) \
	do { \
		if ((a)->member != (b)->member) \
			return (a)->member < (b)->member ? -1 : 1; \
	} while (0)

static int mark_compare(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	int order = prefix_compare(&x->prefix, &y->prefix);

	if (order)
		return order;
	ORDER(x, y, kind);
	ORDER(x, y, public);
	ORDER(x, y, zone);
	ORDER(x, y, map);
	ORDER(x, y, group);
	ORDER(x, y, endpoint);
	ORDER(x, y, only);
	return 0;
}

void factor_marks(struct factor *f)
{
	struct mark box = mark_of(MARK_BOX), vip = mark_of(MARK_VIP);

	box.zone = f->box_zone;
	mark_zones(f);
	mark_endpoints(f);
	mark_list(f, &box, &f->ruleset->deployment->box);
	mark_list(f, &vip, &f->ruleset->deployment->vip);
	for (uint32_t i = 0; i < f->ruleset->n_groups; i++)
		mark_group(f, i);
	mark_all_multicast(f);
	qsort(f->marks, f->n_marks, sizeof(*f->marks), mark_compare);
}
