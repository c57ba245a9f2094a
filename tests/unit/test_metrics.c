// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "userspace/metrics.c"

static void test_escape(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },	      { "plain", "plain" }, { "a\"b", "a\\\"b" },
		{ "a\\b", "a\\\\b" }, { "a\nb", "a\\nb" },  { "\"\\\n", "\\\"\\\\\\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *escaped = metrics_escape(cases[i][0]);

		assert_string_equal(escaped, cases[i][1]);
		free(escaped);
	}
}

static void test_model(void **state)
{
	json_t *families = json_array(), *family, *sample;

	(void)state;
	family = metrics_family(families, "n", "counter", "Help.");
	metrics_sample(family, UINT32_MAX, "a", "1", "b", "2", NULL);
	metrics_sample(family, 0, NULL);
	assert_int_equal(json_array_size(family), 2);
	sample = json_array_get(family, 0);
	assert_int_equal(json_integer_value(json_object_get(sample, "value")), UINT32_MAX);
	assert_int_equal(json_object_size(json_object_get(sample, "labels")), 2);
	assert_int_equal(json_object_size(json_object_get(json_array_get(family, 1), "labels")), 0);
	json_decref(families);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
