// SPDX-License-Identifier: GPL-2.0
/* Every pair of joints that some rule of either side concerns -> changes by item. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "diff.h"

/* What two programs differ in, kept: few pairs of programs serve many pairs of joints. */
struct known_pair {
	uint32_t program[N_SIDES];
	struct regions regions;
	UT_hash_handle hh;
};

struct known_change {
	uint32_t label[N_SIDES];
	size_t index;
	UT_hash_handle hh;
};

/* Joints by class of one side. */
struct joints_of {
	uint32_t *first;
	uint32_t *joints;
};

struct flow_walk {
	struct diff *diff;
	struct arena *scratch;
	struct joints_of of[N_SIDES];
	struct known_pair *pairs;
	struct known_change *changes;
};

static void index_joints(struct flow_walk *walk, enum diff_index side)
{
	const struct diff *diff = walk->diff;
	uint32_t n_classes = diff->sides[side].profile->n_classes, *next;
	struct joints_of *of = &walk->of[side];

	of->first = arena_alloc(walk->scratch, (n_classes + 2) * sizeof(*of->first));
	of->joints = arena_alloc(walk->scratch, (diff->n_joints + 1) * sizeof(*of->joints));
	next = of->first + 1;
	for (size_t j = 0; j < diff->n_joints; j++)
		next[diff->joints[j].class_id[side] + 1]++;
	for (uint32_t c = 0; c < n_classes; c++)
		next[c + 1] += next[c];
	for (uint32_t j = 0; j < diff->n_joints; j++)
		of->joints[next[diff->joints[j].class_id[side]]++] = j;
}

static uint32_t program_of(const struct diff *diff, enum diff_index side, const struct joint *from,
			   const struct joint *to)
{
	const struct eqfw_profile *profile = diff->sides[side].profile;
	uint64_t wanted = (uint64_t)from->class_id[side] << 32 | to->class_id[side];
	uint32_t lo = 0, hi = profile->n_cells;

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;
		const struct eqfw_cell_rec *cell = &profile->cells[middle];
		uint64_t key = (uint64_t)le32_to_cpu(cell->src_class) << 32 |
			       le32_to_cpu(cell->dst_class);

		if (key == wanted)
			return le32_to_cpu(cell->program);
		if (key < wanted)
			lo = middle + 1;
		else
			hi = middle;
	}
	return EQFW_PROGRAM_NONE;
}

static const struct regions *regions_of(struct flow_walk *walk, const uint32_t program[N_SIDES])
{
	struct known_pair *known;

	HASH_FIND(hh, walk->pairs, program, sizeof(known->program), known);
	if (known)
		return &known->regions;
	known = arena_alloc(walk->scratch, sizeof(*known));
	memcpy(known->program, program, sizeof(known->program));
	diff_programs(walk->diff, program, &known->regions);
	HASH_ADD(hh, walk->pairs, program, sizeof(known->program), known);
	return &known->regions;
}

static struct change *change_of(struct flow_walk *walk, const uint32_t label[N_SIDES])
{
	struct diff *diff = walk->diff;
	struct known_change *known;

	HASH_FIND(hh, walk->changes, label, sizeof(known->label), known);
	if (known)
		return &diff->changes[known->index];
	known = arena_alloc(walk->scratch, sizeof(*known));
	memcpy(known->label, label, sizeof(known->label));
	known->index = diff->n_changes;
	HASH_ADD(hh, walk->changes, label, sizeof(known->label), known);
	GROW(diff->changes, diff->n_changes, diff->changes_capacity);
	diff->changes[diff->n_changes] = (struct change){
		.kind = !label[OLD]   ? CHANGE_OPENS
			: !label[NEW] ? CHANGE_CLOSES
				      : CHANGE_ROW,
	};
	memcpy(diff->changes[diff->n_changes].label, label, sizeof(known->label));
	return &diff->changes[diff->n_changes++];
}

static bool of_families(uint8_t proto, unsigned int families)
{
	if (proto == IPPROTO_ICMP)
		return families & JOINT_V4;
	return proto != IPPROTO_ICMPV6 || families & JOINT_V6;
}

static void pair_regions(struct flow_walk *walk, const struct joint *from, const struct joint *to,
			 const struct regions *regions)
{
	struct diff *diff = walk->diff;

	for (size_t i = 0; i < regions->n; i++) {
		const struct region *region = &regions->regions[i];
		enum diff_index side = region->label[NEW] ? NEW : OLD;
		struct change *change;

		if (!of_families(region->proto, from->families & to->families))
			continue;
		change = change_of(walk, region->label);
		GROW(change->flows, change->n, change->capacity);
		change->flows[change->n++] =
			(struct flow_change){ .from = diff_joint_name(diff, from, side),
					      .to = diff_joint_name(diff, to, side),
					      .region = *region };
	}
}

static void compare_pair(struct flow_walk *walk, const struct joint *from, const struct joint *to)
{
	const struct diff *diff = walk->diff;
	uint32_t program[N_SIDES];

	if (!(from->families & to->families))
		return;
	for (int s = 0; s < N_SIDES; s++) {
		enum scope_state state = diff_scope_state(diff, s, &diff->scopes[from->group],
							  &diff->scopes[to->group]);

		if (state == SCOPE_FREE)
			return;
		program[s] = state == SCOPE_BLOCKED ? EQFW_PROGRAM_NONE
						    : program_of(diff, s, from, to);
	}
	pair_regions(walk, from, to, regions_of(walk, program));
}

