// SPDX-License-Identifier: GPL-2.0
/* Classes, cells, programs, items, hosts -> the bytes of profile.bin (docs/FORMAT.md). */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "assemble.h"
#include "factor.h"

/* The lowest version of eqfwctl that reads format version 1: 0.1.0. */
#define NEEDS_TOOL (0u << 16 | 1u << 8 | 0u)

struct string_entry {
	UT_hash_handle hh;
	uint32_t offset;
};

/**
 * struct encoder - sections under construction
 * @f: what is encoded
 * @strings: entries by text
 * @text: the string section
 * @sections: records of each section but the strings
 * @counts: records of each section, bytes of the strings
 */
struct encoder {
	struct factor *f;
	struct string_entry *strings;
	char *text;
	size_t text_capacity;
	const void *sections[EQFW_N_SECTIONS];
	size_t counts[EQFW_N_SECTIONS];
};

static uint32_t string_append(struct encoder *e, const char *text, size_t len)
{
	size_t *used = &e->counts[EQFW_SECTION_STRINGS], offset = *used;

	while (*used + len + 1 > e->text_capacity) {
		e->text_capacity = e->text_capacity ? 2 * e->text_capacity : 4096;
		e->text = must_realloc(e->text, e->text_capacity);
	}
	memcpy(e->text + offset, text, len);
	e->text[offset + len] = '\0';
	*used += len + 1;
	return (uint32_t)offset;
}

/* The offset of a text; the same text has one. */
static __le32 string_put(struct encoder *e, const char *text)
{
	struct string_entry *entry = NULL;
	size_t len = strlen(text);

	HASH_FIND(hh, e->strings, text, len, entry);
	if (!entry) {
		entry = arena_alloc(e->f->arena, sizeof(*entry));
		entry->offset = string_append(e, text, len);
		HASH_ADD_KEYPTR(hh, e->strings, text, len, entry);
	}
	return htole32(entry->offset);
}

/* A text for people, cut between two characters where it is longer than the format allows. */
static __le32 text_put(struct encoder *e, const char *text)
{
	size_t len;

	if (!text)
		return string_put(e, "");
	len = strlen(text);
	if (len < EQFW_MAX_TEXT)
		return string_put(e, text);
	len = EQFW_MAX_TEXT - sizeof("...");
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return string_put(e, arena_printf(e->f->arena, "%.*s...", (int)len, text));
}

static void section_set(struct encoder *e, enum eqfw_section section, const void *records, size_t n)
{
	e->sections[section] = records;
	e->counts[section] = n;
}

static void encode_zones(struct encoder *e)
{
	struct factor *f = e->f;
	struct eqfw_zone_rec *recs = arena_alloc(f->arena, f->n_zones * sizeof(*recs));

	for (size_t i = 0; i < f->n_zones; i++) {
		const struct zone *zone = f->zones[i];
		uint32_t flags = zone->is_box ? EQFW_ZONE_BOX : 0;

		if (zone->is_default)
			flags |= EQFW_ZONE_DEFAULT;
		if (zone->ipsec)
			flags |= EQFW_ZONE_IPSEC;
		if (!zone->intra_enforce && !zone->is_box && !zone->is_default)
			flags |= EQFW_ZONE_INTRA_PASS;
		recs[i].name = string_put(e, zone->name);
		recs[i].flags = htole32(flags);
	}
	section_set(e, EQFW_SECTION_ZONES, recs, f->n_zones);
}

/* An interface before it has a string offset. */
struct interface {
	const char *name;
	size_t len;
	uint16_t zone;
	uint16_t flags;
};

static int interface_compare(const void *a, const void *b)
{
	const struct interface *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->name, y->name, len);

	if (order)
		return order;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	if (x->flags != y->flags)
		return x->flags < y->flags ? -1 : 1;
	return (x->zone > y->zone) - (x->zone < y->zone);
}

static struct interface *collect_interfaces(struct factor *f, size_t *n)
{
	struct interface *interfaces;
	size_t total = 0;

	for (size_t i = 0; i < f->n_zones; i++)
		total += f->zones[i]->n_interfaces;
	interfaces = arena_alloc(f->arena, (total + 1) * sizeof(*interfaces));
	*n = 0;
	for (size_t i = 0; i < f->n_zones; i++) {
		for (size_t j = 0; j < f->zones[i]->n_interfaces; j++) {
			struct interface *interface = &interfaces[(*n)++];

			interface->name = f->zones[i]->interfaces[j];
			interface->len = strlen(interface->name);
			interface->zone = (uint16_t)i;
			if (interface->len && interface->name[interface->len - 1] == '*') {
				interface->flags = EQFW_INTERFACE_PREFIX;
				interface->len--;
			}
		}
	}
	qsort(interfaces, *n, sizeof(*interfaces), interface_compare);
	return interfaces;
}

