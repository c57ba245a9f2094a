// SPDX-License-Identifier: GPL-2.0
#include "random_profile.h"
#include "profile_builder.h"

#include <stdio.h>

#define NOW 1000
#define CLASS_GROUP 1 /* always a multicast group; so is no other class below 2 */

struct shape {
	u32 zones;
	u32 classes;
	u32 programs;
	u32 items;
	u32 max_rules;
	bool has_default;
};

u32 random_below(struct random_source *r, u32 n)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return (u32)((r->state >> 32) % n);
}

static bool one_in(struct random_source *r, u32 n)
{
	return !random_below(r, n);
}

static void add_zones(struct random_source *r, struct profile_builder *b, struct shape *s)
{
	u32 i;

	builder_zone(b, "box", EQFW_ZONE_BOX);
	s->has_default = !one_in(r, 4);
	for (i = 1; i < s->zones; i++) {
		u32 ipsec = one_in(r, 8) ? EQFW_ZONE_IPSEC : 0;
		u32 intra = ipsec | (one_in(r, 2) ? EQFW_ZONE_INTRA_PASS : 0);
		char name[16];

		snprintf(name, sizeof(name), "z%03u", i);
		builder_zone(b, name, s->has_default && i == 1 ? EQFW_ZONE_DEFAULT : intra);
	}
}

static void add_class(struct random_source *r, struct profile_builder *b, const struct shape *s)
{
	static const u16 kinds[] = {
		0,
		EQFW_CLASS_DECLARED,
		EQFW_CLASS_DECLARED,
		EQFW_CLASS_DECLARED,
		EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC,
		EQFW_CLASS_BOX,
		EQFW_CLASS_BOX | EQFW_CLASS_VIP,
		EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC | EQFW_CLASS_DECLARED,
		EQFW_CLASS_BROADCAST,
	};
	u16 flags = kinds[random_below(r, ARRAY_SIZE(kinds))];
	u16 zone = (u16)(1 + random_below(r, s->zones - 1));
	u32 forbidden = one_in(r, 3) ? random_below(r, s->programs) : EQFW_PROGRAM_NONE;

	if ((flags & ~EQFW_CLASS_VIP) == EQFW_CLASS_BOX)
		zone = 0;
	builder_class(b, zone, flags, forbidden, "");
}

static void add_classes(struct random_source *r, struct profile_builder *b, const struct shape *s)
{
	u32 i;

	builder_class(b, s->has_default ? 1 : EQFW_ZONE_NONE, 0, EQFW_PROGRAM_NONE, "");
	builder_class(b, EQFW_ZONE_NONE, EQFW_CLASS_GROUP, EQFW_PROGRAM_NONE, "");
	for (i = 2; i < s->classes; i++)
		add_class(r, b, s);
}

/* Few different bytes, so that prefixes nest and touch. */
static void random_address(struct random_source *r, u8 family, u8 *addr)
{
	static const u8 first4[] = { 10, 10, 10, 11, 192, 224, 239, 126, 128, 1, 223 };
	static const u8 first6[] = { 0x20, 0x20, 0x20, 0xfd, 0xff, 0xfe, 0x21 };
	static const u8 bytes[] = { 0, 0, 0, 1, 0x7f, 0x80, 0xff, 0xfe };
	u32 i;

	for (i = 1; i < (family == 4 ? 4 : 16); i++)
		addr[i] = bytes[random_below(r, ARRAY_SIZE(bytes))];
	addr[0] = family == 4 ? first4[random_below(r, ARRAY_SIZE(first4))]
			      : first6[random_below(r, ARRAY_SIZE(first6))];
}

static struct eqfw_prefix_rec random_prefix(struct random_source *r, const struct shape *s)
{
	struct eqfw_prefix_rec prefix = { .family = one_in(r, 2) ? 4 : 6 };
	u32 bits = prefix.family == 4 ? 32 : 128;
	bool group;
	u32 i;

	prefix.len = (u8)(one_in(r, 3) ? bits : 8 + random_below(r, bits - 7));
	if (one_in(r, 8))
		prefix.len = (u8)(1 + random_below(r, 8));
	random_address(r, prefix.family, prefix.addr);
	for (i = prefix.len; i < 128; i++)
		prefix.addr[i / 8] &= ~(0x80 >> (i % 8));
	group = prefix.family == 4 ? prefix.len >= 4 && prefix.addr[0] >> 4 == 14
				   : prefix.len >= 8 && prefix.addr[0] == 0xff;
	prefix.class_id = htole32(group ? CLASS_GROUP : 2 + random_below(r, s->classes - 2));
	return prefix;
}

static int compare_prefixes(const void *x, const void *y)
{
	const struct eqfw_prefix_rec *a = x, *b = y;
	int order = a->family - b->family;

	if (!order)
		order = memcmp(a->addr, b->addr, 16);
	return order ? order : a->len - b->len;
}

