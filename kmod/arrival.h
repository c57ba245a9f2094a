/* SPDX-License-Identifier: GPL-2.0 */
/* Where a packet came in, where netfilter shows it more than once or under another device. */
#ifndef EQFW_ARRIVAL_H
#define EQFW_ARRIVAL_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "ifmap.h"
#include "net.h"

/**
 * eqfw_arrival_is_again_above() - eqfw_arrival_is_again() on a VRF or of a packet that has been
 *	on a bridge
 * @skb: the packet
 * @state: where it is
 *
 * Context: any.
 * Return: the same.
 */
bool eqfw_arrival_is_again_above(const struct sk_buff *skb, const struct nf_hook_state *state);

/**
 * eqfw_arrival_is_again() - has this packet been judged already on its way in
 * @skb: the packet
 * @state: where it is
 *
 * Context: any.
 * Return: whether this is a later pass: on the VRF of its port, or above a bridge in a VRF.
 */
static inline bool eqfw_arrival_is_again(const struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	if (likely(!netif_is_l3_master(state->in) && !skb_has_extensions((struct sk_buff *)skb)))
		return false;
	return eqfw_arrival_is_again_above(skb, state);
}

/**
 * eqfw_arrival_zones_of() - eqfw_arrival_zones() of a packet that has been on a bridge or in IPsec
 * @live: the profile
 * @skb: the packet
 * @state: where it is
 * @places: of both ends
 * @zones: in: the zones of the interface; out: the zones
 *
 * Context: RCU read side.
 * Return: the same.
 */
bool eqfw_arrival_zones_of(const struct eqfw_live *live, const struct sk_buff *skb,
			   const struct nf_hook_state *state, const struct eqfw_places *places,
			   const struct eqfw_zone_set **zones);

/**
 * eqfw_arrival_zones() - the zones on whose side a packet came in
 * @live: the profile
 * @skb: the packet
 * @state: where it is
 * @places: of both ends
 * @zones: out: the zones, or NULL where it came in on an interface of none
 *
 * Context: RCU read side.
 * Return: false where the packet is none of ours: a frame that the bridge only forwards.
 */
static inline bool eqfw_arrival_zones(const struct eqfw_live *live, const struct sk_buff *skb,
				      const struct nf_hook_state *state,
				      const struct eqfw_places *places,
				      const struct eqfw_zone_set **zones)
{
	*zones = eqfw_ifmap_zones(rcu_dereference(live->ifmap), state->in->ifindex);
	if (likely(!skb_has_extensions((struct sk_buff *)skb)))
		return true;
	return eqfw_arrival_zones_of(live, skb, state, places, zones);
}

#endif
