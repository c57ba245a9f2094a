// SPDX-License-Identifier: GPL-2.0
/* What is too much is refused when it is compiled, in words that name whose it is. */
#include <arpa/inet.h>
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

static void test_zones(void **state)
{
	static const char *const words[] = { "too many zones: 202", "200", "zone198",
					     "help:", NULL };
	struct fixture f;
	struct zone *core;
	char name[16];

	set_up(&f, &core);
	for (unsigned int i = 1; i < EQFW_MAX_ZONES; i++) {
		snprintf(name, sizeof(name), "zone%u", i);
		fixture_zone(&f, name, "");
	}
	expect_refused(&f, words);
}

static void test_interfaces(void **state)
{
	static const char *const words[] = { "too many interfaces: 1025", "1024",
					     "zones core (1025)", "help:", NULL };
	struct fixture f;
	struct zone *core;

	set_up(&f, &core);
	for (unsigned int i = 0; i <= EQFW_MAX_INTERFACES; i++)
		fixture_interface(&f, core, arena_printf(f.ruleset.arena, "eth%u", i));
	expect_refused(&f, words);
}

/* In one allocation: the fixture's own way to add one is for small sets. */
static void add_items(struct fixture *f, size_t n, const char *row, const char *printed)
{
	f->ruleset.items = arena_alloc(f->ruleset.arena, n * sizeof(*f->ruleset.items));
	f->ruleset.n_items = n;
	for (size_t i = 0; i < n; i++)
		f->ruleset.items[i] = (struct rule_item){
			.id = arena_printf(f->ruleset.arena, "%s:%zu", row, i),
			.printed = printed,
			.pair = "a -> b",
		};
}

static void test_items(void **state)
{
	static const char *const words[] = { "too many items: 16385", "16384", "busy/1:0 (16385)",
					     "help:", NULL };
	struct fixture f;
	struct zone *core;

	set_up(&f, &core);
	add_items(&f, EQFW_MAX_ITEMS + 1, "busy/1", "printed");
	expect_refused(&f, words);
}

/* A text each of its own, as long as one may be. */
static void test_texts(void **state)
{
	static const char *const words[] = { "too many bytes of names and texts", "8388608",
					     "items long:1000 (1038)", "help:", NULL };
	char text[EQFW_MAX_TEXT];
	struct fixture f;
	struct zone *core;

	set_up(&f, &core);
	add_items(&f, EQFW_MAX_STRINGS / EQFW_MAX_TEXT + 10, "long", "");
	for (size_t i = 0; i < f.ruleset.n_items; i++) {
		snprintf(text, sizeof(text), "%01023zu", i);
		f.ruleset.items[i].printed = arena_strdup(f.ruleset.arena, text);
	}
	expect_refused(&f, words);
}

/* Hosts without an address. */
static void add_hosts(struct fixture *f, struct zone *zone, size_t n)
{
	struct endpoint *hosts = arena_alloc(f->ruleset.arena, n * sizeof(*hosts));
	struct deployment *d = &f->deployment;

	d->endpoints = arena_alloc(f->ruleset.arena, n * sizeof(*d->endpoints));
	for (size_t i = 0; i < n; i++) {
		hosts[i].name = arena_printf(f->ruleset.arena, "host%zu", i);
		hosts[i].zone = zone;
		d->endpoints[d->n_endpoints++] = &hosts[i];
	}
}

/* Every second address from 10.0.0.0 on. */
static void add_addresses(struct fixture *f, struct prefix_list *list, uint32_t first, size_t n)
{
	list->prefixes = arena_alloc(f->ruleset.arena, n * sizeof(*list->prefixes));
	for (size_t i = 0; i < n; i++) {
		uint32_t address = htonl(0x0a000000u + 2 * (first + (uint32_t)i));
		struct prefix *prefix = &list->prefixes[list->n++];

		*prefix = (struct prefix){ .family = 4, .len = 32 };
		memcpy(prefix->addr.b, &address, sizeof(address));
	}
	prefix_list_finish(f->ruleset.arena, list, NULL);
}

static void test_hosts(void **state)
{
	static const char *const words[] = { "too many hosts: 65536", "65535", "zones core (65536)",
					     "help:", NULL };
	struct fixture f;
	struct zone *core;

	set_up(&f, &core);
	add_hosts(&f, core, EQFW_MAX_HOSTS + 1);
	expect_refused(&f, words);
}

static void test_addresses(void **state)
{
	static const char *const words[] = { "too many addresses and networks: 10485", "1048576",
					     "hosts host1 (1048577), host0 (1)", "help:", NULL };
	struct fixture f;
	struct zone *core;

	set_up(&f, &core);
	add_hosts(&f, core, 2);
	add_addresses(&f, &f.deployment.endpoints[0]->addresses, 0, 1);
	add_addresses(&f, &f.deployment.endpoints[1]->addresses, 1, EQFW_MAX_PREFIXES + 1);
	expect_refused(&f, words);
}

/* Every host differs from every other. */
static void test_kinds(void **state)
{
	static const char *const words[] = { "too many kinds of addresses that rules tell apart",
					     "65535", "zones core (655", "help:", NULL };
	size_t n = EQFW_MAX_HOSTS;
	struct group_member *members;
	struct fixture f;
	struct zone *core;

	set_up(&f, &core);
	add_hosts(&f, core, n);
	members = arena_alloc(f.ruleset.arena, n * sizeof(*members));
	f.ruleset.groups = arena_alloc(f.ruleset.arena, n * sizeof(*f.ruleset.groups));
	for (size_t i = 0; i < n; i++) {
		struct endpoint *host = f.deployment.endpoints[i];

		add_addresses(&f, &host->addresses, (uint32_t)i, 1);
		members[i] =
			(struct group_member){ .addresses = &host->addresses, .name = host->name };
		f.ruleset.groups[f.ruleset.n_groups++] = (struct group){ .flags = GROUP_DECLARED,
									 .zone = core,
									 .members = &members[i],
									 .n_members = 1 };
	}
	expect_refused(&f, words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_of_a_program),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_interfaces),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests_name("factor_limits", tests, NULL, NULL);
}
