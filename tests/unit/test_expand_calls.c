// SPDX-License-Identifier: GPL-2.0
/* DESIGN 3.3 to 3.6: who opens, from which ports, to which ports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "expand_lab.h"

#define HOSTS \
	"hosts:\n" \
	"  mgr: {roles: [manager], zone: core, address: 10.1.0.10, os: linux}\n" \
	"  mcu: {roles: [mcu], zone: dmz, address: 192.0.2.20}\n" \
	"  plain: {roles: [terminal], zone: core, address: 10.1.0.30, os: windows-xp}\n" \
	"  room: {roles: [room], zone: core, address: 10.1.0.31, os: linux}\n" \
	"  phone: {roles: [phone], zone: core, address: 10.1.0.40, ephemeral: 20000-20100}\n"

static void test_forward_call(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS);
	/* Every printed source port of the protocol goes with every printed destination. */
	assert_permit(&lab, "mgr", "mcu", "tcp", 7, 1720, "mcu/1:1");
	assert_permit(&lab, "mgr", "mcu", "tcp", 32768, 1720, "mcu/1:1");
	assert_permit(&lab, "mgr", "mcu", "tcp", 61000, 1720, "mcu/1:1");
	/* A client range is among them, so nothing is added. */
	assert_drop(&lab, "mgr", "mcu", "tcp", 32767, 1720);
	assert_drop(&lab, "mgr", "mcu", "tcp", 61001, 1720);
	assert_drop(&lab, "mgr", "mcu", "udp", 40000, 1720);
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 1024, "mcu/1:3");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 1324, "mcu/1:3");
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 1023);
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 1325);
	/* No UDP is printed: the ephemeral range, here by operating system. */
	assert_permit(&lab, "mgr", "mcu", "udp", 32768, 1719, "mcu/1:2");
	assert_drop(&lab, "mgr", "mcu", "udp", 1719, 1719);
	lab_close(&lab);
}

static void test_reverse_call(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS);
	/* Q.931: the protocol's own port, from the port that listens and the printed client range. */
	assert_permit(&lab, "mcu", "mgr", "tcp", 1024, 1720, "mcu/1:1");
	assert_permit(&lab, "mcu", "mgr", "tcp", 1720, 1720, "mcu/1:1");
	assert_drop(&lab, "mcu", "mgr", "tcp", 1325, 1720);
	assert_drop(&lab, "mcu", "mgr", "tcp", 1024, 1721);
	/* H.245: the unlabelled client range; never the other service's port. */
	assert_permit(&lab, "mcu", "mgr", "tcp", 1324, 61000, "mcu/1:3");
	assert_drop(&lab, "mcu", "mgr", "tcp", 1325, 61000);
	assert_drop(&lab, "mcu", "mgr", "tcp", 1024, 61001);
	assert_permit(&lab, "mcu", "mgr", "udp", 1719, 1719, "mcu/1:2");
	/* The port of the source cell: from the client range alone. */
	assert_permit(&lab, "mcu", "mgr", "tcp", 1024, 7, "mcu/1:6");
	assert_drop(&lab, "mcu", "mgr", "tcp", 1720, 7);
	assert_drop(&lab, "mcu", "mgr", "tcp", 1024, 3336);
	lab_close(&lab);
}

