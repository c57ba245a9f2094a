// SPDX-License-Identifier: GPL-2.0
/* Nested prefixes as disjoint ranges: every address keeps the class that the longest prefix gives it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "nft.h"
#include "profile_builder.h"

struct bench {
	u8 *bytes;
	struct eqfw_profile profile;
};

static const struct {
	const char *text;
	u8 len;
	u32 class_id;
} prefixes[] = {
	{ "10.0.0.0", 8, 2 },	   { "10.0.0.0", 16, 3 },	{ "10.0.0.0", 32, 4 },
	{ "10.0.0.1", 32, 1 },	   { "10.255.255.255", 32, 2 }, { "192.0.2.0", 24, 1 },
	{ "192.0.2.128", 25, 2 },  { "2001:db8::", 32, 1 },	{ "2001:db8::", 64, 2 },
	{ "2001:db8::1", 128, 3 }, { "2001:db9::", 64, 4 },
};

static void set_up(struct bench *bench)
{
	struct profile_builder b;
	struct eqfw_fault fault;
	size_t size;

	builder_init(&b);
	builder_zone(&b, "box", EQFW_ZONE_BOX);
	builder_zone(&b, "core", EQFW_ZONE_DEFAULT);
	for (u32 i = 0; i < 5; i++)
		builder_class(&b, 1, 0, EQFW_PROGRAM_NONE, "");
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		u8 family = strchr(prefixes[i].text, ':') ? 6 : 4, addr[16] = { 0 };

		inet_pton(family == 4 ? AF_INET : AF_INET6, prefixes[i].text, addr);
		builder_prefix(&b, family, addr, prefixes[i].len, prefixes[i].class_id);
	}
	bench->bytes = builder_finish(&b, &size);
	assert_int_equal(eqfw_profile_check(bench->bytes, size, &bench->profile, &fault), 0);
	builder_free(&b);
}

/* The ranges as text, classes behind them. */
static void expect(uint8_t family, const char *expected)
{
	struct nft_ranges ranges;
	struct bench bench;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	set_up(&bench);
	nft_flatten(&bench.profile, family, &ranges);
	for (size_t i = 0; i < ranges.n; i++) {
		nft_write_range(out, family, &ranges.ranges[i]);
		fprintf(out, ":%u\n", ranges.ranges[i].class_id);
		assert_true(ranges.ranges[i].first <= ranges.ranges[i].last);
		if (i)
			assert_true(ranges.ranges[i - 1].last < ranges.ranges[i].first);
	}
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	free(ranges.ranges);
	eqfw_core_free(bench.bytes);
}

static void test_ipv4(void **state)
{
	expect(4, "10.0.0.0:4\n10.0.0.1:1\n10.0.0.2-10.0.255.255:3\n"
		  "10.1.0.0-10.255.255.254:2\n10.255.255.255:2\n"
		  "192.0.2.0-192.0.2.127:1\n192.0.2.128-192.0.2.255:2\n");
}

static void test_ipv6(void **state)
{
	expect(6, "2001:db8:::2\n2001:db8::1:3\n2001:db8::2-2001:db8::ffff:ffff:ffff:ffff:2\n"
		  "2001:db8:0:1::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff:1\n"
		  "2001:db9::-2001:db9::ffff:ffff:ffff:ffff:4\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
