// SPDX-License-Identifier: GPL-2.0
/* Hosts and zones: whom no row touches, whom anybody may reach, what the box does not state. */
#include <string.h>

#include "lint.h"

/* ---- whom no row touches ---- */

/* By group: some rule names it. */
static bool *groups_named(struct lint *lint)
{
	const struct ruleset *ruleset = lint->ruleset;
	bool *named = arena_alloc(lint->arena, ruleset->n_groups + 1);

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];

		/* An icmp rule lets nobody do what he is there for. */
		if (ruleset->items[rule->item].rule &&
		    ruleset->items[rule->item].rule->kind == SITE_RULE_ICMP)
			continue;
		named[rule->from] = true;
		named[rule->to] = true;
	}
	return named;
}

/* Named by itself, or as an address of its zone or of a list. */
static bool touched(const struct lint *lint, const bool *named, size_t index)
{
	const struct ruleset *ruleset = lint->ruleset;
	const struct endpoint *endpoint = lint->deployment->endpoints[index];

	if (named[ruleset->endpoint_groups[index]])
		return true;
	for (uint32_t g = 0; g < ruleset->n_groups; g++) {
		const struct group *group = &ruleset->groups[g];

		if (!named[g])
			continue;
		if (group->flags & GROUP_EVERYWHERE ||
		    (group->flags & GROUP_WHOLE_ZONE && group->zone == endpoint->zone) ||
		    (group->flags & GROUP_LITERAL &&
		     prefix_lists_meet(group->members[0].addresses, &endpoint->addresses)))
			return true;
	}
	return false;
}

static bool *endpoints_idle(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;
	bool *idle = arena_alloc(lint->arena, deployment->n_endpoints + 1);
	const bool *named = groups_named(lint);

	for (size_t i = 0; i < deployment->n_endpoints; i++)
		idle[i] = !touched(lint, named, i);
	return idle;
}

/* Hosts that behave alike are one finding. */
static void host_idle(struct lint *lint, bool *idle, uint32_t group)
{
	const struct deployment *deployment = lint->deployment;
	bool *marked = arena_alloc(lint->arena, deployment->n_endpoints + 1);
	const struct endpoint *first;
	const char *names;
	size_t n;

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		marked[i] = idle[i] && lint->ruleset->endpoint_groups[i] == group;
		idle[i] &= !marked[i];
	}
	names = lint_marked_names(lint, marked, &n);
	first = lint_marked_first(lint, marked);
	lint_add(lint,
		 (struct finding){
			 .check = LINT_HOST_IDLE,
			 .at = first->place,
			 .id = first->name,
			 .help = "check roles and zone (eqfwctl plan --zones), enable what "
				 "it needs, or take it out",
			 .number = n,
			 .unit = "hosts" },
		 "no row touches %s: what crosses the firewall from or to there is dropped", names);
}

static void hosts_idle(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;
	bool *idle = endpoints_idle(lint);

	for (size_t i = 0; i < deployment->n_endpoints; i++)
		if (idle[i])
			host_idle(lint, idle, lint->ruleset->endpoint_groups[i]);
}

static bool zone_named(const struct lint *lint, const bool *named, const struct zone *zone)
{
	const struct ruleset *ruleset = lint->ruleset;

	for (uint32_t g = 0; g < ruleset->n_groups; g++) {
		const struct group *group = &ruleset->groups[g];

		if (!named[g])
			continue;
		if (group->zone == zone ||
		    (group->flags & GROUP_LITERAL &&
		     prefix_lists_meet(group->members[0].addresses, &zone->networks)) ||
		    (group->flags & GROUP_LITERAL && zone->is_default))
			return true;
	}
	return false;
}

static bool has_host(const struct deployment *deployment, const struct zone *zone)
{
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		if (deployment->endpoints[i]->zone == zone)
			return true;
	return false;
}

static void zones_idle(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;
	const bool *named = groups_named(lint);

	for (size_t i = 0; i < deployment->n_zones; i++) {
		const struct zone *zone = deployment->zones[i];
		struct finding found = { .check = LINT_ZONE_IDLE,
					 .at = zone->place,
					 .id = zone->name };

		/* Of a zone with hosts these are told. */
		if (zone->is_box || has_host(deployment, zone))
			continue;
		found.help = "give it `networks:`, or put its interfaces into another zone";
		if (!zone->is_default && !zone->networks.n)
			lint_add(lint, found, "no address is in zone '%s'", zone->name);
		found.help = "declare who is there, or take the zone out";
		if ((zone->is_default || zone->networks.n) && !zone_named(lint, named, zone))
			lint_add(lint, found, "no row goes to or from zone '%s'", zone->name);
	}
}

/* ---- whom anybody may reach ---- */

