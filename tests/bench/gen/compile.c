// SPDX-License-Identifier: GPL-2.0
/* The workload as a ruleset in memory: the way of a real deployment from expand.c onwards. */
#include "workload.h"

#include <arpa/inet.h>
#include <eqfw/format.h>
#include <stdlib.h>
#include <string.h>

/* A deployment's parts that factor() reads. */
struct build {
	struct matrix matrix;
	struct deployment deployment;
	struct ruleset ruleset;
	struct diag diag;
};

static struct zone *add_zone(struct build *b, const char *name, bool has_interface)
{
	static const char *interfaces[] = { WORKLOAD_INTERFACE };
	struct zone *zone = arena_alloc(b->ruleset.arena, sizeof(*zone));

	zone->name = name;
	zone->intra_enforce = true;
	if (has_interface) {
		zone->interfaces = interfaces;
		zone->n_interfaces = 1;
	}
	b->deployment.zones[b->deployment.n_zones++] = zone;
	return zone;
}

/* Every zone shares the one interface; the outside owns the strangers. */
static void add_zones(struct build *b, const struct workload *w)
{
	struct arena *arena = b->ruleset.arena;
	uint32_t n = w->shape.zones;

	b->deployment.zones = arena_alloc(arena, (n + 2) * sizeof(*b->deployment.zones));
	for (uint32_t i = 0; i < n; i++)
		add_zone(b, arena_printf(arena, "z%03u", i), true);
	add_zone(b, "outside", true)->is_default = true;
	add_zone(b, "box", false)->is_box = true;
}

static void add_addresses(const struct workload *w, const struct workload_group *group,
			  struct arena *arena, struct prefix_list *list)
{
	/* In one allocation: an arena never takes back what a growing array leaves behind. */
	list->prefixes = arena_alloc(arena, (group->n + 1) * sizeof(*list->prefixes));
	for (uint32_t i = 0; i < group->n; i++)
		list->prefixes[list->n++] = (struct prefix){
			.addr = workload_address(w, group->first + i),
			.family = w->shape.family,
			.len = w->shape.family == 4 ? 32 : 128,
		};
	prefix_list_finish(arena, list, NULL);
}

static void add_groups(struct build *b, const struct workload *w)
{
	struct arena *arena = b->ruleset.arena;
	struct deployment *d = &b->deployment;
	struct ruleset *r = &b->ruleset;

	d->endpoints = arena_alloc(arena, (w->n_groups + 1) * sizeof(*d->endpoints));
	r->groups = arena_alloc(arena, (w->n_groups + 1) * sizeof(*r->groups));
	for (size_t i = 0; i < w->n_groups; i++) {
		struct endpoint *host = arena_alloc(arena, sizeof(*host));
		struct group_member *member = arena_alloc(arena, sizeof(*member));

		host->name = arena_printf(arena, "g%05zu", i);
		host->zone = d->zones[w->groups[i].zone];
		host->host = (unsigned int)i;
		add_addresses(w, &w->groups[i], arena, &host->addresses);
		d->endpoints[d->n_endpoints++] = host;
		*member =
			(struct group_member){ .addresses = &host->addresses, .name = host->name };
		r->groups[r->n_groups++] = (struct group){ .flags = GROUP_DECLARED,
							   .zone = host->zone,
							   .members = member,
							   .n_members = 1 };
	}
}

/*
 * An item for each range of each list, as the document has one for each printed entry. No more than a
 * profile may have: then lists share them.
 */
static void add_items(struct build *b, const struct workload *w)
{
	struct arena *arena = b->ruleset.arena;
	struct ruleset *r = &b->ruleset;

	r->items = arena_alloc(arena, w->n_lists * WORKLOAD_LIST_MAX * sizeof(*r->items));
	for (size_t i = 0; i < w->n_lists; i++)
		for (uint32_t p = 0; p < w->lists[i].n && r->n_items < EQFW_MAX_ITEMS; p++)
			r->items[r->n_items++] = (struct rule_item){
				.id = arena_printf(arena, "list-%zu/1:%u", i, p + 1),
				.printed = "as generated",
				.pair = "device -> device",
			};
}

static uint32_t first_item(const struct workload *w, uint32_t list)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < list; i++)
		n += w->lists[i].n;
	return n;
}

static void add_rules(struct build *b, const struct workload *w)
{
	struct ruleset *r = &b->ruleset;

	r->rules = arena_alloc(r->arena, w->n_rows * WORKLOAD_LIST_MAX * sizeof(*r->rules));
	for (size_t i = 0; i < w->n_rows; i++) {
		const struct workload_row *row = &w->rows[i];
		const struct workload_list *list = &w->lists[row->list];
		uint32_t item = first_item(w, row->list);

		for (uint32_t p = 0; p < list->n; p++)
			r->rules[r->n_rules++] = (struct rule){
				.from = row->from,
				.to = row->to,
				.proto = list->ports[p].proto,
				.src = { 1, 65535 },
				.dst = { list->ports[p].lo, list->ports[p].hi },
				.item = (uint32_t)((item + p) % r->n_items),
			};
	}
}

void workload_compile(const struct workload *w, struct image *image)
{
	struct build b = { .matrix.edition = "bench", .deployment.name = "bench" };
	bool good;

	b.ruleset.arena = arena_new();
	b.ruleset.deployment = &b.deployment;
	b.deployment.matrix = &b.matrix;
	add_zones(&b, w);
	add_groups(&b, w);
	add_items(&b, w);
	add_rules(&b, w);
	good = factor(&b.ruleset, 0, &b.diag, image);
	arena_free(b.ruleset.arena);
	if (!good)
		exit(1);
}
