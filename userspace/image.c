// SPDX-License-Identifier: GPL-2.0
/* profile.bin as a file. Reading trusts nothing about the file; writing never harms the old one. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <eqfw/version.h>

#include "cmd.h"
#include "image.h"

#define FIRST_READ (64u << 10)

static void complain(struct diag *diag, const char *what, const char *path)
{
	diag_error(diag, NOWHERE, NULL, "cannot %s %s: %s", what, path, strerror(errno));
}

/*
 * O_NONBLOCK: a FIFO without a writer must be refused, not waited for. A symbolic link is followed:
 * `current` in the profile directory is one.
 */
static int open_input(const char *path, struct diag *diag)
{
	struct stat stat;
	int fd;

	if (!strcmp(path, "-")) {
		if (!isatty(STDIN_FILENO))
			return STDIN_FILENO;
		diag_error(diag, NOWHERE, NULL, "a profile is binary and not read from a terminal");
		return -1;
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat)) {
		complain(diag, "open", path);
	} else if (!S_ISREG(stat.st_mode)) {
		diag_error(diag, NOWHERE, NULL, "%s is not a regular file", path);
	} else if (stat.st_size > EQFW_PROFILE_MAX) {
		diag_error(diag, NOWHERE, NULL, "%s is larger than 64 MiB: not a profile", path);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Everything up to the end, but never more than one byte beyond the cap. */
static bool read_all(int fd, const char *path, struct diag *diag, struct image *image)
{
	size_t capacity = FIRST_READ;
	ssize_t n;

	image->bytes = must_alloc(capacity);
	while (image->size <= EQFW_PROFILE_MAX) {
		if (image->size == capacity) {
			capacity *= 2;
			image->bytes = must_realloc(image->bytes, capacity);
		}
		n = read(fd, image->bytes + image->size, capacity - image->size);
		if (!n)
			return true;
		if (n > 0)
			image->size += (size_t)n;
		else if (errno != EINTR)
			break;
	}
	if (image->size > EQFW_PROFILE_MAX)
		diag_error(diag, NOWHERE, NULL, "%s is larger than 64 MiB: not a profile", path);
	else
		complain(diag, "read", path);
	return false;
}

static int refuse_version(const char *path, const struct eqfw_fault *fault, struct diag *diag)
{
	uint32_t needs = fault->needs_tool;

	if (needs)
		diag_error(diag, NOWHERE, "update eqfwctl, or compile the deployment with this one",
			   "%s needs eqfwctl >= %u.%u.%u, this is " EQFW_VERSION, path, needs >> 16,
			   needs >> 8 & 0xff, needs & 0xff);
	else
		diag_error(diag, NOWHERE, "compile the deployment again", "%s: %s", path,
			   fault->what);
	return EXIT_STATUS_VERSION;
}

static int refuse(const char *path, const struct eqfw_fault *fault, struct diag *diag)
{
	if (!strcmp(fault->section, "file") || !strcmp(fault->section, "header"))
		diag_error(diag, NOWHERE, NULL, "%s: %s", path, fault->what);
	else
		diag_error(diag, NOWHERE, NULL, "%s: %s, record %u: %s", path, fault->section,
			   fault->record, fault->what);
	return EXIT_STATUS_INVALID;
}

static int check(const char *path, struct diag *diag, struct profile_file *file)
{
	struct eqfw_fault fault = { 0 };
	int err = eqfw_profile_check(file->image.bytes, file->image.size, &file->profile, &fault);

	if (!err)
		return EXIT_STATUS_OK;
	if (err == -EPROTONOSUPPORT)
		return refuse_version(path, &fault, diag);
	return refuse(path, &fault, diag);
}

int profile_file_read(const char *path, struct diag *diag, struct profile_file *out)
{
	int fd = open_input(path, diag), status = EXIT_STATUS_INVALID;

	*out = (struct profile_file){ 0 };
	if (fd < 0)
		return status;
	if (read_all(fd, path, diag, &out->image))
		status = check(path, diag, out);
	if (fd != STDIN_FILENO)
		close(fd);
	if (status != EXIT_STATUS_OK)
		profile_file_free(out);
	return status;
}

void profile_file_free(struct profile_file *file)
{
	image_free(&file->image);
	*file = (struct profile_file){ 0 };
}

static bool write_all(int fd, const struct image *image)
{
	size_t done = 0;

	while (done < image->size) {
		ssize_t n = write(fd, image->bytes + done, image->size - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			return false;
	}
	return true;
}

static bool write_stdout(const struct image *image, struct diag *diag)
{
	if (isatty(STDOUT_FILENO)) {
		diag_error(diag, NOWHERE, "write it to a file: -o profile.bin",
			   "a profile is binary and not written to a terminal");
		return false;
	}
	if (!fflush(stdout) && write_all(STDOUT_FILENO, image))
		return true;
	complain(diag, "write to", "standard output");
	return false;
}

/* A device or a pipe: nothing to keep, and a rename would put a file in its place. */
static bool write_special(const char *path, const struct image *image, struct diag *diag)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool good;

	if (fd < 0) {
		complain(diag, "open", path);
		return false;
	}
	good = !fcntl(fd, F_SETFL, 0) && write_all(fd, image);
	if (close(fd))
		good = false;
	if (!good)
		complain(diag, "write", path);
	return good;
}

/* The name now means the new file; this makes it stay so through a power cut. */
static bool sync_directory(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return false;
	/* EINVAL: a file system that cannot sync directories. */
	good = !fsync(fd) || errno == EINVAL;
	close(fd);
	return good;
}

static bool fill_and_rename(int fd, const char *temporary, const char *path, mode_t mode,
			    const struct image *image)
{
	bool good = write_all(fd, image) && !fchmod(fd, mode) && !fsync(fd);

	/* NFS and full disks report what write() could not know here. */
	if (close(fd))
		good = false;
	return good && !rename(temporary, path);
}

static mode_t mode_for_new(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static bool write_beside(struct arena *arena, const char *path, mode_t mode,
			 const struct image *image, struct diag *diag)
{
	const char *directory = dirname(arena_strdup(arena, path));
	const char *name = basename(arena_strdup(arena, path));
	char *temporary = arena_printf(arena, "%s/.%s.XXXXXX", directory, name);
	int fd = mkostemp(temporary, O_CLOEXEC), saved;

	if (fd < 0) {
		complain(diag, "write in", directory);
		return false;
	}
	if (fill_and_rename(fd, temporary, path, mode, image)) {
		if (sync_directory(directory))
			return true;
		complain(diag, "make sure of the directory of", path);
		return false;
	}
	saved = errno;
	unlink(temporary);
	errno = saved;
	complain(diag, "write", path);
	return false;
}

/* A symbolic link keeps pointing where it does: the file behind it is replaced. */
static bool write_file(const char *path, const struct image *image, struct diag *diag)
{
	struct stat stat_now;
	struct arena *arena;
	char *real = NULL;
	bool good;

	if (!stat(path, &stat_now)) {
		if (S_ISDIR(stat_now.st_mode)) {
			errno = EISDIR;
			complain(diag, "write", path);
			return false;
		}
		if (!S_ISREG(stat_now.st_mode))
			return write_special(path, image, diag);
		real = realpath(path, NULL);
	} else {
		stat_now.st_mode = mode_for_new();
	}
	arena = arena_new();
	good = write_beside(arena, real ? real : path, stat_now.st_mode & 07777, image, diag);
	arena_free(arena);
	free(real);
	return good;
}

bool image_write(const char *path, const struct image *image, struct diag *diag)
{
	if (!strcmp(path, "-"))
		return write_stdout(image, diag);
	return write_file(path, image, diag);
}

void digest_hex(const unsigned char *digest, char *out)
{
	for (size_t i = 0; i < EQFW_DIGEST_SIZE; i++)
		sprintf(out + 2 * i, "%02x", digest[i]);
}
