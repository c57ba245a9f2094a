// SPDX-License-Identifier: GPL-2.0
#include "profile_builder.h"
#include <eqfw/version.h>

static const u32 record_sizes[EQFW_N_SECTIONS] = {
	[EQFW_SECTION_STRINGS] = 1,
	[EQFW_SECTION_ZONES] = sizeof(struct eqfw_zone_rec),
	[EQFW_SECTION_INTERFACES] = sizeof(struct eqfw_interface_rec),
	[EQFW_SECTION_CLASSES] = sizeof(struct eqfw_class_rec),
	[EQFW_SECTION_PREFIXES] = sizeof(struct eqfw_prefix_rec),
	[EQFW_SECTION_CELLS] = sizeof(struct eqfw_cell_rec),
	[EQFW_SECTION_PROGRAMS] = sizeof(struct eqfw_program_rec),
	[EQFW_SECTION_RULES] = sizeof(struct eqfw_rule_rec),
	[EQFW_SECTION_ITEMS] = sizeof(struct eqfw_item_rec),
	[EQFW_SECTION_HOSTS] = sizeof(struct eqfw_host_rec),
	[EQFW_SECTION_MIRRORS] = sizeof(struct eqfw_mirror_rec),
};

static bool grow(struct builder_section *section, u32 need)
{
	u32 capacity = section->capacity ? section->capacity : 1024;
	u8 *bytes;

	while (capacity < need)
		capacity *= 2;
	if (capacity == section->capacity)
		return true;
	bytes = eqfw_core_alloc(capacity);
	if (!bytes)
		return false;
	if (section->bytes)
		memcpy(bytes, section->bytes, section->capacity);
	eqfw_core_free(section->bytes);
	section->bytes = bytes;
	section->capacity = capacity;
	return true;
}

static u32 append(struct profile_builder *b, u32 id, const void *records, u32 n)
{
	struct builder_section *section = &b->sections[id];
	u32 at = section->count;

	if (!grow(section, (at + n) * record_sizes[id])) {
		b->failed = true;
		return 0;
	}
	memcpy(section->bytes + at * record_sizes[id], records, n * record_sizes[id]);
	section->count += n;
	return at;
}

void builder_init(struct profile_builder *b)
{
	memset(b, 0, sizeof(*b));
	memcpy(b->header.magic, EQFW_MAGIC, sizeof(b->header.magic));
	b->header.version = cpu_to_le16(EQFW_FORMAT_VERSION);
	b->header.header_size = cpu_to_le16(sizeof(b->header));
	b->header.needs_tool = cpu_to_le32(EQFW_VERSION_CODE);
	append(b, EQFW_SECTION_STRINGS, "", 1);
}

void builder_free(struct profile_builder *b)
{
	u32 i;

	for (i = 0; i < EQFW_N_SECTIONS; i++)
		eqfw_core_free(b->sections[i].bytes);
	memset(b, 0, sizeof(*b));
}

u32 builder_string(struct profile_builder *b, const char *text)
{
	return *text ? append(b, EQFW_SECTION_STRINGS, text, (u32)strlen(text) + 1) : 0;
}

u32 builder_zone(struct profile_builder *b, const char *name, u32 flags)
{
	struct eqfw_zone_rec zone = {
		.name = cpu_to_le32(builder_string(b, name)),
		.flags = cpu_to_le32(flags),
	};

	return append(b, EQFW_SECTION_ZONES, &zone, 1);
}

u32 builder_interface(struct profile_builder *b, const char *name, u16 zone, u16 flags)
{
	struct eqfw_interface_rec interface = {
		.name = cpu_to_le32(builder_string(b, name)),
		.zone = cpu_to_le16(zone),
		.flags = cpu_to_le16(flags),
	};

	return append(b, EQFW_SECTION_INTERFACES, &interface, 1);
}

u32 builder_class(struct profile_builder *b, u16 zone, u16 flags, u32 forbidden, const char *name)
{
	struct eqfw_class_rec class = {
		.zone = cpu_to_le16(zone),
		.flags = cpu_to_le16(flags),
		.forbidden = cpu_to_le32(forbidden),
		.name = cpu_to_le32(builder_string(b, name)),
	};

	return append(b, EQFW_SECTION_CLASSES, &class, 1);
}

u32 builder_prefix(struct profile_builder *b, u8 family, const u8 *addr, u8 len, u32 class_id)
{
	struct eqfw_prefix_rec prefix = {
		.class_id = cpu_to_le32(class_id),
		.family = family,
		.len = len,
	};

	memcpy(prefix.addr, addr, family == 4 ? 4 : 16);
	return append(b, EQFW_SECTION_PREFIXES, &prefix, 1);
}

