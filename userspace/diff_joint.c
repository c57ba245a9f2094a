// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses by what both profiles make of them. The prefixes of both, sorted, are walked as a tree;
 * what is left of a prefix when its children are taken out is one piece, with the class of the
 * longest prefix above it on each side. Pieces with equal pairs of classes are a joint. A prefix
 * that its children fill up leaves no piece: two halves mean the same as the whole.
 */
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "address.h"
#include "diff.h"

#define MAX_NESTING 131 /* the family's root and a prefix of each length */

typedef unsigned __int128 amount;

/**
 * struct open_prefix - a prefix whose children are being walked
 * @prefix: it
 * @class_id: class on each side
 * @covered: addresses of the children so far, modulo 2^128
 * @has_child: there is one
 */
struct open_prefix {
	struct prefix prefix;
	uint32_t class_id[N_SIDES];
	amount covered;
	bool has_child;
};

struct known_joint {
	uint32_t class_id[N_SIDES];
	uint32_t index;
	UT_hash_handle hh;
};

struct joint_walk {
	struct diff *diff;
	struct arena *scratch;
	struct known_joint *known;
	struct open_prefix open[MAX_NESTING];
	size_t depth;
};

static unsigned int bits_of(const struct prefix *prefix)
{
	return prefix->family == 4 ? 32 : 128;
}

/* 2^128 is 0, as sums of that many are. */
static amount size_of(const struct prefix *prefix)
{
	unsigned int bits = bits_of(prefix) - prefix->len;

	return bits < 128 ? (amount)1 << bits : 0;
}

static void joint_add(struct joint_walk *walk, const uint32_t class_id[N_SIDES],
		      unsigned int families, const struct prefix *prefix)
{
	struct diff *diff = walk->diff;
	struct known_joint *known;
	struct joint *joint;

	HASH_FIND(hh, walk->known, class_id, sizeof(known->class_id), known);
	if (!known) {
		known = arena_alloc(walk->scratch, sizeof(*known));
		memcpy(known->class_id, class_id, sizeof(known->class_id));
		known->index = (uint32_t)diff->n_joints;
		HASH_ADD(hh, walk->known, class_id, sizeof(known->class_id), known);
		GROW(diff->joints, diff->n_joints, diff->joints_capacity);
		joint = &diff->joints[diff->n_joints++];
		*joint = (struct joint){ .where = "" };
		memcpy(joint->class_id, class_id, sizeof(joint->class_id));
	}
	joint = &diff->joints[known->index];
	joint->families |= families;
	if (prefix && prefix->len && !*joint->where)
		joint->where = prefix_format(diff->arena, prefix);
}

static void close_prefix(struct joint_walk *walk)
{
	const struct open_prefix *top = &walk->open[--walk->depth];

	if (top->has_child && top->covered == size_of(&top->prefix))
		return;
	joint_add(walk, top->class_id, top->prefix.family == 4 ? JOINT_V4 : JOINT_V6, &top->prefix);
}

static void open_prefix(struct joint_walk *walk, const struct prefix *prefix)
{
	struct open_prefix *parent;

	while (!prefix_contains(&walk->open[walk->depth - 1].prefix, prefix))
		close_prefix(walk);
	parent = &walk->open[walk->depth - 1];
	parent->covered += size_of(prefix);
	parent->has_child = true;
	walk->open[walk->depth] = *parent;
	walk->open[walk->depth].prefix = *prefix;
	walk->open[walk->depth].covered = 0;
	walk->open[walk->depth++].has_child = false;
}

static struct prefix record_prefix(const struct eqfw_prefix_rec *record)
{
	struct prefix prefix = { .family = record->family, .len = record->len };

	memcpy(prefix.addr.b, record->addr, sizeof(prefix.addr.b));
	return prefix;
}

/* Next of one family in either profile, *at each side's position. */
static bool next_prefix(const struct diff *diff, const uint32_t *at, uint8_t family,
			struct prefix *next)
{
	bool found = false;

	for (int s = 0; s < N_SIDES; s++) {
		const struct eqfw_profile *profile = diff->sides[s].profile;
		struct prefix prefix;

		if (at[s] == profile->n_prefixes || profile->prefixes[at[s]].family != family)
			continue;
		prefix = record_prefix(&profile->prefixes[at[s]]);
		if (!found || prefix_compare(&prefix, next) < 0)
			*next = prefix;
		found = true;
	}
	return found;
}

static void walk_family(struct joint_walk *walk, uint32_t *at, uint8_t family)
{
	const struct diff *diff = walk->diff;
	struct prefix next;

	walk->open[0] = (struct open_prefix){ .prefix = { .family = family } };
	walk->depth = 1;
	while (next_prefix(diff, at, family, &next)) {
		open_prefix(walk, &next);
		for (int s = 0; s < N_SIDES; s++) {
			const struct eqfw_profile *profile = diff->sides[s].profile;
			struct prefix own;

			if (at[s] == profile->n_prefixes)
				continue;
			own = record_prefix(&profile->prefixes[at[s]]);
			if (own.family != family || prefix_compare(&own, &next))
				continue;
			walk->open[walk->depth - 1].class_id[s] =
				le32_to_cpu(profile->prefixes[at[s]++].class_id);
		}
	}
	while (walk->depth)
		close_prefix(walk);
}

/* The class that an address of the box gets when the deployment did not list it. */
static uint32_t box_class(const struct eqfw_profile *profile)
{
	for (uint32_t i = 0; i < profile->n_classes; i++) {
		if (le16_to_cpu(profile->classes[i].flags) & EQFW_CLASS_BOX &&
		    le16_to_cpu(profile->classes[i].zone) == profile->box_zone)
			return i;
	}
	return EQFW_CLASS_UNOWNED;
}

void diff_joints(struct diff *diff)
{
	struct joint_walk walk = { .diff = diff, .scratch = arena_new() };
	uint32_t at[N_SIDES] = { 0 };
	uint32_t box[N_SIDES] = { box_class(diff->sides[OLD].profile),
				  box_class(diff->sides[NEW].profile) };
	struct known_joint *known, *next;

	walk_family(&walk, at, 4);
	walk_family(&walk, at, 6);
	if (box[OLD] && box[NEW])
		joint_add(&walk, box, JOINT_V4 | JOINT_V6, NULL);
	HASH_ITER(hh, walk.known, known, next)
		HASH_DEL(walk.known, known);
	arena_free(walk.scratch);
}

static const struct eqfw_class_rec *class_of(const struct diff *diff, const struct joint *joint,
					     enum diff_index side)
{
	return &diff->sides[side].profile->classes[joint->class_id[side]];
}

static bool is_declared(const struct diff *diff, const struct joint *joint, enum diff_index side)
{
	return le16_to_cpu(class_of(diff, joint, side)->flags) & EQFW_CLASS_DECLARED;
}

const char *diff_joint_name(const struct diff *diff, const struct joint *joint,
			    enum diff_index side)
{
	enum diff_index other = side == OLD ? NEW : OLD;
	const char *name;

	if (!is_declared(diff, joint, side) && is_declared(diff, joint, other))
		side = other;
	name = diff_string(diff, side, class_of(diff, joint, side)->name);
	return *name ? name : "anybody else";
}
