// SPDX-License-Identifier: GPL-2.0
#include "box.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "out.h"

static bool is_box(const struct eqfw_profile *profile, const struct eqfw_prefix_rec *prefix)
{
	return le16toh(profile->classes[le32toh(prefix->class_id)].flags) & EQFW_CLASS_BOX;
}

/* One address, no network: the compiler writes box addresses that way. */
static bool is_address(const struct eqfw_prefix_rec *prefix)
{
	return prefix->len == (prefix->family == 4 ? 32 : 128);
}

static bool same(const struct eqfw_prefix_rec *prefix, const struct box_address *address)
{
	return prefix->family == address->family &&
	       !memcmp(prefix->addr, address->addr.b, address->family == 4 ? 4 : 16);
}

struct differences {
	const struct eqfw_profile *profile;
	const struct box_address *live;
	size_t n;
	void (*differs)(void *ctx, uint8_t family, const void *addr, const char *what);
	void *ctx;
};

static void find_missing(const struct differences *d)
{
	for (uint32_t i = 0; i < d->profile->n_prefixes; i++) {
		const struct eqfw_prefix_rec *prefix = &d->profile->prefixes[i];
		bool found = false;

		if (!is_box(d->profile, prefix) || !is_address(prefix))
			continue;
		for (size_t j = 0; j < d->n && !found; j++)
			found = same(prefix, &d->live[j]);
		if (!found)
			d->differs(d->ctx, prefix->family, prefix->addr,
				   "is listed as the box's, but no interface here has it");
	}
}

/* What stands in the profile for an address: a box address, a host's own, or nothing of the kind. */
static bool is_listed(const struct eqfw_profile *profile, const struct box_address *address)
{
	for (uint32_t i = 0; i < profile->n_prefixes; i++) {
		const struct eqfw_prefix_rec *prefix = &profile->prefixes[i];
		uint16_t flags = le16toh(profile->classes[le32toh(prefix->class_id)].flags);

		if (is_address(prefix) && same(prefix, address) &&
		    flags & (EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC))
			return true;
	}
	return false;
}

static bool is_link_local(const struct box_address *address)
{
	return address->family == 6 && address->addr.b[0] == 0xfe &&
	       (address->addr.b[1] & 0xc0) == 0x80;
}

void box_differences(const struct eqfw_profile *profile, const struct box_address *live, size_t n,
		     void (*differs)(void *ctx, uint8_t family, const void *addr, const char *what),
		     void *ctx)
{
	struct differences d = { profile, live, n, differs, ctx };
	bool lists_any = false;

	for (uint32_t i = 0; i < profile->n_prefixes && !lists_any; i++)
		lists_any = is_box(profile, &profile->prefixes[i]);
	if (!lists_any)
		return;
	find_missing(&d);
	for (size_t i = 0; i < n; i++)
		if (!is_link_local(&live[i]) && !is_listed(profile, &live[i]))
			differs(ctx, live[i].family, live[i].addr.b,
				"is an address of this box that the deployment does not list");
}

static void warn(void *ctx, uint8_t family, const void *addr, const char *what)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family == 4 ? AF_INET : AF_INET6, addr, text, sizeof(text));
	out_complain("warning: %s %s", text, what);
}

void box_compare(const struct eqfw_profile *profile, const struct box_address *live, size_t n)
{
	box_differences(profile, live, n, warn, NULL);
}

static bool take_address(const struct ifaddrs *at, struct box_address *out)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)at->ifa_addr;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)at->ifa_addr;

	*out = (struct box_address){ 0 };
	snprintf(out->name, sizeof(out->name), "%s", at->ifa_name);
	if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET) {
		out->family = 4;
		memcpy(out->addr.b, &v4->sin_addr, sizeof(v4->sin_addr));
		return out->addr.b[0] != 127;
	}
	if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET6 ||
	    IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr))
		return false;
	out->family = 6;
	memcpy(out->addr.b, &v6->sin6_addr, sizeof(v6->sin6_addr));
	return true;
}

void box_addresses_read(struct box_addresses *out)
{
	struct ifaddrs *addresses, *at;

	*out = (struct box_addresses){ 0 };
	if (getifaddrs(&addresses))
		return;
	for (at = addresses; at; at = at->ifa_next) {
		GROW(out->list, out->n, out->capacity);
		out->n += take_address(at, &out->list[out->n]);
	}
	freeifaddrs(addresses);
}

void box_addresses_free(struct box_addresses *addresses)
{
	free(addresses->list);
}

const char *box_addresses_find(const struct box_addresses *addresses, uint8_t family,
			       const struct eqfw_addr *addr)
{
	for (size_t i = 0; i < addresses->n; i++)
		if (addresses->list[i].family == family &&
		    !memcmp(&addresses->list[i].addr, addr, sizeof(*addr)))
			return addresses->list[i].name;
	return NULL;
}

/*
 * Compared with the list of all: asked for one name that is not there the kernel would look for a
 * module of that name, each time.
 */
static bool interface_exists(const struct if_nameindex *all, const char *name, bool prefix)
{
	for (; all && all->if_index; all++)
		if (prefix ? !strncmp(all->if_name, name, strlen(name))
			   : !strcmp(all->if_name, name))
			return true;
	return false;
}

void box_missing_interfaces(const struct eqfw_profile *profile, box_missing_fn *missing, void *ctx)
{
	struct if_nameindex *all = if_nameindex();

	for (uint32_t i = 0; i < profile->n_interfaces; i++) {
		const struct eqfw_interface_rec *record = &profile->interfaces[i];
		const struct eqfw_zone_rec *zone = &profile->zones[le16toh(record->zone)];
		const char *name = eqfw_profile_string(profile, record->name);
		bool prefix = le16toh(record->flags) & EQFW_INTERFACE_PREFIX;

		if (!interface_exists(all, name, prefix))
			missing(ctx, eqfw_profile_string(profile, zone->name), name, prefix);
	}
	if_freenameindex(all);
}

void box_missing_text(const char *zone, const char *name, bool prefix, char *out, size_t size)
{
	snprintf(out, size, "zone %s: %s \"%s%s\"", zone,
		 prefix ? "no interface here matches" : "there is no interface", name,
		 prefix ? "*" : "");
}

static void warn_missing(void *ctx, const char *zone, const char *name, bool prefix)
{
	char text[BOX_MISSING_TEXT];

	(void)ctx;
	box_missing_text(zone, name, prefix, text, sizeof(text));
	out_complain("warning: %s", text);
}

void box_warn_interfaces(const struct eqfw_profile *profile)
{
	box_missing_interfaces(profile, warn_missing, NULL);
}
