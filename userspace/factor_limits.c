// SPDX-License-Identifier: GPL-2.0
/* Limits of the profile format and of the lookup table: errors that say whose rules are too many. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "factor.h"
#include "table.h"

#define NAMED 4u /* of an error */

/**
 * struct shares - how much of what is too much each of the things has that a site can change
 * @count: of each
 * @n: how many things
 * @name: of one of them
 */
struct shares {
	size_t *count;
	size_t n;
	const char *(*name)(const struct factor *f, size_t i);
};

static const char *item_name(const struct factor *f, size_t i)
{
	return f->ruleset->items[i].id;
}

static const char *zone_name(const struct factor *f, size_t i)
{
	return f->zones[i]->name;
}

static const char *host_name(const struct factor *f, size_t i)
{
	return f->ruleset->deployment->endpoints[i]->name;
}

static struct shares shares_new(const struct factor *f, size_t n,
				const char *(*name)(const struct factor *f, size_t i))
{
	return (struct shares){ .count = arena_alloc(f->arena, (n + 1) * sizeof(size_t)),
				.n = n,
				.name = name };
}

static struct shares shares_of_items(const struct factor *f)
{
	return shares_new(f, f->ruleset->n_items, item_name);
}

static struct shares shares_of_zones(const struct factor *f)
{
	return shares_new(f, f->n_zones, zone_name);
}

static struct shares shares_of_hosts(const struct factor *f)
{
	return shares_new(f, f->ruleset->deployment->n_endpoints, host_name);
}

/* The largest of them, largest first; takes the counts. */
static const char *largest(const struct factor *f, struct shares *shares)
{
	const char *text = "";

	for (unsigned int named = 0; named < NAMED; named++) {
		size_t most = 0;

		for (size_t i = 1; i < shares->n; i++)
			if (shares->count[i] > shares->count[most])
				most = i;
		if (!shares->n || !shares->count[most])
			break;
		text = arena_printf(f->arena, "%s%s%s (%zu)", text, named ? ", " : "",
				    shares->name(f, most), shares->count[most]);
		shares->count[most] = 0;
	}
	return text;
}

static bool refuse(const struct factor *f, const char *what, size_t n, size_t max,
		   const char *whose, const char *help)
{
	diag_error(f->diag, NOWHERE, help,
		   "too many %s: %zu, the profile format has room for %zu; %s", what, n, max,
		   whose);
	return false;
}

static const char *most_in(const struct factor *f, const char *of, struct shares *shares)
{
	return arena_printf(f->arena, "most of them %s %s", of, largest(f, shares));
}

bool factor_limit_zones(const struct factor *f)
{
	const struct deployment *deployment = f->ruleset->deployment;

	if (f->n_zones <= EQFW_MAX_ZONES)
		return true;
	return refuse(f, "zones", f->n_zones, EQFW_MAX_ZONES,
		      arena_printf(f->arena, "the first one over it is %s",
				   deployment->zones[EQFW_MAX_ZONES]->name),
		      "a zone may have many networks and interfaces");
}

bool factor_limit_interfaces(const struct factor *f, size_t n)
{
	struct shares zones;

	if (n <= EQFW_MAX_INTERFACES)
		return true;
	zones = shares_of_zones(f);
	for (size_t i = 0; i < f->n_zones; i++)
		zones.count[i] = f->zones[i]->n_interfaces;
	return refuse(f, "interfaces", n, EQFW_MAX_INTERFACES, most_in(f, "of zones", &zones),
		      "a pattern names all interfaces that begin alike: eth*");
}

/* Items of one row share what stands before the number: "elite-mcu/3:1". */
static size_t row_length(const char *id)
{
	const char *end = strrchr(id, ':');

	return end ? (size_t)(end - id) : strlen(id);
}

static void count_rows(const struct factor *f, struct shares *rows)
{
	const struct rule_item *items = f->ruleset->items;
	size_t row = 0;

	for (size_t i = 0; i < f->ruleset->n_items; i++) {
		size_t len = row_length(items[i].id);

		if (row_length(items[row].id) != len || memcmp(items[row].id, items[i].id, len))
			row = i;
		rows->count[row]++;
	}
}

bool factor_limit_items(const struct factor *f)
{
	struct shares rows;

	if (f->ruleset->n_items <= EQFW_MAX_ITEMS)
		return true;
	rows = shares_of_items(f);
	count_rows(f, &rows);
	return refuse(f, "items", f->ruleset->n_items, EQFW_MAX_ITEMS,
		      most_in(f, "of the rows of", &rows),
		      "one row of a site may name lists of hosts and of ports");
}

