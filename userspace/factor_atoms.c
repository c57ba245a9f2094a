// SPDX-License-Identifier: GPL-2.0
/*
 * Marks -> classes and prefixes.
 *
 * Sorted by (address, length), prefixes stand in the order in which one meets them walking their
 * trie depth first, so a stack of the prefixes that contain the current one is all the trie there
 * is. Of each prefix the stack tells what every containing prefix says about it:
 *
 *   10.1.0.0/16   network of core         zone core
 *   10.1.32.0/20    rooms                 zone core, declared, group {rooms}
 *   10.1.32.9/32      box                 zone box,  box
 *   10.1.47.255/32    rooms' broadcast    zone core, declared, broadcast, group {rooms}
 *
 * A prefix whose class is the one that its surroundings have anyway is left out.
 */
#include <stdlib.h>
#include <string.h>

#include "factor.h"

#define MAX_DEPTH 130 /* IPv6 lengths 1 to 128, and the root */

/**
 * struct frame - a prefix on the path from the root
 * @prefix: the prefix
 * @first: index of its first mark
 * @end: index behind its last mark
 * @network: zone of the longest network so far
 * @declared: zone of the longest declared prefix so far, EQFW_ZONE_NONE if there is none
 * @has_declared: there is a declared prefix
 * @box: the firewall's own
 * @vip: and moves between routers
 * @multicast: multicast
 * @class_id: class of its addresses
 */
struct frame {
	struct prefix prefix;
	size_t first;
	size_t end;
	uint16_t network;
	uint16_t declared;
	bool has_declared;
	bool box;
	bool vip;
	bool multicast;
	uint32_t class_id;
};

struct walk {
	struct factor *f;
	struct frame frames[MAX_DEPTH];
	size_t depth;
	uint32_t *groups; /* scratch */
	size_t n_groups, groups_capacity;
	struct class_host *endpoints; /* scratch; their class is set when it is known */
	size_t n_endpoints, endpoints_capacity;
	struct presence *here; /* scratch */
	size_t n_here, here_capacity;
	uint32_t flags;
};

static void walk_group(struct walk *walk, uint32_t group)
{
	GROW(walk->groups, walk->n_groups, walk->groups_capacity);
	walk->groups[walk->n_groups++] = group;
}

static void walk_presence(struct walk *walk, const struct mark *mark)
{
	GROW(walk->here, walk->n_here, walk->here_capacity);
	walk->here[walk->n_here++] = (struct presence){ mark->group, mark->map };
}

static void walk_endpoint(struct walk *walk, const struct mark *mark)
{
	GROW(walk->endpoints, walk->n_endpoints, walk->endpoints_capacity);
	walk->endpoints[walk->n_endpoints++] =
		(struct class_host){ .endpoint = mark->endpoint, .map = mark->map };
}

/* What the frame's own marks change. Marks are sorted: the first declared one is not public. */
static void frame_apply(struct frame *frame, const struct mark *marks)
{
	bool declared = false;

	for (size_t i = frame->first; i < frame->end; i++) {
		const struct mark *mark = &marks[i];

		if (mark->kind == MARK_NETWORK)
			frame->network = mark->zone;
		if (mark->kind == MARK_DECLARED && !declared) {
			frame->declared = mark->zone;
			declared = true;
		}
		frame->box |= mark->kind == MARK_BOX;
		frame->vip |= mark->kind == MARK_VIP;
		frame->multicast |= mark->kind == MARK_MULTICAST;
	}
	frame->has_declared |= declared;
}

/* DESIGN section 4: box, then declared host, then longest network, then the default zone. */
static uint16_t frame_zone(const struct frame *frame, const struct factor *f)
{
	if (frame->multicast)
		return EQFW_ZONE_NONE;
	if (frame->box)
		return f->box_zone;
	if (frame->has_declared)
		return frame->declared;
	return frame->network;
}

/* Whether a declared mark counts at an address of `zone`. */
static bool mark_counts(const struct mark *mark, const struct frame *frame, uint16_t zone)
{
	if (mark->kind != MARK_DECLARED || frame->multicast)
		return false;
	return frame->box ? mark->public : mark->zone == zone;
}

/* The longest prefix on the path whose host says `only`: its depth, or NULL. */
static const struct frame *walk_only(const struct walk *walk, const struct frame *top,
				     uint16_t zone)
{
	for (size_t d = walk->depth; d-- > 0;) {
		const struct frame *frame = &walk->frames[d];

		for (size_t i = frame->first; i < frame->end; i++) {
			const struct mark *mark = &walk->f->marks[i];

			if (mark->only && mark_counts(mark, top, zone))
				return frame;
		}
	}
	return NULL;
}

static void walk_mark(struct walk *walk, const struct mark *mark, const struct frame *top,
		      uint16_t zone, bool excluded)
{
	if (mark->kind == MARK_LITERAL || (mark->kind == MARK_MULTICAST && mark->group != NO_INDEX))
		walk_group(walk, mark->group);
	if (!mark_counts(mark, top, zone))
		return;
	walk->flags |= EQFW_CLASS_DECLARED | (mark->public ? EQFW_CLASS_PUBLIC : 0);
	if (excluded)
		return;
	if (mark->group != NO_INDEX) {
		walk_group(walk, mark->group);
		walk_presence(walk, mark);
	}
	if (mark->endpoint != NO_INDEX)
		walk_endpoint(walk, mark);
}

