// SPDX-License-Identifier: GPL-2.0
/*
 * Packet bytes -> struct eqfw_flow. The only file that reads them but for flow_plain.h, by
 * skb_header_pointer() alone, with unsigned offsets that were compared with the length first.
 *
 *   IPv4   header | options | transport
 *   IPv6   header | up to 8 extension headers, 512 bytes | transport
 *   ICMP error    8 bytes | inner IP header | ... | 8 bytes of the inner transport
 *
 * Lengths come from skb->len, not from the IP header: segments that this host put together exceed
 * what the header's field can say.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include <eqfw/reasons.h>

#include "flow_plain.h"

#define EQFW_MAX_EXTHDRS 8
#define EQFW_MAX_EXTHDR_BYTES 512
#define EQFW_INNER_L4_BYTES 8

/* An IP packet inside a buffer: the packet in hand, or the one an ICMP error is about. */
struct ip_view {
	const struct sk_buff *skb;
	unsigned int start; /* of the IP header */
	unsigned int l4;
	bool first_fragment;
	struct eqfw_flow *flow;
};

/* Cleared and copied by words: memset() and memcpy() may be calls, dearer than their work here. */
static void begin_flow(struct eqfw_flow *flow, u8 family, u64 now_s)
{
	__builtin_memset(&flow->src, 0, sizeof(flow->src));
	__builtin_memset(&flow->dst, 0, sizeof(flow->dst));
	flow->sport = 0;
	flow->dport = 0;
	flow->family = family;
	flow->proto = 0;
	flow->tcp_flags = 0;
	flow->fault = EQFW_REASON_NONE;
	flow->now_s = now_s;
}

static const void *bytes_at(const struct sk_buff *skb, unsigned int at, unsigned int len,
			    void *room)
{
	if (at > skb->len || len > skb->len - at)
		return NULL;
	return skb_header_pointer(skb, at, len, room);
}

static unsigned int bytes_from(const struct sk_buff *skb, unsigned int at)
{
	return at < skb->len ? skb->len - at : 0;
}

static bool option_hides(u8 type)
{
	return type == IPOPT_LSRR || type == IPOPT_SSRR || type == IPOPT_RR ||
	       type == IPOPT_TIMESTAMP;
}

static u8 read_options(const struct ip_view *view, unsigned int len)
{
	u8 room[MAX_IPOPTLEN];
	unsigned int at = 0;
	const u8 *option;

	option = bytes_at(view->skb, view->start + sizeof(struct iphdr), len, room);
	if (!option)
		return EQFW_REASON_TRUNC;
	while (at < len && option[at] != IPOPT_END) {
		if (option[at] == IPOPT_NOOP) {
			at++;
			continue;
		}
		if (option_hides(option[at]) || len - at < 2 || option[at + 1] < 2 ||
		    option[at + 1] > len - at)
			return EQFW_REASON_IPOPT;
		at += option[at + 1];
	}
	return EQFW_REASON_NONE;
}

