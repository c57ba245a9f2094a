// SPDX-License-Identifier: GPL-2.0
/*
 * Hand-made packets through kmod/flow_skb.c: the cases of malformed, fragmented and disguised
 * packets. Each is read twice, once from linear memory and once from a buffer with one linear byte
 * and the rest in as many page fragments as there may be (K35): the outcome must be the same.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/random.h>

#include "flow_skb.c"

#define HI(x) ((x) / 256)
#define LO(x) ((x) % 256)

/* 10.1.32.7 -> 192.0.2.10 and 2001:db8:1::7 -> 2001:db8:2::10 */
#define A4 10, 1, 32, 7
#define B4 192, 0, 2, 10
#define A6 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7
#define B6 0x20, 1, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10

#define IP4_TO(ihl, frag, proto, src, dst) \
	0x40 | (ihl), 0, 0, 0, 0, 1, HI(frag), LO(frag), 64, proto, 0, 0, src, dst
#define IP4(ihl, frag, proto) IP4_TO(ihl, frag, proto, A4, B4)
#define IP6_TO(next, src, dst) 0x60, 0, 0, 0, 0, 0, next, 64, src, dst
#define IP6(next) IP6_TO(next, A6, B6)
#define IP6_LINK(next) 0x60, 0, 0, 0, 0, 0, next, 255, A6, B6 /* sent on this very link */
#define PORTS 0x10, 0x00, 0x06, 0xb8			      /* 4096 -> 1720 */
#define TCP(doff, flags) PORTS, 0, 0, 0, 1, 0, 0, 0, 0, (doff) << 4, flags, 16, 0, 0, 0, 0, 0
#define UDP(len) PORTS, HI(len), LO(len), 0, 0
#define ICMP(type, code) type, code, 0, 0, 0, 0, 0, 0
#define EXT(next) next, 0, 1, 4, 0, 0, 0, 0 /* options or hop-by-hop: 8 bytes of padding */
#define ROUTE(next, type, left) next, 0, type, left, 0, 0, 0, 0
#define FRAG6(next, field) next, 0, HI(field), LO(field), 0, 0, 0, 1
#define TWELVE 0, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0
#define MF4 0x2000
#define DF4 0x4000
#define MF6 1

#define BYTES(...) .bytes = (const u8[]){ __VA_ARGS__ }, .len = sizeof((const u8[]){ __VA_ARGS__ })

struct packet_case {
	const char *name;
	const u8 *bytes;
	u16 len;
	u8 family;
	u8 fault;
	u8 proto;
	bool gso;
};

#define OK(name_, family_, proto_, ...) \
	{ \
		.name = name_, .family = family_, .proto = proto_, BYTES(__VA_ARGS__) \
	}
#define BAD(name_, family_, fault_, ...) \
	{ \
		.name = name_, .family = family_, .fault = EQFW_REASON_##fault_, \
		BYTES(__VA_ARGS__) \
	}

