// SPDX-License-Identifier: GPL-2.0
/* Meanings that random sites reach seldom, each by name; and what makes profiles small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture_rules.h"

#define PORT(n) ((struct port_range){ (n), (n) })
#define PORTS(lo, hi) ((struct port_range){ (lo), (hi) })

static const char *zone_of(const struct fixture *fixture, const char *address)
{
	uint16_t zone = le16_to_cpu(fixture_class_rec(&fixture->profile, address)->zone);

	if (zone == EQFW_ZONE_NONE)
		return "none";
	return eqfw_profile_string(&fixture->profile, fixture->profile.zones[zone].name);
}

static unsigned int flags_of(const struct fixture *fixture, const char *address)
{
	return le16_to_cpu(fixture_class_rec(&fixture->profile, address)->flags);
}

static const char *name_of(const struct fixture *fixture, const char *address)
{
	return eqfw_profile_string(&fixture->profile,
				   fixture_class_rec(&fixture->profile, address)->name);
}

/* Item id that permits TCP from an address to an address, NULL if none does. */
static const char *permits(const struct fixture *fixture, const char *src, const char *dst,
			   uint16_t port)
{
	const struct eqfw_profile *profile = &fixture->profile;
	struct prefix from = fixture_address(src), to = fixture_address(dst);
	uint32_t program = fixture_program(profile, fixture_class(profile, &from),
					   fixture_class(profile, &to));
	uint32_t item = fixture_match(profile, program, from.family, 6, 40000, port);

	return item == NO_ITEM ? NULL : eqfw_profile_string(profile, profile->items[item].id);
}

/* A zone core with a network, an outside default. */
struct site {
	struct fixture fixture;
	struct zone *core;
	struct zone *outside;
	uint32_t item;
};

static int setup(void **state)
{
	struct site *site = calloc(1, sizeof(*site));

	fixture_init(&site->fixture);
	site->core = fixture_zone(&site->fixture, "core", "10.1.0.0/16 2001:db8:1::/48");
	site->outside = fixture_zone(&site->fixture, "outside", "");
	site->outside->is_default = true;
	site->item = fixture_item(&site->fixture, "section/1:1");
	*state = site;
	return 0;
}

static int teardown(void **state)
{
	struct site *site = *state;

	fixture_free(&site->fixture);
	free(site);
	return 0;
}

static void test_zone_priority(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	struct zone *dmz = fixture_zone(f, "dmz", "10.1.5.0/24");

	f->deployment.box = fixture_list(f, "10.1.0.1 10.1.32.1 10.1.32.3");
	f->deployment.vip = fixture_list(f, "10.1.32.3");
	fixture_host(f, "rooms", site->core, "10.1.32.0/20 10.1.5.7", NULL);
	fixture_host(f, "edge", dmz, "10.1.5.10", "198.51.100.10");
	assert_true(fixture_factor(f));
	assert_string_equal(zone_of(f, "10.1.0.1"), "box");
	assert_string_equal(zone_of(f, "10.1.32.1"), "box");
	assert_int_equal(flags_of(f, "10.1.32.1"), EQFW_CLASS_BOX);
	assert_int_equal(flags_of(f, "10.1.32.3"), EQFW_CLASS_BOX | EQFW_CLASS_VIP);
	assert_string_equal(zone_of(f, "10.1.32.2"), "core");
	assert_string_equal(zone_of(f, "10.1.5.7"), "core");
	assert_string_equal(zone_of(f, "10.1.5.8"), "dmz");
	assert_string_equal(zone_of(f, "10.1.9.9"), "core");
	assert_string_equal(zone_of(f, "198.51.100.10"), "dmz");
	assert_int_equal(flags_of(f, "198.51.100.10"), EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC);
	assert_string_equal(zone_of(f, "198.51.100.11"), "outside");
	assert_string_equal(zone_of(f, "2001:db8:1::5"), "core");
	assert_string_equal(zone_of(f, "2001:db8:2::5"), "outside");
}

/* Networks of one zone on both sides of another zone's: the innermost one must not get lost. */
static void test_nested_networks(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;

	fixture_zone(f, "lab", "10.0.0.0/8 10.1.2.0/24");
	assert_true(fixture_factor(f));
	assert_string_equal(zone_of(f, "10.2.0.1"), "lab");
	assert_string_equal(zone_of(f, "10.1.0.1"), "core");
	assert_string_equal(zone_of(f, "10.1.2.1"), "lab");
}

