/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_LOCALS_H
#define EQFW_LOCALS_H

#include <linux/bitmap.h>

#include <eqfw/flow.h>

#define EQFW_LOCALS_BITS 13 /* 1 KiB: of 100 addresses, 1 in 80 strangers is taken for one */

struct eqfw_live;
struct net;

/**
 * struct eqfw_locals - which addresses may be this box's own
 * @bits: a bit for the hash of each; bits are only ever set
 */
struct eqfw_locals {
	DECLARE_BITMAP(bits, 1 << EQFW_LOCALS_BITS);
};

/**
 * eqfw_locals_fill() - note every address of a namespace
 * @net: the namespace
 * @live: where, or NULL; before its publication, and once more behind it
 *
 * Context: RTNL held.
 */
void eqfw_locals_fill(struct net *net, struct eqfw_live *live);

/**
 * eqfw_locals_may() - may an address be this box's own
 * @locals: what was noted
 * @family: 4 or 6
 * @addr: the address
 *
 * Context: RCU read side.
 * Return: false where it is none for sure; else the routing tables know.
 */
bool eqfw_locals_may(const struct eqfw_locals *locals, u8 family, const struct eqfw_addr *addr);

/**
 * eqfw_locals_init() - follow addresses as they come
 *
 * Return: 0 or a negative error.
 */
int eqfw_locals_init(void);

/** eqfw_locals_exit() - stop following addresses */
void eqfw_locals_exit(void);

#endif
