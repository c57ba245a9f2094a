/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_IFMAP_H
#define EQFW_IFMAP_H

#include <linux/hash.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "classify.h"

struct eqfw_live;
struct net;

#define EQFW_IF_EMPTY 0

/**
 * struct eqfw_if - a slot of the map
 * @ifindex: of an interface; EQFW_IF_EMPTY; or less: it has gone
 * @zones: its zones
 */
struct eqfw_if {
	int ifindex;
	struct eqfw_zone_set zones;
};

/**
 * struct eqfw_ifmap - interfaces of a namespace that have a zone, a hash
 * @rcu: to be freed by
 * @bits: binary logarithm of the number of slots, of which at least half are empty
 * @slot: the slots
 */
struct eqfw_ifmap {
	struct rcu_head rcu;
	u32 bits;
	struct eqfw_if slot[];
};

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
 * eqfw_ifmap_slot() - the slot of an interface
 * @map: the map
 * @ifindex: the interface
 *
 * Context: RCU read side or RTNL.
 * Return: its slot, or the empty one where it would be.
 */
static inline struct eqfw_if *eqfw_ifmap_slot(struct eqfw_ifmap *map, int ifindex)
{
	u32 mask = (1u << map->bits) - 1;
	u32 i = hash_32(ifindex, map->bits);

	for (;; i = (i + 1) & mask) {
		int got = READ_ONCE(map->slot[i].ifindex);

		if (likely(got == ifindex) || got == EQFW_IF_EMPTY)
			return &map->slot[i];
	}
}

/**
 * eqfw_ifmap_zones() - zones of an interface
 * @map: the map
 * @ifindex: the interface
 *
 * Context: RCU read side; the result is valid as long.
 * Return: the zones, or NULL where it is in none.
 */
static inline const struct eqfw_zone_set *eqfw_ifmap_zones(struct eqfw_ifmap *map, int ifindex)
{
	const struct eqfw_if *slot = eqfw_ifmap_slot(map, ifindex);

	return READ_ONCE(slot->ifindex) == ifindex ? &slot->zones : NULL;
}

/**
 * eqfw_ifmap_init() - follow interfaces as they come, go and change names
 *
 * Return: 0 or a negative error.
 */
int eqfw_ifmap_init(void);

/** eqfw_ifmap_exit() - stop following interfaces */
void eqfw_ifmap_exit(void);

#endif
