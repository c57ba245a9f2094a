// SPDX-License-Identifier: GPL-2.0
/*
 * "Always blocked" (DESIGN 3.8): ports closed on the section's product for everybody. Only an item that
 * names the pair and the port exactly keeps them open: never a range, a word, or an `any` host.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "expand.h"

static bool plays_product(const struct behaviour *behaviour, const struct item *forbid)
{
	struct role *product = forbid->row->section->product;
	const struct role_list list = { .roles = &product, .n = 1 };

	return endpoint_plays(behaviour->like, &list, NULL) != NULL;
}

/* The ports that it closes, by the site's reading where there is one in numbers. */
static const struct portset *closed_ports(const struct expansion *x, const struct item *forbid)
{
	const struct reading_override *reading =
		reading_of(x->deployment, forbid, SIDE_DESTINATION);

	return reading && !reading->ports.words ? &reading->ports : &forbid->dst;
}

void forbids_collect(struct expansion *x)
{
	const struct matrix *matrix = x->deployment->matrix;

	x->forbids = arena_alloc(x->ruleset->arena, matrix->n_items * sizeof(*x->forbids) + 1);
	for (size_t i = 0; i < matrix->n_items; i++) {
		if (forbid_stands(x, matrix->items[i]))
			x->forbids[x->n_forbids++] = matrix->items[i];
	}
}

void forbid_expand(struct expansion *x, const struct item *item)
{
	struct portset everything = range_set(x->scratch, 1, 65535);
	const struct portset *closed = closed_ports(x, item);

	for (size_t i = 0; i < x->n_behaviours; i++) {
		const struct behaviour *behaviour = &x->behaviours[i];

		if (behaviour->like->any || !plays_product(behaviour, item))
			continue;
		for (unsigned int l4 = 0; l4 < N_L4; l4++) {
			if (!(item->proto & 1u << l4))
				continue;
			for (size_t j = 0; j < closed->n; j++)
				forbid_emit(x,
					    (struct rule){ .to = behaviour->group,
							   .proto = l4_proto(l4),
							   .src = everything.ranges[0],
							   .dst = closed->ranges[j],
							   .item = matrix_item_record(x, item) });
		}
	}
}

struct portset forbids_on(const struct expansion *x, const struct behaviour *behaviour,
			  unsigned int l4)
{
	struct portset closed = { 0 };

	for (size_t i = 0; i < x->n_forbids; i++) {
		if ((x->forbids[i]->proto & 1u << l4) && plays_product(behaviour, x->forbids[i]))
			portset_add(x->scratch, &closed, *closed_ports(x, x->forbids[i]));
	}
	return closed;
}

/* Is the number printed by itself? Sets join neighbours: "3336, 3337" and "3336-3337" look alike. */
static bool printed_alone(const char *printed, unsigned int port)
{
	const char *c = printed, *before, *after;
	char *end;

	while (*c) {
		if (!isdigit((unsigned char)*c)) {
			c++;
			continue;
		}
		for (before = c; before > printed && before[-1] == ' ';)
			before--;
		if (strtoul(c, &end, 10) == port) {
			after = end + strspn(end, " ");
			if (*after != '-' && (before == printed || before[-1] != '-'))
				return true;
		}
		c = end == c ? c + 1 : c + strspn(c, "0123456789");
	}
	return false;
}

static struct portset exact_ports(const struct expansion *x, const struct item *item,
				  enum side side, const struct end *end, unsigned int l4,
				  const struct portset *closed)
{
	struct portset printed = printed_listening(x, item, side, end, l4);
	struct portset exact = { 0 };

	for (size_t i = 0; i < printed.n; i++) {
		struct port_range range = printed.ranges[i];

		for (unsigned int port = range.lo; port <= range.hi; port++) {
			if (!portset_has(closed, (uint16_t)port))
				continue;
			if (range.lo == range.hi || printed_alone(item->printed, port))
				portset_add(x->scratch, &exact, range_set(x->scratch, port, port));
		}
	}
	return exact;
}

/* A role that the product merely also is ("any H.323 device") does not name the product. */
static bool names_product(const struct end *end, const struct item *forbid)
{
	const struct role *product = forbid->row->section->product;

	return end->named == product || !role_is(product, end->named);
}

struct portset forbids_exact(const struct expansion *x, const struct item *item, enum side side,
			     const struct end *end, unsigned int l4)
{
	struct portset exact = { 0 }, refused = { 0 };

	for (size_t i = 0; i < x->n_forbids; i++) {
		const struct item *forbid = x->forbids[i];

		if (!(forbid->proto & 1u << l4) || !plays_product(end->behaviour, forbid))
			continue;
		if (names_product(end, forbid))
			portset_add(x->scratch, &exact,
				    exact_ports(x, item, side, end, l4, closed_ports(x, forbid)));
		else
			portset_add(x->scratch, &refused, *closed_ports(x, forbid));
	}
	return portset_minus(x->scratch, &exact, &refused);
}
