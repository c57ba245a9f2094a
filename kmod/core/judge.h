/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What nearly every packet needs of the judgement, inline: the places of its addresses, the
 * question whether there is anything about it but zones and rules, and its rule. The rest is in
 * classify.c.
 *
 * Instructions, not memory, are what a verdict costs while the caches are warm: a call saves and
 * loads registers on both sides, and a dozen calls were a third of the whole. A packet is "plain"
 * where the questions of classify.c that come before the rules would all be answered by "go on";
 * eqfw_is_plain() asks for that at once, with tests that hardly ever fail. What is not plain goes
 * the long way, which judges plain packets just the same.
 */
#ifndef EQFW_CORE_JUDGE_H
#define EQFW_CORE_JUDGE_H

#include "lookup.h"

/* Of an item that permits no longer, and of EQFW_ITEM_NONE. */
#define EQFW_NOT_NOW (1u << 30)

/**
 * eqfw_place_of() - what the table knows of an address
 * @table: the table
 * @family: 4 or 6
 * @addr: the address
 * @place: out
 */
static __always_inline void eqfw_place_of(const struct eqfw_table *table, u8 family,
					  const struct eqfw_addr *addr, struct eqfw_place *place)
{
	const struct eqfw_class *class;

	place->class_id = eqfw_addresses_class(table, family, addr);
	class = eqfw_table_class(table, place->class_id);
	place->zone = class->zone;
	place->flags = class->flags;
}

/**
 * eqfw_locate_here() - eqfw_locate(), inline
 * @table: the table
 * @family: the flow's, where the compiler may know it
 * @flow: the flow
 * @places: out
 */
static __always_inline void eqfw_locate_here(const struct eqfw_table *table, u8 family,
					     const struct eqfw_flow *flow,
					     struct eqfw_places *places)
{
	eqfw_place_of(table, family, &flow->src, &places->src);
	eqfw_place_of(table, family, &flow->dst, &places->dst);
}

/**
 * eqfw_program_of() - program of a pair of places
 * @table: the table
 * @src: the source
 * @dst: the destination
 *
 * Return: program number.
 */
static inline u32 eqfw_program_of(const struct eqfw_table *table, const struct eqfw_place *src,
				  const struct eqfw_place *dst)
{
	if (unlikely(src->class_id >= table->n_classes || dst->class_id >= table->n_classes))
		return EQFW_PROGRAM_EMPTY;
	return eqfw_cells_program(table, src->class_id, dst->class_id);
}

/**
 * eqfw_has_ports() - is there anything in a flow's ports
 * @flow: the flow
 *
 * Return: whether it is TCP, UDP or an ICMP.
 */
static inline bool eqfw_has_ports(const struct eqfw_flow *flow)
{
	return likely(eqfw_ports_common(flow->proto)) || flow->proto == EQFW_IPPROTO_ICMP ||
	       flow->proto == EQFW_IPPROTO_ICMPV6;
}

/**
 * eqfw_find_slowly() - the first rule that permits, where rules are not one word or have an end
 * @table: the table
 * @set: the set
 * @sport: source port
 * @dport: destination port
 * @now_s: wall clock
 *
 * Return: as eqfw_find_item().
 */
u32 eqfw_find_slowly(const struct eqfw_table *table, const struct eqfw_set *set, u16 sport,
		     u16 dport, u64 now_s);

/**
 * eqfw_find_item() - the first rule that permits
 * @table: the table
 * @program: program number
 * @flow: protocol and time; its ports are not read
 * @sport: source port
 * @dport: destination port
 *
 * Return: item id; EQFW_NOT_NOW and the item that permitted once; or EQFW_ITEM_NONE.
 */
static __always_inline u32 eqfw_find_item(const struct eqfw_table *table, u32 program,
					  const struct eqfw_flow *flow, u16 sport, u16 dport)
{
	const struct eqfw_set *set = eqfw_ports_set(table, program, flow->family, flow->proto);
	u32 item, none;
	u64 word;

	if (unlikely(!eqfw_has_ports(flow))) {
		sport = 0;
		dport = 0;
	}
	if (unlikely(!eqfw_set_is_word(table, set)))
		return eqfw_find_slowly(table, set, sport, dport, flow->now_s);
	word = eqfw_set_word(table, set, sport, dport);
	none = !word;
	item = eqfw_set_item(table, set, __ffs64(word | none));
	if (unlikely(item & EQFW_ITEM_TIMED))
		return eqfw_find_slowly(table, set, sport, dport, flow->now_s);
	return item | (0u - none);
}

/**
 * eqfw_find_here() - eqfw_find(), inline
 * @table: the table
 * @flow: the packet
 * @places: its places
 *
 * Return: item id or EQFW_ITEM_NONE.
 */
static __always_inline u32 eqfw_find_here(const struct eqfw_table *table,
					  const struct eqfw_flow *flow,
					  const struct eqfw_places *places)
{
	u32 program = eqfw_program_of(table, &places->src, &places->dst);
	u32 found = eqfw_find_item(table, program, flow, flow->sport, flow->dport);

	return found & EQFW_NOT_NOW ? EQFW_ITEM_NONE : found;
}

