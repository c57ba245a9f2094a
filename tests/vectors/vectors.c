// SPDX-License-Identifier: GPL-2.0
#include "vectors.h"
#include "flows.h"

#define PROTO_ICMP 1
#define PROTO_IGMP 2
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_DCCP 33
#define PROTO_GRE 47
#define PROTO_ESP 50
#define PROTO_ICMPV6 58
#define PROTO_NONEXT 59
#define PROTO_VRRP 112
#define PROTO_SCTP 132
#define PROTO_MOBILITY 135
#define PROTO_UDPLITE 136
#define PROTO_RAW 255

#define FLAGS_0 0
#define FLAGS_SYN EQFW_TCP_SYN
#define FLAGS_ACK EQFW_TCP_ACK
#define FLAGS_RST EQFW_TCP_RST
#define FLAGS_FIN EQFW_TCP_FIN
#define FLAGS_SYNACK (EQFW_TCP_SYN | EQFW_TCP_ACK)
#define FLAGS_SYNFIN (EQFW_TCP_SYN | EQFW_TCP_FIN)

#define VECTOR(id_, profile_, families_, in_, src_, dst_, proto_, sport_, dport_, flags_, fault_, \
	       action_, reason_, item_) \
	{ \
		.id = id_, \
		.profile = PROFILE_##profile_, \
		.families = families_, \
		.in = IN_##in_, \
		.src = END_##src_, \
		.dst = END_##dst_, \
		.proto = PROTO_##proto_, \
		.tcp_flags = FLAGS_##flags_, \
		.sport = sport_, \
		.dport = dport_, \
		.fault = EQFW_REASON_##fault_, \
		.action = EQFW_ACTION_##action_, \
		.reason = EQFW_REASON_##reason_, \
		.item = ITEM_##item_, \
	},

const struct flow_vector flow_vectors[] = { EQFW_FLOW_VECTORS(VECTOR) };
const u32 n_flow_vectors = ARRAY_SIZE(flow_vectors);

static const struct {
	u8 v4[4];
	u8 v6[16];
} ends[N_ENDS] = {
#define DB8 0x20, 0x01, 0x0d, 0xb8
	[END_OUTSIDER] = { { 203, 0, 113, 5 }, { DB8, 0xff, 0xff, [15] = 5 } },
	[END_EM] = { { 10, 1, 0, 10 }, { DB8, 0, 1, [15] = 0x10 } },
	[END_EDGE] = { { 192, 0, 2, 10 }, { DB8, 0, 2, [15] = 0x10 } },
	[END_ROOM] = { { 10, 1, 32, 7 }, { DB8, 0, 1, 0, 0x32, [15] = 7 } },
	[END_COREPC] = { { 10, 1, 200, 9 }, { DB8, 0, 1, 0, 0x99, [15] = 9 } },
	[END_DMZPC] = { { 192, 0, 2, 77 }, { DB8, 0, 2, [15] = 0x77 } },
	[END_WEB] = { { 192, 0, 2, 20 }, { DB8, 0, 2, [15] = 0x20 } },
	[END_BOX] = { { 192, 0, 2, 1 }, { DB8, 0, 2, [15] = 1 } },
	[END_PUBLIC] = { { 198, 51, 100, 10 }, { DB8, 0, 3, [15] = 0x10 } },
	[END_GROUP] = { { 224, 0, 1, 41 }, { 0xff, 0x05, [15] = 0x41 } },
	[END_BCAST] = { { 192, 0, 2, 255 }, { 0 } },
	[END_LIMITED] = { { 255, 255, 255, 255 }, { 0 } },
	[END_LOOP] = { { 127, 0, 0, 1 }, { [15] = 1 } },
	[END_UNSPEC] = { { 0 }, { 0 } },
	[END_MCAST] = { { 224, 0, 1, 41 }, { 0xff, 0x05, [15] = 0x41 } },
	[END_RESERVED] = { { 240, 0, 0, 1 }, { 0 } },
	[END_MAPPED] = { { 0 }, { [10] = 0xff, 0xff, 10, 1, 0, 10 } },
	[END_LINKLOCAL] = { { 0 }, { 0xfe, 0x80, [15] = 1 } },
	[END_LINKGROUP] = { { 224, 0, 0, 18 }, { 0xff, 0x02, [15] = 0x12 } },
	[END_ALLNODES] = { { 224, 0, 0, 1 }, { 0xff, 0x02, [15] = 1 } },
};

