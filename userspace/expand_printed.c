// SPDX-License-Identifier: GPL-2.0
/*
 * What a row prints for one of its device columns. The destination column is the item's own; the
 * source column is the row's entries of the item's protocol (a printed source port goes with every
 * printed destination of its protocol), unless the item states its source ports itself.
 */
#include <string.h>

#include "expand.h"

/* A device listens on a handful of neighbouring ports; a client range is never that narrow. */
#define CLIENT_RANGE_MIN 16

struct portset range_set(struct arena *arena, unsigned int lo, unsigned int hi)
{
	struct portset set = { .n = 1 };

	set.ranges = arena_alloc(arena, sizeof(*set.ranges));
	set.ranges[0] = (struct port_range){ (uint16_t)lo, (uint16_t)hi };
	return set;
}

void portset_add(struct arena *arena, struct portset *set, struct portset more)
{
	*set = portset_union(arena, set, &more);
}

struct portset portset_common(struct arena *arena, const struct portset *a, const struct portset *b)
{
	struct portset outside = portset_minus(arena, a, b);
	struct portset common = portset_minus(arena, a, &outside);

	common.words = 0;
	return common;
}

static struct portset words_set(unsigned int words)
{
	return (struct portset){ .words = words };
}

static bool portset_equal(const struct portset *a, const struct portset *b)
{
	if (a->words != b->words || a->n != b->n)
		return false;
	return !a->n || !memcmp(a->ranges, b->ranges, a->n * sizeof(*a->ranges));
}

bool source_explicit(struct arena *arena, const struct item *item)
{
	struct portset entries = { 0 };
	bool found = false;

	for (size_t i = 0; i < item->row->n_entries; i++) {
		const struct source_entry *entry = &item->row->entries[i];

		if (!(entry->proto & item->proto))
			continue;
		portset_add(arena, &entries, entry->ports);
		found = true;
	}
	if (!found)
		entries = words_set(PORTS_EPHEMERAL);
	return !portset_equal(&entries, &item->src);
}

struct portset printed_ports(const struct expansion *x, const struct item *item, enum side side,
			     const struct end *end, unsigned int l4)
{
	const struct reading_override *reading = reading_of(x->deployment, item, side);
	enum side own = item->from_source_cell ? SIDE_SOURCE : SIDE_DESTINATION;

	if (reading)
		return reading->ports;
	if (reading_moves(x->deployment, item))
		return words_set(PORTS_EPHEMERAL);
	/* The item's tunable is of its own column; a range printed opposite is the other device's. */
	if (side != own)
		return tunables_move(x, end, end->role, l4,
				     side == SIDE_SOURCE ? &item->src : &item->dst);
	return tunable_move(x, end->behaviour->like, item->tunable, l4,
			    side == SIDE_SOURCE ? &item->src : &item->dst);
}

static struct portset entry_ports(const struct expansion *x, const struct source_entry *entry,
				  const struct end *end, unsigned int l4)
{
	return tunable_move(x, end->behaviour->like, entry->tunable, l4, &entry->ports);
}

/*
 * An entry of the source cell may be an item of its own (a server's port): where that is closed, the
 * row's other items do not open the port either.
 */
bool entry_open(const struct expansion *x, const struct item *item,
		const struct source_entry *entry)
{
	for (size_t i = 0; i < item->row->n_items; i++) {
		const struct item *own = item->row->items[i];

		if (own->from_source_cell && !strcmp(own->printed, entry->printed))
			return item_enabled(x, own);
	}
	return true;
}

/* Ranges that no device listens on. */
static struct portset client_ranges(const struct expansion *x, const struct portset *ports)
{
	struct portset wide = words_set(ports->words);

	for (size_t i = 0; i < ports->n; i++) {
		struct port_range range = ports->ranges[i];

		if (range.hi - range.lo + 1 >= CLIENT_RANGE_MIN)
			portset_add(x->scratch, &wide, range_set(x->scratch, range.lo, range.hi));
	}
	return wide;
}

static bool has_range(const struct portset *ports)
{
	for (size_t i = 0; i < ports->n; i++) {
		if (ports->ranges[i].lo != ports->ranges[i].hi)
			return true;
	}
	return false;
}

/* Are there ports of the item's own text that a client would open from? */
static bool has_client(const struct expansion *x, const struct item *item,
		       const struct portset *ports)
{
	struct portset wide;

	switch (item->call) {
	case CALL_H245:
	case CALL_MEDIA:
		return ports->words || has_range(ports);
	case CALL_NONE:
		wide = client_ranges(x, ports);
		return !portset_empty(&wide);
	default:
		return ports->words != 0;
	}
}

static bool entries_used(const struct expansion *x, const struct item *item, enum side side)
{
	return side == SIDE_SOURCE && !reading_of(x->deployment, item, side) &&
	       !reading_moves(x->deployment, item) && !x->source_explicit;
}

static bool carries_ranges(const struct item *item)
{
	return item->call == CALL_H245 || item->call == CALL_MEDIA;
}

/*
 * Read from the other end, a row's destination column is the opener's: its client ranges go with
 * every call of their protocol there, too.
 */
