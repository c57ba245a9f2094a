// SPDX-License-Identifier: GPL-2.0
#include "oracle.h"

#include <arpa/inet.h>
#include <stdio.h>

struct found {
	bool pair;	/* there is a program */
	bool proto;	/* it has a rule of the protocol */
	bool match;	/* a rule matches, expired or not */
	bool permitted; /* one that has not expired does */
	u32 item;
};

static bool in_prefix(const u8 *addr, const char *text, int bits)
{
	u8 net[16];
	int i;

	inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text, net);
	for (i = 0; i < bits; i++)
		if ((addr[i / 8] ^ net[i / 8]) & (0x80 >> (i % 8)))
			return false;
	return true;
}

static bool covers(const struct eqfw_prefix_rec *prefix, const u8 *addr)
{
	int i;

	for (i = 0; i < prefix->len; i++)
		if ((addr[i / 8] ^ prefix->addr[i / 8]) & (0x80 >> (i % 8)))
			return false;
	return true;
}

u32 oracle_class(const struct eqfw_profile *p, u8 family, const struct eqfw_addr *addr)
{
	const u8 *b = addr->b;
	u32 i, class_id = 0;
	int longest = 0;

	if (family == 6 && in_prefix(b, "::ffff:0.0.0.0", 96)) {
		family = 4;
		b += 12;
	}
	for (i = 0; i < p->n_prefixes; i++) {
		const struct eqfw_prefix_rec *prefix = &p->prefixes[i];

		if (prefix->family != family || prefix->len < longest || !covers(prefix, b))
			continue;
		longest = prefix->len;
		class_id = le32toh(prefix->class_id);
	}
	return class_id;
}

static bool has_related(const struct eqfw_profile *p, const struct eqfw_program_rec *program)
{
	u32 r;

	for (r = 0; r < le32toh(program->count); r++) {
		u32 item = le32toh(p->rules[le32toh(program->first) + r].item);

		if (le16toh(p->items[item].flags) & EQFW_ITEM_RELATED)
			return true;
	}
	return false;
}

/* Is the class an end of an item with data channels? Found out once for each profile. */
static bool is_related(const struct eqfw_profile *p, u32 class_id)
{
	static u8 digest[EQFW_DIGEST_SIZE];
	static bool ends[EQFW_MAX_CLASSES];
	u32 i;

	if (!memcmp(digest, p->digest, sizeof(digest)))
		return ends[class_id];
	memcpy(digest, p->digest, sizeof(digest));
	memset(ends, 0, sizeof(ends));
	for (i = 0; i < p->n_cells; i++) {
		if (!has_related(p, &p->programs[le32toh(p->cells[i].program)]))
			continue;
		ends[le32toh(p->cells[i].src_class)] = true;
		ends[le32toh(p->cells[i].dst_class)] = true;
	}
	return ends[class_id];
}

static struct eqfw_place place_of(const struct eqfw_profile *p, u8 family,
				  const struct eqfw_addr *addr)
{
	u32 id = oracle_class(p, family, addr);
	u16 flags = le16toh(p->classes[id].flags);

	if (is_related(p, id))
		flags |= EQFW_CLASS_RELATED;
	return (struct eqfw_place){ id, le16toh(p->classes[id].zone), flags };
}

void oracle_locate(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		   struct eqfw_places *places)
{
	places->src = place_of(p, flow->family, &flow->src);
	places->dst = place_of(p, flow->family, &flow->dst);
}

static bool has_ports(u8 proto)
{
	return proto == 6 || proto == 17 || proto == 1 || proto == 58;
}

static bool matches(const struct eqfw_rule_rec *rule, const struct eqfw_flow *flow, bool any_source)
{
	if (rule->proto != flow->proto)
		return false;
	if (!has_ports(flow->proto))
		return true;
	if (flow->dport < le16toh(rule->dst_lo) || flow->dport > le16toh(rule->dst_hi))
		return false;
	return any_source ||
	       (flow->sport >= le16toh(rule->src_lo) && flow->sport <= le16toh(rule->src_hi));
}

static bool is_other_icmp(const struct eqfw_flow *flow)
{
	return (flow->proto == 1 && flow->family == 6) || (flow->proto == 58 && flow->family == 4);
}

