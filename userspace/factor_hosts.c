// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts and an address of each, for `explain` and `test`. A host with `address: any` gets an example:
 * an address of its zone that belongs to nobody, so that the example is judged as a stranger.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "factor.h"

/* Where strangers of the default zone come from: documentation first (RFC 5737, 3849, 9637). */
static const struct prefix stranger_networks[] = {
	{ .addr.b = { 203, 0, 113 }, .family = 4, .len = 24 },
	{ .addr.b = { 198, 51, 100 }, .family = 4, .len = 24 },
	{ .addr.b = { 192, 0, 2 }, .family = 4, .len = 24 },
	{ .addr.b = { 198, 18 }, .family = 4, .len = 15 },
	{ .addr.b = { 8 }, .family = 4, .len = 5 },
	{ .addr.b = { 0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff }, .family = 6, .len = 48 },
	{ .addr.b = { 0x20, 0x01, 0x0d, 0xb8 }, .family = 6, .len = 32 },
	{ .addr.b = { 0x3f, 0xff }, .family = 6, .len = 20 },
	{ .addr.b = { 0x20 }, .family = 6, .len = 3 },
};

#define N_STRANGER_NETWORKS (sizeof(stranger_networks) / sizeof(stranger_networks[0]))

static bool is_stranger(const struct factor *f, const struct prefix *address, uint16_t zone)
{
	const struct class_key *key = f->classes[factor_lookup(f, address)].key;

	return key->zone == zone && !key->flags && !key->n;
}

static size_t first_prefix_in(const struct factor *f, const struct prefix *network)
{
	size_t lo = 0, hi = f->n_prefixes;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (prefix_compare(&f->prefixes[middle].prefix, network) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static bool try_after(const struct factor *f, const struct prefix *network,
		      const struct eqfw_addr *after, uint16_t zone, struct prefix *found)
{
	struct prefix address = { .addr = *after, .family = network->family };

	address.len = network->family == 4 ? 32 : 128;
	if (!address_next(&address.addr, address.family) || !prefix_contains(network, &address) ||
	    !is_stranger(f, &address, zone))
		return false;
	*found = address;
	return true;
}

/*
 * What is free in a network begins behind its own address or behind the end of some prefix in it:
 * no other place needs a look.
 */
static bool find_in_network(const struct factor *f, const struct prefix *network, uint16_t zone,
			    struct prefix *found)
{
	if (try_after(f, network, &network->addr, zone, found))
		return true;
	for (size_t i = first_prefix_in(f, network);
	     i < f->n_prefixes && prefix_contains(network, &f->prefixes[i].prefix); i++) {
		struct eqfw_addr last = prefix_last(&f->prefixes[i].prefix);

		if (try_after(f, network, &last, zone, found))
			return true;
	}
	return false;
}

static bool find_stranger(const struct factor *f, uint16_t zone, unsigned int family,
			  struct prefix *found)
{
	const struct prefix_list *networks = &f->zones[zone]->networks;

	for (size_t i = 0; i < networks->n_written; i++) {
		if (networks->written[i].family == family &&
		    find_in_network(f, &networks->written[i], zone, found))
			return true;
	}
	for (size_t i = 0; zone == f->default_zone && i < N_STRANGER_NETWORKS; i++) {
		if (stranger_networks[i].family == family &&
		    find_in_network(f, &stranger_networks[i], zone, found))
			return true;
	}
	return false;
}

static struct prefix first_address(const struct prefix_list *addresses,
				   const struct prefix_list *publics, unsigned int family)
{
	const struct prefix *own = family == 4 ? &addresses->first4 : &addresses->first6;
	const struct prefix *public = family == 4 ? &publics->first4 : &publics->first6;

	return own->family ? *own : *public;
}

static void host_fill(const struct factor *f, const struct endpoint *endpoint,
		      struct eqfw_host_rec *rec)
{
	uint16_t zone = factor_zone_id(f, endpoint->zone), flags = 0;
	struct prefix v4 = first_address(&endpoint->addresses, &endpoint->publics, 4);
	struct prefix v6 = first_address(&endpoint->addresses, &endpoint->publics, 6);

	if (endpoint->any) {
		flags |= EQFW_HOST_ANY;
		if (!find_stranger(f, zone, 4, &v4))
			v4.family = 0;
		if (!find_stranger(f, zone, 6, &v6))
			v6.family = 0;
	}
	if (v4.family) {
		flags |= EQFW_HOST_ADDR4;
		memcpy(rec->addr4, v4.addr.b, sizeof(rec->addr4));
	}
	if (v6.family) {
		flags |= EQFW_HOST_ADDR6;
		memcpy(rec->addr6, v6.addr.b, sizeof(rec->addr6));
	}
	rec->zone = htole16(zone);
	rec->flags = htole16(flags);
}

static int endpoint_compare(const void *a, const void *b)
{
	const struct endpoint *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

const struct endpoint **factor_hosts(struct factor *f, struct eqfw_host_rec **records)
{
	const struct deployment *deployment = f->ruleset->deployment;
	size_t n = deployment->n_endpoints;
	const struct endpoint **sorted = arena_alloc(f->arena, (n + 1) * sizeof(*sorted));

	*records = arena_alloc(f->arena, (n + 1) * sizeof(**records));
	for (size_t i = 0; i < n; i++)
		sorted[i] = deployment->endpoints[i];
	qsort(sorted, n, sizeof(*sorted), endpoint_compare);
	for (size_t i = 0; i < n; i++)
		host_fill(f, sorted[i], &(*records)[i]);
	return sorted;
}
