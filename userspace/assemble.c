// SPDX-License-Identifier: GPL-2.0
#include "assemble.h"

#include <endian.h>
#include <string.h>

#include "doorway.h"
#include "mem.h"

const size_t section_record_sizes[EQFW_N_SECTIONS] = {
	[EQFW_SECTION_STRINGS] = 1,
	[EQFW_SECTION_ZONES] = sizeof(struct eqfw_zone_rec),
	[EQFW_SECTION_INTERFACES] = sizeof(struct eqfw_interface_rec),
	[EQFW_SECTION_CLASSES] = sizeof(struct eqfw_class_rec),
	[EQFW_SECTION_PREFIXES] = sizeof(struct eqfw_prefix_rec),
	[EQFW_SECTION_CELLS] = sizeof(struct eqfw_cell_rec),
	[EQFW_SECTION_PROGRAMS] = sizeof(struct eqfw_program_rec),
	[EQFW_SECTION_RULES] = sizeof(struct eqfw_rule_rec),
	[EQFW_SECTION_ITEMS] = sizeof(struct eqfw_item_rec),
	[EQFW_SECTION_HOSTS] = sizeof(struct eqfw_host_rec),
	[EQFW_SECTION_MIRRORS] = sizeof(struct eqfw_mirror_rec),
};

/* Each section begins at a multiple of eight. */
static size_t section_size(const size_t counts[EQFW_N_SECTIONS], unsigned int section)
{
	return (counts[section] * section_record_sizes[section] + 7) / 8 * 8;
}

void assemble(struct eqfw_header *header, const void *const sections[EQFW_N_SECTIONS],
	      const size_t counts[EQFW_N_SECTIONS], struct image *image)
{
	size_t at = sizeof(*header);

	image->size = sizeof(*header) + EQFW_DIGEST_SIZE;
	for (unsigned int i = 0; i < EQFW_N_SECTIONS; i++)
		image->size += section_size(counts, i);
	image->bytes = must_alloc(image->size);
	memset(image->bytes, 0, image->size);
	for (unsigned int i = 0; i < EQFW_N_SECTIONS; i++) {
		header->sections[i].offset = htole32((uint32_t)at);
		header->sections[i].count = htole32((uint32_t)counts[i]);
		if (counts[i])
			memcpy(image->bytes + at, sections[i], counts[i] * section_record_sizes[i]);
		at += section_size(counts, i);
	}
	header->length = htole64(image->size);
	memcpy(image->bytes, header, sizeof(*header));
	eqfw_core_sha256(image->bytes, at, image->bytes + at);
}
