// SPDX-License-Identifier: GPL-2.0
/* The YAML layer: what it refuses, and that places are right (CASES P11, P13). */
#include <setjmp.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "reader_lab.h"
#include "yaml.h"

/**
 * struct yaml_case - a text and what is said about it
 * @name: for people
 * @text: the file
 * @size: bytes, 0 = up to the NUL
 * @expect: part of the complaint, NULL where there is none
 */
struct yaml_case {
	const char *name;
	const char *text;
	size_t size;
	const char *expect;
};

static const struct yaml_case cases[] = {
	{ "plain", "a: 1\nb: [x, y]\n", 0, NULL },
	{ "P13 no final newline", "a: 1", 0, NULL },
	{ "P13 CR LF", "a: 1\r\nb: 2\r\n", 0, NULL },
	{ "P13 BOM",
	  "\xef\xbb\xbf"
	  "a: 1\n",
	  0, NULL },
	{ "P13 UTF-8", "a: \xc3\xa9\n", 0, NULL },
	{ "P13 NUL", "a: 1\nb: x\0y\n", 12, ":2:5: error: byte 0x00" },
	{ "P13 escaped NUL", "a: \"x\\0y\"\n", 0, ":1:5: error: the control character \\x00" },
	{ "escaped ESC", "a: \"x\\ey\"\n", 0, ":1:5: error: the control character \\x1b" },
	{ "escaped CSI", "a: [b, \"\\x9b\"]\n", 0,
	  ":1:9: error: the control character \\xc2\\x9b" },
	{ "escaped override", "\"\\u202e\": 1\n", 0, ":1:2: error: the control character \\xe2" },
	{ "escaped line feed is a blank", "a: \"x\\ny\"\n", 0, NULL },
	{ "a block of lines", "a: |\n  x\n  y\n", 0, NULL },
	{ "P13 bad UTF-8", "a: 1\nbc: \xff\n", 0, ":2:5: error: byte 0xff" },
	{ "P13 overlong UTF-8", "a: \xc0\xaf\n", 0, ":1:4: error: byte 0xc0" },
	{ "P13 lone CR", "a: 1\rb: 2\n", 0, ":1:5: error: byte 0x0d" },
	{ "escape sequence", "a: \x1b[31m\n", 0, ":1:4: error: byte 0x1b" },
	{ "bidirectional override", "a: \xe2\x80\xae\n", 0, ":1:4: error: byte 0xe2" },
	{ "column counts characters", "a: {\xc3\xa9: 1, b: &x 2}\n", 0, ":1:17: error: anchors" },
	{ "column after BOM",
	  "\xef\xbb\xbf"
	  "a: &x 1\n",
	  0, ":1:7: error: anchors" },
	{ "alias", "a: &x 1\nb: *x\n", 0, ":2:5: error: aliases" },
	{ "anchor of a list", "a: &x [1]\n", 0, "error: anchors" },
	{ "anchor of a mapping", "a: &x {b: 1}\n", 0, "error: anchors" },
	{ "merge key without alias is a key", "a: {<<: {b: 1}}\n", 0, NULL },
	{ "tag", "a: !!int 5\n", 0, ":1:10: error: tags" },
	{ "two documents", "a: 1\n---\nb: 2\n", 0, ":2:1: error: one document a file" },
	{ "duplicate key", "a: 1\nb: 2\na: 3\n", 0,
	  ":3:1: error: duplicate key 'a'; it already "
	  "stands in line 1" },
	{ "duplicate key inside", "h: {x: 1, y: 2, x: 3}\n", 0, ":1:17: error: duplicate key 'x'" },
	{ "three times", "a: 1\na: 2\na: 3\n", 0, ":3:1: error: duplicate key" },
	{ "a list for a key", "? [a]\n: b\n", 0, "error: a key must be a word" },
	{ "unclosed bracket", "a: [1\n", 0, "error: not valid YAML" },
	{ "unclosed quote", "a: \"x\n", 0, ":1:5: error: not valid YAML" },
	{ "empty", "", 0, ": error: empty file" },
	{ "only a comment", "# nothing\n", 0, ": error: empty file" },
	{ "a list", "- a\n", 0, ": error: not a mapping" },
	{ "a word", "hello\n", 0, ": error: not a mapping" },
};

static struct yaml *read_file(struct arena *arena, const char *file, struct diag *diag,
			      char **complaints)
{
	struct yaml *top;

	capture_begin();
	top = yaml_read(arena, file, diag);
	*complaints = capture_end();
	return top;
}

static bool run_case(const struct yaml_case *c)
{
	char *file = reader_lab_write(c->text, c->size ? c->size : strlen(c->text)), *complaints;
	struct arena *arena = arena_new();
	struct diag diag = { 0 };
	struct yaml *top = read_file(arena, file, &diag, &complaints);
	bool good = c->expect ? !top && diag.errors && strstr(complaints, c->expect)
			      : top && !diag.errors;

	if (!good)
		print_error("%s: wanted '%s', got\n%s\n", c->name,
			    c->expect ? c->expect : "nothing", complaints);
	free(complaints);
	arena_free(arena);
	reader_lab_remove(file);
	return good;
}

