/* SPDX-License-Identifier: GPL-2.0 */
/* Judging a flow as the kernel would, and saying why. */
#ifndef EQFW_FLOW_JUDGE_H
#define EQFW_FLOW_JUDGE_H

#include "flow_spec.h"

#define JUDGE_MAX_STEPS 8
#define JUDGE_STEP_TEXT 512

/**
 * struct judge_step - one step of the way to the verdict
 * @name: "from", "to", "interface", "scope", "source", "zone", "forward", "reverse", "reply"
 * @text: what it found
 */
struct judge_step {
	const char *name;
	char text[JUDGE_STEP_TEXT];
};

/**
 * struct judgement - what becomes of a packet
 * @permit: it passes
 * @reason: enum eqfw_reason of a drop
 * @item: item that decided or explains, EQFW_ITEM_NONE where none did
 * @packet: the packet that was judged: the flow's first, or the answer to it
 * @places: its places
 * @steps: the way
 * @n_steps: how many
 */
struct judgement {
	bool permit;
	uint8_t reason;
	uint32_t item;
	struct eqfw_flow packet;
	struct eqfw_places places;
	struct judge_step steps[JUDGE_MAX_STEPS];
	unsigned int n_steps;
};

void flow_judge(const struct flow_base *base, const struct flow_query *query,
		struct judgement *judgement);

/* Names out of the profile; "none" for no zone. */
const char *profile_zone(const struct eqfw_profile *profile, uint16_t zone);
const char *profile_class(const struct eqfw_profile *profile, uint32_t class_id);
const char *profile_item(const struct eqfw_profile *profile, uint32_t item);

#endif