static struct found search(const struct eqfw_profile *p, u32 program, const struct eqfw_flow *flow,
			   bool any_source)
{
	struct found found = { .pair = true, .item = EQFW_ITEM_NONE };
	u32 first = le32toh(p->programs[program].first);
	u32 i;

	for (i = first; i < first + le32toh(p->programs[program].count); i++) {
		const struct eqfw_rule_rec *rule = &p->rules[i];
		u32 item = le32toh(rule->item);
		u64 until = le64toh(p->items[item].until);

		found.proto |= rule->proto == flow->proto && !is_other_icmp(flow);
		if (is_other_icmp(flow) || !matches(rule, flow, any_source))
			continue;
		if (!found.match || !until || flow->now_s < until)
			found.item = item;
		found.match = true;
		if (until && flow->now_s >= until)
			continue;
		found.permitted = true;
		break;
	}
	return found;
}

static struct found search_pair(const struct eqfw_profile *p, u32 src, u32 dst,
				const struct eqfw_flow *flow)
{
	struct found none = { .item = EQFW_ITEM_NONE };
	u32 i;

	for (i = 0; i < p->n_cells; i++)
		if (le32toh(p->cells[i].src_class) == src && le32toh(p->cells[i].dst_class) == dst)
			return search(p, le32toh(p->cells[i].program), flow, false);
	return none;
}

static bool is_icmp(const struct eqfw_flow *flow)
{
	return has_ports(flow->proto) && flow->proto != 6 && flow->proto != 17 &&
	       !is_other_icmp(flow);
}

static void answer(struct eqfw_verdict *v, u8 action, u8 reason, u32 item)
{
	v->action = action;
	v->reason = reason;
	v->item = item;
}

/* Forward rules and the reason of a miss; true where permitted. */
static bool forward(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, struct eqfw_verdict *v)
{
	struct found found = search_pair(p, places->src.class_id, places->dst.class_id, flow);
	u32 forbidden = le32toh(p->classes[places->dst.class_id].forbidden);

	if (found.permitted) {
		answer(v, EQFW_ACTION_PASS, EQFW_REASON_NONE, found.item);
		return true;
	}
	if (found.match) {
		answer(v, EQFW_ACTION_DROP, EQFW_REASON_EXPIRED, found.item);
		return false;
	}
	answer(v, EQFW_ACTION_DROP,
	       is_icmp(flow)  ? EQFW_REASON_ICMP
	       : !found.pair  ? EQFW_REASON_PAIR
	       : !found.proto ? EQFW_REASON_PROTO
			      : EQFW_REASON_PORT,
	       EQFW_ITEM_NONE);
	if (forbidden != EQFW_PROGRAM_NONE) {
		struct eqfw_flow always = *flow;

		always.now_s = 0; /* a port that is always blocked knows no date */
		found = search(p, forbidden, &always, true);
		if (found.match)
			answer(v, EQFW_ACTION_DROP, EQFW_REASON_FORBIDDEN, found.item);
	}
	return false;
}

static bool is_hidden(const struct eqfw_places *places)
{
	u16 flags = places->src.flags | places->dst.flags;

	return flags & EQFW_CLASS_BOX || flags & EQFW_CLASS_PUBLIC;
}

static bool is_intra(const struct eqfw_profile *p, const struct eqfw_places *places)
{
	u16 zone = places->src.zone;

	if (zone == EQFW_ZONE_NONE || zone != places->dst.zone || is_hidden(places))
		return false;
	return le32toh(p->zones[zone].flags) & EQFW_ZONE_INTRA_PASS;
}

static bool is_mapped(const struct eqfw_flow *flow, const struct eqfw_addr *addr)
{
	return flow->family == 6 && in_prefix(addr->b, "::ffff:0.0.0.0", 96);
}

bool oracle_permits(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, struct eqfw_verdict *v)
{
	v->src_zone = places->src.zone;
	v->dst_zone = places->dst.zone;
	v->unzoned = false;
	if (is_mapped(flow, &flow->src) || is_mapped(flow, &flow->dst)) {
		answer(v, EQFW_ACTION_DROP, EQFW_REASON_PAIR, EQFW_ITEM_NONE);
		return false;
	}
	if (places->src.flags & EQFW_CLASS_BOX || is_intra(p, places)) {
		answer(v, EQFW_ACTION_PASS, EQFW_REASON_NONE, EQFW_ITEM_NONE);
		return true;
	}
	return forward(p, flow, places, v);
}

static bool icmp_type_in(const struct eqfw_flow *flow, const char *types4, const char *types6)
{
	char type[8];

	if (!is_icmp(flow))
		return false;
	snprintf(type, sizeof(type), " %u ", flow->dport);
	return strstr(flow->family == 4 ? types4 : types6, type);
}

