// SPDX-License-Identifier: GPL-2.0
/* What stands in for a profile that a boot cannot load, and where it is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd.h"
#include "fixture_rules.h"
#include "reduce.h"
#include "store.h"

static char directory[] = "/tmp/eqfw-test-reduce-XXXXXX";

/* A guard for SSH and a row, both from em1: to the box, to mcu. One program has rules of both. */
static void site(struct fixture *fixture, enum boot boot)
{
	struct zone *core, *dmz;
	struct endpoint *em1, *mcu;
	uint32_t from, to, box, row, guard;

	fixture_init(fixture);
	core = fixture_zone(fixture, "core", "10.1.0.0/16");
	dmz = fixture_zone(fixture, "dmz", "192.0.2.0/24");
	fixture->deployment.box = fixture_list(fixture, "10.1.0.1");
	fixture->deployment.boot = boot;
	em1 = fixture_host(fixture, "em1", core, "10.1.0.10", NULL);
	mcu = fixture_host(fixture, "mcu", dmz, "192.0.2.20", NULL);
	from = fixture_group(fixture, GROUP_DECLARED, core);
	fixture_member(fixture, from, em1);
	to = fixture_group(fixture, GROUP_DECLARED, dmz);
	fixture_member(fixture, to, mcu);
	box = fixture_group(fixture, GROUP_BOX, NULL);
	row = fixture_item(fixture, "elite-mcu/3:1");
	guard = fixture_item(fixture, "guard/ssh");
	fixture->ruleset.items[guard].kind = EQFW_ITEM_GUARD;
	fixture_rule(fixture, from, to, 6, (struct port_range){ 1720, 1720 }, row);
	fixture_rule(fixture, from, box, 6, (struct port_range){ 8443, 8443 }, row);
	fixture_rule(fixture, from, box, 6, (struct port_range){ 22, 22 }, guard);
	fixture_forbid(fixture, to, 6, (struct port_range){ 23, 23 }, row);
	assert_true(fixture_factor(fixture));
}

static uint32_t item_at(const struct eqfw_profile *profile, const char *to, uint16_t port)
{
	struct prefix src = fixture_address("10.1.0.10"), dst = fixture_address(to);
	uint32_t program = fixture_program(profile, fixture_class(profile, &src),
					   fixture_class(profile, &dst));

	return fixture_match(profile, program, 4, 6, 5000, port);
}

static void reduced(const struct fixture *fixture, struct image *image,
		    struct eqfw_profile *profile)
{
	struct eqfw_fault fault = { 0 };

	assert_true(reduce_wanted(&fixture->profile));
	reduce(&fixture->profile, image);
	if (eqfw_profile_check(image->bytes, image->size, profile, &fault))
		fail_msg("%s record %u: %s", fault.section, fault.record, fault.what);
	assert_false(reduce_wanted(profile));
	assert_int_equal(profile->n_prefixes, fixture->profile.n_prefixes);
	assert_int_equal(profile->n_hosts, fixture->profile.n_hosts);
	assert_int_equal(item_at(profile, "192.0.2.20", 1720), NO_ITEM);
	assert_int_equal(item_at(profile, "10.1.0.1", 8443), NO_ITEM);
}

static void test_guards(void **state)
{
	struct fixture fixture;
	struct eqfw_profile profile;
	struct image image;

	site(&fixture, BOOT_GUARDS);
	assert_int_equal(item_at(&fixture.profile, "10.1.0.1", 22), 1);
	reduced(&fixture, &image, &profile);
	assert_int_equal(item_at(&profile, "10.1.0.1", 22), 0);
	assert_int_equal(profile.n_items, 1);
	assert_string_equal(eqfw_profile_string(&profile, profile.items[0].id), "guard/ssh");
	assert_string_equal(eqfw_profile_string(&profile, profile.header->name),
			    "fixture (boot: guards)");
	image_free(&image);
	fixture_free(&fixture);
}

static void test_closed(void **state)
{
	struct fixture fixture;
	struct eqfw_profile profile;
	struct image image;

	site(&fixture, BOOT_CLOSED);
	reduced(&fixture, &image, &profile);
	assert_int_equal(item_at(&profile, "10.1.0.1", 22), NO_ITEM);
	assert_int_equal(profile.n_items + profile.n_rules + profile.n_cells, 0);
	assert_string_equal(eqfw_profile_string(&profile, profile.header->name),
			    "fixture (boot: closed)");
	image_free(&image);
	fixture_free(&fixture);
}

static void commit(enum boot boot)
{
	struct fixture fixture;
	struct profile_file file;
	struct store *store = store_open("test");

	site(&fixture, boot);
	file = (struct profile_file){ fixture.image, fixture.profile };
	assert_int_equal(store_commit(store, &file), EXIT_STATUS_OK);
	store_close(store);
	fixture_free(&fixture);
}

static void test_kept_beside_current(void **state)
{
	struct diag diag = { .quiet = true };
	struct store *store = store_open("test");
	const char *path, *current, *still;
	struct profile_file boot;

	assert_null(store_boot(store));
	commit(BOOT_GUARDS);
	path = store_boot(store);
	assert_non_null(path);
	assert_int_equal(profile_file_read(path, &diag, &boot), EXIT_STATUS_OK);
	assert_int_equal(store_resolve(store, "current", &current), EXIT_STATUS_OK);
	/* It is live now; what is current stays what it was, and it stays what stands in. */
	assert_true(store_is_boot(store, &boot));
	assert_int_equal(store_commit(store, &boot), EXIT_STATUS_OK);
	assert_int_equal(store_resolve(store, "current", &still), EXIT_STATUS_OK);
	assert_string_equal(still, current);
	assert_non_null(store_boot(store));
	profile_file_free(&boot);
	commit(BOOT_OPEN);
	assert_null(store_boot(store));
	store_close(store);
}

static int set_up(void **state)
{
	return mkdtemp(directory) && !setenv("EQFW_STATE_DIR", directory, 1) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_kept_beside_current),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
