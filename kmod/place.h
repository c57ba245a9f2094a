/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_PLACE_H
#define EQFW_PLACE_H

#include <linux/netfilter.h>

#include "judge.h"
#include "net.h"

/* Of what is known as one of these the routing tables have nothing to say. */
#define EQFW_KNOWN (EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC | EQFW_CLASS_BOX | EQFW_CLASS_GROUP)

/**
 * eqfw_place_correct() - ask the routing tables about an address that the profile does not know
 * @live: the profile that the packet is judged by
 * @state: where the packet in hand is
 * @family: 4 or 6
 * @addr: the address
 * @place: what the table says of it, corrected
 *
 * They are asked only about what passes the filter of locals.h, hardly ever about a stranger.
 *
 * Context: RCU read side.
 */
void eqfw_place_correct(const struct eqfw_live *live, const struct nf_hook_state *state, u8 family,
			const struct eqfw_addr *addr, struct eqfw_place *place);

/**
 * eqfw_place_flow() - look up both addresses of a flow, those of this box included
 * @live: the profile that the packet is judged by
 * @state: where the packet in hand is
 * @family: the flow's, where the compiler may know it
 * @flow: the flow
 * @places: out
 *
 * Context: RCU read side.
 */
static __always_inline void eqfw_place_flow(const struct eqfw_live *live,
					    const struct nf_hook_state *state, u8 family,
					    const struct eqfw_flow *flow,
					    struct eqfw_places *places)
{
	eqfw_locate_here(live->table, family, flow, places);
	if (unlikely(!(places->src.flags & EQFW_KNOWN)))
		eqfw_place_correct(live, state, family, &flow->src, &places->src);
	if (unlikely(!(places->dst.flags & EQFW_KNOWN)))
		eqfw_place_correct(live, state, family, &flow->dst, &places->dst);
}

#endif
