// SPDX-License-Identifier: GPL-2.0
/*
 * `public:` of hosts and legs: addresses where NAT leads to them, and the ports that it changes on the
 * way.
 *
 *	public: [198.51.100.10, {address: 198.51.100.11, ports: {tcp 8443: 443}, rest: closed}]
 */
#include <stdlib.h>

#include "deployment_read.h"

static const char *const public_keys[] = { "address", "ports", "rest" };

/* "tcp 8443" or "udp 20000-20999": one range. */
static bool read_at(struct deployment_reader *d, const struct yaml *key, struct service *out)
{
	if (!read_service(d, key, out))
		return false;
	if (out->proto != PROTO_IP && out->ports.n == 1 && !out->ports.words)
		return true;
	diag_error(d->diag, key->at,
		   "write tcp, udp or tcp+udp and one port or range: `tcp 8443: 443`",
		   "'%s' is not one port or range", key->text);
	return false;
}

/* As many ports of the host's own. */
static bool read_own(struct deployment_reader *d, const struct yaml *node, struct port_range at,
		     uint16_t *own)
{
	struct portset set;
	unsigned int n, wanted = at.hi - at.lo + 1u;

	if (!read_portset(d, node, "the host's own port", &set))
		return false;
	*own = set.ranges[0].lo;
	n = set.ranges[0].hi - set.ranges[0].lo + 1u;
	if (set.n == 1 && n == wanted)
		return true;
	if (set.n > 1)
		diag_error(d->diag, node->at, "write each range as an entry of its own",
			   "'%s' is not one port or range", node->text);
	else
		diag_error(d->diag, node->at, "write ranges of the same width",
			   "%u public ports lead to %u of the host", wanted, n);
	return false;
}

static struct port_map *map_alloc(struct arena *arena, size_t n)
{
	struct port_map *map = arena_alloc(arena, sizeof(*map));

	map->moves = arena_alloc(arena, n * sizeof(*map->moves) + 1);
	map->places = arena_alloc(arena, n * sizeof(*map->places) + 1);
	return map;
}

static bool meet(const struct port_move *a, const struct port_move *b)
{
	return a->proto == b->proto && a->at.lo <= b->at.hi && b->at.lo <= a->at.hi;
}

static bool before(const struct port_move *a, const struct port_move *b)
{
	return a->proto != b->proto ? a->proto < b->proto : a->at.lo < b->at.lo;
}

/* "tcp 8443" */
static const char *ports_text(struct arena *arena, const struct port_move *move)
{
	struct portset set = { .ranges = (struct port_range[]){ move->at }, .n = 1 };

	return arena_printf(arena, "%s %s", proto_name(move->proto), portset_format(arena, &set));
}

/* At its place in the order; one that stands already in the way is an error. */
static void map_insert(struct deployment_reader *d, struct port_map *map, struct port_move move,
		       struct place at)
{
	size_t i = map->n;

	while (i && before(&move, &map->moves[i - 1]))
		i--;
	for (size_t k = i ? i - 1 : 0; k < map->n && k <= i; k++) {
		if (!meet(&map->moves[k], &move))
			continue;
		diag_error(d->diag, at, "a public port leads to one port",
			   "'%s' is stated twice (line %u)", ports_text(d->arena, &move),
			   map->places[k].line);
		return;
	}
	for (size_t k = map->n++; k > i; k--) {
		map->moves[k] = map->moves[k - 1];
		map->places[k] = map->places[k - 1];
	}
	map->moves[i] = move;
	map->places[i] = at;
}

static void map_describe(struct arena *arena, struct port_map *map)
{
	const char *text = "";

	for (size_t i = 0; i < map->n; i++) {
		const struct port_move *move = &map->moves[i];
		struct port_range own = { move->own,
					  (uint16_t)(move->own + move->at.hi - move->at.lo) };
		struct portset set = { .ranges = &own, .n = 1 };

		text = arena_printf(arena, "%s%s%s -> %s", text, i ? ", " : "",
				    ports_text(arena, move), portset_format(arena, &set));
	}
	map->text = map->closed ? arena_printf(arena, "%s, rest closed", text) : text;
}

#define MOVES_MAX 1024 /* of one entry */

static struct port_map *read_ports(struct deployment_reader *d, const struct yaml *ports)
{
	struct port_map *map;

