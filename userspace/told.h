/* SPDX-License-Identifier: GPL-2.0 */
/* Events in the words of the live profile: for `monitor` and `trace`. */
#ifndef EQFW_TOLD_H
#define EQFW_TOLD_H

#include <jansson.h>

#include "flow_file.h"
#include "nearest.h"
#include "nl.h"
#include "nl_events.h"

#define TOLD_END_MAX 64
#define TOLD_TIME_MAX 40

/**
 * struct told - whose words
 * @nl: asks the kernel for the profile
 * @have: there is one in @file
 * @asked: the digest that was asked for last, so that a missing profile is asked for once
 * @file: the profile and its table
 */
struct told {
	struct nl *nl;
	bool have;
	uint8_t asked[EQFW_DIGEST_SIZE];
	struct flow_file file;
};

/* Make the profile of an event the one at hand; without it, events are told with less. */
void told_follow(struct told *told, const struct event *event);
void told_free(struct told *told);
/* What is permitted and looks most like a dropped packet; 0 where nothing or nobody knows. */
size_t told_nearest(const struct told *told, const struct event *event,
		    struct nearest out[NEAREST_MAX]);
/* The item of an id, or NULL. */
const struct eqfw_item_rec *told_item(const struct told *told, const char *id);

/* "10.1.0.10:5060", "[2001:db8::1]:5060", "10.1.0.10". */
const char *told_end(const struct event *event, bool source, char out[TOLD_END_MAX]);
/* RFC 3339 with microseconds, UTC. */
const char *told_time(uint64_t time_ns, char out[TOLD_TIME_MAX]);
/* What every packet has in JSON; released by the caller. */
json_t *told_json(const struct told *told, const struct event *event, const char *schema);
json_t *told_nearest_json(const struct told *told, const struct event *event);

#endif
