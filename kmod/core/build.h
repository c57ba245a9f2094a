/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building a table: each part is planned first, which decides its form and takes its room, and
 * filled when the allocation is there. Scratch memory is bounded by the size of the profile.
 */
#ifndef EQFW_CORE_BUILD_H
#define EQFW_CORE_BUILD_H

#include "lookup.h"

#define EQFW_TABLE_MAX ((size_t)256 << 20) /* bytes */
#define EQFW_MAX_NESTING 129		   /* prefixes that can contain each other */

/**
 * struct eqfw_interval - addresses of one class
 * @last: the last of them; the first follows the interval before
 * @class_id: their class
 */
struct eqfw_interval {
	struct eqfw_key last;
	u32 class_id;
};

/**
 * struct eqfw_axis - distinct list of local port intervals
 * @hash: of its starts
 * @at: where they begin in the pool
 * @offset: of its map or list in the table
 * @n: how many there are
 * @wide: its map has two bytes an entry
 */
struct eqfw_axis {
	u32 hash;
	u32 at;
	u32 offset;
	u16 n;
	bool wide;
};

/**
 * struct eqfw_ports_scratch - what ports.c remembers between plan and fill
 * @events: port << 12 | rule, where a rule begins or has ended
 * @starts: first ports of the current axis
 * @row: rules that cover the current interval
 * @summary: words of @row that are not zero
 * @axes: distinct axes
 * @n_axes: how many
 * @buckets: hash of axes: number + 1
 * @bucket_mask: number of buckets - 1
 * @pool: starts of all axes
 * @n_pool: how many
 * @set_axes: axes of each set, destination and source
 * @n_sets: sets of all programs
 * @n_others: of them those that have no slot in struct eqfw_program
 * @n_rows: rows of all sets
 * @n_words: words of long rows
 */
struct eqfw_ports_scratch {
	u32 events[2 * EQFW_MAX_PROGRAM_RULES];
	u16 starts[2 * EQFW_MAX_PROGRAM_RULES + 1];
	u64 row[EQFW_MAX_PROGRAM_RULES / 64];
	u64 summary;
	struct eqfw_axis *axes;
	u32 n_axes;
	u32 *buckets;
	u32 bucket_mask;
	u16 *pool;
	u32 n_pool;
	u32 *set_axes;
	u32 n_sets;
	u32 n_others;
	u32 n_rows;
	u32 n_words;
};

#define EQFW_RANK_TOPS 1024

/**
 * struct eqfw_ranks_scratch - the boundaries that all axes together have
 * @bits: bit b of word w: an interval begins at port 64 * w + b
 * @block: of each word its block
 * @owner: of each block a word that has it
 * @n_blocks: how many
 * @n: number of intervals
 */
struct eqfw_ranks_scratch {
	u64 bits[EQFW_RANK_TOPS];
	u16 block[EQFW_RANK_TOPS];
	u16 owner[EQFW_RANK_TOPS];
	u32 n_blocks;
	u32 n;
};

/**
 * struct eqfw_builder - a table under construction
 * @profile: what it is made from
 * @fault: what is told on -E2BIG
 * @draft: the head of the table, complete when all parts are planned
 * @used: bytes given out
 * @table: the allocation, while it is filled
 * @intervals: addresses, IPv4 then IPv6
 * @n4: IPv4 intervals
 * @n6: IPv6 intervals
 * @n16: trie blocks of the second level
 * @n_nodes: tree nodes given out
 * @next24: trie blocks given out while they are filled
 * @next32: likewise
 * @shifts: of each source class the shift of its row, or NULL
 * @ports: for ports.c
 * @ranks: for ranks.c
 */
struct eqfw_builder {
	const struct eqfw_profile *profile;
	struct eqfw_fault *fault;
	struct eqfw_table draft;
	size_t used;
	struct eqfw_table *table;
	struct eqfw_interval *intervals;
	u32 n4;
	u32 n6;
	u32 n16;
	u32 n_nodes;
	u32 next24;
	u32 next32;
	u32 *shifts;
	struct eqfw_ports_scratch ports;
	struct eqfw_ranks_scratch ranks;
};

/**
 * eqfw_builder_take() - room for an array
 * @b: the builder
 * @n: number of elements
 * @size: bytes of one
 *
 * Return: its offset; it begins a cache line and is zero.
 */
