// SPDX-License-Identifier: GPL-2.0
/*
 * factor() against brute force: random sites, random addresses and ports. The oracle knows neither
 * tries nor classes: for each address it asks every network, host and group in turn, for each packet
 * every rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "classify.h"
#include "factor_oracle.h"

#ifdef EQFW_TEST_FAST
#define N_SITES 2000
#else
#define N_SITES 150
#endif
#define N_PROBES 1200

static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 11) % n);
}

static bool one_in(uint32_t n)
{
	return !random_below(n);
}

/* A prefix in a universe small enough that everything overlaps: 10.0.0.0/23, 2001:db8::/119. */
static struct prefix random_prefix(unsigned int shortest)
{
	struct prefix prefix = { .family = one_in(3) ? 6 : 4 };
	unsigned int low = random_below(512), bits = random_below(33 - shortest);

	low = low >> bits << bits;
	if (prefix.family == 4) {
		prefix.addr.b[0] = 10;
		prefix.addr.b[2] = (uint8_t)(low >> 8);
		prefix.addr.b[3] = (uint8_t)low;
		prefix.len = (uint8_t)(32 - bits);
	} else {
		memcpy(prefix.addr.b, "\x20\x01\x0d\xb8", 4);
		prefix.addr.b[14] = (uint8_t)(low >> 8);
		prefix.addr.b[15] = (uint8_t)low;
		prefix.len = (uint8_t)(128 - bits);
	}
	return prefix;
}

static const char *random_list(struct fixture *fixture, unsigned int n, unsigned int shortest)
{
	struct arena *arena = fixture->ruleset.arena;
	const char *text = "";

	while (n--) {
		struct prefix prefix = random_prefix(shortest);

		text = arena_printf(arena, "%s %s", text, prefix_format(arena, &prefix));
	}
	return text;
}

static bool network_taken(const struct fixture *fixture, const struct prefix *prefix)
{
	for (size_t z = 0; z < fixture->deployment.n_zones; z++) {
		const struct prefix_list *networks = &fixture->deployment.zones[z]->networks;

		for (size_t i = 0; i < networks->n_written; i++)
			if (!prefix_compare(&networks->written[i], prefix))
				return true;
	}
	return false;
}

static void random_zones(struct fixture *fixture)
{
	static const char *const names[] = { "zulu", "alpha", "core", "dmz" };
	struct arena *arena = fixture->ruleset.arena;
	unsigned int n = 1 + random_below(4);

	for (unsigned int i = 0; i < n; i++) {
		const char *networks = "";

		for (unsigned int k = random_below(4); k > 0; k--) {
			struct prefix prefix = random_prefix(23);

			if (!network_taken(fixture, &prefix))
				networks = arena_printf(arena, "%s %s", networks,
							prefix_format(arena, &prefix));
		}
		fixture_zone(fixture, names[i], networks);
	}
	if (one_in(2))
		fixture->deployment.zones[1 + random_below(n)]->is_default = true;
	if (one_in(2))
		fixture->deployment.box = fixture_list(fixture, random_list(fixture, 2, 30));
}

static struct zone *random_zone(struct fixture *fixture)
{
	return fixture->deployment
		.zones[1 + random_below((uint32_t)fixture->deployment.n_zones - 1)];
}

/* Often an address that another host, or the box, has too. */
static const char *random_public(struct fixture *fixture, const char *taken)
{
	const char *public = taken && one_in(3) ? taken : random_list(fixture, 1, 31);

	if (one_in(6))
		fixture->deployment.box = fixture_list(fixture, public);
	return public;
}

