// SPDX-License-Identifier: GPL-2.0
/* The worked example of docs/FORMAT.md is what factor() really writes, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture_rules.h"

#ifndef EQFW_SOURCE_DIR
#define EQFW_SOURCE_DIR "."
#endif

#define MAX_EXAMPLE 4096

/* One host, one item: HTTPS from everywhere to em1. */
static void make_example(struct fixture *f)
{
	struct zone *core;
	uint32_t all, servers, item;

	fixture_init(f);
	f->deployment.name = "tiny";
	f->matrix.edition = "equinox-9";
	core = fixture_zone(f, "core", "10.1.0.0/16");
	fixture_interface(f, core, "eth1");
	all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	servers = fixture_group(f, GROUP_DECLARED, core);
	fixture_member(f, servers, fixture_host(f, "em1", core, "10.1.0.10", NULL));
	item = fixture_item(f, "site/portal");
	f->ruleset.items[item].kind = EQFW_ITEM_SITE;
	fixture_rule(f, all, servers, 6, (struct port_range){ 443, 443 }, item);
}

/* Lines "    0040  c0 00 00 00 ...": four spaces, offset, two spaces, bytes. */
static size_t read_example(unsigned char *bytes)
{
	FILE *file = fopen(EQFW_SOURCE_DIR "/docs/FORMAT.md", "r");
	char line[256];
	size_t n = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		unsigned int offset, byte;
		int used = 0, step;

		if (sscanf(line, "    %4x  %n", &offset, &used) != 1 || used != 10)
			continue;
		assert_int_equal(offset, n);
		while (sscanf(line + used, "%2x%n", &byte, &step) == 1 && step == 2) {
			assert_true(n < MAX_EXAMPLE);
			bytes[n++] = (unsigned char)byte;
			used += step + 1;
		}
	}
	fclose(file);
	return n;
}

static void test_example_is_true(void **state)
{
	unsigned char bytes[MAX_EXAMPLE];
	size_t n = read_example(bytes);
	struct fixture f;

	make_example(&f);
	assert_true(fixture_factor(&f));
	if (getenv("EQFW_WRITE_EXAMPLE"))
		fwrite(f.image.bytes, 1, f.image.size, stdout);
	assert_int_equal(n, f.image.size);
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != f.image.bytes[i])
			fail_msg("offset %04zx: the page says %02x, factor() %02x", i, bytes[i],
				 f.image.bytes[i]);
	fixture_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example_is_true),
	};

	return cmocka_run_group_tests_name("format_doc", tests, NULL, NULL);
}