/* Groups, endpoints and flags of the addresses of the top frame. */
static void walk_collect(struct walk *walk, const struct frame *top, uint16_t zone)
{
	const struct frame *only = walk_only(walk, top, zone);

	walk->n_groups = 0;
	walk->n_endpoints = 0;
	walk->n_here = 0;
	walk->flags = top->multicast ? EQFW_CLASS_GROUP : top->box ? EQFW_CLASS_BOX : 0;
	walk->flags |= top->vip ? EQFW_CLASS_VIP : 0;
	for (size_t d = 0; d < walk->depth; d++) {
		const struct frame *frame = &walk->frames[d];

		for (size_t i = frame->first; i < frame->end; i++) {
			const struct mark *mark = &walk->f->marks[i];

			walk_mark(walk, mark, top, zone, only && (only != frame || !mark->only));
		}
	}
}

/* A broadcast address that is itself declared, alone, is a host's. */
static bool frame_is_broadcast(const struct frame *frame, const struct mark *marks)
{
	bool broadcast = false;

	for (size_t i = frame->first; i < frame->end; i++) {
		if (marks[i].kind == MARK_DECLARED)
			return false;
		broadcast |= marks[i].kind == MARK_BROADCAST;
	}
	return broadcast && !frame->box && !frame->multicast;
}

static size_t sort_unique(uint32_t *values, size_t n)
{
	size_t out = 0;

	if (!n)
		return 0;
	qsort(values, n, sizeof(*values), factor_compare_u32);
	for (size_t i = 1; i < n; i++) {
		if (values[i] != values[out])
			values[++out] = values[i];
	}
	return out + 1;
}

static void walk_note_hosts(struct walk *walk, uint32_t class_id)
{
	struct factor *f = walk->f;

	for (size_t i = 0; i < walk->n_endpoints; i++) {
		GROW(f->hosts, f->n_hosts, f->hosts_capacity);
		f->hosts[f->n_hosts] = walk->endpoints[i];
		f->hosts[f->n_hosts++].class_id = class_id;
	}
}

static void walk_emit(struct walk *walk, const struct frame *frame)
{
	struct factor *f = walk->f;
	struct addr_class *class = &f->classes[frame->class_id];

	class->families |= frame->prefix.family == 4 ? HAS_V4 : HAS_V6;
	walk_note_hosts(walk, frame->class_id);
	/* frames[depth - 1] is this one, the one before it the surroundings. */
	if (frame->class_id == walk->frames[walk->depth - 2].class_id)
		return;
	GROW(f->prefixes, f->n_prefixes, f->prefixes_capacity);
	if (class->first == NO_INDEX)
		class->first = (uint32_t)f->n_prefixes;
	f->prefixes[f->n_prefixes++] = (struct class_prefix){ frame->prefix, frame->class_id };
}

static void walk_visit(struct walk *walk, size_t first, size_t end)
{
	const struct mark *marks = walk->f->marks;
	const struct prefix *prefix = &marks[first].prefix;
	struct frame *frame;
	uint16_t zone;

	while (walk->depth > 1 && !prefix_contains(&walk->frames[walk->depth - 1].prefix, prefix))
		walk->depth--;
	frame = &walk->frames[walk->depth];
	*frame = walk->frames[walk->depth - 1];
	walk->depth++;
	frame->prefix = *prefix;
	frame->first = first;
	frame->end = end;
	frame_apply(frame, marks);
	zone = frame_zone(frame, walk->f);
	walk_collect(walk, frame, zone);
	if (frame_is_broadcast(frame, marks))
		walk->flags |= EQFW_CLASS_BROADCAST;
	walk->n_groups = sort_unique(walk->groups, walk->n_groups);
	frame->class_id =
		factor_class(walk->f,
			     (struct class_key){
				     .zone = zone,
				     .flags = walk->flags,
				     .view = factor_view(walk->f, walk->here, walk->n_here),
				     .n = (uint32_t)walk->n_groups,
			     },
			     walk->groups);
	walk_emit(walk, frame);
}

bool factor_atoms(struct factor *f)
{
	struct walk walk = { .f = f, .depth = 1 };
	size_t end;

	walk.frames[0] = (struct frame){
		.network = f->default_zone,
		.declared = EQFW_ZONE_NONE,
		.class_id = EQFW_CLASS_UNOWNED,
	};
	for (size_t first = 0; first < f->n_marks; first = end) {
		for (end = first + 1; end < f->n_marks; end++) {
			if (prefix_compare(&f->marks[end].prefix, &f->marks[first].prefix))
				break;
		}
		walk_visit(&walk, first, end);
	}
	free(walk.groups);
	free(walk.endpoints);
	free(walk.here);
	return factor_limit_classes(f) && factor_limit_prefixes(f);
}

static const struct class_prefix *find_prefix(const struct factor *f, const struct prefix *prefix)
{
	size_t lo = 0, hi = f->n_prefixes;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		int order = prefix_compare(&f->prefixes[middle].prefix, prefix);

		if (!order)
			return &f->prefixes[middle];
		if (order < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return NULL;
}

uint32_t factor_lookup(const struct factor *f, const struct prefix *address)
{
	struct prefix prefix = *address;

	for (; prefix.len; prefix.len--) {
		const struct class_prefix *found = find_prefix(f, &prefix);
		unsigned int bit = prefix.len - 1u;

		if (found)
			return found->class_id;
		prefix.addr.b[bit / 8] &= (__u8) ~(0x80u >> bit % 8);
	}
	return EQFW_CLASS_UNOWNED;
}