/* Class ids; prefixes below. */
enum {
	CLASS_UNOWNED,
	CLASS_EM,
	CLASS_EDGE,
	CLASS_ROOM,
	CLASS_CORE,
	CLASS_DMZ,
	CLASS_BOX,
	CLASS_PUBLIC,
	CLASS_GROUP,
	CLASS_BCAST,
	CLASS_WEB,
};

/* Program ids. */
enum {
	OUTSIDE_TO_EDGE,
	ROOM_TO_EDGE,
	EDGE_TO_ROOM,
	EM_TO_ROOM,
	EM_TO_BOX,
	EM_TO_EDGE,
	OUTSIDE_TO_PUBLIC,
	EDGE_FORBIDDEN,
	WEB_TO_OUTSIDE,
	ROOM_TO_GROUP,
	N_PROGRAMS,
};

#define HIGH 1024, 65535
#define ONE(port) port, port

static const struct {
	u8 program;
	u8 proto;
	u16 src_lo, src_hi, dst_lo, dst_hi;
	u8 item;
} rules[] = {
	{ OUTSIDE_TO_EDGE, PROTO_TCP, HIGH, ONE(1720), ITEM_EDGE_1_1 },
	{ OUTSIDE_TO_EDGE, PROTO_UDP, HIGH, ONE(1719), ITEM_EDGE_1_2 },
	{ OUTSIDE_TO_EDGE, PROTO_ESP, ONE(0), ONE(0), ITEM_GUARD_ESP },
	{ ROOM_TO_EDGE, PROTO_ICMP, ONE(0), ONE(8), ITEM_ICMP_ECHO },
	{ ROOM_TO_EDGE, PROTO_TCP, 1024, 1324, ONE(1720), ITEM_EDGE_2_1 },
	{ ROOM_TO_EDGE, PROTO_UDP, 2326, 2485, HIGH, ITEM_EDGE_2_2 },
	{ ROOM_TO_EDGE, PROTO_ICMPV6, ONE(0), ONE(128), ITEM_ICMP_ECHO },
	{ EDGE_TO_ROOM, PROTO_UDP, HIGH, 2326, 2485, ITEM_EDGE_2_2 },
	{ EM_TO_ROOM, PROTO_TCP, HIGH, ONE(80), ITEM_EDGE_3_1 },
	{ EM_TO_ROOM, PROTO_TCP, HIGH, ONE(8080), ITEM_SITE_OLD },
	{ EM_TO_ROOM, PROTO_TCP, HIGH, ONE(8500), ITEM_SITE_OLD },
	{ EM_TO_ROOM, PROTO_TCP, HIGH, ONE(9090), ITEM_SITE_NEW },
	{ EM_TO_ROOM, PROTO_TCP, HIGH, 8443, 65535, ITEM_EDGE_3_2 },
	{ EM_TO_BOX, PROTO_TCP, HIGH, ONE(22), ITEM_GUARD_SSH },
	{ EM_TO_EDGE, PROTO_ICMP, 0, 255, ONE(5), ITEM_GUARD_REDIRECT },
	{ EM_TO_EDGE, PROTO_TCP, HIGH, ONE(443), ITEM_EDGE_3_1 },
	{ EM_TO_EDGE, PROTO_ICMPV6, 0, 255, ONE(137), ITEM_GUARD_REDIRECT },
	{ OUTSIDE_TO_PUBLIC, PROTO_TCP, HIGH, ONE(1720), ITEM_EDGE_1_1 },
	{ EDGE_FORBIDDEN, PROTO_TCP, 1, 65535, ONE(23), ITEM_EDGE_BLOCKED },
	{ WEB_TO_OUTSIDE, PROTO_TCP, HIGH, ONE(443), ITEM_EDGE_3_2 },
	{ ROOM_TO_GROUP, PROTO_UDP, HIGH, ONE(1718), ITEM_EDGE_2_2 },
};

static const struct {
	u8 end;
	u8 len;
	u8 class_id;
} prefixes4[] = {
	{ END_EM, 16, CLASS_CORE },	 { END_EM, 32, CLASS_EM },
	{ END_ROOM, 20, CLASS_ROOM }, { END_DMZPC, 24, CLASS_DMZ },
	{ END_BOX, 32, CLASS_BOX },	 { END_EDGE, 32, CLASS_EDGE },
	{ END_WEB, 32, CLASS_WEB },	 { END_BCAST, 32, CLASS_BCAST },
	{ END_PUBLIC, 32, CLASS_PUBLIC }, { END_GROUP, 32, CLASS_GROUP },
}, prefixes6[] = {
	{ END_EM, 48, CLASS_CORE },	  { END_EM, 128, CLASS_EM },
	{ END_ROOM, 64, CLASS_ROOM },  { END_DMZPC, 48, CLASS_DMZ },
	{ END_BOX, 128, CLASS_BOX },	  { END_EDGE, 128, CLASS_EDGE },
	{ END_WEB, 128, CLASS_WEB },	  { END_PUBLIC, 128, CLASS_PUBLIC },
	{ END_GROUP, 128, CLASS_GROUP },
};

