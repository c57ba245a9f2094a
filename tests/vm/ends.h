/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets at the two ends of a conversation, each in its namespace: talk.c, hold.c, h323.c. */
#ifndef EQFW_TEST_ENDS_H
#define EQFW_TEST_ENDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "packet.h"

#define PATIENCE_MS 2000

/**
 * struct end - an end of a conversation
 * @addr: address and port
 * @len: bytes of @addr that count
 * @space: name of the namespace
 */
struct end {
	struct sockaddr_storage addr;
	socklen_t len;
	const char *space;
};

/* Read an end from the words SPACE=NAMESPACE ADDR=ADDRESS [PORT=NUMBER]; ends the program on errors. */
void end_of(const struct args *args, const char *space, const char *addr, const char *port,
	    struct end *end);
/* The same end on another port. */
struct end end_at(const struct end *end, uint16_t port);
uint16_t end_port(const struct end *end);
/* A non-blocking socket of SOCK_STREAM or SOCK_DGRAM bound to the end; ends the program on errors. */
int end_socket(const struct end *end, int type);
/* A connection from one end to a listener of the other; false where none comes about in time. */
bool end_connect(const struct end *from, const struct end *to, int listener, int *client,
		 int *server);
/* Wait PATIENCE_MS for poll events on a socket. */
bool end_ready(int fd, short events);

#endif
