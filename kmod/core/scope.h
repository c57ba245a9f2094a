/* SPDX-License-Identifier: GPL-2.0 */
/* What kind of packet a flow is, before any rule is looked at. */
#ifndef EQFW_CORE_SCOPE_H
#define EQFW_CORE_SCOPE_H

#include "address.h"
#include "classify.h"

#define EQFW_IPPROTO_ICMP 1
#define EQFW_IPPROTO_IGMP 2
#define EQFW_IPPROTO_TCP 6
#define EQFW_IPPROTO_UDP 17
#define EQFW_IPPROTO_ICMPV6 58
#define EQFW_IPPROTO_VRRP 112

/**
 * enum eqfw_icmp_kind - what an ICMP or ICMPv6 message is to a filter
 * @EQFW_ICMP_NOT: no ICMP message of the flow's family
 * @EQFW_ICMP_OTHER: a request, or nothing that has a meaning here
 * @EQFW_ICMP_REPLY: answers a request; eqfw_icmp_request() says which
 * @EQFW_ICMP_ERROR: carries the packet that it is about
 * @EQFW_ICMP_ROUTER: tells hosts where to send: router advertisement, redirect
 * @EQFW_ICMP_LINK: neighbour and router solicitation, neighbour advertisement
 * @EQFW_ICMP_MEMBERSHIP: MLD
 */
enum eqfw_icmp_kind {
	EQFW_ICMP_NOT,
	EQFW_ICMP_OTHER,
	EQFW_ICMP_REPLY,
	EQFW_ICMP_ERROR,
	EQFW_ICMP_ROUTER,
	EQFW_ICMP_LINK,
	EQFW_ICMP_MEMBERSHIP,
};

/**
 * eqfw_icmp_kind_of() - classify what may be an ICMP message
 * @flow: the flow
 *
 * Return: enum eqfw_icmp_kind.
 */
enum eqfw_icmp_kind eqfw_icmp_kind_of(const struct eqfw_flow *flow);

/**
 * eqfw_icmp_kind() - classify an ICMP message
 * @flow: the flow; fault must be NONE for the answer to mean anything
 *
 * Return: enum eqfw_icmp_kind.
 */
static inline enum eqfw_icmp_kind eqfw_icmp_kind(const struct eqfw_flow *flow)
{
	/* Nearly every packet, and it is asked several times. */
	if (likely(flow->proto == EQFW_IPPROTO_TCP || flow->proto == EQFW_IPPROTO_UDP))
		return EQFW_ICMP_NOT;
	if (flow->proto != EQFW_IPPROTO_ICMP && flow->proto != EQFW_IPPROTO_ICMPV6)
		return EQFW_ICMP_NOT;
	return eqfw_icmp_kind_of(flow);
}

/**
 * eqfw_is_plain_rare() - may eqfw_is_plain() be said of a packet that is neither TCP nor UDP
 * @flow: the packet; it goes to no group
 *
 * Return: false for what keeps a link alive or moves traffic.
 */
bool eqfw_is_plain_rare(const struct eqfw_flow *flow);

/**
 * eqfw_icmp_request() - type of the request that a reply answers
 * @flow: a flow of EQFW_ICMP_REPLY
 *
 * Return: ICMP type.
 */
u16 eqfw_icmp_request(const struct eqfw_flow *flow);

/**
 * eqfw_is_dhcp() - is this DHCP or DHCPv6
 * @flow: the flow
 *
 * Return: whether both ports are DHCP's own.
 */
static inline bool eqfw_is_dhcp(const struct eqfw_flow *flow)
{
	u16 base = flow->family == 4 ? 67 : 546; /* and the next port */

	return flow->proto == EQFW_IPPROTO_UDP && (u16)(flow->dport - base) <= 1 &&
	       (u16)(flow->sport - base) <= 1;
}

/**
 * eqfw_in_scope() - is this packet for eqfw to judge
 * @table: the table
 * @flow: the flow
 * @places: its places
 * @in_zones: zones of the arrival interface, or NULL where it is in none
 *
 * Return: false where it passes untouched and uncounted.
 */
bool eqfw_in_scope(const struct eqfw_table *table, const struct eqfw_flow *flow,
		   const struct eqfw_places *places, const struct eqfw_zone_set *in_zones);

#endif
