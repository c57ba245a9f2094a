/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The naive twin of table.c and classify.c: straight loops over the records of a profile, for being
 * right rather than fast. It shares no code with them.
 */
#ifndef EQFW_ORACLE_H
#define EQFW_ORACLE_H

#include "classify.h"

/* Longest prefix by looking at every prefix. */
u32 oracle_class(const struct eqfw_profile *p, u8 family, const struct eqfw_addr *addr);

void oracle_locate(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		   struct eqfw_places *places);

void oracle_judge(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		  const struct eqfw_places *places, const struct eqfw_zone_set *in_zones,
		  struct eqfw_verdict *verdict);

bool oracle_permits(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, struct eqfw_verdict *verdict);

bool oracle_mirrors(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, u32 *item);

#endif
