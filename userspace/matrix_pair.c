// SPDX-License-Identifier: GPL-2.0
/*
 * May devices of one kind open a port of another? A deployment of three hosts is made up (the two, and
 * one that plays every role, so that every condition is met) with all of the document switched on; what
 * expand() permits between the two is the answer, in the very terms of compile.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "matrix_query.h"
#include "ruleset.h"

enum { PAIR_FROM, PAIR_TO, PAIR_REST, N_PAIR };

/**
 * struct pair_site - the deployment that is made up
 * @zones: one for each host, then the default one for outsiders, then the box
 */
struct pair_site {
	struct deployment deployment;
	struct endpoint endpoints[N_PAIR];
	struct endpoint *endpoint_list[N_PAIR];
	struct zone zones[N_PAIR + 2];
	struct zone *zone_list[N_PAIR + 2];
};

static const char *const pair_names[N_PAIR + 2] = { "from", "to", "rest", "outside", "box" };

static struct role_list with_legs(struct arena *arena, const struct role_list *roles, size_t max)
{
	struct role_list all = { 0 };

	all.roles = arena_alloc(arena, (2 * max + 1) * sizeof(struct role *));
	for (size_t i = 0; i < roles->n; i++) {
		all.roles[all.n++] = roles->roles[i];
		for (size_t k = 0; k < roles->roles[i]->n_legs; k++)
			all.roles[all.n++] = roles->roles[i]->legs[k];
	}
	return all;
}

static bool all_outsiders(const struct role_list *roles)
{
	for (size_t i = 0; i < roles->n; i++)
		if (!roles->roles[i]->outsider)
			return false;
	return roles->n > 0;
}

static void host_make(struct pair_site *site, struct arena *arena, unsigned int i,
		      const struct role_list *roles)
{
	static const char *const addresses[N_PAIR] = { "192.0.2.1", "198.51.100.1", "203.0.113.1" };
	struct endpoint *endpoint = &site->endpoints[i];
	struct diag quiet = { .quiet = true };

	*endpoint = (struct endpoint){ .name = pair_names[i], .host = i };
	endpoint->roles = with_legs(arena, roles, site->deployment.matrix->n_roles);
	endpoint->any = all_outsiders(roles);
	endpoint->zone = &site->zones[endpoint->any ? N_PAIR : i];
	if (!endpoint->any)
		prefix_list_add(arena, &endpoint->addresses, addresses[i], NOWHERE, &quiet);
	prefix_list_finish(arena, &endpoint->addresses, NULL);
	site->endpoint_list[i] = endpoint;
}

static struct pair_site *site_make(const struct matrix *matrix, struct arena *arena,
				   const struct role_list *from, const struct role_list *to)
{
	struct pair_site *site = arena_alloc(arena, sizeof(*site));
	const struct role_list all = { .roles = matrix->roles, .n = matrix->n_roles };
	struct deployment *deployment = &site->deployment;

	deployment->arena = arena;
	deployment->matrix = matrix;
	deployment->name = "pair";
	for (unsigned int i = 0; i < N_PAIR + 2; i++) {
		site->zones[i].name = pair_names[i];
		site->zones[i].is_default = i == N_PAIR;
		site->zones[i].is_box = i == N_PAIR + 1;
		site->zone_list[i] = &site->zones[i];
	}
	deployment->zones = site->zone_list;
	deployment->n_zones = N_PAIR + 2;
	host_make(site, arena, PAIR_FROM, from);
	host_make(site, arena, PAIR_TO, to);
	host_make(site, arena, PAIR_REST, &all);
	deployment->endpoints = site->endpoint_list;
	deployment->n_endpoints = N_PAIR;
	deployment->hosts = (const char **)pair_names;
	deployment->n_hosts = N_PAIR;
	deployment->enable.requirement = REQUIREMENT_OPTIONAL;
	deployment->enable.all_features = true;
	for (unsigned int i = 0; i < N_FUNCTIONS; i++)
		deployment->enable.functions[i] = true;
	return site;
}

static bool is_group_of(const struct group *group, const struct endpoint *endpoint)
{
	if (endpoint->any)
		return (group->flags & (GROUP_WHOLE_ZONE | GROUP_ANY_HOST)) &&
		       group->zone == endpoint->zone;
	return (group->flags & GROUP_DECLARED) && group->n_members &&
	       group->members[0].name == endpoint->name;
}

static unsigned int proto_bit(uint8_t proto)
{
	if (proto == IPPROTO_TCP)
		return PROTO_TCP;
	return proto == IPPROTO_UDP ? PROTO_UDP : 0;
}

/* The part of `range` that was asked for; lo == 0: none. */
static struct port_range asked_part(struct port_range range, struct port_range asked)
{
	if (!asked.lo)
		return range;
	if (range.lo < asked.lo)
		range.lo = asked.lo;
	if (range.hi > asked.hi)
		range.hi = asked.hi;
	return range.lo <= range.hi ? range : (struct port_range){ 0 };
}

