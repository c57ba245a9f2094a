// SPDX-License-Identifier: GPL-2.0
/*
 * A number -> the interval in which it lies: a search tree without pointers.
 *
 * Problem: up to a million intervals tile the 64-bit numbers. Halving a sorted array costs a cache
 * line and a wrong guess for each of its 20 steps.
 *
 * Idea: nine-way instead of two-way. A node is the last numbers of eight intervals, one cache line,
 * and their values, the line beside it. Eight comparisons without a branch count how many of them
 * lie before the number sought; that count names the child. Nodes stand level by level, the c-th
 * child of node k is node 9k + 1 + c, so there are no pointers, and a path of 7 nodes finds its way
 * among 4.7 million intervals. With a fanout of 3 (two keys a node) for the picture, 7 intervals
 * that end at 9, 19, 29 ... 69:
 *
 *                         node 0: 29 59
 *                 /             |          \
 *       node 1: 9 19      node 2: 39 49     node 3: 69 max      in order: 1 1 0 2 2 0 3 3
 *
 *     x = 35: none of (29, 59) but 29 is less  -> child 1, best so far 59
 *             none of (39, 49) is less         -> 39, child 0 does not exist: its value
 *
 * The best so far is the smallest end not before x on the way down; no node tells whether x is
 * "equal", so there is nothing to test. Free places at the end hold the largest number: the last
 * interval ends there anyway and comes before them. All paths are the same length, or one shorter.
 *
 * References: R. Bayer, E. McCreight, "Organization and Maintenance of Large Ordered Indices",
 * 1972; P. Khuong, P. Morin, "Array Layouts for Comparison-Based Searching", 2017 (level by level).
 */
#include "build.h"

static void push(struct eqfw_tree_cursor *c, u32 node)
{
	for (; node < c->n; node = node * (EQFW_FANOUT + 1) + 1) {
		c->node[c->depth] = node;
		c->slot[c->depth] = 0;
		c->depth++;
	}
}

void eqfw_tree_begin(struct eqfw_tree_cursor *cursor, struct eqfw_tree_node *nodes, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		memset(nodes[i].last, 0xff, sizeof(nodes[i].last));
	cursor->nodes = nodes;
	cursor->n = n;
	cursor->depth = 0;
	push(cursor, 0);
}

void eqfw_tree_add(struct eqfw_tree_cursor *cursor, u64 last, u64 value)
{
	u32 top = cursor->depth - 1;
	u32 node = cursor->node[top], slot = cursor->slot[top]++;

	cursor->nodes[node].last[slot] = last;
	cursor->nodes[node].value[slot] = value;
	push(cursor, node * (EQFW_FANOUT + 1) + 2 + slot);
	while (cursor->depth && cursor->slot[cursor->depth - 1] == EQFW_FANOUT)
		cursor->depth--;
}
