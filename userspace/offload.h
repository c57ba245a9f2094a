/* SPDX-License-Identifier: GPL-2.0 */
/* Flows that a flowtable keeps out of eqfw's sight although the live profile denies them. */
#ifndef EQFW_OFFLOAD_H
#define EQFW_OFFLOAD_H

#include <jansson.h>

#include "nl.h"

#define OFFLOAD_SHOWN 5

/**
 * struct offload - what passes unseen
 * @unknown: there is a flowtable, but conntrack's entries cannot be listed
 * @denied: how many flows of flowtables the live profile denies
 * @shown: the first of them, "udp 10.1.0.10:5000 -> 192.0.2.20:7000 (in on core0): port"
 */
struct offload {
	bool unknown;
	size_t denied;
	char shown[OFFLOAD_SHOWN][224];
};

/* Asks conntrack only where the current namespace has a flowtable. Returns an exit status. */
int offload_find(struct nl *nl, struct offload *out);
void offload_print(const struct offload *offload);
json_t *offload_json(const struct offload *offload);

#endif
