// SPDX-License-Identifier: GPL-2.0
/*
 * The only judge of profile.bin: untrusted bytes in, trusted view out.
 *
 * Each step may rely on what the steps before it have proved, and on nothing else:
 *
 *   size -> magic, version -> length -> layout -> digest     this file
 *        -> strings -> zones ... hosts -> prefixes -> rules  check_*.c
 *
 * Sizes come before the digest, so that hashing stays inside the buffer; the digest comes before
 * the records, so that a flipped bit is called damage and not, say, a reversed range. The digest is
 * no proof of good will: whoever wrote the bytes can compute it, so everything after it trusts
 * nothing either. All loops are linear in the size but one: item ids are sorted to find
 * duplicates.
 */
#include "check.h"
#include <eqfw/version.h>

#define SECTION(name_, type_, min_, max_) \
	{ \
		.name = (name_), .size = sizeof(type_), .min = (min_), .max = (max_) \
	}

static const struct {
	const char *name;
	u32 size;
	u32 min;
	u32 max;
} sections[EQFW_N_SECTIONS] = {
	[EQFW_SECTION_STRINGS] = SECTION("strings", char, 1, EQFW_MAX_STRINGS),
	[EQFW_SECTION_ZONES] = SECTION("zones", struct eqfw_zone_rec, 1, EQFW_MAX_ZONES),
	[EQFW_SECTION_INTERFACES] =
		SECTION("interfaces", struct eqfw_interface_rec, 0, EQFW_MAX_INTERFACES),
	[EQFW_SECTION_CLASSES] = SECTION("classes", struct eqfw_class_rec, 1, EQFW_MAX_CLASSES),
	[EQFW_SECTION_PREFIXES] = SECTION("prefixes", struct eqfw_prefix_rec, 0, EQFW_MAX_PREFIXES),
	[EQFW_SECTION_CELLS] = SECTION("cells", struct eqfw_cell_rec, 0, EQFW_MAX_CELLS),
	[EQFW_SECTION_PROGRAMS] =
		SECTION("programs", struct eqfw_program_rec, 0, EQFW_MAX_PROGRAMS),
	[EQFW_SECTION_RULES] = SECTION("rules", struct eqfw_rule_rec, 0, EQFW_MAX_RULES),
	[EQFW_SECTION_ITEMS] = SECTION("items", struct eqfw_item_rec, 0, EQFW_MAX_ITEMS),
	[EQFW_SECTION_HOSTS] = SECTION("hosts", struct eqfw_host_rec, 0, EQFW_MAX_HOSTS),
	[EQFW_SECTION_MIRRORS] = SECTION("mirrors", struct eqfw_mirror_rec, 0, EQFW_MAX_MIRRORS),
};

int eqfw_refuse(struct eqfw_fault *fault, const char *section, u32 record, const char *what)
{
	fault->what = what;
	fault->section = section;
	fault->record = record;
	return -EINVAL;
}

/* A machine that swapped units of 2, 4 or 8 bytes leaves one of these instead of the magic. */
static bool is_swapped_magic(const u8 *bytes)
{
	return !memcmp(bytes, "QEWFRPFO", 8) || !memcmp(bytes, "WFQEFORP", 8) ||
	       !memcmp(bytes, "FORPWFQE", 8);
}

static int check_version(const struct eqfw_header *header, struct eqfw_fault *fault)
{
	u16 version = le16_to_cpu(header->version);

	if (version == EQFW_FORMAT_VERSION << 8)
		return eqfw_refuse(fault, "header", 0,
				   "byte-swapped: the profile is not little-endian");
	if (version < EQFW_FORMAT_VERSION) {
		eqfw_refuse(fault, "header", 0, "older format version that is no longer read");
		return -EPROTONOSUPPORT;
	}
	if (version > EQFW_FORMAT_VERSION || le32_to_cpu(header->needs_tool) > EQFW_VERSION_CODE) {
		eqfw_refuse(fault, "header", 0,
			    "newer than this eqfw: needs eqfwctl >= the version its header names");
		fault->needs_tool = le32_to_cpu(header->needs_tool);
		return -EPROTONOSUPPORT;
	}
	return 0;
}

