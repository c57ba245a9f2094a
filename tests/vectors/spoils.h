/* SPDX-License-Identifier: GPL-2.0 */
/* One wrong field in the profile of vectors.c, digest intact, and what the checker must say. */
#ifndef EQFW_SPOILS_H
#define EQFW_SPOILS_H

#include "profile_check.h"

/**
 * struct spoil - a wrong field
 * @id: name, with the number of the case it is from
 * @section: enum eqfw_section of the record
 * @record: its index
 * @at: offset of the field in the record
 * @width: its bytes
 * @value: what is written there
 * @where: section that the fault must name
 * @words: what its sentence must contain
 */
struct spoil {
	const char *id;
	u32 section;
	u32 record;
	u32 at;
	u32 width;
	u64 value;
	const char *where;
	const char *words;
};

extern const struct spoil spoils[];
extern const u32 n_spoils;

/* Apply and check: NULL, or what went wrong. */
const char *spoil_run(const struct spoil *spoil, struct eqfw_fault *fault);

#endif
