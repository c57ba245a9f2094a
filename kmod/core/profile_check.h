/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_CORE_PROFILE_CHECK_H
#define EQFW_CORE_PROFILE_CHECK_H

#include "doorway.h"
#include <eqfw/format.h>

/**
 * struct eqfw_profile - trusted view of a profile's bytes
 * @header: the header
 * @size: bytes of the file, digest included
 * @digest: its last 32 bytes
 * @strings: string section; every string offset in a record was checked to lie inside
 * @zones: zone records
 * @interfaces: interface records
 * @classes: class records
 * @prefixes: prefix records
 * @cells: cell records
 * @programs: program records
 * @rules: rule records
 * @items: item records
 * @hosts: host records
 * @mirrors: pairs of zones
 * @n_strings: bytes of @strings
 * @n_zones: records in @zones (and so on for each n_)
 * @n_interfaces: ditto
 * @n_classes: ditto
 * @n_prefixes: ditto
 * @n_cells: ditto
 * @n_programs: ditto
 * @n_rules: ditto
 * @n_items: ditto
 * @n_hosts: ditto
 * @n_mirrors: ditto
 * @box_zone: id of the zone "box"
 * @default_zone: id of the default zone or EQFW_ZONE_NONE
 *
 * Points into the caller's buffer, which must outlive it and be 8-byte aligned.
 */
struct eqfw_profile {
	const struct eqfw_header *header;
	size_t size;
	const u8 *digest;
	const char *strings;
	const struct eqfw_zone_rec *zones;
	const struct eqfw_interface_rec *interfaces;
	const struct eqfw_class_rec *classes;
	const struct eqfw_prefix_rec *prefixes;
	const struct eqfw_cell_rec *cells;
	const struct eqfw_program_rec *programs;
	const struct eqfw_rule_rec *rules;
	const struct eqfw_item_rec *items;
	const struct eqfw_host_rec *hosts;
	const struct eqfw_mirror_rec *mirrors;
	u32 n_strings;
	u32 n_zones;
	u32 n_interfaces;
	u32 n_classes;
	u32 n_prefixes;
	u32 n_cells;
	u32 n_programs;
	u32 n_rules;
	u32 n_items;
	u32 n_hosts;
	u32 n_mirrors;
	u16 box_zone;
	u16 default_zone;
};

/**
 * struct eqfw_fault - why bytes are no valid profile
 * @what: one sentence without a full stop, static storage ("range reversed")
 * @section: name of the section ("rules"), "header", "file"; static storage
 * @record: index of the record in the section, 0 where it has none
 * @needs_tool: -EPROTONOSUPPORT: the eqfwctl version that the profile asks for (as in the header),
 *	to be named beside @what; else 0
 */
struct eqfw_fault {
	const char *what;
	const char *section;
	u32 record;
	u32 needs_tool;
};

/**
 * eqfw_profile_check() - decide whether bytes are a valid profile
 * @data: untrusted bytes, 8-byte aligned
 * @size: how many
 * @profile: filled on success
 * @fault: filled on failure
 *
 * Checks everything that any later reader relies on: sizes, canonical layout, every index, every
 * range, every order, every reserved byte, every name, the digest. The bytes must not change while
 * the view is in use. Time is linear in @size but for sorting the item ids.
 *
 * Context: process context, may sleep.
 * Return: 0; -E2BIG over EQFW_PROFILE_MAX; -EBADMSG digest mismatch; -EPROTONOSUPPORT newer or
 * older format version; -ENOMEM; -EINVAL everything else.
 */
int eqfw_profile_check(const void *data, size_t size, struct eqfw_profile *profile,
		       struct eqfw_fault *fault);

/**
 * eqfw_profile_string() - a string of a checked profile
 * @profile: the view
 * @offset: a string offset of one of its records
 *
 * Return: NUL-terminated UTF-8.
 */
static inline const char *eqfw_profile_string(const struct eqfw_profile *profile, __le32 offset)
{
	return profile->strings + le32_to_cpu(offset);
}

/**
 * eqfw_profile_mirrors_all() - does no reply need a tracked connection
 * @profile: the view
 *
 * Return: whether every pair of zones is listed.
 */
static inline bool eqfw_profile_mirrors_all(const struct eqfw_profile *profile)
{
	return profile->n_mirrors == profile->n_zones * (profile->n_zones + 1) / 2;
}

/**
 * eqfw_rule_before() - the canonical order of rules in a program
 * @a: a rule
 * @b: another
 *
 * Protocol, then the narrower destination range, then the narrower source range (the more exact
 * item explains and counts a packet), then item id, lowest destination port, lowest source port.
 *
 * Return: true where @a comes strictly before @b; neither before the other means duplicates.
 */
bool eqfw_rule_before(const struct eqfw_rule_rec *a, const struct eqfw_rule_rec *b);

#endif