static void encode_interfaces(struct encoder *e)
{
	struct arena *arena = e->f->arena;
	size_t n, out = 0;
	struct interface *all = collect_interfaces(e->f, &n);
	struct eqfw_interface_rec *recs = arena_alloc(arena, (n + 1) * sizeof(*recs));

	for (size_t i = 0; i < n; i++) {
		if (i && !interface_compare(&all[i - 1], &all[i]))
			continue;
		recs[out].name = string_put(e, arena_strndup(arena, all[i].name, all[i].len));
		recs[out].zone = htole16(all[i].zone);
		recs[out++].flags = htole16(all[i].flags);
	}
	section_set(e, EQFW_SECTION_INTERFACES, recs, out);
}

static void encode_classes(struct encoder *e)
{
	struct factor *f = e->f;
	struct eqfw_class_rec *recs = arena_alloc(f->arena, f->n_classes * sizeof(*recs));

	for (size_t i = 0; i < f->n_classes; i++) {
		recs[i].zone = htole16((uint16_t)f->classes[i].key->zone);
		recs[i].flags = htole16((uint16_t)f->classes[i].key->flags);
		recs[i].forbidden = htole32(f->classes[i].forbidden);
		recs[i].name = string_put(e, f->classes[i].name);
	}
	section_set(e, EQFW_SECTION_CLASSES, recs, f->n_classes);
}

static void encode_prefixes(struct encoder *e)
{
	struct factor *f = e->f;
	struct eqfw_prefix_rec *recs = arena_alloc(f->arena, (f->n_prefixes + 1) * sizeof(*recs));

	for (size_t i = 0; i < f->n_prefixes; i++) {
		const struct class_prefix *prefix = &f->prefixes[i];

		memcpy(recs[i].addr, prefix->prefix.addr.b, sizeof(recs[i].addr));
		recs[i].class_id = htole32(prefix->class_id);
		recs[i].family = prefix->prefix.family;
		recs[i].len = prefix->prefix.len;
	}
	section_set(e, EQFW_SECTION_PREFIXES, recs, f->n_prefixes);
}

static void encode_cells(struct encoder *e)
{
	struct factor *f = e->f;
	struct eqfw_cell_rec *recs = arena_alloc(f->arena, (f->n_cells + 1) * sizeof(*recs));

	for (size_t i = 0; i < f->n_cells; i++) {
		recs[i].src_class = htole32(f->cells[i].src_class);
		recs[i].dst_class = htole32(f->cells[i].dst_class);
		recs[i].program = htole32(f->cells[i].program);
	}
	section_set(e, EQFW_SECTION_CELLS, recs, f->n_cells);
	section_set(e, EQFW_SECTION_PROGRAMS, f->programs, f->n_programs);
	section_set(e, EQFW_SECTION_RULES, f->program_rules, f->n_program_rules);
}

static void encode_items(struct encoder *e)
{
	const struct ruleset *ruleset = e->f->ruleset;
	struct eqfw_item_rec *recs;

	recs = arena_alloc(e->f->arena, (ruleset->n_items + 1) * sizeof(*recs));
	for (size_t i = 0; i < ruleset->n_items; i++) {
		const struct rule_item *item = &ruleset->items[i];

		recs[i].id = string_put(e, item->id);
		recs[i].printed = text_put(e, item->printed);
		recs[i].pair = text_put(e, item->pair);
		recs[i].kind = htole16((uint16_t)item->kind);
		recs[i].flags = htole16((uint16_t)((item->log_new ? EQFW_ITEM_LOG_NEW : 0) |
						   (item->related ? EQFW_ITEM_RELATED : 0)));
		recs[i].until = htole64(item->until);
	}
	section_set(e, EQFW_SECTION_ITEMS, recs, ruleset->n_items);
}

static void encode_hosts(struct encoder *e)
{
	size_t n = e->f->ruleset->deployment->n_endpoints;
	struct eqfw_host_rec *recs;
	const struct endpoint **endpoints = factor_hosts(e->f, &recs);

	for (size_t i = 0; i < n; i++)
		recs[i].name = string_put(e, endpoints[i]->name);
	section_set(e, EQFW_SECTION_HOSTS, recs, n);
}

