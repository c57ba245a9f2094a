/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The headers that nearly every packet has, read where they lie: TCP or UDP behind an IP header
 * without options or extension headers, no fragment, all in the buffer's linear part. Whatever is
 * different, and whatever is wrong with it, is left to flow_skb.c, which reads any packet.
 *
 * TCP and UDP take the same way without a branch: which of them comes next is up to the sender, and
 * a wrong guess costs more than to look at both. So 20 bytes behind the IP header must be there
 * even of UDP; shorter datagrams are rare.
 */
#ifndef EQFW_FLOW_PLAIN_H
#define EQFW_FLOW_PLAIN_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include <eqfw/reasons.h>

#include "flow_skb.h"

#define EQFW_TCP_ALL 0x3f
#define EQFW_IPV4_NO_OPTIONS 0x45 /* version and length of the header */

static inline void eqfw_addr_set4(struct eqfw_addr *addr, const __be32 *from)
{
	__builtin_memset(addr, 0, sizeof(*addr));
	__builtin_memcpy(addr, from, sizeof(*from));
}

/**
 * eqfw_tcp_flags_possible() - are these flags of any segment that a host sends
 * @flags: byte 13 of a TCP header
 *
 * None at all, FIN PSH URG without ACK (whatever else there is), SYN with FIN or RST: nobody does.
 *
 * Return: whether they are.
 */
static inline bool eqfw_tcp_flags_possible(u8 flags)
{
	const u8 xmas = EQFW_TCP_FIN | EQFW_TCP_PSH | EQFW_TCP_URG;
	bool none = !(flags & EQFW_TCP_ALL);
	bool tree = (flags & (xmas | EQFW_TCP_ACK)) == xmas;
	bool opens = flags & EQFW_TCP_SYN;
	bool ends = flags & (EQFW_TCP_FIN | EQFW_TCP_RST);

	return !(none | tree | (opens & ends));
}

/* One of two numbers, without a branch. */
static inline u32 eqfw_choose(u32 mask, u32 one, u32 other)
{
	return (one & mask) | (other & ~mask);
}

/* Ports of the TCP or UDP header that begins here, with @have bytes to the packet's end. */
static __always_inline bool eqfw_plain_ports(struct eqfw_flow *flow, const u8 *bytes,
					     unsigned int have, u8 proto)
{
	const struct tcphdr *tcp = (const struct tcphdr *)bytes;
	const struct udphdr *udp = (const struct udphdr *)bytes;
	u32 is_tcp = 0u - (proto == IPPROTO_TCP);
	u32 least = eqfw_choose(is_tcp, sizeof(*tcp), sizeof(*udp));
	u32 len = eqfw_choose(is_tcp, (bytes[12] >> 4) * 4, ntohs(udp->len));
	u8 flags = bytes[13] & is_tcp;

	/* The compiler would see two protocols again, and branch. */
	OPTIMIZER_HIDE_VAR(len);
	OPTIMIZER_HIDE_VAR(least);
	if (unlikely(proto != IPPROTO_TCP && proto != IPPROTO_UDP))
		return false;
	flow->sport = ntohs(tcp->source);
	flow->dport = ntohs(tcp->dest);
	flow->proto = proto;
	flow->tcp_flags = flags;
	return len >= least && len <= have &&
	       eqfw_tcp_flags_possible(eqfw_choose(is_tcp, flags, EQFW_TCP_ACK));
}

/**
 * eqfw_packet_read_plain() - read a packet's headers, if they are as nearly always
 * @packet: out
 * @skb: the buffer
 * @family: 4 or 6
 * @now_s: for the flow
 *
 * Context: any.
 * Return: false where somebody else must read it; then nothing in @packet means anything.
 */
static __always_inline bool eqfw_packet_read_plain(struct eqfw_packet *packet,
						   const struct sk_buff *skb, u8 family, u64 now_s)
{
	unsigned int start = skb_network_offset(skb), have = skb_headlen(skb);
	unsigned int ip_len = family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	const u8 *bytes = skb_network_header(skb);
	struct eqfw_flow *flow = &packet->flow;
	u8 proto;

	/* A start before skb->data is a very large one, too. */
	if (unlikely(start > have || have - start < ip_len + sizeof(struct tcphdr)))
		return false;
	if (family == 4) {
		const struct iphdr *ip = (const struct iphdr *)bytes;

		if (unlikely(bytes[0] != EQFW_IPV4_NO_OPTIONS ||
			     ip->frag_off & htons(IP_MF | IP_OFFSET)))
			return false;
		proto = ip->protocol;
		eqfw_addr_set4(&flow->src, &ip->saddr);
		eqfw_addr_set4(&flow->dst, &ip->daddr);
	} else {
		const struct ipv6hdr *ip = (const struct ipv6hdr *)bytes;

		if (unlikely(bytes[0] >> 4 != 6))
			return false;
		proto = ip->nexthdr;
		__builtin_memcpy(flow->src.b, &ip->saddr, sizeof(ip->saddr));
		__builtin_memcpy(flow->dst.b, &ip->daddr, sizeof(ip->daddr));
	}
	packet->skb = skb;
	packet->l4 = start + ip_len;
	flow->family = family;
	flow->fault = EQFW_REASON_NONE;
	flow->now_s = now_s;
	return eqfw_plain_ports(flow, bytes + ip_len, skb->len - packet->l4, proto);
}

#endif
