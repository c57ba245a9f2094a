// SPDX-License-Identifier: GPL-2.0
/* Two readings of the counters: rates, order, what came, went or began anew in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include <eqfw/reasons.h>

#include "top.h"

static struct live_item before_items[] = {
	{ "a/1:1", true, { 100, 1000 } },
	{ "b/1:1", true, { 50, 500 } },
	{ "idle/1:1", true, { 7, 70 } },
};
static struct live_item now_items[] = {
	{ "b/1:1", true, { 250, 2500 } }, { "a/1:1", true, { 120, 1200 } },
	{ "idle/1:1", true, { 7, 70 } },  { "new/1:1", true, { 10, 20 } },
	{ "never/1:1", true, { 0, 0 } },
};
static struct live_reason before_reasons[] = { { EQFW_REASON_PORT, { 1000, 9 }, { 0, 0 } } };
static struct live_reason now_reasons[] = { { EQFW_REASON_PORT, { 40, 8 }, { 20, 2 } } };

static void expect(const struct top_line *line, const char *name, double per_s)
{
	assert_string_equal(line->name, name);
	assert_true(line->per_s == per_s);
}

static void test_compare(void **state)
{
	struct top_reading before = { { before_items, 3, 3 }, { before_reasons, 1, 1 }, 0 };
	struct top_reading now = { { now_items, 5, 5 }, { now_reasons, 1, 1 }, 2000000000 };
	struct top_list list;

	top_compare(&before, &now, &list);
	assert_int_equal(list.n, 5);
	expect(&list.lines[0], "b/1:1", 100);
	assert_true(list.lines[0].bytes_per_s == 1000);
	/* The counter began anew: what it has now came since. */
	expect(&list.lines[1], "port", 30);
	assert_true(list.lines[1].drop);
	assert_int_equal(list.lines[1].packets, 60);
	expect(&list.lines[2], "a/1:1", 10);
	expect(&list.lines[3], "new/1:1", 5);
	expect(&list.lines[4], "idle/1:1", 0);
	free(list.lines);
}

static void test_no_time(void **state)
{
	struct top_reading now = { { now_items, 5, 5 }, { now_reasons, 1, 1 }, 5 };
	struct top_list list;

	top_compare(&now, &now, &list);
	for (size_t i = 0; i < list.n; i++)
		assert_true(list.lines[i].per_s == 0);
	free(list.lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
