/* SPDX-License-Identifier: GPL-2.0 */
/* TCP sockets of this network namespace. */
#ifndef EQFW_SOCKETS_H
#define EQFW_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>

#include "ask.h"

/**
 * struct tcp_socket - one socket
 * @wire: source is the peer, destination this end: as if the peer had opened it
 * @listening: it waits for connections; else it has one
 * @inode: the number that /proc/PID/fd shows
 */
struct tcp_socket {
	struct wire wire;
	bool listening;
	unsigned long inode;
};

/**
 * struct tcp_sockets - a list of sockets
 * @sockets: malloc'd
 * @n: how many
 * @capacity: room
 */
struct tcp_sockets {
	struct tcp_socket *sockets;
	size_t n;
	size_t capacity;
};

/* One line of /proc/net/tcp or tcp6; false for headers and states that do not matter. */
bool socket_parse(const char *line, struct tcp_socket *out);
/*
 * Listening and established ones. From /proc/net, not by sock_diag: that needs two more modules,
 * which a box may not have. Free the list's memory with free().
 */
void sockets_read(struct tcp_sockets *out);
/* Is somebody listening on this port? */
bool sockets_listen(const struct tcp_sockets *list, uint16_t port);

#endif
