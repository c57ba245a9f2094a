/* SPDX-License-Identifier: GPL-2.0 */
/* A profile for people (inspect_text.c) and for programs (inspect_json.c). */
#ifndef EQFW_INSPECT_H
#define EQFW_INSPECT_H

#include <jansson.h>

#include "mem.h"
#include "profile_check.h"

/**
 * struct inspect - a profile being shown
 * @profile: the profile
 * @arena: for texts
 * @class_first: first of each class's prefixes in @prefixes, one more at the end
 * @prefixes: prefix records by class
 */
struct inspect {
	const struct eqfw_profile *profile;
	struct arena *arena;
	uint32_t *class_first;
	const struct eqfw_prefix_rec **prefixes;
};

#define ALL_PORTS(lo, hi) ((lo) == 1 && (hi) == 65535)
#define ALL_CODES(lo, hi) ((lo) == 0 && (hi) == 255)

/* inspect.c */
void inspect_init(struct inspect *in, const struct eqfw_profile *profile);
void inspect_free(struct inspect *in);
/* The name of a zone id, "none" for EQFW_ZONE_NONE. */
const char *inspect_zone(const struct inspect *in, __le16 zone);
const char *inspect_string(const struct inspect *in, __le32 offset);
const char *inspect_prefix(const struct inspect *in, const struct eqfw_prefix_rec *rec);
const char *inspect_range(const struct inspect *in, __le16 lo, __le16 hi);
/* First or second address of a host as text, NULL where it has none. */
const char *inspect_address(const struct inspect *in, const struct eqfw_host_rec *rec, int family);
const char *inspect_interface(const struct inspect *in, const struct eqfw_interface_rec *rec);
/* Date of an item's end, NULL where it has none. */
const char *inspect_until(const struct inspect *in, const struct eqfw_item_rec *item);

/* What lets replies pass: "conntrack", "mirror", or the pairs of zones that mirror them. */
/* "open", "guards" or "closed" */
const char *inspect_boot(uint32_t header_flags);
const char *inspect_replies(struct arena *arena, const struct eqfw_profile *profile);

struct flag_name {
	uint32_t flag;
	const char *name;
};

/* Both end with a NULL name. */
extern const struct flag_name inspect_zone_flags[];
extern const struct flag_name inspect_class_flags[];

void inspect_text(const struct inspect *in);
void inspect_json(const struct inspect *in, json_t *root);

#endif
