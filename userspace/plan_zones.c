// SPDX-License-Identifier: GPL-2.0
/*
 * Which rows are enforced between which zones, which stay inside one, and which would vanish if two
 * zones were one: each question is asked of the rules themselves, made for the zones as they would be.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/* A rule as the zones see it. */
struct crossing {
	const char *from;
	const char *to;
	const char *item;
};

/* The zone of a group's addresses, "any" or "multicast". */
static const char *group_zone_name(const struct ruleset *ruleset, uint32_t index)
{
	const struct group *group = &ruleset->groups[index];
	const struct zone *zone = group->zone;

	if (group->flags & GROUP_BOX)
		return "box";
	if (group->flags & GROUP_MULTICAST)
		return "multicast";
	if (group->flags & GROUP_LITERAL)
		zone = addresses_zone(ruleset->deployment, group->members[0].addresses);
	return zone ? zone->name : "any";
}

static int crossing_compare(const void *left, const void *right)
{
	const struct crossing *a = left, *b = right;
	int order = strcmp(a->from, b->from);

	if (!order)
		order = strcmp(a->to, b->to);
	return order ? order : strcmp(a->item, b->item);
}

static struct crossing *crossings(const struct ruleset *ruleset)
{
	struct crossing *list = must_alloc((ruleset->n_rules + 1) * sizeof(*list));

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];

		list[i] = (struct crossing){ group_zone_name(ruleset, rule->from),
					     group_zone_name(ruleset, rule->to),
					     ruleset->items[rule->item].id };
	}
	qsort(list, ruleset->n_rules, sizeof(*list), crossing_compare);
	return list;
}

static bool same_pair(const struct crossing *a, const struct crossing *b)
{
	return !strcmp(a->from, b->from) && !strcmp(a->to, b->to);
}

static void flow_item(struct zone_plan *plan, struct zone_flow *flow, const char *item)
{
	flow->n_rules++;
	if (!flow->n_items || strcmp(flow->items[flow->n_items - 1], item))
		flow->items[flow->n_items++] = arena_strdup(plan->arena, item);
}

/* One flow for each pair of zones that some rule is about. */
static struct zone_flow *flows_of(struct zone_plan *plan, const struct ruleset *ruleset, size_t *n)
{
	struct crossing *list = crossings(ruleset);
	struct zone_flow *flows;
	size_t pairs = 0;

	for (size_t i = 0; i < ruleset->n_rules; i++)
		pairs += !i || !same_pair(&list[i], &list[i - 1]);
	flows = arena_alloc(plan->arena, (pairs + 1) * sizeof(*flows));
	*n = 0;
	for (size_t i = 0; i < ruleset->n_rules; i++) {
		struct zone_flow *flow = *n ? &flows[*n - 1] : NULL;

		if (!i || !same_pair(&list[i], &list[i - 1])) {
			size_t k = i;

			while (k < ruleset->n_rules && same_pair(&list[k], &list[i]))
				k++;
			flow = &flows[(*n)++];
			flow->from = list[i].from;
			flow->to = list[i].to;
			flow->items = arena_alloc(plan->arena, (k - i) * sizeof(char *));
		}
		flow_item(plan, flow, list[i].item);
	}
	free(list);
	return flows;
}

/* Rows between hosts of one zone that would be there if it enforced them. */
static void inside_list(struct zone_plan *plan, struct deployment *deployment, struct diag *quiet)
{
	bool *kept = arena_alloc(plan->arena, deployment->n_zones * sizeof(*kept) + 1);
	struct ruleset *ruleset;
	struct zone_flow *flows;
	size_t n;

	for (size_t i = 0; i < deployment->n_zones; i++) {
		kept[i] = deployment->zones[i]->intra_enforce;
		deployment->zones[i]->intra_enforce = true;
	}
	ruleset = expand(deployment, quiet);
	flows = flows_of(plan, ruleset, &n);
	plan->inside = arena_alloc(plan->arena, (n + 1) * sizeof(*flows));
	for (size_t i = 0; i < deployment->n_zones; i++) {
		deployment->zones[i]->intra_enforce = kept[i];
		for (size_t k = 0; !kept[i] && k < n; k++)
			if (!strcmp(flows[k].from, deployment->zones[i]->name) &&
			    !strcmp(flows[k].to, flows[k].from))
				plan->inside[plan->n_inside++] = flows[k];
	}
	ruleset_free(ruleset);
}

