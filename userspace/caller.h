/* SPDX-License-Identifier: GPL-2.0 */
/* Who is speaking to this box over SSH, and through which of these connections the tool was started. */
#ifndef EQFW_CALLER_H
#define EQFW_CALLER_H

#include <stdbool.h>
#include <stddef.h>

#include "ask.h"

/**
 * struct session - a connection by which somebody administers this box
 * @wire: as its server knows it: source is the person's end
 * @own: this tool runs inside it: a process above it holds the socket, or SSH_CONNECTION says so
 * @here: the server is in this network namespace; else it is behind it, and tracked here
 */
struct session {
	struct wire wire;
	bool own;
	bool here;
};

/**
 * struct sessions - all of them
 * @list: malloc'd
 * @n: how many
 * @capacity: room
 * @certain: a process above this one holds the socket of the one that is @own. Variables may be
 *	of a session that is over or another's: a terminal multiplexer keeps its first one's
 */
struct sessions {
	struct session *list;
	size_t n;
	size_t capacity;
	bool certain;
};

/* Sessions that come into the current network namespace. Free with sessions_free(). */
void sessions_find(struct sessions *out);
void sessions_free(struct sessions *sessions);

/* SSH_CONNECTION's four words; false where they are none. */
bool session_parse(const char *text, struct wire *out);
bool wire_is_loopback(const struct wire *wire);

#endif