/* Ports from among those that rules name, a width of up to 3; two hosts may state the same. */
static const struct port_map *random_map(struct fixture *fixture)
{
	struct arena *arena = fixture->ruleset.arena;
	struct port_map *map = arena_alloc(arena, sizeof(*map));
	unsigned int at = 8, n = 1 + random_below(3);

	map->moves = arena_alloc(arena, n * sizeof(*map->moves));
	map->closed = one_in(3);
	map->text = map->closed ? "closed" : "";
	while (map->n < n) {
		struct port_move *move = &map->moves[map->n++];
		unsigned int width = 1 + random_below(3);

		move->proto = one_in(4) ? PROTO_UDP : PROTO_TCP;
		move->at.lo = (uint16_t)(at + random_below(3));
		move->at.hi = (uint16_t)(move->at.lo + width - 1);
		move->own = (uint16_t)(8 + random_below(14));
		at = move->at.hi + 1u;
		map->text = arena_printf(arena, "%s %u:%u-%u:%u", map->text, move->proto,
					 move->at.lo, move->at.hi, move->own);
	}
	return map;
}

static void random_hosts(struct fixture *fixture)
{
	unsigned int n = random_below(10);
	const char *taken = NULL;

	for (unsigned int i = 0; i < n; i++) {
		const char *name = arena_printf(fixture->ruleset.arena, "host%u", i);
		const char *addresses = random_list(fixture, 1 + random_below(3), 26);
		const char *publics = one_in(3) ? random_public(fixture, taken) : NULL;
		struct endpoint *host;

		host = fixture_host(fixture, name, random_zone(fixture),
				    one_in(8) ? NULL : addresses, publics);
		host->only = one_in(5);
		if (publics && one_in(2))
			host->public->map = random_map(fixture);
		taken = addresses;
	}
}

static void random_group(struct fixture *fixture)
{
	static const unsigned int kinds[] = { GROUP_DECLARED,	GROUP_DECLARED,	 GROUP_DECLARED,
					      GROUP_BOX,	GROUP_MULTICAST, GROUP_WHOLE_ZONE,
					      GROUP_EVERYWHERE, GROUP_LITERAL };
	const struct deployment *deployment = &fixture->deployment;
	unsigned int kind = kinds[random_below(8)];
	struct zone *zone = kind & (GROUP_DECLARED | GROUP_WHOLE_ZONE) ? random_zone(fixture)
								       : NULL;
	uint32_t group = fixture_group(fixture, kind, zone);

	if (kind == GROUP_LITERAL)
		fixture_addresses(fixture, group,
				  one_in(4) ? "0.0.0.0/0" : random_list(fixture, 2, 25));
	if (kind == GROUP_LITERAL && one_in(3))
		fixture_addresses(fixture, group, "224.0.0.0-224.0.0.20 ff02::/16");
	if (kind == GROUP_MULTICAST)
		fixture_addresses(fixture, group,
				  one_in(2) ? "224.0.0.0/28 ff02::1" : "224.0.0.8/29");
	for (size_t i = 0; kind == GROUP_DECLARED && i < deployment->n_endpoints; i++) {
		if (deployment->endpoints[i]->zone == zone && !one_in(3))
			fixture_member(fixture, group, deployment->endpoints[i]);
	}
}

static struct port_range random_range(uint16_t lowest, uint16_t highest)
{
	const uint16_t choices[] = { lowest, (uint16_t)(lowest + 1), 10, 11, 12, 20, 100, highest };
	uint16_t a = choices[random_below(8)], b = choices[random_below(8)];

	return a <= b ? (struct port_range){ a, b } : (struct port_range){ b, a };
}