u32 builder_cell(struct profile_builder *b, u32 src, u32 dst, u32 program)
{
	struct eqfw_cell_rec cell = {
		.src_class = cpu_to_le32(src),
		.dst_class = cpu_to_le32(dst),
		.program = cpu_to_le32(program),
	};

	return append(b, EQFW_SECTION_CELLS, &cell, 1);
}

u32 builder_program(struct profile_builder *b)
{
	struct eqfw_program_rec program = {
		.first = cpu_to_le32(b->sections[EQFW_SECTION_RULES].count),
	};

	return append(b, EQFW_SECTION_PROGRAMS, &program, 1);
}

u32 builder_rule(struct profile_builder *b, const struct eqfw_rule_rec *rule)
{
	u32 n = b->sections[EQFW_SECTION_PROGRAMS].count;

	if (n && !b->failed) {
		struct eqfw_program_rec *last = builder_record(b, EQFW_SECTION_PROGRAMS, n - 1);

		last->count = cpu_to_le32(le32_to_cpu(last->count) + 1);
	}
	return append(b, EQFW_SECTION_RULES, rule, 1);
}

u32 builder_item(struct profile_builder *b, const char *id, u32 kind, u64 until)
{
	struct eqfw_item_rec item = {
		.id = cpu_to_le32(builder_string(b, id)),
		.kind = cpu_to_le16((u16)kind),
		.until = cpu_to_le64(until),
	};

	return append(b, EQFW_SECTION_ITEMS, &item, 1);
}

void builder_item_flags(struct profile_builder *b, u16 flags)
{
	u32 n = b->sections[EQFW_SECTION_ITEMS].count;
	struct eqfw_item_rec *item;

	if (!n || b->failed)
		return;
	item = builder_record(b, EQFW_SECTION_ITEMS, n - 1);
	item->flags = cpu_to_le16(flags);
}

u32 builder_host(struct profile_builder *b, const char *name, u16 zone, u16 flags)
{
	struct eqfw_host_rec host = {
		.name = cpu_to_le32(builder_string(b, name)),
		.zone = cpu_to_le16(zone),
		.flags = cpu_to_le16(flags),
	};

	return append(b, EQFW_SECTION_HOSTS, &host, 1);
}

u32 builder_mirror(struct profile_builder *b, u16 low, u16 high)
{
	struct eqfw_mirror_rec mirror = {
		.low = cpu_to_le16(low),
		.high = cpu_to_le16(high),
	};

	return append(b, EQFW_SECTION_MIRRORS, &mirror, 1);
}

void *builder_record(struct profile_builder *b, u32 section, u32 i)
{
	return b->sections[section].bytes + i * record_sizes[section];
}

struct eqfw_rule_rec builder_ports(u8 proto, u16 src_lo, u16 src_hi, u16 dst_lo, u16 dst_hi,
				   u32 item)
{
	struct eqfw_rule_rec rule = {
		.src_lo = cpu_to_le16(src_lo),
		.src_hi = cpu_to_le16(src_hi),
		.dst_lo = cpu_to_le16(dst_lo),
		.dst_hi = cpu_to_le16(dst_hi),
		.item = cpu_to_le32(item),
		.proto = proto,
	};

	return rule;
}

static size_t section_bytes(const struct profile_builder *b, u32 id)
{
	return (size_t)b->sections[id].count * record_sizes[id];
}

static size_t padded(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

u8 *builder_finish(const struct profile_builder *b, size_t *size)
{
	size_t at = sizeof(b->header);
	struct eqfw_header *header;
	u8 *bytes;
	u32 i;

	*size = at + EQFW_DIGEST_SIZE;
	for (i = 0; i < EQFW_N_SECTIONS; i++)
		*size += padded(section_bytes(b, i));
	bytes = b->failed ? NULL : eqfw_core_alloc(*size);
	if (!bytes)
		return NULL;
	header = (struct eqfw_header *)bytes;
	*header = b->header;
	header->length = cpu_to_le64(*size);
	for (i = 0; i < EQFW_N_SECTIONS; i++) {
		header->sections[i].offset = cpu_to_le32((u32)at);
		header->sections[i].count = cpu_to_le32(b->sections[i].count);
		if (b->sections[i].count)
			memcpy(bytes + at, b->sections[i].bytes, section_bytes(b, i));
		at += padded(section_bytes(b, i));
	}
	builder_seal(bytes, *size);
	return bytes;
}

void builder_seal(u8 *bytes, size_t size)
{
	eqfw_core_sha256(bytes, size - EQFW_DIGEST_SIZE, bytes + size - EQFW_DIGEST_SIZE);
}