static u8 read_ipv4(struct ip_view *view)
{
	struct eqfw_flow *flow = view->flow;
	struct iphdr room;
	const struct iphdr *ip = bytes_at(view->skb, view->start, sizeof(room), &room);
	unsigned int len;

	if (!ip)
		return EQFW_REASON_TRUNC;
	__builtin_memcpy(flow->src.b, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(flow->dst.b, &ip->daddr, sizeof(ip->daddr));
	flow->proto = ip->protocol;
	len = ip->ihl * 4;
	if (ip->version != 4 || len < sizeof(*ip) || len > bytes_from(view->skb, view->start))
		return EQFW_REASON_TRUNC;
	view->l4 = view->start + len;
	view->first_fragment = ip->frag_off & htons(IP_MF) && !(ip->frag_off & htons(IP_OFFSET));
	if (ip->frag_off & htons(IP_MF | IP_OFFSET) && !view->first_fragment)
		return EQFW_REASON_FRAG;
	return len > sizeof(*ip) ? read_options(view, len - sizeof(*ip)) : EQFW_REASON_NONE;
}

/* A jumbo length is for segments that this host put together; none comes from the wire. */
static u8 read_hop_by_hop(const struct ip_view *view, unsigned int at, unsigned int len)
{
	unsigned int end = at + len;
	u8 room[2];

	at += 2;
	while (at < end) {
		const u8 *option = bytes_at(view->skb, at, end - at < 2 ? 1 : 2, room);

		if (!option)
			return EQFW_REASON_EXTHDR;
		if (option[0] == IPV6_TLV_PAD1) {
			at++;
			continue;
		}
		if (end - at < 2 || option[1] > end - at - 2)
			return EQFW_REASON_EXTHDR;
		if (option[0] == IPV6_TLV_JUMBO && !skb_is_gso(view->skb))
			return EQFW_REASON_EXTHDR;
		at += 2 + option[1];
	}
	return EQFW_REASON_NONE;
}

static u8 read_fragment(struct ip_view *view, unsigned int at)
{
	struct frag_hdr room;
	const struct frag_hdr *frag = bytes_at(view->skb, at, sizeof(room), &room);

	if (!frag)
		return EQFW_REASON_EXTHDR;
	if (frag->frag_off & htons(IP6_OFFSET))
		return EQFW_REASON_FRAG;
	/* A second, atomic fragment header does not make a whole packet of a fragment. */
	view->first_fragment |= !!(frag->frag_off & htons(IP6_MF));
	return EQFW_REASON_NONE;
}

/* Segments left: the address in the header is not where the packet goes. RH0 is dead (RFC 5095). */
static u8 read_routing(const struct ip_view *view, unsigned int at)
{
	struct ipv6_rt_hdr room;
	const struct ipv6_rt_hdr *routing = bytes_at(view->skb, at, sizeof(room), &room);

	if (!routing || routing->segments_left || !routing->type)
		return EQFW_REASON_EXTHDR;
	return EQFW_REASON_NONE;
}

static bool is_walked(u8 next)
{
	return next == NEXTHDR_HOP || next == NEXTHDR_ROUTING || next == NEXTHDR_FRAGMENT ||
	       next == NEXTHDR_DEST;
}

/* One extension header: its fault, or its length and what follows. */
static u8 read_exthdr(struct ip_view *view, unsigned int at, u8 *next, unsigned int *len)
{
	struct ipv6_opt_hdr room;
	const struct ipv6_opt_hdr *ext = bytes_at(view->skb, at, sizeof(room), &room);
	u8 fault = EQFW_REASON_NONE;
	u8 type = *next;

	if (!ext)
		return EQFW_REASON_EXTHDR;
	*len = type == NEXTHDR_FRAGMENT ? sizeof(struct frag_hdr) : ipv6_optlen(ext);
	*next = ext->nexthdr;
	if (*len > bytes_from(view->skb, at))
		return EQFW_REASON_EXTHDR;
	if (type == NEXTHDR_FRAGMENT)
		fault = read_fragment(view, at);
	else if (type == NEXTHDR_ROUTING)
		fault = read_routing(view, at);
	else if (type == NEXTHDR_HOP)
		fault = read_hop_by_hop(view, at, *len);
	return fault;
}

static u8 walk_exthdrs(struct ip_view *view, u8 next)
{
	unsigned int first = view->start + sizeof(struct ipv6hdr);
	unsigned int at = first, len;
	int n;

	for (n = 0; is_walked(next); n++) {
		u8 fault;

		/* Hop-by-hop stands first or nowhere (RFC 8200). */
		if (n == EQFW_MAX_EXTHDRS || (next == NEXTHDR_HOP && n))
			return EQFW_REASON_EXTHDR;
		view->flow->proto = next;
		fault = read_exthdr(view, at, &next, &len);
		if (fault)
			return fault;
		at += len;
		if (at - first > EQFW_MAX_EXTHDR_BYTES)
			return EQFW_REASON_EXTHDR;
	}
	view->flow->proto = next;
	view->l4 = at;
	return EQFW_REASON_NONE;
}

static u8 read_ipv6(struct ip_view *view)
{
	struct eqfw_flow *flow = view->flow;
	struct ipv6hdr room;
	const struct ipv6hdr *ip = bytes_at(view->skb, view->start, sizeof(room), &room);

	if (!ip)
		return EQFW_REASON_TRUNC;
	__builtin_memcpy(flow->src.b, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(flow->dst.b, &ip->daddr, sizeof(ip->daddr));
	flow->proto = ip->nexthdr;
	if (ip->version != 6)
		return EQFW_REASON_TRUNC;
	return walk_exthdrs(view, ip->nexthdr);
}

static u8 read_ip(struct ip_view *view)
{
	return view->flow->family == 4 ? read_ipv4(view) : read_ipv6(view);
}

static u8 read_tcp(const struct ip_view *view)
{
	struct eqfw_flow *flow = view->flow;
	struct tcphdr room;
	const struct tcphdr *tcp = bytes_at(view->skb, view->l4, sizeof(room), &room);

	if (!tcp)
		return EQFW_REASON_TRUNC;
	flow->sport = ntohs(tcp->source);
	flow->dport = ntohs(tcp->dest);
	flow->tcp_flags = ((const u8 *)tcp)[13];
	if (tcp->doff < 5 || tcp->doff * 4 > bytes_from(view->skb, view->l4))
		return EQFW_REASON_TRUNC;
	return eqfw_tcp_flags_possible(flow->tcp_flags) ? EQFW_REASON_NONE : EQFW_REASON_TCP_FLAGS;
}

static u8 read_udp(const struct ip_view *view)
{
	struct eqfw_flow *flow = view->flow;
	struct udphdr room;
	const struct udphdr *udp = bytes_at(view->skb, view->l4, sizeof(room), &room);
	unsigned int len;

	if (!udp)
		return EQFW_REASON_TRUNC;
	flow->sport = ntohs(udp->source);
	flow->dport = ntohs(udp->dest);
	len = ntohs(udp->len);
	/* Put together on this host; 64 KiB and more do not fit the field, and 0 says so. */
	if (skb_is_gso(view->skb))
		return EQFW_REASON_NONE;
	if (len < sizeof(*udp) || len > bytes_from(view->skb, view->l4))
		return EQFW_REASON_TRUNC;
	return EQFW_REASON_NONE;
}

/* ICMP and ICMPv6 alike: type and code are the first two of at least 8 bytes. */
static u8 read_icmp(const struct ip_view *view)
{
	u8 room[8];
	const u8 *icmp = bytes_at(view->skb, view->l4, sizeof(room), room);

	if (!icmp)
		return EQFW_REASON_TRUNC;
	view->flow->dport = icmp[0];
	view->flow->sport = icmp[1];
	return EQFW_REASON_NONE;
}

static bool is_icmp(const struct eqfw_flow *flow)
{
	return flow->proto == (flow->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

static u8 read_transport(const struct ip_view *view)
{
	if (view->flow->proto == IPPROTO_TCP)
		return read_tcp(view);
	if (view->flow->proto == IPPROTO_UDP)
		return read_udp(view);
	return is_icmp(view->flow) ? read_icmp(view) : EQFW_REASON_NONE;
}

/* Solicitations, advertisements and redirects never come through a router (RFC 4861). */
static bool is_routed_discovery(const struct ip_view *view)
{
	const struct eqfw_flow *flow = view->flow;
	struct ipv6hdr room;
	const struct ipv6hdr *ip;

	if (flow->family != 6 || flow->proto != IPPROTO_ICMPV6)
		return false;
	if (flow->dport < NDISC_ROUTER_SOLICITATION || flow->dport > NDISC_REDIRECT)
		return false;
	ip = bytes_at(view->skb, view->start, sizeof(room), &room);
	return ip && ip->hop_limit != 255;
}

static u8 read_packet(struct ip_view *view)
{
	u8 fault = read_ip(view);

	if (!fault)
		fault = view->first_fragment ? EQFW_REASON_FRAG : read_transport(view);
	if (!fault && is_routed_discovery(view))
		fault = EQFW_REASON_ICMP;
	return fault;
}

void eqfw_packet_read(struct eqfw_packet *packet, const struct sk_buff *skb, __u8 family,
		      __u64 now_s)
{
	struct ip_view view = {
		.skb = skb,
		.start = skb_network_offset(skb),
		.flow = &packet->flow,
	};

	packet->skb = skb;
	begin_flow(&packet->flow, family, now_s);
	packet->flow.fault = read_packet(&view);
	packet->l4 = view.l4;
}

unsigned int eqfw_packet_inner_offset(const struct eqfw_packet *packet)
{
	return packet->l4 + sizeof(struct icmphdr);
}

static bool is_icmp_error(const struct eqfw_flow *flow)
{
	if (!is_icmp(flow))
		return false;
	if (flow->family == 6)
		return !(flow->dport & ICMPV6_INFOMSG_MASK) || flow->dport == NDISC_REDIRECT;
	switch (flow->dport) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return true;
	default:
		return false;
	}
}

/* An error is sure to carry the first 8 transport bytes only: ports, or type and code. */
static bool read_inner_transport(const struct ip_view *view)
{
	struct eqfw_flow *flow = view->flow;
	__be16 room[EQFW_INNER_L4_BYTES / 2];
	const __be16 *port = bytes_at(view->skb, view->l4, sizeof(room), room);

	if (!port)
		return false;
	if (is_icmp(flow)) {
		read_icmp(view);
	} else if (flow->proto == IPPROTO_TCP || flow->proto == IPPROTO_UDP) {
		flow->sport = ntohs(port[0]);
		flow->dport = ntohs(port[1]);
	}
	return !is_icmp_error(flow);
}

bool eqfw_packet_read_inner(const struct eqfw_packet *packet, struct eqfw_flow *inner)
{
	struct ip_view view = {
		.skb = packet->skb,
		.start = eqfw_packet_inner_offset(packet),
		.flow = inner,
	};

	begin_flow(inner, packet->flow.family, packet->flow.now_s);
	if (read_ip(&view))
		return false;
	if (memcmp(&inner->src, &packet->flow.dst, sizeof(inner->src)))
		return false;
	return read_inner_transport(&view);
}
