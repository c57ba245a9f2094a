/* SPDX-License-Identifier: GPL-2.0 */
/* Interleaved rounds, minimum and median, and results in one file for whoever prints them. */
#ifndef EQFW_BENCH_MEASURE_H
#define EQFW_BENCH_MEASURE_H

#include <stdint.h>

#define MEASURE_ROUNDS 9
#define MEASURE_CASES 16

/**
 * struct measure_case - one way of doing the work
 * @name: for the report
 * @run: does it once; returns nanoseconds per packet
 * @context: for @run
 * @ns: of each round
 */
struct measure_case {
	const char *name;
	double (*run)(void *context);
	void *context;
	double ns[MEASURE_ROUNDS];
};

/* Cases in turn, A B C A B C ..., after a round that does not count. */
void measure_rounds(struct measure_case *cases, unsigned int n);

double measure_min(const struct measure_case *c);
double measure_median(const struct measure_case *c);

/* Nanoseconds, monotonic. */
uint64_t measure_now(void);

/* Time stamp counter, and how many nanoseconds a tick is. */
uint64_t measure_ticks(void);
double measure_tick_ns(void);

/* A line "BED NAME KIND VALUE UNIT" of the raw results; the file is opened by the first. */
void measure_record(const char *set, const char *name, const char *kind, double value,
		    const char *unit);
void measure_open(const char *path);

#endif