static void test_vendor_words(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS);
	/* Nothing stated: its own port is dialled, no H.245, no media; and compile says so. */
	assert_permit(&lab, "mcu", "plain", "tcp", 1024, 1720, "mcu/2:1");
	assert_drop(&lab, "mcu", "plain", "tcp", 1024, 3230);
	assert_drop(&lab, "mcu", "plain", "udp", 16384, 3230);
	assert_int_equal(lab.diag.warnings, 2);
	/* The document states a room's ranges, by kind of call. */
	assert_permit(&lab, "mcu", "room", "tcp", 1024, 3250, "mcu/2:2");
	assert_drop(&lab, "mcu", "room", "tcp", 1024, 3251);
	assert_permit(&lab, "mcu", "room", "udp", 16384, 3313, "mcu/2:3");
	assert_drop(&lab, "mcu", "room", "udp", 16384, 3314);
	assert_drop(&lab, "mcu", "room", "udp", 16383, 3313);
	/* The other way: stated ports and ephemeral ones (XP: 1025-5000) call printed ports. */
	assert_permit(&lab, "room", "mcu", "udp", 3230, 16484, "mcu/2:3");
	assert_permit(&lab, "room", "mcu", "udp", 61000, 16484, "mcu/2:3");
	assert_permit(&lab, "plain", "mcu", "tcp", 1025, 1720, "mcu/2:1");
	assert_permit(&lab, "plain", "mcu", "tcp", 5000, 1324, "mcu/2:2");
	assert_drop(&lab, "plain", "mcu", "tcp", 5001, 1720);
	assert_drop(&lab, "plain", "mcu", "tcp", 1024, 1720);
	lab_close(&lab);
}

static void test_vendor_stated(void **state)
{
	struct lab lab;

	lab_open(&lab,
		 HOSTS "vendor-ports: {terminal: [tcp 1721, tcp 5555-5560, udp 2326-2485]}\n");
	assert_int_equal(lab.diag.warnings, 0);
	assert_permit(&lab, "mcu", "plain", "tcp", 1024, 1721, "mcu/2:1");
	assert_permit(&lab, "mcu", "plain", "tcp", 1024, 5560, "mcu/2:1");
	assert_permit(&lab, "mcu", "plain", "tcp", 1024, 1720, "mcu/2:1");
	assert_drop(&lab, "mcu", "plain", "tcp", 1024, 5561);
	assert_permit(&lab, "mcu", "plain", "udp", 16400, 2326, "mcu/2:3");
	assert_drop(&lab, "mcu", "plain", "udp", 16400, 2325);
	/* A room is a terminal: site and document both state its ports. */
	assert_permit(&lab, "mcu", "room", "udp", 16400, 2485, "mcu/2:3");
	assert_permit(&lab, "mcu", "room", "udp", 16400, 3230, "mcu/2:3");
	lab_close(&lab);
}

static void test_sip(void **state)
{
	struct lab lab;

	lab_open(&lab, HOSTS);
	assert_permit(&lab, "phone", "mcu", "tcp", 20000, 5060, "mcu/3:1");
	assert_permit(&lab, "phone", "mcu", "udp", 20100, 5060, "mcu/3:1");
	assert_drop(&lab, "phone", "mcu", "udp", 20101, 5060);
	assert_drop(&lab, "phone", "mcu", "udp", 20000, 5061);
	assert_permit(&lab, "phone", "mcu", "tcp", 20000, 5061, "mcu/3:2");
	/* Dialling out: to 5060 by the item that prints it, to the word only by UDP. */
	assert_permit(&lab, "mcu", "phone", "tcp", 1024, 5060, "mcu/3:1");
	assert_permit(&lab, "mcu", "phone", "tcp", 5060, 5060, "mcu/3:1");
	assert_drop(&lab, "mcu", "phone", "tcp", 1024, 20000);
	assert_permit(&lab, "mcu", "phone", "udp", 5060, 20000, "mcu/3:1");
	assert_permit(&lab, "mcu", "phone", "tcp", 1024, 5061, "mcu/3:2");
	assert_drop(&lab, "mcu", "phone", "udp", 5060, 5061);
	lab_close(&lab);
	/* Media reaches the word. */
	lab_open(&lab, HOSTS "enable: {rows: {\"mcu/3:1\": off}}\n");
	assert_permit(&lab, "mcu", "phone", "udp", 16384, 20050, "mcu/3:3");
	assert_drop(&lab, "mcu", "phone", "udp", 16384, 19999);
	lab_close(&lab);
}

#define TLS_ONLY HOSTS "enable: {features: [tls]}\n"

static void test_sip_tls_alone(void **state)
{
	struct lab lab;

	lab_open(&lab, TLS_ONLY "vendor-ports: {terminal: [udp 1]}\n");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 3346, "mcu/1:5");
	assert_drop(&lab, "mgr", "mcu", "tcp", 40000, 3336);
	lab_close(&lab);
	lab_open(&lab, HOSTS);
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 3346, "mcu/1:5");
	assert_permit(&lab, "mgr", "mcu", "tcp", 40000, 3336, "mcu/1:4");
	lab_close(&lab);
}