static size_t *rules_per_item(struct arena *arena, const struct ruleset *ruleset)
{
	size_t *n = arena_alloc(arena, (ruleset->n_items + 1) * sizeof(*n));

	for (size_t i = 0; i < ruleset->n_rules; i++)
		n[ruleset->rules[i].item]++;
	return n;
}

/* Both go through the matrix in one order, so what is in `less` follows in `all`, too. */
static void merge_note(struct zone_plan *plan, struct zone_merge *merge, const struct ruleset *all,
		       const struct ruleset *less)
{
	const size_t *before = rules_per_item(plan->arena, all);
	const size_t *after = rules_per_item(plan->arena, less);
	size_t k = 0;

	merge->items = arena_alloc(plan->arena, (all->n_items + 1) * sizeof(char *));
	for (size_t i = 0; i < all->n_items; i++) {
		const char *id = all->items[i].id;
		bool there = k < less->n_items && !strcmp(less->items[k].id, id);

		if (there && after[k])
			merge->n_less += after[k] < before[i];
		else if (before[i])
			merge->items[merge->n_items++] = arena_strdup(plan->arena, id);
		k += there;
	}
}

static void merge_try(struct zone_plan *plan, struct deployment *deployment,
		      const struct ruleset *now, struct zone *a, struct zone *b)
{
	struct zone **kept = arena_alloc(plan->arena, deployment->n_endpoints * sizeof(*kept) + 1);
	struct zone_merge *merge = &plan->merges[plan->n_merges++];
	struct diag quiet = { .quiet = true };
	bool enforced = a->intra_enforce;
	struct ruleset *then;

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		kept[i] = deployment->endpoints[i]->zone;
		if (kept[i] == b)
			deployment->endpoints[i]->zone = a;
	}
	a->intra_enforce = false;
	then = expand(deployment, &quiet);
	a->intra_enforce = enforced;
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		deployment->endpoints[i]->zone = kept[i];
	*merge = (struct zone_merge){ .a = a->name, .b = b->name };
	merge_note(plan, merge, now, then);
	ruleset_free(then);
}

static bool flow_between(const struct zone_plan *plan, const struct zone *a, const struct zone *b)
{
	for (size_t i = 0; i < plan->n_flows; i++) {
		const struct zone_flow *flow = &plan->flows[i];

		if ((!strcmp(flow->from, a->name) && !strcmp(flow->to, b->name)) ||
		    (!strcmp(flow->from, b->name) && !strcmp(flow->to, a->name)))
			return true;
	}
	return false;
}

/* The default zone and the box always enforce. */
static bool can_merge(const struct zone *zone)
{
	return !zone->is_default && !zone->is_box;
}

static void merges_list(struct zone_plan *plan, struct deployment *deployment,
			const struct ruleset *now)
{
	size_t n = deployment->n_zones;

	plan->merges = arena_alloc(plan->arena, n * n * sizeof(*plan->merges) + 1);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			struct zone *a = deployment->zones[i], *b = deployment->zones[k];

			if (can_merge(a) && can_merge(b) && flow_between(plan, a, b))
				merge_try(plan, deployment, now, a, b);
		}
	}
}

struct zone_plan *zone_plan_make(struct deployment *deployment)
{
	struct arena *arena = arena_new();
	struct zone_plan *plan = arena_alloc(arena, sizeof(*plan));
	struct diag quiet = { .quiet = true };
	struct ruleset *now = expand(deployment, &quiet);

	plan->arena = arena;
	plan->flows = flows_of(plan, now, &plan->n_flows);
	inside_list(plan, deployment, &quiet);
	merges_list(plan, deployment, now);
	ruleset_free(now);
	return plan;
}

void zone_plan_free(struct zone_plan *plan)
{
	if (plan)
		arena_free(plan->arena);
}
