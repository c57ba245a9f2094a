/* SPDX-License-Identifier: GPL-2.0 */
/* What factor() must come to, by asking every network, host, group and rule in turn. */
#ifndef EQFW_FACTOR_ORACLE_H
#define EQFW_FACTOR_ORACLE_H

#include "fixture_rules.h"

/**
 * struct seen - what the oracle knows of one address
 * @zone: NULL = none
 * @flags: EQFW_CLASS_*
 * @only: length of the longest `only` prefix that counts, 0 if there is none
 */
struct seen {
	const struct prefix *address;
	const struct zone *zone;
	unsigned int flags;
	int only;
};

struct seen oracle_see(const struct fixture *fixture, const struct prefix *address);
/* The item that permits a packet; `src` NULL: that forbids it. NO_ITEM where none does. */
uint32_t oracle_item(const struct fixture *fixture, const struct seen *src, const struct seen *dst,
		     const struct eqfw_flow *flow);
/* Does DNAT change ports there? */
bool oracle_ports_change(const struct fixture *fixture, const struct seen *seen);

#endif
