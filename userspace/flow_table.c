// SPDX-License-Identifier: GPL-2.0
/* What people's questions need of a profile beyond the verdict: interfaces, rules of a pair. */
#include <netinet/in.h>

#include "flow_spec.h"

bool flow_has_ports(uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP;
}

bool flow_is_icmp(uint8_t proto)
{
	return proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;
}

/* How well a record names an interface: 0 not at all, the longer the better, exact best of all. */
static size_t match_quality(const struct eqfw_profile *profile,
			    const struct eqfw_interface_rec *record, const char *name)
{
	const char *text = eqfw_profile_string(profile, record->name);
	size_t len = strlen(text);

	if (le16toh(record->flags) & EQFW_INTERFACE_PREFIX)
		return strncmp(text, name, len) ? 0 : len + 1;
	return strcmp(text, name) ? 0 : SIZE_MAX;
}

bool flow_interface_zones(const struct eqfw_profile *profile, const char *name,
			  struct eqfw_zone_set *zones)
{
	size_t best = 0;

	*zones = (struct eqfw_zone_set){ 0 };
	for (uint32_t i = 0; i < profile->n_interfaces; i++) {
		size_t quality = match_quality(profile, &profile->interfaces[i], name);

		best = quality > best ? quality : best;
	}
	for (uint32_t i = 0; best && i < profile->n_interfaces; i++) {
		uint16_t zone = le16toh(profile->interfaces[i].zone);

		if (match_quality(profile, &profile->interfaces[i], name) == best)
			zones->bits[zone / 64] |= 1ull << (zone % 64);
	}
	return best;
}

const struct eqfw_interface_rec *flow_zone_interface(const struct eqfw_profile *profile,
						     uint16_t zone)
{
	const struct eqfw_interface_rec *pattern = NULL;

	for (uint32_t i = 0; i < profile->n_interfaces; i++) {
		const struct eqfw_interface_rec *record = &profile->interfaces[i];

		if (le16toh(record->zone) != zone)
			continue;
		if (!(le16toh(record->flags) & EQFW_INTERFACE_PREFIX))
			return record;
		if (!pattern)
			pattern = record;
	}
	return pattern;
}

bool flow_program(const struct eqfw_profile *profile, uint32_t src_class, uint32_t dst_class,
		  const struct eqfw_rule_rec **rules, uint32_t *n)
{
	uint64_t wanted = (uint64_t)src_class << 32 | dst_class;
	uint32_t lo = 0, hi = profile->n_cells;

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;
		const struct eqfw_cell_rec *cell = &profile->cells[middle];
		uint64_t key = (uint64_t)le32toh(cell->src_class) << 32 | le32toh(cell->dst_class);

		if (key == wanted) {
			const struct eqfw_program_rec *program =
				&profile->programs[le32toh(cell->program)];

			*rules = &profile->rules[le32toh(program->first)];
			*n = le32toh(program->count);
			return true;
		}
		if (key < wanted)
			lo = middle + 1;
		else
			hi = middle;
	}
	return false;
}
