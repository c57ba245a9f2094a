/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tool's end of the netlink interface (include/uapi/linux/eqfw.h). Every function that returns
 * int returns an exit status of cmd.h; where it is not EXIT_STATUS_OK the reason was printed.
 */
#ifndef EQFW_NL_H
#define EQFW_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eqfw/format.h>
#include <libmnl/libmnl.h>
#include <linux/eqfw.h>

#include "address.h"

struct nl;

/**
 * struct nl_rollback - the last change that was taken back
 * @what: enum eqfw_change; EQFW_CHANGE_NONE where there was none
 * @at: seconds since 1970 UTC
 * @generation: the generation that the rollback made
 * @has_digest: @digest is that of the profile that was taken back
 * @expired: it was not confirmed in time; else somebody asked
 */
struct nl_rollback {
	uint8_t what;
	uint64_t at;
	uint64_t generation;
	bool has_digest;
	uint8_t digest[EQFW_DIGEST_SIZE];
	bool expired;
};

/**
 * struct nl_status - the module's answer to STATUS_GET, attribute by attribute
 * @state: enum eqfw_state
 * @mode: enum eqfw_mode
 * @has_digest: there is a profile, and @digest is its digest
 * @has_log: drops go to netfilter log group @log_group
 * @adopt_s: seconds left in which sessions older than the first load are adopted, 0 = none are
 * @adopted: packets that passed so
 * @has_staged: the profile of @staged_digest is staged
 * @staged_drops: packets that passed and that it would drop
 * @staged_passes: packets that were dropped and that it would let pass
 * @mode_s: seconds until the mode is the profile's own again, 0 = it stays
 * @pending: enum eqfw_change: what awaits confirmation; EQFW_CHANGE_NONE where nothing does
 * @confirm_s: seconds left for it
 * @has_kept: a rollback returns to the profile of @kept_digest, else to none
 * @kept_mode: enum eqfw_mode that it returns to
 */
struct nl_status {
	uint8_t state;
	uint8_t mode;
	bool has_digest;
	uint8_t digest[EQFW_DIGEST_SIZE];
	char name[EQFW_MAX_NAME];
	char matrix[EQFW_MAX_NAME];
	char module_version[EQFW_MAX_NAME];
	uint16_t format_version;
	uint32_t zones;
	uint32_t classes;
	uint32_t rules;
	uint32_t items;
	uint32_t conntrack_count;
	uint32_t conntrack_max;
	uint32_t flows;
	uint64_t generation;
	uint64_t loaded_at;
	uint64_t table_bytes;
	uint64_t counter_bytes;
	uint64_t image_bytes;
	uint64_t unzoned_passed;
	bool has_log;
	uint16_t log_group;
	bool has_staged;
	uint8_t staged_digest[EQFW_DIGEST_SIZE];
	char staged_name[EQFW_MAX_NAME];
	uint64_t staged_drops;
	uint64_t staged_passes;
	uint32_t mode_s;
	uint32_t adopt_s;
	uint64_t adopted;
	uint8_t pending;
	uint32_t confirm_s;
	bool has_kept;
	uint8_t kept_digest[EQFW_DIGEST_SIZE];
	uint8_t kept_mode;
	struct nl_rollback rollback;
};

/**
 * struct nl_trace - which packets a trace shows; zero where everything matches
 * @family: 4 or 6; needed with an address
 * @src: source, family 0 = any
 * @dst: destination, likewise
 * @both: and what goes the other way
 * @count: packets until it ends, 1 to 100000
 * @seconds: time until it ends, 1 to 3600
 */
struct nl_trace {
	uint8_t family;
	uint8_t proto;
	uint16_t sport;
	uint16_t dport;
	struct prefix src;
	struct prefix dst;
	bool both;
	uint32_t count;
	uint32_t seconds;
};

/**
 * struct nl_reader - who reads a dump
 * @restart: forget what was read: the dump begins again
 * @take: one top-level attribute of one message; false stops the dump as refused
 * @ctx: for both
 * @digest: PROFILE_GET: of which profile, NULL = the live one's
 */
struct nl_reader {
	void (*restart)(void *ctx);
	bool (*take)(void *ctx, const struct nlattr *attr);
	void *ctx;
	const uint8_t *digest;
};

/* Is the family registered? Says nothing and loads nothing. */
bool nl_module_present(void);
/* Enter the namespace (NULL: stay), find the family, compare versions. Close with nl_close(). */
int nl_open(const char *netns, struct nl **nl);
void nl_close(struct nl *nl);

int nl_status(struct nl *nl, struct nl_status *status);
/*
 * One message; returns after the kernel's acknowledgement. The change is taken back after
 * `confirm_s` seconds unless it is confirmed; 0: it is for good.
 */
int nl_load(struct nl *nl, const unsigned char *bytes, size_t size, uint64_t generation,
	    uint32_t confirm_s);
int nl_clear(struct nl *nl, uint64_t generation, uint32_t confirm_s);
/* Judge a profile beside the live one. */
int nl_stage(struct nl *nl, const unsigned char *bytes, size_t size, uint64_t generation);
/* Stage nothing any more. */
int nl_unstage(struct nl *nl, uint64_t generation);
/* The staged profile becomes the live one; it must still be that of `digest`. */
int nl_promote(struct nl *nl, uint64_t generation, const uint8_t digest[EQFW_DIGEST_SIZE],
	       uint32_t confirm_s);
/* `for_s`: the mode is the profile's own again after so many seconds; 0: it stays. */
int nl_mode_set(struct nl *nl, uint64_t generation, uint8_t mode, uint32_t for_s,
		uint32_t confirm_s);
/* EQFW_CMD_CONFIRM or EQFW_CMD_ROLLBACK of the change that made a generation. */
int nl_settle(struct nl *nl, uint8_t command, uint64_t generation);
/* "load" and the like, "unknown" for what this tool does not know. */
const char *nl_change_name(uint8_t change);
/* A small request of any command; `put` adds its attributes (at most 512 bytes), may be NULL. */
int nl_request(struct nl *nl, uint8_t command,
	       void (*put)(struct nlmsghdr *message, const void *ctx), const void *ctx);
/* nl_watch.c: neither touches tables or counters. NULL ends the trace. */
int nl_log_set(struct nl *nl, bool on, uint16_t group);
int nl_trace_set(struct nl *nl, const struct nl_trace *trace);
/* A whole dump by one unchanging profile, retried up to 5 times. */
int nl_dump(struct nl *nl, uint8_t command, const struct nl_reader *reader);

/* Attributes of a nest by type, `max` included; wrong lengths and unknown types are left out. */
void nl_nest(const struct nlattr *nest, const struct nlattr **attrs, size_t max);
/* Values of attributes that may be missing: 0, "". */
uint64_t nl_u64(const struct nlattr *attr);
const char *nl_string(const struct nlattr *attr);

#endif
