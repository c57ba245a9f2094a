// SPDX-License-Identifier: GPL-2.0
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
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