static bool is_edge(const struct role *role)
{
	if (role->edge)
		return true;
	for (size_t i = 0; i < role->n_parents; i++)
		if (is_edge(role->parents[i]))
			return true;
	return false;
}

static bool plays_any(const struct endpoint *endpoint, const struct role_list *roles, bool edges)
{
	for (size_t i = 0; i < endpoint->roles.n; i++)
		for (size_t k = 0; k < roles->n; k++)
			if (role_is(endpoint->roles.roles[i], roles->roles[k]) &&
			    (!edges || is_edge(endpoint->roles.roles[i])))
				return true;
	return false;
}

/* Does the rule let this `any` host reach what is no edge? */
static bool goes_inside(const struct lint *lint, const struct rule *rule,
			const struct endpoint *any, uint32_t group)
{
	const struct rule_item *record = &lint->ruleset->items[rule->item];
	const struct group *to = &lint->ruleset->groups[rule->to];
	const struct endpoint *reached = lint->like[rule->to];
	const struct item *item = record->item;

	if (rule->from != group || to->flags & GROUP_MULTICAST || to->zone == any->zone)
		return false;
	if (!item)
		return record->rule->kind == SITE_RULE_SITE && record->rule->from.endpoint == any &&
		       !record->rule->because && !record->rule->to.box;
	if (!plays_any(any, &item->sources, false) && !plays_any(any, &item->destinations, false))
		return false;
	return !reached || !(plays_any(reached, &item->sources, true) ||
			     plays_any(reached, &item->destinations, true));
}

static void any_inside(struct lint *lint, const struct endpoint *any, uint32_t group)
{
	const struct ruleset *ruleset = lint->ruleset;
	bool *groups = arena_alloc(lint->arena, ruleset->n_groups + 1);
	const char **names = arena_alloc(lint->arena, (ruleset->n_groups + 1) * sizeof(*names));
	const char *example = NULL;
	size_t n = 0;

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];

		if (groups[rule->to] || !goes_inside(lint, rule, any, group))
			continue;
		groups[rule->to] = true;
		names[n++] = lint_group_name(lint, rule->to);
		example = example ? example : ruleset->items[rule->item].id;
	}
	if (n)
		lint_add(lint,
			 (struct finding){
				 .check = LINT_ANY_INSIDE,
				 .at = any->place,
				 .id = any->name,
				 .help = "let it reach edges alone, name its addresses, or say "
					 "why: `because:` of the host",
				 .number = n,
				 .unit = "targets" },
			 "'%s' is any address of '%s' and reaches what is no edge: %s (by %s)",
			 any->name, any->zone->name, lint_some(lint->arena, names, n), example);
}

static void anys_inside(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (endpoint->any && !endpoint->because)
			any_inside(lint, endpoint, lint->ruleset->endpoint_groups[i]);
	}
}

/* ---- the box ---- */

static bool box_in(const struct deployment *deployment, const struct zone *zone)
{
	for (size_t i = 0; i < deployment->box.n; i++)
		if (prefix_list_contains(&zone->networks, &deployment->box.prefixes[i]))
			return true;
	return false;
}

static void box_zones(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;
	const char **names = arena_alloc(lint->arena, deployment->n_zones * sizeof(*names) + 1);
	const struct zone *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < deployment->n_zones; i++) {
		const struct zone *zone = deployment->zones[i];

		if (!zone->networks.n || box_in(deployment, zone))
			continue;
		first = first ? first : zone;
		names[n++] = zone->name;
	}
	if (n)
		lint_add(lint,
			 (struct finding){
				 .check = LINT_BOX_ZONE,
				 .at = first->place,
				 .id = first->name,
				 .help = "if it has one, list it under `box:`; else a router "
					 "stands between, and all is well",
				 .number = n,
				 .unit = "zones" },
			 "`box:` lists no address in the networks of %s",
			 lint_some(lint->arena, names, n));
}

void lint_hosts(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;

	hosts_idle(lint);
	zones_idle(lint);
	anys_inside(lint);
	if (deployment->box.n)
		box_zones(lint);
	else
		lint_add(lint,
			 (struct finding){
				 .check = LINT_BOX_MISSING,
				 .at = deployment->places.file,
				 .id = "box",
				 .help = "add `box: {address: [...]}` with every address of this "
					 "firewall" },
			 "the firewall's own addresses are not stated: packets to it are judged as "
			 "packets to the zones that own them");
	if (!deployment->unzoned_drop)
		lint_add(
			lint,
			(struct finding){
				.check = LINT_UNZONED,
				.at = deployment->places.unzoned,
				.id = "unzoned",
				.help = "write `unzoned: drop` when every interface has a "
					"zone" },
			"packets of declared hosts pass, and are counted, on interfaces of no zone");
}
