// SPDX-License-Identifier: GPL-2.0
#include "status_all.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "image.h"
#include "mem.h"
#include "nl.h"
#include "out.h"
#include "pending.h"

#define NAME_MAX_BYTES 288

/* A namespace: where it can be entered, and what people call it. */
struct space {
	dev_t device;
	ino_t inode;
	char path[NAME_MAX_BYTES + 16];
	char name[NAME_MAX_BYTES];
};

struct spaces {
	struct space *list;
	size_t n, capacity;
};

static void add(struct spaces *spaces, const char *path, const char *name)
{
	struct stat file;
	struct space *space;

	if (stat(path, &file))
		return;
	for (size_t i = 0; i < spaces->n; i++)
		if (spaces->list[i].device == file.st_dev && spaces->list[i].inode == file.st_ino)
			return;
	GROW(spaces->list, spaces->n, spaces->capacity);
	space = &spaces->list[spaces->n++];
	*space = (struct space){ .device = file.st_dev, .inode = file.st_ino };
	snprintf(space->path, sizeof(space->path), "%s", path);
	snprintf(space->name, sizeof(space->name), "%s", name);
}

/* What is known already stays: names come first, processes later. */
static void add_all(struct spaces *spaces, const char *directory, const char *suffix,
		    const char *label, const char *accept)
{
	char path[NAME_MAX_BYTES + 16], name[NAME_MAX_BYTES];
	struct dirent *entry;
	DIR *dir = opendir(directory);

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    (accept && strspn(entry->d_name, accept) != strlen(entry->d_name)))
			continue;
		snprintf(path, sizeof(path), "%s/%.255s%s", directory, entry->d_name, suffix);
		snprintf(name, sizeof(name), "%s%.255s", label, entry->d_name);
		add(spaces, path, name);
	}
	if (dir)
		closedir(dir);
}

/* In a process of its own, which alone changes its namespace. */
static void answer(const struct space *space, int to)
{
	int fd = open(space->path, O_RDONLY | O_CLOEXEC), exit_status = EXIT_STATUS_OK;
	struct nl_status status = { 0 };
	struct nl *nl;

	/* Gone meanwhile: then it holds nothing. */
	if (fd >= 0 && setns(fd, CLONE_NEWNET))
		_exit(errno == EPERM ? EXIT_STATUS_NOT_PERMITTED : EXIT_STATUS_NO_MODULE);
	if (fd >= 0)
		exit_status = nl_open(NULL, &nl);
	if (fd >= 0 && !exit_status)
		exit_status = nl_status(nl, &status);
	if (!exit_status && write(to, &status, sizeof(status)) != (ssize_t)sizeof(status))
		exit_status = EXIT_STATUS_NO_MODULE;
	_exit(exit_status);
}

static int ask(const struct space *space, struct nl_status *status)
{
	int pipe_fd[2], code = 0;
	ssize_t got;
	pid_t pid;

	if (pipe2(pipe_fd, O_CLOEXEC))
		return EXIT_STATUS_NO_MODULE;
	pid = fork();
	if (!pid)
		answer(space, pipe_fd[1]);
	close(pipe_fd[1]);
	got = read(pipe_fd[0], status, sizeof(*status));
	close(pipe_fd[0]);
	while (pid > 0 && waitpid(pid, &code, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || !WIFEXITED(code))
		return EXIT_STATUS_NO_MODULE;
	if (!WEXITSTATUS(code) && got != (ssize_t)sizeof(*status))
		return EXIT_STATUS_NO_MODULE;
	return WEXITSTATUS(code);
}

static const char *state_name(const struct nl_status *status)
{
	return status->state == EQFW_STATE_ENFORCING  ? "enforcing"
	       : status->state == EQFW_STATE_AUDITING ? "auditing"
						      : "none";
}

static void add_row(struct out_table *table, const char *name, const struct nl_status *status)
{
	char digest[65] = "", generation[24];
	const char *cells[] = {
		name,	state_name(status), status->name,
		digest, generation,	    status->pending ? nl_change_name(status->pending) : ""
	};

	if (status->has_digest)
		digest_hex(status->digest, digest);
	digest[12] = '\0';
	snprintf(generation, sizeof(generation), "%" PRIu64, status->generation);
	out_table_row(table, cells);
}

static json_t *json_row(const char *name, const struct nl_status *status)
{
	char digest[65];

	digest_hex(status->digest, digest);
	return json_pack("{s:o,s:s,s:o,s:o,s:I,s:o}", "netns", out_json_string(name), "state",
			 state_name(status), "name",
			 out_json_string(status->has_digest ? status->name : NULL), "digest",
			 status->has_digest ? json_string(digest) : json_null(), "generation",
			 (json_int_t)status->generation, "pending", pending_json(status));
}

/* Namespaces where nothing is loaded and nothing pending hold nothing: they are left out. */
static bool holds(const struct nl_status *status)
{
	return status->state != EQFW_STATE_NONE || status->pending;
}

int status_all(bool json)
{
	static const char *const names[] = { "NETNS",  "STATE",	     "NAME",
					     "DIGEST", "GENERATION", "PENDING" };
	struct out_table *table = json ? NULL : out_table_new(6, names, NULL);
	json_t *list = json ? json_array() : NULL, *root;
	struct spaces spaces = { 0 };
	struct nl_status status;
	int exit_status = EXIT_STATUS_NO, failed = EXIT_STATUS_OK;

	add(&spaces, "/proc/self/ns/net", "(here)");
	add_all(&spaces, "/run/netns", "", "", NULL);
	add_all(&spaces, "/proc", "/ns/net", "pid ", "0123456789");
	for (size_t i = 0; i < spaces.n && !failed; i++) {
		failed = ask(&spaces.list[i], &status);
		if (failed || !holds(&status))
			continue;
		if (status.state == EQFW_STATE_ENFORCING)
			exit_status = EXIT_STATUS_OK;
		if (json)
			json_array_append_new(list, json_row(spaces.list[i].name, &status));
		else
			add_row(table, spaces.list[i].name, &status);
	}
	free(spaces.list);
	if (json) {
		root = out_json_new("status-all/1", NULL);
		json_object_set_new(root, "namespaces", list);
		out_json_print(root);
	} else {
		out_table_print(table);
	}
	return failed ? failed : exit_status;
}
