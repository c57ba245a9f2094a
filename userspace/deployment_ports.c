// SPDX-License-Identifier: GPL-2.0
/* Ports that a site states: tunables within the document's limits, vendor ports, ranges. */
#include <string.h>

#include "deployment_read.h"

bool read_portset(struct deployment_reader *d, const struct yaml *node, const char *what,
		  struct portset *out)
{
	const char *text = yaml_text(node, what, d->diag);

	if (!text || !portset_parse(d->arena, text, node->at, d->diag, out))
		return false;
	if (!out->words && out->n)
		return true;
	diag_error(d->diag, node->at, "write numbers such as 80,443,1024-1324",
		   "'%s' is a word where ports in numbers were expected", text);
	return false;
}

/* "tcp 1720" */
static bool read_stated(struct deployment_reader *d, const struct yaml *node,
			struct stated_ports *out)
{
	struct service service;

	if (!read_service(d, node, &service))
		return false;
	if (service.proto == PROTO_IP) {
		diag_error(d->diag, node->at, "write tcp or udp and ports", "'%s' has no ports",
			   node->text);
		return false;
	}
	*out = (struct stated_ports){ .proto = service.proto,
				      .ports = service.ports,
				      .where = "stated by the site" };
	return true;
}

struct stated_ports *read_stated_ports(struct deployment_reader *d, struct yaml *node, size_t *n)
{
	struct stated_ports *ports = arena_alloc(d->arena, (yaml_count(node) + 1) * sizeof(*ports));

	*n = 0;
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child))
		if (read_stated(d, child, &ports[*n]))
			++*n;
	return ports;
}

void read_vendor_ports(struct deployment_reader *d)
{
	struct yaml *map = yaml_get(d->top, "vendor-ports");
	struct deployment *deployment = d->deployment;

	if (!map || !yaml_is_map(map, "'vendor-ports:'", d->diag))
		return;
	deployment->vendor_ports =
		arena_alloc(d->arena, (map->n + 1) * sizeof(*deployment->vendor_ports));
	for (struct yaml *node = map->first; node; node = node->next) {
		struct vendor_ports *vendor = &deployment->vendor_ports[deployment->n_vendor_ports];

		vendor->role = role_known(d, node->key);
		vendor->place = node->key->at;
		vendor->ports = read_stated_ports(d, node, &vendor->n_ports);
		if (vendor->role)
			deployment->n_vendor_ports++;
	}
}

static struct tunable *tunable_known(struct deployment_reader *d, const struct yaml *key)
{
	struct tunable *tunable = matrix_tunable(d->matrix, key->text);
	const char **ids;

	if (tunable)
		return tunable;
	ids = arena_alloc(d->arena, (d->matrix->n_tunables + 1) * sizeof(*ids));
	for (size_t i = 0; i < d->matrix->n_tunables; i++)
		ids[i] = d->matrix->tunables[i]->id;
	diag_error(d->diag, key->at,
		   yaml_did_you_mean(d->arena, key->text, ids, d->matrix->n_tunables,
				     "`eqfwctl matrix --tunables` lists them"),
		   "unknown tunable '%s'", key->text);
	return NULL;
}

/* Where the width is fixed, the base alone says all. */
static void widen(const struct tunable *tunable, struct port_range *range)
{
	unsigned int hi = range->lo + (unsigned int)(tunable->initial.hi - tunable->initial.lo);

	if (tunable->fixed_width && range->lo == range->hi && hi <= 65535)
		range->hi = (uint16_t)hi;
}

static bool read_value(struct deployment_reader *d, const struct yaml *node,
		       const struct tunable *tunable, struct port_range *range)
{
	struct portset set;
	const char *fault;

	if (!read_portset(d, node, "a port range", &set))
		return false;
	if (set.n != 1) {
		diag_error(d->diag, node->at, "write one range such as 12000-13000",
			   "'%s' is not one range", node->text);
		return false;
	}
	*range = set.ranges[0];
	widen(tunable, range);
	fault = tunable_fault(tunable, *range);
	if (fault)
		diag_error(d->diag, node->at, tunable_limits(d->arena, tunable),
			   "'%s: %s' is outside its limits: %s", tunable->id, node->text, fault);
	return !fault;
}

void read_tunables(struct deployment_reader *d, struct yaml *map, struct tunable_value **out,
		   size_t *n)
{
	*n = 0;
	if (!map || !yaml_is_map(map, "'tunables:'", d->diag))
		return;
	*out = arena_alloc(d->arena, (map->n + 1) * sizeof(**out));
	for (struct yaml *node = map->first; node; node = node->next) {
		struct tunable_value *value = &(*out)[*n];

		value->tunable = tunable_known(d, node->key);
		value->place = node->key->at;
		if (value->tunable && read_value(d, node, value->tunable, &value->range))
			++*n;
	}
}
