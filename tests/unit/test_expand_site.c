// SPDX-License-Identifier: GPL-2.0
/* DESIGN 3.7 to 3.11 and 6: switches, forbids, zones, tunables, groups, the site's own rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <eqfw/format.h>

#include "expand_lab.h"
#include "fixture_rules.h"

#define HOSTS \
	"hosts:\n" \
	"  mgr: {roles: [manager], zone: core, address: 10.1.0.10}\n" \
	"  mcu: {roles: [mcu], zone: dmz, address: 192.0.2.20}\n" \
	"  names: {roles: [dns], zone: core, address: 10.1.0.53}\n"

static void test_requirement(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS);
	assert_drop(&lab, "mcu", "names", "tcp", 1024, 53);
	lab_close(&lab);
	lab_open(&lab, HOSTS "enable: {requirement: recommended}\n");
	assert_permit(&lab, "mcu", "names", "tcp", 1024, 53, "mcu/6:1");
	assert_drop(&lab, "mcu", "names", "tcp", 1325, 53);
	assert_drop(&lab, "mcu", "names", "udp", 1024, 53);
	lab_close(&lab);
}

static void test_conditions(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS "  w: {roles: [wcs], zone: core, address: 10.1.0.60}\n"
			     "enable: {requirement: recommended}\n");
	assert_permit(&lab, "mcu", "names", "udp", 1024, 53, "mcu/6:2");
	assert_drop(&lab, "mcu", "names", "udp", 1024, 123);
	lab_close(&lab);
	lab_open(&lab, HOSTS "enable: {requirement: recommended, features: [extra]}\n");
	assert_permit(&lab, "mcu", "names", "udp", 1024, 123, "mcu/6:3");
	lab_close(&lab);
	lab_open(&lab, HOSTS "enable: {requirement: recommended, features: all}\n");
	assert_permit(&lab, "mcu", "names", "udp", 1024, 123, "mcu/6:3");
	lab_close(&lab);
	lab_open(&lab, HOSTS "enable: {requirement: recommended, functions: [h323]}\n");
	assert_drop(&lab, "mcu", "names", "tcp", 1024, 53);
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 1720, "mcu/1:1");
	lab_close(&lab);
}

static void test_switches(void **state)
{
	struct lab lab;

	/* On beats requirement, function and condition; an item's switch beats its row's. */
	lab_open(&lab, HOSTS "enable: {functions: [h323], rows: {mcu/6: on, \"mcu/6:2\": off, "
			     "\"mcu/1:1\": off}}\n");
	assert_permit(&lab, "mcu", "names", "tcp", 1024, 53, "mcu/6:1");
	assert_drop(&lab, "mcu", "names", "udp", 1024, 53);
	assert_permit(&lab, "mcu", "names", "udp", 1024, 123, "mcu/6:3");
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 1720);
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 1024, "mcu/1:3");
	lab_close(&lab);
}

static uint64_t until_of(const struct lab *lab, const char *id)
{
	for (size_t i = 0; i < lab->ruleset->n_items; i++) {
		if (!strcmp(lab->ruleset->items[i].id, id))
			return lab->ruleset->items[i].until;
	}
	return 1;
}

static void test_until(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS "enable: {rows: {\"mcu/1:1\": {state: on, until: 2027-03-02}}}\n"
			     "site-rows: [{from: mgr, to: mcu, service: tcp 9, name: nine, "
			     "because: \"test\", until: 2027-03-01}]\n");
	assert_int_equal(until_of(&lab, "mcu/1:1"), 1803859200 + 86400);
	assert_int_equal(until_of(&lab, "site/nine"), 1803859200);
	assert_int_equal(until_of(&lab, "mcu/1:2"), 0);
	lab_close(&lab);
}

