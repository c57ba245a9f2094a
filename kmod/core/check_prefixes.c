// SPDX-License-Identifier: GPL-2.0
/* Prefixes of a profile: which addresses belong to which class. */
#include "address.h"
#include "check.h"

static bool has_host_bits(const struct eqfw_prefix_rec *prefix)
{
	u32 byte = prefix->len / 8;

	if (byte < 16 && prefix->addr[byte] & (0xff >> (prefix->len % 8)))
		return true;
	while (++byte < 16)
		if (prefix->addr[byte])
			return true;
	return false;
}

/* Prefixes that merely cover such addresses are fine: 0.0.0.0/1 is a network that sites write. */
static const char *check_kind(const struct eqfw_prefix_rec *prefix, bool group)
{
	u8 family = prefix->family, len = prefix->len;
	const u8 *addr = prefix->addr;
	bool multicast = eqfw_addr_is_multicast(family, addr) && len >= (family == 4 ? 4 : 8);

	if (multicast && !group)
		return "multicast address in a class that is no group";
	if (!multicast && group)
		return "address in a group's class that is not multicast";
	if (len == (family == 4 ? 32 : 128) && eqfw_addr_is_unspecified(family, addr))
		return "the unspecified address";
	if (len >= (family == 4 ? 8 : 128) && eqfw_addr_is_loopback(family, addr))
		return "loopback address";
	if (family == 6 && len >= 96 && eqfw_addr_is_mapped(addr))
		return "IPv4 address written as IPv6";
	return NULL;
}

static const char *check_order(const struct eqfw_prefix_rec *a, const struct eqfw_prefix_rec *b)
{
	int order = a->family - b->family;

	if (!order)
		order = memcmp(a->addr, b->addr, sizeof(a->addr));
	if (!order)
		order = a->len - b->len;
	if (!order)
		return "duplicate prefix";
	return order > 0 ? "prefixes are not sorted" : NULL;
}

static const char *check_prefix(const struct eqfw_profile *profile, u32 i)
{
	const struct eqfw_prefix_rec *prefix = &profile->prefixes[i];
	u32 class_id = le32_to_cpu(prefix->class_id);
	const char *what;
	bool group;

	if (prefix->family != 4 && prefix->family != 6)
		return "address family is neither 4 nor 6";
	if (!prefix->len || prefix->len > (prefix->family == 4 ? 32 : 128))
		return "prefix length out of range";
	if (prefix->reserved)
		return "reserved field is not zero";
	if (class_id >= profile->n_classes)
		return "class out of range";
	if (has_host_bits(prefix))
		return "host bits set under the prefix";
	group = le16_to_cpu(profile->classes[class_id].flags) & EQFW_CLASS_GROUP;
	what = check_kind(prefix, group);
	if (what || !i)
		return what;
	return check_order(prefix - 1, prefix);
}

int eqfw_check_prefixes(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	for (i = 0; i < profile->n_prefixes; i++) {
		const char *what = check_prefix(profile, i);

		if (what)
			return eqfw_refuse(fault, "prefixes", i, what);
		if (!(i & 1023))
			eqfw_core_breathe();
	}
	return 0;
}
