// SPDX-License-Identifier: GPL-2.0
/* The parts of the table; test_oracle.c does the random half. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "lookups.h"

static void expect_right(const char *what)
{
	if (what)
		print_error("%s\n", what);
	assert_null(what);
}

static void test_addresses(void **state)
{
	expect_right(lookups_addresses());
}

static void test_ports(void **state)
{
	expect_right(lookups_ports());
}

static void test_full_program(void **state)
{
	expect_right(lookups_full_program());
}

static void test_F28_many_ranges(void **state)
{
	expect_right(lookups_many_ranges());
}

static void test_too_large(void **state)
{
	expect_right(lookups_too_large());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),    cmocka_unit_test(test_ports),
		cmocka_unit_test(test_full_program), cmocka_unit_test(test_F28_many_ranges),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
