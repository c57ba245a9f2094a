// SPDX-License-Identifier: GPL-2.0
/*
 * talk - two programs of real life in one: a server in one namespace, a client in another
 *
 *   talk from=NS src=ADDR [sport=N] to=NS dst=ADDR dport=N proto=tcp|udp [n=COUNT] [hello=HEX]
 *
 * The client sends, the server answers with the same bytes, COUNT times over one connection.
 * Prints "answered COUNT" or "no answer" (what, in parentheses) within two seconds.
 */
#include <err.h>
#include <poll.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ends.h"

struct talk {
	struct end client;
	struct end server;
	int type;
	uint8_t hello[256];
	size_t size;
};

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
	if (!end_ready(server, POLLIN))
		no_answer("the server heard nothing");
	got = recvfrom(server, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
	if (got != (ssize_t)talk->size)
		no_answer("the server heard something else");
	if (talk->type == SOCK_STREAM)
		got = send(server, bytes, got, MSG_NOSIGNAL);
	else
		got = sendto(server, bytes, got, 0, (struct sockaddr *)&from, from_len);
	if (got < 0 || !end_ready(client, POLLIN) || recv(client, bytes, sizeof(bytes), 0) < got)
		no_answer("the client heard nothing");
}

static void open_stream(const struct talk *talk, int *client, int *server)
{
	int listener = *server;

	if (listen(listener, 1))
		err(2, "listen");
	if (!end_connect(&talk->client, &talk->server, listener, client, server))
		no_answer("no connection");
}

static void open_datagram(const struct talk *talk, int *client)
{
	*client = end_socket(&talk->client, SOCK_DGRAM);
	if (connect(*client, (const struct sockaddr *)&talk->server.addr, talk->server.len))
		no_answer(strerror(errno));
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
	server = end_socket(&talk.server, talk.type);
	if (talk.type == SOCK_STREAM)
		open_stream(&talk, &client, &server);
	else
		open_datagram(&talk, &client);
	for (unsigned long i = 0; i < n; i++)
		exchange(&talk, client, server);
	printf("answered %lu\n", n);
	return 0;
}
