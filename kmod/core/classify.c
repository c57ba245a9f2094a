// SPDX-License-Identifier: GPL-2.0
/*
 * (table, flow) -> verdict. The judgement of a packet, in this order; the first answer ends it:
 *
 *   out of scope                                    skip
 *   interface in no zone                            pass, or drop: unzoned
 *   malformed                                       drop: as flow_skb.c found
 *   source that cannot be, of another zone          drop: source, spoof
 *   broadcast, IPv4 written as IPv6                 drop: broadcast, pair
 *   both ends in one zone with intra: pass          pass
 *   a rule permits it                               pass
 *   an ICMP error                                   ask: its inner packet
 *   the reverse of a rule permits it, mirrored      pass
 *   the reverse of a rule permits it, or NAT may
 *   hide who talks                                  ask: connection tracking
 *   else                                            drop: why no rule permitted it
 *
 * Everything here is a lookup in an immutable table: no lock, no allocation, no state. The short
 * way of nearly every packet through these questions is in judge.h.
 */
#include "judge.h"

/* What the rules say of one direction. */
struct answer {
	bool permitted;
	u8 reason;
	u32 item;
};

void eqfw_locate(const struct eqfw_table *table, const struct eqfw_flow *flow,
		 struct eqfw_places *places)
{
	eqfw_locate_here(table, flow->family, flow, places);
}

void eqfw_place_local(const struct eqfw_table *table, struct eqfw_place *place)
{
	if (place->flags & (EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC | EQFW_CLASS_BOX))
		return;
	place->class_id = table->box_class;
	place->zone = table->box_zone;
	place->flags = EQFW_CLASS_BOX;
}

/* The first rule that has not ended. */
static noinline u32 find_timed(const struct eqfw_table *table, const struct eqfw_set *set,
			       u16 sport, u16 dport, u64 now_s)
{
	u32 item, expired = EQFW_ITEM_NONE;
	struct eqfw_match match;

	eqfw_match_begin(&match, table, set, sport, dport, false);
	while (eqfw_match_next(&match, &item)) {
		bool timed = item & EQFW_ITEM_TIMED;

		item &= ~EQFW_ITEM_TIMED;
		if (!timed || now_s < eqfw_table_until(table, item))
			return item;
		if (expired == EQFW_ITEM_NONE)
			expired = item | EQFW_NOT_NOW;
	}
	return expired;
}

u32 eqfw_find_slowly(const struct eqfw_table *table, const struct eqfw_set *set, u16 sport,
		     u16 dport, u64 now_s)
{
	u32 item = eqfw_match_first(table, set, sport, dport);

	if (item == EQFW_ITEM_NONE || !(item & EQFW_ITEM_TIMED))
		return item;
	return find_timed(table, set, sport, dport, now_s);
}

/* An item that permits, or EQFW_ITEM_NONE. */
static u32 if_now(u32 found)
{
	return found & EQFW_NOT_NOW ? EQFW_ITEM_NONE : found;
}

u32 eqfw_find(const struct eqfw_table *table, const struct eqfw_flow *flow,
	      const struct eqfw_places *places)
{
	return eqfw_find_here(table, flow, places);
}

/* Why nothing permits it: an item that did so once, or what the rules have nothing for. */
static enum eqfw_reason explain_miss(const struct eqfw_table *table, u32 program,
				     const struct eqfw_flow *flow, u32 found)
{
	if (found != EQFW_ITEM_NONE)
		return EQFW_REASON_EXPIRED;
	if (program == EQFW_PROGRAM_EMPTY)
		return EQFW_REASON_PAIR;
	if (eqfw_ports_set(table, program, flow->family, flow->proto)->rule & EQFW_SET_EMPTY)
		return EQFW_REASON_PROTO;
	return EQFW_REASON_PORT;
}

/* The document's "always blocked" holds for every source, so the source port is not looked at. */
static void ask_forbidden(const struct eqfw_table *table, const struct eqfw_place *dst,
			  const struct eqfw_flow *flow, struct answer *answer)
{
	const struct eqfw_set *set;
	struct eqfw_match match;
	u32 program, item;

	if (dst->class_id >= table->n_classes)
		return;
	program = ((const u32 *)eqfw_table_at(table, table->forbidden))[dst->class_id];
	if (program == EQFW_PROGRAM_EMPTY)
		return;
	set = eqfw_ports_set(table, program, flow->family, flow->proto);
	eqfw_match_begin(&match, table, set, 0, eqfw_has_ports(flow) ? flow->dport : 0, true);
	if (!eqfw_match_next(&match, &item))
		return;
	answer->reason = EQFW_REASON_FORBIDDEN;
	answer->item = item & ~EQFW_ITEM_TIMED;
}

