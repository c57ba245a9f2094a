// SPDX-License-Identifier: GPL-2.0
/* Ports that are words and stand for whole ranges, and source ports that belong to servers. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"

#define WELL_KNOWN_HI 1023
#define UNKNOWN_LO 1024 /* the client ports of a system that nobody states */
#define UNKNOWN_HI 65535
#define LINUX_PORTS 28233 /* 32768-61000 */

/* Role lists of an endpoint as one text: hosts that differ by zone alone are one finding. */
static const char *roles_text(struct arena *arena, const struct endpoint *endpoint)
{
	const char *text = "";

	for (size_t i = 0; i < endpoint->roles.n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "",
				    endpoint->roles.roles[i]->id);
	return text;
}

static bool same_roles(const struct endpoint *a, const struct endpoint *b)
{
	return a->roles.n == b->roles.n &&
	       !memcmp(a->roles.roles, b->roles.roles, a->roles.n * sizeof(struct role *));
}

/* Endpoints of the groups that are marked and play what `like` plays; the groups are taken out. */
static const bool *take_alike(struct lint *lint, bool *groups, const struct endpoint *like)
{
	const struct deployment *deployment = lint->deployment;
	const uint32_t *group_of = lint->ruleset->endpoint_groups;
	bool *marked = arena_alloc(lint->arena, deployment->n_endpoints + 1);

	for (size_t i = 0; i < deployment->n_endpoints; i++)
		marked[i] = groups[group_of[i]] && same_roles(deployment->endpoints[i], like);
	for (uint32_t g = 0; g < lint->ruleset->n_groups; g++)
		if (groups[g] && lint->like[g] && same_roles(lint->like[g], like))
			groups[g] = false;
	return marked;
}

/* ---- H.245 behind a port word ---- */

static int range_compare(const void *left, const void *right)
{
	const struct port_range *a = left, *b = right;

	return (a->lo > b->lo) - (a->lo < b->lo);
}

/* TCP ports at which H.245 items call the group. */
static unsigned int h245_ports(struct lint *lint, uint32_t group)
{
	const struct ruleset *ruleset = lint->ruleset;
	struct port_range *ranges = must_alloc((ruleset->n_rules + 1) * sizeof(*ranges));
	unsigned int ports = 0, end = 0;
	size_t n = 0;

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];
		const struct item *item = ruleset->items[rule->item].item;

		if (rule->to == group && item && item->call == CALL_H245)
			ranges[n++] = rule->dst;
	}
	if (n)
		qsort(ranges, n, sizeof(*ranges), range_compare);
	for (size_t i = 0; i < n; i++) {
		unsigned int lo = ranges[i].lo > end ? ranges[i].lo : end;

		if (ranges[i].hi < lo)
			continue;
		ports += ranges[i].hi - lo + 1u;
		end = ranges[i].hi + 1u;
	}
	free(ranges);
	return ports;
}

/* Groups at which an item is really open behind its word. */
static bool *word_groups(struct lint *lint)
{
	const struct ruleset *ruleset = lint->ruleset;
	bool *groups = arena_alloc(lint->arena, ruleset->n_groups + 1);

	for (size_t i = 0; i < ruleset->n_words; i++) {
		const struct word_opened *word = &ruleset->words[i];

		for (size_t k = 0; k < ruleset->n_rules && !groups[word->group]; k++)
			groups[word->group] = ruleset->rules[k].to == word->group &&
					      ruleset->items[ruleset->rules[k].item].item ==
						      word->item;
	}
	return groups;
}

static void h245_words(struct lint *lint)
{
	bool *groups = word_groups(lint);

	for (uint32_t g = 0; g < lint->ruleset->n_groups; g++) {
		const struct endpoint *like = lint->like[g];
		struct finding found = { .check = LINT_H245_WORD, .unit = "ports" };
		const char *names;
		const bool *marked;
		size_t n;

		if (!groups[g] || !like || like->any)
			continue;
		found.number = h245_ports(lint, g);
		marked = take_alike(lint, groups, like);
		names = lint_marked_names(lint, marked, &n);
		found.at = lint_marked_first(lint, marked)->place;
		found.id = lint_marked_first(lint, marked)->name;
		found.help = arena_printf(lint->arena,
					  "state the device's H.245 range: vendor-ports: {%s: [tcp "
					  "1720, tcp LO-HI]}",
					  like->roles.roles[0]->id);
		lint_add(lint, found,
			 "H.245 is open on %llu ports of %s (%s): neither the document nor the "
			 "site states a range",
			 (unsigned long long)found.number, names, roles_text(lint->arena, like));
	}
}

/* ---- the system is not stated ---- */

static bool *unknown_groups(struct lint *lint)
{
	const struct ruleset *ruleset = lint->ruleset;
	bool *groups = arena_alloc(lint->arena, ruleset->n_groups + 1);

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];
		const struct endpoint *like = lint->like[rule->from];

		if (!like || like->any || like->os || like->ephemeral.n)
			continue;
		groups[rule->from] |= ruleset->items[rule->item].item &&
				      rule->src.lo == UNKNOWN_LO && rule->src.hi == UNKNOWN_HI;
	}
	return groups;
}