static void test_texts(void **state)
{
	unsigned int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		bad += !run_case(&cases[i]);
	assert_int_equal(bad, 0);
}

static void test_tree(void **state)
{
	static const char text[] = "a: {b: [x, \"y z\"], c: off}\nwide: 12\n";
	const struct source_text source = { "t", text, sizeof(text) - 1 };
	struct arena *arena = arena_new();
	struct diag diag = { 0 };
	struct yaml *top = yaml_parse(arena, &source, &diag), *b;
	uint64_t number = 0;

	(void)state;
	assert_non_null(top);
	assert_int_equal(top->n, 2);
	b = yaml_get(yaml_get(top, "a"), "b");
	assert_int_equal(yaml_count(b), 2);
	assert_string_equal(b->first->next->text, "y z");
	assert_int_equal(b->first->next->at.col, 13);
	assert_int_equal(b->first->next->at.len, 3);
	assert_string_equal(yaml_get(yaml_get(top, "a"), "c")->text, "off");
	assert_true(yaml_number(yaml_get(top, "wide"), 1, 12, &number, &diag));
	assert_int_equal(number, 12);
	assert_null(yaml_get(top, "e"));
	assert_null(yaml_get(b, "x"));
	arena_free(arena);
}

static unsigned int number_errors(const char *text, uint64_t min, uint64_t max)
{
	struct yaml node = { .kind = YAML_SCALAR, .text = text };
	struct diag diag = { .quiet = true };
	uint64_t number;
	bool good = yaml_number(&node, min, max, &number, &diag);

	assert_int_equal(good, !diag.errors);
	return diag.errors;
}

static void test_numbers(void **state)
{
	static const char *const bad[] = { "",
					   "-1",
					   "0x50",
					   "1e3",
					   " 80",
					   "80 ",
					   "+5",
					   "007",
					   "1.5",
					   "70000",
					   "18446744073709551616" };

	(void)state;
	assert_int_equal(number_errors("0", 0, 5), 0);
	assert_int_equal(number_errors("65535", 0, 65535), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(number_errors(bad[i], 0, 65535), 1);
}

static void test_kinds_of_files(void **state)
{
	char dir[] = "/tmp/eqfw-reader-dir-XXXXXX", path[64], *complaints;
	struct arena *arena = arena_new();
	struct diag diag = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(read_file(arena, path, &diag, &complaints));
	assert_non_null(strstr(complaints, "not a regular file"));
	free(complaints);
	assert_null(read_file(arena, dir, &diag, &complaints));
	free(complaints);
	assert_null(read_file(arena, "/dev/zero", &diag, &complaints));
	free(complaints);
	assert_null(read_file(arena, "/nonexistent/eqfw", &diag, &complaints));
	assert_non_null(strstr(complaints, "/nonexistent/eqfw: error: cannot be read"));
	free(complaints);
	unlink(path);
	snprintf(path, sizeof(path), "%s/sparse", dir);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(truncate(path, 4ll << 30), 0);
	assert_null(read_file(arena, path, &diag, &complaints));
	assert_non_null(strstr(complaints, "too large"));
	free(complaints);
	assert_int_equal(diag.errors, 5);
	unlink(path);
	rmdir(dir);
	arena_free(arena);
}

/* Text that would be large or deep: the same piece many times. */
static void repeat_case(const char *head, const char *piece, size_t n, const char *expect)
{
	size_t size = strlen(head) + n * strlen(piece);
	char *text = must_alloc(size + 1), *end = stpcpy(text, head);

	for (size_t i = 0; i < n; i++)
		end = stpcpy(end, piece);
	assert_true(run_case(&(struct yaml_case){ "repeated", text, size, expect }));
	free(text);
}

static void test_bombs(void **state)
{
	(void)state;
	repeat_case("a: ", "[", 100000, "nested too deeply");
	repeat_case("a: ", "{b: ", 100000, "nested too deeply");
	repeat_case("a: [", "x,", 4000000, "more than");
	repeat_case("a: ", "x", 1 << 20, NULL);
	repeat_case("a: 1\n", "# c\n", 1000000, NULL);
	repeat_case("a: 1\n", "\n", 1000000, NULL);
}

static void test_suggestions(void **state)
{
	static const char *const words[] = { "interfaces", "networks" };
	char *file = reader_lab_write("zone:\n  networkz: 1\n  zzz: 2\n", 27), *complaints;
	struct arena *arena = arena_new();
	struct diag diag = { 0 };
	struct yaml *top;

	(void)state;
	capture_begin();
	top = yaml_read(arena, file, &diag);
	if (top)
		yaml_known_keys(top->first, words, 2, &diag);
	complaints = capture_end();
	assert_int_equal(diag.errors, 2);
	assert_non_null(strstr(complaints, ":2:3: error: unknown key 'networkz'"));
	assert_non_null(strstr(complaints, "did you mean 'networks'?"));
	assert_non_null(strstr(complaints, "write one of: interfaces, networks"));
	free(complaints);
	arena_free(arena);
	reader_lab_remove(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),	cmocka_unit_test(test_tree),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_kinds_of_files),
		cmocka_unit_test(test_bombs),	cmocka_unit_test(test_suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
