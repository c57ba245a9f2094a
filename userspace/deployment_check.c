// SPDX-License-Identifier: GPL-2.0
/* What only the whole deployment shows: addresses of two zones, the box, guards. */
#include <stdlib.h>

#include "deployment_read.h"

/* An address of a host, for the search for equal ones. */
struct owned {
	struct prefix prefix;
	const struct endpoint *endpoint;
	size_t order;
};

static int owned_compare(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;
	int order = prefix_compare(&x->prefix, &y->prefix);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static size_t own(struct owned *owned, size_t n, const struct endpoint *endpoint, size_t order,
		  const struct prefix_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		owned[n++] = (struct owned){ list->prefixes[i], endpoint, order };
	return n;
}

static struct owned *all_owned(const struct deployment *deployment, size_t *n)
{
	struct owned *owned;
	size_t total = 1;

	for (size_t i = 0; i < deployment->n_endpoints; i++)
		total +=
			deployment->endpoints[i]->addresses.n + deployment->endpoints[i]->publics.n;
	owned = must_alloc(total * sizeof(*owned));
	*n = 0;
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (!endpoint->zone)
			continue;
		*n = own(owned, *n, endpoint, i, &endpoint->addresses);
		*n = own(owned, *n, endpoint, i, &endpoint->publics);
	}
	qsort(owned, *n, sizeof(*owned), owned_compare);
	return owned;
}

static void check_two_zones(struct deployment_reader *d)
{
	size_t n;
	struct owned *owned = all_owned(d->deployment, &n);

	for (size_t i = 1; i < n; i++) {
		const struct endpoint *one = owned[i - 1].endpoint, *two = owned[i].endpoint;

		if (prefix_compare(&owned[i - 1].prefix, &owned[i].prefix) ||
		    one->zone == two->zone)
			continue;
		diag_error(d->diag, two->place, "an address belongs to one zone",
			   "'%s' in zone '%s' has the address %s of '%s' in zone '%s' (line %u)",
			   two->name, two->zone->name, prefix_format(d->arena, &owned[i].prefix),
			   one->name, one->zone->name, one->place.line);
	}
	free(owned);
}

static void check_foreign_network(struct deployment_reader *d, const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->addresses.n; i++) {
		const struct prefix *prefix = &endpoint->addresses.prefixes[i];
		struct prefix network;
		const struct zone *zone = network_zone(d->deployment, prefix, &network);

		if (!zone || zone == endpoint->zone)
			continue;
		diag_warning(d->diag, endpoint->place,
			     "check the zone of the host; what is declared for a host wins",
			     "'%s' is in zone '%s', but its address %s lies in the network %s of "
			     "zone '%s'",
			     endpoint->name, endpoint->zone->name, prefix_format(d->arena, prefix),
			     prefix_format(d->arena, &network), zone->name);
		return;
	}
}

static bool is_network(const struct prefix *prefix)
{
	return prefix->len < (prefix->family == 4 ? 32 : 128);
}

/* One prefix of a host that holds more than one address: the box may have one of them. */
static bool covers_network(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->addresses.n; i++)
		if (is_network(&endpoint->addresses.prefixes[i]))
			return true;
	return false;
}

static void check_box_address(struct deployment_reader *d, const struct endpoint *endpoint)
{
	const struct prefix_list *box = &d->deployment->box;

	for (size_t i = 0; i < endpoint->addresses.n; i++) {
		const struct prefix *prefix = &endpoint->addresses.prefixes[i];

		if (!is_network(prefix) && prefix_list_contains(box, prefix))
			diag_error(d->diag, endpoint->place,
				   "the box is no host; state a DNAT address as `public:`",
				   "'%s' has the address %s, which is the box's own",
				   endpoint->name, prefix_format(d->arena, prefix));
	}
}

static void check_box_known(struct deployment_reader *d)
{
	const struct deployment *deployment = d->deployment;
	const char *help = "add `box: {address: [...]}` with every address of this firewall";

	for (size_t i = 0; i < deployment->n_rules; i++) {
		const struct site_rule *rule = &deployment->rules[i];

		if (rule->kind != SITE_RULE_GUARD && !rule->from.box && !rule->to.box)
			continue;
		diag_error(d->diag, rule->place, help,
			   "'box:' is missing, and the rule '%s' is "
			   "about it",
			   rule->name);
		return;
	}
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (!covers_network(endpoint))
			continue;
		diag_warning(d->diag, endpoint->place, help,
			     "'box:' is missing: where the addresses of '%s' cover one of this "
			     "firewall, the firewall is taken for that host",
			     endpoint->name);
		return;
	}
}

static void check_scope(struct deployment_reader *d)
{
	for (size_t i = 0; i < d->deployment->n_rules; i++)
		if (d->deployment->rules[i].kind == SITE_RULE_GUARD)
			return;
	if (d->deployment->scope_all)
		diag_warning(d->diag, yaml_place(yaml_get(d->top, "scope")),
			     "add `guards:` for SSH and what else the box needs",
			     "'scope: all' without guards closes the box itself");
}

static void check_empty(struct deployment_reader *d)
{
	struct yaml *hosts = yaml_get(d->top, "hosts");

	if (hosts && hosts->kind == YAML_MAP && !hosts->n)
		diag_warning(d->diag, yaml_place(hosts), "nothing will be judged until one is",
			     "no host is declared");
}

void check_deployment(struct deployment_reader *d)
{
	check_two_zones(d);
	check_public_ports(d);
	for (size_t i = 0; i < d->deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = d->deployment->endpoints[i];

		if (endpoint->zone)
			check_foreign_network(d, endpoint);
		check_box_address(d, endpoint);
		check_system_max(d, endpoint);
	}
	if (!yaml_get(d->top, "box"))
		check_box_known(d);
	check_scope(d);
	check_empty(d);
}