/* Why no rule permits a packet, when @found is what eqfw_find_item() has found. */
static void explain(const struct eqfw_table *table, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, u32 program, u32 found,
		    enum eqfw_icmp_kind icmp, struct answer *answer)
{
	answer->permitted = false;
	answer->item = found == EQFW_ITEM_NONE ? found : found & ~EQFW_NOT_NOW;
	answer->reason = explain_miss(table, program, flow, found);
	if (answer->reason == EQFW_REASON_EXPIRED)
		return;
	ask_forbidden(table, &places->dst, flow, answer);
	if (answer->reason != EQFW_REASON_FORBIDDEN && icmp != EQFW_ICMP_NOT)
		answer->reason = EQFW_REASON_ICMP;
}

static void ask_forward(const struct eqfw_table *table, const struct eqfw_flow *flow,
			const struct eqfw_places *places, struct answer *answer)
{
	u32 program = eqfw_program_of(table, &places->src, &places->dst);
	u32 found = eqfw_find_item(table, program, flow, flow->sport, flow->dport);

	answer->permitted = !(found & EQFW_NOT_NOW);
	answer->reason = EQFW_REASON_NONE;
	answer->item = found;
	if (!answer->permitted)
		explain(table, flow, places, program, found, eqfw_icmp_kind(flow), answer);
}

/* Would a rule permit the packet that this one could answer? */
static void ask_reverse(const struct eqfw_table *table, const struct eqfw_flow *flow,
			const struct eqfw_places *places, enum eqfw_icmp_kind icmp,
			struct answer *answer)
{
	u32 program = eqfw_program_of(table, &places->dst, &places->src);
	u32 found = EQFW_ITEM_NONE;

	/* Most pairs talk one way only. */
	if (program == EQFW_PROGRAM_EMPTY)
		found = EQFW_ITEM_NONE;
	else if (icmp == EQFW_ICMP_REPLY)
		found = eqfw_find_item(table, program, flow, flow->sport, eqfw_icmp_request(flow));
	else if (icmp == EQFW_ICMP_NOT)
		found = eqfw_find_item(table, program, flow, flow->dport, flow->sport);
	answer->item = if_now(found);
	answer->permitted = answer->item != EQFW_ITEM_NONE;
}

static void set(struct eqfw_verdict *verdict, enum eqfw_action action, enum eqfw_reason reason,
		u32 item)
{
	verdict->action = action;
	verdict->reason = reason;
	verdict->item = item;
}

static void drop(struct eqfw_verdict *verdict, enum eqfw_reason reason)
{
	set(verdict, EQFW_ACTION_DROP, reason, EQFW_ITEM_NONE);
}

static void begin(struct eqfw_verdict *verdict, const struct eqfw_places *places)
{
	verdict->src_zone = places->src.zone;
	verdict->dst_zone = places->dst.zone;
	verdict->related = false;
	verdict->unzoned = false;
	verdict->adopted = false;
	set(verdict, EQFW_ACTION_SKIP, EQFW_REASON_NONE, EQFW_ITEM_NONE);
}

/* A link-local address is of whatever link it is seen on, as long as the packet stays there. */
static bool is_on_link(const struct eqfw_flow *flow, const struct eqfw_places *places)
{
	if (!eqfw_addr_is_link_local(flow->family, flow->src.b) ||
	    places->src.class_id != EQFW_CLASS_UNOWNED)
		return false;
	return eqfw_icmp_kind(flow) == EQFW_ICMP_ROUTER ||
	       eqfw_addr_is_link_local(flow->family, flow->dst.b) ||
	       eqfw_addr_is_link_group(flow->family, flow->dst.b);
}

