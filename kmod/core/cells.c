// SPDX-License-Identifier: GPL-2.0
/*
 * Pair of classes -> program.
 *
 * Problem: up to 65535 classes make four billion pairs, of which at most a million have a program.
 * A matrix of pairs is too large, and a hash table has no bound that an opponent respects.
 *
 * Idea: the cells of a profile are sorted by source class, then destination class. That is a sparse
 * matrix in compressed rows: one array says where the row of each source class begins, a second has
 * the destination classes of all rows behind each other, to be searched by halving (16 steps in the
 * longest row that can be):
 *
 *     cells (1,2)->p0 (1,5)->p1 (3,2)->p0        first     0 0 2 2 3
 *                                                          |   | class 3 begins at 2
 *                                                dst       2 5 2
 *                                                programs  0 1 0
 *
 * Reference: Y. Saad, "Iterative Methods for Sparse Linear Systems", 2003, section 3.4.
 */
#include "lookup.h"

void eqfw_cells_build(const struct eqfw_profile *profile, struct eqfw_arena *arena,
		      struct eqfw_cells *cells)
{
	u32 *first = eqfw_arena_take(arena, profile->n_classes + 1, sizeof(*first));
	u32 *dst = eqfw_arena_take(arena, profile->n_cells, sizeof(*dst));
	u32 *programs = eqfw_arena_take(arena, profile->n_cells, sizeof(*programs));
	u32 i, row = 0;

	if (!arena->base)
		return;
	for (i = 0; i < profile->n_cells; i++) {
		u32 src = le32_to_cpu(profile->cells[i].src_class);

		while (row < src)
			first[++row] = i;
		dst[i] = le32_to_cpu(profile->cells[i].dst_class);
		programs[i] = le32_to_cpu(profile->cells[i].program);
		if (!(i & 1023))
			eqfw_core_breathe();
	}
	while (row < profile->n_classes)
		first[++row] = i;
	cells->first = first;
	cells->dst = dst;
	cells->programs = programs;
}

u32 eqfw_cells_program(const struct eqfw_cells *cells, u32 src, u32 dst)
{
	u32 lo = cells->first[src], hi = cells->first[src + 1];

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (cells->dst[mid] == dst)
			return cells->programs[mid];
		if (cells->dst[mid] < dst)
			lo = mid + 1;
		else
			hi = mid;
	}
	return EQFW_PROGRAM_NONE;
}