static void test_forbids(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS "enable: {requirement: optional}\n");
	/* An item that names pair and port keeps it; a range that covers it does not. */
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 8445, "mcu/5:1");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 8444, "mcu/5:2");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 8446, "mcu/5:2");
	/* Neighbours printed one by one are still exact. */
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 21, "mcu/5:3");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 22, "mcu/5:3");
	assert_int_equal(lab.ruleset->n_forbids, 3);
	lab_close(&lab);
	lab_open(&lab, HOSTS "enable: {rows: {\"mcu/5:1\": off}}\n");
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 8445);
	lab_close(&lab);
	/* Lifted by name. */
	lab_open(&lab, HOSTS "enable: {rows: {\"mcu/5:1\": off, \"mcu/4:3\": off}}\n");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 8445, "mcu/5:2");
	assert_int_equal(lab.ruleset->n_forbids, 2);
	lab_close(&lab);
	/* Lifted and opened, to the row's own source alone. */
	lab_open(&lab, HOSTS "  adm: {roles: [admin], zone: core, address: 10.1.0.70}\n"
			     "enable: {rows: {\"mcu/5\": off, \"mcu/4:3\": on}}\n");
	assert_permit(&lab, "adm", "mcu", "tcp", 40000, 8445, "mcu/4:3");
	assert_drop(&lab, "adm", "mcu", "tcp", 40000, 22);
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 8445);
	lab_close(&lab);
}

static void test_forbids_and_site_rules(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS "site-rows: [{from: mgr, to: mcu, service: tcp 1-1000, name: wide, "
			     "because: t}]\n");
	assert_permit(&lab, "mgr", "mcu", "tcp", 5, 20, "site/wide");
	assert_drop(&lab, "mgr", "mcu", "tcp", 5, 21);
	assert_drop(&lab, "mgr", "mcu", "tcp", 5, 22);
	assert_permit(&lab, "mgr", "mcu", "tcp", 5, 23, "site/wide");
	assert_int_equal(lab.diag.warnings, 1);
	lab_close(&lab);
	lab_open(&lab, HOSTS "site-rows: [{from: mgr, to: mcu, service: tcp 22, name: shell, "
			     "because: t}]\n");
	assert_permit(&lab, "mgr", "mcu", "tcp", 5, 22, "site/shell");
	assert_int_equal(lab.diag.warnings, 0);
	lab_close(&lab);
	/* A role names who may open; a zone does not, and whoever is meant by it stays out. */
	lab_open(&lab, HOSTS "site-rows: [{from: manager, to: mcu, service: tcp 22, name: shell, "
			     "because: t}, {from: core, to: dmz, service: tcp 22, name: zone, "
			     "because: t}]\n");
	assert_permit(&lab, "mgr", "mcu", "tcp", 5, 22, "site/shell");
	assert_drop(&lab, "names", "mcu", "tcp", 5, 22);
	lab_close(&lab);
	lab_open(&lab, HOSTS "site-rows: [{from: core, to: mcu, service: tcp 22, name: zone, "
			     "because: t}]\n");
	assert_drop(&lab, "mgr", "mcu", "tcp", 5, 22);
	assert_int_equal(lab.diag.warnings, 1);
	lab_close(&lab);
}

static void test_forbids_and_general_names(void **state)
{
	struct lab lab;

	/* "Terminals" names no MCU, though an MCU is one; and nobody named is no `any`. */
	lab_open(&lab,
		 HOSTS "  room: {roles: [room], zone: dmz, address: 192.0.2.30}\n"
		       "  out: {roles: [caller], zone: outside, address: any}\n"
		       "enable: {requirement: optional, rows: {\"mcu/5:3\": off}}\n"
		       "site-rows: [{from: out, to: mcu, service: tcp 22, name: n, because: t}]\n");
	assert_permit(&lab, "mgr", "room", "tcp", 40000, 22, "mcu/7:1");
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 22);
	assert_drop(&lab, "out", "mcu", "tcp", 40000, 22);
	lab_close(&lab);
}

/* The profile's answer for addresses, through factor(). */
static bool passes(const struct eqfw_profile *profile, const char *to, uint16_t dport)
{
	struct prefix from = fixture_address("10.1.0.10"), dst = fixture_address(to);
	uint32_t program = fixture_program(profile, fixture_class(profile, &from),
					   fixture_class(profile, &dst));

	return fixture_match(profile, program, 4, 6, 40000, dport) != NO_ITEM;
}

