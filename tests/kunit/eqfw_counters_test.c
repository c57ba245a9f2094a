// SPDX-License-Identifier: GPL-2.0
/* Counters of a table: what goes where, and what happens at their end (F19). */
#include <kunit/test.h>

#include "counters.c"

#define ZONES 3u
#define ITEMS 5u

static struct eqfw_counters *make(struct kunit *test)
{
	struct eqfw_counters *counters = eqfw_counters_alloc(ZONES, ITEMS);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, counters);
	return counters;
}

static void expect_sum(struct kunit *test, const struct eqfw_sum *sum, u64 packets, u64 bytes)
{
	KUNIT_EXPECT_EQ(test, sum->packets, packets);
	KUNIT_EXPECT_EQ(test, sum->bytes, bytes);
}

static void test_each_in_its_place(struct kunit *test)
{
	struct eqfw_verdict pass = { .action = EQFW_ACTION_PASS, .dst_zone = 2, .item = 4 };
	struct eqfw_verdict drop = { .action = EQFW_ACTION_DROP,
				     .reason = EQFW_REASON_PORT,
				     .src_zone = EQFW_ZONE_NONE,
				     .dst_zone = 1,
				     .item = EQFW_ITEM_NONE };
	struct eqfw_counters *counters = make(test);
	struct eqfw_sum sums[5] = {};

	/* One skb is one packet, however many segments it holds, and as many bytes as it has. */
	eqfw_count_pass(counters, &pass, 65536);
	eqfw_count_drop(counters, &drop, 100, false);
	eqfw_count_drop(counters, &drop, 1, true);
	/* This was process context; packets nearly always come with bottom halves off. */
	local_bh_disable();
	eqfw_count_pass(counters, &pass, 10);
	local_bh_enable();
	eqfw_counters_item(counters, 4, &sums[0]);
	expect_sum(test, &sums[0], 2, 65546);
	eqfw_counters_pair(counters, 0, 2, &sums[1], &sums[2]);
	expect_sum(test, &sums[1], 2, 65546);
	expect_sum(test, &sums[2], 0, 0);
	memset(sums, 0, sizeof(sums));
	eqfw_counters_pair(counters, ZONES, 1, &sums[1], &sums[2]);
	expect_sum(test, &sums[1], 0, 0);
	expect_sum(test, &sums[2], 1, 100);
	eqfw_counters_reason(counters, EQFW_REASON_PORT, &sums[3], &sums[4]);
	expect_sum(test, &sums[3], 1, 100);
	expect_sum(test, &sums[4], 1, 1);
	eqfw_counters_free(counters);
}

/* Modulo 2^64, packets and bytes each by itself; the sum over the CPUs as well. */
static void test_F19_wraps(struct kunit *test)
{
	struct eqfw_verdict pass = { .action = EQFW_ACTION_PASS, .item = 0 };
	struct eqfw_counters *counters = make(test);
	struct eqfw_sum sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		struct eqfw_tally *tally = &counters->cpu[cpu]->tally[counters->items];

		u64_stats_set(&tally->packets, cpu ? 0 : U64_MAX - 1);
		u64_stats_set(&tally->bytes, cpu ? 0 : U64_MAX - 99);
	}
	eqfw_count_pass(counters, &pass, 100);
	eqfw_counters_item(counters, 0, &sum);
	expect_sum(test, &sum, U64_MAX, 0);
	eqfw_count_pass(counters, &pass, 1500);
	memset(&sum, 0, sizeof(sum));
	eqfw_counters_item(counters, 0, &sum);
	expect_sum(test, &sum, 0, 1500);
	eqfw_counters_free(counters);
}

/* A line of each CPU: no two share one. */
static void test_memory(struct kunit *test)
{
	struct eqfw_counters *counters = make(test);
	size_t lines = 1 + 2 * EQFW_N_REASONS + 2 * (ZONES + 1) * (ZONES + 1) + ITEMS;

	KUNIT_EXPECT_EQ(test, counters->cpu_bytes % SMP_CACHE_BYTES, (size_t)0);
	KUNIT_EXPECT_GE(test, eqfw_counters_bytes(counters),
			num_possible_cpus() * lines * sizeof(struct eqfw_tally));
	eqfw_counters_free(counters);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_each_in_its_place), KUNIT_CASE(test_F19_wraps), KUNIT_CASE(test_memory), {}
};

static struct kunit_suite suite = {
	.name = "eqfw_counters",
	.test_cases = cases,
};

kunit_test_suite(suite);