/**
 * eqfw_is_hidden() - may NAT hide who talks
 * @places: both ends
 *
 * Return: whether one of them is the box or a public address.
 */
static inline bool eqfw_is_hidden(const struct eqfw_places *places)
{
	return (places->src.flags | places->dst.flags) & (EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC);
}

/**
 * eqfw_is_intra() - do both ends lie in one zone that passes what stays inside
 * @table: the table
 * @places: both ends
 *
 * Return: whether they do.
 */
static inline bool eqfw_is_intra(const struct eqfw_table *table, const struct eqfw_places *places)
{
	u16 zone = places->src.zone;

	return zone == places->dst.zone && zone != EQFW_ZONE_NONE && !eqfw_is_hidden(places) &&
	       eqfw_table_zone_flags(table, zone) & EQFW_ZONE_INTRA_PASS;
}

/**
 * eqfw_is_common_address() - is an address of the kind that hosts have
 * @family: 4 or 6
 * @b: the address
 *
 * Of IPv6 addresses those below 0:0:0:1:: are left out, although some may be hosts: the
 * unspecified, the loopback and the mapped ones are among them.
 *
 * Return: false where it may be no source, multicast or broadcast.
 */
static inline bool eqfw_is_common_address(u8 family, const u8 *b)
{
	if (family == 4)
		return (u8)(b[0] - 1) < 223 && b[0] != 127;
	return b[0] != 0xff && eqfw_read_be64(b);
}

/**
 * eqfw_is_plain() - is there nothing about a packet but its zones and the rules
 * @table: the table
 * @family: the flow's
 * @flow: the packet
 * @places: its places
 * @in_zones: zones of the arrival interface, or NULL
 *
 * Return: true where it is in scope, sound, no matter of the link, from where it may come from and
 * between zones.
 */
static __always_inline bool eqfw_is_plain(const struct eqfw_table *table, u8 family,
					  const struct eqfw_flow *flow,
					  const struct eqfw_places *places,
					  const struct eqfw_zone_set *in_zones)
{
	u16 base = family == 4 ? 67 : 546;

	if (!in_zones || flow->fault != EQFW_REASON_NONE)
		return false;
	if (unlikely(!eqfw_ports_common(flow->proto)) && !eqfw_is_plain_rare(flow))
		return false;
	if (!eqfw_is_common_address(family, flow->src.b) ||
	    !eqfw_is_common_address(family, flow->dst.b))
		return false;
	/* DHCP needs a look at both ports; what else goes to its ports may take the long way. */
	if ((u16)(flow->dport - base) <= 1 || places->dst.flags & EQFW_CLASS_BROADCAST)
		return false;
	if (!((places->src.flags | places->dst.flags) & EQFW_CLASS_DECLARED) &&
	    !(table->header_flags & EQFW_HEADER_SCOPE_ALL))
		return false;
	return eqfw_zone_set_has(in_zones, places->src.zone) && !eqfw_is_intra(table, places);
}

/**
 * eqfw_judge_odd() - judge any packet the long way
 * @table: the table
 * @flow: the packet
 * @places: its places
 * @in_zones: zones of the arrival interface, or NULL
 * @verdict: out
 */
void eqfw_judge_odd(const struct eqfw_table *table, const struct eqfw_flow *flow,
		    const struct eqfw_places *places, const struct eqfw_zone_set *in_zones,
		    struct eqfw_verdict *verdict);

/**
 * eqfw_judge_miss() - judge a packet that no rule permits as it stands
 * @table: the table
 * @flow: the packet
 * @places: its places
 * @program: number of the program that has been asked
 * @found: what eqfw_find_item() has found
 * @verdict: begun; out
 */
void eqfw_judge_miss(const struct eqfw_table *table, const struct eqfw_flow *flow,
		     const struct eqfw_places *places, u32 program, u32 found,
		     struct eqfw_verdict *verdict);

/**
 * eqfw_judge_here() - eqfw_judge(), inline
 * @table: the table
 * @family: the flow's, where the compiler may know it
 * @flow: the packet
 * @places: its places
 * @in_zones: zones of the arrival interface, or NULL
 * @verdict: out
 */
static __always_inline void eqfw_judge_here(const struct eqfw_table *table, u8 family,
					    const struct eqfw_flow *flow,
					    const struct eqfw_places *places,
					    const struct eqfw_zone_set *in_zones,
					    struct eqfw_verdict *verdict)
{
	u32 program, found;

	if (unlikely(!eqfw_is_plain(table, family, flow, places, in_zones))) {
		eqfw_judge_odd(table, flow, places, in_zones, verdict);
		return;
	}
	program = eqfw_program_of(table, &places->src, &places->dst);
	found = eqfw_find_item(table, program, flow, flow->sport, flow->dport);
	verdict->action = EQFW_ACTION_PASS;
	verdict->reason = EQFW_REASON_NONE;
	verdict->src_zone = places->src.zone;
	verdict->dst_zone = places->dst.zone;
	verdict->item = found;
	verdict->related = false;
	verdict->unzoned = false;
	verdict->adopted = false;
	if (found & EQFW_NOT_NOW)
		eqfw_judge_miss(table, flow, places, program, found, verdict);
}

#endif
