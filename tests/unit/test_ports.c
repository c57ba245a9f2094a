// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ports.h"

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

static struct portset parsed(const char *text)
{
	struct diag diag = { 0 };
	struct portset set;

	assert_true(portset_parse(arena, text, NOWHERE, &diag, &set));
	assert_int_equal(diag.errors, 0);
	return set;
}

static void assert_round(const char *text, const char *canonical)
{
	struct portset set = parsed(text);

	assert_string_equal(portset_format(arena, &set), canonical);
}

static void test_round_trip(void **state)
{
	assert_round("80", "80");
	assert_round("80,443,1024-1324", "80,443,1024-1324");
	assert_round("1-65535", "1-65535");
	assert_round("65535", "65535");
	assert_round("443,80", "80,443");
	assert_round("80-90,85-100", "80-100");
	assert_round("80,81", "80-81");
	assert_round("5-9,1-3,4", "1-9");
	assert_round("1-65535,65535,1", "1-65535");
	assert_round("none", "none");
	assert_round("ephemeral", "ephemeral");
	assert_round("ephemeral,7", "7,ephemeral");
	assert_round("vendor,all,multicast", "all,vendor,multicast");
}

/* What diag prints for a text standing at line 1, column 11, of a one-line file. */
static char *refusal(const char *text)
{
	char *line = arena_printf(arena, "ports:    %s\n", text);
	struct source_text source = { "file", line, strlen(line) };
	struct place at = { &source, 1, 11, (unsigned int)strlen(text) };
	struct diag diag = { 0 };
	struct portset set;
	int saved = dup(STDERR_FILENO);
	char *out = arena_alloc(arena, 4096);
	FILE *file = tmpfile();
	size_t n;

	dup2(fileno(file), STDERR_FILENO);
	assert_false(portset_parse(arena, text, at, &diag, &set));
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(diag.errors, 1);
	assert_true(portset_empty(&set));
	rewind(file);
	n = fread(out, 1, 4095, file);
	out[n] = '\0';
	fclose(file);
	return out;
}

static void assert_refused(const char *text, unsigned int col, const char *why)
{
	const char *said = refusal(text);

	if (strncmp(said, arena_printf(arena, "file:1:%u: ", col), 9 + (col > 9)) ||
	    !strstr(said, why))
		fail_msg("'%s' at column %u (%s): %s", text, col, why, said);
}

/* P14: each with the column of what is wrong. */
static void test_p14_refused_with_column(void **state)
{
	assert_refused("70000", 11, "ports end at 65535");
	assert_refused("99999999999999999999", 11, "ports end at 65535");
	assert_refused("-1", 11, "a port number was expected");
	assert_refused("0x50", 11, "no port 0");
	assert_refused("1e3", 12, "unexpected character");
	assert_refused("80-", 14, "a port number was expected");
	assert_refused("-80", 11, "a port number was expected");
	assert_refused("80-70", 11, "range reversed");
	assert_refused("80,,81", 14, "nothing where ports were expected");
	assert_refused(" 80 ", 11, "a port number was expected");
	assert_refused("80 ", 13, "unexpected character");
	assert_refused("80,81,", 17, "nothing where ports were expected");
	assert_refused("", 11, "nothing where ports were expected");
	assert_refused("0", 11, "no port 0");
	assert_refused("0-80", 11, "no port 0");
	assert_refused("80,0080", 14, "leading zero");
	assert_refused("80-90-100", 16, "unexpected character");
	assert_refused("80,none", 14, "'none' stands alone");
	assert_refused("80,Ephemeral", 14, "a port number was expected");
	assert_refused("80,443,1-65536", 20, "ports end at 65535");
}

static void test_has(void **state)
{
	struct portset set = parsed("80,443,1024-1324"), all = parsed("all"),
		       word = parsed("vendor");

	assert_true(portset_has(&set, 80) && portset_has(&set, 1024) && portset_has(&set, 1324));
	assert_false(portset_has(&set, 79) || portset_has(&set, 81) || portset_has(&set, 1325));
	assert_false(portset_has(&set, 0) || portset_has(&set, 65535) || portset_has(&word, 80));
	assert_true(portset_has(&all, 1) && portset_has(&all, 65535));
	assert_false(portset_has(&all, 0));
}

/* Union and difference against sets of single ports, over every pair of small sets. */
static struct portset from_bits(unsigned int bits)
{
	const char *text = "";
	struct portset empty = { 0 };

	for (unsigned int port = 1; port <= 6; port++)
		if (bits & 1u << (port - 1))
			text = arena_printf(arena, "%s%s%u", text, *text ? "," : "", port);
	return *text ? parsed(text) : empty;
}

static unsigned int to_bits(const struct portset *set)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < set->n; i++) {
		assert_true(set->ranges[i].lo <= set->ranges[i].hi);
		assert_true(!i || set->ranges[i].lo > set->ranges[i - 1].hi + 1);
		for (unsigned int port = set->ranges[i].lo; port <= set->ranges[i].hi; port++)
			bits |= 1u << (port - 1);
	}
	return bits;
}

static void test_union_and_minus(void **state)
{
	for (unsigned int a = 0; a < 64; a++) {
		for (unsigned int b = 0; b < 64; b++) {
			struct portset x = from_bits(a), y = from_bits(b);
			struct portset both = portset_union(arena, &x, &y);
			struct portset less = portset_minus(arena, &x, &y);

			assert_int_equal(to_bits(&both), a | b);
			assert_int_equal(to_bits(&less), a & ~b);
		}
	}
}

static void test_edges_and_words(void **state)
{
	struct portset all = parsed("1-65535,ephemeral"), end = parsed("65535,all"), rest;

	rest = portset_minus(arena, &all, &end);
	assert_string_equal(portset_format(arena, &rest), "1-65534,ephemeral");
	rest = portset_minus(arena, &end, &all);
	assert_string_equal(portset_format(arena, &rest), "all");
	rest = portset_union(arena, &rest, &all);
	assert_string_equal(portset_format(arena, &rest), "1-65535,ephemeral,all");
}

static void test_protocols(void **state)
{
	static const char *const names[] = { "tcp", "udp", "tcp+udp", "ip" };
	unsigned int proto;

	for (size_t i = 0; i < 4; i++) {
		assert_true(proto_parse(names[i], &proto));
		assert_string_equal(proto_name(proto), names[i]);
	}
	assert_false(proto_parse("TCP", &proto) || proto_parse("", &proto));
	assert_false(proto_parse("udp+tcp", &proto) || proto_parse("sctp", &proto));
	assert_string_equal(proto_name(0), "none");
	assert_string_equal(proto_name(99), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_p14_refused_with_column),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_union_and_minus),
		cmocka_unit_test(test_edges_and_words),
		cmocka_unit_test(test_protocols),
	};

	return cmocka_run_group_tests_name("ports", tests, setup, teardown);
}
