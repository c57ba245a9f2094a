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
		return EQFW_ICMP_MEMBERSHIP;
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

enum eqfw_icmp_kind eqfw_icmp_kind_of(const struct eqfw_flow *flow)
{
	if (flow->family == 4 && flow->proto == EQFW_IPPROTO_ICMP)
		return icmp4_kind(flow->dport);
	if (flow->family == 6 && flow->proto == EQFW_IPPROTO_ICMPV6)
		return icmp6_kind(flow->dport);
	return EQFW_ICMP_NOT;
}

bool eqfw_is_plain_rare(const struct eqfw_flow *flow)
{
	enum eqfw_icmp_kind icmp = eqfw_icmp_kind(flow);

	return icmp != EQFW_ICMP_ROUTER && icmp != EQFW_ICMP_LINK;
}

u16 eqfw_icmp_request(const struct eqfw_flow *flow)
{
	if (flow->family == 4)
		return flow->dport ? flow->dport - 1 : 8;
	return flow->dport - 1;
}

/* Groups hear who joins them; the same message to a single address keeps no link alive. */
static bool is_membership(const struct eqfw_flow *flow)
{
	bool report = flow->family == 4 ? flow->proto == EQFW_IPPROTO_IGMP
					: eqfw_icmp_kind(flow) == EQFW_ICMP_MEMBERSHIP;

	return report && eqfw_addr_is_multicast(flow->family, flow->dst.b);
}

/* A declared host gets its lease from its own side: for strangers 67 and 68 are ports as others. */
static bool is_lease(const struct eqfw_table *table, const struct eqfw_flow *flow,
		     const struct eqfw_places *places, const struct eqfw_zone_set *in_zones)
{
	u16 zone = places->src.zone;

	if (!eqfw_is_dhcp(flow))
		return false;
	if (!in_zones || !(places->dst.flags & EQFW_CLASS_DECLARED))
		return true;
	return eqfw_zone_set_has(in_zones, zone) &&
	       !(eqfw_table_zone_flags(table, zone) & EQFW_ZONE_DEFAULT);
}

/* Of a malformed packet only the addresses are known, so only they can excuse it. */
static bool is_never_judged(const struct eqfw_table *table, const struct eqfw_flow *flow,
			    const struct eqfw_places *places, const struct eqfw_zone_set *in_zones)
{
	bool all = table->header_flags & EQFW_HEADER_SCOPE_ALL;
	bool sound = flow->fault == EQFW_REASON_NONE;

	if (sound && (is_membership(flow) || eqfw_icmp_kind(flow) == EQFW_ICMP_LINK))
		return true;
	if (sound && is_lease(table, flow, places, in_zones))
		return !all;
	if (sound && flow->proto == EQFW_IPPROTO_VRRP && all)
		return false;
	return eqfw_addr_is_link_group(flow->family, flow->dst.b);
}

bool eqfw_in_scope(const struct eqfw_table *table, const struct eqfw_flow *flow,
		   const struct eqfw_places *places, const struct eqfw_zone_set *in_zones)
{
	bool read = flow->fault == EQFW_REASON_NONE || flow->fault == EQFW_REASON_ICMP;

	if (in_zones && read && eqfw_icmp_kind(flow) == EQFW_ICMP_ROUTER)
		return true;
	if (is_never_judged(table, flow, places, in_zones))
		return false;
	if ((places->src.flags | places->dst.flags) & EQFW_CLASS_DECLARED)
		return true;
	return in_zones && table->header_flags & EQFW_HEADER_SCOPE_ALL;
}
