// SPDX-License-Identifier: GPL-2.0
/* The checker: what it takes, and that everything else is refused with the right words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "spoils.h"
#include "vectors.h"

#define INDEX_NEGATIVE 0xffffffffu

static struct eqfw_fault fault;

static int check(const u8 *bytes, size_t size)
{
	struct eqfw_profile profile;

	return eqfw_profile_check(bytes, size, &profile, &fault);
}

static void expect(const char *id, int err, int want_err, const char *section, const char *words)
{
	bool good = err == want_err && (!section || !strcmp(fault.section, section)) &&
		    strstr(fault.what, words);

	if (!good)
		print_error("%s: got %d, %s %u: %s; want %d, %s: %s\n", id, err, fault.section,
			    fault.record, fault.what, want_err, section, words);
	assert_true(good);
}

static void test_valid(void **state)
{
	struct eqfw_profile profile;
	size_t size;
	u8 *bytes = vector_profile(0, &size);

	assert_int_equal(eqfw_profile_check(bytes, size, &profile, &fault), 0);
	assert_int_equal(profile.n_zones, 4);
	assert_int_equal(profile.box_zone, ZONE_BOX);
	assert_int_equal(profile.default_zone, ZONE_OUTSIDE);
	assert_int_equal(profile.n_items, N_ITEMS);
	assert_string_equal(eqfw_profile_string(&profile, profile.items[0].id), "edge/1:1");
	assert_ptr_equal(profile.digest, bytes + size - EQFW_DIGEST_SIZE);
	eqfw_core_free(bytes);
}

/* P1: every length short of the whole, in memory of exactly that size. */
static void test_p1_truncated(void **state)
{
	size_t size, n;
	u8 *bytes = vector_profile(0, &size);

	for (n = 0; n < size; n++) {
		u8 *part = eqfw_core_alloc(n ? n : 1);

		memcpy(part, bytes, n);
		expect("P1", check(part, n), -EINVAL, "file", "truncated");
		eqfw_core_free(part);
	}
	eqfw_core_free(bytes);
}

/* P8: one bit anywhere, as it stands and with no digest to help. */
static void test_p8_bit_flips(void **state)
{
	size_t size, bit, refused = 0;
	u8 *bytes = vector_profile(0, &size);

	assert_true(size <= 4096);
	for (bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= 1 << (bit % 8);
		refused += check(bytes, size) != 0;
		bytes[bit / 8] ^= 1 << (bit % 8);
	}
	assert_int_equal(refused, size * 8);
	assert_int_equal(check(bytes, size), 0);
	eqfw_core_free(bytes);
}

/* N36: damage is called damage, wherever the layout still stands. */
static void test_n36_digest(void **state)
{
	size_t size;
	u8 *bytes = vector_profile(0, &size);

	bytes[size - 1] ^= 1;
	expect("N36", check(bytes, size), -EBADMSG, "file", "digest");
	bytes[size - 1] ^= 1;
	bytes[600] ^= 1;
	expect("N36", check(bytes, size), -EBADMSG, "file", "digest");
	eqfw_core_free(bytes);
}

