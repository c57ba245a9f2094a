// SPDX-License-Identifier: GPL-2.0
#include "netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "out.h"

#define NETNS_DIRECTORY "/run/netns/" /* where iproute2 keeps them */

static int refuse(const char *name, int code)
{
	if (code == ENOENT) {
		out_complain("there is no network namespace \"%s\" (see: ip netns)", name);
		return EXIT_STATUS_USAGE;
	}
	out_complain("cannot enter the network namespace \"%s\": %s", name, strerror(code));
	if (code == EINVAL)
		return EXIT_STATUS_USAGE;
	return code == EPERM || code == EACCES ? EXIT_STATUS_NOT_PERMITTED : EXIT_STATUS_NO_MODULE;
}

int netns_enter(const char *name)
{
	char path[sizeof(NETNS_DIRECTORY) + 255];
	int fd, code;

	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, "..") ||
	    strlen(name) > 255) {
		out_complain("\"%s\" is no name of a network namespace", name);
		return EXIT_STATUS_USAGE;
	}
	snprintf(path, sizeof(path), NETNS_DIRECTORY "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return refuse(name, errno);
	code = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	return code ? refuse(name, code) : EXIT_STATUS_OK;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool netns_name(char *out, size_t size)
{
	struct stat own, other;
	struct dirent *entry;
	bool found = false;
	DIR *directory;

	*out = '\0';
	/* Who may not look at process 1 has no namespaces of their own either. */
	if (stat("/proc/self/ns/net", &own) || stat("/proc/1/ns/net", &other) ||
	    same_file(&own, &other))
		return true;
	directory = opendir(NETNS_DIRECTORY);
	while (directory && !found && (entry = readdir(directory))) {
		found = !fstatat(dirfd(directory), entry->d_name, &other, 0) &&
			same_file(&own, &other);
		if (found)
			snprintf(out, size, "%s", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return found;
}