static void test_box_that_is_public_too(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	struct endpoint *edge = fixture_host(f, "edge", site->core, "10.1.0.20", "198.51.100.1");
	uint32_t all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	uint32_t box = fixture_group(f, GROUP_BOX, NULL);
	uint32_t edges = fixture_group(f, GROUP_DECLARED, site->core);
	uint32_t ssh = fixture_item(f, "guard/ssh");

	f->deployment.box = fixture_list(f, "198.51.100.1 198.51.100.2");
	fixture_member(f, edges, edge);
	fixture_rule(f, all, edges, 6, PORT(1720), site->item);
	fixture_rule(f, all, box, 6, PORT(22), ssh);
	assert_true(fixture_factor(f));
	assert_string_equal(zone_of(f, "198.51.100.1"), "box");
	assert_int_equal(flags_of(f, "198.51.100.1"),
			 EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC | EQFW_CLASS_DECLARED);
	assert_string_equal(permits(f, "203.0.113.5", "198.51.100.1", 1720), "section/1:1");
	assert_string_equal(permits(f, "203.0.113.5", "198.51.100.1", 22), "guard/ssh");
	assert_string_equal(permits(f, "203.0.113.5", "198.51.100.2", 22), "guard/ssh");
	assert_null(permits(f, "203.0.113.5", "198.51.100.2", 1720));
	assert_null(permits(f, "203.0.113.5", "10.1.0.20", 22));
}

/* Class 1 is the box's, listed addresses or not: run time finds some. */
static void test_box_class_without_addresses(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	uint32_t all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	uint32_t box = fixture_group(f, GROUP_BOX, NULL), program;

	fixture_rule(f, all, box, 6, PORT(22), site->item);
	assert_true(fixture_factor(f));
	assert_int_equal(le16_to_cpu(f->profile.classes[1].flags), EQFW_CLASS_BOX);
	assert_int_equal(le16_to_cpu(f->profile.classes[1].zone), f->profile.box_zone);
	program = fixture_program(&f->profile, 0, 1);
	assert_int_equal(fixture_match(&f->profile, program, 4, 6, 40000, 22), site->item);
}

static void test_broadcast(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;

	fixture_zone(f, "lans", "172.16.0.0/24 172.16.1.0/24 172.16.9.0/31 172.16.9.4/30");
	fixture_host(f, "rooms", site->core, "10.1.240.0/20", NULL);
	fixture_host(f, "odd", site->core, "172.16.1.255", NULL);
	assert_true(fixture_factor(f));
	assert_int_equal(flags_of(f, "172.16.0.255"), EQFW_CLASS_BROADCAST);
	assert_int_equal(flags_of(f, "172.16.1.255"), EQFW_CLASS_DECLARED);
	assert_int_equal(flags_of(f, "172.16.9.1"), 0);
	assert_int_equal(flags_of(f, "172.16.9.7"), EQFW_CLASS_BROADCAST);
	assert_int_equal(flags_of(f, "172.16.9.6"), 0);
	assert_int_equal(flags_of(f, "10.1.255.255"), EQFW_CLASS_BROADCAST | EQFW_CLASS_DECLARED);
	assert_int_equal(flags_of(f, "10.1.255.254"), EQFW_CLASS_DECLARED);
}

static void test_only(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	struct endpoint *rooms = fixture_host(f, "rooms", site->core, "10.1.32.0/20", NULL);
	struct endpoint *lone = fixture_host(f, "lone", site->core, "10.1.32.9", NULL);
	struct endpoint *both = fixture_host(f, "both", site->core, "10.1.32.10", NULL);
	uint32_t all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	uint32_t wide = fixture_group(f, GROUP_DECLARED, site->core);
	uint32_t narrow = fixture_group(f, GROUP_DECLARED, site->core);

	lone->only = true;
	fixture_member(f, wide, rooms);
	fixture_member(f, narrow, lone);
	fixture_member(f, narrow, both);
	fixture_rule(f, all, wide, 6, PORT(80), site->item);
	fixture_rule(f, all, narrow, 6, PORT(443), site->item);
	assert_true(fixture_factor(f));
	assert_non_null(permits(f, "203.0.113.5", "10.1.32.8", 80));
	assert_null(permits(f, "203.0.113.5", "10.1.32.8", 443));
	assert_null(permits(f, "203.0.113.5", "10.1.32.9", 80));
	assert_non_null(permits(f, "203.0.113.5", "10.1.32.9", 443));
	assert_non_null(permits(f, "203.0.113.5", "10.1.32.10", 80));
	assert_non_null(permits(f, "203.0.113.5", "10.1.32.10", 443));
}

