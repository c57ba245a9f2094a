/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_NETNS_H
#define EQFW_NETNS_H

#include <stdbool.h>
#include <stddef.h>

/* Move this process into the network namespace NAME of `ip netns`. Returns an exit status. */
int netns_enter(const char *name);

/*
 * The name of the current network namespace into `out`: "" for the one that process 1 is in, else
 * what `ip netns` calls it. False where it has none.
 */
bool netns_name(char *out, size_t size);

#endif
