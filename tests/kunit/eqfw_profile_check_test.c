// SPDX-License-Identifier: GPL-2.0
/* The checker in the kernel: with its own SHA-256, under KASAN. */
#include <kunit/test.h>

#include "../vectors/spoils.h"
#include "../vectors/vectors.h"

static int check(const u8 *bytes, size_t size, struct eqfw_fault *fault)
{
	struct eqfw_profile profile;

	return eqfw_profile_check(bytes, size, &profile, fault);
}

static void test_valid(struct kunit *test)
{
	struct eqfw_fault fault;
	size_t size;
	u8 *bytes = vector_profile(0, &size);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bytes);
	KUNIT_EXPECT_EQ(test, check(bytes, size, &fault), 0);
	eqfw_core_free(bytes);
}

/* P1: every length short of the whole, in memory of exactly that size. */
static void test_p1_truncated(struct kunit *test)
{
	struct eqfw_fault fault;
	size_t size, n;
	u8 *bytes = vector_profile(0, &size);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bytes);
	for (n = 1; n < size; n++) {
		u8 *part = eqfw_core_alloc(n);

		if (!part)
			break;
		memcpy(part, bytes, n);
		if (check(part, n, &fault) != -EINVAL || !strstr(fault.what, "truncated"))
			KUNIT_FAIL(test, "%zu bytes: %s", n, fault.what);
		eqfw_core_free(part);
	}
	KUNIT_EXPECT_EQ(test, n, size);
	eqfw_core_free(bytes);
}

/* P8: each single bit of a profile flipped in turn. */
static void test_p8_bit_flips(struct kunit *test)
{
	size_t size, bit, accepted = 0;
	struct eqfw_fault fault;
	u8 *bytes = vector_profile(0, &size);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bytes);
	for (bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= 1 << (bit % 8);
		accepted += !check(bytes, size, &fault);
		bytes[bit / 8] ^= 1 << (bit % 8);
		eqfw_core_breathe();
	}
	KUNIT_EXPECT_EQ(test, accepted, (size_t)0);
	KUNIT_EXPECT_EQ(test, check(bytes, size, &fault), 0);
	eqfw_core_free(bytes);
}

static void test_n36_digest(struct kunit *test)
{
	struct eqfw_fault fault;
	size_t size;
	u8 *bytes = vector_profile(0, &size);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bytes);
	bytes[size - 1] ^= 0x80;
	KUNIT_EXPECT_EQ(test, check(bytes, size, &fault), -EBADMSG);
	eqfw_core_free(bytes);
}

static void test_spoiled_fields(struct kunit *test)
{
	struct eqfw_fault fault;
	u32 i;

	for (i = 0; i < n_spoils; i++) {
		const char *what = spoil_run(&spoils[i], &fault);

		if (what)
			KUNIT_FAIL(test, "%s: %s", spoils[i].id, what);
	}
	KUNIT_EXPECT_GT(test, n_spoils, 80u);
}

static struct kunit_case cases[] = { KUNIT_CASE(test_valid),	      KUNIT_CASE(test_p1_truncated),
				     KUNIT_CASE(test_p8_bit_flips),   KUNIT_CASE(test_n36_digest),
				     KUNIT_CASE(test_spoiled_fields), {} };

static struct kunit_suite suite = {
	.name = "eqfw_profile_check",
	.test_cases = cases,
};

kunit_test_suite(suite);
