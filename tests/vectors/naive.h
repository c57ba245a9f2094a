/* SPDX-License-Identifier: GPL-2.0 */
/* A second reading of packet bytes, made only to disagree with kmod/flow_skb.c. */
#ifndef EQFW_VECTORS_NAIVE_H
#define EQFW_VECTORS_NAIVE_H

#include "doorway.h"
#include <eqfw/flow.h>

/**
 * struct naive - a packet in one piece
 * @bytes: from the network header on
 * @len: how many
 * @l4: where the transport header begins; valid where reading found no fault
 */
struct naive {
	const u8 *bytes;
	u32 len;
	u32 l4;
};

/**
 * naive_read() - what a packet is
 * @packet: the bytes; gets l4
 * @family: 4 or 6
 * @flow: out; behind a fault other than ICMP only the addresses count
 */
void naive_read(struct naive *packet, u8 family, struct eqfw_flow *flow);

/**
 * naive_read_inner() - what the packet inside an ICMP error is
 * @packet: the error, as naive_read() left it
 * @flow: of the error
 * @inner: out
 *
 * Return: whether it may be judged in the error's place.
 */
bool naive_read_inner(const struct naive *packet, const struct eqfw_flow *flow,
		      struct eqfw_flow *inner);

#endif
