// SPDX-License-Identifier: GPL-2.0
/*
 * fail.so - a call that changes something outside the process fails, or is never made
 *
 *   LD_PRELOAD=fail.so FAIL_AT=N [FAIL_CALL=NAME] [FAIL_WITH=ERRNO|FAIL_SIGNAL=NUMBER] COMMAND
 *
 * Counts the calls of these functions, or of NAME alone. Number N fails with ERRNO, or comes after a
 * signal; without either the process dies there as by kill -9, before the call. Dying between such calls leaves the world as
 * dying right after the one or right before the next, so 1 to the last N is every moment that
 * anybody can tell from another.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fails(const char *name)
{
	const char *at = getenv("FAIL_AT"), *only = getenv("FAIL_CALL"),
		   *with = getenv("FAIL_WITH");
	const char *signal = getenv("FAIL_SIGNAL");
	static unsigned int seen;

	if (!at || (only && strcmp(only, name)) || ++seen != strtoul(at, NULL, 10))
		return false;
	if (signal) {
		kill(getpid(), atoi(signal));
		return false;
	}
	if (!with)
		raise(SIGKILL);
	errno = atoi(with);
	return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRAP(type, name, parameters, arguments) \
	type name parameters \
	{ \
		return fails(#name) ? -1 : REAL(name) arguments; \
	}

WRAP(int, mkostemp, (char *path, int flags), (path, flags))
WRAP(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n))
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(int, symlinkat, (const char *to, int fd, const char *path), (to, fd, path))
WRAP(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(ssize_t, sendto,
     (int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len),
     (fd, bytes, n, flags, to, len))
WRAP(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags))
