// SPDX-License-Identifier: GPL-2.0
/* The flow vectors, and what they cannot say: local places, permits, the sets of zones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "vectors.h"

struct fixture {
	struct eqfw_table *tables[N_PROFILES];
};

static struct eqfw_table *build_variant(u32 variant)
{
	struct eqfw_table *table = NULL;
	struct eqfw_profile profile;
	struct eqfw_fault fault;
	size_t size;
	u8 *bytes = vector_profile(variant, &size);
	int err = eqfw_profile_check(bytes, size, &profile, &fault);

	if (err)
		print_error("%s %u: %s\n", fault.section, fault.record, fault.what);
	assert_int_equal(err, 0);
	assert_int_equal(eqfw_table_build(&profile, &table, &fault), 0);
	eqfw_core_free(bytes);
	return table;
}

static int set_up(void **state)
{
	static struct fixture fixture;
	u32 i;

	for (i = 0; i < N_PROFILES; i++)
		fixture.tables[i] = build_variant(i);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	u32 i;

	for (i = 0; i < N_PROFILES; i++)
		eqfw_table_free(fixture->tables[i]);
	return 0;
}

static u32 run_family(const struct fixture *fixture, const struct flow_vector *v, u8 family)
{
	const char *what = vector_run(fixture->tables[v->profile], v, family);

	if (!what)
		return 0;
	print_error("vector %s, IPv%u: wrong %s\n", v->id, family, what);
	return 1;
}

static void test_vectors(void **state)
{
	u32 failed = 0, i;

	for (i = 0; i < n_flow_vectors; i++) {
		if (flow_vectors[i].families != 6)
			failed += run_family(*state, &flow_vectors[i], 4);
		if (flow_vectors[i].families != 4)
			failed += run_family(*state, &flow_vectors[i], 6);
	}
	assert_int_equal(failed, 0);
	assert_true(n_flow_vectors > 100);
}

static void make_flow(struct eqfw_flow *flow, enum vector_end src, enum vector_end dst, u16 sport,
		      u16 dport)
{
	struct flow_vector v = {
		.src = src, .dst = dst, .proto = 6, .sport = sport, .dport = dport
	};

	vector_flow(&v, 4, flow);
}

/* permits() of a TCP flow; a reason, or NONE with the item. */
static u8 permits(const struct eqfw_table *table, enum vector_end src, enum vector_end dst,
		  u16 dport, u32 *item)
{
	struct eqfw_verdict verdict;
	struct eqfw_places places;
	struct eqfw_flow flow;
	bool passed;

	make_flow(&flow, src, dst, 4000, dport);
	eqfw_locate(table, &flow, &places);
	passed = eqfw_permits(table, &flow, &places, &verdict);
	assert_int_equal(passed, verdict.action == EQFW_ACTION_PASS);
	assert_int_equal(passed, verdict.reason == EQFW_REASON_NONE);
	*item = verdict.item;
	return verdict.reason;
}

static void test_permits(void **state)
{
	const struct eqfw_table *table = ((struct fixture *)*state)->tables[0];
	u32 item;

	assert_int_equal(permits(table, END_OUTSIDER, END_EDGE, 1720, &item), EQFW_REASON_NONE);
	assert_int_equal(item, ITEM_EDGE_1_1);
	assert_int_equal(permits(table, END_OUTSIDER, END_EDGE, 23, &item), EQFW_REASON_FORBIDDEN);
	assert_int_equal(item, ITEM_EDGE_BLOCKED);
	assert_int_equal(permits(table, END_OUTSIDER, END_EDGE, 24, &item), EQFW_REASON_PORT);
	assert_int_equal(permits(table, END_OUTSIDER, END_ROOM, 24, &item), EQFW_REASON_PAIR);
	assert_int_equal(permits(table, END_EDGE, END_ROOM, 24, &item), EQFW_REASON_PROTO);
	assert_int_equal(permits(table, END_EM, END_ROOM, 8080, &item), EQFW_REASON_EXPIRED);
	assert_int_equal(item, ITEM_SITE_OLD);
	/* no scope: undeclared ends are judged as well */
	assert_int_equal(permits(table, END_OUTSIDER, END_COREPC, 80, &item), EQFW_REASON_PAIR);
	/* inside a zone, and what the box itself opened */
	assert_int_equal(permits(table, END_WEB, END_EDGE, 9999, &item), EQFW_REASON_NONE);
	assert_int_equal(item, EQFW_ITEM_NONE);
	assert_int_equal(permits(table, END_BOX, END_EDGE, 9999, &item), EQFW_REASON_NONE);
	assert_int_equal(permits(table, END_EDGE, END_BOX, 9999, &item), EQFW_REASON_PAIR);
	assert_int_equal(permits(table, END_ROOM, END_EM, 9999, &item), EQFW_REASON_PAIR);
}