static u32 next_random(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Random damage behind a valid digest: any answer is fine, but the table must survive a yes. */
static void test_sealed_damage(void **state)
{
	u32 seed = 1, round, i, accepted = 0;
	size_t size;
	u8 *good = vector_profile(0, &size);
	u8 *bytes = eqfw_core_alloc(size);

	for (round = 0; round < 20000; round++) {
		struct eqfw_table *table;
		struct eqfw_profile profile;

		memcpy(bytes, good, size);
		for (i = 0; i <= round % 3; i++)
			bytes[next_random(&seed) % size] = (u8)next_random(&seed);
		builder_seal(bytes, size);
		if (eqfw_profile_check(bytes, size, &profile, &fault)) {
			assert_non_null(fault.what);
			continue;
		}
		assert_int_equal(eqfw_table_build(&profile, &table, &fault), 0);
		for (i = 0; i < n_flow_vectors; i += 7)
			vector_run(table, &flow_vectors[i], 4 + round % 2 * 2);
		eqfw_table_free(table);
		accepted++;
	}
	assert_in_range(accepted, 1, 20000 - 1);
	eqfw_core_free(bytes);
	eqfw_core_free(good);
}

/* A change to the finished bytes and what must be said of it; 2- and 4-byte fields. */
struct patch {
	const char *id;
	size_t at;
	u32 width;
	u32 value;
	int err;
	const char *section;
	const char *words;
};

#define HEADER(field) offsetof(struct eqfw_header, field), sizeof(((struct eqfw_header *)0)->field)
#define SECTION_OFFSET(i) (offsetof(struct eqfw_header, sections) + (i)*8), 4
#define SECTION_COUNT(i) (offsetof(struct eqfw_header, sections) + (i)*8 + 4), 4

static const struct patch patches[] = {
	{ "P2", 0, 4, 0x74786574, -EINVAL, "file", "not a profile" },
	{ "P3-newer", HEADER(version), 2, -EPROTONOSUPPORT, "header", "needs eqfwctl >=" },
	{ "P3-older", HEADER(version), 0, -EPROTONOSUPPORT, "header", "older format" },
	{ "P3-tool", HEADER(needs_tool), 0x00ff0000, -EPROTONOSUPPORT, "header",
	  "needs eqfwctl >=" },
	{ "P4", HEADER(version), 0x0100, -EINVAL, "header", "byte-swapped" },
	{ "P5", HEADER(length), 1 << 20, -EINVAL, "file", "truncated" },
	{ "P5-short", HEADER(length), 300, -EINVAL, "file", "longer" },
	{ "header-size", HEADER(header_size), 200, -EINVAL, "header", "header size" },
	{ "P7-header", SECTION_OFFSET(EQFW_SECTION_ZONES), 0, -EINVAL, "zones", "offset" },
	{ "P7-unaligned", SECTION_OFFSET(EQFW_SECTION_STRINGS), 193, -EINVAL, "strings", "offset" },
	{ "P7-overlap", SECTION_OFFSET(EQFW_SECTION_CELLS), 192, -EINVAL, "cells", "offset" },
	{ "P7-far", SECTION_COUNT(EQFW_SECTION_HOSTS), 60000, -EINVAL, "hosts", "outside" },
	{ "P7-unknown", SECTION_COUNT(EQFW_N_SECTIONS), 1, -EINVAL, "header", "unknown section" },
	{ "no-strings", SECTION_COUNT(EQFW_SECTION_STRINGS), 0, -EINVAL, "strings", "too few" },
	{ "no-classes", SECTION_COUNT(EQFW_SECTION_CLASSES), 0, -EINVAL, "classes", "too few" },
	{ "many-zones", SECTION_COUNT(EQFW_SECTION_ZONES), 201, -EINVAL, "zones", "more records" },
	{ "many-rules", SECTION_COUNT(EQFW_SECTION_RULES), INDEX_NEGATIVE, -EINVAL, "rules",
	  "more records" },
	{ "N33-mode", HEADER(mode), EQFW_N_MODES, -EINVAL, "header", "mode out of range" },
	{ "N33-mode31", HEADER(mode), 1u << 31, -EINVAL, "header", "mode out of range" },
	{ "N34-header16", HEADER(reserved16), 1, -EINVAL, "header", "reserved" },
	{ "header-log", HEADER(nflog_group), 5, -EINVAL, "header", "log group" },
	{ "header-flags", HEADER(flags), 64, -EINVAL, "header", "unknown flag" },
	{ "header-boot-twice", HEADER(flags), 48, -EINVAL, "header", "two boot choices" },
	{ "adopt", HEADER(adopt_s), 86401, -EINVAL, "header", "adoption" },
	{ "N34-header", HEADER(reserved), 1, -EINVAL, "header", "reserved" },
	{ "header-name", HEADER(name), 2, -EINVAL, "header", "points into" },
	{ "header-matrix", HEADER(matrix), 1 << 20, -EINVAL, "header", "out of range" },
};

static void put_le(u8 *bytes, size_t at, u32 width, u32 value)
{
	u32 i;

	for (i = 0; i < width; i++)
		bytes[at + i] = i < 4 ? (u8)(value >> 8 * i) : 0;
}

static void test_header_patches(void **state)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(patches); i++) {
		const struct patch *p = &patches[i];
		size_t size;
		u8 *bytes = vector_profile(0, &size);

		put_le(bytes, p->at, p->width, p->value);
		builder_seal(bytes, size);
		expect(p->id, check(bytes, size), p->err, p->section, p->words);
		assert_int_equal(fault.needs_tool != 0, !!strstr(p->words, "needs"));
		eqfw_core_free(bytes);
	}
}

/* P4: units of 2, 4, 8 bytes swapped throughout. */
static void test_p4_swapped(void **state)
{
	size_t size, unit, i;

	for (unit = 2; unit <= 8; unit *= 2) {
		u8 *bytes = vector_profile(0, &size);
		u8 *swapped = eqfw_core_alloc(size);

		for (i = 0; i < size; i++)
			swapped[i] = bytes[i / unit * unit + unit - 1 - i % unit];
		expect("P4", check(swapped, size), -EINVAL, "header", "byte-swapped");
		eqfw_core_free(swapped);
		eqfw_core_free(bytes);
	}
}

static void test_sizes(void **state)
{
	size_t size;
	u8 *bytes = vector_profile(0, &size);
	u8 *longer = eqfw_core_alloc(size + 8);

	memcpy(longer, bytes, size);
	expect("P5-tail", check(longer, size + 8), -EINVAL, "file", "longer");
	put_le(longer, offsetof(struct eqfw_header, length), 8, (u32)size + 8);
	builder_seal(longer, size + 8);
	expect("P5-gap", check(longer, size + 8), -EINVAL, "file", "between");
	expect("N19", check(bytes, EQFW_PROFILE_MAX + 1), -E2BIG, "file", "64 MiB");
	eqfw_core_free(longer);
	eqfw_core_free(bytes);
}

