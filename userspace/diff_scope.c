// SPDX-License-Identifier: GPL-2.0
/* Which packets are judged at all: the questions that kmod/core/classify.c asks before the rules. */
#include <string.h>

#include "diff.h"

static uint16_t zone_number(const struct diff *diff, enum diff_index side, uint16_t zone)
{
	return zone == EQFW_ZONE_NONE ? EQFW_ZONE_NONE : diff->sides[side].zone_of[zone];
}

static bool scope_equal(const struct scope_group *a, const struct scope_group *b)
{
	return !memcmp(a->zone, b->zone, sizeof(a->zone)) &&
	       !memcmp(a->flags, b->flags, sizeof(a->flags));
}

/* Few: zones times kinds of address. */
static uint32_t scope_find(struct diff *diff, const struct scope_group *wanted)
{
	uint32_t i = 0;

	while (i < diff->n_scopes && !scope_equal(&diff->scopes[i], wanted))
		i++;
	if (i < diff->n_scopes)
		return i;
	GROW(diff->scopes, diff->n_scopes, diff->scopes_capacity);
	diff->scopes[diff->n_scopes++] = *wanted;
	return i;
}

static void number_scopes(struct diff *diff)
{
	for (uint32_t j = 0; j < diff->n_joints; j++) {
		struct joint *joint = &diff->joints[j];
		struct scope_group group = { .first = j };

		for (int s = 0; s < N_SIDES; s++) {
			const struct eqfw_class_rec *class =
				&diff->sides[s].profile->classes[joint->class_id[s]];

			group.zone[s] = zone_number(diff, s, le16_to_cpu(class->zone));
			group.flags[s] = le16_to_cpu(class->flags);
		}
		joint->group = scope_find(diff, &group);
		diff->scopes[joint->group].families |= joint->families;
		diff->scopes[joint->group].n_joints++;
	}
}

static bool passes_inside(const struct diff *diff, enum diff_index side,
			  const struct scope_group *src, const struct scope_group *dst)
{
	const struct eqfw_profile *profile = diff->sides[side].profile;
	uint16_t hidden = EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC;

	if (src->zone[side] != dst->zone[side] || src->zone[side] == EQFW_ZONE_NONE ||
	    (src->flags[side] | dst->flags[side]) & hidden)
		return false;
	for (uint32_t i = 0; i < profile->n_zones; i++) {
		if (diff->sides[side].zone_of[i] == src->zone[side])
			return le32_to_cpu(profile->zones[i].flags) & EQFW_ZONE_INTRA_PASS;
	}
	return false;
}

enum scope_state diff_scope_state(const struct diff *diff, enum diff_index side,
				  const struct scope_group *src, const struct scope_group *dst)
{
	const uint16_t own = EQFW_CLASS_BOX | EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC;
	uint32_t header = le32_to_cpu(diff->sides[side].profile->header->flags);
	uint16_t flags = src->flags[side] | dst->flags[side];

	/* What the box sends never meets the hook. */
	if ((src->flags[side] & own) == EQFW_CLASS_BOX)
		return SCOPE_FREE;
	if (!(header & EQFW_HEADER_SCOPE_ALL) && !(flags & EQFW_CLASS_DECLARED))
		return SCOPE_FREE;
	if (src->flags[side] & EQFW_CLASS_GROUP || dst->flags[side] & EQFW_CLASS_BROADCAST)
		return SCOPE_BLOCKED;
	return passes_inside(diff, side, src, dst) ? SCOPE_FREE : SCOPE_JUDGED;
}

static const char *kind_name(uint16_t flags)
{
	if (flags & EQFW_CLASS_DECLARED)
		return flags & EQFW_CLASS_PUBLIC ? "public address" : "host";
	if (flags & EQFW_CLASS_BOX)
		return "the box";
	if (flags & EQFW_CLASS_GROUP)
		return "multicast";
	if (flags & EQFW_CLASS_BROADCAST)
		return "broadcast";
	return "undeclared";
}

