// SPDX-License-Identifier: GPL-2.0
/* What is said once: mode, scope, zones with their interfaces. Zones are the same by name. */
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "inspect.h"

static int name_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void collect_zones(struct diff *diff)
{
	size_t room = 0, kept = 0;

	for (int s = 0; s < N_SIDES; s++)
		room += diff->sides[s].profile->n_zones;
	diff->zones = arena_alloc(diff->arena, (room + 1) * sizeof(*diff->zones));
	for (int s = 0; s < N_SIDES; s++) {
		const struct eqfw_profile *profile = diff->sides[s].profile;

		for (uint32_t i = 0; i < profile->n_zones; i++)
			diff->zones[diff->n_zones++] = diff_string(diff, s, profile->zones[i].name);
	}
	qsort(diff->zones, diff->n_zones, sizeof(*diff->zones), name_compare);
	for (size_t i = 0; i < diff->n_zones; i++) {
		if (!kept || strcmp(diff->zones[i], diff->zones[kept - 1]))
			diff->zones[kept++] = diff->zones[i];
	}
	diff->n_zones = kept;
}

void diff_zones_number(struct diff *diff)
{
	collect_zones(diff);
	for (int s = 0; s < N_SIDES; s++) {
		struct diff_side *side = &diff->sides[s];
		uint32_t n = side->profile->n_zones;

		side->zone_of = arena_alloc(diff->arena, (n + 1) * sizeof(*side->zone_of));
		for (uint32_t i = 0; i < n; i++) {
			const char *name = diff_string(diff, s, side->profile->zones[i].name);
			const char **found = bsearch(&name, diff->zones, diff->n_zones,
						     sizeof(*diff->zones), name_compare);

			side->zone_of[i] = (uint16_t)(found - diff->zones);
		}
	}
}

static void setting(struct diff *diff, const char *what, const char *old, const char *new)
{
	if (!strcmp(old, new))
		return;
	GROW(diff->settings, diff->n_settings, diff->settings_capacity);
	diff->settings[diff->n_settings++] =
		(struct setting_change){ .what = what, .old = old, .new = new };
}

static void note(struct diff *diff, const char *what, const char *old, const char *new)
{
	if (!strcmp(old, new))
		return;
	GROW(diff->notes, diff->n_notes, diff->notes_capacity);
	diff->notes[diff->n_notes++] =
		(struct setting_change){ .what = what, .old = old, .new = new };
}

static const struct eqfw_zone_rec *zone_record(const struct diff *diff, enum diff_index side,
					       uint16_t zone)
{
	const struct eqfw_profile *profile = diff->sides[side].profile;

	for (uint32_t i = 0; i < profile->n_zones; i++) {
		if (diff->sides[side].zone_of[i] == zone)
			return &profile->zones[i];
	}
	return NULL;
}

/* Records are sorted, so equal sets give equal texts. */
static const char *zone_interfaces(struct diff *diff, enum diff_index side,
				   const struct eqfw_zone_rec *zone)
{
	const struct eqfw_profile *profile = diff->sides[side].profile;
	const char *text = "";

	for (uint32_t i = 0; i < profile->n_interfaces; i++) {
		const struct eqfw_interface_rec *record = &profile->interfaces[i];
		bool pattern = le16_to_cpu(record->flags) & EQFW_INTERFACE_PREFIX;

		if (&profile->zones[le16_to_cpu(record->zone)] != zone)
			continue;
		text = arena_printf(diff->arena, "%s%s%s%s", text, *text ? " " : "",
				    diff_string(diff, side, record->name), pattern ? "*" : "");
	}
	return *text ? text : "none";
}