static struct portset one_range(struct port_range *range)
{
	return (struct portset){ .ranges = range, .n = 1 };
}

static void flow_add(struct pair_answer *answer, const struct item *item, const struct rule *rule,
		     struct port_range dst)
{
	struct port_range src = rule->src;
	struct portset more_src = one_range(&src), more_dst = one_range(&dst);
	struct pair_flow *flow = answer->n_flows ? &answer->flows[answer->n_flows - 1] : NULL;

	if (!flow || flow->item != item || flow->proto != proto_bit(rule->proto)) {
		flow = &answer->flows[answer->n_flows++];
		*flow = (struct pair_flow){ .item = item, .proto = proto_bit(rule->proto) };
	}
	flow->src = portset_union(answer->arena, &flow->src, &more_src);
	flow->dst = portset_union(answer->arena, &flow->dst, &more_dst);
}

static void flows_collect(struct pair_answer *answer, const struct ruleset *ruleset,
			  const struct pair_site *site, unsigned int proto, struct port_range asked)
{
	answer->flows = arena_alloc(answer->arena, (ruleset->n_rules + 1) * sizeof(*answer->flows));
	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];
		struct port_range part = asked_part(rule->dst, asked);

		if (!part.lo || (proto && !(proto_bit(rule->proto) & proto)) ||
		    !is_group_of(&ruleset->groups[rule->from], &site->endpoints[PAIR_FROM]) ||
		    !is_group_of(&ruleset->groups[rule->to], &site->endpoints[PAIR_TO]))
			continue;
		flow_add(answer,
			 matrix_item(site->deployment.matrix, ruleset->items[rule->item].id), rule,
			 part);
	}
}

static void item_note(const struct item **list, size_t *n, const struct item *item)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i] == item)
			return;
	list[(*n)++] = item;
}

static void forbids_collect(struct pair_answer *answer, const struct ruleset *ruleset,
			    const struct pair_site *site, unsigned int proto,
			    struct port_range asked)
{
	answer->forbids =
		arena_alloc(answer->arena, (ruleset->n_forbids + 1) * sizeof(*answer->forbids));
	for (size_t i = 0; asked.lo && i < ruleset->n_forbids; i++) {
		const struct rule *rule = &ruleset->forbids[i];

		if (asked_part(rule->dst, asked).lo &&
		    (!proto || (proto_bit(rule->proto) & proto)) &&
		    is_group_of(&ruleset->groups[rule->to], &site->endpoints[PAIR_TO]))
			item_note(answer->forbids, &answer->n_forbids,
				  matrix_item(site->deployment.matrix,
					      ruleset->items[rule->item].id));
	}
}

static bool has_word(const struct portset *ports)
{
	return ports->words & (PORTS_VENDOR | PORTS_MULTICAST);
}

static bool plays(const struct endpoint *endpoint, const struct role_list *roles)
{
	for (size_t i = 0; i < endpoint->roles.n; i++)
		for (size_t k = 0; k < roles->n; k++)
			if (role_is(endpoint->roles.roles[i], roles->roles[k]))
				return true;
	return false;
}

/* Does it leave to the called device's maker where it listens? */
static bool leaves_open(const struct item *item, const struct pair_site *site)
{
	const struct endpoint *from = &site->endpoints[PAIR_FROM], *to = &site->endpoints[PAIR_TO];
	bool both = item->initiator == INITIATOR_EITHER;

	if ((both || source_opens(item)) && has_word(&item->dst) && plays(from, &item->sources) &&
	    plays(to, &item->destinations))
		return true;
	return (both || !source_opens(item)) && has_word(&item->src) &&
	       plays(from, &item->destinations) && plays(to, &item->sources);
}

static void vendors_collect(struct pair_answer *answer, const struct pair_site *site,
			    unsigned int proto)
{
	const struct matrix *matrix = site->deployment.matrix;

	answer->vendors =
		arena_alloc(answer->arena, (matrix->n_items + 1) * sizeof(*answer->vendors));
	for (size_t i = 0; i < matrix->n_items; i++)
		if ((!proto || (matrix->items[i]->proto & proto)) &&
		    leaves_open(matrix->items[i], site))
			item_note(answer->vendors, &answer->n_vendors, matrix->items[i]);
}

struct pair_answer pair_ask(const struct matrix *matrix, const struct role_list *from,
			    const struct role_list *to, unsigned int proto, struct port_range ports)
{
	struct pair_answer answer = { .arena = arena_new() };
	struct pair_site *site = site_make(matrix, answer.arena, from, to);
	struct diag quiet = { .quiet = true };
	struct ruleset *ruleset = expand(&site->deployment, &quiet);

	flows_collect(&answer, ruleset, site, proto, ports);
	forbids_collect(&answer, ruleset, site, proto, ports);
	vendors_collect(&answer, site, proto);
	ruleset_free(ruleset);
	return answer;
}

void pair_answer_free(struct pair_answer *answer)
{
	arena_free(answer->arena);
}