u32 eqfw_builder_take(struct eqfw_builder *b, size_t n, size_t size);

/**
 * eqfw_builder_at() - an array to be filled
 * @b: the builder
 * @offset: from eqfw_builder_take()
 *
 * Return: its first element.
 */
static inline void *eqfw_builder_at(const struct eqfw_builder *b, u32 offset)
{
	return (u8 *)b->table + offset;
}

/**
 * eqfw_builder_too_large() - refuse a profile
 * @b: the builder
 * @section: the section
 * @record: the record that is too much
 *
 * Return: -E2BIG.
 */
int eqfw_builder_too_large(struct eqfw_builder *b, const char *section, u32 record);

/**
 * struct eqfw_tree_cursor - where the next interval of a tree goes
 * @nodes: its nodes
 * @n: how many
 * @depth: of the path
 * @node: nodes of the path from the root
 * @slot: in each of them the next free place
 */
struct eqfw_tree_cursor {
	struct eqfw_tree_node *nodes;
	u32 n;
	u32 depth;
	u32 node[8];
	u8 slot[8];
};

/**
 * eqfw_tree_size() - nodes of a tree
 * @n: number of intervals
 *
 * Return: how many.
 */
static inline u32 eqfw_tree_size(u32 n)
{
	return (n + EQFW_FANOUT - 1) / EQFW_FANOUT;
}

/**
 * eqfw_tree_begin() - begin to fill a tree
 * @cursor: out
 * @nodes: its nodes
 * @n: how many
 */
void eqfw_tree_begin(struct eqfw_tree_cursor *cursor, struct eqfw_tree_node *nodes, u32 n);

/**
 * eqfw_tree_add() - the next interval
 * @cursor: where it goes
 * @last: its last number; the one of the last interval is U64_MAX
 * @value: its value
 */
void eqfw_tree_add(struct eqfw_tree_cursor *cursor, u64 last, u64 value);

/**
 * eqfw_addresses_plan() - flatten the prefixes, choose the form of lookup
 * @b: the builder
 *
 * Return: 0 or -ENOMEM.
 */
int eqfw_addresses_plan(struct eqfw_builder *b);

/**
 * eqfw_addresses_fill() - write tries and trees
 * @b: the builder
 */
void eqfw_addresses_fill(struct eqfw_builder *b);

/**
 * eqfw_cells_plan() - fit the rows of cells into each other
 * @b: the builder
 *
 * Return: 0 or -ENOMEM.
 */
int eqfw_cells_plan(struct eqfw_builder *b);

/**
 * eqfw_cells_fill() - write the cells
 * @b: the builder
 */
void eqfw_cells_fill(struct eqfw_builder *b);

/**
 * eqfw_ranks_add() - the intervals of an axis
 * @ranks: the ranks
 * @starts: their first ports
 * @n: how many
 */
void eqfw_ranks_add(struct eqfw_ranks_scratch *ranks, const u16 *starts, u32 n);

/**
 * eqfw_ranks_plan() - number the intervals, share equal blocks
 * @ranks: the ranks, all axes added
 */
void eqfw_ranks_plan(struct eqfw_ranks_scratch *ranks);

/**
 * eqfw_ranks_fill() - write the ranks
 * @b: the builder
 */
void eqfw_ranks_fill(struct eqfw_builder *b);

/**
 * eqfw_ranks_map() - write the local interval of each rank
 * @ranks: the ranks
 * @starts: first ports of the local intervals
 * @n: how many
 * @wide: two bytes an entry
 * @map: out
 */
void eqfw_ranks_map(const struct eqfw_ranks_scratch *ranks, const u16 *starts, u32 n, bool wide,
		    void *map);

/**
 * eqfw_ports_plan() - measure the programs, find equal axes, choose their form
 * @b: the builder
 *
 * Return: 0, -ENOMEM, or -E2BIG where masks outgrow EQFW_TABLE_MAX.
 */
int eqfw_ports_plan(struct eqfw_builder *b);

/**
 * eqfw_ports_fill() - write the programs
 * @b: the builder
 */
void eqfw_ports_fill(struct eqfw_builder *b);

/**
 * eqfw_ports_release() - free the scratch memory of the programs
 * @b: the builder
 */
void eqfw_ports_release(struct eqfw_builder *b);

#endif