static void systems_missing(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;
	const bool *groups = unknown_groups(lint);
	bool *marked = arena_alloc(lint->arena, deployment->n_endpoints + 1);
	const char *names;
	size_t n;

	for (size_t i = 0; i < deployment->n_endpoints; i++)
		marked[i] = groups[lint->ruleset->endpoint_groups[i]];
	names = lint_marked_names(lint, marked, &n);
	if (n)
		lint_add(lint,
			 (struct finding){ .check = LINT_OS_MISSING,
					   .at = lint_marked_first(lint, marked)->place,
					   .id = lint_marked_first(lint, marked)->name,
					   .help = "state `os: linux`, or `ephemeral: LO-HI`",
					   .number = n,
					   .unit = "hosts" },
			 "client ports of %s are %u-%u, for want of a system: %u more than "
			 "Linux gives",
			 names, UNKNOWN_LO, UNKNOWN_HI, UNKNOWN_HI - UNKNOWN_LO + 1 - LINUX_PORTS);
}

/* ---- well-known source ports ---- */

static unsigned int well_known(struct port_range range)
{
	unsigned int hi = range.hi < WELL_KNOWN_HI ? range.hi : WELL_KNOWN_HI;

	return range.lo > WELL_KNOWN_HI ? 0 : hi - range.lo + 1u;
}

/**
 * struct sources - items by which some groups open from well-known ports
 * @items: their ids, in the order of the rules
 * @n: how many
 * @widest: the range with most such ports
 */
struct sources {
	const char **items;
	size_t n;
	struct port_range widest;
};

static void source_note(struct sources *sources, const struct rule *rule, const char *id)
{
	if (!sources->n || sources->items[sources->n - 1] != id)
		sources->items[sources->n++] = id;
	if (well_known(rule->src) > well_known(sources->widest))
		sources->widest = rule->src;
}

static struct sources sources_of(struct lint *lint, const bool *groups)
{
	const struct ruleset *ruleset = lint->ruleset;
	struct sources sources = { .widest = { 65535, 65535 } };

	sources.items = arena_alloc(lint->arena, (ruleset->n_items + 1) * sizeof(char *));
	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];
		const struct rule_item *record = &ruleset->items[rule->item];

		if (groups[rule->from] && record->item && well_known(rule->src))
			source_note(&sources, rule, record->id);
	}
	return sources;
}

/* Openers that play the same roles are one finding. */
static void source_told(struct lint *lint, bool *groups, const struct endpoint *like)
{
	size_t size = lint->ruleset->n_groups + 1, n;
	bool *alike = memcpy(arena_alloc(lint->arena, size), groups, size);
	const bool *marked = take_alike(lint, groups, like);
	const char *names = lint_marked_names(lint, marked, &n);
	struct sources sources;

	for (size_t g = 0; g < size; g++)
		alike[g] &= !groups[g];
	sources = sources_of(lint, alike);
	lint_add(lint,
		 (struct finding){ .check = LINT_SOURCE_PORT,
				   .at = lint_marked_first(lint, marked)->place,
				   .id = sources.items[0],
				   .help = "the document prints them; where no device needs that, "
					   "switch the items off under enable.rows",
				   .number = well_known(sources.widest),
				   .unit = "ports" },
		 "%s may open from well-known ports (%u%s) by %s: %s", names, sources.widest.lo,
		 sources.widest.hi > sources.widest.lo
			 ? arena_printf(lint->arena, "-%u", sources.widest.hi)
			 : "",
		 lint_count(lint->arena, sources.n, "item"),
		 lint_some(lint->arena, sources.items, sources.n));
}

static void source_ports(struct lint *lint)
{
	const struct ruleset *ruleset = lint->ruleset;
	bool *groups = arena_alloc(lint->arena, ruleset->n_groups + 1);

	for (size_t i = 0; i < ruleset->n_rules; i++)
		groups[ruleset->rules[i].from] |= ruleset->items[ruleset->rules[i].item].item &&
						  well_known(ruleset->rules[i].src);
	for (uint32_t g = 0; g < ruleset->n_groups; g++)
		if (groups[g] && lint->like[g])
			source_told(lint, groups, lint->like[g]);
}

static void ephemeral_well_known(struct lint *lint, const struct endpoint *endpoint)
{
	unsigned int n = 0;

	for (size_t i = 0; i < endpoint->ephemeral.n; i++)
		n += well_known(endpoint->ephemeral.ranges[i]);
	if (!n)
		return;
	lint_add(lint,
		 (struct finding){ .check = LINT_SOURCE_PORT,
				   .at = endpoint->place,
				   .id = endpoint->name,
				   .help = "begin the range at 1024 or above",
				   .number = n,
				   .unit = "ports" },
		 "the client ports of '%s' hold %u well-known ones (0-1023)", endpoint->name, n);
}

void lint_ports(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;

	h245_words(lint);
	systems_missing(lint);
	source_ports(lint);
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		if (!i || deployment->endpoints[i - 1]->host != deployment->endpoints[i]->host)
			ephemeral_well_known(lint, deployment->endpoints[i]);
}
