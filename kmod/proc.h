/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_PROC_H
#define EQFW_PROC_H

struct eqfw_net;

/**
 * eqfw_proc_net_init() - make a namespace's /proc/net/eqfw
 * @en: the namespace
 *
 * Return: 0 or -ENOMEM; then nothing of it is left.
 */
int eqfw_proc_net_init(struct eqfw_net *en);

/**
 * eqfw_proc_net_exit() - take a namespace's /proc/net/eqfw away
 * @en: the namespace
 */
void eqfw_proc_net_exit(struct eqfw_net *en);

#endif