static int check_size(const void *data, size_t size, struct eqfw_fault *fault)
{
	const struct eqfw_header *header = data;

	if (size > EQFW_PROFILE_MAX) {
		eqfw_refuse(fault, "file", 0, "larger than 64 MiB");
		return -E2BIG;
	}
	if (size < sizeof(header->magic))
		return eqfw_refuse(fault, "file", 0, "truncated: shorter than a header");
	if (is_swapped_magic(data))
		return eqfw_refuse(fault, "header", 0, "not a profile: byte-swapped");
	if (memcmp(header->magic, EQFW_MAGIC, sizeof(header->magic)))
		return eqfw_refuse(fault, "file", 0,
				   "not a profile: it does not begin with EQFWPROF");
	if (size < sizeof(*header) + EQFW_DIGEST_SIZE)
		return eqfw_refuse(fault, "file", 0, "truncated: only a part of the header");
	return 0;
}

static int check_length(const struct eqfw_header *header, size_t size, struct eqfw_fault *fault)
{
	u64 length = le64_to_cpu(header->length);

	if (le16_to_cpu(header->header_size) != sizeof(*header))
		return eqfw_refuse(fault, "header", 0, "header size is not that of its version");
	if (length > size)
		return eqfw_refuse(fault, "file", 0, "truncated: shorter than its header says");
	if (length < size)
		return eqfw_refuse(fault, "file", 0, "longer than its header says");
	return 0;
}

static int check_layout(const struct eqfw_header *header, size_t size, struct eqfw_fault *fault)
{
	const u8 *bytes = (const u8 *)header;
	u64 at = sizeof(*header);
	u32 i;

	for (i = 0; i < EQFW_N_SECTIONS; i++) {
		const char *name = sections[i].name;
		u32 count = le32_to_cpu(header->sections[i].count);
		u64 end;

		if (count < sections[i].min)
			return eqfw_refuse(fault, name, 0, "too few records");
		if (count > sections[i].max)
			return eqfw_refuse(fault, name, 0, "more records than the format allows");
		if (le32_to_cpu(header->sections[i].offset) != at)
			return eqfw_refuse(fault, name, 0,
					   "offset is not where the section before it ends");
		end = at + (u64)count * sections[i].size;
		at = (end + 7) & ~7ull;
		if (at > size - EQFW_DIGEST_SIZE)
			return eqfw_refuse(fault, name, 0,
					   "truncated: section ends outside the file");
		for (; end < at; end++)
			if (bytes[end])
				return eqfw_refuse(fault, name, 0, "padding is not zero");
	}
	for (; i < EQFW_SECTION_SLOTS; i++)
		if (header->sections[i].offset || header->sections[i].count)
			return eqfw_refuse(fault, "header", 0, "unknown section");
	if (at != size - EQFW_DIGEST_SIZE)
		return eqfw_refuse(fault, "file", 0,
				   "bytes between the last section and the digest");
	return 0;
}

static const void *section_at(const struct eqfw_header *header, u32 section)
{
	return (const u8 *)header + le32_to_cpu(header->sections[section].offset);
}

static u32 section_count(const struct eqfw_header *header, u32 section)
{
	return le32_to_cpu(header->sections[section].count);
}

static void view(const struct eqfw_header *header, size_t size, struct eqfw_profile *profile)
{
	memset(profile, 0, sizeof(*profile));
	profile->header = header;
	profile->size = size;
	profile->digest = (const u8 *)header + size - EQFW_DIGEST_SIZE;
	profile->strings = section_at(header, EQFW_SECTION_STRINGS);
	profile->zones = section_at(header, EQFW_SECTION_ZONES);
	profile->interfaces = section_at(header, EQFW_SECTION_INTERFACES);
	profile->classes = section_at(header, EQFW_SECTION_CLASSES);
	profile->prefixes = section_at(header, EQFW_SECTION_PREFIXES);
	profile->cells = section_at(header, EQFW_SECTION_CELLS);
	profile->programs = section_at(header, EQFW_SECTION_PROGRAMS);
	profile->rules = section_at(header, EQFW_SECTION_RULES);
	profile->items = section_at(header, EQFW_SECTION_ITEMS);
	profile->hosts = section_at(header, EQFW_SECTION_HOSTS);
	profile->mirrors = section_at(header, EQFW_SECTION_MIRRORS);
	profile->n_strings = section_count(header, EQFW_SECTION_STRINGS);
	profile->n_zones = section_count(header, EQFW_SECTION_ZONES);
	profile->n_interfaces = section_count(header, EQFW_SECTION_INTERFACES);
	profile->n_classes = section_count(header, EQFW_SECTION_CLASSES);
	profile->n_prefixes = section_count(header, EQFW_SECTION_PREFIXES);
	profile->n_cells = section_count(header, EQFW_SECTION_CELLS);
	profile->n_programs = section_count(header, EQFW_SECTION_PROGRAMS);
	profile->n_rules = section_count(header, EQFW_SECTION_RULES);
	profile->n_items = section_count(header, EQFW_SECTION_ITEMS);
	profile->n_hosts = section_count(header, EQFW_SECTION_HOSTS);
	profile->n_mirrors = section_count(header, EQFW_SECTION_MIRRORS);
}

