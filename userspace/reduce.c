// SPDX-License-Identifier: GPL-2.0
#include "reduce.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assemble.h"
#include "mem.h"

/**
 * struct reduction - a profile that becomes smaller
 * @full: what it comes from
 * @header: of the new one
 * @sections: its records
 * @counts: how many
 * @item_of: new item ids by old ones, GONE for those that go
 * @program_of: likewise programs
 */
struct reduction {
	const struct eqfw_profile *full;
	struct eqfw_header header;
	void *sections[EQFW_N_SECTIONS];
	size_t counts[EQFW_N_SECTIONS];
	uint32_t *item_of;
	uint32_t *program_of;
};

#define GONE 0xffffffffu

bool reduce_wanted(const struct eqfw_profile *profile)
{
	return le32toh(profile->header->flags) &
	       (EQFW_HEADER_BOOT_GUARDS | EQFW_HEADER_BOOT_CLOSED);
}

/* Every section as it was, with room behind the strings for the name. */
static void copy_all(struct reduction *r)
{
	const unsigned char *bytes = (const unsigned char *)r->full->header;

	r->header = *r->full->header;
	for (unsigned int i = 0; i < EQFW_N_SECTIONS; i++) {
		size_t n = le32toh(r->header.sections[i].count);

		r->counts[i] = n;
		r->sections[i] = must_alloc(n * section_record_sizes[i] + EQFW_MAX_NAME);
		memcpy(r->sections[i], bytes + le32toh(r->header.sections[i].offset),
		       n * section_record_sizes[i]);
	}
}

/* Where no room is left for it, the old name must do. */
static void rename_it(struct reduction *r, bool guards)
{
	char name[EQFW_MAX_NAME], *strings = r->sections[EQFW_SECTION_STRINGS];
	size_t at = r->counts[EQFW_SECTION_STRINGS];
	int len = snprintf(name, sizeof(name), "%s (boot: %s)",
			   eqfw_profile_string(r->full, r->full->header->name),
			   guards ? "guards" : "closed");

	if (len < 0 || (size_t)len >= sizeof(name) || at + (size_t)len >= EQFW_MAX_STRINGS)
		return;
	memcpy(strings + at, name, (size_t)len + 1);
	r->header.name = htole32((uint32_t)at);
	r->counts[EQFW_SECTION_STRINGS] += (size_t)len + 1;
}

static void keep_items(struct reduction *r, bool guards)
{
	struct eqfw_item_rec *items = r->sections[EQFW_SECTION_ITEMS];
	size_t n = r->counts[EQFW_SECTION_ITEMS], out = 0;

	r->item_of = must_alloc((n + 1) * sizeof(*r->item_of));
	for (size_t i = 0; i < n; i++) {
		bool kept = guards && le16toh(items[i].kind) == EQFW_ITEM_GUARD;

		r->item_of[i] = kept ? (uint32_t)out : GONE;
		if (kept)
			items[out++] = items[i];
	}
	r->counts[EQFW_SECTION_ITEMS] = out;
}

/* Rules of items that stay, and programs of which some do. */
static void keep_rules(struct reduction *r)
{
	struct eqfw_program_rec *programs = r->sections[EQFW_SECTION_PROGRAMS];
	struct eqfw_rule_rec *rules = r->sections[EQFW_SECTION_RULES];
	size_t n = r->counts[EQFW_SECTION_PROGRAMS], out = 0, n_rules = 0;

	r->program_of = must_alloc((n + 1) * sizeof(*r->program_of));
	for (size_t i = 0; i < n; i++) {
		uint32_t first = le32toh(programs[i].first),
			 end = first + le32toh(programs[i].count);
		size_t begin = n_rules;

		for (uint32_t rule = first; rule < end; rule++) {
			uint32_t item = r->item_of[le32toh(rules[rule].item)];

			if (item == GONE)
				continue;
			rules[n_rules] = rules[rule];
			rules[n_rules++].item = htole32(item);
		}
		r->program_of[i] = n_rules > begin ? (uint32_t)out : GONE;
		if (n_rules > begin)
			programs[out++] = (struct eqfw_program_rec){
				.first = htole32((uint32_t)begin),
				.count = htole32((uint32_t)(n_rules - begin)),
			};
	}
	r->counts[EQFW_SECTION_PROGRAMS] = out;
	r->counts[EQFW_SECTION_RULES] = n_rules;
}

/* Forbidding programs only give reasons, and their items are gone. */
static void keep_cells(struct reduction *r)
{
	struct eqfw_cell_rec *cells = r->sections[EQFW_SECTION_CELLS];
	struct eqfw_class_rec *classes = r->sections[EQFW_SECTION_CLASSES];
	size_t out = 0;

	for (size_t i = 0; i < r->counts[EQFW_SECTION_CELLS]; i++) {
		uint32_t program = r->program_of[le32toh(cells[i].program)];

		if (program == GONE)
			continue;
		cells[out] = cells[i];
		cells[out++].program = htole32(program);
	}
	r->counts[EQFW_SECTION_CELLS] = out;
	for (size_t i = 0; i < r->counts[EQFW_SECTION_CLASSES]; i++)
		classes[i].forbidden = htole32(EQFW_PROGRAM_NONE);
}

static void release(struct reduction *r)
{
	for (unsigned int i = 0; i < EQFW_N_SECTIONS; i++)
		free(r->sections[i]);
	free(r->item_of);
	free(r->program_of);
}

void reduce(const struct eqfw_profile *profile, struct image *out)
{
	bool guards = le32toh(profile->header->flags) & EQFW_HEADER_BOOT_GUARDS;
	struct reduction r = { .full = profile };

	copy_all(&r);
	/* It stands in for others, and nothing for it. */
	r.header.flags &= htole32(~(EQFW_HEADER_BOOT_GUARDS | EQFW_HEADER_BOOT_CLOSED));
	rename_it(&r, guards);
	keep_items(&r, guards);
	keep_rules(&r);
	keep_cells(&r);
	assemble(&r.header, (const void *const *)r.sections, r.counts, out);
	release(&r);
}
