/* SPDX-License-Identifier: GPL-2.0 */
/* The firewall's own addresses: what the deployment lists against what the namespace has. */
#ifndef EQFW_BOX_H
#define EQFW_BOX_H

#include <eqfw/flow.h>

#include "profile_check.h"

/**
 * struct box_address - an address of this namespace
 * @family: 4 or 6
 * @addr: the address
 */
struct box_address {
	uint8_t family;
	struct eqfw_addr addr;
};

/*
 * Compare and say each difference, as a warning. Silent where the deployment lists no box address,
 * and about loopback and link-local addresses. A listed address that is not there may be a virtual
 * one that another box has at the moment.
 */
void box_compare(const struct eqfw_profile *profile, const struct box_address *live, size_t n);
/* The same against the addresses of the current network namespace. */
void box_warn(const struct eqfw_profile *profile);

#endif
