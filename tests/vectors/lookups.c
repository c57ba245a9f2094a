// SPDX-License-Identifier: GPL-2.0
#include "lookups.h"
#include "lookup.h"
#include "profile_builder.h"

static void begin(struct profile_builder *b, u32 classes, u32 items)
{
	u32 i;

	builder_init(b);
	builder_zone(b, "box", EQFW_ZONE_BOX);
	builder_zone(b, "net", EQFW_ZONE_DEFAULT);
	for (i = 0; i < classes; i++)
		builder_class(b, 1, 0, EQFW_PROGRAM_NONE, "");
	for (i = 0; i < items; i++) {
		char id[] = "aaaa";

		id[0] += (char)(i / 4096 % 16);
		id[1] += (char)(i / 256 % 16);
		id[2] += (char)(i / 16 % 16);
		id[3] += (char)(i % 16);
		builder_item(b, id, EQFW_ITEM_MATRIX, 0);
	}
}

/* The builder is freed; the table is NULL where *what is set. */
static struct eqfw_table *build(struct profile_builder *b, const char **what)
{
	struct eqfw_table *table = NULL;
	struct eqfw_profile profile;
	struct eqfw_fault fault;
	size_t size;
	u8 *bytes = builder_finish(b, &size);

	builder_free(b);
	*what = "no memory";
	if (!bytes)
		return NULL;
	if (eqfw_profile_check(bytes, size, &profile, &fault))
		*what = fault.what;
	else if (eqfw_table_build(&profile, &table, &fault) == -E2BIG)
		*what = fault.what;
	else if (table && eqfw_table_bytes(table) == table->bytes)
		*what = NULL;
	eqfw_core_free(bytes);
	return table;
}

static const struct {
	u8 family;
	u8 addr[16];
	u8 len;
	u8 class_id;
} prefixes[] = {
	{ 4, { 10 }, 8, 1 },
	{ 4, { 10, 1 }, 16, 2 },
	{ 4, { 10, 1, 9 }, 24, 3 },
	{ 4, { 10, 2 }, 16, 2 },
	{ 4, { 255, 255, 255, 254 }, 31, 4 },
	{ 6, { 0x20 }, 8, 1 },
	{ 6, { 0x20, 1 }, 16, 2 },
	{ 6, { 0x20, 1, [8] = 1 }, 72, 3 },
	{ 6, { 0xfe, [15] = 1 }, 128, 4 },
};

static const struct {
	u8 family;
	u8 addr[16];
	u8 class_id;
} addresses[] = {
	{ 4, { 0 }, 0 },
	{ 4, { 9, 255, 255, 255 }, 0 },
	{ 4, { 10 }, 1 },
	{ 4, { 10, 0, 255, 255 }, 1 },
	{ 4, { 10, 1 }, 2 },
	{ 4, { 10, 1, 8, 255 }, 2 },
	{ 4, { 10, 1, 9 }, 3 },
	{ 4, { 10, 1, 9, 255 }, 3 },
	{ 4, { 10, 1, 10 }, 2 },
	{ 4, { 10, 2 }, 2 },
	{ 4, { 10, 2, 255, 255 }, 2 },
	{ 4, { 10, 3 }, 1 },
	{ 4, { 10, 255, 255, 255 }, 1 },
	{ 4, { 11 }, 0 },
	{ 4, { 255, 255, 255, 253 }, 0 },
	{ 4, { 255, 255, 255, 255 }, 4 },
	{ 6, { 0 }, 0 },
	{ 6, { 0x20 }, 1 },
	{ 6, { 0x20, 1 }, 2 },
	{ 6, { 0x20, 1, [8] = 1 }, 3 },
	{ 6, { 0x20, 1, [8] = 1, [9] = 0xff, [15] = 0xff }, 3 },
	{ 6, { 0x20, 1, [8] = 2 }, 2 },
	{ 6, { 0x20, 2 }, 1 },
	{ 6, { 0xfe, [15] = 1 }, 4 },
	{ 6, { 0xfe, [15] = 2 }, 0 },
	{ 6, { [10] = 0xff, 0xff, 10, 1, 9, 7 }, 3 }, /* IPv4 written as IPv6 */
	{ 6, { [10] = 0xff, 0xfe, 10, 1, 9, 7 }, 0 },
};

const char *lookups_addresses(void)
{
	struct profile_builder b;
	struct eqfw_table *table;
	const char *what;
	u32 i;

	begin(&b, 5, 0);
	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		builder_prefix(&b, prefixes[i].family, prefixes[i].addr, prefixes[i].len,
			       prefixes[i].class_id);
	table = build(&b, &what);
	for (i = 0; table && i < ARRAY_SIZE(addresses); i++) {
		struct eqfw_addr addr;

		memcpy(addr.b, addresses[i].addr, sizeof(addr.b));
		if (eqfw_addresses_class(table, addresses[i].family, &addr) !=
		    addresses[i].class_id)
			what = "an address is in the wrong class";
	}
	eqfw_table_free(table);
	return what;
}

