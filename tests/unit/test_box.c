// SPDX-License-Identifier: GPL-2.0
/* The box's addresses as listed against the live ones: each difference is said once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "profile_builder.h"

struct bench {
	u8 *bytes;
	struct eqfw_profile profile;
};

static void prefix(struct profile_builder *b, const char *text, u8 len, u32 class_id)
{
	u8 family = strchr(text, ':') ? 6 : 4, addr[16] = { 0 };

	inet_pton(family == 4 ? AF_INET : AF_INET6, text, addr);
	builder_prefix(b, family, addr, len, class_id);
}

/* Zones box and core; classes: unowned, box, core's network, a host's public address. */
static void fill(struct profile_builder *b, bool with_box)
{
	builder_zone(b, "box", EQFW_ZONE_BOX);
	builder_zone(b, "core", EQFW_ZONE_DEFAULT);
	builder_interface(b, "eth0", 1, 0);
	builder_class(b, 1, 0, EQFW_PROGRAM_NONE, "");
	builder_class(b, 0, EQFW_CLASS_BOX, EQFW_PROGRAM_NONE, "box");
	builder_class(b, 1, 0, EQFW_PROGRAM_NONE, "");
	builder_class(b, 1, EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC, EQFW_PROGRAM_NONE, "edge1");
	prefix(b, "10.1.0.0", 16, 2);
	if (with_box)
		prefix(b, "10.1.0.1", 32, 1);
	prefix(b, "198.51.100.10", 32, 3);
	if (with_box)
		prefix(b, "2001:db8::1", 128, 1);
}

static void set_up(struct bench *bench, bool with_box)
{
	struct profile_builder b;
	struct eqfw_fault fault;
	size_t size;

	builder_init(&b);
	fill(&b, with_box);
	bench->bytes = builder_finish(&b, &size);
	assert_int_equal(eqfw_profile_check(bench->bytes, size, &bench->profile, &fault), 0);
	builder_free(&b);
}

static struct box_address address(const char *text)
{
	struct box_address out = { .family = strchr(text, ':') ? 6 : 4 };

	inet_pton(out.family == 4 ? AF_INET : AF_INET6, text, out.addr.b);
	return out;
}

/* What box_compare() says of these live addresses. */
static void expect(bool with_box, const char *const *texts, size_t n, const char *expected)
{
	struct box_address live[8];
	struct bench bench;
	int saved = dup(STDERR_FILENO);
	FILE *file = tmpfile();
	char said[1024] = { 0 };

	set_up(&bench, with_box);
	for (size_t i = 0; i < n; i++)
		live[i] = address(texts[i]);
	dup2(fileno(file), STDERR_FILENO);
	box_compare(&bench.profile, live, n);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	(void)!fread(said, 1, sizeof(said) - 1, file);
	fclose(file);
	eqfw_core_free(bench.bytes);
	assert_string_equal(said, expected);
}

#define EXPECT(with_box, expected, ...) \
	do { \
		static const char *const texts[] = { __VA_ARGS__ }; \
\
		expect(with_box, texts, sizeof(texts) / sizeof(texts[0]), expected); \
	} while (0)

static void test_all_as_listed(void **state)
{
	EXPECT(true, "", "10.1.0.1", "2001:db8::1");
}

static void test_listed_and_not_there(void **state)
{
	EXPECT(true,
	       "eqfwctl: warning: 2001:db8::1 is listed as the box's, but no interface here has it\n",
	       "10.1.0.1");
}

static void test_there_and_not_listed(void **state)
{
	EXPECT(true,
	       "eqfwctl: warning: 10.1.0.9 is an address of this box that the deployment does not "
	       "list\n",
	       "10.1.0.1", "2001:db8::1", "10.1.0.9");
}

static void test_public_address_of_a_host_on_the_box(void **state)
{
	EXPECT(true, "", "10.1.0.1", "2001:db8::1", "198.51.100.10");
}

static void test_silent_where_nothing_is_listed(void **state)
{
	EXPECT(false, "", "10.1.0.1", "192.0.2.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_as_listed),
		cmocka_unit_test(test_listed_and_not_there),
		cmocka_unit_test(test_there_and_not_listed),
		cmocka_unit_test(test_public_address_of_a_host_on_the_box),
		cmocka_unit_test(test_silent_where_nothing_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