#define WORDS \
	"hosts:\n" \
	"  gk: {roles: [gatekeeper], zone: dmz, address: 192.0.2.30, ephemeral: 40000-41000}\n" \
	"  room: {roles: [room], zone: core, address: 10.1.0.31, ephemeral: 30000-30010}\n" \
	"  out: {roles: [caller], zone: outside, address: any, os: linux}\n"

static void test_port_words(void **state)
{
	struct lab lab;

	lab_open(&lab, WORDS);
	/* H.245 to the word, where the device states no range; the room states one. */
	assert_permit(&lab, "room", "gk", "tcp", 30000, 40000, "edge/5:2");
	assert_permit(&lab, "gk", "room", "tcp", 40000, 3230, "edge/5:2");
	assert_drop(&lab, "gk", "room", "tcp", 40000, 30000);
	/* Q.931 never: only the protocol's own port. */
	assert_permit(&lab, "room", "gk", "tcp", 30000, 1720, "edge/5:3");
	assert_permit(&lab, "gk", "room", "tcp", 40000, 1720, "edge/5:3");
	assert_drop(&lab, "gk", "room", "tcp", 40000, 30010);
	/* RAS by UDP: from a named host, not from an `any`. */
	assert_permit(&lab, "room", "gk", "udp", 30000, 41000, "edge/5:4");
	assert_permit(&lab, "out", "gk", "udp", 5000, 1719, "edge/6:1");
	assert_permit(&lab, "out", "gk", "udp", 1024, 40000, "edge/6:2");
	assert_permit(&lab, "gk", "out", "udp", 40000, 1024, "edge/6:1");
	assert_drop(&lab, "out", "gk", "udp", 1023, 40000);
	assert_int_equal(lab_rules(&lab, "edge/6:1") > 0, 1);
	lab_close(&lab);
}

static void test_any_signals_to_no_word(void **state)
{
	struct lab lab;

	lab_open(&lab, WORDS "enable: {rows: {\"edge/6:2\": off}}\n");
	assert_drop(&lab, "out", "gk", "udp", 1024, 40000);
	assert_permit(&lab, "out", "gk", "udp", 1024, 1719, "edge/6:1");
	assert_permit(&lab, "gk", "out", "udp", 40000, 65535, "edge/6:1");
	lab_close(&lab);
}

static void test_ranges_of_the_column(void **state)
{
	struct lab lab;

	/* Q.931 back to the caller comes from the H.245 range that the same column prints, too. */
	lab_open(&lab, "hosts:\n"
		       "  mgr: {roles: [manager], zone: core, address: 10.1.0.10}\n"
		       "  mcu: {roles: [mcu], zone: dmz, address: 192.0.2.20, ephemeral: "
		       "40000-40010}\n");
	assert_permit(&lab, "mcu", "mgr", "tcp", 1324, 1720, "mcu/1:1");
	assert_permit(&lab, "mcu", "mgr", "tcp", 40010, 1720, "mcu/1:1");
	assert_drop(&lab, "mcu", "mgr", "tcp", 1325, 1720);
	assert_drop(&lab, "mcu", "mgr", "tcp", 40011, 1720);
	assert_drop(&lab, "mcu", "mgr", "udp", 1324, 1719);
	lab_close(&lab);
}

static void test_media_to_any(void **state)
{
	struct lab lab;

	/* An MCU whose place nobody knows: its printed media ports hold no longer, its others do. */
	lab_open(&lab, "hosts:\n"
		       "  mcu: {roles: [mcu], zone: outside, address: any}\n"
		       "  phone: {roles: [phone], zone: core, address: 10.1.0.40}\n");
	assert_permit(&lab, "phone", "mcu", "udp", 5000, 16384, "mcu/3:3");
	assert_permit(&lab, "phone", "mcu", "udp", 5000, 1024, "mcu/3:3");
	assert_permit(&lab, "phone", "mcu", "udp", 5000, 65535, "mcu/3:3");
	assert_drop(&lab, "phone", "mcu", "udp", 5000, 1023);
	assert_drop(&lab, "phone", "mcu", "tcp", 5000, 16384);
	assert_permit(&lab, "phone", "mcu", "tcp", 5000, 5060, "mcu/3:1");
	lab_close(&lab);
}

