/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_NETNS_H
#define EQFW_NETNS_H

/* Move this process into the network namespace NAME of `ip netns`. Returns an exit status. */
int netns_enter(const char *name);

#endif
