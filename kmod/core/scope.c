// SPDX-License-Identifier: GPL-2.0
/*
 * Scope: which packets are judged at all. Neighbour discovery and its like keep a link alive and
 * must survive any profile (RFC 4890); router advertisements and redirects move traffic and must
 * not slip through because nobody declared a host.
 */
#include "lookup.h"
#include "scope.h"

static enum eqfw_icmp_kind icmp4_kind(u16 type)
{
	switch (type) {
	case 0:	 /* echo reply */
	case 14: /* timestamp reply */
	case 16: /* information reply */
	case 18: /* address mask reply */
		return EQFW_ICMP_REPLY;
	case 3:	 /* destination unreachable */
	case 11: /* time exceeded */
	case 12: /* parameter problem */
		return EQFW_ICMP_ERROR;
	case 5: /* redirect */
		return EQFW_ICMP_ROUTER;
	default: /* source quench (4) is deprecated by RFC 6633 and no error to follow */
		return EQFW_ICMP_OTHER;
	}
}

static enum eqfw_icmp_kind icmp6_kind(u16 type)
{
	switch (type) {
	case 1: /* destination unreachable */
	case 2: /* packet too big */
	case 3: /* time exceeded */
	case 4: /* parameter problem */
		return EQFW_ICMP_ERROR;
	case 129: /* echo reply */
	case 140: /* node information reply */
		return EQFW_ICMP_REPLY;
	case 130: /* MLD query, report, done */
	case 131:
	case 132:
	case 143: /* MLDv2 report */
	case 133: /* router solicitation */
	case 135: /* neighbour solicitation, advertisement */
	case 136:
		return EQFW_ICMP_LINK;
	case 134: /* router advertisement */
	case 137: /* redirect */
		return EQFW_ICMP_ROUTER;
	default:
		return EQFW_ICMP_OTHER;
	}
}

enum eqfw_icmp_kind eqfw_icmp_kind(const struct eqfw_flow *flow)
{
	if (flow->family == 4 && flow->proto == EQFW_IPPROTO_ICMP)
		return icmp4_kind(flow->dport);
	if (flow->family == 6 && flow->proto == EQFW_IPPROTO_ICMPV6)
		return icmp6_kind(flow->dport);
	return EQFW_ICMP_NOT;
}

u16 eqfw_icmp_request(const struct eqfw_flow *flow)
{
	if (flow->family == 4)
		return flow->dport ? flow->dport - 1 : 8;
	return flow->dport - 1;
}

static bool is_one_of(u16 port, u16 a, u16 b)
{
	return port == a || port == b;
}

bool eqfw_is_dhcp(const struct eqfw_flow *flow)
{
	if (flow->proto != EQFW_IPPROTO_UDP)
		return false;
	if (flow->family == 4)
		return is_one_of(flow->sport, 67, 68) && is_one_of(flow->dport, 67, 68);
	return is_one_of(flow->sport, 546, 547) && is_one_of(flow->dport, 546, 547);
}

/* Of a malformed packet only the addresses are known, so only they can excuse it. */
static bool is_never_judged(const struct eqfw_flow *flow, bool all)
{
	bool sound = flow->fault == EQFW_REASON_NONE;

	if (sound && flow->family == 4 && flow->proto == EQFW_IPPROTO_IGMP)
		return true;
	if (sound && eqfw_icmp_kind(flow) == EQFW_ICMP_LINK)
		return true;
	if (sound && eqfw_is_dhcp(flow))
		return !all;
	if (sound && flow->proto == EQFW_IPPROTO_VRRP && all)
		return false;
	return eqfw_addr_is_link_group(flow->family, flow->dst.b);
}

bool eqfw_in_scope(const struct eqfw_table *table, const struct eqfw_flow *flow,
		   const struct eqfw_places *places, bool zoned)
{
	bool all = table->header_flags & EQFW_HEADER_SCOPE_ALL;
	bool read = flow->fault == EQFW_REASON_NONE || flow->fault == EQFW_REASON_ICMP;

	if (zoned && read && eqfw_icmp_kind(flow) == EQFW_ICMP_ROUTER)
		return true;
	if (is_never_judged(flow, all))
		return false;
	if ((places->src.flags | places->dst.flags) & EQFW_CLASS_DECLARED)
		return true;
	return all && zoned;
}
