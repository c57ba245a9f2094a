/* SPDX-License-Identifier: GPL-2.0 */
/* ICMP and ICMPv6 types by one set of names. */
#ifndef EQFW_ICMP_TYPES_H
#define EQFW_ICMP_TYPES_H

#include <stddef.h>

#include "deployment.h"

extern const struct icmp_type icmp_types[];
extern const size_t n_icmp_types;

/* NULL where there is no such name. */
const struct icmp_type *icmp_type_by_name(const char *name);

#endif
