// SPDX-License-Identifier: GPL-2.0
/*
 * Ports that DNAT changes. Rules name the ports that hosts have; a packet to a public address carries
 * the port that it has there, and is judged before DNAT. So rules are moved to what they look like at
 * the address:
 *
 *	web (public: {address: P, ports: {tcp 8443: 443}}), mcu (public: P); a rule permits tcp 1-1000
 *
 *	                 of web                      of mcu
 *	at P             1-442, 444-1000, 8443       1-1000
 *
 * A port that a host states there leads to that host: it is taken from all others and from the box.
 * A port of the host's own to which a stated one leads stands there under that name alone.
 */
#include <endian.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "factor.h"

/* TCP and UDP as indices. */
enum { L4_TCP, L4_UDP, N_L4 };

/**
 * struct map_entry - a port map by its text
 * @id: its number
 * @map: it
 * @moved: ports of the host's own that have another name, or the same stated
 * @stated: the names
 */
struct map_entry {
	UT_hash_handle hh;
	uint32_t id;
	const struct port_map *map;
	struct portset moved[N_L4];
	struct portset stated[N_L4];
};

/**
 * struct view - who is at an address
 * @id: its number
 * @here: sorted; the key
 * @n: how many
 * @stated: ports that some host states there
 */
struct view {
	UT_hash_handle hh;
	uint32_t id;
	struct presence *here;
	size_t n;
	struct portset stated[N_L4];
};

struct nat {
	struct map_entry *by_text;
	struct map_entry **maps;
	size_t n_maps, maps_capacity;
	struct view *by_presence;
	struct view **views; /* the first is NO_VIEW's */
	size_t n_views, views_capacity;
};

void factor_nat_init(struct factor *f)
{
	f->nat = arena_alloc(f->arena, sizeof(*f->nat));
	GROW(f->nat->views, f->nat->n_views, f->nat->views_capacity);
	f->nat->views[f->nat->n_views++] = NULL;
}

void factor_nat_free(struct factor *f)
{
	if (!f->nat)
		return;
	HASH_CLEAR(hh, f->nat->by_text);
	HASH_CLEAR(hh, f->nat->by_presence);
	free(f->nat->maps);
	free(f->nat->views);
}

static void set_add(struct arena *arena, struct portset *set, unsigned int lo, unsigned int hi)
{
	struct port_range range = { (uint16_t)lo, (uint16_t)hi };
	const struct portset more = { .ranges = &range, .n = 1 };

	*set = portset_union(arena, set, &more);
}

static unsigned int move_last(const struct port_move *move)
{
	return (unsigned int)move->own + move->at.hi - move->at.lo;
}

static struct map_entry *map_add(struct factor *f, const struct port_map *map)
{
	struct map_entry *entry = arena_alloc(f->arena, sizeof(*entry));

	entry->id = (uint32_t)f->nat->n_maps;
	entry->map = map;
	for (size_t i = 0; i < map->n; i++) {
		const struct port_move *move = &map->moves[i];
		unsigned int l4 = move->proto == PROTO_TCP ? L4_TCP : L4_UDP;

		set_add(f->arena, &entry->moved[l4], move->own, move_last(move));
		set_add(f->arena, &entry->stated[l4], move->at.lo, move->at.hi);
	}
	GROW(f->nat->maps, f->nat->n_maps, f->nat->maps_capacity);
	f->nat->maps[f->nat->n_maps++] = entry;
	HASH_ADD_KEYPTR(hh, f->nat->by_text, map->text, strlen(map->text), entry);
	return entry;
}

uint32_t factor_map(struct factor *f, const struct port_map *map)
{
	struct map_entry *entry;

	if (!map)
		return NO_INDEX;
	HASH_FIND_STR(f->nat->by_text, map->text, entry);
	if (!entry)
		entry = map_add(f, map);
	return entry->id;
}

const char *factor_map_text(const struct factor *f, uint32_t map)
{
	return f->nat->maps[map]->map->text;
}

static int presence_compare(const void *a, const void *b)
{
	const struct presence *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->map > y->map) - (x->map < y->map);
}

/* Sort, each once; false where no port changes. */
static bool presences_settle(struct presence *here, size_t *n)
{
	bool changes = false;
	size_t out = 0;

	if (*n)
		qsort(here, *n, sizeof(*here), presence_compare);
	for (size_t i = 0; i < *n; i++) {
		changes |= here[i].map != NO_INDEX;
		if (!out || presence_compare(&here[i], &here[out - 1]))
			here[out++] = here[i];
	}
	*n = out;
	return changes;
}