static void encode_mirrors(struct encoder *e)
{
	const struct deployment *deployment = e->f->ruleset->deployment;
	struct eqfw_mirror_rec *recs;
	size_t n = e->f->n_zones, out = 0;

	recs = arena_alloc(e->f->arena, n * (n + 1) / 2 * sizeof(*recs));
	for (size_t low = 0; low < n; low++) {
		for (size_t high = low; high < n; high++) {
			if (!replies_mirrored(deployment, e->f->zones[low], e->f->zones[high]))
				continue;
			recs[out].low = htole16((uint16_t)low);
			recs[out++].high = htole16((uint16_t)high);
		}
	}
	section_set(e, EQFW_SECTION_MIRRORS, recs, out);
}

static const uint32_t boot_flags[] = {
	[BOOT_OPEN] = 0,
	[BOOT_GUARDS] = EQFW_HEADER_BOOT_GUARDS,
	[BOOT_CLOSED] = EQFW_HEADER_BOOT_CLOSED,
};

static struct eqfw_header encode_header(struct encoder *e, uint64_t serial)
{
	const struct deployment *deployment = e->f->ruleset->deployment;
	struct eqfw_header header = {
		.version = htole16(EQFW_FORMAT_VERSION),
		.header_size = htole16(sizeof(header)),
		.needs_tool = htole32(NEEDS_TOOL),
		.serial = htole64(serial),
		.mode = htole32(deployment->audit ? EQFW_MODE_AUDIT : EQFW_MODE_ENFORCE),
		.name = string_put(e, deployment->name),
		.matrix = string_put(e, deployment->matrix->edition),
		.flows = htole32(deployment->flows),
		.adopt_s = htole32(deployment->adopt_s),
		.nflog_group = htole16(deployment->log.group),
	};

	memcpy(header.magic, EQFW_MAGIC, sizeof(header.magic));
	header.flags = htole32((deployment->scope_all ? EQFW_HEADER_SCOPE_ALL : 0) |
			       (deployment->unzoned_drop ? EQFW_HEADER_UNZONED_DROP : 0) |
			       (deployment->log.nflog ? EQFW_HEADER_NFLOG : 0) |
			       (deployment->bridge_enforce ? EQFW_HEADER_BRIDGE : 0) |
			       boot_flags[deployment->boot]);
	return header;
}

static bool within_limits(const struct encoder *e)
{
	const struct factor *f = e->f;

	return factor_limit_interfaces(f, e->counts[EQFW_SECTION_INTERFACES]) &&
	       factor_limit_items(f) && factor_limit_hosts(f) &&
	       factor_limit_names(f, e->counts[EQFW_SECTION_STRINGS]);
}

/* All sections as large as they may be are less: no profile that was compiled is too long. */
_Static_assert(sizeof(struct eqfw_header) + EQFW_MAX_STRINGS +
			       EQFW_MAX_ZONES * sizeof(struct eqfw_zone_rec) +
			       EQFW_MAX_INTERFACES * sizeof(struct eqfw_interface_rec) +
			       EQFW_MAX_CLASSES * sizeof(struct eqfw_class_rec) +
			       EQFW_MAX_PREFIXES * sizeof(struct eqfw_prefix_rec) +
			       EQFW_MAX_CELLS * sizeof(struct eqfw_cell_rec) +
			       EQFW_MAX_PROGRAMS * sizeof(struct eqfw_program_rec) +
			       EQFW_MAX_RULES * sizeof(struct eqfw_rule_rec) +
			       EQFW_MAX_ITEMS * sizeof(struct eqfw_item_rec) +
			       EQFW_MAX_HOSTS * sizeof(struct eqfw_host_rec) +
			       EQFW_MAX_MIRRORS * sizeof(struct eqfw_mirror_rec) +
			       8 * EQFW_N_SECTIONS + EQFW_DIGEST_SIZE <
		       EQFW_PROFILE_MAX,
	       "a profile of full sections");

bool factor_encode(struct factor *f, uint64_t serial, struct image *image)
{
	struct encoder e = { .f = f };
	struct eqfw_header header;
	bool good;

	string_put(&e, "");
	header = encode_header(&e, serial);
	encode_zones(&e);
	encode_interfaces(&e);
	encode_classes(&e);
	encode_prefixes(&e);
	encode_cells(&e);
	encode_items(&e);
	encode_hosts(&e);
	encode_mirrors(&e);
	good = within_limits(&e);
	/* The strings are complete by now, and move no more. */
	e.sections[EQFW_SECTION_STRINGS] = e.text;
	if (good)
		assemble(&header, e.sections, e.counts, image);
	HASH_CLEAR(hh, e.strings);
	free(e.text);
	return good;
}
