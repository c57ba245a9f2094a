// SPDX-License-Identifier: GPL-2.0
/*
 * Checked profile -> lookup table: one allocation, planned part by part, then filled, never changed
 * afterwards. The algorithms are in addresses.c, tree.c, cells.c, ports.c and ranks.c.
 */
#include "build.h"

#define LINE 64u

u32 eqfw_builder_take(struct eqfw_builder *b, size_t n, size_t size)
{
	size_t at = b->used;

	/* n and size are bounded by the format: no sum of them comes near 2^64 */
	b->used += (n * size + LINE - 1) / LINE * LINE;
	return (u32)at;
}

int eqfw_builder_too_large(struct eqfw_builder *b, const char *section, u32 record)
{
	b->fault->what = "the lookup table would be larger than 256 MiB";
	b->fault->section = section;
	b->fault->record = record;
	return -E2BIG;
}

static u32 box_class_of(const struct eqfw_profile *profile)
{
	u16 not_just_box = EQFW_CLASS_PUBLIC | EQFW_CLASS_DECLARED;
	u32 i;

	for (i = 0; i < profile->n_classes; i++) {
		u16 flags = le16_to_cpu(profile->classes[i].flags);

		if (flags & EQFW_CLASS_BOX && !(flags & not_just_box))
			return i;
	}
	return EQFW_CLASS_NONE;
}

static void plan_small(struct eqfw_builder *b)
{
	const struct eqfw_profile *profile = b->profile;
	struct eqfw_table *draft = &b->draft;

	draft->classes = eqfw_builder_take(b, profile->n_classes, sizeof(struct eqfw_class));
	draft->forbidden = eqfw_builder_take(b, profile->n_classes, sizeof(u32));
	draft->until = eqfw_builder_take(b, profile->n_items, sizeof(u64));
	draft->zone_flags = eqfw_builder_take(b, profile->n_zones, sizeof(u8));
	if (profile->n_mirrors)
		draft->mirrors =
			eqfw_builder_take(b, profile->n_zones, sizeof(struct eqfw_zone_set));
	draft->header_flags = le32_to_cpu(profile->header->flags);
	draft->n_classes = profile->n_classes;
	draft->box_class = box_class_of(profile);
	draft->box_zone = profile->box_zone;
}

static void fill_classes(struct eqfw_builder *b)
{
	struct eqfw_class *classes = eqfw_builder_at(b, b->draft.classes);
	u32 *forbidden = eqfw_builder_at(b, b->draft.forbidden);
	u32 i;

	for (i = 0; i < b->profile->n_classes; i++) {
		const struct eqfw_class_rec *rec = &b->profile->classes[i];

		classes[i].zone = le16_to_cpu(rec->zone);
		classes[i].flags = le16_to_cpu(rec->flags);
		classes[i].shift = b->shifts[i];
		/* EQFW_PROGRAM_NONE becomes EQFW_PROGRAM_EMPTY */
		forbidden[i] = le32_to_cpu(rec->forbidden) + 1;
	}
}

static bool program_has_related(const struct eqfw_profile *profile, u32 program)
{
	u32 first = le32_to_cpu(profile->programs[program].first);
	u32 end = first + le32_to_cpu(profile->programs[program].count);
	u32 i;

	for (i = first; i < end; i++) {
		u32 item = le32_to_cpu(profile->rules[i].item);

		if (le16_to_cpu(profile->items[item].flags) & EQFW_ITEM_RELATED)
			return true;
	}
	return false;
}

static bool has_related(const struct eqfw_profile *profile)
{
	u32 i;

	for (i = 0; i < profile->n_items; i++)
		if (le16_to_cpu(profile->items[i].flags) & EQFW_ITEM_RELATED)
			return true;
	return false;
}

/* Both ends of an item with data channels: nobody else's packets are asked for an expectation. */
static void mark_related(struct eqfw_builder *b)
{
	struct eqfw_class *classes = eqfw_builder_at(b, b->draft.classes);
	u32 i;

	if (!has_related(b->profile))
		return;
	for (i = 0; i < b->profile->n_cells; i++) {
		const struct eqfw_cell_rec *cell = &b->profile->cells[i];

		if (!(i & 1023))
			eqfw_core_breathe();
		if (!program_has_related(b->profile, le32_to_cpu(cell->program)))
			continue;
		classes[le32_to_cpu(cell->src_class)].flags |= EQFW_CLASS_RELATED;
		classes[le32_to_cpu(cell->dst_class)].flags |= EQFW_CLASS_RELATED;
	}
}

static void fill_mirrors(struct eqfw_builder *b)
{
	struct eqfw_zone_set *sets = eqfw_builder_at(b, b->draft.mirrors);
	u32 i;

	for (i = 0; i < b->profile->n_mirrors; i++) {
		u16 low = le16_to_cpu(b->profile->mirrors[i].low);
		u16 high = le16_to_cpu(b->profile->mirrors[i].high);

		sets[low].bits[high / 64] |= 1ull << (high % 64);
		sets[high].bits[low / 64] |= 1ull << (low % 64);
	}
}

static void fill_small(struct eqfw_builder *b)
{
	u64 *until = eqfw_builder_at(b, b->draft.until);
	u8 *zone_flags = eqfw_builder_at(b, b->draft.zone_flags);
	u32 i;

	for (i = 0; i < b->profile->n_items; i++) {
		u64 time = le64_to_cpu(b->profile->items[i].until);

		until[i] = time ? time : U64_MAX;
	}
	for (i = 0; i < b->profile->n_zones; i++)
		zone_flags[i] = (u8)le32_to_cpu(b->profile->zones[i].flags);
	fill_classes(b);
	mark_related(b);
	fill_mirrors(b);
}

static int plan(struct eqfw_builder *b)
{
	int err;

	eqfw_builder_take(b, 1, sizeof(struct eqfw_table));
	plan_small(b);
	err = eqfw_addresses_plan(b);
	if (!err)
		err = eqfw_cells_plan(b);
	if (!err)
		err = eqfw_ports_plan(b);
	if (!err && b->used > EQFW_TABLE_MAX)
		err = eqfw_builder_too_large(b, "file", 0);
	return err;
}

static int build(struct eqfw_builder *b)
{
	int err = plan(b);

	if (err)
		return err;
	b->table = eqfw_core_alloc(b->used);
	if (!b->table)
		return -ENOMEM;
	b->draft.bytes = (u32)b->used;
	*b->table = b->draft;
	fill_small(b);
	eqfw_addresses_fill(b);
	eqfw_cells_fill(b);
	eqfw_ports_fill(b);
	return 0;
}

int eqfw_table_build(const struct eqfw_profile *profile, struct eqfw_table **table,
		     struct eqfw_fault *fault)
{
	struct eqfw_builder *b = eqfw_core_alloc(sizeof(*b));
	int err;

	if (!b)
		return -ENOMEM;
	b->profile = profile;
	b->fault = fault;
	err = build(b);
	if (!err)
		*table = b->table;
	eqfw_core_free(b->intervals);
	eqfw_core_free(b->shifts);
	eqfw_ports_release(b);
	eqfw_core_free(b);
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
