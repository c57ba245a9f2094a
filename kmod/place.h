/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_PLACE_H
#define EQFW_PLACE_H

#include "classify.h"

struct eqfw_live;
struct nf_hook_state;

/**
 * eqfw_place_flow() - look up both addresses of a flow, those of this box included
 * @live: the profile that the packet is judged by
 * @state: where the packet in hand is
 * @flow: the flow
 * @places: out
 *
 * Addresses that are no declared host's, not listed as the box's and pass the filter of locals.h
 * are asked of the routing tables; a declared host never costs that, a stranger hardly ever.
 *
 * Context: RCU read side.
 */
void eqfw_place_flow(const struct eqfw_live *live, const struct nf_hook_state *state,
		     const struct eqfw_flow *flow, struct eqfw_places *places);

#endif