static void test_discovery(void **state)
{
	struct lab lab;

	lab_open(&lab, WORDS);
	assert_permit(&lab, "room", "gatekeeper discovery", "udp", 30000, 1718, "edge/5:1");
	assert_drop(&lab, "room", "gk", "udp", 30000, 1718);
	/* The unicast answer. */
	assert_permit(&lab, "gk", "room", "udp", 1718, 30000, "edge/5:1");
	assert_drop(&lab, "out", "gatekeeper discovery", "udp", 30000, 1718);
	lab_close(&lab);
}

#define EDGE \
	"hosts:\n" \
	"  edge:\n" \
	"    roles: [edge]\n" \
	"    legs:\n" \
	"      public: {zone: dmz, address: 192.0.2.10, public: 198.51.100.10}\n" \
	"      internal: {zone: core, address: 10.1.0.20}\n" \
	"  mcu: {roles: [mcu], zone: dmz, address: 192.0.2.20}\n" \
	"  names: {roles: [dns], zone: outside, address: 203.0.113.53}\n" \
	"  out: {roles: [caller], zone: outside, address: any}\n"

static void test_edge(void **state)
{
	struct lab lab;

	lab_open(&lab, EDGE);
	assert_permit(&lab, "out", "edge.public", "tcp", 1, 1720, "edge/1:2");
	assert_permit(&lab, "out", "edge.public", "udp", 65535, 5000, "edge/1:3");
	assert_drop(&lab, "out", "edge.public", "udp", 65535, 5001);
	assert_drop(&lab, "out", "edge.internal", "tcp", 1024, 1720);
	/* "All" goes out as printed; media comes from the edge's own range too. */
	assert_permit(&lab, "edge.public", "out", "udp", 1719, 1, "edge/2:1");
	assert_permit(&lab, "edge.public", "out", "tcp", 1024, 65535, "edge/2:1");
	assert_permit(&lab, "edge.public", "out", "tcp", 4000, 65535, "edge/1:3");
	assert_permit(&lab, "edge.public", "out", "tcp", 4000, 1024, "edge/1:3");
	/* Calls to an `any`: media to 1024 and up, Q.931 to its own port. */
	assert_permit(&lab, "edge.public", "out", "tcp", 1024, 1720, "edge/1:2");
	assert_permit(&lab, "edge.internal", "mcu", "udp", 12000, 16384, "edge/3:1");
	assert_drop(&lab, "edge.public", "mcu", "udp", 12000, 16384);
	assert_permit(&lab, "mcu", "edge.internal", "udp", 16384, 15000, "edge/3:1");
	assert_permit(&lab, "mcu", "edge.internal", "tcp", 1024, 15000, "edge/3:2");
	assert_drop(&lab, "mcu", "edge.internal", "tcp", 1024, 15001);
	/* Swapped: the named server has the port. */
	assert_permit(&lab, "edge.internal", "names", "udp", 1024, 53, "edge/4:1");
	assert_drop(&lab, "names", "edge.internal", "udp", 53, 1024);
	lab_close(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forward_call),
		cmocka_unit_test(test_reverse_call),
		cmocka_unit_test(test_vendor_words),
		cmocka_unit_test(test_vendor_stated),
		cmocka_unit_test(test_sip),
		cmocka_unit_test(test_sip_tls_alone),
		cmocka_unit_test(test_port_words),
		cmocka_unit_test(test_any_signals_to_no_word),
		cmocka_unit_test(test_ranges_of_the_column),
		cmocka_unit_test(test_media_to_any),
		cmocka_unit_test(test_discovery),
		cmocka_unit_test(test_edge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
