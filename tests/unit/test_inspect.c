// SPDX-License-Identifier: GPL-2.0
/* What `eqfwctl inspect` says of a known profile, as text and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture_rules.h"
#include "inspect.h"

#define PORTS(lo, hi) ((struct port_range){ (lo), (hi) })

static struct fixture fixture;
static struct inspect in;

static int setup(void **state)
{
	uint32_t rooms, all, call, ping, vrrp;
	struct fixture *f = &fixture;
	struct zone *core, *outside;

	fixture_init(f);
	f->deployment.name = "hq";
	core = fixture_zone(f, "core", "10.1.0.0/16");
	outside = fixture_zone(f, "outside", "");
	outside->is_default = true;
	fixture_interface(f, core, "bond0.*");
	rooms = fixture_group(f, GROUP_DECLARED, core);
	all = fixture_group(f, GROUP_EVERYWHERE, NULL);
	call = fixture_item(f, "section/1:1");
	ping = fixture_item(f, "icmp/1");
	vrrp = fixture_item(f, "guard/vrrp");
	f->ruleset.items[vrrp].until = 1803859200;
	fixture_member(f, rooms, fixture_host(f, "rooms", core, "10.1.32.0/20", NULL));
	fixture_host(f, "callers", outside, NULL, NULL);
	fixture_rule(f, all, rooms, 6, PORTS(1720, 1720), call);
	fixture_rule(f, all, rooms, 17, PORTS(5000, 5010), call)->src = PORTS(1024, 65535);
	fixture_rule(f, all, rooms, 1, PORTS(8, 8), ping);
	fixture_rule(f, all, rooms, 112, PORTS(0, 0), vrrp);
	fixture_forbid(f, rooms, 6, PORTS(23, 23), call);
	if (!fixture_factor(f))
		return -1;
	inspect_init(&in, &f->profile);
	return 0;
}

static int teardown(void **state)
{
	inspect_free(&in);
	fixture_free(&fixture);
	return 0;
}

static char *captured_text(void)
{
	char *text = calloc(1, 65536);
	FILE *file = tmpfile();
	int saved;

	assert_non_null(file);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	dup2(fileno(file), STDOUT_FILENO);
	inspect_text(&in);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	assert_true(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

static void test_text(void **state)
{
	static const char *const lines[] = {
		"profile hq {\n",
		"\tmode enforce\n",
		"zone core {\n\tinterface bond0.*\n}\n",
		"zone outside {\n\tflags default\n}\n",
		"host callers zone outside any, for example 203.0.113.1 2001:db8:ffff::1\n",
		"host rooms zone core 10.1.32.0\n",
		" rooms {\n\tzone core\n\tflags declared\n\taddress 10.1.32.0/20\n"
		"\ttcp dport 23 forbidden by item section/1:1 # printed\n}\n",
		"pair outside -> rooms {",
		"\ticmp type 8 accept item icmp/1 # printed\n",
		"\ttcp dport 1720 accept item section/1:1 # printed\n",
		"\tudp sport 1024-65535 dport 5000-5010 accept item section/1:1 # printed\n",
		"\tprotocol vrrp accept item guard/vrrp until 2027-03-01T00:00:00Z # printed\n",
	};
	char *text = captured_text();

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strstr(text, lines[i]))
			fail_msg("missing: %s in: %s", lines[i], text);
	free(text);
}

/* The object of a list that has `value` at `key`. */
static json_t *find(json_t *list, const char *key, const char *value)
{
	size_t i;
	json_t *entry;

	assert_true(json_is_array(list));
	json_array_foreach(list, i, entry) {
		const char *found = json_string_value(json_object_get(entry, key));

		if (found && !strcmp(found, value))
			return entry;
	}
	fail_msg("nothing with %s = %s", key, value);
	return NULL;
}

static void assert_text(json_t *object, const char *key, const char *expected)
{
	assert_string_equal(json_string_value(json_object_get(object, key)), expected);
}

static void test_json(void **state)
{
	json_t *root = json_object(), *rooms, *program, *rules;

	inspect_json(&in, root);
	assert_text(json_object_get(root, "profile"), "name", "hq");
	assert_text(json_object_get(root, "profile"), "scope", "hosts");
	assert_int_equal(json_array_size(json_object_get(root, "zones")), 3);
	assert_text(find(json_object_get(root, "hosts"), "name", "callers"), "ipv4", "203.0.113.1");
	assert_true(json_is_null(
		json_object_get(find(json_object_get(root, "hosts"), "name", "rooms"), "ipv6")));
	rooms = find(json_object_get(root, "classes"), "name", "rooms");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(rooms, "addresses"), 0)),
		"10.1.32.0/20");
	program = json_array_get(
		json_object_get(root, "programs"),
		(size_t)json_integer_value(json_object_get(rooms, "forbidden_program")));
	rules = json_object_get(program, "rules");
	assert_int_equal(json_array_size(rules), 1);
	assert_text(json_array_get(rules, 0), "dst_ports", "23");
	assert_text(find(json_object_get(root, "items"), "id", "guard/vrrp"), "until",
		    "2027-03-01T00:00:00Z");
	assert_int_equal(json_array_size(json_object_get(root, "pairs")), fixture.profile.n_cells);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests_name("inspect", tests, setup, teardown);
}
