// SPDX-License-Identifier: GPL-2.0
/*
 * talk - two programs of real life in one: a server in one namespace, a client in another
 *
 *   talk from=NS src=ADDR [sport=N] to=NS dst=ADDR dport=N proto=tcp|udp [n=COUNT] [hello=HEX]
 *
 * The client sends, the server answers with the same bytes, COUNT times over one connection.
 * Prints "answered COUNT" or "no answer" (what, in parentheses) within two seconds.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netspace.h"
#include "packet.h"

#define PATIENCE_MS 2000

struct end {
	struct sockaddr_storage addr;
	socklen_t len;
	const char *space;
};

struct talk {
	struct end client;
	struct end server;
	int type;
	uint8_t hello[256];
	size_t size;
};

static void end_of(const struct args *args, const char *space, const char *addr, const char *port,
		   struct end *end)
{
	struct sockaddr_in *v4 = (void *)&end->addr;
	struct sockaddr_in6 *v6 = (void *)&end->addr;
	const char *text = arg_text(args, addr);
	uint16_t number = htons(arg_number(args, port, 0));

	end->space = arg_text(args, space);
	if (!text || !end->space)
		errx(2, "%s= and %s= are needed", space, addr);
	if (strchr(text, ':')) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = number;
		end->len = sizeof(*v6);
		if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
			errx(2, "address %s", text);
	} else {
		v4->sin_family = AF_INET;
		v4->sin_port = number;
		end->len = sizeof(*v4);
		if (inet_pton(AF_INET, text, &v4->sin_addr) != 1)
			errx(2, "address %s", text);
	}
}

static int socket_at(const struct talk *talk, const struct end *end)
{
	int one = 1, fd;

	netspace_enter(end->space);
	fd = socket(end->addr.ss_family, talk->type | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&end->addr, end->len))
		err(2, "socket in %s", end->space);
	netspace_enter("-");
	return fd;
}

static bool ready(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	return poll(&poll_fd, 1, PATIENCE_MS) == 1 && !(poll_fd.revents & POLLERR);
}

static void no_answer(const char *why)
{
	printf("no answer (%s)\n", why);
	exit(1);
}

/* One datagram or segment there and back; the server's socket of TCP is the accepted one. */
static void exchange(const struct talk *talk, int client, int server)
{
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	uint8_t bytes[512];
	ssize_t got;

	if (send(client, talk->hello, talk->size, MSG_NOSIGNAL) < 0)
		no_answer(strerror(errno));
	if (!ready(server, POLLIN))
		no_answer("the server heard nothing");
	got = recvfrom(server, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
	if (got != (ssize_t)talk->size)
		no_answer("the server heard something else");
	if (talk->type == SOCK_STREAM)
		got = send(server, bytes, got, MSG_NOSIGNAL);
	else
		got = sendto(server, bytes, got, 0, (struct sockaddr *)&from, from_len);
	if (got < 0 || !ready(client, POLLIN) || recv(client, bytes, sizeof(bytes), 0) < got)
		no_answer("the client heard nothing");
}

static int accept_from(const struct talk *talk, int client, int listener)
{
	int error = 0, server;
	socklen_t len = sizeof(error);

	if (!ready(client, POLLOUT))
		no_answer("no connection");
	getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error)
		no_answer(strerror(error));
	if (!ready(listener, POLLIN))
		no_answer("the server saw no connection");
	server = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	if (server < 0)
		err(2, "accept for %s", talk->server.space);
	return server;
}

static void read_words(int argc, char **argv, struct args *args, struct talk *talk)
{
	const char *proto, *hello;
	unsigned int byte;

	for (int i = 1; i < argc && args->n < ARGS_MAX; i++)
		args->word[args->n++] = argv[i];
	proto = arg_text(args, "proto");
	talk->type = proto && !strcmp(proto, "tcp") ? SOCK_STREAM : SOCK_DGRAM;
	end_of(args, "from", "src", "sport", &talk->client);
	end_of(args, "to", "dst", "dport", &talk->server);
	hello = arg_text(args, "hello");
	for (hello = hello ? hello : "68656c6c6f";
	     sscanf(hello, "%2x", &byte) == 1 && talk->size < 256; hello += 2)
		talk->hello[talk->size++] = byte;
}

int main(int argc, char **argv)
{
	struct args args = { .n = 0 };
	struct talk talk = { .size = 0 };
	int client, server;
	unsigned long n;

	read_words(argc, argv, &args, &talk);
	n = arg_number(&args, "n", 1);
	server = socket_at(&talk, &talk.server);
	if (talk.type == SOCK_STREAM && listen(server, 1))
		err(2, "listen");
	client = socket_at(&talk, &talk.client);
	if (connect(client, (struct sockaddr *)&talk.server.addr, talk.server.len) &&
	    errno != EINPROGRESS)
		no_answer(strerror(errno));
	if (talk.type == SOCK_STREAM)
		server = accept_from(&talk, client, server);
	for (unsigned long i = 0; i < n; i++)
		exchange(&talk, client, server);
	printf("answered %lu\n", n);
	return 0;
}
