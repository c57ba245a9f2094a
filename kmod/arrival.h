/* SPDX-License-Identifier: GPL-2.0 */
/* Where a packet came in, where netfilter shows it more than once or under another device. */
#ifndef EQFW_ARRIVAL_H
#define EQFW_ARRIVAL_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "classify.h"

struct eqfw_live;
struct nf_hook_state;

/**
 * eqfw_arrival_is_again() - has this packet been judged already on its way in
 * @skb: the packet
 * @state: where it is
 *
 * Context: any.
 * Return: whether this is a later pass: on the VRF of its port, or above a bridge in a VRF.
 */
bool eqfw_arrival_is_again(const struct sk_buff *skb, const struct nf_hook_state *state);

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
bool eqfw_arrival_zones(const struct eqfw_live *live, const struct sk_buff *skb,
			const struct nf_hook_state *state, const struct eqfw_places *places,
			const struct eqfw_zone_set **zones);

#endif
