// SPDX-License-Identifier: GPL-2.0
/*
 * giant - profiles at the edges of what a profile can be
 *
 *   giant full FILE      every section as large as the format allows: 63.7 MiB, the largest there is
 *   giant ranges FILE    4,096 ranges of ports, open to 1,024 devices of which no two are alike
 *
 * In both, any stranger may send UDP from any port to port 5000 of 10.1.0.10; to port 5001 nobody may.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile_builder.h"
#include "profile_check.h"

#define DEFAULT_ZONE 1
#define FIRST_HOST 0x0a000000u	/* 10.0.0.0 */
#define TESTED_HOST 0x0a01000au /* 10.1.0.10 */
#define FIRST_CLASS 2u		/* after strangers and the box */
#define CELLS_OF_CLASS 16u
#define RULES_OF_PROGRAM 16u

static void die(const char *what)
{
	fprintf(stderr, "giant: %s\n", what);
	exit(1);
}

static void add_zones(struct profile_builder *b, unsigned int n)
{
	char name[8];

	builder_zone(b, "box", EQFW_ZONE_BOX);
	for (unsigned int i = DEFAULT_ZONE; i < n; i++) {
		snprintf(name, sizeof(name), "z%03u", i);
		builder_zone(b, name, i == DEFAULT_ZONE ? EQFW_ZONE_DEFAULT : 0);
	}
}

/* The first one is "*": every interface is of the default zone. */
static void add_interfaces(struct profile_builder *b, unsigned int n)
{
	char name[16];

	builder_interface(b, "", DEFAULT_ZONE, EQFW_INTERFACE_PREFIX);
	for (unsigned int i = 1; i < n; i++) {
		snprintf(name, sizeof(name), "if%05u", i);
		builder_interface(b, name, DEFAULT_ZONE, 0);
	}
}

static void add_classes(struct profile_builder *b, unsigned int n, unsigned int zones)
{
	builder_class(b, DEFAULT_ZONE, 0, EQFW_PROGRAM_NONE, "");
	builder_class(b, 0, EQFW_CLASS_BOX, EQFW_PROGRAM_NONE, "");
	for (unsigned int i = FIRST_CLASS; i < n; i++)
		builder_class(b, (u16)(DEFAULT_ZONE + i % (zones - 1)), EQFW_CLASS_DECLARED,
			      EQFW_PROGRAM_NONE, "");
}

static u32 class_of(u32 address, u32 first, u32 classes)
{
	return FIRST_CLASS + (address - first) % (classes - FIRST_CLASS);
}

static void add_prefixes(struct profile_builder *b, u32 first, u32 n, u32 classes)
{
	for (u32 i = 0; i < n; i++) {
		u32 address = htonl(first + i);

		builder_prefix(b, 4, (const u8 *)&address, 32, class_of(first + i, first, classes));
	}
}

static int compare_u32(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

/* A row of cells; one of them may be asked for. */
static void add_row(struct profile_builder *b, u32 src, u32 n, u32 classes, u32 wanted)
{
	u32 *row = calloc(n, sizeof(*row));

	if (!row)
		die("out of memory");
	for (u32 i = 0; i < n; i++)
		row[i] = (wanted + src * 7 + i * 4001) % classes;
	qsort(row, n, sizeof(*row), compare_u32);
	for (u32 i = 0; i < n; i++)
		builder_cell(b, src, row[i], src);
	free(row);
}

static int compare_rules(const void *a, const void *b)
{
	return eqfw_rule_before(a, b) ? -1 : eqfw_rule_before(b, a);
}

/* Single ports from @lo on, every second one. */
static void add_program(struct profile_builder *b, u32 n, u32 lo, u32 items, u32 item)
{
	static struct eqfw_rule_rec rules[EQFW_MAX_PROGRAM_RULES];

	for (u32 i = 0; i < n; i++) {
		u16 port = (u16)(lo + 2 * i);

		rules[i] = builder_ports(17, 1, 65535, port, port, (item + i) % items);
	}
	qsort(rules, n, sizeof(*rules), compare_rules);
	builder_program(b);
	for (u32 i = 0; i < n; i++)
		builder_rule(b, &rules[i]);
}

static void add_items(struct profile_builder *b, u32 n)
{
	char id[16];

	for (u32 i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "row/%u:1", i);
		builder_item(b, id, EQFW_ITEM_MATRIX, 0);
	}
}