static enum eqfw_reason check_source(const struct eqfw_flow *flow, const struct eqfw_places *places,
				     const struct eqfw_zone_set *in_zones)
{
	if (eqfw_addr_is_unspecified(flow->family, flow->src.b) && eqfw_is_dhcp(flow))
		return EQFW_REASON_NONE;
	if (eqfw_addr_is_no_source(flow->family, flow->src.b))
		return EQFW_REASON_SOURCE;
	if (!eqfw_zone_set_has(in_zones, places->src.zone) && !is_on_link(flow, places))
		return EQFW_REASON_SPOOF;
	return EQFW_REASON_NONE;
}

static enum eqfw_reason check_destination(const struct eqfw_flow *flow,
					  const struct eqfw_places *places)
{
	bool limited_broadcast = flow->family == 4 && eqfw_read_be32(flow->dst.b) == 0xffffffff;

	if ((places->dst.flags & EQFW_CLASS_BROADCAST || limited_broadcast) && !eqfw_is_dhcp(flow))
		return EQFW_REASON_BROADCAST;
	if (flow->family == 6 && eqfw_addr_is_mapped(flow->dst.b))
		return EQFW_REASON_PAIR;
	return EQFW_REASON_NONE;
}

static enum eqfw_reason check_packet(const struct eqfw_flow *flow, const struct eqfw_places *places,
				     const struct eqfw_zone_set *in_zones)
{
	enum eqfw_reason reason = flow->fault;

	if (reason == EQFW_REASON_NONE)
		reason = check_source(flow, places, in_zones);
	if (reason == EQFW_REASON_NONE)
		reason = check_destination(flow, places);
	return reason;
}

/* Do these two zones do without connection tracking? */
static bool is_mirrored(const struct eqfw_table *table, const struct eqfw_places *places)
{
	u16 zone = places->src.zone;

	return unlikely(table->mirrors) && zone != EQFW_ZONE_NONE &&
	       eqfw_zone_set_has(eqfw_table_mirrors(table, zone), places->dst.zone);
}

/* TCP that opens a connection is never a reply; what carries neither ACK nor RST is nothing. */
static bool is_opening(const struct eqfw_flow *flow)
{
	return flow->proto == EQFW_IPPROTO_TCP && flow->tcp_flags & EQFW_TCP_SYN &&
	       !(flow->tcp_flags & EQFW_TCP_ACK);
}

static bool can_be_reply(const struct eqfw_flow *flow, enum eqfw_icmp_kind icmp)
{
	if (flow->proto == EQFW_IPPROTO_TCP)
		return !is_opening(flow) && flow->tcp_flags & (EQFW_TCP_ACK | EQFW_TCP_RST);
	return icmp == EQFW_ICMP_NOT || icmp == EQFW_ICMP_REPLY;
}

/* Both ends have items with data channels, or NAT hides one of them. */
static bool may_be_related(const struct eqfw_flow *flow, const struct eqfw_places *places,
			   u8 reason)
{
	u16 flags = places->src.flags | places->dst.flags;
	u16 both = places->src.flags & places->dst.flags;

	if (likely(!(flags & EQFW_CLASS_RELATED)) || reason == EQFW_REASON_FORBIDDEN ||
	    reason == EQFW_REASON_EXPIRED)
		return false;
	return eqfw_ports_common(flow->proto) &&
	       (both & EQFW_CLASS_RELATED || eqfw_is_hidden(places));
}

/* No rule permits the packet as it stands; @forward says why. */
static void judge_miss(const struct eqfw_table *table, const struct eqfw_flow *flow,
		       const struct eqfw_places *places, const struct answer *forward,
		       enum eqfw_icmp_kind icmp, struct eqfw_verdict *verdict)
{
	struct answer reverse;

	if (icmp == EQFW_ICMP_ERROR) {
		set(verdict, EQFW_ACTION_ASK_INNER, EQFW_REASON_ICMP_INNER, EQFW_ITEM_NONE);
		return;
	}
	set(verdict, EQFW_ACTION_DROP, forward->reason, forward->item);
	verdict->related = may_be_related(flow, places, forward->reason);
	if (is_opening(flow))
		return;
	ask_reverse(table, flow, places, icmp, &reverse);
	/* That an item ended is the better news than that this is nobody's reply. */
	if (reverse.permitted && forward->reason != EQFW_REASON_EXPIRED)
		set(verdict, EQFW_ACTION_DROP, EQFW_REASON_STATE, reverse.item);
	if (!can_be_reply(flow, icmp))
		return;
	if (reverse.permitted && is_mirrored(table, places)) {
		set(verdict, EQFW_ACTION_PASS, EQFW_REASON_NONE, reverse.item);
		verdict->related = false;
	} else if (reverse.permitted || eqfw_is_hidden(places)) {
		verdict->action = EQFW_ACTION_ASK_REPLY;
	}
}

