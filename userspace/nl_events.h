/* SPDX-License-Identifier: GPL-2.0 */
/* What the module tells unasked: drops, changes, traced packets. */
#ifndef EQFW_NL_EVENTS_H
#define EQFW_NL_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include <eqfw/flow.h>
#include <eqfw/format.h>
#include <linux/eqfw.h>

struct nl_events;

/**
 * struct event - one message; what a message does not carry is zero or ""
 * @cmd: EQFW_CMD_*_EVENT
 * @has_digest: @digest is that of the profile that judged, or that is live now
 * @flow: the packet: addresses always, the rest where @has_proto
 * @has_proto: the headers could be read
 * @has_ports: sport and dport of @flow are ports, or code and type
 * @action: enum eqfw_event_action
 * @forward, @reverse: enum eqfw_reason of each direction (trace)
 * @ct: enum eqfw_event_ct (trace)
 * @asked: connection tracking decided (trace)
 * @suppressed: events that were not sent since the namespace got its profile
 * @change: enum eqfw_change
 * @expired: a rollback that nobody asked for (change)
 * @confirm_s: seconds left to confirm the change, 0 = it is for good (change)
 * @trace_end: enum eqfw_trace_end
 */
struct event {
	uint8_t cmd;
	bool has_digest;
	uint8_t digest[EQFW_DIGEST_SIZE];
	uint64_t time_ns;
	struct eqfw_flow flow;
	bool has_proto;
	bool has_ports;
	uint32_t bytes;
	uint32_t ifindex;
	char in[EQFW_MAX_NAME];
	char from_zone[EQFW_MAX_NAME];
	char to_zone[EQFW_MAX_NAME];
	char from_class[EQFW_MAX_NAME];
	char to_class[EQFW_MAX_NAME];
	char item[EQFW_MAX_NAME];
	char forward_item[EQFW_MAX_NAME];
	char reverse_item[EQFW_MAX_NAME];
	uint8_t action;
	uint8_t reason;
	bool audit;
	uint8_t forward;
	uint8_t reverse;
	uint8_t ct;
	bool asked;
	uint64_t suppressed;
	uint8_t change;
	uint8_t state;
	uint8_t mode;
	uint64_t generation;
	char name[EQFW_MAX_NAME];
	uint8_t trace_end;
	bool expired;
	uint32_t confirm_s;
};

enum nl_events_result {
	NL_EVENT,
	NL_EVENT_NONE,	 /* time is over, or a signal came */
	NL_EVENT_LOST,	 /* the socket's buffer ran over: messages are missing, more will come */
	NL_EVENT_FAILED, /* errno says why */
};

#define NL_EVENTS_BYTES (4u << 20) /* a burst of all CPUs, and time to print it */

/*
 * Listen in the current namespace; `groups` ends with NULL, `size` is what the kernel keeps for a
 * slow reader, in bytes. Returns an exit status of cmd.h.
 */
int nl_events_open(const char *const *groups, unsigned int size, struct nl_events **events);
void nl_events_close(struct nl_events *events);
/* Wait for one; -1 ms: for ever. */
enum nl_events_result nl_events_next(struct nl_events *events, int timeout_ms, struct event *out);
/* For poll(). */
int nl_events_fd(const struct nl_events *events);

/* One message's attributes, for tests: false where it is none of ours. */
bool nl_event_parse(const void *message, size_t size, struct event *out);

#endif
