/* SPDX-License-Identifier: GPL-2.0 */
/* What is permitted and looks most like a packet that is not. */
#ifndef EQFW_NEAREST_H
#define EQFW_NEAREST_H

#include "flow_judge.h"

#define NEAREST_MAX 5
#define NEAREST_TEXT 256

/**
 * struct nearest - an item and the one field in which the packet differs from it
 * @item: item id
 * @field: "sport", "proto", "direction", "dport", "type", "from", "to", "in", "until"
 * @got: the packet's
 * @want: the item's
 */
struct nearest {
	uint32_t item;
	const char *field;
	char got[NEAREST_TEXT];
	char want[NEAREST_TEXT];
};

/* At most NEAREST_MAX, the closest first; each item once. */
size_t nearest_find(const struct flow_base *base, const struct flow_query *query,
		    const struct judgement *judgement, struct nearest *out);

#endif