bool factor_limit_hosts(const struct factor *f)
{
	const struct deployment *deployment = f->ruleset->deployment;
	struct shares zones;

	if (deployment->n_endpoints <= EQFW_MAX_HOSTS)
		return true;
	zones = shares_of_zones(f);
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		zones.count[factor_zone_id(f, deployment->endpoints[i]->zone)]++;
	return refuse(
		f, "hosts", deployment->n_endpoints, EQFW_MAX_HOSTS, most_in(f, "in zones", &zones),
		"one host may stand for many devices of a kind: it may have many addresses and networks");
}

/* Returns the sum. */
static size_t count_texts(const struct factor *f, struct shares *items)
{
	size_t sum = 0;

	for (size_t i = 0; i < items->n; i++) {
		const struct rule_item *item = &f->ruleset->items[i];

		items->count[i] = strlen(item->id) + strlen(item->printed) + strlen(item->pair);
		sum += items->count[i];
	}
	return sum;
}

static size_t count_names(const struct factor *f, struct shares *hosts)
{
	size_t sum = 0;

	for (size_t i = 0; i < hosts->n; i++) {
		hosts->count[i] = strlen(host_name(f, i));
		sum += hosts->count[i];
	}
	return sum;
}

bool factor_limit_names(const struct factor *f, size_t n)
{
	struct shares hosts, items;

	if (n <= EQFW_MAX_STRINGS)
		return true;
	hosts = shares_of_hosts(f);
	items = shares_of_items(f);
	return refuse(f, "bytes of names and texts", n, EQFW_MAX_STRINGS,
		      count_names(f, &hosts) > count_texts(f, &items)
			      ? most_in(f, "of hosts", &hosts)
			      : most_in(f, "of items", &items),
		      "give shorter names, or one host or row many addresses or ports");
}

bool factor_limit_classes(const struct factor *f)
{
	struct shares zones;

	if (f->n_classes <= EQFW_MAX_CLASSES)
		return true;
	zones = shares_of_zones(f);
	for (size_t i = 0; i < f->n_classes; i++)
		if (f->classes[i].key->zone < f->n_zones)
			zones.count[f->classes[i].key->zone]++;
	return refuse(f, "kinds of addresses that rules tell apart", f->n_classes, EQFW_MAX_CLASSES,
		      most_in(f, "in zones", &zones),
		      "hosts with the same roles in the same zone cost no more than one");
}

bool factor_limit_prefixes(const struct factor *f)
{
	struct shares hosts;

	if (f->n_prefixes <= EQFW_MAX_PREFIXES)
		return true;
	hosts = shares_of_hosts(f);
	for (size_t i = 0; i < f->n_marks; i++)
		if (f->marks[i].endpoint != NO_INDEX)
			hosts.count[f->marks[i].endpoint]++;
	return refuse(f, "addresses and networks", f->n_prefixes, EQFW_MAX_PREFIXES,
		      most_in(f, "of hosts", &hosts),
		      "write a network in place of its single addresses");
}

static void count_program(const struct factor *f, uint32_t program, size_t *counts)
{
	const struct eqfw_program_rec *rec = &f->programs[program];
	uint32_t i, first = le32toh(rec->first);

	for (i = first; i < first + le32toh(rec->count); i++)
		counts[le32toh(f->program_rules[i].item)]++;
}

/* Items by the pairs of classes, or else the programs, that have rules of theirs. */
static const char *busiest_items(const struct factor *f)
{
	struct shares items = shares_of_items(f);

	for (size_t i = 0; i < f->n_cells; i++)
		count_program(f, f->cells[i].program, items.count);
	for (size_t i = 0; !f->n_cells && i < f->n_programs; i++)
		count_program(f, (uint32_t)i, items.count);
	return largest(f, &items);
}

bool factor_limit_rules(const struct factor *f, const char *what, size_t n, size_t max)
{
	if (n <= max)
		return true;
	return refuse(f, what, n, max,
		      arena_printf(f->arena, "most of them for items %s", busiest_items(f)),
		      "hosts with the same roles in the same zone cost no more than one");
}

static const char *items_of(const struct factor *f, uint32_t program)
{
	struct shares items = shares_of_items(f);

	if (program < f->n_programs)
		count_program(f, program, items.count);
	return largest(f, &items);
}

bool factor_fits(struct factor *f, const struct eqfw_profile *profile)
{
	struct eqfw_table *table = NULL;
	struct eqfw_fault fault = { 0 };
	int err = eqfw_table_build(profile, &table, &fault);

	eqfw_table_free(table);
	if (err != -E2BIG)
		return true;
	diag_error(f->diag, NOWHERE, "give one rule wider ports in place of many narrow ones",
		   "%s, with the rules of items %s, ...", fault.what,
		   strcmp(fault.section, "programs") ? busiest_items(f)
						     : items_of(f, fault.record));
	return false;
}
