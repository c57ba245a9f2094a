/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_PROC_H
#define EQFW_PROC_H

/**
 * eqfw_proc_init() - give every namespace its /proc/net/eqfw
 *
 * After eqfw_net_init(), and after eqfw_netlink_init() has found the family's name free: /proc
 * warns of a name that is taken, netlink only refuses it.
 *
 * Return: 0 or -ENOMEM; then nothing of it is left.
 */
int eqfw_proc_init(void);

/** eqfw_proc_exit() - take /proc/net/eqfw out of every namespace */
void eqfw_proc_exit(void);

#endif
