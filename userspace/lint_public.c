// SPDX-License-Identifier: GPL-2.0
/* Public addresses whose ports DNAT changes. */
#include <netinet/in.h>

#include "lint.h"

static bool reaches(const struct lint *lint, uint32_t to, uint32_t group,
		    const struct endpoint *endpoint)
{
	const struct group *called = &lint->ruleset->groups[to];

	if (to == group || called->flags & GROUP_EVERYWHERE)
		return true;
	return called->flags & (GROUP_WHOLE_ZONE | GROUP_ANY_HOST) &&
	       called->zone == endpoint->zone;
}

static bool opens(const struct lint *lint, size_t index, const struct port_move *move)
{
	const struct endpoint *endpoint = lint->deployment->endpoints[index];
	uint32_t group = lint->ruleset->endpoint_groups[index];
	uint8_t proto = move->proto == PROTO_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	unsigned int last = (unsigned int)move->own + move->at.hi - move->at.lo;

	for (size_t i = 0; i < lint->ruleset->n_rules; i++) {
		const struct rule *rule = &lint->ruleset->rules[i];

		if (rule->proto == proto && rule->dst.lo <= last && move->own <= rule->dst.hi &&
		    reaches(lint, rule->to, group, endpoint))
			return true;
	}
	return false;
}

/* To the host or, where its legs share the address, to any of them. */
static bool is_opened(const struct lint *lint, size_t index, const struct port_move *move)
{
	const struct deployment *deployment = lint->deployment;

	for (size_t i = index; i < deployment->n_endpoints; i++) {
		if (deployment->endpoints[i]->public == deployment->endpoints[index]->public &&
		    opens(lint, i, move))
			return true;
	}
	return false;
}

static void map_idle(struct lint *lint, size_t index, const struct port_map *map)
{
	const struct endpoint *endpoint = lint->deployment->endpoints[index];

	for (size_t i = 0; i < map->n; i++) {
		const struct port_move *move = &map->moves[i];

		if (is_opened(lint, index, move))
			continue;
		lint_add(lint,
			 (struct finding){
				 .check = LINT_MAP_IDLE,
				 .at = map->places[i],
				 .id = endpoint->name,
				 .help = "take it out, or see which rows would open it: eqfwctl "
					 "matrix --port",
				 .number = move->at.hi - move->at.lo + 1u,
				 .unit = "ports" },
			 "no row opens %s %u of '%s', where public port %u leads",
			 proto_name(move->proto), move->own, endpoint->name, move->at.lo);
	}
}

/* Who else is at one of these addresses, or NULL. */
static const char *shares_with(const struct lint *lint, size_t index,
			       const struct prefix_list *addresses)
{
	const struct deployment *deployment = lint->deployment;

	if (prefix_lists_meet(addresses, &deployment->box))
		return "box";
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *other = deployment->endpoints[i];

		if (other->host != deployment->endpoints[index]->host &&
		    prefix_lists_meet(addresses, &other->publics))
			return other->name;
	}
	return NULL;
}

static void map_rest(struct lint *lint, size_t index, const struct public_address *public)
{
	const struct endpoint *endpoint = lint->deployment->endpoints[index];
	const char *other = public->map->rest_stated ? NULL
						     : shares_with(lint, index, &public->addresses);

	if (other)
		lint_add(lint,
			 (struct finding){
				 .check = LINT_MAP_REST,
				 .at = public->map->places[0],
				 .id = endpoint->name,
				 .help = "write `rest: closed` where only these ports lead to it, "
					 "`rest: same` where all do" },
			 "'%s' shares the public address %s with '%s': ports that are not stated "
			 "pass for either",
			 endpoint->name, prefix_format(lint->arena, &public->addresses.prefixes[0]),
			 other);
}

void lint_public(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		for (size_t p = 0; p < deployment->endpoints[i]->n_public; p++) {
			const struct public_address *public = &deployment->endpoints[i]->public[p];

			if (!public->map || !public->addresses.n)
				continue;
			/* Legs that take it from their host are told once. */
			if (i &&
			    deployment->endpoints[i - 1]->host == deployment->endpoints[i]->host &&
			    deployment->endpoints[i - 1]->public ==
				    deployment->endpoints[i]->public)
				continue;
			map_idle(lint, i, public->map);
			map_rest(lint, i, public);
		}
	}
}
