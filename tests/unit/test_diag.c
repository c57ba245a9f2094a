// SPDX-License-Identifier: GPL-2.0
/* What a person is shown: places, carets, suggestions, and no control character ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "safe.h"

/* Run `say` with stderr in a file; the text that it printed, to be freed. */
static char *captured(void (*say)(void *ctx), void *ctx)
{
	int saved = dup(STDERR_FILENO);
	FILE *file = tmpfile();
	char *text;
	long size;

	assert_non_null(file);
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	say(ctx);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = calloc(1, (size_t)size + 1);
	assert_int_equal(fread(text, 1, (size_t)size, file), size);
	fclose(file);
	return text;
}

struct complaint {
	const char *name;
	const char *text;
	size_t size;
	unsigned int line;
	unsigned int col;
	unsigned int len;
	const char *help;
	const char *message;
};

static void say_error(void *ctx)
{
	const struct complaint *c = ctx;
	struct source_text source = { c->name, c->text, c->size ? c->size : strlen(c->text) };
	struct place at = { &source, c->line, c->col, c->len };
	struct diag diag = { 0 };

	diag_error(&diag, at, c->help, "%s", c->message);
	assert_int_equal(diag.errors, 1);
	assert_int_equal(diag.warnings, 0);
}

static void expect_shown(struct complaint c, const char *expected)
{
	char *text = captured(say_error, &c);

	assert_string_equal(text, expected);
	free(text);
}

static void test_error_line_caret_help(void **state)
{
	expect_shown((struct complaint){ .name = "site.yaml",
					 .text = "a: 1\nhosts: {em: x}\n",
					 .line = 2,
					 .col = 9,
					 .len = 2,
					 .help = "name a role",
					 .message = "no role" },
		     "site.yaml:2:9: error: no role\n"
		     "    2 | hosts: {em: x}\n"
		     "      |         ^~\n"
		     "help: name a role\n");
}

static void test_columns_are_characters_and_tabs_are_four(void **state)
{
	expect_shown((struct complaint){ .name = "f",
					 .text = "\t\xc3\xa4\xe2\x82\xacX",
					 .line = 1,
					 .col = 4,
					 .len = 1,
					 .message = "here" },
		     "f:1:4: error: here\n"
		     "    1 |     \xc3\xa4\xe2\x82\xacX\n"
		     "      |       ^\n");
}

static void test_P13_control_characters_are_never_raw(void **state)
{
	expect_shown((struct complaint){ .name = "a\033[2Jb",
					 .text = "x\033]0;evil\007y\xff",
					 .line = 1,
					 .col = 2,
					 .len = 1,
					 .help = "no \177",
					 .message = "bad \xc2\x9b 5\n6" },
		     "a\\x1b[2Jb:1:2: error: bad \\xc2\\x9b 5\\x0a6\n"
		     "    1 | x\\x1b]0;evil\\x07y\\xff\n"
		     "      |  ^~~~\n"
		     "help: no \\x7f\n");
}

static void test_place_outside_the_text(void **state)
{
	expect_shown(
		(struct complaint){
			.name = "f", .text = "one\n", .line = 9, .col = 1, .message = "gone" },
		"f:9:1: error: gone\n");
	expect_shown((struct complaint){ .name = "f", .text = "", .line = 1, .message = "empty" },
		     "f:1: error: empty\n    1 | \n");
}

static void test_crlf_and_nul(void **state)
{
	expect_shown((struct complaint){ .name = "f",
					 .text = "a\0b\r\nc",
					 .size = 6,
					 .line = 1,
					 .col = 3,
					 .message = "m" },
		     "f:1:3: error: m\n    1 | a\\x00b\n      |      ^\n");
}

static void test_P13_long_line_is_cut_around_the_column(void **state)
{
	size_t size = 1 << 20;
	char *line = malloc(size + 1), *text;
	struct complaint c = {
		.name = "f", .text = line, .line = 1, .col = 500000, .len = 3, .message = "m"
	};

	memset(line, 'a', size);
	memset(line + 499999, 'B', 3);
	line[size] = '\0';
	text = captured(say_error, &c);
	assert_true(strlen(text) < 1000);
	assert_non_null(strstr(text, "aBBBa"));
	assert_int_equal(strchr(strstr(text, "| aaa"), 'B') - strstr(text, "| aaa"),
			 strchr(text, '^') - strrchr(text, '|'));
	free(text);
	free(line);
}

