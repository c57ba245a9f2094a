// SPDX-License-Identifier: GPL-2.0
/* Standard output: what is written, what is escaped, and what a full disk or closed pipe becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eqfw/version.h>

#include "cmd.h"
#include "out.h"
#include "units.h"

static int real_stdout;

/* Send stdout elsewhere until restored() puts it back. */
static void redirect(int fd)
{
	fflush(stdout);
	real_stdout = dup(STDOUT_FILENO);
	dup2(fd, STDOUT_FILENO);
	close(fd);
}

static void restored(void)
{
	dup2(real_stdout, STDOUT_FILENO);
	close(real_stdout);
	clearerr(stdout);
}

static char *written(void (*print)(void))
{
	FILE *file = tmpfile();
	char *text = calloc(1, 4096);

	redirect(dup(fileno(file)));
	print();
	assert_true(out_flush());
	restored();
	rewind(file);
	assert_true(fread(text, 1, 4095, file) > 0);
	fclose(file);
	return text;
}

static void expect_written(void (*print)(void), const char *expected)
{
	char *text = written(print);

	assert_string_equal(text, expected);
	free(text);
}

static void print_lines(void)
{
	out_line("%s and %d", "one", 2);
	out_line("evil \033[31m\r%s", "name\n\177");
	out_headline(OUT_RED, "drop", " %s", "pair");
}

static void test_lines_are_escaped_and_without_a_tty_uncoloured(void **state)
{
	expect_written(print_lines, "one and 2\nevil \\x1b[31m\\x0dname\\x0a\\x7f\ndrop pair\n");
}

static void print_table(void)
{
	static const char *const names[] = { "NAME", "N" };
	static const bool right[] = { false, true };
	struct out_table *table = out_table_new(2, names, right);

	out_table_row(table, (const char *const[]){ "a", "12345" });
	out_table_row(table, (const char *const[]){ "longer", "7" });
	out_table_print(table);
}

static void test_table_aligns(void **state)
{
	expect_written(print_table, "NAME       N\na      12345\nlonger     7\n");
}

static void print_json(void)
{
	json_t *root = out_json_new("demo/1", NULL);

	json_object_set_new(root, "bad", out_json_string("x\xff\033"));
	json_object_set_new(root, "none", out_json_string(NULL));
	assert_true(out_json_print(root));
}

static void test_json_begins_with_its_header(void **state)
{
	char *text = written(print_json);
	json_t *root = json_loads(text, 0, NULL);
	const char *schema, *version, *bad;
	json_t *digest, *none;

	assert_non_null(root);
	assert_int_equal(strncmp(text, "{\n  \"eqfw\": {", 13), 0);
	assert_int_equal(json_unpack(root, "{s:{s:s,s:s,s:o},s:s,s:o}", "eqfw", "schema", &schema,
				     "version", &version, "digest", &digest, "bad", &bad, "none",
				     &none),
			 0);
	assert_string_equal(schema, "demo/1");
	assert_string_equal(version, EQFW_VERSION);
	assert_true(json_is_null(digest) && json_is_null(none));
	assert_string_equal(bad, "x\\xff\\x1b");
	json_decref(root);
	free(text);
}

static void test_P19_full_disk_is_told(void **state)
{
	redirect(open("/dev/full", O_WRONLY));
	out_line("lost");
	assert_int_equal(out_finish(EXIT_STATUS_OK), EXIT_STATUS_NO);
	restored();
}

static void test_P21_closed_pipe_is_told(void **state)
{
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	redirect(ends[1]);
	out_line("lost");
	assert_int_equal(out_finish(EXIT_STATUS_OK), EXIT_STATUS_NO);
	restored();
}

static void test_status_survives_where_stdout_works(void **state)
{
	redirect(open("/dev/null", O_WRONLY));
	out_line("seen");
	assert_int_equal(out_finish(EXIT_STATUS_BUSY), EXIT_STATUS_BUSY);
	restored();
}

static void test_units(void **state)
{
	char text[UNITS_MAX];

	assert_string_equal(units_bytes(0, text), "0 B");
	assert_string_equal(units_bytes(1023, text), "1023 B");
	assert_string_equal(units_bytes(1536, text), "1.5 KiB");
	assert_string_equal(units_bytes(UINT64_MAX, text), "16.0 EiB");
	assert_string_equal(units_time(1798761600, text), "2027-01-01T00:00:00Z");
	assert_string_equal(units_time(0, text), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_escaped_and_without_a_tty_uncoloured),
		cmocka_unit_test(test_table_aligns),
		cmocka_unit_test(test_json_begins_with_its_header),
		cmocka_unit_test(test_P19_full_disk_is_told),
		cmocka_unit_test(test_P21_closed_pipe_is_told),
		cmocka_unit_test(test_status_survives_where_stdout_works),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
