// SPDX-License-Identifier: GPL-2.0
/*
 * adopt - TCP sessions that are older than the first load
 *
 *   adopt from=NS src=ADDR to=NS dst=ADDR dport=N [n=COUNT] dir=DIRECTORY
 *
 * Opens COUNT sessions and one more, then waits for files in DIRECTORY and makes others:
 *
 *   makes "ready"; waits for "loaded"
 *   a third speaks from the far end, a third from the opener, a third is silent
 *   makes "spoken"; waits for "over"
 *   the first two thirds speak from the far end, the last from its opener; then all both ways
 *   the one more speaks from the far end, which nobody can know; then from its opener
 *
 * Prints "sessions N lost L late blocked|heard again heard|lost"; exit 1 unless L is 0 and the one
 * more was blocked and came back to life when its opener spoke.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ends.h"
#include "netspace.h"

#define MAX_SESSIONS 200
#define WAIT_MS 60000

struct session {
	int opener;
	int far;
	bool lost;
};

static const char *dir;

static char *file_of(const char *name, char *out, size_t size)
{
	snprintf(out, size, "%s/%s", dir, name);
	return out;
}

static void say(const char *name)
{
	char path[512];

	close(open(file_of(name, path, sizeof(path)), O_CREAT | O_WRONLY, 0600));
}

static void wait_for(const char *name)
{
	uint64_t end_ms = now_ms() + WAIT_MS;
	char path[512];

	file_of(name, path, sizeof(path));
	while (access(path, F_OK)) {
		if (now_ms() > end_ms)
			errx(1, "%s does not come", path);
		usleep(20000);
	}
}

static bool heard(int fd)
{
	char byte;

	return end_ready(fd, POLLIN) && recv(fd, &byte, 1, 0) == 1;
}

/* One byte from an end to the other. */
static bool speaks(int from, int to)
{
	char byte = 'x';

	return send(from, &byte, 1, MSG_NOSIGNAL) == 1 && heard(to);
}

static void in_time(struct session *s, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (i % 3 == 0 && !speaks(s[i].far, s[i].opener))
			s[i].lost = true;
		if (i % 3 == 1 && !speaks(s[i].opener, s[i].far))
			s[i].lost = true;
	}
}

static void afterwards(struct session *s, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		bool far_first = i % 3 != 2;
		int a = far_first ? s[i].far : s[i].opener;
		int b = far_first ? s[i].opener : s[i].far;

		if (!speaks(a, b) || !speaks(b, a) || !speaks(a, b))
			s[i].lost = true;
	}
}

int main(int argc, char **argv)
{
	static struct session sessions[MAX_SESSIONS + 1];
	struct args args = { .n = 0 };
	struct end from = {}, to = {};
	unsigned int n, lost = 0;
	bool blocked, again;
	int listener;

	for (int i = 1; i < argc && args.n < ARGS_MAX; i++)
		args.word[args.n++] = argv[i];
	end_of(&args, "from", "src", "sport", &from);
	end_of(&args, "to", "dst", "dport", &to);
	n = arg_number(&args, "n", 100);
	dir = arg_text(&args, "dir");
	if (!n || n > MAX_SESSIONS || !dir)
		errx(2, "n= is 1 to %d; dir= is needed", MAX_SESSIONS);
	listener = end_socket(&to, SOCK_STREAM);
	if (listen(listener, 128))
		err(2, "listen");
	for (unsigned int i = 0; i <= n; i++)
		if (!end_connect(&from, &to, listener, &sessions[i].opener, &sessions[i].far))
			errx(1, "session %u does not come about: %s", i, strerror(errno));
	say("ready");
	wait_for("loaded");
	in_time(sessions, n);
	say("spoken");
	wait_for("over");
	afterwards(sessions, n);
	for (unsigned int i = 0; i < n; i++)
		lost += sessions[i].lost;
	blocked = !speaks(sessions[n].far, sessions[n].opener);
	again = speaks(sessions[n].opener, sessions[n].far) &&
		(heard(sessions[n].opener) || heard(sessions[n].opener));
	printf("sessions %u lost %u late %s again %s\n", n, lost, blocked ? "blocked" : "heard",
	       again ? "heard" : "lost");
	return lost || !blocked || !again;
}
