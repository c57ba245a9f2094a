/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_ADOPT_H
#define EQFW_ADOPT_H

#include <linux/types.h>
#include <linux/workqueue.h>

struct eqfw_live;
struct eqfw_net;

/**
 * struct eqfw_adopt - begins adoption again
 * @begin: does it: those who notice that an address has come may not sleep
 */
struct eqfw_adopt {
	struct work_struct begin;
};

/**
 * eqfw_adopt_init() - nothing to begin yet
 * @en: the namespace
 */
void eqfw_adopt_init(struct eqfw_net *en);

/**
 * eqfw_adopt_exit() - after it no worker of this file runs
 * @en: the namespace; it is ending, a grace period ago packets saw their last profile
 *
 * Context: process context, may sleep; no lock held.
 */
void eqfw_adopt_exit(struct eqfw_net *en);

/**
 * eqfw_adopt_begin() - from now on, for as long as the profile says, adopt sessions
 * @live: the profile, published or not
 *
 * Context: the namespace's mutex held.
 * Return: the seconds, 0 where the profile adopts none.
 */
u32 eqfw_adopt_begin(struct eqfw_live *live);

/**
 * eqfw_adopt_address() - an address has come to this box: if it is a virtual one, begin again
 * @en: the namespace
 * @live: its profile
 * @family: 4 or 6
 * @addr: 4 or 16 bytes
 *
 * Context: any; RCU read side.
 */
void eqfw_adopt_address(struct eqfw_net *en, const struct eqfw_live *live, u8 family,
			const void *addr);

#endif
