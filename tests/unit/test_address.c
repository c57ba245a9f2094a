// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* kmod/core/ has an address.h too. */
#include "userspace/address.h"

static struct arena *arena;

static int setup(void **state)
{
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(arena);
	return 0;
}

static bool parses(const char *text, struct prefix *out)
{
	struct diag diag = { .quiet = true };
	bool good = prefix_parse(text, NOWHERE, &diag, out);

	assert_int_equal(diag.errors, good ? 0 : 1);
	return good;
}

static struct prefix address(const char *text)
{
	struct prefix prefix;

	assert_true(parses(text, &prefix));
	return prefix;
}

static void assert_round(const char *text, const char *canonical)
{
	struct prefix prefix = address(text);

	assert_string_equal(prefix_format(arena, &prefix), canonical);
}

static void test_prefix_round_trip(void **state)
{
	assert_round("10.1.0.10", "10.1.0.10");
	assert_round("10.1.0.10/32", "10.1.0.10");
	assert_round("10.0.0.0/8", "10.0.0.0/8");
	assert_round("0.0.0.0/0", "0.0.0.0/0");
	assert_round("::/0", "::/0");
	assert_round("2001:DB8:0:0::1", "2001:db8::1");
	assert_round("2001:db8::/33", "2001:db8::/33");
	assert_round("fe80::1/128", "fe80::1");
	assert_round("128.0.0.0/1", "128.0.0.0/1");
}

static void test_prefix_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"10.1.0",
		"10.1.0.0.1",
		"10.1.0.256",
		"10.01.0.1",
		"10.1.0.1/8",
		"10.1.0.0/33",
		"10.1.0.0/",
		"10.1.0.0/-1",
		"10.1.0.0/08",
		"10.1.0.0/8x",
		"10.0.0.0/ 8",
		" 10.0.0.1",
		"10.0.0.1 ",
		"em1.example.org",
		"em1",
		"2001:db8::g",
		"2001:db8::/129",
		"2001:db8::1/64",
		"fe80::1%eth0",
		"1::2::3",
		"/8",
		"::ffff:10.0.0.1",
		"10.0.0.0/8/8",
		"10.0.0.0/99999999999999999999",
		"1111111111111111111111111111111111111111111111111",
	};
	struct prefix prefix;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (parses(bad[i], &prefix))
			fail_msg("'%s' was taken", bad[i]);
}

static struct prefix_list listed(const char *text, const struct prefix_list *except)
{
	char *copy = arena_strdup(arena, text), *save = NULL;
	struct diag diag = { .quiet = true };
	struct prefix_list list = { 0 };

	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		assert_true(prefix_list_add(arena, &list, word, NOWHERE, &diag));
	prefix_list_finish(arena, &list, except);
	return list;
}

static const char *shown(const struct prefix_list *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->n; i++)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "",
				    prefix_format(arena, &list->prefixes[i]));
	return text;
}

static void assert_list(const char *text, const char *except, const char *expected)
{
	struct prefix_list out = listed(except, NULL), list = listed(text, &out);

	assert_string_equal(shown(&list), expected);
}

static void test_ranges_become_prefixes(void **state)
{
	assert_list("10.1.9.5-10.1.9.20", "",
		    "10.1.9.5 10.1.9.6/31 10.1.9.8/29 10.1.9.16/30 10.1.9.20");
	assert_list("10.1.9.5-10.1.9.5", "", "10.1.9.5");
	assert_list("0.0.0.0-255.255.255.255", "", "0.0.0.0/0");
	assert_list("255.255.255.254-255.255.255.255", "", "255.255.255.254/31");
	assert_list("10.0.0.0-10.255.255.255", "", "10.0.0.0/8");
	assert_list("2001:db8::1-2001:db8::4", "", "2001:db8::1 2001:db8::2/127 2001:db8::4");
	assert_list("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", "::/0");
}

static void test_lists_join(void **state)
{
	assert_list("10.0.0.1 10.0.0.0", "", "10.0.0.0/31");
	assert_list("10.0.0.0/24 10.0.1.0/24", "", "10.0.0.0/23");
	assert_list("10.0.1.0/24 10.0.2.0/24", "", "10.0.1.0/24 10.0.2.0/24");
	assert_list("10.0.0.0/25 10.0.0.128/26 10.0.0.192/26 10.0.1.0/24", "", "10.0.0.0/23");
	assert_list("10.1.2.3 10.0.0.0/8 10.1.0.0/16", "", "10.0.0.0/8");
	assert_list("2001:db8::/33 10.0.0.0/8 2001:db8:8000::/33", "", "10.0.0.0/8 2001:db8::/32");
}

