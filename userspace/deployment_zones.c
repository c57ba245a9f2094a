// SPDX-License-Identifier: GPL-2.0
/* box and zones: the sides of the perimeter, their interfaces and networks. */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <eqfw/format.h>

#include "deployment_read.h"

static const char *const box_keys[] = { "address", "vip" };
static const char *const zone_keys[] = { "interfaces", "networks", "default", "intra", "ipsec" };

/* A network as it was written, for the search for equal ones. */
struct written {
	struct prefix prefix;
	const struct zone *zone;
	struct place place;
};

struct written_list {
	struct written *networks;
	size_t n;
	size_t capacity;
};

static void check_single(struct deployment_reader *d, struct yaml *node)
{
	struct diag quiet = { .quiet = true };
	struct prefix prefix;

	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		if (child->kind != YAML_SCALAR)
			continue;
		if (strchr(child->text, '/') ||
		    !prefix_parse(child->text, child->at, &quiet, &prefix))
			diag_error(d->diag, child->at, "list each address of the box by itself",
				   "'%s' is not one address", child->text);
	}
}

void read_box(struct deployment_reader *d)
{
	struct yaml *box = yaml_get(d->top, "box");
	unsigned int errors = d->diag->errors;

	if (!box || !yaml_is_map(box, "'box:'", d->diag))
		return;
	yaml_known_keys(box, box_keys, ARRAY_LEN(box_keys), d->diag);
	if (!yaml_require(box, "address", "list the addresses of this firewall", d->diag))
		return;
	for (size_t i = 0; i < ARRAY_LEN(box_keys); i++)
		read_address_list(d, yaml_get(box, box_keys[i]), "an address", &d->deployment->box);
	for (size_t i = 0; i < ARRAY_LEN(box_keys) && d->diag->errors == errors; i++)
		check_single(d, yaml_get(box, box_keys[i]));
	if (d->diag->errors == errors)
		read_address_list(d, yaml_get(box, "vip"), "an address", &d->deployment->vip);
	prefix_list_finish(d->arena, &d->deployment->box, NULL);
	prefix_list_finish(d->arena, &d->deployment->vip, NULL);
}

static const char *interface_fault(const char *name)
{
	const char *star = strchr(name, '*');

	if (strlen(name) >= IFNAMSIZ)
		return "interface names have at most 15 characters";
	if (star && star[1])
		return "'*' stands at the end of a pattern";
	if (strpbrk(name, " \t/:") || !strcmp(name, ".") || !strcmp(name, ".."))
		return "no interface has such a name";
	return NULL;
}

static void read_interfaces(struct deployment_reader *d, struct zone *zone, struct yaml *node)
{
	zone->interfaces = arena_alloc(d->arena, (yaml_count(node) + 1) * sizeof(char *));
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		const char *name = yaml_text(child, "an interface", d->diag), *fault;
		bool twice = false;

		if (!name)
			continue;
		fault = interface_fault(name);
		for (size_t i = 0; i < zone->n_interfaces; i++)
			twice |= !strcmp(zone->interfaces[i], name);
		if (fault)
			diag_error(d->diag, child->at,
				   "`ip link` shows their names; eth* stands for all that begin so",
				   "bad interface '%s': %s", name, fault);
		else if (twice)
			diag_error(d->diag, child->at, "take one of them out",
				   "interface '%s' comes twice in zone '%s'", name, zone->name);
		else
			zone->interfaces[zone->n_interfaces++] = name;
	}
}

static void read_network(struct deployment_reader *d, struct zone *zone, struct yaml *node,
			 struct written_list *all)
{
	const char *text = yaml_text(node, "a network", d->diag);
	struct prefix prefix;

	if (!text)
		return;
	if (!strcmp(text, "any")) {
		diag_error(d->diag, node->at, "write `default: true`",
			   "a zone of every address is the default zone");
		return;
	}
	if (!prefix_parse(text, node->at, d->diag, &prefix) ||
	    !address_usable(d, &prefix, false, node->at))
		return;
	prefix_list_add(d->arena, &zone->networks, text, node->at, d->diag);
	GROW(all->networks, all->n, all->capacity);
	all->networks[all->n++] =
		(struct written){ .prefix = prefix, .zone = zone, .place = node->at };
}

static void read_intra(struct deployment_reader *d, struct zone *zone, struct yaml *node)
{
	static const char *const words[] = { "pass", "enforce" };
	int i = node ? yaml_word(node, "setting", words, 2, d->diag) : -1;

	zone->intra_enforce = i == 1 || zone->is_default;
	if (i == 0 && zone->is_default)
		diag_error(d->diag, node->at, "take it out",
			   "inside the default zone is always enforced");
}

static void read_zone(struct deployment_reader *d, struct zone *zone, struct yaml *node,
		      struct written_list *all)
{
	struct yaml *networks = yaml_get(node, "networks"), *ipsec = yaml_get(node, "ipsec");
	struct yaml *is_default = yaml_get(node, "default");

