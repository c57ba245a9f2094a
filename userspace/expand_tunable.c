// SPDX-License-Identifier: GPL-2.0
/* Tunables move printed ports to where the site has them. */
#include "expand.h"

static const struct tunable_value *value_in(const struct tunable_value *values, size_t n,
					    const struct tunable *tunable)
{
	for (size_t i = 0; i < n; i++) {
		if (values[i].tunable == tunable)
			return &values[i];
	}
	return NULL;
}

static bool plays(const struct endpoint *endpoint, const struct role *role)
{
	for (size_t i = 0; i < endpoint->roles.n; i++) {
		if (role_is(endpoint->roles.roles[i], role))
			return true;
	}
	return false;
}

/* The value of the tunable itself, else of one that it follows. */
static const struct tunable_value *value_among(const struct tunable_value *values, size_t n,
					       const struct endpoint *endpoint,
					       const struct tunable *tunable)
{
	const struct tunable_value *value = value_in(values, n, tunable);

	for (size_t i = 0; !value && i < tunable->n_follows; i++) {
		if (plays(endpoint, tunable->follows[i]->role))
			value = value_in(values, n, tunable->follows[i]);
	}
	return value;
}

const struct tunable_value *tunable_stated(const struct deployment *deployment,
					   const struct endpoint *endpoint,
					   const struct tunable *tunable)
{
	const struct tunable_value *value =
		value_among(endpoint->tunables, endpoint->n_tunables, endpoint, tunable);

	return value ? value
		     : value_among(deployment->tunables, deployment->n_tunables, endpoint, tunable);
}

static struct port_range value_of(const struct expansion *x, const struct endpoint *endpoint,
				  const struct tunable *tunable)
{
	const struct tunable_value *value = tunable_stated(x->deployment, endpoint, tunable);

	return value ? value->range : tunable->initial;
}

/*
 * Where `inside`, a part of the initial range, goes. The whole range becomes the whole new one; a part
 * keeps its distance from the base, as far as the new range goes.
 */
static struct port_range part_move(struct port_range inside, struct port_range initial,
				   struct port_range value)
{
	unsigned int lo = value.lo + (unsigned int)(inside.lo - initial.lo);
	unsigned int hi = value.lo + (unsigned int)(inside.hi - initial.lo);

	if (inside.lo == initial.lo && inside.hi == initial.hi)
		return value;
	if (lo > value.hi)
		return value;
	return (struct port_range){ (uint16_t)lo, (uint16_t)(hi > value.hi ? value.hi : hi) };
}

/* A row that several devices share names the tunable of one; another's own has the same default. */
static const struct tunable *twin_of(const struct expansion *x, const struct endpoint *endpoint,
				     const struct tunable *tunable, unsigned int l4)
{
	const struct matrix *matrix = x->deployment->matrix;

	for (size_t i = 0; i < matrix->n_tunables; i++) {
		const struct tunable *twin = matrix->tunables[i];

		if (twin->initial.lo == tunable->initial.lo &&
		    twin->initial.hi == tunable->initial.hi && (twin->proto & 1u << l4) &&
		    plays(endpoint, twin->role))
			return twin;
	}
	return NULL;
}

static struct portset ports_move(const struct expansion *x, struct port_range initial,
				 struct port_range value, const struct portset *ports)
{
	struct portset from = range_set(x->scratch, initial.lo, initial.hi);
	struct portset moved = portset_minus(x->scratch, ports, &from);

	for (size_t i = 0; i < ports->n; i++) {
		struct port_range inside = ports->ranges[i];

		if (inside.lo < initial.lo)
			inside.lo = initial.lo;
		if (inside.hi > initial.hi)
			inside.hi = initial.hi;
		if (inside.lo > inside.hi)
			continue;
		inside = part_move(inside, initial, value);
		portset_add(x->scratch, &moved, range_set(x->scratch, inside.lo, inside.hi));
	}
	return moved;
}

struct portset tunable_move(const struct expansion *x, const struct endpoint *endpoint,
			    const struct tunable *tunable, unsigned int l4,
			    const struct portset *ports)
{
	if (tunable && !plays(endpoint, tunable->role))
		tunable = twin_of(x, endpoint, tunable, l4);
	if (!tunable || !(tunable->proto & 1u << l4))
		return *ports;
	return ports_move(x, tunable->initial, value_of(x, endpoint, tunable), ports);
}

static bool holds_exactly(const struct portset *ports, struct port_range range)
{
	for (size_t i = 0; i < ports->n; i++) {
		if (ports->ranges[i].lo == range.lo && ports->ranges[i].hi == range.hi)
			return true;
	}
	return false;
}

struct portset tunables_move(const struct expansion *x, const struct end *end,
			     const struct role *role, unsigned int l4, const struct portset *ports)
{
	const struct endpoint *endpoint = end->behaviour->like;
	const struct matrix *matrix = x->deployment->matrix;
	struct portset old = { 0 }, new = { 0 }, moved;

	/* All at once: where one range goes, another may come from. */
	for (size_t i = 0; i < matrix->n_tunables; i++) {
		const struct tunable *tunable = matrix->tunables[i];
		struct port_range initial = tunable->initial, value;

		if (!(tunable->proto & 1u << l4) || !holds_exactly(ports, initial) ||
		    !(role ? role_is(role, tunable->role) : plays(endpoint, tunable->role)))
			continue;
		value = value_of(x, endpoint, tunable);
		/* Of twins the first that says something moves them. */
		if ((value.lo == initial.lo && value.hi == initial.hi) ||
		    portset_has(&old, initial.lo))
			continue;
		portset_add(x->scratch, &old, range_set(x->scratch, initial.lo, initial.hi));
		portset_add(x->scratch, &new, range_set(x->scratch, value.lo, value.hi));
	}
	moved = portset_minus(x->scratch, ports, &old);
	return portset_union(x->scratch, &moved, &new);
}