static const struct packet_case packet_cases[] = {
	OK("tcp", 4, 6, IP4(5, 0, 6), TCP(5, 2)),
	OK("tcp6", 6, 6, IP6(6), TCP(5, 2)),
	OK("udp", 4, 17, IP4(5, DF4, 17), UDP(8)),
	OK("udp6", 6, 17, IP6(17), UDP(8)),
	OK("udp 20 bytes", 4, 17, IP4(5, DF4, 17), UDP(20), TWELVE),
	OK("udp6 20 bytes", 6, 17, IP6(17), UDP(20), TWELVE),
	OK("udp 8 of 20 bytes", 4, 17, IP4(5, 0, 17), UDP(8), TWELVE),
	BAD("K6 udp length 7 of 20", 4, TRUNC, IP4(5, 0, 17), UDP(7), TWELVE),
	BAD("K6 udp6 length 21 of 20", 6, TRUNC, IP6(17), UDP(21), TWELVE),
	{ .name = "udp length 0 of this host",
	  .family = 4,
	  .proto = 17,
	  .gso = true,
	  BYTES(IP4(5, 0, 17), UDP(0), TWELVE) },
	BAD("K5 tcp 19 bytes", 4, TRUNC, IP4(5, 0, 6), PORTS, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 16,
	    0, 0, 0, 0),
	BAD("K5 tcp 0 bytes", 4, TRUNC, IP4(5, 0, 6)),
	BAD("K5 tcp6 12 bytes", 6, TRUNC, IP6(6), PORTS, 0, 0, 0, 1, 0, 0, 0, 0),
	BAD("K6 udp 7 bytes", 4, TRUNC, IP4(5, 0, 17), PORTS, 0, 8, 0),
	BAD("K6 udp 0 bytes", 6, TRUNC, IP6(17)),
	BAD("K6 udp length 7", 4, TRUNC, IP4(5, 0, 17), UDP(7)),
	BAD("K6 udp length beyond", 4, TRUNC, IP4(5, 0, 17), UDP(9)),
	BAD("K6 udp6 length 0", 6, TRUNC, IP6(17), UDP(0)),
	BAD("K7 doff 0", 4, TRUNC, IP4(5, 0, 6), TCP(0, 2)),
	BAD("K7 doff 4", 6, TRUNC, IP6(6), TCP(4, 2)),
	BAD("K7 doff beyond", 4, TRUNC, IP4(5, 0, 6), TCP(6, 2)),
	OK("K7 doff 6", 4, 6, IP4(5, 0, 6), TCP(6, 2), 1, 1, 1, 1),
	BAD("ihl 4", 4, TRUNC, IP4(4, 0, 6), TCP(5, 2)),
	BAD("ihl beyond", 4, TRUNC, IP4(15, 0, 6), TCP(5, 2)),
	BAD("v4 header cut", 4, TRUNC, 0x45, 0, 0, 20, 0, 0),
	BAD("v6 header cut", 6, TRUNC, 0x60, 0, 0, 0, 0, 0, 6, 64, A6),
	BAD("K9 lsrr", 4, IPOPT, IP4(6, 0, 6), 131, 3, 4, 0, TCP(5, 2)),
	BAD("K9 ssrr", 4, IPOPT, IP4(6, 0, 6), 137, 3, 4, 0, TCP(5, 2)),
	BAD("K9 rr", 4, IPOPT, IP4(6, 0, 6), 7, 3, 4, 0, TCP(5, 2)),
	BAD("K9 ts", 4, IPOPT, IP4(6, 0, 6), 68, 4, 5, 0, TCP(5, 2)),
	BAD("K9 length 0", 4, IPOPT, IP4(6, 0, 6), 148, 0, 0, 0, TCP(5, 2)),
	BAD("K9 length 1", 4, IPOPT, IP4(6, 0, 6), 1, 148, 1, 0, TCP(5, 2)),
	BAD("K9 length beyond", 4, IPOPT, IP4(6, 0, 6), 148, 5, 0, 0, TCP(5, 2)),
	BAD("K9 no length", 4, IPOPT, IP4(6, 0, 6), 1, 1, 1, 148, TCP(5, 2)),
	OK("router alert", 4, 6, IP4(6, 0, 6), 148, 4, 0, 0, TCP(5, 2)),
	OK("hidden after end", 4, 6, IP4(6, 0, 6), 0, 131, 3, 4, TCP(5, 2)),
	BAD("K13 first fragment", 4, FRAG, IP4(5, MF4, 17), UDP(8)),
	BAD("K13 last fragment", 4, FRAG, IP4(5, 185, 17), UDP(8)),
	BAD("K12 offset 8191", 4, FRAG, IP4(5, 8191, 17), UDP(8)),
	BAD("K13 v6 first fragment", 6, FRAG, IP6(44), FRAG6(17, MF6), UDP(8)),
	BAD("K13 v6 last fragment", 6, FRAG, IP6(44), FRAG6(17, 8), UDP(8)),
	OK("v6 atomic fragment", 6, 17, IP6(44), FRAG6(17, 0), UDP(8)),
	BAD("K13 v6 first fragment before an atomic one", 6, FRAG, IP6(44), FRAG6(44, MF6),
	    FRAG6(17, 0), UDP(8)),
	OK("K14 one header", 6, 17, IP6(60), EXT(17), UDP(8)),
	OK("K14 hop-by-hop first", 6, 17, IP6(0), EXT(60), EXT(17), UDP(8)),
	OK("K14 eight headers", 6, 17, IP6(0), EXT(60), EXT(60), EXT(60), EXT(60), EXT(60), EXT(60),
	   EXT(60), EXT(17), UDP(8)),
	BAD("K14 nine headers", 6, EXTHDR, IP6(0), EXT(60), EXT(60), EXT(60), EXT(60), EXT(60),
	    EXT(60), EXT(60), EXT(60), EXT(17), UDP(8)),
	BAD("hop-by-hop second", 6, EXTHDR, IP6(60), EXT(0), EXT(17), UDP(8)),
	BAD("K16 length beyond", 6, EXTHDR, IP6(60), 17, 2, 1, 4, 0, 0, 0, 0, UDP(8)),
	BAD("K16 header cut", 6, EXTHDR, IP6(60), 17),
	OK("K17 no next header", 6, 59, IP6(59)),
	OK("K17 mobility", 6, 135, IP6(135), EXT(17), UDP(8)),
	OK("K17 hip", 6, 139, IP6(139), EXT(17), UDP(8)),
	OK("K17 shim6", 6, 140, IP6(140), EXT(17), UDP(8)),
	OK("K17 experiment", 6, 253, IP6(253), EXT(17), UDP(8)),
	OK("ah ends the walk", 6, 51, IP6(51), EXT(17), UDP(8)),
	BAD("K18 rh0", 6, EXTHDR, IP6(43), ROUTE(17, 0, 1), UDP(8)),
	BAD("K18 rh0, none left", 6, EXTHDR, IP6(43), ROUTE(17, 0, 0), UDP(8)),
	BAD("K18 rh2", 6, EXTHDR, IP6(43), ROUTE(17, 2, 1), UDP(8)),
	BAD("K18 srh", 6, EXTHDR, IP6(43), ROUTE(17, 4, 1), UDP(8)),
	OK("K18 srh, none left", 6, 17, IP6(43), ROUTE(17, 4, 0), UDP(8)),
	BAD("K20 jumbo", 6, EXTHDR, IP6(0), 17, 0, 0xc2, 4, 0, 1, 0, 0, UDP(8)),
	{ .name = "K20 jumbo of this host",
	  .family = 6,
	  .proto = 17,
	  .gso = true,
	  BYTES(IP6(0), 17, 0, 0xc2, 4, 0, 1, 0, 0, UDP(8)) },
	BAD("hop-by-hop option beyond", 6, EXTHDR, IP6(0), 17, 0, 5, 200, 0, 0, 0, 0, UDP(8)),
	BAD("K33 syn fin", 4, TCP_FLAGS, IP4(5, 0, 6), TCP(5, 3)),
	BAD("K33 null", 6, TCP_FLAGS, IP6(6), TCP(5, 0)),
	BAD("K33 xmas", 4, TCP_FLAGS, IP4(5, 0, 6), TCP(5, 0x29)),
	BAD("K33 syn rst", 4, TCP_FLAGS, IP4(5, 0, 6), TCP(5, 6)),
	OK("K34 rst", 4, 6, IP4(5, 0, 6), TCP(5, 4)),
	OK("K34 fin", 4, 6, IP4(5, 0, 6), TCP(5, 1)),
	OK("K43 ece cwr syn", 4, 6, IP4(5, 0, 6), TCP(5, 0xc2)),
	OK("K3 udp-lite", 4, 136, IP4(5, 0, 136), UDP(8)),
	OK("K4 proto 255", 4, 255, IP4(5, 0, 255)),
	OK("icmpv6 in v4", 4, 58, IP4(5, 0, 58)),
	OK("K26 neighbour solicitation", 6, 58, IP6_LINK(58), ICMP(135, 0)),
	OK("K26 redirect", 6, 58, IP6_LINK(58), ICMP(137, 0)),
	OK("K26 echo through routers", 6, 58, IP6(58), ICMP(128, 0)),
	OK("K26 v4 type 134", 4, 1, IP4(5, 0, 1), ICMP(134, 0)),
	BAD("K26 router solicitation through routers", 6, ICMP, IP6(58), ICMP(133, 0)),
	BAD("K26 router advertisement through routers", 6, ICMP, IP6(58), ICMP(134, 0)),
	BAD("K26 neighbour solicitation through routers", 6, ICMP, IP6(58), ICMP(135, 0)),
	BAD("K26 neighbour advertisement through routers", 6, ICMP, IP6(58), ICMP(136, 0)),
	BAD("K26 redirect through routers", 6, ICMP, IP6(58), ICMP(137, 0)),
	BAD("icmp 7 bytes", 4, TRUNC, IP4(5, 0, 1), 8, 0, 0, 0, 0, 0, 0),
};