static struct view *view_add(struct factor *f, const struct presence *here, size_t n)
{
	struct view *view = arena_alloc(f->arena, sizeof(*view));

	view->id = (uint32_t)f->nat->n_views;
	view->n = n;
	view->here = memcpy(arena_alloc(f->arena, n * sizeof(*here)), here, n * sizeof(*here));
	for (size_t i = 0; i < n; i++) {
		for (unsigned int l4 = 0; here[i].map != NO_INDEX && l4 < N_L4; l4++)
			view->stated[l4] = portset_union(f->arena, &view->stated[l4],
							 &f->nat->maps[here[i].map]->stated[l4]);
	}
	GROW(f->nat->views, f->nat->n_views, f->nat->views_capacity);
	f->nat->views[f->nat->n_views++] = view;
	HASH_ADD_KEYPTR(hh, f->nat->by_presence, view->here, n * sizeof(*here), view);
	return view;
}

uint32_t factor_view(struct factor *f, struct presence *here, size_t n)
{
	struct view *view;

	if (!presences_settle(here, &n))
		return NO_VIEW;
	HASH_FIND(hh, f->nat->by_presence, here, n * sizeof(*here), view);
	if (!view)
		view = view_add(f, here, n);
	return view->id;
}

/* Ports of one protocol on their way to an address. */
struct moving {
	struct arena *arena;
	const struct view *view;
	struct portset own; /* as the rule has them */
	int l4;		    /* -1: neither TCP nor UDP */
	bool source;
};

/* What nobody states there, under its own name. */
static struct portset unstated(const struct moving *moving)
{
	if (moving->l4 < 0)
		return moving->own;
	return portset_minus(moving->arena, &moving->own, &moving->view->stated[moving->l4]);
}

static void add_moved(const struct moving *moving, const struct port_map *map, struct portset *out)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct port_move *move = &map->moves[i];

		if (moving->l4 != (move->proto == PROTO_TCP ? L4_TCP : L4_UDP))
			continue;
		for (size_t k = 0; k < moving->own.n; k++) {
			struct port_range range = moving->own.ranges[k];
			unsigned int lo = range.lo > move->own ? range.lo : move->own;
			unsigned int hi = range.hi < move_last(move) ? range.hi : move_last(move);

			if (lo <= hi)
				set_add(moving->arena, out, move->at.lo + lo - move->own,
					move->at.lo + hi - move->own);
		}
	}
}

/* As one host of the address has them there. */
static void add_presence(const struct moving *moving, const struct map_entry *entry,
			 struct portset *out)
{
	struct portset rest = unstated(moving);

	if (entry) {
		add_moved(moving, entry->map, out);
		/* What it opens itself, from other ports, comes from there all the same. */
		if (entry->map->closed && !moving->source)
			return;
		if (moving->l4 >= 0)
			rest = portset_minus(moving->arena, &rest, &entry->moved[moving->l4]);
	}
	*out = portset_union(moving->arena, out, &rest);
}

static struct moving moving_begin(const struct factor *f, struct arena *arena, uint32_t view,
				  const struct eqfw_rule_rec *rule, bool source)
{
	struct moving moving = { .arena = arena, .view = f->nat->views[view], .source = source };
	struct port_range *range = arena_alloc(arena, sizeof(*range));

	range->lo = le16toh(source ? rule->src_lo : rule->dst_lo);
	range->hi = le16toh(source ? rule->src_hi : rule->dst_hi);
	moving.own = (struct portset){ .ranges = range, .n = 1 };
	moving.l4 = rule->proto == IPPROTO_TCP ? L4_TCP : rule->proto == IPPROTO_UDP ? L4_UDP : -1;
	return moving;
}

struct portset factor_ports_at(struct factor *f, struct arena *arena,
			       const struct addr_class *class, uint32_t group,
			       const struct eqfw_rule_rec *rule, bool source)
{
	struct moving moving = moving_begin(f, arena, class->key->view, rule, source);
	unsigned int kind = f->ruleset->groups[group].flags;
	struct portset out = { 0 };

	/* Who names the address itself means the ports that stand in the packet. */
	if (!moving.view || kind & (GROUP_LITERAL | GROUP_MULTICAST))
		return moving.own;
	if (!(kind & GROUP_DECLARED) && class->key->flags & EQFW_CLASS_BOX)
		out = unstated(&moving);
	for (size_t i = 0; i < moving.view->n && !(kind & GROUP_BOX); i++) {
		const struct presence *here = &moving.view->here[i];

		if (!(kind & GROUP_DECLARED) || here->group == group)
			add_presence(&moving,
				     here->map == NO_INDEX ? NULL : f->nat->maps[here->map], &out);
	}
	return out;
}
