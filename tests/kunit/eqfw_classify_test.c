// SPDX-License-Identifier: GPL-2.0
/* The flow vectors in the kernel. */
#include <kunit/test.h>

#include "../vectors/vectors.h"

static struct eqfw_table *build(struct kunit *test, u32 variant)
{
	struct eqfw_table *table = NULL;
	struct eqfw_profile profile;
	struct eqfw_fault fault;
	size_t size;
	u8 *bytes = vector_profile(variant, &size);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bytes);
	if (eqfw_profile_check(bytes, size, &profile, &fault))
		KUNIT_FAIL(test, "%s %u: %s", fault.section, fault.record, fault.what);
	else
		KUNIT_EXPECT_EQ(test, eqfw_table_build(&profile, &table, &fault), 0);
	eqfw_core_free(bytes);
	return table;
}

static void run(struct kunit *test, const struct eqfw_table *table, const struct flow_vector *v,
		u8 family)
{
	const char *what = vector_run(table, v, family);

	if (what)
		KUNIT_FAIL(test, "vector %s, IPv%u: wrong %s", v->id, family, what);
}

static void run_variant(struct kunit *test, u32 variant)
{
	struct eqfw_table *table = build(test, variant);
	u32 i;

	for (i = 0; table && i < n_flow_vectors; i++) {
		const struct flow_vector *v = &flow_vectors[i];

		if (v->profile != variant)
			continue;
		if (v->families != 6)
			run(test, table, v, 4);
		if (v->families != 4)
			run(test, table, v, 6);
	}
	eqfw_table_free(table);
}

static void test_scope_hosts(struct kunit *test)
{
	run_variant(test, PROFILE_HOSTS);
}

static void test_scope_all(struct kunit *test)
{
	run_variant(test, PROFILE_ALL);
}

static void test_unzoned_drop(struct kunit *test)
{
	run_variant(test, PROFILE_UNZONED_DROP);
}

static void test_no_default_zone(struct kunit *test)
{
	run_variant(test, PROFILE_NODEFAULT);
}

static void test_mirrored_replies(struct kunit *test)
{
	run_variant(test, PROFILE_MIRROR);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_scope_hosts),	   KUNIT_CASE(test_scope_all),
	KUNIT_CASE(test_unzoned_drop),	   KUNIT_CASE(test_no_default_zone),
	KUNIT_CASE(test_mirrored_replies), {}
};

static struct kunit_suite suite = {
	.name = "eqfw_classify",
	.test_cases = cases,
};

kunit_test_suite(suite);
