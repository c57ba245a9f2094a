/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_PLACE_H
#define EQFW_PLACE_H

#include "classify.h"

struct nf_hook_state;

/**
 * eqfw_place_flow() - look up both addresses of a flow, those of this box included
 * @table: the table
 * @state: where the packet in hand is
 * @flow: the flow
 * @places: out
 *
 * Addresses that are no declared host's and not listed as the box's are asked of the routing
 * tables; a declared host never costs that.
 *
 * Context: RCU read side.
 */
void eqfw_place_flow(const struct eqfw_table *table, const struct nf_hook_state *state,
		     const struct eqfw_flow *flow, struct eqfw_places *places);

#endif