/* Items of all matching rules, one decimal digit each, in order. */
static u32 matches(const struct eqfw_table *table, u8 proto, u16 sport, u16 dport)
{
	const struct eqfw_set *set;
	struct eqfw_match match;
	u32 digits = 0, item;

	set = eqfw_ports_set(table, 1, 4, proto);
	if (set->rule & EQFW_SET_EMPTY)
		return 9999;
	eqfw_match_begin(&match, table, set, sport, dport, false);
	while (eqfw_match_next(&match, &item))
		digits = digits * 10 + item + 1;
	return digits;
}

const char *lookups_ports(void)
{
	const struct eqfw_rule_rec rules[] = {
		builder_ports(6, 1024, 1324, 1720, 1720, 1),
		builder_ports(6, 1024, 65535, 5060, 5060, 0),
		builder_ports(6, 5060, 5060, 1024, 65535, 2),
	};
	struct profile_builder b;
	struct eqfw_table *table;
	const char *what;
	u32 i;

	begin(&b, 1, 3);
	builder_program(&b);
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		builder_rule(&b, &rules[i]);
	table = build(&b, &what);
	if (!table)
		return what;
	if (matches(table, 6, 1030, 1720) != 2 || matches(table, 6, 5060, 5060) != 13 ||
	    matches(table, 6, 5060, 1720) != 3 || matches(table, 6, 1325, 1720) ||
	    matches(table, 6, 5061, 65535) || matches(table, 6, 5060, 65535) != 3 ||
	    matches(table, 6, 5060, 1023) || matches(table, 6, 0, 0))
		what = "wrong rules match";
	else if (matches(table, 17, 5060, 5060) != 9999)
		what = "a rule matches another protocol";
	eqfw_table_free(table);
	return what;
}

const char *lookups_full_program(void)
{
	struct profile_builder b;
	struct eqfw_table *table;
	const char *what;
	u32 i;

	begin(&b, 1, EQFW_MAX_PROGRAM_RULES);
	builder_program(&b);
	for (i = 0; i < EQFW_MAX_PROGRAM_RULES; i++) {
		struct eqfw_rule_rec rule =
			builder_ports(17, 1, 65535, (u16)(i + 1), (u16)(i + 1), i);

		builder_rule(&b, &rule);
	}
	table = build(&b, &what);
	for (i = 0; table && !what && i < EQFW_MAX_PROGRAM_RULES; i++)
		if (matches(table, 17, 1, (u16)(i + 1)) != i + 1)
			what = "a rule does not find its item";
	if (table && !what && matches(table, 17, 1, EQFW_MAX_PROGRAM_RULES + 1))
		what = "a port behind the last matches";
	eqfw_table_free(table);
	return what;
}

/* Devices of F28, each a class of its own that one program of 4096 ranges leads to. */
static void add_devices(struct profile_builder *b, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		u8 addr[16] = { 10, 0, (u8)(i / 256), (u8)i };

		builder_prefix(b, 4, addr, 32, i + 2);
		builder_cell(b, i + 2, 1, 0);
	}
}

const char *lookups_many_ranges(void)
{
	const u32 devices = 1024;
	struct profile_builder b;
	struct eqfw_table *table;
	const char *what;
	u32 i;

	begin(&b, devices + 2, 1);
	add_devices(&b, devices);
	builder_program(&b);
	for (i = 0; i < EQFW_MAX_PROGRAM_RULES; i++) {
		u16 lo = (u16)(1 + 15 * i);
		struct eqfw_rule_rec rule = builder_ports(6, 1024, 65535, lo, lo + 9, 0);

		builder_rule(&b, &rule);
	}
	table = build(&b, &what);
	for (i = 0; table && !what && i < devices; i++)
		if (eqfw_cells_program(table, i + 2, 1) != 1)
			what = "a device does not find its program";
	for (i = 0; table && !what && i < EQFW_MAX_PROGRAM_RULES; i++)
		if (matches(table, 6, 1024, (u16)(10 + 15 * i)) != 1 ||
		    matches(table, 6, 1024, (u16)(11 + 15 * i)))
			what = "a range does not end where it should";
	eqfw_table_free(table);
	return what;
}

/* Nested ranges: every interval is covered by half of the rules. */
static void add_nested_program(struct profile_builder *b)
{
	u32 i;

	builder_program(b);
	for (i = 0; i < EQFW_MAX_PROGRAM_RULES; i++) {
		u16 lo = (u16)(32768 - i), hi = (u16)(32768 + i);
		struct eqfw_rule_rec rule = builder_ports(6, lo, hi, lo, hi, 0);

		builder_rule(b, &rule);
	}
}

const char *lookups_too_large(void)
{
	struct eqfw_table *table = NULL;
	struct eqfw_profile profile;
	struct profile_builder b;
	struct eqfw_fault fault;
	const char *what = NULL;
	size_t size;
	u8 *bytes;
	u32 i;

	begin(&b, 1, 1);
	for (i = 0; i < 80; i++)
		add_nested_program(&b);
	bytes = builder_finish(&b, &size);
	builder_free(&b);
	if (!bytes)
		return "no memory";
	if (eqfw_profile_check(bytes, size, &profile, &fault))
		what = fault.what;
	else if (eqfw_table_build(&profile, &table, &fault) != -E2BIG)
		what = "not refused";
	else if (strcmp(fault.section, "programs") || !fault.record || !strstr(fault.what, "MiB"))
		what = "wrong words";
	eqfw_table_free(table);
	eqfw_core_free(bytes);
	return what;
}