static void random_rules(struct fixture *fixture)
{
	static const uint8_t protos[] = { 6, 6, 6, 17, 17, 1, 58, 47 };
	uint32_t n_groups = (uint32_t)fixture->ruleset.n_groups, item;

	for (unsigned int i = 0; i < 12; i++)
		fixture_item(fixture, arena_printf(fixture->ruleset.arena, "section/%u:1", i));
	for (unsigned int n = random_below(60); n > 0; n--) {
		uint8_t proto = protos[random_below(8)];
		bool icmp = proto == 1 || proto == 58;
		struct port_range dst = random_range(!icmp, icmp ? 255 : 65535);
		struct rule *rule;

		item = random_below(12);
		rule = fixture_rule(fixture, random_below(n_groups), random_below(n_groups), proto,
				    dst, item);
		if (one_in(2))
			rule->src = random_range(!icmp, icmp ? 255 : 65535);
		rule->exact = one_in(3);
	}
	for (unsigned int n = random_below(6); n > 0; n--) {
		item = random_below(12);
		fixture_forbid(fixture, random_below(n_groups), one_in(2) ? 6 : 17,
			       random_range(1, 65535), item);
	}
}

static void random_site(struct fixture *fixture)
{
	fixture_init(fixture);
	random_zones(fixture);
	random_hosts(fixture);
	for (unsigned int n = 1 + random_below(10); n > 0; n--)
		random_group(fixture);
	random_rules(fixture);
	fixture->deployment.scope_all = true;
}

static struct prefix random_address(uint8_t family)
{
	struct prefix address;

	do
		address = random_prefix(32);
	while (address.family != family);
	if (one_in(8)) {
		/* A multicast or a faraway one. */
		bool multicast = one_in(2);

		memset(address.addr.b, 0, 15);
		address.addr.b[0] = family == 4 ? (multicast ? 224 : 93)
						: (multicast ? 0xff : 0x26);
		address.addr.b[1] = family == 4 ? 0 : 2;
		address.addr.b[family == 4 ? 3 : 15] = (uint8_t)random_below(20);
	}
	return address;
}

static void random_flow(struct eqfw_flow *flow, struct prefix *src, struct prefix *dst)
{
	static const uint8_t protos[] = { 6, 6, 6, 17, 17, 1, 58, 47 };
	static const uint16_t ports[] = { 0, 1, 2, 9, 10, 11, 12, 13, 20, 99, 100, 101, 255, 65535 };

	*flow = (struct eqfw_flow){ .family = one_in(3) ? 6 : 4, .proto = protos[random_below(8)] };
	*src = random_address(flow->family);
	*dst = random_address(flow->family);
	flow->src = src->addr;
	flow->dst = dst->addr;
	flow->sport = ports[random_below(14)];
	flow->dport = ports[random_below(14)];
	if ((flow->proto == 1 || flow->proto == 58) && (flow->sport > 255 || flow->dport > 255))
		flow->sport = flow->dport = 12;
}

static const char *zone_name(const struct eqfw_profile *profile, uint16_t zone)
{
	if (zone == EQFW_ZONE_NONE)
		return "none";
	return eqfw_profile_string(profile, profile->zones[zone].name);
}

static uint32_t check_place(const struct fixture *fixture, const struct seen *seen)
{
	uint32_t id = fixture_class(&fixture->profile, seen->address);
	const struct eqfw_class_rec *rec = &fixture->profile.classes[id];

	assert_string_equal(zone_name(&fixture->profile, le16_to_cpu(rec->zone)),
			    seen->zone ? seen->zone->name : "none");
	assert_int_equal(le16_to_cpu(rec->flags), seen->flags);
	return id;
}

/* The same through the table that the kernel uses, where it asks nothing but the items. */
static void check_table(const struct eqfw_table *table, const struct eqfw_flow *flow,
			const struct seen *src, uint32_t item)
{
	struct eqfw_places places;
	struct eqfw_verdict verdict;
	bool pass;

	if (src->flags & EQFW_CLASS_BOX)
		return;
	eqfw_locate(table, flow, &places);
	pass = eqfw_permits(table, flow, &places, &verdict);
	assert_int_equal(pass, item != NO_ITEM);
	if (pass)
		assert_int_equal(verdict.item, item);
}

/* What the probes met: a comparison of nothing with nothing proves nothing. */
struct met {
	unsigned int permitted;
	unsigned int forbidden;
	unsigned int box;
	unsigned int broadcast;
	unsigned int multicast;
	unsigned int public;
	unsigned int moved;
};