static const u8 cells[][3] = {
	{ CLASS_UNOWNED, CLASS_EDGE, OUTSIDE_TO_EDGE },
	{ CLASS_UNOWNED, CLASS_PUBLIC, OUTSIDE_TO_PUBLIC },
	{ CLASS_EM, CLASS_EDGE, EM_TO_EDGE },
	{ CLASS_EM, CLASS_ROOM, EM_TO_ROOM },
	{ CLASS_EM, CLASS_BOX, EM_TO_BOX },
	{ CLASS_EDGE, CLASS_ROOM, EDGE_TO_ROOM },
	{ CLASS_ROOM, CLASS_EDGE, ROOM_TO_EDGE },
	{ CLASS_ROOM, CLASS_GROUP, ROOM_TO_GROUP },
	{ CLASS_WEB, CLASS_UNOWNED, WEB_TO_OUTSIDE },
};

struct eqfw_addr vector_addr(enum vector_end end, u8 family)
{
	struct eqfw_addr addr = { { 0 } };

	if (family == 4)
		memcpy(addr.b, ends[end].v4, 4);
	else
		memcpy(addr.b, ends[end].v6, 16);
	return addr;
}

static void add_prefix(struct profile_builder *b, u8 family, enum vector_end end, u8 len,
		       u32 class_id)
{
	struct eqfw_addr addr = vector_addr(end, family);
	u32 bit;

	for (bit = len; bit < 128; bit++)
		addr.b[bit / 8] &= ~(0x80 >> (bit % 8));
	builder_prefix(b, family, addr.b, len, class_id);
}

static void add_zones(struct profile_builder *b, u32 variant)
{
	builder_zone(b, "box", EQFW_ZONE_BOX);
	builder_zone(b, "core", 0);
	builder_zone(b, "dmz", EQFW_ZONE_INTRA_PASS);
	builder_zone(b, "outside", variant & PROFILE_NODEFAULT ? 0 : EQFW_ZONE_DEFAULT);
	builder_interface(b, "eth0", ZONE_OUTSIDE, 0);
	builder_interface(b, "eth1", ZONE_DMZ, 0);
	builder_interface(b, "eth2", ZONE_CORE, 0);
}

static void add_classes(struct profile_builder *b, u32 variant)
{
	u16 host = EQFW_CLASS_DECLARED;
	u32 none = EQFW_PROGRAM_NONE;
	u32 i;

	builder_class(b, variant & PROFILE_NODEFAULT ? EQFW_ZONE_NONE : ZONE_OUTSIDE, 0, none, "");
	builder_class(b, ZONE_CORE, host, none, "em");
	builder_class(b, ZONE_DMZ, host, EDGE_FORBIDDEN, "edge");
	builder_class(b, ZONE_CORE, host, none, "rooms");
	builder_class(b, ZONE_CORE, 0, none, "core");
	builder_class(b, ZONE_DMZ, 0, none, "dmz");
	builder_class(b, ZONE_BOX, EQFW_CLASS_BOX, none, "box");
	builder_class(b, ZONE_DMZ, host | EQFW_CLASS_PUBLIC, none, "edge");
	builder_class(b, EQFW_ZONE_NONE, EQFW_CLASS_GROUP, none, "gatekeepers");
	builder_class(b, ZONE_DMZ, EQFW_CLASS_BROADCAST, none, "dmz");
	builder_class(b, ZONE_DMZ, host, none, "web");
	for (i = 0; i < ARRAY_SIZE(prefixes4); i++)
		add_prefix(b, 4, prefixes4[i].end, prefixes4[i].len, prefixes4[i].class_id);
	for (i = 0; i < ARRAY_SIZE(prefixes6); i++)
		add_prefix(b, 6, prefixes6[i].end, prefixes6[i].len, prefixes6[i].class_id);
}

static void add_programs(struct profile_builder *b)
{
	u32 program = N_PROGRAMS;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cells); i++)
		builder_cell(b, cells[i][0], cells[i][1], cells[i][2]);
	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		struct eqfw_rule_rec rule = builder_ports(rules[i].proto, rules[i].src_lo,
							  rules[i].src_hi, rules[i].dst_lo,
							  rules[i].dst_hi, rules[i].item);

		if (rules[i].program != program)
			program = builder_program(b);
		builder_rule(b, &rule);
	}
}

