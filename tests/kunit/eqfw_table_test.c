// SPDX-License-Identifier: GPL-2.0
/* The table's parts in the kernel. */
#include <kunit/test.h>

#include "../vectors/lookups.h"

static void expect_right(struct kunit *test, const char *what)
{
	if (what)
		KUNIT_FAIL(test, "%s", what);
}

static void test_addresses(struct kunit *test)
{
	expect_right(test, lookups_addresses());
}

static void test_ports(struct kunit *test)
{
	expect_right(test, lookups_ports());
}

static void test_full_program(struct kunit *test)
{
	expect_right(test, lookups_full_program());
}

/* Too long without letting others run is a stall, and a stall is a splat. */
static void test_F28_many_ranges(struct kunit *test)
{
	expect_right(test, lookups_many_ranges());
}

static void test_too_large(struct kunit *test)
{
	expect_right(test, lookups_too_large());
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_addresses),	  KUNIT_CASE(test_ports),     KUNIT_CASE(test_full_program),
	KUNIT_CASE(test_F28_many_ranges), KUNIT_CASE(test_too_large), {}
};

static struct kunit_suite suite = {
	.name = "eqfw_table",
	.test_cases = cases,
};

kunit_test_suite(suite);
