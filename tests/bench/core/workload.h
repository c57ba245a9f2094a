/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rule sets and packets for the benchmark of the classifier, the same for both sides: a factored
 * profile for eqfw, the product of its factors as a flat list of rules for librte_acl.
 */
#ifndef EQFW_BENCH_WORKLOAD_H
#define EQFW_BENCH_WORKLOAD_H

#include "classify.h"

#define WORKLOAD_PACKETS 65536u

/**
 * struct workload_shape - what a rule set looks like
 * @name: for the report
 * @family: 4 or 6
 * @classes: kinds of devices
 * @hosts: addresses of each
 * @peers: kinds that each kind may talk to
 * @programs: distinct lists of ports
 * @rules: ports of a list, about
 * @zones: zones
 * @ranges: distinct port ranges that lists are drawn from
 * @scatter: addresses strewn over the whole space instead of standing in subnets
 */
struct workload_shape {
	const char *name;
	u8 family;
	u32 classes;
	u32 hosts;
	u32 peers;
	u32 programs;
	u32 rules;
	u32 zones;
	u32 ranges;
	bool scatter;
};

/**
 * struct flat_rule - one rule of a list that knows no factors; the highest priority wins
 * @src_addr: source address, IPv4 in the first four bytes
 * @dst_addr: destination address
 * @src_len: bits of it that count
 * @dst_len: likewise
 * @src_lo: lowest source port
 * @src_hi: highest source port
 * @dst_lo: lowest destination port
 * @dst_hi: highest destination port
 * @proto: 6 or 17
 * @priority: 1 to EQFW_MAX_PROGRAM_RULES
 * @item: item id
 */
struct flat_rule {
	struct eqfw_addr src_addr;
	struct eqfw_addr dst_addr;
	u8 src_len;
	u8 dst_len;
	u16 src_lo;
	u16 src_hi;
	u16 dst_lo;
	u16 dst_hi;
	u8 proto;
	s32 priority;
	u32 item;
};

/**
 * struct workload - a rule set and its packets
 * @shape: what it was made from
 * @bytes: the profile
 * @profile: its view
 * @n_flat: expanded rules
 * @flat: the expanded rules where they were there first, else NULL
 * @flows: WORKLOAD_PACKETS packets, shuffled; about @hit_percent of them permitted
 */
struct workload {
	const struct workload_shape *shape;
	u8 *bytes;
	struct eqfw_profile profile;
	u64 n_flat;
	struct flat_rule *flat;
	struct eqfw_flow *flows;
};

/* The same shape and seed give the same bytes and packets. Exits where memory runs out. */
void workload_make(struct workload *w, const struct workload_shape *shape, u32 hit_percent);
void workload_free(struct workload *w);

/* The expanded rules, w->n_flat of them, IPv4 only; to be freed. */
struct flat_rule *workload_flatten(const struct workload *w);

/* xorshift: fast, and the same everywhere. */
u32 workload_random(u64 *state, u32 below);

#endif