static void note(struct met *met, const struct fixture *fixture, const struct seen *dst,
		 uint32_t item, uint32_t forbidden)
{
	met->permitted += item != NO_ITEM;
	met->forbidden += forbidden != NO_ITEM;
	met->box += !!(dst->flags & EQFW_CLASS_BOX);
	met->broadcast += !!(dst->flags & EQFW_CLASS_BROADCAST);
	met->multicast += !!(dst->flags & EQFW_CLASS_GROUP) && item != NO_ITEM;
	met->public += !!(dst->flags & EQFW_CLASS_PUBLIC);
	met->moved += item != NO_ITEM && oracle_ports_change(fixture, dst);
}

static void probe(const struct fixture *fixture, const struct eqfw_table *table, struct met *met)
{
	const struct eqfw_profile *profile = &fixture->profile;
	uint32_t src_class, dst_class, item, forbidden;
	struct prefix src_address, dst_address;
	struct seen src, dst;
	struct eqfw_flow flow;

	random_flow(&flow, &src_address, &dst_address);
	src = oracle_see(fixture, &src_address);
	dst = oracle_see(fixture, &dst_address);
	src_class = check_place(fixture, &src);
	dst_class = check_place(fixture, &dst);
	item = oracle_item(fixture, &src, &dst, &flow);
	assert_int_equal(fixture_match(profile, fixture_program(profile, src_class, dst_class),
				       flow.family, flow.proto, flow.sport, flow.dport),
			 item);
	forbidden = le32_to_cpu(profile->classes[dst_class].forbidden);
	assert_int_equal(fixture_match(profile, forbidden, flow.family, flow.proto, flow.sport,
				       flow.dport),
			 oracle_item(fixture, NULL, &dst, &flow));
	check_table(table, &flow, &src, item);
	note(met, fixture, &dst, item, oracle_item(fixture, NULL, &dst, &flow));
}

static void test_random_sites(void **state)
{
	struct met met = { 0 };

	for (unsigned int site = 0; site < N_SITES; site++) {
		struct eqfw_table *table;
		struct eqfw_fault fault;
		struct fixture fixture;

		random_state = 0x9e3779b97f4a7c15u * (site + 1);
		random_site(&fixture);
		assert_true(fixture_factor(&fixture));
		assert_int_equal(eqfw_table_build(&fixture.profile, &table, &fault), 0);
		for (unsigned int i = 0; i < N_PROBES; i++)
			probe(&fixture, table, &met);
		eqfw_table_free(table);
		fixture_free(&fixture);
	}
	print_message(
		"%u permitted, %u forbidden, to box %u, broadcast %u, multicast %u, public %u, to moved ports %u\n",
		met.permitted, met.forbidden, met.box, met.broadcast, met.multicast, met.public,
		met.moved);
	assert_true(met.permitted > N_SITES && met.forbidden > N_SITES && met.box > N_SITES);
	assert_true(met.broadcast > N_SITES && met.multicast && met.public > N_SITES &&
		    met.moved > N_SITES / 4);
}

static void test_same_input_same_bytes(void **state)
{
	for (unsigned int site = 0; site < 50; site++) {
		struct fixture a, b;

		random_state = 0x9e3779b97f4a7c15u * (site + 1);
		random_site(&a);
		random_state = 0x9e3779b97f4a7c15u * (site + 1);
		random_site(&b);
		assert_true(fixture_factor(&a) && fixture_factor(&b));
		assert_int_equal(a.image.size, b.image.size);
		assert_memory_equal(a.image.bytes, b.image.bytes, a.image.size);
		fixture_free(&a);
		fixture_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_sites),
		cmocka_unit_test(test_same_input_same_bytes),
	};

	return cmocka_run_group_tests_name("factor_random", tests, NULL, NULL);
}