static void add_prefixes(struct random_source *r, struct profile_builder *b, const struct shape *s)
{
	struct eqfw_prefix_rec prefixes[200];
	u32 n = random_below(r, ARRAY_SIZE(prefixes)), i;

	if (one_in(r, 3))
		n /= 16;
	for (i = 0; i < n; i++)
		prefixes[i] = random_prefix(r, s);
	qsort(prefixes, n, sizeof(prefixes[0]), compare_prefixes);
	for (i = 0; i < n; i++)
		if (!i || compare_prefixes(&prefixes[i - 1], &prefixes[i]))
			builder_prefix(b, prefixes[i].family, prefixes[i].addr, prefixes[i].len,
				       le32toh(prefixes[i].class_id));
}

static void add_cells(struct random_source *r, struct profile_builder *b, const struct shape *s)
{
	u32 one = 1 + random_below(r, 6);
	u32 src, dst;

	for (src = 0; src < s->classes; src++)
		for (dst = 0; dst < s->classes; dst++)
			if (one_in(r, one))
				builder_cell(b, src, dst, random_below(r, s->programs));
}

static u16 random_port(struct random_source *r)
{
	static const u16 edges[] = { 1, 22, 23, 1023, 1024, 1720, 5060, 32768, 65534, 65535 };

	return one_in(r, 2) ? edges[random_below(r, ARRAY_SIZE(edges))]
			    : (u16)(1 + random_below(r, 65535));
}

static void random_range(struct random_source *r, u16 *lo, u16 *hi)
{
	u16 a = random_port(r), b = one_in(r, 3) ? a : random_port(r);

	*lo = a < b ? a : b;
	*hi = a < b ? b : a;
}

static struct eqfw_rule_rec random_rule(struct random_source *r, const struct shape *s)
{
	static const u8 protos[] = { 6, 6, 6, 17, 17, 17, 1, 58, 50, 112, 2 };
	u8 proto = protos[random_below(r, ARRAY_SIZE(protos))];
	u32 item = random_below(r, s->items);
	u16 src_lo, src_hi, dst_lo, dst_hi;

	random_range(r, &src_lo, &src_hi);
	random_range(r, &dst_lo, &dst_hi);
	if (proto == 6 || proto == 17)
		return builder_ports(proto, src_lo, src_hi, dst_lo, dst_hi, item);
	if (proto != 1 && proto != 58)
		return builder_ports(proto, 0, 0, 0, 0, item);
	dst_lo = (u16)random_below(r, proto == 1 ? 20 : 145);
	return builder_ports(proto, 0, (u16)random_below(r, 256), dst_lo,
			     one_in(r, 3) ? dst_lo + 5 : dst_lo, item);
}

static int compare_rules(const void *a, const void *b)
{
	return eqfw_rule_before(a, b) ? -1 : eqfw_rule_before(b, a);
}

static void add_programs(struct random_source *r, struct profile_builder *b, const struct shape *s)
{
	struct eqfw_rule_rec rules[EQFW_MAX_PROGRAM_RULES];
	u32 i, j;

	for (i = 0; i < s->programs; i++) {
		u32 n = 1 + random_below(r, s->max_rules);

		for (j = 0; j < n; j++)
			rules[j] = random_rule(r, s);
		qsort(rules, n, sizeof(rules[0]), compare_rules);
		builder_program(b);
		for (j = 0; j < n; j++)
			if (!j || compare_rules(&rules[j - 1], &rules[j]))
				builder_rule(b, &rules[j]);
	}
}

static void add_items(struct random_source *r, struct profile_builder *b, const struct shape *s)
{
	u32 i;

	for (i = 0; i < s->items; i++) {
		char id[24];

		snprintf(id, sizeof(id), "row/%u:1", i);
		builder_item(b, id, EQFW_ITEM_MATRIX,
			     one_in(r, 3) ? NOW - 2 + random_below(r, 5) : 0);
		if (one_in(r, 24))
			builder_item_flags(b, EQFW_ITEM_RELATED);
	}
}

static void add_mirrors(struct random_source *r, struct profile_builder *b, const struct shape *s)
{
	u32 low, high, one = 1 + random_below(r, 3);

	if (one_in(r, 2))
		return;
	for (low = 0; low < s->zones; low++)
		for (high = low; high < s->zones; high++)
			if (one_in(r, one))
				builder_mirror(b, (u16)low, (u16)high);
}

u8 *random_profile(struct random_source *r, u32 max_rules, size_t *size)
{
	struct shape s = {
		.zones = 2 + random_below(r, one_in(r, 8) ? 198 : 5),
		.classes = 3 + random_below(r, 20),
		.programs = 1 + random_below(r, max_rules > 100 ? 3 : 12),
		.items = 1 + random_below(r, 30),
		.max_rules = max_rules,
	};
	struct profile_builder b;
	u8 *bytes;

	builder_init(&b);
	b.header.flags = htole32(random_below(r, EQFW_HEADER_BOOT_CLOSED));
	add_zones(r, &b, &s);
	add_classes(r, &b, &s);
	add_prefixes(r, &b, &s);
	add_cells(r, &b, &s);
	add_programs(r, &b, &s);
	add_items(r, &b, &s);
	add_mirrors(r, &b, &s);
	bytes = builder_finish(&b, size);
	builder_free(&b);
	return bytes;
}

