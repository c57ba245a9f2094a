// SPDX-License-Identifier: GPL-2.0
/* The examples as their reader would run them: compile, then judge the table beside each. */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cmd.h"

#define MATRIX EQFW_SOURCE_DIR "/matrix"
#define ARGS(...) \
	(sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *)), (char *[]) \
	{ \
		__VA_ARGS__, NULL \
	}

extern const struct cmd cmd_compile, cmd_test;

static int run(const struct cmd *cmd, size_t argc, char **argv)
{
	optind = 0;
	return cmd->run((int)argc, argv);
}

static int compile(const char *name, char *output)
{
	char path[256];

	snprintf(path, sizeof(path), MATRIX "/examples/%s.yaml", name);
	return run(&cmd_compile, ARGS("compile", path, "-o", output, "--matrix", MATRIX));
}

static char *slurp(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *bytes;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	*size = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(*size);
	assert_int_equal(fread(bytes, 1, *size, file), *size);
	fclose(file);
	return bytes;
}

static void judge(const char *name)
{
	char dir[] = "/tmp/expand-examples-XXXXXX", one[64], two[64], table[256];
	size_t n_one, n_two;
	char *first, *second;

	assert_non_null(mkdtemp(dir));
	snprintf(one, sizeof(one), "%s/one.bin", dir);
	snprintf(two, sizeof(two), "%s/two.bin", dir);
	snprintf(table, sizeof(table), MATRIX "/examples/%s.tsv", name);
	assert_int_equal(compile(name, one), EXIT_STATUS_OK);
	assert_int_equal(compile(name, two), EXIT_STATUS_OK);
	first = slurp(one, &n_one);
	second = slurp(two, &n_two);
	assert_int_equal(n_one, n_two);
	assert_memory_equal(first, second, n_one);
	free(first);
	free(second);
	assert_int_equal(run(&cmd_test, ARGS("test", one, table)), EXIT_STATUS_OK);
	unlink(one);
	unlink(two);
	rmdir(dir);
}

static void test_single_site(void **state)
{
	judge("single-site");
}

static void test_distributed(void **state)
{
	judge("distributed");
}

static void test_strict(void **state)
{
	/* One warning: nobody states where the B2BUA takes media. */
	char path[] = MATRIX "/examples/distributed.yaml";

	assert_int_equal(run(&cmd_compile,
			     ARGS("compile", path, "--dry-run", "--strict", "--matrix", MATRIX)),
			 EXIT_STATUS_INVALID);
	assert_int_equal(run(&cmd_compile, ARGS("compile", path, "--dry-run", "--matrix", MATRIX)),
			 EXIT_STATUS_OK);
}

static void test_usage(void **state)
{
	char path[] = MATRIX "/examples/distributed.yaml";

	assert_int_equal(run(&cmd_compile, ARGS("compile", path)), EXIT_STATUS_USAGE);
	assert_int_equal(run(&cmd_compile, ARGS("compile", "-n")), EXIT_STATUS_USAGE);
	assert_int_equal(run(&cmd_compile, ARGS("compile", path, "-n", "--serial", "x")),
			 EXIT_STATUS_USAGE);
	assert_int_equal(run(&cmd_compile,
			     ARGS("compile", "/nonexistent.yaml", "-n", "--matrix", MATRIX)),
			 EXIT_STATUS_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_site),
		cmocka_unit_test(test_distributed),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