struct inner_case {
	const char *name;
	const u8 *bytes;
	u16 len;
	u8 family;
	bool good;
	u8 proto;
};

#define INNER(name_, family_, good_, proto_, ...) \
	{ \
		.name = name_, .family = family_, .good = good_, .proto = proto_, \
		BYTES(__VA_ARGS__) \
	}
/* The error goes to B, who had sent the inner packet to A. */
#define ERR4 IP4(5, 0, 1), ICMP(3, 4)
#define ERR6 IP6(58), ICMP(2, 0)
#define IN4(frag, proto) IP4_TO(5, frag, proto, B4, A4)
#define IN6(next) IP6_TO(next, B6, A6)

static const struct inner_case inner_cases[] = {
	INNER("K21 v4 tcp", 4, true, 6, ERR4, IN4(0, 6), PORTS, 0, 0, 0, 1),
	INNER("K21 v4 udp", 4, true, 17, ERR4, IN4(DF4, 17), UDP(900)),
	INNER("K21 v6 udp", 6, true, 17, ERR6, IN6(17), UDP(900)),
	INNER("K21 v6 walk", 6, true, 17, ERR6, IN6(60), EXT(17), UDP(900)),
	INNER("K21 v4 echo", 4, true, 1, ERR4, IN4(0, 1), ICMP(8, 0)),
	INNER("K22 v4", 4, false, 0, ERR4, IP4(5, 0, 17), UDP(8)),
	INNER("K22 v6", 6, false, 0, ERR6, IP6(17), UDP(8)),
	INNER("K24 nothing", 4, false, 0, ERR4),
	INNER("K24 19 bytes", 4, false, 0, ERR4, 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 17, 0, 0, B4, 10, 1,
	      32),
	INNER("K24 27 bytes", 4, false, 0, ERR4, IN4(0, 17), PORTS, 0, 8, 0),
	INNER("K24 v6 47 bytes", 6, false, 0, ERR6, IN6(17), PORTS, 0, 8, 0),
	INNER("K24 first fragment", 4, true, 17, ERR4, IN4(MF4, 17), UDP(900)),
	INNER("K24 later fragment", 4, false, 0, ERR4, IN4(185, 17), UDP(900)),
	INNER("K24 v6 first fragment", 6, true, 17, ERR6, IN6(44), FRAG6(17, MF6), UDP(900)),
	INNER("K24 v6 later fragment", 6, false, 0, ERR6, IN6(44), FRAG6(17, 8), UDP(900)),
	INNER("K24 inner error", 4, false, 0, ERR4, IN4(0, 1), ICMP(3, 3)),
	INNER("K24 inner redirect", 4, false, 0, ERR4, IN4(0, 1), ICMP(5, 0)),
	INNER("K24 v6 inner error", 6, false, 0, ERR6, IN6(58), ICMP(1, 4)),
	INNER("K24 v6 in v4", 4, false, 0, ERR4, IN6(17), UDP(8)),
	INNER("K24 v4 in v6", 6, false, 0, ERR6, IN4(0, 17), UDP(8), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	      0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	INNER("K24 inner options hide", 4, false, 0, ERR4, IP4_TO(6, 0, 17, B4, A4), 131, 3, 4, 0,
	      UDP(8)),
};

static void describe_packet(const struct packet_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

static void describe_inner(const struct inner_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(packet, packet_cases, describe_packet);
KUNIT_ARRAY_PARAM(inner, inner_cases, describe_inner);

static struct sk_buff *make_linear(const u8 *bytes, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len + 64, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, 64);
	skb_put_data(skb, bytes, len);
	skb_reset_network_header(skb);
	return skb;
}

static struct sk_buff *make_paged(const u8 *bytes, unsigned int len)
{
	unsigned int at = 1, step = (len - 1) / MAX_SKB_FRAGS + 1;
	struct sk_buff *skb = make_linear(bytes, 1);
	int i;

	for (i = 0; skb && at < len; i++, at += step) {
		unsigned int n = min(step, len - at);
		struct page *page = alloc_page(GFP_KERNEL);

		if (!page) {
			kfree_skb(skb);
			return NULL;
		}
		memcpy(page_address(page) + 100, bytes + at, n);
		skb_add_rx_frag(skb, i, page, 100, n, PAGE_SIZE);
	}
	return skb;
}

/* The short way, where it takes the packet, must end where the long one does. */
static void expect_plain(struct kunit *test, const struct eqfw_packet *packet, struct sk_buff *skb)
{
	const struct eqfw_flow *flow = &packet->flow;
	bool common = flow->proto == 6 || flow->proto == 17;
	struct eqfw_packet plain;

	if (!eqfw_packet_read_plain(&plain, skb, flow->family, 0)) {
		KUNIT_EXPECT_TRUE(test, flow->fault || !common || skb_headlen(skb) < 40 ||
						flow->family == 6 || skb_is_gso(skb) ||
						packet->l4 != 20);
		return;
	}
	KUNIT_EXPECT_EQ(test, flow->fault, (u8)EQFW_REASON_NONE);
	KUNIT_EXPECT_EQ(test, packet->l4, plain.l4);
	KUNIT_EXPECT_FALSE(test, memcmp(&plain.flow.src, &flow->src, sizeof(flow->src)));
	KUNIT_EXPECT_FALSE(test, memcmp(&plain.flow.dst, &flow->dst, sizeof(flow->dst)));
	KUNIT_EXPECT_EQ(test, plain.flow.sport, flow->sport);
	KUNIT_EXPECT_EQ(test, plain.flow.dport, flow->dport);
	KUNIT_EXPECT_EQ(test, plain.flow.family, flow->family);
	KUNIT_EXPECT_EQ(test, plain.flow.proto, flow->proto);
	KUNIT_EXPECT_EQ(test, plain.flow.tcp_flags, flow->tcp_flags);
	KUNIT_EXPECT_EQ(test, plain.flow.fault, flow->fault);
}

static void expect_packet(struct kunit *test, const struct packet_case *c, struct sk_buff *skb)
{
	struct eqfw_packet packet;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	if (c->gso)
		skb_shinfo(skb)->gso_size = 1400;
	eqfw_packet_read(&packet, skb, c->family, 0);
	expect_plain(test, &packet, skb);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, packet.flow.fault, c->fault);
	KUNIT_EXPECT_EQ(test, packet.flow.family, c->family);
	if (c->fault)
		return;
	KUNIT_EXPECT_EQ(test, packet.flow.proto, c->proto);
	KUNIT_EXPECT_EQ(test, packet.flow.dst.b[c->family == 4 ? 3 : 15], c->family == 4 ? 10 : 16);
	if (c->proto == 6 || c->proto == 17) {
		KUNIT_EXPECT_EQ(test, packet.flow.sport, 4096);
		KUNIT_EXPECT_EQ(test, packet.flow.dport, 1720);
	}
}

static void test_packet(struct kunit *test)
{
	const struct packet_case *c = test->param_value;

	expect_packet(test, c, make_linear(c->bytes, c->len));
	expect_packet(test, c, make_paged(c->bytes, c->len));
}

static void expect_inner(struct kunit *test, const struct inner_case *c, struct sk_buff *skb)
{
	struct eqfw_packet packet;
	struct eqfw_flow inner;
	bool good;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	eqfw_packet_read(&packet, skb, c->family, 0);
	good = eqfw_packet_read_inner(&packet, &inner);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, packet.flow.fault, (u8)EQFW_REASON_NONE);
	KUNIT_EXPECT_EQ(test, good, c->good);
	if (!good || !c->good)
		return;
	KUNIT_EXPECT_EQ(test, inner.proto, c->proto);
	KUNIT_EXPECT_EQ(test, inner.family, c->family);
	if (c->proto != 1)
		KUNIT_EXPECT_EQ(test, inner.dport, 1720);
}

