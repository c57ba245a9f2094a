// SPDX-License-Identifier: GPL-2.0
/* Which pair of classes has which program, and which class is closed by a forbidding one. */
#include <stdlib.h>

#include "factor.h"

/* A destination class and a bundle, in one number so that sorting is cheap. */
#define MEETING(class_id, bundle) ((uint64_t)(class_id) << 32 | (bundle))

struct meetings {
	uint64_t *values;
	size_t n, capacity;
	uint32_t *bundles; /* scratch */
	size_t bundles_capacity;
};

static int compare_u64(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* First permit from `group`, or the first behind it. */
static size_t first_permit(const struct factor *f, uint32_t group)
{
	size_t lo = 0, hi = f->n_permits;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (f->bundles[middle].from < group)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static bool can_meet(const struct addr_class *src, const struct addr_class *dst)
{
	return src->families & dst->families;
}

static void meet_bundle(const struct factor *f, const struct addr_class *src, size_t bundle,
			struct meetings *meetings)
{
	uint32_t to = f->bundles[bundle].to;

	for (uint32_t i = f->class_group_first[to]; i < f->class_group_first[to + 1]; i++) {
		uint32_t dst = f->group_classes[i];

		if (!can_meet(src, &f->classes[dst]))
			continue;
		GROW(meetings->values, meetings->n, meetings->capacity);
		meetings->values[meetings->n++] = MEETING(dst, bundle);
	}
}

/* Every (destination class, bundle) that a source class can meet, sorted. */
static void meet_all(const struct factor *f, const struct addr_class *src,
		     struct meetings *meetings)
{
	meetings->n = 0;
	for (size_t g = 0; g < src->n_groups; g++) {
		uint32_t group = src->groups[g];

		for (size_t b = first_permit(f, group);
		     b < f->n_permits && f->bundles[b].from == group; b++)
			meet_bundle(f, src, b, meetings);
	}
	if (meetings->n)
		qsort(meetings->values, meetings->n, sizeof(*meetings->values), compare_u64);
}

static bool cell_add(struct factor *f, const struct encounter *encounter)
{
	struct cell cell = { .src_class = encounter->src, .dst_class = encounter->dst };

	if (!factor_program(f, encounter, &cell.program))
		return false;
	if (cell.program == EQFW_PROGRAM_NONE)
		return true;
	GROW(f->cells, f->n_cells, f->cells_capacity);
	f->cells[f->n_cells++] = cell;
	return factor_limit_rules(f, "pairs of address classes", f->n_cells, EQFW_MAX_CELLS);
}

/* Append the forbidding bundles of a class; returns the new count. */
static size_t closing_bundles(const struct factor *f, const struct addr_class *class,
			      struct meetings *meetings, size_t n)
{
	size_t b = f->n_permits;

	/* Both lists are sorted by group, and a group has one forbidding bundle. */
	for (size_t g = 0; g < class->n_groups; g++) {
		while (b < f->n_bundles && f->bundles[b].to < class->groups[g])
			b++;
		if (b == f->n_bundles || f->bundles[b].to != class->groups[g])
			continue;
		GROW(meetings->bundles, n, meetings->bundles_capacity);
		meetings->bundles[n++] = (uint32_t)b;
	}
	return n;
}

static bool cells_of_source(struct factor *f, uint32_t src, struct meetings *meetings)
{
	size_t end;

	meet_all(f, &f->classes[src], meetings);
	for (size_t first = 0; first < meetings->n; first = end) {
		uint32_t dst = (uint32_t)(meetings->values[first] >> 32);
		size_t n = 0;

		for (end = first; end < meetings->n && meetings->values[end] >> 32 == dst; end++) {
			GROW(meetings->bundles, n, meetings->bundles_capacity);
			meetings->bundles[n++] = (uint32_t)meetings->values[end];
		}
		n = closing_bundles(f, &f->classes[dst], meetings, n);
		if (!cell_add(f, &(struct encounter){ meetings->bundles, n, src, dst }))
			return false;
	}
	return true;
}

static bool forbid_class(struct factor *f, uint32_t id, struct meetings *meetings)
{
	struct addr_class *class = &f->classes[id];
	size_t n = closing_bundles(f, class, meetings, 0);

	return !n || factor_program(f, &(struct encounter){ meetings->bundles, n, NO_INDEX, id },
				    &class->forbidden);
}

static bool forbid_all(struct factor *f, struct meetings *meetings)
{
	bool good = true;

	for (uint32_t c = 0; c < f->n_classes && good; c++)
		good = forbid_class(f, c, meetings);
	return good;
}

bool factor_cells(struct factor *f)
{
	struct meetings meetings = { 0 };
	bool good = true;

	for (uint32_t src = 0; src < f->n_classes && good; src++) {
		/* A multicast group never sends. */
		if (!(f->classes[src].key->flags & EQFW_CLASS_GROUP))
			good = cells_of_source(f, src, &meetings);
	}
	good = good && forbid_all(f, &meetings);
	free(meetings.values);
	free(meetings.bundles);
	return good;
}
