/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_FLOW_SKB_H
#define EQFW_FLOW_SKB_H

#include <eqfw/flow.h>

struct sk_buff;

/**
 * struct eqfw_packet - a packet as eqfw sees it
 * @skb: its buffer
 * @l4: offset of the first header that is no IPv6 extension header, from skb->data; not set where
 *	@flow.fault is
 * @flow: what the verdict is made from
 */
struct eqfw_packet {
	const struct sk_buff *skb;
	unsigned int l4;
	struct eqfw_flow flow;
};

/**
 * eqfw_packet_read() - read a packet's headers, whatever they are
 * @packet: out
 * @skb: the buffer; nothing in it is changed, and it may be paged
 * @family: 4 or 6
 * @now_s: wall clock for the flow, or 0 where nobody asks for it
 *
 * Context: any.
 */
void eqfw_packet_read(struct eqfw_packet *packet, const struct sk_buff *skb, __u8 family,
		      __u64 now_s);

/**
 * eqfw_packet_inner_offset() - where the packet that an ICMP error is about begins
 * @packet: an ICMP error without fault
 *
 * Return: offset from skb->data.
 */
unsigned int eqfw_packet_inner_offset(const struct eqfw_packet *packet);

/**
 * eqfw_packet_read_inner() - read the packet that an ICMP error is about
 * @packet: an ICMP error without fault
 * @inner: out
 *
 * Its first 8 transport bytes must be there; it must have been sent by the one that the error is
 * sent to, be whole or a first fragment, of the same family, and no ICMP error itself.
 *
 * Context: any.
 * Return: true where it is all that.
 */
bool eqfw_packet_read_inner(const struct eqfw_packet *packet, struct eqfw_flow *inner);

#endif