/* Hosts in no group are declared all the same: their packets are in scope. */
static void test_host_without_rules(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;

	fixture_host(f, "idle", site->core, "10.1.0.77", NULL);
	fixture_host(f, "callers", site->outside, NULL, NULL);
	assert_true(fixture_factor(f));
	assert_int_equal(flags_of(f, "10.1.0.77"), EQFW_CLASS_DECLARED);
	assert_string_equal(name_of(f, "10.1.0.77"), "idle");
	assert_int_equal(flags_of(f, "203.0.113.77"), 0);
}

static void test_everywhere_is_not_multicast(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	uint32_t all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	uint32_t groups = fixture_group(f, GROUP_MULTICAST, NULL);

	fixture_addresses(f, groups, "224.0.1.41");
	fixture_rule(f, all, all, 6, PORT(80), site->item);
	fixture_rule(f, all, groups, 6, PORT(81), site->item);
	fixture_rule(f, groups, all, 6, PORT(82), site->item);
	assert_true(fixture_factor(f));
	assert_string_equal(zone_of(f, "224.0.1.41"), "none");
	assert_null(permits(f, "10.1.0.1", "224.0.1.41", 80));
	assert_null(permits(f, "10.1.0.1", "239.9.9.9", 80));
	assert_null(permits(f, "10.1.0.1", "ff0e::1", 80));
	assert_non_null(permits(f, "10.1.0.1", "224.0.1.41", 81));
	assert_null(permits(f, "10.1.0.1", "224.0.1.42", 81));
	assert_null(permits(f, "224.0.1.41", "10.1.0.1", 82));
}

static unsigned int rules_for(struct fixture *f, uint32_t from, uint32_t to)
{
	assert_true(fixture_factor(f));
	assert_int_equal(f->profile.n_programs, 1);
	return f->profile.n_rules;
}

static void test_rules_that_say_nothing_are_left_out(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	uint32_t all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	uint32_t other = fixture_item(f, "section/2:1");

	fixture_rule(f, all, all, 6, PORTS(100, 200), site->item);
	fixture_rule(f, all, all, 6, PORTS(100, 200), site->item);
	assert_int_equal(rules_for(f, all, all), 1);
	fixture_rule(f, all, all, 6, PORTS(120, 130), site->item);
	assert_int_equal(rules_for(f, all, all), 1);
	/* Between the narrow and the wide rule of one item: now the narrow one decides who counts. */
	fixture_rule(f, all, all, 6, PORTS(110, 150), other);
	assert_int_equal(rules_for(f, all, all), 3);
	assert_string_equal(permits(f, "10.1.0.1", "10.1.0.2", 125), "section/1:1");
	assert_string_equal(permits(f, "10.1.0.1", "10.1.0.2", 115), "section/2:1");
	assert_string_equal(permits(f, "10.1.0.1", "10.1.0.2", 160), "section/1:1");
	/* Another protocol is another matter. */
	fixture_rule(f, all, all, 17, PORTS(120, 130), site->item);
	assert_int_equal(rules_for(f, all, all), 4);
}