static void test_forbids_follow_the_address(void **state)
{
	struct eqfw_profile profile;
	struct eqfw_fault fault;
	struct image image;
	struct lab lab;

	lab_open(&lab,
		 HOSTS "  wide: {roles: [desktop], zone: dmz, address: 192.0.2.0/26}\n"
		       "site-rows: [{from: mgr, to: wide, service: tcp 1-1000, name: wide, "
		       "because: t}, {from: mgr, to: dmz, service: tcp 8000-9000, name: zone, "
		       "because: t}]\n");
	assert_true(factor(lab.ruleset, 0, &lab.diag, &image));
	assert_int_equal(eqfw_profile_check(image.bytes, image.size, &profile, &fault), 0);
	assert_true(passes(&profile, "192.0.2.21", 22));
	assert_true(passes(&profile, "192.0.2.20", 23));
	assert_false(passes(&profile, "192.0.2.20", 22));
	assert_false(passes(&profile, "192.0.2.20", 21));
	assert_true(passes(&profile, "192.0.2.99", 8445));
	assert_true(passes(&profile, "192.0.2.20", 8600));
	/* mcu/5:1 names it. */
	assert_true(passes(&profile, "192.0.2.20", 8445));
	image_free(&image);
	lab_close(&lab);
}

#define TWO_MCUS \
	"hosts:\n" \
	"  a: {roles: [desktop], zone: core, address: 10.1.0.10}\n" \
	"  b: {roles: [desktop], zone: core, address: 10.1.0.11}\n" \
	"  c: {roles: [desktop], zone: dmz, address: 192.0.2.10}\n" \
	"  d: {roles: [desktop], zone: dmz, address: 192.0.2.11, os: linux}\n"

static void test_same_zone(void **state)
{
	struct lab lab;

	lab_open(&lab, TWO_MCUS);
	assert_drop(&lab, "a", "b", "tcp", 40000, 443);
	assert_permit(&lab, "c", "d", "tcp", 40000, 443, "desktop/3:1");
	assert_drop(&lab, "c", "c", "tcp", 40000, 443);
	assert_permit(&lab, "a", "c", "tcp", 40000, 443, "desktop/3:1");
	lab_close(&lab);
	/* A public address always enforces. */
	lab_open(&lab, TWO_MCUS
		 "  e: {roles: [desktop], zone: core, address: 10.1.0.12, public: 198.51.100.9}\n");
	assert_permit(&lab, "a", "e", "tcp", 40000, 443, "desktop/3:1");
	assert_drop(&lab, "a", "b", "tcp", 40000, 443);
	lab_close(&lab);
}

static void test_sharing(void **state)
{
	struct lab lab;

	lab_open(&lab, TWO_MCUS);
	/* a and b are alike, c and d are not. */
	assert_int_equal(lab.ruleset->n_groups, 3);
	lab_close(&lab);
	lab_open(&lab,
		 TWO_MCUS "site-rows: [{from: a, to: c, service: tcp 9, name: n, because: t}]\n");
	assert_int_equal(lab.ruleset->n_groups, 4);
	assert_permit(&lab, "a", "c", "tcp", 9, 9, "site/n");
	assert_drop(&lab, "b", "c", "tcp", 9, 9);
	lab_close(&lab);
}

static void test_tunables(void **state)
{
	static const char hosts[] =
		"hosts:\n"
		"  edge:\n"
		"    roles: [edge]\n"
		"    legs:\n"
		"      public: {zone: dmz, address: 192.0.2.10}\n"
		"      internal: {zone: core, address: 10.1.0.20}\n"
		"  mcu: {roles: [mcu], zone: dmz, address: 192.0.2.20, tunables: {mcu.media: "
		"20000-20100}}\n"
		"  mcu2: {roles: [mcu], zone: dmz, address: 192.0.2.21}\n"
		"  mgr: {roles: [manager], zone: core, address: 10.1.0.10}\n"
		"tunables: {edge.range: 9000-9999, mcu.media: 18000-18100, manager.clients: "
		"50000-50999}\n";
	struct lab lab;

	lab_open(&lab, hosts);
	/* A value under the host wins. */
	assert_permit(&lab, "edge.internal", "mcu", "udp", 9000, 20100, "edge/3:1");
	assert_drop(&lab, "edge.internal", "mcu", "udp", 9000, 18000);
	assert_drop(&lab, "edge.internal", "mcu", "udp", 12000, 20000);
	assert_permit(&lab, "edge.internal", "mcu2", "udp", 9999, 18100, "edge/3:1");
	assert_permit(&lab, "mcu", "edge.internal", "udp", 20000, 9999, "edge/3:1");
	assert_drop(&lab, "mcu", "edge.internal", "udp", 20000, 12000);
	/* Client ranges move where they are printed and where they are a word. */
	assert_permit(&lab, "mgr", "mcu", "tcp", 50000, 1720, "mcu/1:1");
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 1720);
	assert_permit(&lab, "mcu", "mgr", "tcp", 1024, 50999, "mcu/1:3");
	assert_drop(&lab, "mcu", "mgr", "tcp", 1024, 51000);
	lab_close(&lab);
}