static void test_inner(struct kunit *test)
{
	const struct inner_case *c = test->param_value;

	expect_inner(test, c, make_linear(c->bytes, c->len));
	expect_inner(test, c, make_paged(c->bytes, c->len));
}

/* The longest chain that the walk takes, and one header that leads beyond its 512 bytes. */
static void test_exthdr_bytes(struct kunit *test)
{
	static const u8 udp[] = { UDP(8) };
	u8 bytes[40 + 520 + 8] = { IP6(60) };
	struct packet_case c = { .family = 6, .bytes = bytes, .len = sizeof(bytes) };

	bytes[40] = 17;
	bytes[41] = 64; /* (64 + 1) * 8 = 520 */
	c.fault = EQFW_REASON_EXTHDR;
	test->param_value = &c;
	test_packet(test);
	bytes[41] = 63;
	memcpy(bytes + 40 + 512, udp, sizeof(udp));
	c.fault = EQFW_REASON_NONE;
	c.proto = 17;
	test_packet(test);
}

/* K42: whatever comes, reading ends and never looks behind the end (KASAN watches). */
static void test_random(struct kunit *test)
{
	static const u8 protos[] = { 6, 17, 1, 58, 0, 43, 44, 60 };
	int i;

	for (i = 0; i < 20000; i++) {
		u8 bytes[120];
		struct eqfw_packet packet;
		struct eqfw_flow inner;
		struct sk_buff *skb;
		u8 family = i & 1 ? 4 : 6;

		get_random_bytes(bytes, sizeof(bytes));
		bytes[0] = family == 4 ? 0x40 | (bytes[0] & 15) : 0x60;
		bytes[family == 4 ? 9 : 6] = protos[i / 2 % ARRAY_SIZE(protos)];
		skb = make_linear(bytes, 20 + bytes[100] % 100);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		eqfw_packet_read(&packet, skb, family, 0);
		expect_plain(test, &packet, skb);
		if (!packet.flow.fault)
			eqfw_packet_read_inner(&packet, &inner);
		kfree_skb(skb);
		KUNIT_ASSERT_LT(test, packet.flow.fault, (u8)EQFW_N_REASONS);
	}
}

static struct kunit_case eqfw_flow_skb_cases[] = { KUNIT_CASE_PARAM(test_packet, packet_gen_params),
						   KUNIT_CASE_PARAM(test_inner, inner_gen_params),
						   KUNIT_CASE(test_exthdr_bytes),
						   KUNIT_CASE(test_random),
						   {} };

static struct kunit_suite eqfw_flow_skb_suite = {
	.name = "eqfw_flow_skb",
	.test_cases = eqfw_flow_skb_cases,
};
kunit_test_suite(eqfw_flow_skb_suite);

MODULE_DESCRIPTION("KUnit suites of eqfw");
MODULE_LICENSE("GPL");