/* Hosts that behave alike are one class, pairs with equal rules one program. */
static void test_sharing(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	uint32_t rooms = fixture_group(f, GROUP_DECLARED, site->core);
	uint32_t servers = fixture_group(f, GROUP_DECLARED, site->core);
	uint32_t outside = fixture_group(f, GROUP_WHOLE_ZONE, site->outside);
	char name[8], address[20];

	for (unsigned int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "room%02u", i);
		snprintf(address, sizeof(address), "10.1.%u.%u", i, 2 * i + 1);
		fixture_member(f, rooms, fixture_host(f, name, site->core, address, NULL));
	}
	fixture_member(f, servers, fixture_host(f, "em1", site->core, "10.1.200.1", NULL));
	fixture_rule(f, outside, rooms, 6, PORT(1720), site->item);
	fixture_rule(f, outside, servers, 6, PORT(1720), site->item);
	assert_true(fixture_factor(f));
	/* outside, box, core, rooms, em1, core's broadcast, multicast. */
	assert_int_equal(f->profile.n_classes, 7);
	assert_int_equal(f->profile.n_cells, 2);
	assert_int_equal(f->profile.n_programs, 1);
	assert_int_equal(f->profile.n_rules, 1);
	assert_string_equal(name_of(f, "10.1.3.7"), "room00+room01+room02+97-more");
}

static void test_families_that_cannot_meet(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	uint32_t v4 = fixture_group(f, GROUP_DECLARED, site->core);
	uint32_t v6 = fixture_group(f, GROUP_DECLARED, site->core);

	fixture_member(f, v4, fixture_host(f, "v4", site->core, "10.1.0.4", NULL));
	fixture_member(f, v6, fixture_host(f, "v6", site->core, "2001:db8:1::6", NULL));
	fixture_rule(f, v4, v6, 6, PORT(80), site->item);
	assert_true(fixture_factor(f));
	assert_int_equal(f->profile.n_cells, 0);
}

static void test_forbidden(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	uint32_t group = fixture_group(f, GROUP_DECLARED, site->core), program;

	fixture_member(f, group, fixture_host(f, "sds", site->core, "10.1.0.4", NULL));
	fixture_forbid(f, group, 6, PORT(3340), site->item);
	assert_true(fixture_factor(f));
	program = le32_to_cpu(fixture_class_rec(&f->profile, "10.1.0.4")->forbidden);
	assert_int_equal(fixture_match(&f->profile, program, 4, 6, 1, 3340), site->item);
	assert_int_equal(fixture_match(&f->profile, program, 4, 6, 65535, 3340), site->item);
	assert_int_equal(fixture_match(&f->profile, program, 4, 6, 1, 3341), NO_ITEM);
	program = le32_to_cpu(fixture_class_rec(&f->profile, "10.1.0.5")->forbidden);
	assert_int_equal(program, EQFW_PROGRAM_NONE);
}

static const struct eqfw_host_rec *host(const struct fixture *f, const char *name)
{
	for (uint32_t i = 0; i < f->profile.n_hosts; i++)
		if (!strcmp(eqfw_profile_string(&f->profile, f->profile.hosts[i].name), name))
			return &f->profile.hosts[i];
	fail_msg("no host %s", name);
	return NULL;
}

static void assert_v4(const struct fixture *f, const char *name, const char *expected)
{
	const struct eqfw_host_rec *rec = host(f, name);
	char text[20];

	assert_true(le16_to_cpu(rec->flags) & EQFW_HOST_ADDR4);
	snprintf(text, sizeof(text), "%u.%u.%u.%u", rec->addr4[0], rec->addr4[1], rec->addr4[2],
		 rec->addr4[3]);
	assert_string_equal(text, expected);
}

static void test_hosts_and_examples(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	struct zone *full = fixture_zone(f, "full", "172.16.0.0/30");

	fixture_host(f, "strangers", site->outside, NULL, NULL);
	fixture_host(f, "inner", site->core, NULL, NULL);
	fixture_host(f, "crowd", full, NULL, NULL);
	fixture_host(f, "em1", site->core, "10.1.9.9 10.1.0.1-10.1.0.9 2001:db8:1::1", NULL);
	fixture_host(f, "edge", site->core, "2001:db8:1::20", "203.0.113.1-203.0.113.4");
	fixture_host(f, "taken", full, "172.16.0.0/30", NULL);
	assert_true(fixture_factor(f));
	assert_v4(f, "em1", "10.1.9.9");
	assert_v4(f, "edge", "203.0.113.1");
	/* Not the edge's public addresses, nor em1's. */
	assert_v4(f, "strangers", "203.0.113.5");
	assert_v4(f, "inner", "10.1.0.10");
	assert_int_equal(le16_to_cpu(host(f, "crowd")->flags), EQFW_HOST_ANY);
	assert_int_equal(le16_to_cpu(host(f, "strangers")->flags),
			 EQFW_HOST_ANY | EQFW_HOST_ADDR4 | EQFW_HOST_ADDR6);
	assert_int_equal(host(f, "inner")->addr6[15], 2);
}

