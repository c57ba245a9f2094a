// SPDX-License-Identifier: GPL-2.0
/*
 * hold - many TCP connections that stay open and speak now and then
 *
 *   hold from=NS src=ADDR to=NS dst=ADDR dport=N [n=COUNT] [pace=MS] ready=FILE until=FILE
 *
 * Makes FILE `ready` when all are connected. Then each sends a byte every `pace` ms and the other
 * end sends it back, until FILE `until` is there; after that each must answer once more. Prints
 * "held N rounds R lost L"; exit 1 where one was lost.
 */
#include <err.h>
#include <poll.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ends.h"
#include "netspace.h"

#define MAX_SESSIONS 1000
#define LIMIT_MS 240000

struct session {
	int client;
	int server;
	bool lost;
};

static struct session sessions[MAX_SESSIONS];
static unsigned int n_sessions;

static bool answers(struct session *s)
{
	char byte = 'x';

	if (send(s->client, &byte, 1, MSG_NOSIGNAL) != 1)
		return false;
	if (!end_ready(s->server, POLLIN) || recv(s->server, &byte, 1, 0) != 1)
		return false;
	if (send(s->server, &byte, 1, MSG_NOSIGNAL) != 1)
		return false;
	return end_ready(s->client, POLLIN) && recv(s->client, &byte, 1, 0) == 1;
}

static void round_of_all(unsigned int pace_ms)
{
	for (unsigned int i = 0; i < n_sessions; i++) {
		if (!sessions[i].lost && !answers(&sessions[i]))
			sessions[i].lost = true;
		if (i % 10 == 9)
			usleep(pace_ms * 1000 * 10 / n_sessions);
	}
}

static void open_all(const struct end *from, const struct end *to, int listener)
{
	for (unsigned int i = 0; i < n_sessions; i++)
		if (!end_connect(from, to, listener, &sessions[i].client, &sessions[i].server))
			errx(1, "connection %u does not come about: %s", i, strerror(errno));
}

static unsigned int count_lost(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < n_sessions; i++)
		n += sessions[i].lost;
	return n;
}

int main(int argc, char **argv)
{
	struct args args = { .n = 0 };
	struct end from = {}, to = {};
	unsigned int rounds = 0;
	uint64_t end_ms;
	int listener, fd;

	for (int i = 1; i < argc && args.n < ARGS_MAX; i++)
		args.word[args.n++] = argv[i];
	end_of(&args, "from", "src", "sport", &from);
	end_of(&args, "to", "dst", "dport", &to);
	n_sessions = arg_number(&args, "n", 100);
	if (!n_sessions || n_sessions > MAX_SESSIONS || !arg_text(&args, "until") ||
	    !arg_text(&args, "ready"))
		errx(2, "n= is 1 to %d; ready= and until= are needed", MAX_SESSIONS);
	listener = end_socket(&to, SOCK_STREAM);
	if (listen(listener, 128))
		err(2, "listen");
	open_all(&from, &to, listener);
	fd = open(arg_text(&args, "ready"), O_CREAT | O_WRONLY, 0600);
	close(fd);
	end_ms = now_ms() + LIMIT_MS;
	do {
		round_of_all(arg_number(&args, "pace", 1000));
		rounds++;
	} while (access(arg_text(&args, "until"), F_OK) && now_ms() < end_ms);
	round_of_all(0);
	printf("held %u rounds %u lost %u\n", n_sessions, rounds, count_lost());
	return count_lost() != 0;
}
