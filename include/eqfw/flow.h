/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_FLOW_H
#define EQFW_FLOW_H

#include <eqfw/types.h>

/**
 * struct eqfw_addr - an address of either family
 * @b: network byte order; IPv4 in the first 4 bytes, the rest zero
 */
struct eqfw_addr {
	__u8 b[16];
};

/* TCP flag bits as in byte 13 of the header (RFC 9293). */
#define EQFW_TCP_FIN 0x01
#define EQFW_TCP_SYN 0x02
#define EQFW_TCP_RST 0x04
#define EQFW_TCP_PSH 0x08
#define EQFW_TCP_ACK 0x10
#define EQFW_TCP_URG 0x20

/**
 * struct eqfw_flow - what a verdict is made from: one packet's addresses, ports and flags
 * @src: source address
 * @dst: destination address
 * @sport: source port, host byte order; ICMP and ICMPv6: the code
 * @dport: destination port, host byte order; ICMP and ICMPv6: the type
 * @family: 4 or 6
 * @proto: protocol of the first header that is no IPv6 extension header
 * @tcp_flags: EQFW_TCP_*, TCP only
 * @fault: enum eqfw_reason of a malformed packet (TRUNC, FRAG, IPOPT, EXTHDR, TCP_FLAGS; ICMP for
 *	neighbour discovery that came through a router, then everything is valid), or NONE; the
 *	addresses are valid even then, the rest may not be
 * @now_s: wall clock, seconds since 1970 UTC, for until:
 *
 * Made by kmod/flow_skb.c from packets, by userspace/cmd_explain.c from options, by tests at will.
 */
struct eqfw_flow {
	struct eqfw_addr src;
	struct eqfw_addr dst;
	__u16 sport;
	__u16 dport;
	__u8 family;
	__u8 proto;
	__u8 tcp_flags;
	__u8 fault;
	__u64 now_s;
};

#endif
