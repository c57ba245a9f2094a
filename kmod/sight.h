/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_SIGHT_H
#define EQFW_SIGHT_H

#include "classify.h"
#include "flow_skb.h"

struct eqfw_live;
struct nf_hook_state;

/**
 * struct eqfw_sight - one packet and all that was found out about it
 * @live: the profile that judged it
 * @state: where it is
 * @packet: its headers
 * @places: of both ends
 * @audit: a drop is counted and passes
 * @asked: enum eqfw_action before connection tracking was asked
 * @verdict: the final judgement; its action is SKIP, PASS or DROP
 *
 * Lives on the stack of the hook; what watches packets (events, log, trace, tracepoint) reads it.
 */
struct eqfw_sight {
	const struct eqfw_live *live;
	const struct nf_hook_state *state;
	struct eqfw_packet packet;
	struct eqfw_places places;
	bool audit;
	u8 asked;
	struct eqfw_verdict verdict;
};

#endif
