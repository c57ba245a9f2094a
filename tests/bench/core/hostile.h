/* SPDX-License-Identifier: GPL-2.0 */
/* Rule sets as nobody's deployment is: what filter benchmarks call ACL, FW and IPC sets. */
#ifndef EQFW_BENCH_HOSTILE_H
#define EQFW_BENCH_HOSTILE_H

#include "workload.h"

/**
 * enum hostile_ports - what the ports of a set look like
 * @HOSTILE_EXACT: single destination ports, any source
 * @HOSTILE_RANGES: ranges at random on both sides
 * @HOSTILE_MIXED: half and half
 */
enum hostile_ports { HOSTILE_EXACT, HOSTILE_RANGES, HOSTILE_MIXED };

/**
 * struct hostile_shape - a set of rules between prefixes that contain each other at will
 * @name: for the report
 * @family: 4 or 6
 * @rules: how many
 * @prefixes: how many to draw both ends from; 2: all rules lie between one pair
 * @ports: what their ports look like
 * @refused: the compiler must refuse it
 */
struct hostile_shape {
	const char *name;
	u8 family;
	u32 rules;
	u32 prefixes;
	enum hostile_ports ports;
	bool refused;
};

extern const struct hostile_shape hostile_shapes[];
extern const unsigned int n_hostile_shapes;

/* False where the compiler refuses it; it has said why on stderr. */
bool hostile_make(struct workload *w, const struct hostile_shape *shape);
void hostile_free(struct workload *w);

#endif