static void test_tunable_of_a_twin(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS "  gk: {roles: [gatekeeper], zone: core, address: 10.1.0.11}\n"
			     "tunables: {gatekeeper.clients: 40000-40999}\n");
	assert_permit(&lab, "gk", "mcu", "tcp", 40999, 9999, "mcu/8:1");
	assert_drop(&lab, "gk", "mcu", "tcp", 41000, 9999);
	assert_permit(&lab, "mgr", "mcu", "tcp", 61000, 9999, "mcu/8:1");
	lab_close(&lab);
}

static void test_readings(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS "readings: {\"mcu/1:3\": {ports: 2000-2010, because: t}, \"mcu/1:6\": "
			     "{ports: 8, because: t}}\n");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 2010, "mcu/1:3");
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 1024);
	assert_permit(&lab, "mcu", "mgr", "tcp", 1024, 8, "mcu/1:6");
	assert_drop(&lab, "mcu", "mgr", "tcp", 1024, 7);
	lab_close(&lab);
}

#define STREAMS \
	"hosts:\n" \
	"  d: {roles: [desktop], zone: core, address: 10.1.0.10}\n" \
	"  s: {roles: [streamer], zone: dmz, address: 192.0.2.10}\n" \
	"  v: {roles: [viewer], zone: core, address: 10.1.8.0/24}\n"

static void test_separate(void **state)
{
	struct lab lab;

	lab_open(&lab, STREAMS "vendor-ports: {viewer: [udp 5000]}\n");
	assert_int_equal(lab.diag.warnings, 1);
	assert_permit(&lab, "d", "s", "udp", 6972, 7000, "desktop/1:1");
	lab_close(&lab);
	lab_open(&lab, STREAMS "vendor-ports: {viewer: [udp 5000]}\n"
			       "enable: {rows: {desktop/1: {accept: true, because: t}}}\n");
	assert_int_equal(lab.diag.warnings, 0);
	assert_permit(&lab, "d", "s", "udp", 6972, 7000, "desktop/1:1");
	lab_close(&lab);
}

static void test_multicast(void **state)
{
	struct lab lab;

	lab_open(&lab, STREAMS
		 "multicast: {streaming: {groups: [239.1.0.0/24], ports: udp 5004-5100}}\n");
	assert_permit(&lab, "s", "streaming", "udp", 1024, 5004, "desktop/2:1");
	assert_drop(&lab, "s", "streaming", "udp", 1024, 5101);
	assert_drop(&lab, "s", "v", "udp", 1024, 5004);
	assert_drop(&lab, "v", "streaming", "udp", 1024, 5004);
	lab_close(&lab);
}

static void test_guards(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS "guards: [{from: 10.1.99.0/24, to: box, service: tcp 22, name: ssh}, "
			     "{protocol: vrrp, zone: core}, "
			     "{from: core, to: box, service: udp 53, name: dns}]\n"
			     "icmp: [{from: core, to: dmz, types: [echo]}]\n");
	assert_permit(&lab, "10.1.99.0/24", "box", "tcp", 1, 22, "guard/ssh");
	assert_drop(&lab, "mgr", "box", "tcp", 1, 22);
	assert_permit(&lab, "mgr", "box", "udp", 65535, 53, "guard/dns");
	assert_drop(&lab, "mcu", "box", "udp", 65535, 53);
	assert_permit(&lab, "mgr", "vrrp", "112", 0, 0, "guard/2");
	assert_permit(&lab, "mgr", "box", "112", 0, 0, "guard/2");
	assert_permit(&lab, "mgr", "mcu", "1", 0, 8, "icmp/1");
	assert_permit(&lab, "mgr", "mcu", "58", 255, 128, "icmp/1");
	assert_drop(&lab, "mcu", "mgr", "1", 0, 8);
	assert_drop(&lab, "mgr", "mcu", "1", 0, 0);
	lab_close(&lab);
}