static const char *zone_kind(struct diff *diff, const struct eqfw_zone_rec *zone)
{
	uint32_t flags = le32_to_cpu(zone->flags), known = EQFW_ZONE_FLAGS;
	const char *kind = flags & EQFW_ZONE_INTRA_PASS ? "intra: pass" : "intra: enforce";

	if (flags & EQFW_ZONE_DEFAULT)
		kind = "default";
	if (flags & EQFW_ZONE_BOX)
		kind = "the box";
	if (flags & EQFW_ZONE_IPSEC)
		kind = arena_printf(diff->arena, "%s, ipsec", kind);
	return flags & ~known ? arena_printf(diff->arena, "%s, flags %#x", kind, flags & ~known)
			      : kind;
}

static void compare_zone(struct diff *diff, uint16_t zone)
{
	const struct eqfw_zone_rec *old = zone_record(diff, OLD, zone),
				   *new = zone_record(diff, NEW, zone);
	const char *name = arena_printf(diff->arena, "zone %s", diff_zone(diff, zone));

	if (!old || !new) {
		setting(diff, name, old ? "there" : "absent", new ? "there" : "absent");
		return;
	}
	setting(diff, arena_printf(diff->arena, "%s: kind", name), zone_kind(diff, old),
		zone_kind(diff, new));
	setting(diff, arena_printf(diff->arena, "%s: interfaces", name),
		zone_interfaces(diff, OLD, old), zone_interfaces(diff, NEW, new));
}

static const char *mode_name(uint32_t mode)
{
	return mode == EQFW_MODE_AUDIT ? "audit" : "enforce";
}

static const char *number(struct diff *diff, uint64_t n)
{
	return arena_printf(diff->arena, "%llu", (unsigned long long)n);
}

static void compare_flags(struct diff *diff, uint32_t old, uint32_t new)
{
	const uint32_t known = EQFW_HEADER_SCOPE_ALL | EQFW_HEADER_UNZONED_DROP |
			       EQFW_HEADER_BRIDGE | EQFW_HEADER_BOOT_GUARDS |
			       EQFW_HEADER_BOOT_CLOSED;

	setting(diff, "scope", old & EQFW_HEADER_SCOPE_ALL ? "all" : "hosts",
		new &EQFW_HEADER_SCOPE_ALL ? "all" : "hosts");
	setting(diff, "unzoned", old & EQFW_HEADER_UNZONED_DROP ? "drop" : "pass",
		new &EQFW_HEADER_UNZONED_DROP ? "drop" : "pass");
	setting(diff, "bridge", old & EQFW_HEADER_BRIDGE ? "enforce" : "skip",
		new &EQFW_HEADER_BRIDGE ? "enforce" : "skip");
	setting(diff, "boot", inspect_boot(old), inspect_boot(new));
	setting(diff, "other flags", arena_printf(diff->arena, "%#x", old & ~known),
		arena_printf(diff->arena, "%#x", new & ~known));
}

void diff_settings(struct diff *diff)
{
	const struct eqfw_header *old = diff->sides[OLD].profile->header,
				 *new = diff->sides[NEW].profile->header;

	setting(diff, "mode", mode_name(le32_to_cpu(old->mode)), mode_name(le32_to_cpu(new->mode)));
	compare_flags(diff, le32_to_cpu(old->flags), le32_to_cpu(new->flags));
	setting(diff, "replies", inspect_replies(diff->arena, diff->sides[OLD].profile),
		inspect_replies(diff->arena, diff->sides[NEW].profile));
	for (uint16_t z = 0; z < diff->n_zones; z++)
		compare_zone(diff, z);
	note(diff, "name", diff_string(diff, OLD, old->name), diff_string(diff, NEW, new->name));
	note(diff, "matrix", diff_string(diff, OLD, old->matrix),
	     diff_string(diff, NEW, new->matrix));
	note(diff, "serial", number(diff, le64_to_cpu(old->serial)),
	     number(diff, le64_to_cpu(new->serial)));
	note(diff, "flows", number(diff, le32_to_cpu(old->flows)),
	     number(diff, le32_to_cpu(new->flows)));
	note(diff, "adopt_s", number(diff, le32_to_cpu(old->adopt_s)),
	     number(diff, le32_to_cpu(new->adopt_s)));
}
