// SPDX-License-Identifier: GPL-2.0
/* The kept profiles: what the links mean after each act, what words mean, what is tidied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "profile_builder.h"
#include "store.h"

#define MANY 40

static char directory[] = "/tmp/eqfw-store-XXXXXX";

/* A profile whose digest depends on its name. */
static struct profile_file make(const char *name)
{
	struct profile_file file = { 0 };
	struct eqfw_fault fault;
	struct profile_builder b;
	size_t size;

	builder_init(&b);
	builder_zone(&b, "box", EQFW_ZONE_BOX);
	builder_zone(&b, name, EQFW_ZONE_DEFAULT);
	builder_class(&b, 1, 0, EQFW_PROGRAM_NONE, "");
	file.image.bytes = builder_finish(&b, &size);
	file.image.size = size;
	assert_int_equal(eqfw_profile_check(file.image.bytes, size, &file.profile, &fault), 0);
	builder_free(&b);
	return file;
}

static void drop(struct profile_file *file)
{
	eqfw_core_free(file->image.bytes);
}

static struct store *open_locked(void)
{
	struct store *store = store_open("test");

	assert_non_null(store);
	assert_int_equal(store_lock(store), EXIT_STATUS_OK);
	return store;
}

/* As `load` does it. */
static void load(const char *name)
{
	struct profile_file file = make(name);
	struct store *store = open_locked();

	assert_int_equal(store_commit(store, &file), EXIT_STATUS_OK);
	store_close(store);
	drop(&file);
}

static void expect_word(const char *word, const char *name, int exit_status)
{
	struct profile_file file = make(name), found;
	struct store *store = store_open("test");
	struct diag diag = { .quiet = true };
	const char *path;

	assert_int_equal(store_resolve(store, word, &path), exit_status);
	if (exit_status == EXIT_STATUS_OK) {
		assert_non_null(path);
		assert_int_equal(profile_file_read(path, &diag, &found), EXIT_STATUS_OK);
		assert_memory_equal(found.profile.digest, file.profile.digest, EQFW_DIGEST_SIZE);
		profile_file_free(&found);
	}
	store_close(store);
	drop(&file);
}

static size_t count(void)
{
	struct store *store = store_open("test");
	struct store_list list;
	size_t n;

	assert_int_equal(store_read(store, &list), EXIT_STATUS_OK);
	n = list.n;
	free(list.entries);
	store_close(store);
	return n;
}

static void test_empty(void **state)
{
	assert_int_equal(count(), 0);
	expect_word("current", "x", EXIT_STATUS_INVALID);
	expect_word("previous", "x", EXIT_STATUS_INVALID);
	expect_word("abcd", "x", EXIT_STATUS_INVALID);
}

static void test_first_has_no_previous(void **state)
{
	load("one");
	expect_word("current", "one", EXIT_STATUS_OK);
	expect_word("previous", "one", EXIT_STATUS_INVALID);
}

static void test_swap(void **state)
{
	load("one");
	load("two");
	expect_word("current", "two", EXIT_STATUS_OK);
	expect_word("previous", "one", EXIT_STATUS_OK);
	load("two");
	expect_word("previous", "one", EXIT_STATUS_OK);
	load("one");
	expect_word("current", "one", EXIT_STATUS_OK);
	expect_word("previous", "two", EXIT_STATUS_OK);
	assert_int_equal(count(), 2);
}

/* F21: what is kept is not what the next boot loads, until somebody says so. */
static void test_kept_is_not_current(void **state)
{
	struct profile_file file = make("three");
	struct store *store = open_locked();

	assert_int_equal(store_keep(store, &file), EXIT_STATUS_OK);
	store_close(store);
	drop(&file);
	expect_word("current", "one", EXIT_STATUS_OK);
	assert_int_equal(count(), 3);
}

static void test_digits(void **state)
{
	struct profile_file file = make("two");
	char digest[65];

	digest_hex(file.profile.digest, digest);
	drop(&file);
	expect_word(digest, "two", EXIT_STATUS_OK);
	digest[8] = '\0';
	expect_word(digest, "two", EXIT_STATUS_OK);
}

/* Paths, too short, upper case, beyond hexadecimal: names of files. */
static void test_paths(void **state)
{
	static const char *const words[] = { "abc", "profile.bin", "ABCD", "./current", "" };
	struct store *store = store_open("test");
	const char *path;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(store_resolve(store, words[i], &path), EXIT_STATUS_OK);
		assert_null(path);
	}
	store_close(store);
}

static void in_store(const char *name, char *out, size_t size)
{
	struct store *store = store_open("test");

	snprintf(out, size, "%s/%s", store_directory(store), name);
	store_close(store);
}

/* F22: a file with the right name and wrong bytes is written again. */
static void test_damaged(void **state)
{
	struct profile_file file = make("two");
	char path[512], name[80], digest[65];

	digest_hex(file.profile.digest, digest);
	drop(&file);
	snprintf(name, sizeof(name), "%s.bin", digest);
	in_store(name, path, sizeof(path));
	assert_int_equal(truncate(path, 100), 0);
	load("two");
	expect_word("current", "two", EXIT_STATUS_OK);
}

static void test_link_to_elsewhere(void **state)
{
	char path[512];

	in_store("previous", path, sizeof(path));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	expect_word("previous", "one", EXIT_STATUS_INVALID);
	load("one");
	expect_word("previous", "two", EXIT_STATUS_OK);
}

static void test_tidy(void **state)
{
	char path[512], name[16];
	int fd;

	in_store(".left.bin.abcdef", path, sizeof(path));
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	for (unsigned int i = 0; i < MANY; i++) {
		struct profile_file file;
		struct store *store = open_locked();

		snprintf(name, sizeof(name), "many%u", i);
		file = make(name);
		assert_int_equal(store_keep(store, &file), EXIT_STATUS_OK);
		store_close(store);
		drop(&file);
	}
	assert_int_equal(access(path, F_OK), -1);
	/* 32 and the two that have a link. */
	assert_int_equal(count(), 34);
	expect_word("current", "one", EXIT_STATUS_OK);
	expect_word("previous", "two", EXIT_STATUS_OK);
}

static void test_two_changers(void **state)
{
	struct store *first = open_locked(), *second = store_open("test");

	assert_int_equal(store_lock(second), EXIT_STATUS_BUSY);
	store_close(second);
	store_close(first);
	store_close(open_locked());
}

static void test_nowhere(void **state)
{
	struct profile_file file = make("one");
	struct store_list list;

	assert_int_equal(store_lock(NULL), EXIT_STATUS_OK);
	assert_int_equal(store_commit(NULL, &file), EXIT_STATUS_OK);
	assert_int_equal(store_read(NULL, &list), EXIT_STATUS_OK);
	assert_int_equal(list.n, 0);
	drop(&file);
}

static int set_up(void **state)
{
	return mkdtemp(directory) && !setenv("EQFW_STATE_DIR", directory, 1) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),	cmocka_unit_test(test_first_has_no_previous),
		cmocka_unit_test(test_swap),	cmocka_unit_test(test_kept_is_not_current),
		cmocka_unit_test(test_digits),	cmocka_unit_test(test_paths),
		cmocka_unit_test(test_damaged), cmocka_unit_test(test_link_to_elsewhere),
		cmocka_unit_test(test_tidy),	cmocka_unit_test(test_two_changers),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
