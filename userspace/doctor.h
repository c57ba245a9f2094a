/* SPDX-License-Identifier: GPL-2.0 */
/* What may be wrong with a box, each with what mends it. */
#ifndef EQFW_DOCTOR_H
#define EQFW_DOCTOR_H

#include <jansson.h>

#include "image.h"
#include "nl.h"
#include "store.h"

enum doctor_state { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_BAD };

/**
 * struct doctor_finding - what one check found
 * @check: its name
 * @state: enum doctor_state
 * @said: what was found
 * @fix: what mends it, NULL where nothing need be
 */
struct doctor_finding {
	const char *check;
	enum doctor_state state;
	char *said;
	const char *fix;
};

/**
 * struct doctor - the box, and what was found so far
 * @store: the kept profiles
 * @has_status: the module answers; @status is its answer
 * @status: see @has_status
 * @has_profile: @profile is the live profile, else the current one of the store
 * @profile: see @has_profile
 * @findings: malloc'd
 * @n: how many
 * @capacity: room
 */
struct doctor {
	struct store *store;
	bool has_status;
	struct nl_status status;
	bool has_profile;
	struct profile_file profile;
	struct doctor_finding *findings;
	size_t n;
	size_t capacity;
};

void doctor_find(struct doctor *doctor, const char *check, enum doctor_state state, const char *fix,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* All checks, those of doctor_kernel.c about other parts of the kernel included. */
void doctor_check(struct doctor *doctor);
void doctor_check_kernel(struct doctor *doctor);
/* Addresses in any string of `root` become "v4-1", "v6-2": each the same everywhere. */
void doctor_anonymise(json_t *root);

#endif
