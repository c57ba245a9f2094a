/* SPDX-License-Identifier: GPL-2.0 */
/* The bytes of a profile, of its sections. */
#ifndef EQFW_ASSEMBLE_H
#define EQFW_ASSEMBLE_H

#include <eqfw/format.h>

#include "ruleset.h"

/* Bytes of a record of each section. */
extern const size_t section_record_sizes[EQFW_N_SECTIONS];

/*
 * Header, sections, digest, one behind the other. `counts` are in records; offsets, counts and
 * length of `header` are filled in. Free the image with image_free().
 */
void assemble(struct eqfw_header *header, const void *const sections[EQFW_N_SECTIONS],
	      const size_t counts[EQFW_N_SECTIONS], struct image *image);

#endif
