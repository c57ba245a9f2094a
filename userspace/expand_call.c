// SPDX-License-Identifier: GPL-2.0
/*
 * Where the called party of a call item listens (DESIGN 3.4): printed and stated ports always; behind a
 * port word media, H.245 where the device states no range, UDP signalling from a named host; and the
 * protocol's own port, which is always dialled.
 */
#include "expand.h"

#define PORT_RAS 1719
#define PORT_Q931 1720
#define PORT_SIP 5060
#define PORT_SIP_TLS 5061

static struct portset numbers(const struct portset *ports)
{
	struct portset set = *ports;

	set.words = 0;
	return set;
}

static struct portset sip_ports_among(struct arena *arena, const struct portset *ports)
{
	struct portset set = { 0 };

	if (ports->words & PORTS_ALL)
		return set;
	for (unsigned int port = PORT_SIP; port <= PORT_SIP_TLS; port++) {
		if (portset_has(ports, (uint16_t)port))
			portset_add(arena, &set, range_set(arena, port, port));
	}
	return set;
}

/* The ports by which the item prints SIP, else by which the row does, else all of this transport. */
static struct portset sip_own(const struct expansion *x, const struct item *item, unsigned int l4)
{
	struct portset set = sip_ports_among(x->scratch, ports_read(x->deployment, item));
	bool printed = false;

	if (set.n)
		return set;
	for (size_t i = 0; i < item->row->n_entries; i++) {
		const struct source_entry *entry = &item->row->entries[i];

		if (entry->call != CALL_SIP || !(entry->proto & 1u << l4))
			continue;
		printed = true;
		if (entry_open(x, item, entry))
			set = portset_union(x->scratch, &set, &entry->ports);
	}
	set = sip_ports_among(x->scratch, &set);
	if (!printed)
		set = range_set(x->scratch, PORT_SIP, l4 == L4_TCP ? PORT_SIP_TLS : PORT_SIP);
	return set;
}

static struct portset own_ports(const struct expansion *x, const struct item *item,
				const struct end *end, unsigned int l4)
{
	struct portset set = { 0 };

	switch (item->call) {
	case CALL_Q931:
		if (l4 == L4_TCP)
			set = range_set(x->scratch, PORT_Q931, PORT_Q931);
		break;
	case CALL_RAS:
		if (l4 == L4_UDP)
			set = range_set(x->scratch, PORT_RAS, PORT_RAS);
		break;
	case CALL_SIP:
		set = sip_own(x, item, l4);
		break;
	case CALL_H460:
	case CALL_BFCP:
		set = numbers(ports_read(x->deployment, item));
		break;
	default:
		break;
	}
	return tunables_move(x, end, NULL, l4, &set);
}

static bool states_range(const struct portset *stated)
{
	for (size_t i = 0; i < stated->n; i++) {
		if (stated->ranges[i].lo != stated->ranges[i].hi)
			return true;
	}
	return false;
}

/* H.245 runs over TCP alone: what stands beside it for UDP is the media of the call. */
enum call item_call(const struct item *item, unsigned int l4)
{
	return item->call == CALL_H245 && l4 == L4_UDP ? CALL_MEDIA : item->call;
}

/* May the caller reach the whole ephemeral range of a device whose ports are only a word? */
static bool ephemeral_open(const struct item *item, unsigned int l4, enum caller caller,
			   const struct portset *stated)
{
	switch (item_call(item, l4)) {
	case CALL_MEDIA:
		return true;
	case CALL_H245:
		return !states_range(stated);
	default:
		return l4 == L4_UDP && caller == CALLER_NAMED;
	}
}

static struct portset word_ports(const struct expansion *x, const struct item *item,
				 struct end *end, unsigned int l4, enum caller caller,
				 unsigned int words)
{
	struct portset set = all_stated(x, end, l4, item_call(item, l4));

	end->stated |= set.n > 0;
	if ((words & PORTS_EPHEMERAL) && ephemeral_open(item, l4, caller, &set)) {
		portset_add(x->scratch, &set, ephemeral_ports(x, end, l4));
		report_word(x, item, end);
	} else if ((words & PORTS_VENDOR) && !set.n)
		end->unstated = true;
	return set;
}

struct portset call_ports(const struct expansion *x, const struct item *item, enum side side,
			  struct end *end, unsigned int l4, enum caller caller)
{
	struct portset printed = printed_call(x, item, side, end, l4);
	struct portset set = numbers(&printed);

	if (printed.words & PORTS_ALL)
		return range_set(x->scratch, 1, 65535);
	/* A site that reads other ports means these alone. */
	if (printed.words || (side == SIDE_SOURCE && !reading_of(x->deployment, item, side)))
		portset_add(x->scratch, &set, own_ports(x, item, end, l4));
	/* Whatever is printed: address translation rewrites where an `any` host listens. */
	if (item_call(item, l4) == CALL_MEDIA && end->behaviour->like->any)
		portset_add(x->scratch, &set, ephemeral_ports(x, end, l4));
	else if (printed.words & (PORTS_EPHEMERAL | PORTS_VENDOR))
		portset_add(x->scratch, &set, word_ports(x, item, end, l4, caller, printed.words));
	return set;
}
