/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_IFMAP_H
#define EQFW_IFMAP_H

#include <linux/types.h>

#include "classify.h"

struct eqfw_ifmap;
struct eqfw_live;
struct net;

/**
 * eqfw_ifmap_build() - find the zones of every interface of a namespace
 * @net: the namespace
 * @profile: the profile that names them
 * @more: 0, or __GFP_NOFAIL where there is no way back
 *
 * Context: RTNL held, may sleep.
 * Return: the map, or NULL where memory is short.
 */
struct eqfw_ifmap *eqfw_ifmap_build(struct net *net, const struct eqfw_profile *profile,
				    gfp_t more);

/**
 * eqfw_ifmap_free() - release a map that no packet uses any more
 * @map: the map or NULL
 */
void eqfw_ifmap_free(struct eqfw_ifmap *map);

/**
 * eqfw_ifmap_zones() - zones of an interface
 * @live: the profile that the packet is judged by
 * @ifindex: the interface
 *
 * Context: RCU read side; the result is valid as long.
 * Return: the zones, or NULL where it is in none.
 */
const struct eqfw_zone_set *eqfw_ifmap_zones(const struct eqfw_live *live, int ifindex);

/**
 * eqfw_ifmap_init() - follow interfaces as they come, go and change names
 *
 * Return: 0 or a negative error.
 */
int eqfw_ifmap_init(void);

/** eqfw_ifmap_exit() - stop following interfaces */
void eqfw_ifmap_exit(void);

#endif