static void say_nowhere(void *ctx)
{
	struct diag diag = { 0 };

	diag_warning(&diag, NOWHERE, NULL, "%d of %d", 1, 2);
	diag.quiet = true;
	diag_warning(&diag, NOWHERE, NULL, "not shown");
	assert_int_equal(diag.warnings, 2);
}

static void test_without_a_place_and_quiet(void **state)
{
	char *text = captured(say_nowhere, NULL);

	assert_string_equal(text, "eqfwctl: warning: 1 of 2\n");
	free(text);
}

static void hear(void *hearer, const struct warned *warned)
{
	char *heard = hearer;

	sprintf(heard, "%s/%s/%s/%s", warned->check ? warned->check : "-",
		warned->id ? warned->id : "-", warned->text, warned->help ? warned->help : "-");
}

static void say_to_a_hearer(void *ctx)
{
	char heard[80] = "";
	struct diag diag = { .hear = hear, .hearer = heard };

	diag_warning_on(&diag, "shadowed", "site/a", NOWHERE, "mend it", "%d rules", 2);
	assert_string_equal(heard, "shadowed/site/a/2 rules/mend it");
	diag_warning(&diag, NOWHERE, NULL, "plain");
	assert_string_equal(heard, "-/-/plain/-");
	diag_error(&diag, NOWHERE, NULL, "wrong");
	assert_string_equal(heard, "-/-/plain/-");
	assert_int_equal(diag.warnings, 2);
	assert_int_equal(diag.errors, 1);
}

static void test_warnings_may_go_to_a_hearer(void **state)
{
	char *text = captured(say_to_a_hearer, NULL);

	assert_string_equal(text, "eqfwctl: error: wrong\n");
	free(text);
}

static void test_suggestions(void **state)
{
	static const char *const words[] = { "status", "load", "compile", "explain" };

	assert_string_equal(diag_suggest("stauts", words, 4), "status");
	assert_string_equal(diag_suggest("explian", words, 4), "explain");
	assert_string_equal(diag_suggest("loda", words, 4), "load");
	assert_null(diag_suggest("reload-all", words, 4));
	assert_null(diag_suggest("", words, 4));
	assert_null(diag_suggest("xyz", words, 4));
}

static void test_safe_char_takes_utf8_and_nothing_else(void **state)
{
	static const struct {
		const char *in;
		const char *out;
		size_t used;
	} cases[] = {
		{ "a", "a", 1 },
		{ "\xc3\xa4z", "\xc3\xa4", 2 },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", 4 },
		{ "\xc0\xaf", "\\xc0", 1 },		  /* overlong */
		{ "\xed\xa0\x80", "\\xed", 1 },		  /* surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4", 1 },	  /* beyond U+10FFFF */
		{ "\xe2\x82", "\\xe2", 1 },		  /* cut short */
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae", 3 }, /* right-to-left override */
		{ "\xc2\x85", "\\xc2\\x85", 2 },	  /* C1 */
		{ "\t", "\\x09", 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[SAFE_CHAR_MAX];

		assert_int_equal(safe_char(cases[i].in, strlen(cases[i].in), out), cases[i].used);
		assert_string_equal(out, cases[i].out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_line_caret_help),
		cmocka_unit_test(test_columns_are_characters_and_tabs_are_four),
		cmocka_unit_test(test_P13_control_characters_are_never_raw),
		cmocka_unit_test(test_place_outside_the_text),
		cmocka_unit_test(test_crlf_and_nul),
		cmocka_unit_test(test_P13_long_line_is_cut_around_the_column),
		cmocka_unit_test(test_without_a_place_and_quiet),
		cmocka_unit_test(test_warnings_may_go_to_a_hearer),
		cmocka_unit_test(test_suggestions),
		cmocka_unit_test(test_safe_char_takes_utf8_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
