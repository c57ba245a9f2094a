// SPDX-License-Identifier: GPL-2.0
#include "spoils.h"
#include "vectors.h"

#define FIELD(type, field) offsetof(struct type, field), sizeof(((struct type *)0)->field)
#define IN_ZONE(i, f) EQFW_SECTION_ZONES, i, FIELD(eqfw_zone_rec, f)
#define IN_INTERFACE(i, f) EQFW_SECTION_INTERFACES, i, FIELD(eqfw_interface_rec, f)
#define IN_CLASS(i, f) EQFW_SECTION_CLASSES, i, FIELD(eqfw_class_rec, f)
#define IN_PREFIX(i, f) EQFW_SECTION_PREFIXES, i, FIELD(eqfw_prefix_rec, f)
#define IN_CELL(i, f) EQFW_SECTION_CELLS, i, FIELD(eqfw_cell_rec, f)
#define IN_PROGRAM(i, f) EQFW_SECTION_PROGRAMS, i, FIELD(eqfw_program_rec, f)
#define IN_RULE(i, f) EQFW_SECTION_RULES, i, FIELD(eqfw_rule_rec, f)
#define IN_ITEM(i, f) EQFW_SECTION_ITEMS, i, FIELD(eqfw_item_rec, f)
#define IN_HOST(i, f) EQFW_SECTION_HOSTS, i, FIELD(eqfw_host_rec, f)
#define IN_MIRROR(i, f) EQFW_SECTION_MIRRORS, i, FIELD(eqfw_mirror_rec, f)
#define IN_STRING(at) EQFW_SECTION_STRINGS, 0, at, 1

/*
 * Prefixes 0 to 9 are IPv4: 10.1/16, .0.10/32, .32/20, 192.0.2/24, .1/32, .10, .20, .255,
 * 198.51.100.10, 224.0.1.41. Rules 0 to 2 are one program: TCP, UDP, ESP; rule 3 is ICMP.
 * Program 3 has rules 8 to 12. A string offset of 1 is the deployment's name, "vectors".
 */
