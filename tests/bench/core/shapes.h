/* SPDX-License-Identifier: GPL-2.0 */
/* The rule sets that the benchmark and the gate share. */
#ifndef EQFW_BENCH_SHAPES_H
#define EQFW_BENCH_SHAPES_H

#include "workload.h"

extern const struct workload_shape shapes[];
extern const unsigned int n_shapes;

/* The rule set of that name, which there must be. */
const struct workload_shape *shape_named(const char *name);

#endif