static void test_exceptions(void **state)
{
	assert_list("10.0.0.0/30", "10.0.0.1", "10.0.0.0 10.0.0.2/31");
	assert_list("10.0.0.0/30", "10.0.0.0/8", "");
	assert_list("10.0.0.0/30", "10.0.0.4", "10.0.0.0/30");
	assert_list("10.0.0.0/30 2001:db8::1", "10.0.0.0-10.0.0.3", "2001:db8::1");
	assert_list("10.0.0.0/29", "10.0.0.2 10.0.0.5",
		    "10.0.0.0/31 10.0.0.3 10.0.0.4 10.0.0.6/31");
}

static void test_list_refused(void **state)
{
	static const char *const bad[] = {
		"10.0.0.5-10.0.0.1",
		"10.0.0.1-",
		"-10.0.0.1",
		"10.0.0.1-2001:db8::1",
		"10.0.0.0/24-10.0.1.0",
		"my-host.example",
		"10.0.0.1-10.0.0.2-10.0.0.3",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diag diag = { .quiet = true };
		struct prefix_list list = { 0 };

		if (prefix_list_add(arena, &list, bad[i], NOWHERE, &diag) || diag.errors != 1)
			fail_msg("'%s': taken, or %u errors", bad[i], diag.errors);
	}
}

static void test_first_address(void **state)
{
	struct prefix_list out = listed("10.9.0.0/24", NULL), list;

	list = listed("10.9.0.7 2001:db8::/64 10.1.0.1", NULL);
	assert_string_equal(prefix_format(arena, &list.first4), "10.9.0.7");
	assert_string_equal(prefix_format(arena, &list.first6), "2001:db8::");
	list = listed("10.9.0.7 10.1.0.1", &out);
	assert_string_equal(prefix_format(arena, &list.first4), "10.1.0.1");
	list = listed("10.9.0.7", &out);
	assert_int_equal(list.first4.family, 0);
	assert_int_equal(list.first6.family, 0);
	list = listed("10.9.0.7 2001:db8::5", &out);
	assert_int_equal(list.first4.family, 0);
	assert_string_equal(prefix_format(arena, &list.first6), "2001:db8::5");
	/* The other family must not stand in for one that the exceptions took. */
	out = listed("2001:db8::/32", NULL);
	list = listed("2001:db8::5 10.1.0.1", &out);
	assert_int_equal(list.first6.family, 0);
	assert_string_equal(prefix_format(arena, &list.first4), "10.1.0.1");
	list = listed("2001:db8::5 2001:db9::1 10.1.0.1", &out);
	assert_string_equal(prefix_format(arena, &list.first6), "2001:db9::1");
}

static void test_written_survives_join(void **state)
{
	struct prefix_list list = listed("10.0.1.0/24 10.0.0.0/24 10.0.0.5", NULL);

	assert_int_equal(list.n, 1);
	assert_int_equal(list.n_written, 3);
	assert_string_equal(prefix_format(arena, &list.written[1]), "10.0.0.5");
	assert_string_equal(prefix_format(arena, &list.written[2]), "10.0.1.0/24");
}

/* A list against a plain array of flags, over a universe of 64 addresses. */
static void test_random_lists(void **state)
{
	unsigned int seed = 7;

	for (unsigned int round = 0; round < 300; round++) {
		bool in[64] = { 0 }, out[64] = { 0 };
		const char *texts[2] = { "", "" };
		struct prefix_list except, list;

		for (unsigned int i = 0; i < 8; i++) {
			unsigned int lo = (unsigned int)rand_r(&seed) % 64;
			unsigned int hi = lo + (unsigned int)rand_r(&seed) % (64 - lo) / (1 + i);

			for (unsigned int a = lo; a <= hi; a++)
				*(i % 2 ? &out[a] : &in[a]) = true;
			texts[i % 2] =
				arena_printf(arena, "%s 10.0.0.%u-10.0.0.%u", texts[i % 2], lo, hi);
		}
		except = listed(texts[1], NULL);
		list = listed(texts[0], round % 3 ? &except : NULL);
		for (unsigned int a = 0; a < 64; a++) {
			struct prefix p = address(arena_printf(arena, "10.0.0.%u", a));

			assert_int_equal(prefix_list_contains(&list, &p),
					 in[a] && !(round % 3 && out[a]));
		}
		for (size_t i = 1; i < list.n; i++) {
			assert_true(prefix_compare(&list.prefixes[i - 1], &list.prefixes[i]) < 0);
			assert_false(prefix_contains(&list.prefixes[i - 1], &list.prefixes[i]));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefix_round_trip),
		cmocka_unit_test(test_prefix_refused),
		cmocka_unit_test(test_ranges_become_prefixes),
		cmocka_unit_test(test_lists_join),
		cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_list_refused),
		cmocka_unit_test(test_first_address),
		cmocka_unit_test(test_written_survives_join),
		cmocka_unit_test(test_random_lists),
	};

	return cmocka_run_group_tests_name("address", tests, setup, teardown);
}
