/* SPDX-License-Identifier: GPL-2.0 */
/* The live profile: its bytes out of the kernel, and the counters that belong to it. */
#ifndef EQFW_LIVE_H
#define EQFW_LIVE_H

#include "image.h"
#include "nl.h"

/* The bytes of the live profile, checked. Returns an exit status. Free with profile_file_free(). */
int live_profile(struct nl *nl, struct profile_file *out);
/* The same of the one that has this digest: the live, the staged or the kept one. */
int live_profile_of(struct nl *nl, const uint8_t digest[EQFW_DIGEST_SIZE],
		    struct profile_file *out);

/**
 * struct live_count - packets and their bytes
 */
struct live_count {
	uint64_t packets;
	uint64_t bytes;
};

/**
 * struct live_reason - what was dropped for one reason
 * @code: enum eqfw_reason; may be newer than this tool knows
 */
struct live_reason {
	unsigned int code;
	struct live_count dropped;
	struct live_count audited;
};

/* What one pair of zones did. */
struct live_pair {
	char from[EQFW_MAX_NAME];
	char to[EQFW_MAX_NAME];
	struct live_count passed;
	struct live_count dropped;
};

struct live_drops {
	struct live_reason *reasons;
	size_t n_reasons;
	size_t reasons_capacity;
	struct live_pair *pairs;
	size_t n_pairs;
	size_t pairs_capacity;
};

int live_drops(struct nl *nl, struct live_drops *out);
void live_drops_free(struct live_drops *drops);

/* One item's passes; not @live: the current profile no longer has it. */
struct live_item {
	char id[EQFW_MAX_NAME];
	bool live;
	struct live_count passed;
};

struct live_items {
	struct live_item *items;
	size_t n;
	size_t capacity;
};

int live_items(struct nl *nl, struct live_items *out);
void live_items_free(struct live_items *items);

/* Name and sentence of a reason; "unknown" and "" for codes that this tool does not know. */
const char *reason_name(unsigned int code);
const char *reason_sentence(unsigned int code);

#endif
