// SPDX-License-Identifier: GPL-2.0
/* Ports that are words (DESIGN 3.6): a device's ephemeral range, and what document and site state. */
#include <string.h>

#include "expand.h"

#define EPHEMERAL_LO 1024
#define EPHEMERAL_HI 65535

static const struct os_range {
	const char *os;
	struct port_range range;
} os_ranges[] = {
	{ "linux", { 32768, 61000 } },	      { "windows", { 49152, 65535 } },
	{ "windows-7", { 49152, 65535 } },    { "windows-vista", { 49152, 65535 } },
	{ "windows-2008", { 49152, 65535 } }, { "windows-2012", { 49152, 65535 } },
	{ "windows-xp", { 1025, 5000 } },     { "windows-2003", { 1025, 5000 } },
};

/* The range that the document prints for a role or, failing that, for what it also is. */
static const struct portset *role_ephemeral(const struct role *role, unsigned int l4)
{
	const struct portset *own = l4 == L4_TCP ? &role->ephemeral_tcp : &role->ephemeral_udp;

	if (own->n)
		return own;
	for (size_t i = 0; i < role->n_parents; i++) {
		const struct portset *found = role_ephemeral(role->parents[i], l4);

		if (found)
			return found;
	}
	return NULL;
}

/* The same for what an end plays; *role: whose it is. */
static const struct portset *document_ephemeral(const struct end *end, unsigned int l4,
						const struct role **role)
{
	const struct role_list *roles = &end->behaviour->like->roles;
	const struct portset *found = role_ephemeral(end->role, l4);

	*role = end->role;
	for (size_t i = 0; !found && i < roles->n; i++) {
		*role = roles->roles[i];
		found = role_ephemeral(roles->roles[i], l4);
	}
	return found;
}

static struct port_range os_ephemeral(const char *os)
{
	for (size_t i = 0; os && i < sizeof(os_ranges) / sizeof(os_ranges[0]); i++) {
		if (!strcmp(os_ranges[i].os, os))
			return os_ranges[i].range;
	}
	return (struct port_range){ EPHEMERAL_LO, EPHEMERAL_HI };
}

struct portset ephemeral_ports(const struct expansion *x, const struct end *end, unsigned int l4)
{
	const struct endpoint *endpoint = end->behaviour->like;
	const struct portset *found;
	const struct role *role;
	struct port_range range;

	/* Address translation on the way rewrites what such a host chose. */
	if (endpoint->any)
		return range_set(x->scratch, EPHEMERAL_LO, EPHEMERAL_HI);
	if (endpoint->ephemeral.n)
		return endpoint->ephemeral;
	found = document_ephemeral(end, l4, &role);
	if (found)
		return tunables_move(x, end, role, l4, found);
	range = os_ephemeral(endpoint->os);
	return range_set(x->scratch, range.lo, range.hi);
}

/* A row for SIP devices says nothing of what a device does as an H.323 device. */
static bool on_the_way(const struct role *role, const struct role *named)
{
	return role_is(role, named) || role_is(named, role);
}

static struct portset stated_union(const struct expansion *x, const struct end *end,
				   const struct stated_ports *stated, size_t n, unsigned int l4,
				   enum call call)
{
	struct portset set = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (!(stated[i].proto & 1u << l4) ||
		    (stated[i].as && !on_the_way(stated[i].as, end->named)))
			continue;
		if (stated[i].call == CALL_NONE || call == CALL_NONE || stated[i].call == call)
			portset_add(x->scratch, &set, stated[i].ports);
	}
	return set;
}

/* What the site states for a role; what it states for a parent counts where it says nothing. */
static struct portset site_role_stated(const struct expansion *x, const struct end *end,
				       const struct role *role, unsigned int l4, enum call call)
{
	struct portset set = { 0 };

	for (size_t i = 0; on_the_way(role, end->named) && i < x->deployment->n_vendor_ports; i++) {
		const struct vendor_ports *vendor = &x->deployment->vendor_ports[i];

		if (vendor->role == role)
			portset_add(x->scratch, &set,
				    stated_union(x, end, vendor->ports, vendor->n_ports, l4, call));
	}
	for (size_t i = 0; !set.n && i < role->n_parents; i++)
		set = site_role_stated(x, end, role->parents[i], l4, call);
	return set;
}

struct portset site_stated(const struct expansion *x, const struct end *end, unsigned int l4,
			   enum call call)
{
	const struct endpoint *endpoint = end->behaviour->like;

	if (endpoint->n_vendor)
		return stated_union(x, end, endpoint->vendor, endpoint->n_vendor, l4, call);
	return site_role_stated(x, end, end->role, l4, call);
}

static struct portset document_stated(const struct expansion *x, const struct end *end,
				      const struct role *role, unsigned int l4, enum call call)
{
	struct portset set = stated_union(x, end, role->stated, role->n_stated, l4, call);

	for (size_t i = 0; !set.n && i < role->n_parents; i++)
		set = document_stated(x, end, role->parents[i], l4, call);
	return set;
}

struct portset all_stated(const struct expansion *x, const struct end *end, unsigned int l4,
			  enum call call)
{
	struct portset site = site_stated(x, end, l4, call);
	struct portset document = document_stated(x, end, end->role, l4, call);

	document = tunables_move(x, end, end->role, l4, &document);
	return portset_union(x->scratch, &site, &document);
}