static void locate_dst(const struct eqfw_table *table, enum vector_end dst,
		       struct eqfw_places *places)
{
	struct eqfw_flow flow;

	make_flow(&flow, END_EM, dst, 4000, 22);
	eqfw_locate(table, &flow, places);
}

/* DESIGN: listed box address > declared host > other local address > network. */
static void test_place_local(void **state)
{
	const struct eqfw_table *table = ((struct fixture *)*state)->tables[0];
	struct eqfw_places places, before;
	u32 i;
	static const enum vector_end kept[] = { END_BOX, END_EDGE, END_PUBLIC };

	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		locate_dst(table, kept[i], &before);
		places = before;
		eqfw_place_local(table, &places.dst);
		assert_memory_equal(&places.dst, &before.dst, sizeof(places.dst));
	}
	locate_dst(table, END_BOX, &before);
	locate_dst(table, END_COREPC, &places);
	eqfw_place_local(table, &places.dst);
	assert_memory_equal(&places.dst, &before.dst, sizeof(places.dst));
}

/* An address that became the box's own has the rules of the listed ones. */
static void test_local_rules(void **state)
{
	const struct eqfw_table *table = ((struct fixture *)*state)->tables[0];
	struct eqfw_zone_set set = { .bits = { 1 << ZONE_CORE } };
	struct eqfw_verdict verdict;
	struct eqfw_places places;
	struct eqfw_flow flow;

	make_flow(&flow, END_EM, END_COREPC, 4000, 22);
	eqfw_locate(table, &flow, &places);
	eqfw_judge(table, &flow, &places, &set, &verdict);
	assert_int_equal(verdict.reason, EQFW_REASON_PAIR);
	eqfw_place_local(table, &places.dst);
	eqfw_judge(table, &flow, &places, &set, &verdict);
	assert_int_equal(verdict.action, EQFW_ACTION_PASS);
	assert_int_equal(verdict.item, ITEM_GUARD_SSH);
	assert_int_equal(verdict.dst_zone, ZONE_BOX);
}

/* Where no address of the box was listed it has the zone, no rules, and its own connections. */
static void test_box_without_class(void **state)
{
	struct eqfw_table *table = NULL;
	struct profile_builder b;
	struct eqfw_profile profile;
	struct eqfw_fault fault;
	struct eqfw_verdict verdict;
	struct eqfw_places places;
	struct eqfw_flow flow;
	size_t size;
	u8 *bytes;

	builder_init(&b);
	builder_zone(&b, "box", EQFW_ZONE_BOX);
	builder_class(&b, EQFW_ZONE_NONE, 0, EQFW_PROGRAM_NONE, "");
	bytes = builder_finish(&b, &size);
	builder_free(&b);
	assert_int_equal(eqfw_profile_check(bytes, size, &profile, &fault), 0);
	assert_int_equal(eqfw_table_build(&profile, &table, &fault), 0);
	make_flow(&flow, END_EM, END_BOX, 4000, 22);
	eqfw_locate(table, &flow, &places);
	eqfw_place_local(table, &places.dst);
	assert_int_equal(places.dst.zone, 0);
	assert_false(eqfw_permits(table, &flow, &places, &verdict));
	assert_int_equal(verdict.reason, EQFW_REASON_PAIR);
	eqfw_place_local(table, &places.src);
	assert_true(eqfw_permits(table, &flow, &places, &verdict));
	eqfw_table_free(table);
	eqfw_core_free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),		  cmocka_unit_test(test_permits),
		cmocka_unit_test(test_place_local),	  cmocka_unit_test(test_local_rules),
		cmocka_unit_test(test_box_without_class),
	};

	return cmocka_run_group_tests_name("classify", tests, set_up, tear_down);
}