static void add_items(struct profile_builder *b)
{
	builder_item(b, "edge/1:1", EQFW_ITEM_MATRIX, 0);
	builder_item(b, "edge/1:2", EQFW_ITEM_MATRIX, 0);
	builder_item(b, "edge/2:1", EQFW_ITEM_MATRIX, 0);
	builder_item(b, "edge/2:2", EQFW_ITEM_MATRIX, 0);
	builder_item(b, "edge/3:1", EQFW_ITEM_MATRIX, 0);
	builder_item(b, "edge/3:2", EQFW_ITEM_MATRIX, 0);
	builder_item(b, "site/old", EQFW_ITEM_SITE, VECTOR_NOW);
	builder_item(b, "icmp/1", EQFW_ITEM_ICMP, 0);
	builder_item(b, "guard/ssh", EQFW_ITEM_GUARD, 0);
	builder_item(b, "guard/esp", EQFW_ITEM_GUARD, 0);
	builder_item(b, "edge/9:1", EQFW_ITEM_MATRIX, 0);
	builder_item(b, "guard/redirect", EQFW_ITEM_GUARD, 0);
	builder_item(b, "site/new", EQFW_ITEM_SITE, VECTOR_NOW + 1);
}

void vector_profile_begin(struct profile_builder *b, u32 variant)
{
	u32 flags = 0;

	builder_init(b);
	if (variant & PROFILE_ALL)
		flags |= EQFW_HEADER_SCOPE_ALL;
	if (variant & PROFILE_UNZONED_DROP)
		flags |= EQFW_HEADER_UNZONED_DROP;
	b->header.flags = cpu_to_le32(flags);
	b->header.name = cpu_to_le32(builder_string(b, "vectors"));
	add_zones(b, variant);
	add_classes(b, variant);
	add_programs(b);
	add_items(b);
	builder_host(b, "edge", ZONE_DMZ, 0);
	builder_host(b, "em", ZONE_CORE, 0);
	if (variant & PROFILE_MIRROR) {
		builder_mirror(b, ZONE_BOX, ZONE_CORE);
		builder_mirror(b, ZONE_CORE, ZONE_CORE);
		builder_mirror(b, ZONE_CORE, ZONE_DMZ);
	}
}

u8 *vector_profile(u32 variant, size_t *size)
{
	struct profile_builder b;
	u8 *bytes;

	vector_profile_begin(&b, variant);
	bytes = builder_finish(&b, size);
	builder_free(&b);
	return bytes;
}

void vector_flow(const struct flow_vector *v, u8 family, struct eqfw_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	flow->src = vector_addr(v->src, family);
	flow->dst = vector_addr(v->dst, family);
	flow->sport = v->sport;
	flow->dport = v->dport;
	flow->family = family;
	flow->proto = v->proto;
	flow->tcp_flags = v->tcp_flags;
	flow->fault = v->fault;
	flow->now_s = VECTOR_NOW;
}

const struct eqfw_zone_set *vector_zones(enum vector_in in, struct eqfw_zone_set *set)
{
	static const u8 zones[] = {
		[IN_CORE] = 1 << ZONE_CORE,
		[IN_DMZ] = 1 << ZONE_DMZ,
		[IN_OUTSIDE] = 1 << ZONE_OUTSIDE,
		[IN_BOTH] = 1 << ZONE_CORE | 1 << ZONE_OUTSIDE,
	};

	memset(set, 0, sizeof(*set));
	set->bits[0] = zones[in];
	return in == IN_NOWHERE ? NULL : set;
}

const char *vector_run(const struct eqfw_table *table, const struct flow_vector *v, u8 family)
{
	u32 item = v->item < N_ITEMS ? v->item : EQFW_ITEM_NONE;
	struct eqfw_verdict verdict;
	struct eqfw_places places;
	struct eqfw_zone_set set;
	struct eqfw_flow flow;

	vector_flow(v, family, &flow);
	eqfw_locate(table, &flow, &places);
	eqfw_judge(table, &flow, &places, vector_zones(v->in, &set), &verdict);
	if (verdict.action != v->action)
		return "action";
	if (verdict.reason != v->reason)
		return "reason";
	if (verdict.item != item)
		return "item";
	if (verdict.unzoned != (v->item == ITEM_UNZONED))
		return "unzoned";
	if (verdict.src_zone != places.src.zone || verdict.dst_zone != places.dst.zone)
		return "zones";
	return NULL;
}