const struct spoil spoils[] = {
	{ "string-begin", IN_STRING(0), 'x', "strings", "begin and end with NUL" },
	{ "string-utf8", IN_STRING(1), 0xff, "strings", "UTF-8" },
	{ "string-control", IN_STRING(1), 0x1b, "strings", "control" },
	{ "string-delete", IN_STRING(1), 0x7f, "strings", "control" },
	{ "string-overlong", IN_STRING(1), 0xc0, "strings", "UTF-8" },
	{ "string-cut", IN_STRING(7), 0xc3, "strings", "UTF-8" },
	{ "zone-name-empty", IN_ZONE(1, name), 0, "zones", "empty" },
	{ "zone-name-range", IN_ZONE(1, name), 1u << 31, "zones", "out of range" },
	{ "zone-name-inside", IN_ZONE(1, name), 2, "zones", "points into" },
	{ "zone-order", IN_ZONE(1, name), 1, "zones", "not sorted" },
	{ "zone-flags", IN_ZONE(1, flags), 16, "zones", "unknown flag" },
	{ "zone-no-box", IN_ZONE(0, flags), 0, "zones", "box" },
	{ "zone-two-boxes", IN_ZONE(1, flags), EQFW_ZONE_BOX, "zones", "box" },
	{ "zone-two-defaults", IN_ZONE(1, flags), EQFW_ZONE_DEFAULT, "zones", "second default" },
	{ "zone-default-intra", IN_ZONE(3, flags), 5, "zones", "always enforce" },
	{ "zone-box-ipsec", IN_ZONE(0, flags), 10, "zones", "comes in from the box" },
	{ "zone-box-intra", IN_ZONE(0, flags), 6, "zones", "always enforce" },
	{ "N31-interface-zone", IN_INTERFACE(0, zone), 4, "interfaces", "out of range" },
	{ "interface-box", IN_INTERFACE(0, zone), ZONE_BOX, "interfaces", "box" },
	{ "interface-flags", IN_INTERFACE(0, flags), 2, "interfaces", "unknown flag" },
	{ "interface-order", IN_INTERFACE(0, name), 1, "interfaces", "not sorted" },
	{ "interface-empty", IN_INTERFACE(0, name), 0, "interfaces", "empty" },
	{ "class-zone", IN_CLASS(1, zone), 4, "classes", "zone out of range" },
	{ "class-flags", IN_CLASS(1, flags), 64, "classes", "unknown flag" },
	{ "class-vip", IN_CLASS(1, flags), 32, "classes", "none of the box" },
	{ "class-no-zone", IN_CLASS(1, zone), EQFW_ZONE_NONE, "classes", "have no zone" },
	{ "class-box-zone", IN_CLASS(1, zone), ZONE_BOX, "classes", "box" },
	{ "class-box-outside", IN_CLASS(6, zone), ZONE_DMZ, "classes", "outside its zone" },
	{ "class-group-zone", IN_CLASS(8, zone), ZONE_DMZ, "classes", "has no zone" },
	{ "class-group-box", IN_CLASS(8, flags), 10, "classes", "nothing else" },
	{ "class-forbidden", IN_CLASS(2, forbidden), 10, "classes", "program out of range" },
	{ "class-name", IN_CLASS(1, name), 2, "classes", "points into" },
	{ "class0-flags", IN_CLASS(0, flags), 1, "classes", "class 0" },
	{ "class0-zone", IN_CLASS(0, zone), ZONE_CORE, "classes", "class 0" },
	{ "N25-family-0", IN_PREFIX(0, family), 0, "prefixes", "family" },
	{ "N25-family-5", IN_PREFIX(0, family), 5, "prefixes", "family" },
	{ "N25-v4-tail", IN_PREFIX(1, addr[15]), 1, "prefixes", "host bits" },
	{ "N25-v6-is-4", IN_PREFIX(10, family), 4, "prefixes", "length" },
	{ "N26-33", IN_PREFIX(1, len), 33, "prefixes", "length" },
	{ "N26-129", IN_PREFIX(18, len), 129, "prefixes", "length" },
	{ "N28-0/0", IN_PREFIX(0, len), 0, "prefixes", "length" },
	{ "N27-host-bits", IN_PREFIX(0, addr[2]), 1, "prefixes", "host bits" },
	{ "N27-host-bit-1", IN_PREFIX(2, addr[2]), 0x28, "prefixes", "host bits" },
	{ "N28-127", IN_PREFIX(1, addr[0]), 127, "prefixes", "loopback" },
	{ "N28-multicast", IN_PREFIX(8, addr[0]), 225, "prefixes", "multicast" },
	{ "N28-group", IN_PREFIX(9, addr[0]), 200, "prefixes", "multicast" },
	{ "N28-multicast6", IN_PREFIX(17, addr[0]), 0xff, "prefixes", "multicast" },
	{ "N31-prefix-class", IN_PREFIX(0, class_id), 11, "prefixes", "class out of range" },
	{ "N31-negative", IN_PREFIX(0, class_id), 0xffffffff, "prefixes", "class out of range" },
	{ "N34-prefix", IN_PREFIX(0, reserved), 1, "prefixes", "reserved" },
	{ "prefix-order", IN_PREFIX(0, addr[0]), 200, "prefixes", "not sorted" },
	{ "prefix-duplicate", IN_PREFIX(5, addr[3]), 1, "prefixes", "duplicate" },
	{ "N31-cell-src", IN_CELL(0, src_class), 11, "cells", "class out of range" },
	{ "N31-cell-dst", IN_CELL(0, dst_class), 0xffffffff, "cells", "class out of range" },
	{ "N31-cell-program", IN_CELL(0, program), 10, "cells", "program out of range" },
	{ "N31-cell-none", IN_CELL(0, program), EQFW_PROGRAM_NONE, "cells", "out of range" },
	{ "cell-order", IN_CELL(0, src_class), 5, "cells", "not sorted" },
	{ "cell-duplicate", IN_CELL(1, dst_class), 2, "cells", "duplicate" },
	{ "program-empty", IN_PROGRAM(0, count), 0, "programs", "number of rules" },
	{ "program-large", IN_PROGRAM(0, count), 4097, "programs", "number of rules" },
	{ "program-gap", IN_PROGRAM(0, first), 1, "programs", "follow" },
	{ "program-overlap", IN_PROGRAM(1, first), 2, "programs", "follow" },
	{ "program-end", IN_PROGRAM(9, count), 2, "programs", "rules out of range" },
	{ "N21-dst", IN_RULE(0, dst_hi), 1719, "rules", "range reversed" },
	{ "N21-src", IN_RULE(0, src_hi), 1023, "rules", "range reversed" },
	{ "N22-src", IN_RULE(0, src_lo), 0, "rules", "port 0" },
	{ "N22-dst", IN_RULE(0, dst_lo), 0, "rules", "port 0" },
	{ "N24-0", IN_RULE(0, proto), 0, "rules", "protocol" },
	{ "N24-1", IN_RULE(0, proto), 1, "rules", "over 255" },
	{ "N24-255", IN_RULE(0, proto), 255, "rules", "protocol" },
	{ "N24-135", IN_RULE(2, proto), 135, "rules", "protocol" },
	{ "N24-253", IN_RULE(2, proto), 253, "rules", "protocol" },
	{ "N24-ports", IN_RULE(2, dst_hi), 1, "rules", "has none" },
	{ "icmp-type", IN_RULE(3, dst_hi), 256, "rules", "over 255" },
	{ "icmp-reversed", IN_RULE(3, dst_hi), 7, "rules", "range reversed" },
	{ "N31-rule-item", IN_RULE(0, item), N_ITEMS, "rules", "item out of range" },
	{ "N31-rule-item-negative", IN_RULE(0, item), 0xffffffff, "rules", "item out of range" },
	{ "N34-rule-flags", IN_RULE(0, flags), 1, "rules", "unknown flag" },
	{ "N34-rule", IN_RULE(0, reserved), 1, "rules", "reserved" },
	{ "rule-order", IN_RULE(3, proto), 58, "rules", "not sorted" },
	{ "rule-width", IN_RULE(8, dst_hi), 81, "rules", "not sorted" },
	{ "item-id-empty", IN_ITEM(0, id), 0, "items", "empty" },
	{ "item-printed", IN_ITEM(0, printed), 2, "items", "points into" },
	{ "item-pair", IN_ITEM(0, pair), 1u << 30, "items", "out of range" },
	{ "item-flags", IN_ITEM(0, flags), 4, "items", "unknown flag" },
	{ "N33-item-kind", IN_ITEM(0, kind), EQFW_N_ITEM_KINDS, "items", "kind out of range" },
	{ "host-order", IN_HOST(0, name), 1, "hosts", "not sorted" },
	{ "host-zone", IN_HOST(0, zone), 4, "hosts", "out of range" },
	{ "host-flags", IN_HOST(0, flags), 8, "hosts", "unknown flag" },
	{ "host-addr4", IN_HOST(0, addr4[0]), 10, "hosts", "without its flag" },
	{ "host-addr6", IN_HOST(0, addr6[15]), 1, "hosts", "without its flag" },
	{ "N34-host", IN_HOST(0, reserved), 1, "hosts", "reserved" },
	{ "N31-mirror-low", IN_MIRROR(1, low), 4, "mirrors", "out of range" },
	{ "N31-mirror-high", IN_MIRROR(0, high), 0xffff, "mirrors", "out of range" },
	{ "mirror-turned", IN_MIRROR(1, high), ZONE_BOX, "mirrors", "wrong way round" },
	{ "mirror-order", IN_MIRROR(1, high), ZONE_OUTSIDE, "mirrors", "not sorted" },
	{ "mirror-order-low", IN_MIRROR(2, low), ZONE_BOX, "mirrors", "not sorted" },
	{ "mirror-duplicate", IN_MIRROR(1, high), ZONE_DMZ, "mirrors", "duplicate" },
};
const u32 n_spoils = ARRAY_SIZE(spoils);

static void write_field(u8 *field, u32 width, u64 value)
{
	u32 i;

	for (i = 0; i < width; i++)
		field[i] = (u8)(value >> (8 * i));
}

const char *spoil_run(const struct spoil *spoil, struct eqfw_fault *fault)
{
	struct eqfw_profile profile;
	struct profile_builder b;
	const char *what = NULL;
	size_t size;
	u8 *bytes, *record;
	int err;

	vector_profile_begin(&b, PROFILE_MIRROR);
	record = builder_record(&b, spoil->section, spoil->record);
	write_field(record + spoil->at, spoil->width, spoil->value);
	bytes = builder_finish(&b, &size);
	builder_free(&b);
	if (!bytes)
		return "no memory";
	err = eqfw_profile_check(bytes, size, &profile, fault);
	if (err != -EINVAL)
		what = "not refused as invalid";
	else if (strcmp(fault->section, spoil->where))
		what = "wrong section";
	else if (!strstr(fault->what, spoil->words))
		what = "wrong words";
	eqfw_core_free(bytes);
	return what;
}
