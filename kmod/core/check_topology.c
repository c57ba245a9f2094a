// SPDX-License-Identifier: GPL-2.0
/* Zones, interfaces, classes, hosts and mirrored pairs of a profile: who there is. */
#include "check.h"

static int compare_names(const struct eqfw_profile *profile, __le32 a, __le32 b)
{
	return strcmp(eqfw_profile_string(profile, a), eqfw_profile_string(profile, b));
}

/* Names of a section sorted by name: unique follows from strictly ascending. */
static const char *check_name_order(const struct eqfw_profile *profile, __le32 before, __le32 name)
{
	int order = compare_names(profile, before, name);

	if (!order)
		return "duplicate name";
	return order > 0 ? "names are not sorted" : NULL;
}

static const char *check_zone_flags(struct eqfw_profile *profile, u32 id)
{
	const struct eqfw_zone_rec *zone = &profile->zones[id];
	u32 flags = le32_to_cpu(zone->flags);
	bool is_box = !strcmp(eqfw_profile_string(profile, zone->name), "box");

	if (flags & ~EQFW_ZONE_FLAGS)
		return "unknown flag";
	if (is_box != !!(flags & EQFW_ZONE_BOX))
		return "the box zone is not the one named box";
	if (flags & EQFW_ZONE_INTRA_PASS && flags & (EQFW_ZONE_DEFAULT | EQFW_ZONE_BOX))
		return "the default zone and the box always enforce";
	if (is_box && flags & EQFW_ZONE_IPSEC)
		return "nothing comes in from the box";
	if (is_box && flags & EQFW_ZONE_DEFAULT)
		return "the box cannot be the default zone";
	if (is_box)
		profile->box_zone = (u16)id;
	if (flags & EQFW_ZONE_DEFAULT) {
		if (profile->default_zone != EQFW_ZONE_NONE)
			return "second default zone";
		profile->default_zone = (u16)id;
	}
	return NULL;
}

static int check_zones(struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	profile->box_zone = EQFW_ZONE_NONE;
	profile->default_zone = EQFW_ZONE_NONE;
	for (i = 0; i < profile->n_zones; i++) {
		__le32 name = profile->zones[i].name;
		const char *what = eqfw_check_name(profile, name);

		if (!what && i)
			what = check_name_order(profile, profile->zones[i - 1].name, name);
		if (!what)
			what = check_zone_flags(profile, i);
		if (what)
			return eqfw_refuse(fault, "zones", i, what);
	}
	if (profile->box_zone == EQFW_ZONE_NONE)
		return eqfw_refuse(fault, "zones", 0, "no zone named box");
	return 0;
}

static const char *check_interface_name(const struct eqfw_profile *profile,
					const struct eqfw_interface_rec *interface)
{
	const char *name, *what = eqfw_check_text(profile, interface->name);

	if (what)
		return what;
	name = eqfw_profile_string(profile, interface->name);
	if (le16_to_cpu(interface->flags) & EQFW_INTERFACE_PREFIX && !*name)
		return NULL;
	if (strlen(name) > 15)
		return "interface name too long";
	return eqfw_check_name(profile, interface->name);
}

static int compare_interfaces(const struct eqfw_profile *profile,
			      const struct eqfw_interface_rec *a,
			      const struct eqfw_interface_rec *b)
{
	int order = compare_names(profile, a->name, b->name);

	if (!order)
		order = (le16_to_cpu(a->flags) & EQFW_INTERFACE_PREFIX) -
			(le16_to_cpu(b->flags) & EQFW_INTERFACE_PREFIX);
	if (!order)
		order = le16_to_cpu(a->zone) - le16_to_cpu(b->zone);
	return order;
}

static const char *check_interface(const struct eqfw_profile *profile, u32 i)
{
	const struct eqfw_interface_rec *interface = &profile->interfaces[i];
	u16 zone = le16_to_cpu(interface->zone);
	const char *what;
	int order;

	if (le16_to_cpu(interface->flags) & ~EQFW_INTERFACE_FLAGS)
		return "unknown flag";
	if (zone >= profile->n_zones)
		return "zone out of range";
	if (zone == profile->box_zone)
		return "the box has no interfaces";
	what = check_interface_name(profile, interface);
	if (what || !i)
		return what;
	order = compare_interfaces(profile, interface - 1, interface);
	if (!order)
		return "duplicate interface";
	return order > 0 ? "interfaces are not sorted" : NULL;
}

static int check_interfaces(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	for (i = 0; i < profile->n_interfaces; i++) {
		const char *what = check_interface(profile, i);

		if (what)
			return eqfw_refuse(fault, "interfaces", i, what);
	}
	return 0;
}