/* Pairs with a cell on this side; for the new side those alone that the old one had not. */
static void walk_cells(struct flow_walk *walk, enum diff_index side)
{
	const struct diff *diff = walk->diff;
	const struct eqfw_profile *profile = diff->sides[side].profile;
	const struct joints_of *of = &walk->of[side];

	for (uint32_t i = 0; i < profile->n_cells; i++) {
		uint32_t src = le32_to_cpu(profile->cells[i].src_class);
		uint32_t dst = le32_to_cpu(profile->cells[i].dst_class);

		for (uint32_t a = of->first[src]; a < of->first[src + 1]; a++) {
			for (uint32_t b = of->first[dst]; b < of->first[dst + 1]; b++) {
				const struct joint *from = &diff->joints[of->joints[a]];
				const struct joint *to = &diff->joints[of->joints[b]];

				if (side == OLD ||
				    program_of(diff, OLD, from, to) == EQFW_PROGRAM_NONE)
					compare_pair(walk, from, to);
			}
		}
	}
}

#define COMPARE(a, b) \
	do { \
		if ((a) != (b)) \
			return (a) < (b) ? -1 : 1; \
	} while (0)

static int region_compare(const struct region *a, const struct region *b)
{
	COMPARE(a->proto, b->proto);
	COMPARE(!a->label[NEW], !b->label[NEW]);
	COMPARE(a->src_lo, b->src_lo);
	COMPARE(a->src_hi, b->src_hi);
	COMPARE(a->dst_lo, b->dst_lo);
	COMPARE(a->dst_hi, b->dst_hi);
	return 0;
}

static int flow_compare(const void *left, const void *right)
{
	const struct flow_change *a = left, *b = right;
	int order = strverscmp(a->from, b->from);

	if (!order)
		order = strverscmp(a->to, b->to);
	return order ? order : region_compare(&a->region, &b->region);
}

/* Joints of one name (an address file's halves) tell one story. */
static void settle_flows(struct change *change)
{
	size_t kept = 0;

	qsort(change->flows, change->n, sizeof(*change->flows), flow_compare);
	for (size_t i = 0; i < change->n; i++) {
		if (!kept || flow_compare(&change->flows[i], &change->flows[kept - 1]))
			change->flows[kept++] = change->flows[i];
	}
	change->n = kept;
}

/* An item that closes some ports and opens others moves them. */
static void join_moves(struct diff *diff)
{
	for (size_t i = 0; i < diff->n_changes; i++) {
		struct change *closes = &diff->changes[i];

		for (size_t j = 0; closes->kind == CHANGE_CLOSES && j < diff->n_changes; j++) {
			struct change *opens = &diff->changes[j];

			if (opens->kind != CHANGE_OPENS || !opens->n ||
			    opens->label[NEW] != closes->label[OLD])
				continue;
			for (size_t k = 0; k < opens->n; k++) {
				GROW(closes->flows, closes->n, closes->capacity);
				closes->flows[closes->n++] = opens->flows[k];
			}
			closes->kind = CHANGE_MOVES;
			closes->label[NEW] = closes->label[OLD];
			opens->n = 0;
		}
	}
}

static const char *item_id(const struct diff *diff, const struct change *change)
{
	return diff->labels[change->label[change->label[NEW] ? NEW : OLD]].text;
}

static int change_compare(const void *left, const void *right, void *ctx)
{
	const struct change *a = left, *b = right;
	const struct diff *diff = ctx;
	int order = a->kind - b->kind;

	if (!order)
		order = strverscmp(item_id(diff, a), item_id(diff, b));
	if (!order)
		order = strverscmp(diff->labels[a->label[OLD]].text,
				   diff->labels[b->label[OLD]].text);
	return order;
}

static void settle_changes(struct diff *diff)
{
	size_t kept = 0;

	join_moves(diff);
	for (size_t i = 0; i < diff->n_changes; i++) {
		if (diff->changes[i].n) {
			settle_flows(&diff->changes[i]);
			diff->changes[kept++] = diff->changes[i];
		} else {
			free(diff->changes[i].flows);
		}
	}
	diff->n_changes = kept;
	if (kept)
		qsort_r(diff->changes, kept, sizeof(*diff->changes), change_compare, diff);
}

void diff_flows(struct diff *diff)
{
	struct flow_walk walk = { .diff = diff, .scratch = arena_new() };
	struct known_change *change, *next_change;
	struct known_pair *pair, *next_pair;

	for (int s = 0; s < N_SIDES; s++)
		index_joints(&walk, s);
	for (int s = 0; s < N_SIDES; s++)
		walk_cells(&walk, s);
	HASH_ITER(hh, walk.pairs, pair, next_pair) {
		HASH_DEL(walk.pairs, pair);
		free(pair->regions.regions);
	}
	HASH_ITER(hh, walk.changes, change, next_change)
		HASH_DEL(walk.changes, change);
	settle_changes(diff);
	arena_free(walk.scratch);
}