static struct portset column_ranges(const struct expansion *x, const struct item *item,
				    const struct end *end, unsigned int l4)
{
	struct portset set = { 0 };

	for (size_t i = 0; i < item->row->n_items; i++) {
		const struct item *other = item->row->items[i];
		struct portset ports;

		if (other->from_source_cell || !carries_ranges(other) ||
		    !(other->proto & 1u << l4) || !item_enabled(x, other) ||
		    !endpoint_plays(end->behaviour->like, &other->destinations, NULL))
			continue;
		ports = printed_ports(x, other, SIDE_DESTINATION, end, l4);
		ports = client_ranges(x, &ports);
		ports.words = 0;
		portset_add(x->scratch, &set, ports);
	}
	return set;
}

/*
 * A call of a port that is printed in the source cell is opened from the cell's other ports of the
 * protocol, too (DESIGN 3.5); a client range among them stays exact. Floor control is called there.
 */
static struct portset cell_ports(const struct expansion *x, const struct item *item,
				 const struct end *end, unsigned int l4, bool *client)
{
	struct portset ports = { 0 };

	for (size_t i = 0; i < item->row->n_entries; i++) {
		const struct source_entry *entry = &item->row->entries[i];

		if (!(entry->proto & 1u << l4))
			continue;
		portset_add(x->scratch, &ports, entry_ports(x, entry, end, l4));
		*client |= !entry->listens && entry->call != CALL_BFCP;
	}
	return ports;
}

struct portset printed_client(const struct expansion *x, const struct item *item, enum side side,
			      const struct end *end, unsigned int l4, bool *client)
{
	struct portset ports = { 0 };
	bool found = false;

	if (!entries_used(x, item, side)) {
		ports = printed_ports(x, item, side, end, l4);
		*client = has_client(x, item, &ports);
		if (side == SIDE_DESTINATION && item->call != CALL_NONE && !item->from_source_cell)
			portset_add(x->scratch, &ports, column_ranges(x, item, end, l4));
		if (side == SIDE_SOURCE && item->call != CALL_NONE && item->from_source_cell &&
		    !reading_of(x->deployment, item, side))
			portset_add(x->scratch, &ports, cell_ports(x, item, end, l4, client));
		return ports;
	}
	*client = false;
	for (size_t i = 0; i < item->row->n_entries; i++) {
		const struct source_entry *entry = &item->row->entries[i];

		if (!(entry->proto & 1u << l4))
			continue;
		found = true;
		portset_add(x->scratch, &ports, entry_ports(x, entry, end, l4));
		*client |= !entry->listens || entry->ports.words;
	}
	if (!found) {
		*client = true;
		return words_set(PORTS_EPHEMERAL);
	}
	return ports;
}

struct portset printed_listening(const struct expansion *x, const struct item *item, enum side side,
				 const struct end *end, unsigned int l4)
{
	struct portset listening = { 0 };

	if (!entries_used(x, item, side))
		return printed_ports(x, item, side, end, l4);
	for (size_t i = 0; i < item->row->n_entries; i++) {
		const struct source_entry *entry = &item->row->entries[i];

		if ((entry->proto & 1u << l4) && entry->listens && entry_open(x, item, entry))
			portset_add(x->scratch, &listening, entry_ports(x, entry, end, l4));
	}
	return listening;
}

/* An unlabelled entry: its ranges are for H.245 and media, its words for every call. */
static struct portset unlabelled(const struct expansion *x, const struct item *item,
				 const struct portset *ports)
{
	struct portset set = words_set(ports->words);

	if (carries_ranges(item))
		set = client_ranges(x, ports);
	/* "All traffic" of a client column is where clients open from, no service. */
	if (set.words & PORTS_ALL)
		set.words = (set.words & ~PORTS_ALL) | PORTS_EPHEMERAL;
	return set;
}

/* Media over TCP has its H.245 beside it: an item that is both is called at the ports of either. */
static bool entry_takes(const struct source_entry *entry, const struct item *item, unsigned int l4)
{
	if (item->call == CALL_MEDIA && l4 == L4_TCP && entry->call == CALL_H245)
		return true;
	/* Of SIP's ports only the one that the item prints is dialled (call_ports()). */
	return entry->call == item_call(item, l4) && item->call != CALL_SIP;
}

struct portset printed_call(const struct expansion *x, const struct item *item, enum side side,
			    const struct end *end, unsigned int l4)
{
	bool found = false, client = false;
	struct portset set = { 0 };

	if (!entries_used(x, item, side))
		return printed_ports(x, item, side, end, l4);
	for (size_t i = 0; i < item->row->n_entries; i++) {
		const struct source_entry *entry = &item->row->entries[i];
		struct portset ports;

		if (!(entry->proto & 1u << l4))
			continue;
		found = true;
		client |= !entry->listens;
		ports = entry_ports(x, entry, end, l4);
		if (!entry_open(x, item, entry))
			continue;
		if (entry_takes(entry, item, l4))
			portset_add(x->scratch, &set, ports);
		else if (entry->call == CALL_NONE && !entry->listens)
			portset_add(x->scratch, &set, unlabelled(x, item, &ports));
	}
	/* Where this side would open from its ephemeral range, it is called there, too. */
	if (!found || (carries_ranges(item) && !client && portset_empty(&set)))
		set.words |= PORTS_EPHEMERAL;
	return set;
}