static bool is_router_message(const struct eqfw_flow *flow)
{
	return icmp_type_in(flow, " 5 ", " 134 137 ");
}

static bool is_reply(const struct eqfw_flow *flow)
{
	return icmp_type_in(flow, " 0 14 16 18 ", " 129 140 ");
}

static bool is_dhcp(const struct eqfw_flow *flow)
{
	u16 low = flow->family == 4 ? 67 : 546;

	return flow->proto == 17 && (flow->sport == low || flow->sport == low + 1) &&
	       (flow->dport == low || flow->dport == low + 1);
}

static bool is_link_group(const struct eqfw_flow *flow)
{
	return flow->family == 4 ? in_prefix(flow->dst.b, "224.0.0.0", 24)
				 : in_prefix(flow->dst.b, "ff02::", 16);
}

static bool to_group(const struct eqfw_flow *flow)
{
	return in_prefix(flow->dst.b,
			 flow->family == 4 ? "224.0.0.0" : "ff00::", flow->family == 4 ? 4 : 8);
}

static bool in(const struct eqfw_zone_set *set, u16 zone)
{
	return zone != EQFW_ZONE_NONE && set->bits[zone / 64] & (1ull << (zone % 64));
}

static bool lease(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		  const struct eqfw_places *places, const struct eqfw_zone_set *zoned)
{
	u16 zone = places->src.zone;

	if (!is_dhcp(flow))
		return false;
	if (zoned && places->dst.flags & EQFW_CLASS_DECLARED)
		return in(zoned, zone) && !(le32toh(p->zones[zone].flags) & EQFW_ZONE_DEFAULT);
	return true;
}

static bool in_scope(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		     const struct eqfw_places *places, const struct eqfw_zone_set *zoned)
{
	bool all = le32toh(p->header->flags) & EQFW_HEADER_SCOPE_ALL;
	bool declared = (places->src.flags | places->dst.flags) & EQFW_CLASS_DECLARED;

	if (zoned && is_router_message(flow) && (!flow->fault || flow->fault == EQFW_REASON_ICMP))
		return true;
	if (!flow->fault) {
		if (icmp_type_in(flow, "", " 133 135 136 "))
			return false;
		if (to_group(flow) && (icmp_type_in(flow, "", " 130 131 132 143 ") ||
				       (flow->family == 4 && flow->proto == 2)))
			return false;
		if (lease(p, flow, places, zoned))
			return all && (declared || zoned);
		if (flow->proto == 112 && all)
			return declared || zoned;
	}
	return !is_link_group(flow) && (declared || (all && zoned));
}

static bool never_a_source(const struct eqfw_flow *flow)
{
	const u8 *b = flow->src.b;

	if (flow->family == 4)
		return in_prefix(b, "0.0.0.0", 8) || in_prefix(b, "127.0.0.0", 8) ||
		       in_prefix(b, "224.0.0.0", 4) || in_prefix(b, "240.0.0.0", 4);
	return in_prefix(b, "::", 128) || in_prefix(b, "::1", 128) || in_prefix(b, "ff00::", 8) ||
	       in_prefix(b, "::ffff:0.0.0.0", 96);
}

static bool on_link(const struct eqfw_flow *flow, const struct eqfw_places *places)
{
	return flow->family == 6 && in_prefix(flow->src.b, "fe80::", 10) && !places->src.class_id &&
	       (is_router_message(flow) || is_link_group(flow) ||
		in_prefix(flow->dst.b, "fe80::", 10));
}

static u8 packet_fault(const struct eqfw_flow *flow, const struct eqfw_places *places,
		       const struct eqfw_zone_set *zoned)
{
	u16 zone = places->src.zone;
	bool excepted = is_dhcp(flow) && (flow->family == 4 ? in_prefix(flow->src.b, "0.0.0.0", 32)
							    : in_prefix(flow->src.b, "::", 128));

	if (flow->fault)
		return flow->fault;
	if (!excepted && never_a_source(flow))
		return EQFW_REASON_SOURCE;
	if (!excepted && !on_link(flow, places) && !in(zoned, zone))
		return EQFW_REASON_SPOOF;
	if (!is_dhcp(flow) &&
	    (places->dst.flags & EQFW_CLASS_BROADCAST ||
	     (flow->family == 4 && in_prefix(flow->dst.b, "255.255.255.255", 32))))
		return EQFW_REASON_BROADCAST;
	return is_mapped(flow, &flow->dst) ? EQFW_REASON_PAIR : EQFW_REASON_NONE;
}

