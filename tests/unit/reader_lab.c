// SPDX-License-Identifier: GPL-2.0
#include "reader_lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem.h"

static struct {
	int stderr_fd;
	int buffer_fd;
} capture;

static void must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

char *reader_lab_write(const char *text, size_t size)
{
	char *file = strdup("/tmp/eqfw-reader-XXXXXX");
	int fd = file ? mkstemp(file) : -1;

	must(fd >= 0, "mkstemp");
	must(write(fd, text, size) == (ssize_t)size, "write");
	close(fd);
	return file;
}

void reader_lab_remove(char *file)
{
	unlink(file);
	free(file);
}

void capture_begin(void)
{
	fflush(stderr);
	capture.stderr_fd = dup(STDERR_FILENO);
	capture.buffer_fd = memfd_create("stderr", MFD_CLOEXEC);
	must(capture.stderr_fd >= 0 && capture.buffer_fd >= 0, "capture");
	if (!getenv("LAB_LOUD"))
		must(dup2(capture.buffer_fd, STDERR_FILENO) >= 0, "dup2");
}

char *capture_end(void)
{
	off_t size;
	char *text;

	fflush(stderr);
	dup2(capture.stderr_fd, STDERR_FILENO);
	size = lseek(capture.buffer_fd, 0, SEEK_END);
	text = must_alloc((size_t)size + 1);
	must(pread(capture.buffer_fd, text, (size_t)size, 0) == size, "pread");
	text[size] = '\0';
	close(capture.stderr_fd);
	close(capture.buffer_fd);
	return text;
}