static void add_hosts(struct profile_builder *b, u32 n)
{
	char name[16];

	for (u32 i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "host%05u", i);
		builder_host(b, name, DEFAULT_ZONE, 0);
	}
}

/* Texts that nothing points at fill the section to the last byte. */
static void fill_strings(struct profile_builder *b)
{
	const struct builder_section *strings = &b->sections[EQFW_SECTION_STRINGS];
	static char text[EQFW_MAX_STRINGS];

	memset(text, 'x', EQFW_MAX_STRINGS - strings->count - 1);
	builder_string(b, text);
}

static void make_full(struct profile_builder *b)
{
	u32 wanted = class_of(TESTED_HOST, FIRST_HOST, EQFW_MAX_CLASSES);
	u32 left = EQFW_MAX_RULES - EQFW_MAX_PROGRAMS * RULES_OF_PROGRAM;

	add_zones(b, EQFW_MAX_ZONES);
	add_interfaces(b, EQFW_MAX_INTERFACES);
	add_classes(b, EQFW_MAX_CLASSES, EQFW_MAX_ZONES);
	add_prefixes(b, FIRST_HOST, EQFW_MAX_PREFIXES, EQFW_MAX_CLASSES);
	for (u32 src = 0; src < EQFW_MAX_CLASSES; src++)
		add_row(b, src,
			CELLS_OF_CLASS +
				(src ? 0 : EQFW_MAX_CELLS - EQFW_MAX_CLASSES * CELLS_OF_CLASS),
			EQFW_MAX_CLASSES, wanted);
	for (u32 i = 0; i < EQFW_MAX_PROGRAMS; i++)
		add_program(b, RULES_OF_PROGRAM + (i ? 0 : left), 5000 + i % 512 * 100,
			    EQFW_MAX_ITEMS, i * RULES_OF_PROGRAM);
	add_items(b, EQFW_MAX_ITEMS);
	add_hosts(b, EQFW_MAX_HOSTS);
	for (u16 low = 0; low < EQFW_MAX_ZONES; low++)
		for (u16 high = low; high < EQFW_MAX_ZONES; high++)
			builder_mirror(b, low, high);
	fill_strings(b);
}

#define RANGES 4096u
#define DEVICES 1024u

static void make_ranges(struct profile_builder *b)
{
	add_zones(b, 2);
	add_interfaces(b, 1);
	add_classes(b, FIRST_CLASS + DEVICES, 2);
	add_prefixes(b, TESTED_HOST & ~255u, DEVICES, FIRST_CLASS + DEVICES);
	for (u32 i = 0; i < DEVICES; i++)
		builder_cell(b, 0, FIRST_CLASS + i, 0);
	add_program(b, RANGES, 5000, 64, 0);
	add_items(b, 64);
}

static void write_file(const char *path, const u8 *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
		die(path);
}

int main(int argc, char **argv)
{
	struct eqfw_profile profile;
	struct eqfw_fault fault = { 0 };
	struct profile_builder b;
	size_t size;
	u8 *bytes;

	if (argc != 3)
		return 2;
	builder_init(&b);
	if (!strcmp(argv[1], "full"))
		make_full(&b);
	else
		make_ranges(&b);
	bytes = builder_finish(&b, &size);
	if (!bytes)
		die("out of memory");
	if (eqfw_profile_check(bytes, size, &profile, &fault)) {
		fprintf(stderr, "giant: %s %u: %s\n", fault.section, fault.record, fault.what);
		return 1;
	}
	write_file(argv[2], bytes, size);
	printf("%zu bytes\n", size);
	builder_free(&b);
	eqfw_core_free(bytes);
	return 0;
}