/* An address just inside or outside a random prefix of the family, or one of a special kind. */
static void near_prefix(struct random_source *r, const struct eqfw_profile *p, u8 family, u8 *addr)
{
	const struct eqfw_prefix_rec *prefix;
	u32 i, fill = random_below(r, 3);

	random_address(r, family, addr);
	if (!p->n_prefixes || one_in(r, 6))
		return;
	prefix = &p->prefixes[random_below(r, p->n_prefixes)];
	if (prefix->family != family)
		return;
	memcpy(addr, prefix->addr, family == 4 ? 4 : 16);
	for (i = prefix->len; i < (family == 4 ? 32 : 128); i++)
		if (fill == 1 || (fill == 2 && one_in(r, 2)))
			addr[i / 8] |= 0x80 >> (i % 8);
	if (one_in(r, 4))
		addr[family == 4 ? 3 : 15] += one_in(r, 2) ? 1 : 255;
}

static void special_address(struct random_source *r, u8 family, u8 *addr)
{
	static const u8 special4[][4] = { { 0 },
					  { 127, 0, 0, 1 },
					  { 255, 255, 255, 255 },
					  { 224, 0, 0, 18 },
					  { 224, 0, 1, 0 },
					  { 240, 0, 0, 1 },
					  { 0, 1, 2, 3 },
					  { 126, 255, 255, 255 } };
	static const u8 special6[][16] = { { 0 },	   { [15] = 1 },
					   { 0xfe, 0x80 }, { 0xfe, 0xbf, 1 },
					   { 0xfe, 0xc0 }, { 0xff, 0x02, [15] = 1 },
					   { 0xff, 0x05 }, { [10] = 0xff, 0xff, 10, 1, 0, 1 },
					   { [10] = 0xff } };

	if (family == 4)
		memcpy(addr, special4[random_below(r, ARRAY_SIZE(special4))], 4);
	else
		memcpy(addr, special6[random_below(r, ARRAY_SIZE(special6))], 16);
}

static u16 near_port(struct random_source *r, __le16 lo, __le16 hi)
{
	switch (random_below(r, 6)) {
	case 0:
		return le16toh(lo) - 1;
	case 1:
		return le16toh(hi) + 1;
	case 2:
		return le16toh(lo);
	case 3:
		return le16toh(hi);
	case 4:
		return random_port(r);
	default:
		return (u16)(le16toh(lo) + random_below(r, le16toh(hi) - le16toh(lo) + 1u));
	}
}

static void random_ports(struct random_source *r, const struct eqfw_profile *p,
			 struct eqfw_flow *flow)
{
	const struct eqfw_rule_rec *rule = &p->rules[random_below(r, p->n_rules)];

	flow->proto = rule->proto;
	flow->sport = near_port(r, rule->src_lo, rule->src_hi);
	flow->dport = near_port(r, rule->dst_lo, rule->dst_hi);
	if (one_in(r, 3) && (rule->proto == 6 || rule->proto == 17)) {
		u16 sport = flow->sport;

		flow->sport = flow->dport;
		flow->dport = sport;
	}
	if (one_in(r, 16)) {
		flow->proto = (u8)random_below(r, 256);
		flow->sport = (u16)(67 + random_below(r, 2));
		flow->dport = (u16)(67 + random_below(r, 2));
	}
	if (one_in(r, 32)) {
		flow->proto = 17;
		flow->sport = (u16)((flow->family == 4 ? 67 : 546) + random_below(r, 2));
		flow->dport = (u16)((flow->family == 4 ? 67 : 546) + random_below(r, 2));
	}
	if (one_in(r, 16)) {
		flow->proto = flow->family == 4 ? 1 : 58;
		flow->sport = 0;
		flow->dport = (u16)(flow->family == 4
					    ? random_below(r, 20)
					    : random_below(r, 10) + 128 * random_below(r, 2));
	}
}

void random_flow(struct random_source *r, const struct eqfw_profile *p, struct eqfw_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	flow->family = one_in(r, 2) ? 4 : 6;
	near_prefix(r, p, flow->family, flow->src.b);
	near_prefix(r, p, flow->family, flow->dst.b);
	if (one_in(r, 16))
		special_address(r, flow->family, flow->src.b);
	if (one_in(r, 16))
		special_address(r, flow->family, flow->dst.b);
	random_ports(r, p, flow);
	flow->tcp_flags = (u8)random_below(r, 64);
	if (one_in(r, 32))
		flow->fault = EQFW_REASON_TRUNC;
	flow->now_s = NOW - 1 + random_below(r, 3);
}
