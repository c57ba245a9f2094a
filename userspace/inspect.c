// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "inspect.h"

const struct flag_name inspect_zone_flags[] = {
	{ EQFW_ZONE_DEFAULT, "default" },
	{ EQFW_ZONE_BOX, "box" },
	{ EQFW_ZONE_INTRA_PASS, "intra-pass" },
	{ EQFW_ZONE_IPSEC, "ipsec" },
	{ 0, NULL },
};

const struct flag_name inspect_class_flags[] = {
	{ EQFW_CLASS_DECLARED, "declared" },
	{ EQFW_CLASS_BOX, "box" },
	{ EQFW_CLASS_PUBLIC, "public" },
	{ EQFW_CLASS_GROUP, "multicast" },
	{ EQFW_CLASS_BROADCAST, "broadcast" },
	{ EQFW_CLASS_VIP, "vip" },
	{ 0, NULL },
};

/* Counting sort of the prefixes by class: file order stays inside a class. */
static void index_prefixes(struct inspect *in)
{
	const struct eqfw_profile *profile = in->profile;
	uint32_t *next;

	in->class_first = arena_alloc(in->arena, (profile->n_classes + 2) * sizeof(uint32_t));
	in->prefixes = arena_alloc(in->arena, (profile->n_prefixes + 1) * sizeof(*in->prefixes));
	next = in->class_first + 1;
	for (uint32_t i = 0; i < profile->n_prefixes; i++)
		next[le32_to_cpu(profile->prefixes[i].class_id) + 1]++;
	for (uint32_t c = 0; c < profile->n_classes; c++)
		next[c + 1] += next[c];
	for (uint32_t i = 0; i < profile->n_prefixes; i++) {
		uint32_t id = le32_to_cpu(profile->prefixes[i].class_id);

		in->prefixes[next[id]++] = &profile->prefixes[i];
	}
}

void inspect_init(struct inspect *in, const struct eqfw_profile *profile)
{
	*in = (struct inspect){ .profile = profile, .arena = arena_new() };
	index_prefixes(in);
}

void inspect_free(struct inspect *in)
{
	arena_free(in->arena);
}

const char *inspect_string(const struct inspect *in, __le32 offset)
{
	return eqfw_profile_string(in->profile, offset);
}

const char *inspect_zone(const struct inspect *in, __le16 zone)
{
	uint16_t id = le16_to_cpu(zone);

	return id == EQFW_ZONE_NONE ? "none" : inspect_string(in, in->profile->zones[id].name);
}

const char *inspect_prefix(const struct inspect *in, const struct eqfw_prefix_rec *rec)
{
	struct prefix prefix = { .family = rec->family, .len = rec->len };

	memcpy(prefix.addr.b, rec->addr, sizeof(prefix.addr.b));
	return prefix_format(in->arena, &prefix);
}

const char *inspect_range(const struct inspect *in, __le16 lo, __le16 hi)
{
	if (lo == hi)
		return arena_printf(in->arena, "%u", le16_to_cpu(lo));
	return arena_printf(in->arena, "%u-%u", le16_to_cpu(lo), le16_to_cpu(hi));
}

const char *inspect_address(const struct inspect *in, const struct eqfw_host_rec *rec, int family)
{
	uint16_t flag = family == 4 ? EQFW_HOST_ADDR4 : EQFW_HOST_ADDR6;
	char text[INET6_ADDRSTRLEN] = "";

	if (!(le16_to_cpu(rec->flags) & flag))
		return NULL;
	if (family == 4)
		inet_ntop(AF_INET, rec->addr4, text, sizeof(text));
	else
		inet_ntop(AF_INET6, rec->addr6, text, sizeof(text));
	return arena_strdup(in->arena, text);
}

const char *inspect_interface(const struct inspect *in, const struct eqfw_interface_rec *rec)
{
	bool pattern = le16_to_cpu(rec->flags) & EQFW_INTERFACE_PREFIX;

	return arena_printf(in->arena, "%s%s", inspect_string(in, rec->name), pattern ? "*" : "");
}

const char *inspect_until(const struct inspect *in, const struct eqfw_item_rec *item)
{
	time_t until = (time_t)le64_to_cpu(item->until);
	char text[40];
	struct tm tm;

	if (!until || !gmtime_r(&until, &tm))
		return NULL;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_strdup(in->arena, text);
}

const char *inspect_boot(uint32_t header_flags)
{
	if (header_flags & EQFW_HEADER_BOOT_GUARDS)
		return "guards";
	return header_flags & EQFW_HEADER_BOOT_CLOSED ? "closed" : "open";
}

const char *inspect_replies(struct arena *arena, const struct eqfw_profile *profile)
{
	const char *text = "mirror between";

	if (!profile->n_mirrors)
		return "conntrack";
	if (eqfw_profile_mirrors_all(profile))
		return "mirror";
	for (uint32_t i = 0; i < profile->n_mirrors; i++) {
		const struct eqfw_mirror_rec *rec = &profile->mirrors[i];
		const struct eqfw_zone_rec *low = &profile->zones[le16_to_cpu(rec->low)],
					   *high = &profile->zones[le16_to_cpu(rec->high)];

		text = arena_printf(arena, "%s%s %s-%s", text, i ? "," : "",
				    eqfw_profile_string(profile, low->name),
				    eqfw_profile_string(profile, high->name));
	}
	return text;
}
