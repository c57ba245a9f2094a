// SPDX-License-Identifier: GPL-2.0
/*
 * Random profiles, random flows: table and classifier against the naive oracle. Without sanitizers
 * (EQFW_TEST_FAST) ten million flows, each located, judged and asked for its permit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "oracle.h"
#include "random_profile.h"

#ifdef EQFW_TEST_FAST
#define PROFILES 2000
#define FLOWS 5000
#define LARGE_PROFILES 20
#else
#define PROFILES 150
#define FLOWS 1000
#define LARGE_PROFILES 2
#endif
#define LARGE_FLOWS 2000

/* What the flows met, to show that the comparison was not one of nothing with nothing. */
struct tally {
	u64 flows;
	u64 mirrored;
	u64 related;
	u64 actions[EQFW_ACTION_ASK_INNER + 1];
	u64 reasons[EQFW_N_REASONS];
};

static bool same(const struct eqfw_verdict *a, const struct eqfw_verdict *b)
{
	return a->action == b->action && a->reason == b->reason && a->item == b->item &&
	       a->src_zone == b->src_zone && a->dst_zone == b->dst_zone && a->unzoned == b->unzoned;
}

static void show(const char *who, const struct eqfw_verdict *v)
{
	print_error("  %s: action %u reason %u item %d unzoned %d\n", who, v->action, v->reason,
		    (int)v->item, v->unzoned);
}

static void fail_flow(const char *what, const struct eqfw_flow *flow,
		      const struct eqfw_verdict *got, const struct eqfw_verdict *want)
{
	print_error("%s differs: IPv%u proto %u sport %u dport %u flags %#x fault %u\n", what,
		    flow->family, flow->proto, flow->sport, flow->dport, flow->tcp_flags,
		    flow->fault);
	show("table", got);
	show("oracle", want);
	fail();
}

static const struct eqfw_zone_set *random_zones(struct random_source *r,
						const struct eqfw_profile *p,
						const struct eqfw_places *places,
						struct eqfw_zone_set *set)
{
	u32 zone = places->src.zone;

	memset(set, 0, sizeof(*set));
	if (zone == EQFW_ZONE_NONE || !random_below(r, 8))
		zone = random_below(r, p->n_zones);
	set->bits[zone / 64] |= 1ull << (zone % 64);
	zone = random_below(r, p->n_zones);
	set->bits[zone / 64] |= 1ull << (zone % 64);
	return random_below(r, 16) ? set : NULL;
}

static void compare(struct random_source *r, const struct eqfw_profile *p,
		    const struct eqfw_table *table, struct tally *tally)
{
	const struct eqfw_zone_set *zones;
	struct eqfw_verdict got, want;
	struct eqfw_places places, expected;
	struct eqfw_zone_set set;
	struct eqfw_flow flow;

	random_flow(r, p, &flow);
	eqfw_locate(table, &flow, &places);
	oracle_locate(p, &flow, &expected);
	assert_memory_equal(&places, &expected, sizeof(places));
	zones = random_zones(r, p, &places, &set);
	eqfw_judge(table, &flow, &places, zones, &got);
	oracle_judge(p, &flow, &places, zones, &want);
	if (!same(&got, &want) || got.related != want.related)
		fail_flow("judgement", &flow, &got, &want);
	tally->flows++;
	tally->related += got.related;
	tally->actions[got.action]++;
	tally->reasons[got.reason]++;
	eqfw_permits(table, &flow, &places, &got);
	oracle_permits(p, &flow, &places, &want);
	if (!same(&got, &want))
		fail_flow("permit", &flow, &got, &want);
	eqfw_mirrors(table, &flow, &places, &got.item);
	oracle_mirrors(p, &flow, &places, &want.item);
	if (got.item != want.item)
		fail_flow("mirror", &flow, &got, &want);
	tally->mirrored += got.item != EQFW_ITEM_NONE;
}

static void compare_profile(struct random_source *r, u32 max_rules, u32 flows, struct tally *tally)
{
	struct eqfw_table *table = NULL;
	struct eqfw_profile profile;
	struct eqfw_fault fault;
	size_t size;
	u8 *bytes = random_profile(r, max_rules, &size);
	int err = eqfw_profile_check(bytes, size, &profile, &fault);

	if (err)
		print_error("%s %u: %s\n", fault.section, fault.record, fault.what);
	assert_int_equal(err, 0);
	assert_int_equal(eqfw_table_build(&profile, &table, &fault), 0);
	while (flows--)
		compare(r, &profile, table, tally);
	eqfw_table_free(table);
	eqfw_core_free(bytes);
}

static void expect_everything_met(const struct tally *tally)
{
	u32 i;

	assert_true(tally->related > tally->flows / 2000);
	assert_true(tally->mirrored > tally->flows / 2000);
	for (i = 0; i < ARRAY_SIZE(tally->actions); i++)
		assert_true(tally->actions[i] > tally->flows / 2000);
	for (i = 0; i < EQFW_N_REASONS; i++) {
		bool others = i == EQFW_REASON_FRAG || i == EQFW_REASON_IPOPT ||
			      i == EQFW_REASON_EXTHDR || i == EQFW_REASON_TCP_FLAGS ||
			      i == EQFW_REASON_UNTRACKED;

		assert_true(others || tally->reasons[i] > tally->flows / 20000);
	}
}

static void test_random(void **state)
{
	struct random_source r = { 0x9e3779b97f4a7c15ull };
	struct tally tally = { 0 };
	u32 i;

	for (i = 0; i < PROFILES; i++)
		compare_profile(&r, 2 + i % 30, FLOWS, &tally);
	expect_everything_met(&tally);
	print_message("%llu flows, no difference\n", (unsigned long long)tally.flows);
}

/* Programs of up to 4096 rules: many words in a row. */
static void test_random_large(void **state)
{
	struct random_source r = { 0xd1b54a32d192ed03ull };
	struct tally tally = { 0 };
	u32 i;

	for (i = 0; i < LARGE_PROFILES; i++)
		compare_profile(&r, EQFW_MAX_PROGRAM_RULES, LARGE_FLOWS, &tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_large),
	};

	return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
