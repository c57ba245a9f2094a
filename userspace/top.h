/* SPDX-License-Identifier: GPL-2.0 */
/* What passes and what drops just now: two readings of the counters and the time between. */
#ifndef EQFW_TOP_H
#define EQFW_TOP_H

#include "live.h"

/**
 * struct top_line - one counter
 * @drop: a reason of drops, else an item that passes
 * @name: reason or item id; valid as long as the reading that it came from
 * @packets: since the counters began
 * @per_s: packets a second between the two readings
 * @bytes_per_s: bytes a second
 */
struct top_line {
	bool drop;
	const char *name;
	uint64_t packets;
	double per_s;
	double bytes_per_s;
};

/**
 * struct top_reading - all counters at one moment
 * @items: passed, by item
 * @drops: dropped, by reason
 * @at_ns: monotonic clock
 */
struct top_reading {
	struct live_items items;
	struct live_drops drops;
	uint64_t at_ns;
};

/**
 * struct top_list - lines, the busiest first
 * @lines: malloc'd
 * @n: how many
 * @capacity: room
 */
struct top_list {
	struct top_line *lines;
	size_t n;
	size_t capacity;
};

int top_read(struct nl *nl, struct top_reading *out);
void top_reading_free(struct top_reading *reading);
/*
 * Counters that ever counted something. What `before` does not have counts from 0, and so does what ran
 * backwards: the counters were cleared in between. Free the lines with free().
 */
void top_compare(const struct top_reading *before, const struct top_reading *now,
		 struct top_list *out);

#endif
