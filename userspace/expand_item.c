// SPDX-License-Identifier: GPL-2.0
/* An item's directions: who opens to whom (DESIGN 3.3), to groups as well (3.11). */
#include <string.h>

#include "expand.h"

#define PORT_DISCOVERY 1718

static void pair_emit(struct expansion *x, const struct item *item, const struct end *opener,
		      const struct end *called)
{
	enum caller caller = opener->behaviour->like->any ? CALLER_ANY : CALLER_NAMED;

	struct rule rule = { .from = opener->behaviour->group, .to = called->behaviour->group };

	for (unsigned int l4 = 0; l4 < N_L4; l4++) {
		const struct portset *src = &opener->opens_from[l4];
		const struct portset *dst = &called->called_at[l4][caller];
		const struct portset *exact = &called->exact_at[l4];

		if (!(item->proto & 1u << l4) || !src->n || !(dst->n || exact->n))
			continue;
		rule.proto = l4_proto(l4);
		rule.item = matrix_item_record(x, item);
		rule.exact = false;
		rules_emit(x, rule, src, dst);
		if (caller == CALLER_ANY)
			continue;
		rule.exact = true;
		rules_emit(x, rule, src, exact);
	}
}

static void direction_emit(struct expansion *x, const struct item *item,
			   const struct end_list *openers, const struct end_list *called)
{
	for (size_t i = 0; i < openers->n; i++) {
		for (size_t j = 0; j < called->n; j++) {
			const struct end *from = &openers->ends[i], *to = &called->ends[j];

			if (!behaviours_meet(from->behaviour, to->behaviour))
				continue;
			if (to->unstated && !to->stated)
				report_unstated(x, item, to->role);
			pair_emit(x, item, from, to);
		}
	}
}

static void group_emit(struct expansion *x, const struct item *item, const struct end_list *senders,
		       uint32_t group, unsigned int proto, const struct portset *dst)
{
	for (size_t i = 0; i < senders->n; i++) {
		for (unsigned int l4 = 0; l4 < N_L4; l4++) {
			const struct portset *src = &senders->ends[i].opens_from[l4];

			if (!(item->proto & proto & 1u << l4) || !src->n || !dst->n)
				continue;
			rules_emit(x,
				   (struct rule){ .from = senders->ends[i].behaviour->group,
						  .to = group,
						  .proto = l4_proto(l4),
						  .item = matrix_item_record(x, item) },
				   src, dst);
		}
	}
}

/* The site's streaming groups, in place of the range that the document does not print. */
static void streaming_emit(struct expansion *x, const struct item *item,
			   const struct end_list *senders)
{
	const struct deployment *deployment = x->deployment;

	for (size_t i = 0; i < deployment->n_multicast; i++) {
		const struct multicast *multicast = &deployment->multicast[i];

		group_emit(x, item, senders,
			   group_multicast(x, &multicast->groups, multicast->name),
			   multicast->service.proto, &multicast->service.ports);
	}
}

static bool is_discovery(const struct item *item)
{
	return item->call == CALL_RAS && portset_has(&item->dst, PORT_DISCOVERY) &&
	       !item->dst.words;
}

/* H.225.0's group for finding a gatekeeper; the answer is unicast (the item's other direction). */
static void discovery_emit(struct expansion *x, const struct item *item,
			   const struct end_list *senders)
{
	struct prefix_list *groups = arena_alloc(x->ruleset->arena, sizeof(*groups));
	struct portset port = range_set(x->scratch, PORT_DISCOVERY, PORT_DISCOVERY);

	if (!prefix_list_add(x->ruleset->arena, groups, "224.0.1.41", NOWHERE, x->diag))
		return;
	prefix_list_finish(x->ruleset->arena, groups, NULL);
	group_emit(x, item, senders, group_multicast(x, groups, "gatekeeper discovery"), PROTO_UDP,
		   &port);
}

static void directions_emit(struct expansion *x, const struct item *item,
			    const struct end_list *sources, const struct end_list *destinations)
{
	bool source = source_opens_read(x->deployment, item);
	bool forward = source || initiator_read(x->deployment, item) == INITIATOR_EITHER;

	if (is_discovery(item))
		discovery_emit(x, item, sources);
	else if (item->dst.words & PORTS_MULTICAST)
		streaming_emit(x, item, sources);
	else if (forward)
		direction_emit(x, item, sources, destinations);
	if (!source)
		direction_emit(x, item, destinations, sources);
}

static void item_expand(struct expansion *x, const struct item *item)
{
	struct end_list sources = ends_of(x, &item->sources);
	struct end_list destinations = ends_of(x, &item->destinations);
	size_t first = x->ruleset->n_rules;

	if (!sources.n != !destinations.n)
		report_missing(x, item, sources.n ? &item->destinations : &item->sources);
	if (!sources.n || !destinations.n)
		return;
	x->source_explicit = source_explicit(x->scratch, item);
	ends_fill(x, item, SIDE_SOURCE, &sources);
	ends_fill(x, item, SIDE_DESTINATION, &destinations);
	directions_emit(x, item, &sources, &destinations);
	rules_settle(x, first);
}

/* Whether its item is open or not: the two devices do not work across a firewall. */
static void separation_check(struct expansion *x, const struct item *item)
{
	struct end_list sources, destinations;

	if (!item->separate || separation_accepted(x->deployment, item))
		return;
	sources = ends_of(x, &item->sources);
	destinations = ends_of(x, &item->destinations);
	report_separate(x, item, &sources, &destinations);
}

void items_expand(struct expansion *x)
{
	const struct matrix *matrix = x->deployment->matrix;
	struct arena *outer = x->scratch;

	for (size_t i = 0; i < matrix->n_items; i++) {
		const struct item *item = matrix->items[i];

		x->scratch = arena_new();
		separation_check(x, item);
		if (forbid_stands(x, item))
			forbid_expand(x, item);
		if (item_opens(x, item))
			item_expand(x, item);
		arena_free(x->scratch);
	}
	x->scratch = outer;
}