void eqfw_judge_miss(const struct eqfw_table *table, const struct eqfw_flow *flow,
		     const struct eqfw_places *places, u32 program, u32 found,
		     struct eqfw_verdict *verdict)
{
	enum eqfw_icmp_kind icmp = eqfw_icmp_kind(flow);
	struct answer forward;

	explain(table, flow, places, program, found, icmp, &forward);
	judge_miss(table, flow, places, &forward, icmp, verdict);
}

static void judge_zoned(const struct eqfw_table *table, const struct eqfw_flow *flow,
			const struct eqfw_places *places, const struct eqfw_zone_set *in_zones,
			struct eqfw_verdict *verdict)
{
	enum eqfw_reason reason = check_packet(flow, places, in_zones);
	u32 program, found;

	if (reason != EQFW_REASON_NONE) {
		drop(verdict, reason);
		return;
	}
	if (eqfw_is_intra(table, places) && eqfw_icmp_kind(flow) != EQFW_ICMP_ROUTER) {
		verdict->action = EQFW_ACTION_PASS;
		return;
	}
	program = eqfw_program_of(table, &places->src, &places->dst);
	found = eqfw_find_item(table, program, flow, flow->sport, flow->dport);
	if (found & EQFW_NOT_NOW)
		eqfw_judge_miss(table, flow, places, program, found, verdict);
	else
		set(verdict, EQFW_ACTION_PASS, EQFW_REASON_NONE, found);
}

void eqfw_judge_odd(const struct eqfw_table *table, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, const struct eqfw_zone_set *in_zones,
		    struct eqfw_verdict *verdict)
{
	begin(verdict, places);
	if (!eqfw_in_scope(table, flow, places, in_zones))
		return;
	if (in_zones) {
		judge_zoned(table, flow, places, in_zones, verdict);
	} else if (table->header_flags & EQFW_HEADER_UNZONED_DROP) {
		drop(verdict, EQFW_REASON_UNZONED);
	} else {
		verdict->action = EQFW_ACTION_PASS;
		verdict->unzoned = true;
	}
}

void eqfw_judge(const struct eqfw_table *table, const struct eqfw_flow *flow,
		const struct eqfw_places *places, const struct eqfw_zone_set *in_zones,
		struct eqfw_verdict *verdict)
{
	eqfw_judge_here(table, flow->family, flow, places, in_zones, verdict);
}

static bool is_mapped(const struct eqfw_flow *flow)
{
	return flow->family == 6 &&
	       (eqfw_addr_is_mapped(flow->src.b) || eqfw_addr_is_mapped(flow->dst.b));
}

bool eqfw_permits(const struct eqfw_table *table, const struct eqfw_flow *flow,
		  const struct eqfw_places *places, struct eqfw_verdict *verdict)
{
	struct answer forward;

	begin(verdict, places);
	if (is_mapped(flow)) {
		drop(verdict, EQFW_REASON_PAIR);
		return false;
	}
	verdict->action = EQFW_ACTION_PASS;
	if (places->src.flags & EQFW_CLASS_BOX || eqfw_is_intra(table, places))
		return true;
	ask_forward(table, flow, places, &forward);
	if (forward.permitted)
		set(verdict, EQFW_ACTION_PASS, EQFW_REASON_NONE, forward.item);
	else
		set(verdict, EQFW_ACTION_DROP, forward.reason, forward.item);
	return forward.permitted;
}

bool eqfw_mirrors(const struct eqfw_table *table, const struct eqfw_flow *flow,
		  const struct eqfw_places *places, u32 *item)
{
	struct answer reverse;

	*item = EQFW_ITEM_NONE;
	if (is_mapped(flow) || !is_mirrored(table, places))
		return false;
	*item = eqfw_find(table, flow, places);
	if (*item != EQFW_ITEM_NONE)
		return true;
	ask_reverse(table, flow, places, eqfw_icmp_kind(flow), &reverse);
	*item = reverse.item;
	return reverse.permitted;
}