static int check_digest(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u8 digest[EQFW_DIGEST_SIZE];

	eqfw_core_sha256(profile->header, profile->size - EQFW_DIGEST_SIZE, digest);
	if (!memcmp(digest, profile->digest, sizeof(digest)))
		return 0;
	eqfw_refuse(fault, "file", 0, "damaged: the digest at the end does not match the bytes");
	return -EBADMSG;
}

static int check_header(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	const struct eqfw_header *header = profile->header;
	const char *what;

	if (header->reserved16 || header->reserved)
		return eqfw_refuse(fault, "header", 0, "reserved field is not zero");
	if (le32_to_cpu(header->mode) >= EQFW_N_MODES)
		return eqfw_refuse(fault, "header", 0, "mode out of range");
	if (le32_to_cpu(header->flags) & ~EQFW_HEADER_FLAGS)
		return eqfw_refuse(fault, "header", 0, "unknown flag");
	if (!(~le32_to_cpu(header->flags) & (EQFW_HEADER_BOOT_GUARDS | EQFW_HEADER_BOOT_CLOSED)))
		return eqfw_refuse(fault, "header", 0, "two boot choices");
	if (header->nflog_group && !(le32_to_cpu(header->flags) & EQFW_HEADER_NFLOG))
		return eqfw_refuse(fault, "header", 0, "log group without its flag");
	if (le32_to_cpu(header->adopt_s) > 86400)
		return eqfw_refuse(fault, "header", 0, "adoption time out of range");
	what = eqfw_check_text(profile, header->name);
	if (!what)
		what = eqfw_check_text(profile, header->matrix);
	return what ? eqfw_refuse(fault, "header", 0, what) : 0;
}

static int check_envelope(const void *data, size_t size, struct eqfw_fault *fault)
{
	int err = check_size(data, size, fault);

	if (!err)
		err = check_version(data, fault);
	if (!err)
		err = check_length(data, size, fault);
	if (!err)
		err = check_layout(data, size, fault);
	return err;
}

static int check_contents(struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	int err = check_digest(profile, fault);

	if (!err)
		err = eqfw_check_strings(profile, fault);
	if (!err)
		err = check_header(profile, fault);
	if (!err)
		err = eqfw_check_topology(profile, fault);
	if (!err)
		err = eqfw_check_prefixes(profile, fault);
	if (!err)
		err = eqfw_check_policy(profile, fault);
	return err;
}

int eqfw_profile_check(const void *data, size_t size, struct eqfw_profile *profile,
		       struct eqfw_fault *fault)
{
	int err;

	memset(fault, 0, sizeof(*fault));
	err = check_envelope(data, size, fault);
	if (err)
		return err;
	view(data, size, profile);
	return check_contents(profile, fault);
}

static int compare_width(u16 a_lo, u16 a_hi, u16 b_lo, u16 b_hi)
{
	return (a_hi - a_lo) - (b_hi - b_lo);
}

bool eqfw_rule_before(const struct eqfw_rule_rec *a, const struct eqfw_rule_rec *b)
{
	u16 a_src = le16_to_cpu(a->src_lo), b_src = le16_to_cpu(b->src_lo);
	u16 a_dst = le16_to_cpu(a->dst_lo), b_dst = le16_to_cpu(b->dst_lo);
	u32 a_item = le32_to_cpu(a->item), b_item = le32_to_cpu(b->item);
	int width;

	if (a->proto != b->proto)
		return a->proto < b->proto;
	width = compare_width(a_dst, le16_to_cpu(a->dst_hi), b_dst, le16_to_cpu(b->dst_hi));
	if (width)
		return width < 0;
	width = compare_width(a_src, le16_to_cpu(a->src_hi), b_src, le16_to_cpu(b->src_hi));
	if (width)
		return width < 0;
	if (a_item != b_item)
		return a_item < b_item;
	return a_dst != b_dst ? a_dst < b_dst : a_src < b_src;
}