static void test_interfaces(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	const struct eqfw_interface_rec *recs;

	fixture_interface(f, site->outside, "eth0");
	fixture_interface(f, site->core, "eth*");
	fixture_interface(f, site->core, "eth0");
	fixture_interface(f, site->core, "*");
	fixture_interface(f, site->core, "eth");
	assert_true(fixture_factor(f));
	recs = f->profile.interfaces;
	assert_int_equal(f->profile.n_interfaces, 5);
	assert_string_equal(eqfw_profile_string(&f->profile, recs[0].name), "");
	assert_int_equal(le16_to_cpu(recs[0].flags), EQFW_INTERFACE_PREFIX);
	assert_string_equal(eqfw_profile_string(&f->profile, recs[1].name), "eth");
	assert_int_equal(le16_to_cpu(recs[1].flags), 0);
	assert_int_equal(le16_to_cpu(recs[2].flags), EQFW_INTERFACE_PREFIX);
	assert_string_equal(eqfw_profile_string(&f->profile, recs[4].name), "eth0");
	assert_int_equal(le16_to_cpu(recs[4].flags), 0);
}

static void test_too_many_rules_in_a_program(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	uint32_t all = fixture_group(f, GROUP_EVERYWHERE, NULL);

	for (uint16_t port = 1; port <= EQFW_MAX_PROGRAM_RULES; port++)
		fixture_rule(f, all, all, 6, PORT(2 * port), site->item);
	assert_true(fixture_factor(f));
	fixture_rule(f, all, all, 6, PORT(1), site->item);
	assert_false(fixture_factor(f));
	assert_int_equal(f->diag.errors, 1);
}

static void test_header(void **state)
{
	struct site *site = *state;
	struct fixture *f = &site->fixture;
	struct eqfw_profile profile;
	struct eqfw_fault fault;

	f->deployment.audit = true;
	f->deployment.scope_all = true;
	f->deployment.unzoned_drop = true;
	f->deployment.bridge_enforce = true;
	f->deployment.boot = BOOT_CLOSED;
	f->deployment.flows = 50000;
	f->deployment.adopt_s = 120;
	f->deployment.log.nflog = true;
	f->deployment.log.group = 5;
	site->core->intra_enforce = false;
	assert_true(factor(&f->ruleset, 77, &f->diag, &f->image));
	assert_int_equal(eqfw_profile_check(f->image.bytes, f->image.size, &profile, &fault), 0);
	assert_int_equal(le64_to_cpu(profile.header->serial), 77);
	assert_int_equal(le32_to_cpu(profile.header->mode), EQFW_MODE_AUDIT);
	assert_int_equal(le32_to_cpu(profile.header->flags),
			 EQFW_HEADER_FLAGS & ~EQFW_HEADER_BOOT_GUARDS);
	assert_int_equal(le32_to_cpu(profile.header->flows), 50000);
	assert_int_equal(le32_to_cpu(profile.header->adopt_s), 120);
	assert_int_equal(le16_to_cpu(profile.header->nflog_group), 5);
	assert_int_equal(le32_to_cpu(profile.zones[1].flags), EQFW_ZONE_INTRA_PASS);
	assert_string_equal(eqfw_profile_string(&profile, profile.header->name), "fixture");
	assert_string_equal(eqfw_profile_string(&profile, profile.header->matrix), "by-hand");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_zone_priority),
		T(test_nested_networks),
		T(test_box_that_is_public_too),
		T(test_box_class_without_addresses),
		T(test_broadcast),
		T(test_only),
		T(test_host_without_rules),
		T(test_everywhere_is_not_multicast),
		T(test_rules_that_say_nothing_are_left_out),
		T(test_sharing),
		T(test_families_that_cannot_meet),
		T(test_forbidden),
		T(test_hosts_and_examples),
		T(test_interfaces),
		T(test_too_many_rules_in_a_program),
		T(test_header),
	};

	return cmocka_run_group_tests_name("factor", tests, NULL, NULL);
}
