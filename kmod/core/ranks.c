// SPDX-License-Identifier: GPL-2.0
/*
 * Port -> rank: the number of the elementary interval in which it lies.
 *
 * Problem: the port ranges of all rules together cut the ports into some hundred intervals, inside
 * of which no rule tells two ports apart. Which one is it? Halving takes ten steps, and a plain
 * array of 65536 answers is more than the caches like to keep.
 *
 * Idea: 64 ports at a time. Of each group of 64 an array holds the rank of its first port and the
 * number of a block; the block holds for each port by how much its rank is higher than that. Most
 * groups lie inside one interval and share block 0, which is all zero; equal blocks are one. With
 * groups of 4 ports for the picture, and intervals that begin at 0, 5, 7 and 12:
 *
 *     ports     0 1 2 3   4 5 6 7   8 9 10 11   12 13 14 15
 *     ranks     0 0 0 0   0 1 1 2   2 2 2  2    3  3  3  3
 *     tops      0 ->0     0 ->1     2 ->0       3 ->0         (rank of the first, block)
 *     blocks    0: 0 0 0 0    1: 0 1 1 2
 *
 * 4 KiB for the groups and 64 bytes for each distinct block; two loads that wait for nothing but
 * the packet, and no popcount, which User Mode Linux and old processors lack.
 *
 * Reference: M. Degermark, A. Brodnik, S. Carlsson, S. Pink, "Small Forwarding Tables for Fast
 * Routing Lookups", 1997 (base and offset in two levels).
 */
#include "build.h"

#define PORTS 64u

void eqfw_ranks_add(struct eqfw_ranks_scratch *ranks, const u16 *starts, u32 n)
{
	u32 i;

	/* The first interval begins at port 0 in every list. */
	for (i = 1; i < n; i++)
		ranks->bits[starts[i] / PORTS] |= 1ull << (starts[i] % PORTS);
}

/* An interval that begins with the group makes no difference inside it. */
static u64 inside(const struct eqfw_ranks_scratch *ranks, u32 group)
{
	return ranks->bits[group] & ~1ull;
}

static u16 find_block(struct eqfw_ranks_scratch *ranks, u32 group)
{
	u32 i;

	for (i = 0; i < ranks->n_blocks; i++)
		if (inside(ranks, ranks->owner[i]) == inside(ranks, group))
			return (u16)i;
	ranks->owner[ranks->n_blocks] = (u16)group;
	return (u16)ranks->n_blocks++;
}

void eqfw_ranks_plan(struct eqfw_ranks_scratch *ranks)
{
	u32 i;

	ranks->n = 1;
	for (i = 0; i < EQFW_RANK_TOPS; i++) {
		ranks->block[i] = find_block(ranks, i);
		ranks->n += hweight64(ranks->bits[i]);
	}
}

static void fill_block(u8 *block, u64 bits)
{
	u8 rank = 0;
	u32 i;

	for (i = 0; i < PORTS; i++) {
		rank += bits >> i & 1;
		block[i] = rank;
	}
}

void eqfw_ranks_fill(struct eqfw_builder *b)
{
	const struct eqfw_ranks_scratch *ranks = &b->ranks;
	u32 *tops = eqfw_builder_at(b, b->draft.rank_tops);
	u8 *blocks = eqfw_builder_at(b, b->draft.rank_blocks);
	u32 i, rank = 0;

	for (i = 0; i < EQFW_RANK_TOPS; i++) {
		rank += ranks->bits[i] & 1;
		tops[i] = rank << 16 | ranks->block[i];
		rank += hweight64(inside(ranks, i));
	}
	for (i = 0; i < ranks->n_blocks; i++)
		fill_block(blocks + (size_t)i * PORTS, inside(ranks, ranks->owner[i]));
}

void eqfw_ranks_map(const struct eqfw_ranks_scratch *ranks, const u16 *starts, u32 n, bool wide,
		    void *map)
{
	u32 group, rank = 0, local = 0;
	u16 *map16 = map;
	u8 *map8 = map;

	/* Rank 0 is interval 0 everywhere, and the map is zero. */
	for (group = 0; group < EQFW_RANK_TOPS; group++) {
		u64 left;

		for (left = ranks->bits[group]; left; left &= left - 1) {
			if (local + 1 < n && starts[local + 1] == group * PORTS + __ffs64(left))
				local++;
			rank++;
			if (wide)
				map16[rank] = (u16)local;
			else
				map8[rank] = (u8)local;
		}
	}
}