static const char *check_class_zone(const struct eqfw_profile *profile, u16 zone, u16 flags)
{
	if (zone != EQFW_ZONE_NONE && zone >= profile->n_zones)
		return "zone out of range";
	if (flags & EQFW_CLASS_GROUP) {
		if (flags &
		    (EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC | EQFW_CLASS_BROADCAST | EQFW_CLASS_VIP))
			return "a multicast group is nothing else";
		return zone == EQFW_ZONE_NONE ? NULL : "a multicast group has no zone";
	}
	if (flags & EQFW_CLASS_VIP && !(flags & EQFW_CLASS_BOX))
		return "a virtual address that is none of the box";
	if (zone == EQFW_ZONE_NONE)
		return flags ? "only unowned addresses and multicast groups have no zone" : NULL;
	if (zone == profile->box_zone && !(flags & EQFW_CLASS_BOX))
		return "only addresses of the box are in its zone";
	if (flags & EQFW_CLASS_BOX && !(flags & EQFW_CLASS_PUBLIC) && zone != profile->box_zone)
		return "an address of the box outside its zone";
	return NULL;
}

static const char *check_class(const struct eqfw_profile *profile, u32 id)
{
	const struct eqfw_class_rec *class = &profile->classes[id];
	u16 zone = le16_to_cpu(class->zone), flags = le16_to_cpu(class->flags);
	u32 forbidden = le32_to_cpu(class->forbidden);
	const char *what;

	if (flags & ~EQFW_CLASS_FLAGS)
		return "unknown flag";
	if (forbidden != EQFW_PROGRAM_NONE && forbidden >= profile->n_programs)
		return "program out of range";
	if (id == EQFW_CLASS_UNOWNED && (flags || zone != profile->default_zone))
		return "class 0 is not that of unowned addresses";
	what = check_class_zone(profile, zone, flags);
	return what ? what : eqfw_check_text(profile, class->name);
}

static int check_classes(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	for (i = 0; i < profile->n_classes; i++) {
		const char *what = check_class(profile, i);

		if (what)
			return eqfw_refuse(fault, "classes", i, what);
		if (!(i & 255))
			eqfw_core_breathe();
	}
	return 0;
}

static bool all_zero(const u8 *bytes, size_t n)
{
	while (n--)
		if (*bytes++)
			return false;
	return true;
}

static const char *check_host(const struct eqfw_profile *profile, u32 i)
{
	const struct eqfw_host_rec *host = &profile->hosts[i];
	u16 flags = le16_to_cpu(host->flags);
	const char *what = eqfw_check_name(profile, host->name);

	if (what)
		return what;
	if (le16_to_cpu(host->zone) >= profile->n_zones)
		return "zone out of range";
	if (flags & ~EQFW_HOST_FLAGS)
		return "unknown flag";
	if (host->reserved)
		return "reserved field is not zero";
	if (!(flags & EQFW_HOST_ADDR4) && !all_zero(host->addr4, sizeof(host->addr4)))
		return "IPv4 address without its flag";
	if (!(flags & EQFW_HOST_ADDR6) && !all_zero(host->addr6, sizeof(host->addr6)))
		return "IPv6 address without its flag";
	return i ? check_name_order(profile, profile->hosts[i - 1].name, host->name) : NULL;
}

static int check_hosts(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	for (i = 0; i < profile->n_hosts; i++) {
		const char *what = check_host(profile, i);

		if (what)
			return eqfw_refuse(fault, "hosts", i, what);
		if (!(i & 255))
			eqfw_core_breathe();
	}
	return 0;
}

static const char *check_mirror(const struct eqfw_profile *profile, u32 i)
{
	const struct eqfw_mirror_rec *mirror = &profile->mirrors[i];
	u16 low = le16_to_cpu(mirror->low), high = le16_to_cpu(mirror->high);
	u16 low_before, high_before;

	if (low >= profile->n_zones || high >= profile->n_zones)
		return "zone out of range";
	if (low > high)
		return "pair of zones the wrong way round";
	if (!i)
		return NULL;
	low_before = le16_to_cpu(mirror[-1].low);
	high_before = le16_to_cpu(mirror[-1].high);
	if (low == low_before && high == high_before)
		return "duplicate pair of zones";
	if (low < low_before || (low == low_before && high < high_before))
		return "pairs of zones are not sorted";
	return NULL;
}

static int check_mirrors(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	for (i = 0; i < profile->n_mirrors; i++) {
		const char *what = check_mirror(profile, i);

		if (what)
			return eqfw_refuse(fault, "mirrors", i, what);
	}
	return 0;
}

int eqfw_check_topology(struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	int err = check_zones(profile, fault);

	if (!err)
		err = check_interfaces(profile, fault);
	if (!err)
		err = check_classes(profile, fault);
	if (!err)
		err = check_hosts(profile, fault);
	if (!err)
		err = check_mirrors(profile, fault);
	return err;
}