static const char *describe(struct diff *diff, enum diff_index side,
			    const struct scope_group *group)
{
	return arena_printf(diff->arena, "%s, zone %s", kind_name(group->flags[side]),
			    diff_zone(diff, group->zone[side]));
}

static void address_changes(struct diff *diff)
{
	for (uint32_t j = 0; j < diff->n_joints; j++) {
		const struct joint *joint = &diff->joints[j];
		const struct scope_group *group = &diff->scopes[joint->group];
		const char *name = diff_joint_name(diff, joint, NEW);

		if (group->zone[OLD] == group->zone[NEW] && group->flags[OLD] == group->flags[NEW])
			continue;
		GROW(diff->addresses, diff->n_addresses, diff->addresses_capacity);
		diff->addresses[diff->n_addresses++] = (struct setting_change){
			.what = *joint->where
					? arena_printf(diff->arena, "%s (%s)", name, joint->where)
					: name,
			.old = describe(diff, OLD, group),
			.new = describe(diff, NEW, group),
		};
	}
}

/* One host by its name; many as what they have in common. */
static const char *group_name(struct diff *diff, const struct scope_group *group)
{
	uint16_t flags = group->flags[NEW] | group->flags[OLD];
	const char *zone = diff_zone(diff, group->zone[NEW] == EQFW_ZONE_NONE ? group->zone[OLD]
									      : group->zone[NEW]);

	if (group->n_joints == 1 && flags & EQFW_CLASS_DECLARED)
		return diff_joint_name(diff, &diff->joints[group->first], NEW);
	if (flags & EQFW_CLASS_DECLARED)
		return arena_printf(diff->arena, "hosts of zone %s", zone);
	if (flags & (EQFW_CLASS_BOX | EQFW_CLASS_GROUP | EQFW_CLASS_BROADCAST))
		return arena_printf(diff->arena, "%s%s", kind_name(flags),
				    flags & EQFW_CLASS_BROADCAST
					    ? arena_printf(diff->arena, " of %s", zone)
					    : "");
	return arena_printf(diff->arena, "other addresses of zone %s", zone);
}

/* -1 opens, 1 closes, 0 judged or not as before. */
static int state_change(const struct diff *diff, uint32_t src, uint32_t dst)
{
	const struct scope_group *from = &diff->scopes[src], *to = &diff->scopes[dst];
	bool old, new;

	if (!(from->families & to->families))
		return 0;
	old = diff_scope_state(diff, OLD, from, to) == SCOPE_FREE;
	new = diff_scope_state(diff, NEW, from, to) == SCOPE_FREE;
	return (int)old - (int)new;
}

static bool is_changed(const struct scope_group *group)
{
	return group->zone[OLD] != group->zone[NEW] || group->flags[OLD] != group->flags[NEW];
}

static void scope_change(struct diff *diff, int change, uint32_t from, uint32_t to, bool both)
{
	GROW(diff->scope_changes, diff->n_scope_changes, diff->scope_changes_capacity);
	diff->scope_changes[diff->n_scope_changes++] =
		(struct scope_change){ .closes = change > 0,
				       .from = group_name(diff, &diff->scopes[from]),
				       .to = group_name(diff, &diff->scopes[to]),
				       .both = both };
}

static void pair_changes(struct diff *diff, uint32_t a, uint32_t b)
{
	int there = state_change(diff, a, b), back = a == b ? there : state_change(diff, b, a);
	/* Who changed is named first. */
	bool turn = is_changed(&diff->scopes[b]) && !is_changed(&diff->scopes[a]);

	if (there == back) {
		if (there)
			scope_change(diff, there, turn ? b : a, turn ? a : b, true);
		return;
	}
	if (there)
		scope_change(diff, there, a, b, false);
	if (back)
		scope_change(diff, back, b, a, false);
}

void diff_scopes(struct diff *diff)
{
	number_scopes(diff);
	address_changes(diff);
	for (uint32_t a = 0; a < diff->n_scopes; a++) {
		for (uint32_t b = a; b < diff->n_scopes; b++)
			pair_changes(diff, a, b);
	}
}
