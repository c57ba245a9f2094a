// SPDX-License-Identifier: GPL-2.0
/* profile.bin as a file: P1 to P5, P7, P8, P11, P19, P26 of the project's cases. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd.h"
#include "fixture_rules.h"
#include "image.h"

#define PATH_SIZE 256

/* A directory of its own, a valid profile, and what was said last on stderr. */
struct bench {
	char dir[PATH_SIZE];
	struct fixture fixture;
	struct image good;
	char said[4096];
};

static void make_site(struct fixture *f)
{
	struct zone *core, *outside;
	uint32_t rooms, all, item;

	fixture_init(f);
	core = fixture_zone(f, "core", "10.1.0.0/16 2001:db8:1::/48");
	outside = fixture_zone(f, "outside", "");
	outside->is_default = true;
	fixture_interface(f, core, "eth2");
	fixture_interface(f, outside, "eth0");
	rooms = fixture_group(f, GROUP_DECLARED, core);
	all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	item = fixture_item(f, "section/1:1");
	fixture_member(f, rooms, fixture_host(f, "rooms", core, "10.1.32.0/20", NULL));
	fixture_rule(f, all, rooms, 6, (struct port_range){ 1720, 1720 }, item);
	fixture_rule(f, rooms, all, 17, (struct port_range){ 1024, 65535 }, item);
	fixture_forbid(f, rooms, 6, (struct port_range){ 23, 23 }, item);
}

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	snprintf(bench->dir, sizeof(bench->dir), "/tmp/eqfw-image-XXXXXX");
	if (!mkdtemp(bench->dir))
		return -1;
	make_site(&bench->fixture);
	if (!fixture_factor(&bench->fixture))
		return -1;
	bench->good = bench->fixture.image;
	*state = bench;
	/* Whatever waits for a FIFO must not wait for long. */
	alarm(20);
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	char command[PATH_SIZE + 16];

	alarm(0);
	snprintf(command, sizeof(command), "rm -rf '%s'", bench->dir);
	if (system(command))
		return -1;
	fixture_free(&bench->fixture);
	free(bench);
	return 0;
}

