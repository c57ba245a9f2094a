// SPDX-License-Identifier: GPL-2.0
/*
 * Checked profile -> lookup table: one allocation, laid out twice by the same code (first to learn
 * its size), never changed afterwards. The algorithms are in addresses.c, cells.c and ports.c.
 */
#include "lookup.h"

struct scratch {
	struct eqfw_open_prefix open[EQFW_MAX_NESTING];
	struct eqfw_ports_scratch ports;
};

void *eqfw_arena_take(struct eqfw_arena *arena, size_t n, size_t size)
{
	size_t at = arena->used;

	/* n and size are bounded by the format: no product comes near 2^32 */
	arena->used += (n * size + 7) & ~(size_t)7;
	return arena->base ? arena->base + at : NULL;
}

static void build_classes(const struct eqfw_profile *profile, struct eqfw_arena *arena,
			  struct eqfw_table *table)
{
	struct eqfw_class *classes = eqfw_arena_take(arena, profile->n_classes, sizeof(*classes));
	u16 not_just_box = EQFW_CLASS_PUBLIC | EQFW_CLASS_DECLARED;
	u32 i;

	table->n_classes = profile->n_classes;
	table->box_class = EQFW_CLASS_NONE;
	if (!arena->base)
		return;
	for (i = 0; i < profile->n_classes; i++) {
		const struct eqfw_class_rec *rec = &profile->classes[i];

		classes[i].zone = le16_to_cpu(rec->zone);
		classes[i].flags = le16_to_cpu(rec->flags);
		classes[i].forbidden = le32_to_cpu(rec->forbidden);
		if (classes[i].flags & EQFW_CLASS_BOX && !(classes[i].flags & not_just_box) &&
		    table->box_class == EQFW_CLASS_NONE)
			table->box_class = i;
	}
	table->classes = classes;
}

static void build_small(const struct eqfw_profile *profile, struct eqfw_arena *arena,
			struct eqfw_table *table)
{
	u64 *until = eqfw_arena_take(arena, profile->n_items, sizeof(*until));
	u8 *zone_flags = eqfw_arena_take(arena, profile->n_zones, sizeof(*zone_flags));
	u32 i;

	table->header_flags = le32_to_cpu(profile->header->flags);
	table->box_zone = profile->box_zone;
	table->n_programs = profile->n_programs;
	if (!arena->base)
		return;
	for (i = 0; i < profile->n_items; i++) {
		u64 time = le64_to_cpu(profile->items[i].until);

		until[i] = time ? time : U64_MAX;
	}
	for (i = 0; i < profile->n_zones; i++)
		zone_flags[i] = (u8)le32_to_cpu(profile->zones[i].flags);
	table->until = until;
	table->zone_flags = zone_flags;
}

static void lay_out(const struct eqfw_profile *profile, struct scratch *scratch,
		    const struct eqfw_ports_size *size, struct eqfw_arena *arena,
		    struct eqfw_table *table)
{
	eqfw_arena_take(arena, 1, sizeof(*table));
	build_small(profile, arena, table);
	build_classes(profile, arena, table);
	eqfw_addresses_build(profile, scratch->open, arena, table);
	eqfw_cells_build(profile, arena, &table->cells);
	eqfw_ports_build(profile, &scratch->ports, size, arena, &table->ports);
}

static int too_large(struct eqfw_fault *fault, const char *section, u32 record)
{
	fault->what = "the lookup table would be larger than 256 MiB";
	fault->section = section;
	fault->record = record;
	return -E2BIG;
}

static int build(const struct eqfw_profile *profile, struct scratch *scratch,
		 struct eqfw_table **out, struct eqfw_fault *fault)
{
	struct eqfw_arena arena = { NULL, 0 };
	struct eqfw_table measured;
	struct eqfw_ports_size size;
	struct eqfw_table *table;
	u32 program;

	program = eqfw_ports_measure(profile, &scratch->ports, &size);
	if (program != EQFW_PROGRAM_NONE)
		return too_large(fault, "programs", program);
	lay_out(profile, scratch, &size, &arena, &measured);
	if (arena.used > EQFW_TABLE_MAX)
		return too_large(fault, "file", 0);
	arena.base = eqfw_core_alloc(arena.used);
	if (!arena.base)
		return -ENOMEM;
	table = (struct eqfw_table *)arena.base;
	table->bytes = arena.used;
	arena.used = 0;
	lay_out(profile, scratch, &size, &arena, table);
	*out = table;
	return 0;
}

int eqfw_table_build(const struct eqfw_profile *profile, struct eqfw_table **table,
		     struct eqfw_fault *fault)
{
	struct scratch *scratch = eqfw_core_alloc(sizeof(*scratch));
	int err;

	if (!scratch)
		return -ENOMEM;
	err = build(profile, scratch, table, fault);
	eqfw_core_free(scratch);
	return err;
}

void eqfw_table_free(struct eqfw_table *table)
{
	eqfw_core_free(table);
}

size_t eqfw_table_bytes(const struct eqfw_table *table)
{
	return table->bytes;
}
