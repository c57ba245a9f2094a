// SPDX-License-Identifier: GPL-2.0
/* The ports of an item's two ends: where one opens from, where the other is called at. */
#include "expand.h"

/* Append what plays one of the roles. */
struct end_list ends_of(struct expansion *x, const struct role_list *roles)
{
	struct end_list list = { 0 };

	list.ends = arena_alloc(x->scratch, x->n_behaviours * sizeof(*list.ends) + 1);
	for (size_t i = 0; i < x->n_behaviours; i++) {
		struct end end = { .behaviour = &x->behaviours[i] };

		end.role = endpoint_plays(end.behaviour->like, roles, &end.named);
		if (end.role)
			list.ends[list.n++] = end;
	}
	return list;
}

/* Section 3.5: the printed ports, and the ephemeral range where no client range is among them. */
static struct portset opens_from(const struct expansion *x, const struct item *item, enum side side,
				 const struct end *end, unsigned int l4)
{
	bool client;
	struct portset ports = printed_client(x, item, side, end, l4, &client);
	unsigned int words = ports.words;

	if (portset_empty(&ports))
		return ports;
	if (words & PORTS_ALL)
		return range_set(x->scratch, 1, 65535);
	ports.words = 0;
	if (!client || (words & (PORTS_EPHEMERAL | PORTS_VENDOR)))
		portset_add(x->scratch, &ports, ephemeral_ports(x, end, l4));
	if (item->call != CALL_NONE && (words & (PORTS_EPHEMERAL | PORTS_VENDOR)))
		portset_add(x->scratch, &ports, all_stated(x, end, l4, item_call(item, l4)));
	else if (words & PORTS_VENDOR)
		portset_add(x->scratch, &ports, site_stated(x, end, l4, CALL_NONE));
	return ports;
}

static struct portset service_ports(const struct expansion *x, const struct item *item,
				    enum side side, struct end *end, unsigned int l4)
{
	struct portset ports = printed_listening(x, item, side, end, l4);
	unsigned int words = ports.words;

	if (words & PORTS_ALL)
		return range_set(x->scratch, 1, 65535);
	ports.words = 0;
	if (words & PORTS_EPHEMERAL)
		portset_add(x->scratch, &ports, ephemeral_ports(x, end, l4));
	if (words & PORTS_VENDOR) {
		struct portset stated = site_stated(x, end, l4, CALL_NONE);

		end->stated |= stated.n > 0;
		end->unstated |= !stated.n;
		portset_add(x->scratch, &ports, stated);
	}
	return ports;
}

static struct portset called_at(const struct expansion *x, const struct item *item, enum side side,
				struct end *end, unsigned int l4, enum caller caller)
{
	if (item->call == CALL_NONE)
		return service_ports(x, item, side, end, l4);
	return call_ports(x, item, side, end, l4, caller);
}

/* What is always blocked stays closed, but for ports that the item names exactly. */
static void called_fill(const struct expansion *x, const struct item *item, enum side side,
			struct end *end, unsigned int l4)
{
	struct portset named = called_at(x, item, side, end, l4, CALLER_NAMED);
	struct portset any = called_at(x, item, side, end, l4, CALLER_ANY);
	struct portset closed = forbids_on(x, end->behaviour, l4), exact;

	end->called_at[l4][CALLER_NAMED] = portset_minus(x->scratch, &named, &closed);
	end->called_at[l4][CALLER_ANY] = portset_minus(x->scratch, &any, &closed);
	if (!closed.n || end->behaviour->like->any)
		return;
	exact = forbids_exact(x, item, side, end, l4);
	end->exact_at[l4] = portset_common(x->scratch, &named, &exact);
}

static bool both_open(const struct expansion *x, const struct item *item)
{
	return initiator_read(x->deployment, item) == INITIATOR_EITHER;
}

static bool side_opens(const struct expansion *x, const struct item *item, enum side side)
{
	return both_open(x, item) ||
	       source_opens_read(x->deployment, item) == (side == SIDE_SOURCE);
}

static bool side_called(const struct expansion *x, const struct item *item, enum side side)
{
	return both_open(x, item) || !side_opens(x, item, side);
}

void ends_fill(struct expansion *x, const struct item *item, enum side side, struct end_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct end *end = &list->ends[i];

		for (unsigned int l4 = 0; l4 < N_L4; l4++) {
			if (!(item->proto & 1u << l4))
				continue;
			if (side_opens(x, item, side))
				end->opens_from[l4] = opens_from(x, item, side, end, l4);
			if (side_called(x, item, side))
				called_fill(x, item, side, end, l4);
		}
	}
}