/* Padding behind the strings, sealed. */
static void test_n34_padding(void **state)
{
	struct profile_builder b;
	size_t size, end;
	u8 *bytes;

	vector_profile_begin(&b, 0);
	if (b.sections[EQFW_SECTION_STRINGS].count % 8 == 0)
		builder_string(&b, "x");
	end = sizeof(struct eqfw_header) + b.sections[EQFW_SECTION_STRINGS].count;
	bytes = builder_finish(&b, &size);
	assert_int_equal(check(bytes, size), 0);
	bytes[end] = 1;
	builder_seal(bytes, size);
	expect("N34-padding", check(bytes, size), -EINVAL, "strings", "padding");
	builder_free(&b);
	eqfw_core_free(bytes);
}

static void test_spoiled_fields(void **state)
{
	u32 failed = 0, i;

	for (i = 0; i < n_spoils; i++) {
		const char *what = spoil_run(&spoils[i], &fault);

		if (!what)
			continue;
		print_error("%s: %s: %s %u: %s\n", spoils[i].id, what, fault.section, fault.record,
			    fault.what);
		failed++;
	}
	assert_int_equal(failed, 0);
	assert_true(n_spoils > 80);
}

/* Finish and check a builder's profile; the bytes are gone afterwards, the fault stays. */
static int check_built(struct profile_builder *b)
{
	size_t size;
	u8 *bytes = builder_finish(b, &size);
	int err = check(bytes, size);

	builder_free(b);
	eqfw_core_free(bytes);
	return err;
}

/* N30, and the names that only a new string shows. */
static void test_duplicates(void **state)
{
	struct eqfw_rule_rec rule = builder_ports(17, 1024, 65535, 1718, 1718, ITEM_EDGE_2_2);
	struct profile_builder b;

	vector_profile_begin(&b, 0);
	builder_rule(&b, &rule);
	expect("N30", check_built(&b), -EINVAL, "rules", "duplicate");
	assert_int_equal(fault.record, 21);
	vector_profile_begin(&b, 0);
	builder_item(&b, "edge/1:1", EQFW_ITEM_MATRIX, 0);
	expect("item twice", check_built(&b), -EINVAL, "items", "duplicate");
	assert_int_equal(fault.record, N_ITEMS);
	vector_profile_begin(&b, 0);
	builder_host(&b, "em", ZONE_CORE, 0);
	expect("host twice", check_built(&b), -EINVAL, "hosts", "duplicate");
	vector_profile_begin(&b, 0);
	builder_zone(&b, "outside", 0);
	expect("zone twice", check_built(&b), -EINVAL, "zones", "duplicate");
	vector_profile_begin(&b, 0);
	builder_interface(&b, "eth2", ZONE_CORE, 0);
	expect("interface twice", check_built(&b), -EINVAL, "interfaces", "duplicate");
}

/* Add a host of this name after the others. */
static int check_host_name(const char *name)
{
	struct profile_builder b;

	vector_profile_begin(&b, 0);
	builder_host(&b, name, ZONE_CORE, 0);
	return check_built(&b);
}

static void test_names(void **state)
{
	char name[130];

	memset(name, 'x', sizeof(name));
	name[127] = 0;
	assert_int_equal(check_host_name(name), 0);
	name[127] = 'x';
	name[128] = 0;
	expect("128 bytes", check_host_name(name), -EINVAL, "hosts", "too long");
	assert_int_equal(check_host_name("room.1_a:/@+-Z"), 0);
	expect("space", check_host_name("my room"), -EINVAL, "hosts", "character");
	expect("utf8 name", check_host_name("r\xc3\xa4um"), -EINVAL, "hosts", "character");
	expect("C1", check_host_name("r\xc2\x85"), -EINVAL, "strings", "control");
	expect("surrogate", check_host_name("r\xed\xa0\x80"), -EINVAL, "strings", "UTF-8");
}

/* Prefixes of one class behind those of the profile: IPv6 kinds that no host may have. */
static void test_ipv6_kinds(void **state)
{
	static const u8 mapped[16] = { [10] = 0xff, 0xff, 10, 1, 0, 10 };
	static const u8 loopback[16] = { [15] = 1 };
	static const u8 zero[16];
	static const struct {
		const u8 *addr;
		const char *words;
	} kinds[] = { { mapped, "IPv4" }, { loopback, "loopback" }, { zero, "unspecified" } };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct profile_builder b;

		vector_profile_begin(&b, 0);
		builder_prefix(&b, 6, kinds[i].addr, 128, 1);
		expect("N28", check_built(&b), -EINVAL, "prefixes", kinds[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),	      cmocka_unit_test(test_p1_truncated),
		cmocka_unit_test(test_p8_bit_flips),  cmocka_unit_test(test_n36_digest),
		cmocka_unit_test(test_sealed_damage), cmocka_unit_test(test_header_patches),
		cmocka_unit_test(test_p4_swapped),    cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_n34_padding),   cmocka_unit_test(test_spoiled_fields),
		cmocka_unit_test(test_duplicates),    cmocka_unit_test(test_names),
		cmocka_unit_test(test_ipv6_kinds),
	};

	return cmocka_run_group_tests_name("profile_check", tests, NULL, NULL);
}
