/* SPDX-License-Identifier: GPL-2.0 */
/* Random profiles and flows that come close to their edges. The same seed gives the same. */
#ifndef EQFW_RANDOM_PROFILE_H
#define EQFW_RANDOM_PROFILE_H

#include "classify.h"

struct random_source {
	u64 state;
};

/* 0 to n - 1. */
u32 random_below(struct random_source *r, u32 n);

/* A valid profile's bytes for eqfw_core_free(); rules up to max_rules a program. */
u8 *random_profile(struct random_source *r, u32 max_rules, size_t *size);

/* A flow near the edges of the profile's prefixes and rules. */
void random_flow(struct random_source *r, const struct eqfw_profile *p, struct eqfw_flow *flow);

#endif
