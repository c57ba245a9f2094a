// SPDX-License-Identifier: GPL-2.0
/* One case that passes and one that fails: the runner must say so though insmod returns 0. */
#include <kunit/test.h>

static void eqfw_planted_good(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1, 1);
}

static void eqfw_planted_bad(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1, 2);
}

static struct kunit_case eqfw_planted_cases[] = { KUNIT_CASE(eqfw_planted_good),
						  KUNIT_CASE(eqfw_planted_bad),
						  {} };

static struct kunit_suite eqfw_planted_suite = {
	.name = "eqfw_planted",
	.test_cases = eqfw_planted_cases,
};

kunit_test_suites(&eqfw_planted_suite);

MODULE_DESCRIPTION("A planted failure for the self-test of the test runner");
MODULE_LICENSE("GPL");
