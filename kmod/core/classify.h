/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_CORE_CLASSIFY_H
#define EQFW_CORE_CLASSIFY_H

#include "table.h"

#define EQFW_ITEM_NONE 0xffffffffu
#define EQFW_ZONE_WORDS ((EQFW_MAX_ZONES + 63) / 64)

/**
 * struct eqfw_zone_set - a set of zones, one bit each
 * @bits: zone z is bit z % 64 of word z / 64
 */
struct eqfw_zone_set {
	u64 bits[EQFW_ZONE_WORDS];
};

#define EQFW_CLASS_RELATED (1u << 15) /* of the table alone: some item of it has data channels */

/**
 * eqfw_zone_set_has() - is a zone in a set
 * @zones: the set
 * @zone: zone id or EQFW_ZONE_NONE, which is in no set
 *
 * Return: whether it is.
 */
static inline bool eqfw_zone_set_has(const struct eqfw_zone_set *zones, u16 zone)
{
	return zone < EQFW_MAX_ZONES && zones->bits[zone / 64] >> (zone % 64) & 1;
}

/**
 * struct eqfw_place - what the table knows of one address
 * @class_id: its class
 * @zone: its zone or EQFW_ZONE_NONE
 * @flags: EQFW_CLASS_*, EQFW_CLASS_RELATED
 */
struct eqfw_place {
	u32 class_id;
	u16 zone;
	u16 flags;
};

/**
 * struct eqfw_places - both ends of a flow
 * @src: of the source address
 * @dst: of the destination address
 */
struct eqfw_places {
	struct eqfw_place src;
	struct eqfw_place dst;
};

/**
 * enum eqfw_action - what is to be done with a packet
 * @EQFW_ACTION_SKIP: out of scope: pass, count nothing
 * @EQFW_ACTION_PASS: pass and count
 * @EQFW_ACTION_DROP: drop and count, @reason says why
 * @EQFW_ACTION_ASK_REPLY: only a tracked connection can pass it; without one drop with @reason
 * @EQFW_ACTION_ASK_INNER: an ICMP error: only its inner packet can pass it; else drop with @reason
 */
enum eqfw_action {
	EQFW_ACTION_SKIP,
	EQFW_ACTION_PASS,
	EQFW_ACTION_DROP,
	EQFW_ACTION_ASK_REPLY,
	EQFW_ACTION_ASK_INNER,
};

/**
 * struct eqfw_verdict - a judgement
 * @action: enum eqfw_action
 * @reason: enum eqfw_reason; NONE where @action is SKIP or PASS
 * @src_zone: zone of the source or EQFW_ZONE_NONE
 * @dst_zone: zone of the destination or EQFW_ZONE_NONE
 * @item: item that permits it, forbids it, has expired, or whose reverse it is (ASK_REPLY); or
 *	EQFW_ITEM_NONE
 * @related: where it is not passed: a connection that a helper expects may be it
 * @unzoned: passed only because it arrived on an interface of no zone
 * @adopted: passed only because its connection may be older than the first load
 */
struct eqfw_verdict {
	u8 action;
	u8 reason;
	u16 src_zone;
	u16 dst_zone;
	u32 item;
	bool related;
	bool unzoned;
	bool adopted;
};

/**
 * eqfw_locate() - look up both addresses of a flow
 * @table: the table
 * @flow: the flow; only family and addresses are read
 * @places: out
 *
 * A v4-mapped IPv6 address is located as the IPv4 address inside it.
 *
 * Context: any; no locks, no allocation, bounded time.
 */
void eqfw_locate(const struct eqfw_table *table, const struct eqfw_flow *flow,
		 struct eqfw_places *places);

/**
 * eqfw_place_local() - correct a place that turned out to be an address of this box
 * @table: the table
 * @place: place of an address that the host's own routing calls local
 *
 * A declared host stays what it is; any other address becomes the zone "box" with the rules that
 * the class of the listed box addresses has (DESIGN section 4: box > declared > local > network).
 */
void eqfw_place_local(const struct eqfw_table *table, struct eqfw_place *place);

/**
 * eqfw_find() - which item permits this packet as it stands
 * @table: the table
 * @flow: the packet; flags and fault are not read
 * @places: its places
 *
 * The bare lookup that the judgements below are made of: no scope, no source checks, no reason.
 *
 * Context: any; no locks, no allocation, bounded time.
 * Return: item id or EQFW_ITEM_NONE.
 */
u32 eqfw_find(const struct eqfw_table *table, const struct eqfw_flow *flow,
	      const struct eqfw_places *places);

/**
 * eqfw_judge() - judge one packet
 * @table: the table
 * @flow: the packet
 * @places: from eqfw_locate(), possibly corrected
 * @in_zones: zones of the arrival interface, or NULL where it is in none
 * @verdict: out
 *
 * Scope, malformed, source, spoof, broadcast, inside a zone, forward items, reverse half: in that
 * order (docs/ARCHITECTURE.md). TCP in the reverse half is never ASK_REPLY with SYN and without
 * ACK, nor without ACK and RST. ASK_REPLY is also given where either end is the box, a public
 * address or undeclared-but-local, since NAT may hide the pair. Between zones that mirror replies
 * the reverse of an item passes as it stands.
 *
 * Context: any; no locks, no allocation, bounded time.
 */
void eqfw_judge(const struct eqfw_table *table, const struct eqfw_flow *flow,
		const struct eqfw_places *places, const struct eqfw_zone_set *in_zones,
		struct eqfw_verdict *verdict);

/**
 * eqfw_permits() - would an item permit the first packet of this flow
 * @table: the table
 * @flow: original direction of a tracked connection, or the inner packet of an ICMP error; flags
 *	and fault are not read
 * @places: its places
 * @verdict: out: PASS with the item; or DROP with FORBIDDEN, PAIR, PROTO, PORT, ICMP or EXPIRED
 *
 * No scope, spoof or source checks: the packet in hand already had them. A flow between hosts of
 * one zone with intra: pass is permitted; so is one that the box itself opened (source in box).
 *
 * Context: any; no locks, no allocation, bounded time.
 * Return: true where verdict->action is PASS.
 */
bool eqfw_permits(const struct eqfw_table *table, const struct eqfw_flow *flow,
		  const struct eqfw_places *places, struct eqfw_verdict *verdict);

/**
 * eqfw_mirrors() - would a packet pass whose TCP flags nobody knows, without connection tracking
 * @table: the table
 * @flow: the inner packet of an ICMP error; flags and fault are not read
 * @places: its places
 * @item: out: the item that permits it or the packet it answers, or EQFW_ITEM_NONE
 *
 * Context: any; no locks, no allocation, bounded time.
 * Return: true where its zones mirror replies and there is such an item.
 */
bool eqfw_mirrors(const struct eqfw_table *table, const struct eqfw_flow *flow,
		  const struct eqfw_places *places, u32 *item);

#endif
