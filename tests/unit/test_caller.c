// SPDX-License-Identifier: GPL-2.0
/* What /proc and SSH_CONNECTION say of connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "caller.h"
#include "sockets.h"

/* "ADDRESS.PORT > ADDRESS.PORT" */
static const char *wire_text(const struct wire *wire)
{
	int family = wire->family == 4 ? AF_INET : AF_INET6;
	static char text[160];
	char src[64], dst[64];

	inet_ntop(family, wire->src.b, src, sizeof(src));
	inet_ntop(family, wire->dst.b, dst, sizeof(dst));
	snprintf(text, sizeof(text), "%s.%u > %s.%u", src, wire->sport, dst, wire->dport);
	return text;
}

#if __BYTE_ORDER == __LITTLE_ENDIAN
static void expect_socket(const char *line, const char *wire, bool listening, unsigned long inode)
{
	struct tcp_socket socket;

	assert_true(socket_parse(line, &socket));
	assert_string_equal(wire_text(&socket.wire), wire);
	assert_int_equal(socket.listening, listening);
	assert_int_equal(socket.inode, inode);
}

static void test_sockets(void **state)
{
	expect_socket("   0: 0100000A:0016 00000000:0000 0A 00000000:00000000 00:00000000 "
		      "00000000     0        0 12345 1 0000000000000000 100 0 0 10 0\n",
		      "0.0.0.0.0 > 10.0.0.1.22", true, 12345);
	expect_socket("  17: 0100000A:0016 096433C6:CA6C 01 00000000:00000000 02:0009C4E3 "
		      "00000000     0        0 4294967299 2 0000000000000000\n",
		      "198.51.100.9.51820 > 10.0.0.1.22", false, 4294967299);
	expect_socket("   1: B80D0120000000000000000001000000:0016 "
		      "B80D0120000000000000000063000000:8CA0 01 00000000:00000000 00:00000000 "
		      "00000000     0        0 7 1 0000000000000000\n",
		      "2001:db8::63.36000 > 2001:db8::1.22", false, 7);
	expect_socket("   1: 0000000000000000FFFF00000100000A:0016 "
		      "0000000000000000FFFF0000096433C6:8CA0 01 00000000:00000000 00:00000000 "
		      "00000000     0        0 7 1 0000000000000000\n",
		      "198.51.100.9.36000 > 10.0.0.1.22", false, 7);
}
#else
static void test_sockets(void **state)
{
	skip();
}
#endif

static void test_no_sockets(void **state)
{
	static const char *const lines[] = {
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt",
		"",
		"\n",
		"   0: 0100000A:0016",
		"   0: 0100000A:0016 00000000:0000 06 00000000:00000000 00:00000000 00000000 0 0 1 1",
		"   0: 010000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1",
	};
	struct tcp_socket socket;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(socket_parse(lines[i], &socket));
}

static void expect_session(const char *text, const char *wire)
{
	struct wire out;
	bool good = session_parse(text, &out);

	assert_int_equal(good, wire != NULL);
	if (wire)
		assert_string_equal(wire_text(&out), wire);
}

static void test_variable(void **state)
{
	expect_session("198.51.100.9 51820 10.0.0.1 22", "198.51.100.9.51820 > 10.0.0.1.22");
	expect_session("2001:db8::9 51820 2001:db8::1 22", "2001:db8::9.51820 > 2001:db8::1.22");
	expect_session("fe80::9%eth0 51820 fe80::1%eth0 22", "fe80::9.51820 > fe80::1.22");
	expect_session("", NULL);
	expect_session("UNKNOWN 65535 UNKNOWN 65535", NULL);
	expect_session("198.51.100.9 51820 10.0.0.1", NULL);
	expect_session("198.51.100.9 70000 10.0.0.1 22", NULL);
	expect_session("198.51.100.9 51820 2001:db8::1 22", NULL);
}

static void test_loopback(void **state)
{
	struct wire wire;

	assert_true(session_parse("127.0.0.1 51820 127.0.0.1 22", &wire));
	assert_true(wire_is_loopback(&wire));
	assert_true(session_parse("::1 51820 ::1 22", &wire));
	assert_true(wire_is_loopback(&wire));
	assert_true(session_parse("10.0.0.9 51820 10.0.0.1 22", &wire));
	assert_false(wire_is_loopback(&wire));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sockets),
		cmocka_unit_test(test_no_sockets),
		cmocka_unit_test(test_variable),
		cmocka_unit_test(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
