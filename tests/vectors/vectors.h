/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The profile and the runner of the flow vectors (flows.h), pure enough for KUnit.
 *
 *   outside (default)          dmz (intra: pass)             core (enforces)
 *   OUTSIDER 203.0.113.5  ---  EDGE   192.0.2.10       ---   EM     10.1.0.10
 *                              PUBLIC 198.51.100.10          ROOM   10.1.32.7 in 10.1.32.0/20
 *                              WEB    192.0.2.20             COREPC 10.1.200.9, undeclared
 *                              DMZPC  192.0.2.77, undeclared
 *                              BCAST  192.0.2.255      BOX 192.0.2.1
 *
 * and the same in IPv6 under 2001:db8::/32.
 */
#ifndef EQFW_VECTORS_H
#define EQFW_VECTORS_H

#include "classify.h"
#include "profile_builder.h"

enum vector_end {
	END_OUTSIDER,
	END_EM,
	END_EDGE,
	END_ROOM,
	END_COREPC,
	END_DMZPC,
	END_WEB,
	END_BOX,
	END_PUBLIC,
	END_GROUP,
	END_BCAST,
	END_LIMITED,
	END_LOOP,
	END_UNSPEC,
	END_MCAST,
	END_RESERVED,
	END_MAPPED,
	END_LINKLOCAL,
	END_LINKGROUP,
	END_ALLNODES,
	N_ENDS,
};

/* Zone ids of the profile; names sorted. */
enum vector_zone { ZONE_BOX, ZONE_CORE, ZONE_DMZ, ZONE_OUTSIDE };

/* Arrival interfaces: NOWHERE is in no zone, BOTH in two. */
enum vector_in { IN_NOWHERE, IN_CORE, IN_DMZ, IN_OUTSIDE, IN_BOTH };

/* Items of the profile by id. */
enum vector_item {
	ITEM_EDGE_1_1,
	ITEM_EDGE_1_2,
	ITEM_EDGE_2_1,
	ITEM_EDGE_2_2,
	ITEM_EDGE_3_1,
	ITEM_EDGE_3_2,
	ITEM_SITE_OLD,
	ITEM_ICMP_ECHO,
	ITEM_GUARD_SSH,
	ITEM_GUARD_ESP,
	ITEM_EDGE_BLOCKED,
	ITEM_GUARD_REDIRECT,
	ITEM_SITE_NEW,
	N_ITEMS,
	ITEM_UNZONED, /* of a vector: no item, but the verdict says unzoned */
	ITEM_NO_ITEM, /* of a vector: EQFW_ITEM_NONE */
};

/* Variants of the profile. */
#define PROFILE_HOSTS 0u
#define PROFILE_ALL 1u		/* scope: all */
#define PROFILE_UNZONED_DROP 2u /* unzoned: drop */
#define PROFILE_NODEFAULT 4u	/* no default zone */
#define PROFILE_MIRROR 8u	/* replies: core-dmz, core-core and box-core mirror */

#define N_PROFILES 16u

#define VECTOR_NOW 1500000u /* seconds; SITE_OLD expired, SITE_NEW has not */

/**
 * struct flow_vector - one line of flows.h
 * @id: name
 * @profile: PROFILE_*
 * @families: 4, 6 or 46
 * @in: enum vector_in
 * @src: enum vector_end
 * @dst: enum vector_end
 * @proto: IP protocol
 * @tcp_flags: EQFW_TCP_*
 * @sport: source port or ICMP code
 * @dport: destination port or ICMP type
 * @fault: enum eqfw_reason that the parser found
 * @action: expected enum eqfw_action
 * @reason: expected enum eqfw_reason
 * @item: expected enum vector_item
 */
struct flow_vector {
	const char *id;
	u8 profile;
	u8 families;
	u8 in;
	u8 src;
	u8 dst;
	u8 proto;
	u8 tcp_flags;
	u16 sport;
	u16 dport;
	u8 fault;
	u8 action;
	u8 reason;
	u8 item;
};

extern const struct flow_vector flow_vectors[];
extern const u32 n_flow_vectors;

/* The profile's bytes for eqfw_core_free(), or NULL. */
u8 *vector_profile(u32 variant, size_t *size);

/* The same, not yet finished, for tests that spoil it; builder_free() it. */
void vector_profile_begin(struct profile_builder *b, u32 variant);

/* Address of an end. */
struct eqfw_addr vector_addr(enum vector_end end, u8 family);

/* The flow of a vector in one family. */
void vector_flow(const struct flow_vector *v, u8 family, struct eqfw_flow *flow);

/* Zones of an arrival interface, or NULL. */
const struct eqfw_zone_set *vector_zones(enum vector_in in, struct eqfw_zone_set *set);

/* Judge the vector in one family: NULL, or which part of the verdict is wrong. */
const char *vector_run(const struct eqfw_table *table, const struct flow_vector *v, u8 family);

#endif