static const char *path_in(const struct bench *bench, const char *name)
{
	static char path[2 * PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", bench->dir, name);
	return path;
}

static const char *put_file(const struct bench *bench, const char *name, const void *bytes,
			    size_t size)
{
	const char *path = path_in(bench, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* Run with stderr in a file; the text stays in bench->said. */
static int said_open(int *saved)
{
	char path[] = "/tmp/eqfw-said-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	fflush(stderr);
	*saved = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	return fd;
}

static void said_close(struct bench *bench, int fd, int saved)
{
	ssize_t n;

	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = pread(fd, bench->said, sizeof(bench->said) - 1, 0);
	bench->said[n > 0 ? n : 0] = '\0';
	close(fd);
}

static int read_status(struct bench *bench, const char *path)
{
	struct diag diag = { 0 };
	struct profile_file file;
	int saved, fd = said_open(&saved), status;

	status = profile_file_read(path, &diag, &file);
	said_close(bench, fd, saved);
	assert_int_equal(diag.errors, status == EXIT_STATUS_OK ? 0 : 1);
	profile_file_free(&file);
	return status;
}

static void assert_refused(struct bench *bench, const char *path, int status, const char *why)
{
	int got = read_status(bench, path);

	if (got != status || !strstr(bench->said, why))
		fail_msg("%s: status %d, wanted %d and \"%s\": %s", path, got, status, why,
			 bench->said);
}

static void assert_bytes_refused(struct bench *bench, const void *bytes, size_t size, int status,
				 const char *why)
{
	assert_refused(bench, put_file(bench, "bad.bin", bytes, size), status, why);
}

static unsigned char *copy_good(const struct bench *bench)
{
	return memcpy(malloc(bench->good.size), bench->good.bytes, bench->good.size);
}

/* Make a changed profile's digest right again: then only the checker can refuse it. */
static void sign(unsigned char *bytes, size_t size)
{
	eqfw_core_sha256(bytes, size - EQFW_DIGEST_SIZE, bytes + size - EQFW_DIGEST_SIZE);
}

static void test_good_is_read(void **state)
{
	struct bench *bench = *state;
	const char *path = put_file(bench, "good.bin", bench->good.bytes, bench->good.size);
	struct diag diag = { 0 };
	struct profile_file file;

	assert_int_equal(profile_file_read(path, &diag, &file), EXIT_STATUS_OK);
	assert_int_equal(file.image.size, bench->good.size);
	assert_memory_equal(file.image.bytes, bench->good.bytes, bench->good.size);
	assert_int_equal(file.profile.n_zones, 3);
	profile_file_free(&file);
}

static void test_p1_truncated(void **state)
{
	struct bench *bench = *state;

	assert_bytes_refused(bench, "", 0, EXIT_STATUS_INVALID, "truncated");
	assert_bytes_refused(bench, "E", 1, EXIT_STATUS_INVALID, "truncated");
	assert_bytes_refused(bench, bench->good.bytes, sizeof(struct eqfw_header),
			     EXIT_STATUS_INVALID, "truncated");
	for (size_t size = 0; size < bench->good.size; size += 61)
		assert_bytes_refused(bench, bench->good.bytes, size, EXIT_STATUS_INVALID,
				     "truncated");
}

static void test_p2_not_a_profile(void **state)
{
	struct bench *bench = *state;
	unsigned char *bytes = copy_good(bench);
	static const char text[] = "eqfw: deployment/1\nname: hq-edge\n";

	assert_bytes_refused(bench, text, sizeof(text) - 1, EXIT_STATUS_INVALID, "not a profile");
	bytes[7] ^= 1;
	sign(bytes, bench->good.size);
	assert_bytes_refused(bench, bytes, bench->good.size, EXIT_STATUS_INVALID, "not a profile");
	free(bytes);
}

static void test_p3_versions(void **state)
{
	struct bench *bench = *state;
	unsigned char *bytes = copy_good(bench);
	struct eqfw_header *header = (struct eqfw_header *)bytes;

	header->version = htole16(EQFW_FORMAT_VERSION + 1);
	header->needs_tool = htole32(7 << 16 | 8 << 8 | 9);
	sign(bytes, bench->good.size);
	assert_bytes_refused(bench, bytes, bench->good.size, EXIT_STATUS_VERSION,
			     "needs eqfwctl >= 7.8.9");
	header->version = 0;
	sign(bytes, bench->good.size);
	assert_bytes_refused(bench, bytes, bench->good.size, EXIT_STATUS_VERSION, "older");
	free(bytes);
}

static void test_p4_byte_swapped(void **state)
{
	struct bench *bench = *state;
	size_t size = bench->good.size;
	unsigned char *bytes = malloc(size);

	assert_int_equal(size % 8, 0);
	for (size_t unit = 2; unit <= 8; unit *= 2) {
		for (size_t i = 0; i < size; i++)
			bytes[i] = bench->good.bytes[i / unit * unit + unit - 1 - i % unit];
		assert_bytes_refused(bench, bytes, size, EXIT_STATUS_INVALID, "not a profile");
	}
	free(bytes);
}

static void test_p5_length(void **state)
{
	struct bench *bench = *state;
	size_t size = bench->good.size;
	unsigned char *bytes = calloc(1, size + 8);

	memcpy(bytes, bench->good.bytes, size);
	assert_bytes_refused(bench, bytes, size + 1, EXIT_STATUS_INVALID, "longer");
	assert_bytes_refused(bench, bytes, size - 1, EXIT_STATUS_INVALID, "truncated");
	((struct eqfw_header *)bytes)->length = htole64(size + 8);
	sign(bytes, size);
	assert_bytes_refused(bench, bytes, size, EXIT_STATUS_INVALID, "truncated");
	((struct eqfw_header *)bytes)->length = htole64(1ull << 63);
	sign(bytes, size);
	assert_bytes_refused(bench, bytes, size, EXIT_STATUS_INVALID, "truncated");
	free(bytes);
}

static void test_p7_offsets(void **state)
{
	struct bench *bench = *state;
	size_t size = bench->good.size;

	for (unsigned int section = 0; section < EQFW_N_SECTIONS; section++) {
		uint32_t was = le32toh(
			((struct eqfw_header *)bench->good.bytes)->sections[section].offset);
		const uint32_t bad[] = {
			0, 8, was - 8, was + 8, was + 1, (uint32_t)size, 0xfffffff8
		};

		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			unsigned char *bytes = copy_good(bench);
			struct eqfw_header *header = (struct eqfw_header *)bytes;

			header->sections[section].offset = htole32(bad[i]);
			sign(bytes, size);
			assert_bytes_refused(bench, bytes, size, EXIT_STATUS_INVALID, "offset");
			free(bytes);
		}
	}
}

static void test_p8_every_bit(void **state)
{
	struct bench *bench = *state;
	size_t size = bench->good.size;
	unsigned char *bytes = copy_good(bench);
	struct eqfw_profile profile;
	struct eqfw_fault fault;

	for (size_t bit = 0; bit < 8 * size; bit++) {
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		if (!eqfw_profile_check(bytes, size, &profile, &fault))
			fail_msg("bit %zu of byte %zu was flipped unseen", bit % 8, bit / 8);
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	assert_int_equal(eqfw_profile_check(bytes, size, &profile, &fault), 0);
	free(bytes);
}

static void test_p11_special_files(void **state)
{
	struct bench *bench = *state;
	const char *path = path_in(bench, "fifo");
	char target[2 * PATH_SIZE];
	int fd;

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(bench, path, EXIT_STATUS_INVALID, "not a regular file");
	assert_refused(bench, bench->dir, EXIT_STATUS_INVALID, "not a regular file");
	assert_refused(bench, "/dev/zero", EXIT_STATUS_INVALID, "not a regular file");
	assert_refused(bench, path_in(bench, "absent"), EXIT_STATUS_INVALID, "No such file");
	path = path_in(bench, "sparse");
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(ftruncate(fd, 4ll << 30), 0);
	close(fd);
	assert_refused(bench, path, EXIT_STATUS_INVALID, "larger than 64 MiB");
	/* A symbolic link to a profile is as good as the profile. */
	snprintf(target, sizeof(target), "%s",
		 put_file(bench, "good.bin", bench->good.bytes, bench->good.size));
	path = path_in(bench, "link");
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(read_status(bench, path), EXIT_STATUS_OK);
	unlink(target);
	assert_refused(bench, path, EXIT_STATUS_INVALID, "No such file");
}

static bool write_quietly(struct bench *bench, const char *path, const struct image *image)
{
	struct diag diag = { 0 };
	int saved, fd = said_open(&saved);
	bool good = image_write(path, image, &diag);

	said_close(bench, fd, saved);
	assert_int_equal(diag.errors, good ? 0 : 1);
	return good;
}

static void assert_holds(const struct bench *bench, const char *path, const void *bytes,
			 size_t size)
{
	unsigned char *found = malloc(size + 1);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(found, 1, size + 1, file), size);
	assert_memory_equal(found, bytes, size);
	fclose(file);
	free(found);
}

static unsigned int files_in(const struct bench *bench)
{
	char command[2 * PATH_SIZE];
	unsigned int n = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "ls -A '%s' | wc -l", bench->dir);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%u", &n), 1);
	pclose(pipe);
	return n;
}

/* P26, and what a file in use may rely on: its mode stays, links go on pointing at it. */
static void test_write_replaces(void **state)
{
	struct bench *bench = *state;
	const char *path = put_file(bench, "out.bin", "old", 3);
	char real[2 * PATH_SIZE];
	struct stat stat_now;

	snprintf(real, sizeof(real), "%s", path);
	assert_int_equal(chmod(real, 0640), 0);
	assert_true(write_quietly(bench, real, &bench->good));
	assert_holds(bench, real, bench->good.bytes, bench->good.size);
	assert_int_equal(stat(real, &stat_now), 0);
	assert_int_equal(stat_now.st_mode & 07777, 0640);
	path = path_in(bench, "link");
	assert_int_equal(symlink("out.bin", path), 0);
	put_file(bench, "out.bin", "old", 3);
	assert_true(write_quietly(bench, path_in(bench, "link"), &bench->good));
	assert_int_equal(lstat(path_in(bench, "link"), &stat_now), 0);
	assert_true(S_ISLNK(stat_now.st_mode));
	assert_holds(bench, real, bench->good.bytes, bench->good.size);
	assert_int_equal(files_in(bench), 2);
	umask(027);
	assert_true(write_quietly(bench, path_in(bench, "new.bin"), &bench->good));
	assert_int_equal(stat(path_in(bench, "new.bin"), &stat_now), 0);
	assert_int_equal(stat_now.st_mode & 07777, 0640);
	umask(022);
}

/* A full disk, as far as a file size limit can play it: the old file whole, nothing left over. */
static void test_p19_failed_write_leaves_old(void **state)
{
	struct bench *bench = *state;
	const char *path = put_file(bench, "out.bin", "old", 3);
	struct rlimit was, tight = { .rlim_cur = 100, .rlim_max = RLIM_INFINITY };
	struct diag diag = { .quiet = true };
	bool good;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	tight.rlim_max = was.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	good = image_write(path, &bench->good, &diag);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_false(good);
	assert_int_equal(diag.errors, 1);
	assert_holds(bench, path, "old", 3);
	assert_int_equal(files_in(bench), 1);
}

static void test_p19_bad_targets(void **state)
{
	struct bench *bench = *state;
	struct stat stat_now;

	assert_false(write_quietly(bench, "/dev/full", &bench->good));
	assert_non_null(strstr(bench->said, "No space left"));
	assert_int_equal(stat("/dev/full", &stat_now), 0);
	assert_true(S_ISCHR(stat_now.st_mode));
	assert_false(write_quietly(bench, bench->dir, &bench->good));
	assert_non_null(strstr(bench->said, "Is a directory"));
	assert_false(write_quietly(bench, path_in(bench, "no/such/dir"), &bench->good));
	assert_int_equal(mkfifo(path_in(bench, "fifo"), 0600), 0);
	assert_false(write_quietly(bench, path_in(bench, "fifo"), &bench->good));
	assert_true(write_quietly(bench, "/dev/null", &bench->good));
	assert_int_equal(files_in(bench), 1);
}

static void test_digest_hex(void **state)
{
	unsigned char digest[EQFW_DIGEST_SIZE] = { 0x00, 0x0f, 0xf0, [31] = 0xa5 };
	char text[65];

	digest_hex(digest, text);
	assert_int_equal(strlen(text), 64);
	assert_int_equal(strncmp(text, "000ff000", 8), 0);
	assert_string_equal(text + 60, "00a5");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_good_is_read),
		T(test_p1_truncated),
		T(test_p2_not_a_profile),
		T(test_p3_versions),
		T(test_p4_byte_swapped),
		T(test_p5_length),
		T(test_p7_offsets),
		T(test_p8_every_bit),
		T(test_p11_special_files),
		T(test_write_replaces),
		T(test_p19_failed_write_leaves_old),
		T(test_p19_bad_targets),
		T(test_digest_hex),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