static unsigned int warnings_of(const char *text)
{
	struct lab lab;
	unsigned int warnings;

	lab_open(&lab, text);
	warnings = lab.diag.warnings;
	lab_close(&lab);
	return warnings;
}

#define ROW(from, service, name) \
	"{from: " from ", to: names, service: " service ", name: " name ", because: t}"

/* P27 */
static void test_shaded_rules(void **state)
{
	assert_int_equal(warnings_of(HOSTS "site-rows: [" ROW("mgr", "tcp 1-99", "a") ", " ROW(
				 "mgr", "tcp 5-9", "b") "]\n"),
			 1);
	assert_int_equal(warnings_of(HOSTS "site-rows: [" ROW("mgr", "tcp 1-99", "a") ", " ROW(
				 "mgr", "tcp 5-100", "b") "]\n"),
			 0);
	assert_int_equal(warnings_of(HOSTS "site-rows: [" ROW("mgr", "tcp 1-99", "a") ", " ROW(
				 "mgr", "udp 5-9", "b") "]\n"),
			 0);
	assert_int_equal(warnings_of(HOSTS "site-rows: [" ROW("core", "tcp 1-99", "a") ", " ROW(
				 "mgr", "tcp 5-9", "b") "]\n"),
			 1);
	assert_int_equal(warnings_of(HOSTS "site-rows: [" ROW("mgr", "tcp 1-99", "a") ", " ROW(
				 "core", "tcp 5-9", "b") "]\n"),
			 0);
}

static void test_item_order(void **state)
{
	struct lab lab;

	lab_open(&lab,
		 HOSTS "guards: [{from: core, to: box, service: tcp 1, name: g}]\n"
		       "icmp: [{from: core, to: dmz, types: [echo], name: i}]\n"
		       "site-rows: [{from: core, to: dmz, service: tcp 1, name: s, because: t}]\n");
	assert_string_equal(lab.ruleset->items[0].id, "mcu/1:1");
	assert_string_equal(lab.ruleset->items[0].pair, "Manager -> MCU");
	assert_string_equal(lab.ruleset->items[0].printed, "TCP 1720 (Q931)");
	assert_int_equal(lab.ruleset->items[0].kind, EQFW_ITEM_MATRIX);
	for (size_t i = 0; i + 3 < lab.ruleset->n_items; i++)
		assert_int_equal(lab.ruleset->items[i].kind, EQFW_ITEM_MATRIX);
	assert_string_equal(lab.ruleset->items[lab.ruleset->n_items - 3].id, "site/s");
	assert_string_equal(lab.ruleset->items[lab.ruleset->n_items - 2].id, "guard/g");
	assert_string_equal(lab.ruleset->items[lab.ruleset->n_items - 1].id, "icmp/i");
	lab_close(&lab);
}

static void test_lacks(void **state)
{
	struct lab lab;

	lab_open(&lab, "hosts:\n  mgr: {roles: [manager], zone: core, address: 10.1.0.10}\n");
	assert_int_equal(lab.ruleset->n_lacks, 1);
	assert_string_equal(lab.ruleset->lacks[0].role->id, "mcu");
	assert_int_equal(lab.ruleset->lacks[0].n_items, 9);
	assert_int_equal(lab.diag.warnings, 0);
	lab_close(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requirement),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_switches),
		cmocka_unit_test(test_until),
		cmocka_unit_test(test_forbids),
		cmocka_unit_test(test_forbids_and_site_rules),
		cmocka_unit_test(test_forbids_and_general_names),
		cmocka_unit_test(test_forbids_follow_the_address),
		cmocka_unit_test(test_same_zone),
		cmocka_unit_test(test_sharing),
		cmocka_unit_test(test_tunable_of_a_twin),
		cmocka_unit_test(test_tunables),
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_separate),
		cmocka_unit_test(test_multicast),
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_shaded_rules),
		cmocka_unit_test(test_item_order),
		cmocka_unit_test(test_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