	if (!yaml_is_map(ports, "'ports:' of a public address", d->diag))
		return NULL;
	if (!ports->n || ports->n > MOVES_MAX) {
		diag_error(d->diag, yaml_place(ports),
			   "write what DNAT changes: `ports: {tcp 8443: 443}`",
			   "%zu entries: 1 to %u can be", ports->n, MOVES_MAX);
		return NULL;
	}
	map = map_alloc(d->arena, 2 * ports->n);
	for (const struct yaml *node = ports->first; node; node = node->next) {
		struct port_move move;
		struct service at;

		if (!read_at(d, node->key, &at))
			continue;
		move.at = at.ports.ranges[0];
		if (!read_own(d, node, move.at, &move.own))
			continue;
		for (unsigned int proto = PROTO_TCP; proto <= PROTO_UDP; proto <<= 1) {
			move.proto = (uint16_t)proto;
			if (at.proto & proto)
				map_insert(d, map, move, node->key->at);
		}
	}
	return map;
}

/* What changes, and what becomes of the ports that do not. */
static const struct port_map *read_map(struct deployment_reader *d, const struct yaml *node)
{
	static const char *const words[] = { "same", "closed" };
	const struct yaml *ports = yaml_get(node, "ports"), *rest = yaml_get(node, "rest");
	struct port_map *map = ports ? read_ports(d, ports) : NULL;

	if (rest && !ports)
		diag_error(d->diag, yaml_place(rest), "add `ports:`, or take it out",
			   "'rest:' without 'ports:'");
	if (!map)
		return NULL;
	map->closed = rest && yaml_word(rest, "rest", words, ARRAY_LEN(words), d->diag) == 1;
	map->rest_stated = rest;
	map_describe(d->arena, map);
	return map;
}

static void read_public(struct deployment_reader *d, struct yaml *node, struct endpoint *out)
{
	struct public_address *public = &out->public[out->n_public++];
	struct diag silent = { .quiet = true }, *diag = d->diag;
	struct yaml *address = node;

	*public = (struct public_address){ 0 };
	if (node->kind == YAML_MAP) {
		yaml_known_keys(node, public_keys, ARRAY_LEN(public_keys), d->diag);
		address = yaml_require(node, "address", NULL, d->diag);
		public->map = read_map(d, node);
	}
	read_address_list(d, address, "a public address", &public->addresses);
	prefix_list_finish(d->arena, &public->addresses, NULL);
	/* Again, among those of the other entries; what is wrong with it was said. */
	d->diag = &silent;
	read_address_list(d, address, "a public address", &out->publics);
	d->diag = diag;
}

void read_publics(struct deployment_reader *d, struct yaml *node, struct endpoint *out)
{
	out->publics = (struct prefix_list){ 0 };
	out->n_public = 0;
	out->public = arena_alloc(d->arena, (yaml_count(node) + 1) * sizeof(*out->public));
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child))
		read_public(d, child, out);
	prefix_list_finish(d->arena, &out->publics, NULL);
}

/* A public prefix whose ports somebody states. */
struct stated {
	struct prefix prefix;
	const struct endpoint *endpoint;
	const struct port_map *map;
	size_t order;
};

static int stated_compare(const void *a, const void *b)
{
	const struct stated *x = a, *y = b;
	int order = prefix_compare(&x->prefix, &y->prefix);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static struct stated *all_stated(const struct deployment *deployment, size_t *n)
{
	struct stated *stated = NULL;
	size_t capacity = 0;

	*n = 0;
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		for (size_t p = 0; p < endpoint->n_public; p++) {
			const struct public_address *public = &endpoint->public[p];

			for (size_t a = 0; public->map && a < public->addresses.n; a++) {
				GROW(stated, *n, capacity);
				stated[*n] = (struct stated){ public->addresses.prefixes[a],
							      endpoint, public->map, *n };
				++*n;
			}
		}
	}
	if (*n)
		qsort(stated, *n, sizeof(*stated), stated_compare);
	return stated;
}

/* False after an error. */
static bool share_well(struct deployment_reader *d, const struct stated *a, const struct stated *b)
{
	const struct stated *one = a->order < b->order ? a : b, *two = one == a ? b : a;

	/* The legs of a host that states it for all of them. */
	if (one->map == two->map)
		return true;
	for (size_t i = 0, k = 0; i < one->map->n && k < two->map->n;) {
		const struct port_move *x = &one->map->moves[i], *y = &two->map->moves[k];

		if (meet(x, y)) {
			diag_error(d->diag, two->map->places[k], "a public port leads to one host",
				   "'%s' of %s leads to '%s', and to '%s' already (line %u)",
				   ports_text(d->arena, y), prefix_format(d->arena, &b->prefix),
				   two->endpoint->name, one->endpoint->name,
				   one->map->places[i].line);
			return false;
		}
		if (before(x, y))
			i++;
		else
			k++;
	}
	return true;
}

void check_public_ports(struct deployment_reader *d)
{
	size_t n;
	struct stated *stated = all_stated(d->deployment, &n);

	/* Sorted, what lies inside a prefix follows it. */
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			if (!prefix_contains(&stated[i].prefix, &stated[k].prefix) ||
			    !share_well(d, &stated[i], &stated[k]))
				break;
		}
	free(stated);
}
