// SPDX-License-Identifier: GPL-2.0
/*
 * How much wider `replies: mirror` is. Turned round, an item lets its called end send to every port from
 * which its opener may open, tracked or not: of TCP everything but the opening itself. What counts is
 * how many ports of one device that makes reachable from another zone, beyond those that rows open
 * there anyway.
 */
#include <netinet/in.h>
#include <string.h>

#include "lint.h"

#define WORDS (65536 / 64)

/* TCP and UDP ports of one device that a zone reaches: by rows, and by rows turned round. */
struct reached {
	uint64_t rows[2][WORDS];
	uint64_t turned[2][WORDS];
};

/**
 * struct widest - what mirroring makes of one zone seen from another
 * @group: the device that gains most
 * @gained: ports of TCP and of UDP
 */
struct widest {
	uint32_t group;
	unsigned int gained[2];
};

static void set_range(uint64_t *bits, struct port_range range)
{
	for (unsigned int port = range.lo; port <= range.hi;) {
		if (port % 64 == 0 && port + 63 <= range.hi) {
			bits[port / 64] = ~0ull;
			port += 64;
			continue;
		}
		bits[port / 64] |= 1ull << port % 64;
		port++;
	}
}

static size_t zone_index(const struct deployment *deployment, const struct group *group)
{
	size_t i = 0;

	if (group->flags & GROUP_BOX)
		return deployment->n_zones - 1;
	while (i < deployment->n_zones && deployment->zones[i] != group->zone)
		i++;
	return i;
}

static unsigned int gained(const struct reached *reached, unsigned int l4)
{
	unsigned int n = 0;

	for (size_t i = 0; i < WORDS; i++)
		n += (unsigned int)__builtin_popcountll(reached->turned[l4][i] &
							~reached->rows[l4][i]);
	return n;
}

/* By zone of the other end: the ports of the group that are reached from there. */
static void group_reached(const struct lint *lint, uint32_t group, const size_t *zone_of,
			  struct reached *reached)
{
	const struct ruleset *ruleset = lint->ruleset;

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];
		unsigned int l4 = rule->proto == IPPROTO_UDP;

		if (rule->proto != IPPROTO_TCP && rule->proto != IPPROTO_UDP)
			continue;
		if (rule->to == group)
			set_range(reached[zone_of[rule->from]].rows[l4], rule->dst);
		if (rule->from == group)
			set_range(reached[zone_of[rule->to]].turned[l4], rule->src);
	}
}

static void widest_note(struct widest *widest, uint32_t group, const struct reached *reached)
{
	unsigned int tcp = gained(reached, 0), udp = gained(reached, 1);

	if (tcp + udp <= widest->gained[0] + widest->gained[1])
		return;
	*widest = (struct widest){ .group = group, .gained = { tcp, udp } };
}

/* Where the pair's word stands, else the one for all. */
static struct place reply_place(const struct deployment *deployment, const struct zone *a,
				const struct zone *b)
{
	for (size_t i = 0; i < deployment->n_replies; i++) {
		const struct reply_setting *setting = &deployment->replies[i];

		if ((setting->a == a && setting->b == b) || (setting->a == b && setting->b == a))
			return setting->place;
	}
	return deployment->places.replies;
}

static const char *ports_text(struct arena *arena, const struct widest *widest)
{
	const char *tcp = lint_count(arena, widest->gained[0], "TCP port");
	const char *udp = lint_count(arena, widest->gained[1], "UDP port");

	if (!widest->gained[0])
		return udp;
	return arena_printf(arena, "%s (no SYN)%s%s", tcp, widest->gained[1] ? " and " : "",
			    widest->gained[1] ? udp : "");
}

static void widest_tell(struct lint *lint, const struct zone *from, const struct zone *to,
			const struct widest *widest)
{
	struct arena *arena = lint->arena;
	struct finding found = {
		.check = LINT_MIRROR_WIDE,
		.at = reply_place(lint->deployment, from, to),
		.id = arena_printf(arena, "%s-%s", from->name, to->name),
		.help = "mirror only pairs of zones whose answers take another path: "
			"replies: {default: conntrack, ZONE-ZONE: mirror}",
		.number = widest->gained[0] + widest->gained[1],
		.unit = "ports"
	};

	if (found.number)
		lint_add(lint, found,
			 "mirrored replies let '%s' send to %s of %s in '%s' that no row opens",
			 from->name, ports_text(arena, widest),
			 lint_group_name(lint, widest->group), to->name);
}

/* The zone of each group; n_zones where it has none. */
static size_t *group_zones(struct lint *lint)
{
	const struct ruleset *ruleset = lint->ruleset;
	size_t *zone_of = arena_alloc(lint->arena, (ruleset->n_groups + 1) * sizeof(*zone_of));

	for (uint32_t g = 0; g < ruleset->n_groups; g++)
		zone_of[g] = zone_index(lint->deployment, &ruleset->groups[g]);
	return zone_of;
}

static void find_widest(struct lint *lint, size_t to, const size_t *zone_of,
			struct reached *reached, struct widest *widest)
{
	const struct deployment *deployment = lint->deployment;
	size_t n = deployment->n_zones;

	for (uint32_t g = 0; g < lint->ruleset->n_groups; g++) {
		if (zone_of[g] != to)
			continue;
		memset(reached, 0, (n + 1) * sizeof(*reached));
		group_reached(lint, g, zone_of, reached);
		for (size_t from = 0; from < n; from++)
			if (replies_mirrored(deployment, deployment->zones[from],
					     deployment->zones[to]))
				widest_note(&widest[from], g, &reached[from]);
	}
}

void lint_mirror(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;
	size_t n = deployment->n_zones, *zone_of;
	struct reached *reached;

	if (!deployment->mirror && !deployment->n_replies)
		return;
	zone_of = group_zones(lint);
	reached = arena_alloc(lint->arena, (n + 1) * sizeof(*reached));
	for (size_t to = 0; to < n; to++) {
		struct widest *widest = arena_alloc(lint->arena, n * sizeof(*widest));

		find_widest(lint, to, zone_of, reached, widest);
		for (size_t from = 0; from < n; from++)
			widest_tell(lint, deployment->zones[from], deployment->zones[to],
				    &widest[from]);
	}
}
