/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A deployment as the benchmarks see it: groups of like devices, rows of port lists between groups.
 * The same parameters make the same workload, byte for byte, on every machine.
 *
 *   workload.c   groups, rows, port lists; and the naive oracle that says what is permitted
 *   compile.c    the same through factor() -> profile.bin
 *   trace.c      packets with the verdict that each must get
 *   export.c     the same rules for nft, iptables, ipset and rte_acl
 *   gen.c        the command
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ruleset.h"

#define WORKLOAD_LIST_MAX 12u
#define WORKLOAD_INTERFACE "bench0"

/**
 * struct workload_shape - what to make
 * @rules: expanded rules: device x device x port range; exactly so many
 * @hosts: device addresses at least; those that no row needs are declared all the same
 * @zones: zones besides the box and the outside
 * @family: 4 or 6
 * @devices: devices of a group, 0: as many as a site of that size has; 1: nothing in common
 * @seed: another one gives another workload of the same shape
 */
struct workload_shape {
	uint32_t rules;
	uint32_t hosts;
	uint32_t zones;
	uint8_t family;
	uint32_t devices;
	uint64_t seed;
};

/**
 * struct workload_ports - one permitted range
 * @proto: 6 or 17
 * @lo: lowest destination port
 * @hi: highest; below all source ports of a trace, so that no packet looks like a reply by chance
 */
struct workload_ports {
	uint8_t proto;
	uint16_t lo;
	uint16_t hi;
};

/* A port list; the ranges of one protocol are disjoint. */
struct workload_list {
	uint32_t n;
	struct workload_ports ports[WORKLOAD_LIST_MAX];
};

/* Devices @first to @first + @n - 1. */
struct workload_group {
	uint32_t first;
	uint32_t n;
	uint32_t zone;
};

/* Every device of @from may reach every device of @to on the ports of @list. */
struct workload_row {
	uint32_t from;
	uint32_t to;
	uint32_t list;
};

/**
 * struct workload - the whole deployment
 * @shape: as asked
 * @groups: the groups; group_of() finds a device's by its number
 * @rows: no two between the same groups
 * @lists: port lists, shared by rows
 * @n_devices: devices in all groups
 * @random: state of the generator
 */
struct workload {
	struct workload_shape shape;
	struct workload_group *groups;
	size_t n_groups, groups_capacity;
	struct workload_row *rows;
	size_t n_rows, rows_capacity;
	struct workload_list *lists;
	size_t n_lists, lists_capacity;
	uint32_t n_devices;
	uint64_t random;
};

/* One expanded rule. */
struct workload_flat {
	uint32_t src;
	uint32_t dst;
	struct workload_ports ports;
};

void workload_make(struct workload *w, const struct workload_shape *shape);
void workload_free(struct workload *w);
uint32_t workload_random(struct workload *w, uint32_t below);

/* Address of a device; devices above workload.n_devices are strangers. */
struct eqfw_addr workload_address(const struct workload *w, uint32_t device);
/* As text, into a buffer that the next four calls leave alone. */
const char *workload_text(const struct workload *w, uint32_t device);

/* The naive oracle: straight loops over groups, rows and ranges. */
bool workload_permits(const struct workload *w, uint32_t src, uint32_t dst, uint8_t proto,
		      uint16_t dport);

/* Call `each` for every expanded rule, in the order of the rows. */
void workload_expand(const struct workload *w,
		     void (*each)(const struct workload *w, const struct workload_flat *flat,
				  void *arg),
		     void *arg);

/* The bytes of profile.bin; ends the program where the compiler refuses. */
void workload_compile(const struct workload *w, struct image *image);

#endif
