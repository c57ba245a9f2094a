// SPDX-License-Identifier: GPL-2.0
#include "box.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>

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

static void warn(uint8_t family, const void *addr, const char *what)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family == 4 ? AF_INET : AF_INET6, addr, text, sizeof(text));
	out_complain("warning: %s %s", text, what);
}

static void warn_missing(const struct eqfw_profile *profile, const struct box_address *live,
			 size_t n)
{
	for (uint32_t i = 0; i < profile->n_prefixes; i++) {
		const struct eqfw_prefix_rec *prefix = &profile->prefixes[i];
		bool found = false;

		if (!is_box(profile, prefix) || !is_address(prefix))
			continue;
		for (size_t j = 0; j < n && !found; j++)
			found = same(prefix, &live[j]);
		if (!found)
			warn(prefix->family, prefix->addr,
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

void box_compare(const struct eqfw_profile *profile, const struct box_address *live, size_t n)
{
	bool lists_any = false;

	for (uint32_t i = 0; i < profile->n_prefixes && !lists_any; i++)
		lists_any = is_box(profile, &profile->prefixes[i]);
	if (!lists_any)
		return;
	warn_missing(profile, live, n);
	for (size_t i = 0; i < n; i++)
		if (!is_listed(profile, &live[i]))
			warn(live[i].family, live[i].addr.b,
			     "is an address of this box that the deployment does not list");
}

static bool take_address(const struct sockaddr *address, struct box_address *out)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;

	*out = (struct box_address){ 0 };
	if (address && address->sa_family == AF_INET) {
		out->family = 4;
		memcpy(out->addr.b, &v4->sin_addr, sizeof(v4->sin_addr));
		return out->addr.b[0] != 127;
	}
	if (!address || address->sa_family != AF_INET6 || IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ||
	    IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr))
		return false;
	out->family = 6;
	memcpy(out->addr.b, &v6->sin6_addr, sizeof(v6->sin6_addr));
	return true;
}

void box_warn(const struct eqfw_profile *profile)
{
	struct box_address *live = NULL;
	struct ifaddrs *addresses, *at;
	size_t n = 0, capacity = 0;

	/* Without an answer there is nothing to compare, and nothing went wrong. */
	if (getifaddrs(&addresses))
		return;
	for (at = addresses; at; at = at->ifa_next) {
		GROW(live, n, capacity);
		n += take_address(at->ifa_addr, &live[n]);
	}
	freeifaddrs(addresses);
	box_compare(profile, live, n);
	free(live);
}
