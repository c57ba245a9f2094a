// SPDX-License-Identifier: GPL-2.0
/* What is too much is refused when it is compiled, in words that name whose it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture_rules.h"
#include "reader_lab.h"

#define HOSTS 100 /* whose ports each take 3 MiB of a table and more */

static void set_up(struct fixture *f, struct zone **core)
{
	fixture_init(f);
	f->diag.quiet = false;
	fixture_zone(f, "outside", "")->is_default = true;
	*core = fixture_zone(f, "core", "10.0.0.0/8");
	(*core)->intra_enforce = true;
}

/* A host of a group of its own, and of `more`. */
static uint32_t add_host(struct fixture *f, struct zone *zone, unsigned int n, uint32_t more)
{
	uint32_t group = fixture_group(f, GROUP_DECLARED, zone);
	char name[16], address[32];
	struct endpoint *host;

	snprintf(name, sizeof(name), "host%u", n);
	snprintf(address, sizeof(address), "10.%u.%u.1", n / 250, n % 250);
	host = fixture_host(f, arena_printf(f->ruleset.arena, "%s", name), zone, address, NULL);
	fixture_member(f, group, host);
	if (more != NO_ITEM)
		fixture_member(f, more, host);
	return group;
}

static void expect_refused(struct fixture *f, const char *const *words)
{
	char *said;
	bool good;

	capture_begin();
	good = factor(&f->ruleset, 0, &f->diag, &f->image);
	said = capture_end();
	assert_false(good);
	for (; *words; words++) {
		if (!strstr(said, *words))
			print_error("'%s' is not in: %s\n", *words, said);
		assert_non_null(strstr(said, *words));
	}
	free(said);
	fixture_free(f);
}

static void test_rules_of_a_program(void **state)
{
	static const char *const words[] = { "4097 rules from host0 to host1", "busy/1", "4096",
					     "help:", NULL };
	struct fixture f;
	struct zone *core;
	uint32_t from, to, item;

	set_up(&f, &core);
	from = add_host(&f, core, 0, NO_ITEM);
	to = add_host(&f, core, 1, NO_ITEM);
	item = fixture_item(&f, "busy/1");
	for (uint32_t i = 0; i <= EQFW_MAX_PROGRAM_RULES; i++)
		fixture_rule(&f, from, to, 6,
			     (struct port_range){ (uint16_t)(2 * i + 1), (uint16_t)(2 * i + 1) },
			     item);
	expect_refused(&f, words);
}

/* Every host differs from every other, and one item lets all of them talk to all. */
static void test_pairs(void **state)
{
	static const char *const words[] = { "too many pairs of address classes", "1048576",
					     "busy/1", "help:", NULL };
	struct fixture f;
	struct zone *core;
	uint32_t all, item;

	set_up(&f, &core);
	all = fixture_group(&f, GROUP_DECLARED, core);
	for (unsigned int i = 0; i < 1100; i++)
		add_host(&f, core, i, all);
	fixture_item(&f, "idle/1");
	item = fixture_item(&f, "busy/1");
	fixture_rule(&f, all, all, 6, (struct port_range){ 80, 80 }, item);
	expect_refused(&f, words);
}

/*
 * Windows that overlap without containing each other: each port is in half of the rules. The array
 * has room: the fixture's own way to add one is for small sets.
 */
static void add_windows(struct fixture *f, uint32_t from, uint32_t to, uint32_t item)
{
	for (uint16_t i = 0; i < EQFW_MAX_PROGRAM_RULES; i++) {
		struct port_range ports = { (uint16_t)(1 + to + 4 * i), (uint16_t)(9000 + 4 * i) };

		f->ruleset.rules[f->ruleset.n_rules++] = (struct rule){
			.from = from, .to = to, .proto = 6, .src = ports, .dst = ports, .item = item
		};
	}
}

static void test_table(void **state)
{
	static const char *const words[] = { "256 MiB", "busy/1", "help:", NULL };
	struct fixture f;
	struct zone *core;
	uint32_t from, item;

	set_up(&f, &core);
	from = add_host(&f, core, 0, NO_ITEM);
	item = fixture_item(&f, "busy/1");
	f.ruleset.rules = arena_alloc(f.ruleset.arena, (size_t)HOSTS * EQFW_MAX_PROGRAM_RULES *
							       sizeof(*f.ruleset.rules));
	for (unsigned int i = 1; i <= HOSTS; i++)
		add_windows(&f, from, add_host(&f, core, i, NO_ITEM), item);
	expect_refused(&f, words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_of_a_program),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests_name("factor_limits", tests, NULL, NULL);
}