	yaml_known_keys(node, zone_keys, ARRAY_LEN(zone_keys), d->diag);
	if (is_default)
		yaml_bool(is_default, &zone->is_default, d->diag);
	read_interfaces(d, zone, yaml_get(node, "interfaces"));
	for (struct yaml *child = yaml_first(networks); child; child = yaml_after(networks, child))
		read_network(d, zone, child, all);
	prefix_list_finish(d->arena, &zone->networks, NULL);
	read_intra(d, zone, yaml_get(node, "intra"));
	if (ipsec)
		yaml_bool(ipsec, &zone->ipsec, d->diag);
	if (!zone->is_default && !zone->ipsec && !yaml_get(node, "interfaces") && !networks)
		diag_error(d->diag, yaml_place(node), "give it interfaces, networks or both",
			   "zone '%s' has neither interfaces nor networks", zone->name);
}

static int written_compare(const void *a, const void *b)
{
	const struct written *x = a, *y = b;
	int order = prefix_compare(&x->prefix, &y->prefix);

	if (order)
		return order;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	return (x->place.col > y->place.col) - (x->place.col < y->place.col);
}

static void check_networks(struct deployment_reader *d, struct written_list *all)
{
	if (all->n)
		qsort(all->networks, all->n, sizeof(*all->networks), written_compare);
	for (size_t i = 1; i < all->n; i++) {
		const struct written *one = &all->networks[i - 1], *two = &all->networks[i];

		if (prefix_compare(&one->prefix, &two->prefix) || one->zone == two->zone)
			continue;
		diag_error(d->diag, two->place,
			   "an address belongs to one zone: take it out of one, or split it",
			   "zones '%s' and '%s' both have the network %s (the other is in line %u)",
			   one->zone->name, two->zone->name, prefix_format(d->arena, &two->prefix),
			   one->place.line);
	}
	free(all->networks);
}

static struct zone *add_zone(struct deployment_reader *d, const char *name, struct place at)
{
	struct zone *zone = arena_alloc(d->arena, sizeof(*zone));

	zone->name = name;
	zone->place = at;
	d->deployment->zones[d->deployment->n_zones++] = zone;
	return zone;
}

static void add_box_zone(struct deployment_reader *d)
{
	struct yaml *box = yaml_get(d->top, "box");
	struct zone *zone = add_zone(d, "box", box ? box->key->at : d->top->at);

	zone->is_box = true;
	zone->intra_enforce = true;
}

static void check_default(struct deployment_reader *d)
{
	const struct zone *first = NULL;

	for (size_t i = 0; i < d->deployment->n_zones; i++) {
		const struct zone *zone = d->deployment->zones[i];

		if (!zone->is_default)
			continue;
		if (first)
			diag_error(d->diag, zone->place, "keep `default: true` in one of them",
				   "two default zones: '%s' and '%s'", first->name, zone->name);
		first = zone;
	}
}

static void read_zone_map(struct deployment_reader *d, struct yaml *zones)
{
	struct written_list all = { 0 };

	if (zones->n >= EQFW_MAX_ZONES)
		diag_error(d->diag, yaml_place(zones), "join some", "%zu zones: %u are the limit",
			   zones->n, EQFW_MAX_ZONES - 1);
	for (struct yaml *node = zones->first; node; node = node->next) {
		struct zone *zone;

		if (!site_name(d, node->key, "zone") || !yaml_is_map(node, "a zone", d->diag))
			continue;
		zone = add_zone(d, node->key->text, node->key->at);
		name_declare(d, (struct known_name){ .name = zone->name,
						     .place = zone->place,
						     .zone = zone,
						     .host = -1 });
		read_zone(d, zone, node, &all);
	}
	check_networks(d, &all);
}

void read_zones(struct deployment_reader *d)
{
	struct yaml *zones =
		yaml_require(d->top, "zones", "declare the sides of the perimeter", d->diag);
	size_t n = zones ? zones->n : 0;

	d->deployment->zones = arena_alloc(d->arena, (n + 1) * sizeof(struct zone *));
	if (zones && yaml_is_map(zones, "'zones:'", d->diag))
		read_zone_map(d, zones);
	add_box_zone(d);
	check_default(d);
}

struct zone *zone_ref(struct deployment_reader *d, const struct yaml *node)
{
	const char *name = yaml_text(node, "a zone", d->diag);
	const struct known_name *known = name ? name_find(d, name) : NULL;

	if (known && known->zone)
		return known->zone;
	if (name && !strcmp(name, "box"))
		diag_error(d->diag, node->at, "list the addresses under `box:` instead",
			   "the firewall itself is no zone of hosts");
	else if (name)
		diag_error(d->diag, node->at, suggest_name(d, name, true), "unknown zone '%s'",
			   name);
	return NULL;
}