static bool mirrors(const struct eqfw_profile *p, const struct eqfw_places *places)
{
	u16 a = places->src.zone, b = places->dst.zone;
	u32 i;

	for (i = 0; i < p->n_mirrors; i++) {
		u16 low = le16toh(p->mirrors[i].low), high = le16toh(p->mirrors[i].high);

		if ((a == low && b == high) || (a == high && b == low))
			return true;
	}
	return false;
}

/* What @flow would answer. */
static struct eqfw_flow turned(const struct eqfw_flow *flow)
{
	struct eqfw_flow back = *flow;

	back.sport = flow->dport;
	back.dport = flow->sport;
	if (is_icmp(flow)) {
		back.sport = flow->sport;
		back.dport = flow->dport == 0 && flow->family == 4 ? 8 : flow->dport - 1;
	}
	return back;
}

bool oracle_mirrors(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, u32 *item)
{
	struct eqfw_flow back = turned(flow);
	struct found found;

	*item = EQFW_ITEM_NONE;
	if (is_mapped(flow, &flow->src) || is_mapped(flow, &flow->dst) || !mirrors(p, places))
		return false;
	found = search_pair(p, places->src.class_id, places->dst.class_id, flow);
	if (!found.permitted && (!is_icmp(flow) || is_reply(flow)))
		found = search_pair(p, places->dst.class_id, places->src.class_id, &back);
	if (found.permitted)
		*item = found.item;
	return found.permitted;
}

static void judge_reverse(const struct eqfw_profile *p, const struct eqfw_flow *flow,
			  const struct eqfw_places *places, struct eqfw_verdict *v)
{
	struct eqfw_flow back = turned(flow);
	bool syn = flow->proto == 6 && (flow->tcp_flags & 0x12) == 0x02;
	bool mute = flow->proto == 6 && !(flow->tcp_flags & 0x14);
	struct found found;

	if (syn || (is_icmp(flow) && !is_reply(flow)))
		return;
	found = search_pair(p, places->dst.class_id, places->src.class_id, &back);
	if (found.permitted && v->reason != EQFW_REASON_EXPIRED)
		answer(v, EQFW_ACTION_DROP, EQFW_REASON_STATE, found.item);
	if (!mute && found.permitted && mirrors(p, places))
		answer(v, EQFW_ACTION_PASS, EQFW_REASON_NONE, found.item);
	else if (!mute && (found.permitted || is_hidden(places)))
		v->action = EQFW_ACTION_ASK_REPLY;
}

static bool related(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, u8 reason)
{
	bool src, dst;

	if ((flow->proto != 6 && flow->proto != 17) || reason == EQFW_REASON_FORBIDDEN ||
	    reason == EQFW_REASON_EXPIRED)
		return false;
	src = places->src.flags & EQFW_CLASS_RELATED;
	dst = places->dst.flags & EQFW_CLASS_RELATED;
	return (src && dst) || ((src || dst) && is_hidden(places));
}

void oracle_judge(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		  const struct eqfw_places *places, const struct eqfw_zone_set *in_zones,
		  struct eqfw_verdict *v)
{
	u8 fault;

	v->src_zone = places->src.zone;
	v->dst_zone = places->dst.zone;
	v->unzoned = false;
	v->related = false;
	answer(v, EQFW_ACTION_SKIP, EQFW_REASON_NONE, EQFW_ITEM_NONE);
	if (!in_scope(p, flow, places, in_zones))
		return;
	if (!in_zones) {
		v->unzoned = !(le32toh(p->header->flags) & EQFW_HEADER_UNZONED_DROP);
		answer(v, v->unzoned ? EQFW_ACTION_PASS : EQFW_ACTION_DROP,
		       v->unzoned ? EQFW_REASON_NONE : EQFW_REASON_UNZONED, EQFW_ITEM_NONE);
		return;
	}
	fault = packet_fault(flow, places, in_zones);
	if (fault) {
		answer(v, EQFW_ACTION_DROP, fault, EQFW_ITEM_NONE);
		return;
	}
	v->action = EQFW_ACTION_PASS;
	if (is_intra(p, places) && !is_router_message(flow))
		return;
	if (forward(p, flow, places, v))
		return;
	if (icmp_type_in(flow, " 3 11 12 ", " 1 2 3 4 "))
		answer(v, EQFW_ACTION_ASK_INNER, EQFW_REASON_ICMP_INNER, EQFW_ITEM_NONE);
	else {
		bool expected = related(p, flow, places, v->reason);

		judge_reverse(p, flow, places, v);
		v->related = expected && v->action != EQFW_ACTION_PASS;
	}
}
