/* SPDX-License-Identifier: GPL-2.0 */
/* Both sides of the comparison, ready to run: each function is one pass over all packets. */
#ifndef EQFW_BENCH_SIDES_H
#define EQFW_BENCH_SIDES_H

#include "acl.h"
#include "workload.h"

enum sides_level { SIDES_L1, SIDES_L2, SIDES_N_LEVELS };

/**
 * struct sides - one workload, built for both
 * @workload: rules and packets
 * @table: eqfw's
 * @counters: what a CPU counts: packets and bytes of each item and zone pair
 * @acl: librte_acl's, or NULL where it is not asked
 * @packets: the same packets as it wants them
 * @results: its answers
 * @in_zones: all zones
 * @zero: 0, but the compiler does not know
 * @build_ms: time to build @table
 * @acl_build_ms: time to build @acl
 * @acl_bytes: its memory
 * @counter_bytes: memory of @counters
 * @permitted: packets that a rule permits
 */
struct sides {
	const struct workload *workload;
	struct eqfw_table *table;
	u64 *counters;
	struct acl *acl;
	const uint8_t **packets;
	uint32_t *results;
	struct eqfw_zone_set in_zones;
	volatile u32 zero;
	double build_ms;
	double acl_build_ms;
	size_t acl_bytes;
	size_t counter_bytes;
	unsigned int permitted;
};

void sides_make(struct sides *s, const struct workload *workload, bool with_acl);
void sides_free(struct sides *s);

/* Verdicts of eqfw against those of librte_acl, where that was asked, and of a linear search of its
 * own; returns how many packets differ from either. */
unsigned int sides_compare(struct sides *s);

double sides_eqfw(void *sides);
double sides_eqfw_dependent(void *sides);
double sides_eqfw_counted(void *sides);
double sides_eqfw_judge(void *sides);
double sides_eqfw_threads(void *sides);
double sides_acl_single_scalar(void *sides);
double sides_acl_single(void *sides);
double sides_acl_burst_scalar(void *sides);
double sides_acl_burst(void *sides);
double sides_acl_burst512(void *sides);
double sides_acl_counted(void *sides);
double sides_acl_threads(void *sides);
bool sides_has_avx512(struct sides *s);

/* Median nanoseconds of a lookup after the cache was emptied down to a level. */
double sides_cold_eqfw(struct sides *s, enum sides_level level);
double sides_cold_acl(struct sides *s, enum sides_level level);

/* The same packet over and over, for many packets: mean of the cheapest and the dearest percent. */
void sides_extremes(struct sides *s, double *best, double *worst);

#endif
