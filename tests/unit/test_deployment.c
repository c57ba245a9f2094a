// SPDX-License-Identifier: GPL-2.0
/* The deployment reader: what good files mean, and what bad ones are told (CASES P13 to P17). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "deployment.h"
#include "deployment_cases.h"
#include "reader_lab.h"
#include "yaml.h"

#define FIXTURE EQFW_SOURCE_DIR "/tests/unit/matrix-fixture"

/* A small good file, one key a line: cases replace a line or add line 8. */
static const char *const base[] = {
	"eqfw: deployment/1",
	"name: lab",
	"matrix: fixture-1",
	"mode: enforce",
	"box: {address: [10.1.0.1]}",
	"zones: {outside: {interfaces: [eth0], default: true}, "
	"core: {interfaces: [eth1], networks: [10.1.0.0/16]}}",
	"hosts: {m1: {roles: [manager], zone: core, address: 10.1.0.10}, "
	"r1: {roles: [room], zone: core, address: 10.1.0.11}}",
};

static struct matrix *matrix;

static bool same_key(const char *a, const char *b)
{
	size_t len = strcspn(a, ":");

	return len == strcspn(b, ":") && !memcmp(a, b, len);
}

/* The base with one line replaced or added; a line that is only "key:" takes that key out. */
static char *make_text(struct arena *arena, const char *line)
{
	char *text = arena_strdup(arena, "");
	bool used = false;

	for (size_t i = 0; i < ARRAY_LEN(base); i++) {
		bool here = same_key(base[i], line);

		used |= here;
		if (!here)
			text = arena_printf(arena, "%s%s\n", text, base[i]);
		else if (line[strcspn(line, ":") + 1])
			text = arena_printf(arena, "%s%s\n", text, line);
	}
	if (used || !line[strcspn(line, ":") + 1])
		return text;
	return arena_printf(arena, "%s%s\n", text, line);
}

struct reading {
	struct arena *arena;
	struct diag diag;
	struct deployment *deployment;
	char *complaints;
};

static void read_text(struct reading *reading, const char *text)
{
	char *file = reader_lab_write(text, strlen(text));

	capture_begin();
	reading->deployment = deployment_read(file, matrix, &reading->diag);
	reading->complaints = capture_end();
	reader_lab_remove(file);
}

static struct reading read_line(const char *line)
{
	struct reading reading = { .arena = arena_new() };

	read_text(&reading, make_text(reading.arena, line));
	return reading;
}

static void forget(struct reading *reading)
{
	deployment_free(reading->deployment);
	free(reading->complaints);
	arena_free(reading->arena);
}

static bool run_case(const struct deployment_case *c)
{
	struct reading reading = read_line(c->line);
	bool refused = c->expect && !strstr(c->expect, "warning: ");
	bool good = refused ? !reading.deployment : reading.deployment != NULL;

	good &= c->expect ? strstr(reading.complaints, c->expect) != NULL
			  : !reading.diag.errors && !reading.diag.warnings;
	if (!good)
		print_error("%s: wanted '%s', got\n%s\n", c->line,
			    c->expect ? c->expect : "nothing", reading.complaints);
	forget(&reading);
	return good;
}

static void test_cases(void **state)
{
	unsigned int bad = 0;

	(void)state;
	for (size_t i = 0; i < n_deployment_cases; i++)
		bad += !run_case(&deployment_cases[i]);
	assert_int_equal(bad, 0);
}

/* Every complaint stands on the line of its cause and says how to put it right. */
static void test_help_everywhere(void **state)
{
	unsigned int bad = 0;

	(void)state;
	for (size_t i = 0; i < n_deployment_cases; i++) {
		struct reading reading = read_line(deployment_cases[i].line);
		unsigned int helps = 0;

		for (const char *p = reading.complaints; (p = strstr(p, "\nhelp: ")); p++)
			helps++;
		if (helps != reading.diag.errors + reading.diag.warnings) {
			print_error("%s: no help in\n%s\n", deployment_cases[i].line,
				    reading.complaints);
			bad++;
		}
		forget(&reading);
	}
	assert_int_equal(bad, 0);
}

static const struct endpoint *endpoint(const struct reading *reading, const char *name)
{
	for (size_t i = 0; reading->deployment && i < reading->deployment->n_endpoints; i++)
		if (!strcmp(reading->deployment->endpoints[i]->name, name))
			return reading->deployment->endpoints[i];
	print_error("no endpoint %s\n%s\n", name, reading->complaints);
	fail();
	return NULL;
}

static bool has_role(const struct endpoint *endpoint, const char *id)
{
	for (size_t i = 0; i < endpoint->roles.n; i++)
		if (!strcmp(endpoint->roles.roles[i]->id, id))
			return true;
	return false;
}

static void test_legs(void **state)
{
	struct reading reading = read_line(
		"hosts: {e: {roles: [gateway], zone: core, address: 10.1.0.2, os: linux, "
		"tunables: {gateway.internal-range: 9000-9299}, "
		"legs: {public: {zone: outside, address: 192.0.2.1, public: 198.51.100.1}, "
		"internal: {}}}, w: {roles: [gateway, gateway.public, gateway], zone: core, address: 10.1.0.3}}");
	const struct endpoint *public = endpoint(&reading, "e.public");
	const struct endpoint *internal = endpoint(&reading, "e.internal");
	const struct endpoint *whole = endpoint(&reading, "w");

	(void)state;
	assert_int_equal(reading.deployment->n_endpoints, 3);
	assert_int_equal(reading.deployment->n_hosts, 2);
	assert_string_equal(public->zone->name, "outside");
	assert_int_equal(public->publics.n, 1);
	assert_int_equal(public->n_tunables, 0);
	assert_true(has_role(public, "gateway.public"));
	assert_false(has_role(public, "gateway.internal"));
	assert_false(has_role(public, "gateway"));
	/* A leg without zone and address of its own takes the host's. */
	assert_string_equal(internal->zone->name, "core");
	assert_int_equal(internal->addresses.n, 1);
	assert_int_equal(internal->n_tunables, 1);
	assert_int_equal(internal->tunables[0].range.hi, 9299);
	assert_int_equal(internal->host, public->host);
	assert_string_equal(internal->os, "linux");
	/* Without `legs:` a host plays its roles and all their legs. */
	assert_int_equal(whole->roles.n, 3);
	assert_true(has_role(whole, "gateway.public"));
	assert_true(has_role(whole, "gateway"));
	forget(&reading);
}

static void test_addresses(void **state)
{
	struct reading reading =
		read_line("hosts: {r: {roles: [room], zone: core, address: [10.1.32.0/30, "
			  "10.1.9.5-10.1.9.6, \"2001:db8::5\"], except: 10.1.32.1, only: true}, "
			  "c: {roles: [caller], zone: outside, address: any}}");
	const struct endpoint *room = endpoint(&reading, "r");
	struct prefix inside = { { { 10, 1, 32, 2 } }, 4, 32 },
		      out = { { { 10, 1, 32, 1 } }, 4, 32 };

	(void)state;
	assert_true(prefix_list_contains(&room->addresses, &inside));
	assert_false(prefix_list_contains(&room->addresses, &out));
	assert_int_equal(room->addresses.first6.family, 6);
	assert_true(room->only);
	assert_true(endpoint(&reading, "c")->any);
	assert_int_equal(endpoint(&reading, "c")->addresses.n, 0);
	forget(&reading);
}

static void test_enable(void **state)
{
	struct reading reading = read_line(
		"enable: {requirement: optional, features: all, functions: [sip, media], rows: "
		"{gateway/3: off, \"room/1:2\": {state: on, until: 2027-03-01, because: x}, "
		"room/2: {accept: true}}}");
	const struct enable *enable;

	(void)state;
	assert_non_null(reading.deployment);
	enable = &reading.deployment->enable;
	assert_int_equal(enable->requirement, REQUIREMENT_OPTIONAL);
	assert_true(enable->all_features);
	assert_true(enable->functions[FUNCTION_SIP] && enable->functions[FUNCTION_MEDIA]);
	assert_false(enable->functions[FUNCTION_H323] || enable->functions[FUNCTION_STREAMING]);
	/* An alias of a merged line is its row; off and on are words, room/1:2 is one too. */
	assert_string_equal(enable->rows[0].row->id, "gateway/2");
	assert_true(enable->rows[0].has_state && !enable->rows[0].on);
	assert_string_equal(enable->rows[1].item->id, "room/1:2");
	assert_true(enable->rows[1].has_state && enable->rows[1].on);
	assert_int_equal(enable->rows[1].until, 1803859200);
	assert_true(enable->rows[2].accept && !enable->rows[2].has_state);
	forget(&reading);
	reading = read_line("adopt:");
	assert_int_equal(reading.deployment->enable.requirement, REQUIREMENT_MANDATORY);
	for (size_t i = 0; i < N_FUNCTIONS; i++)
		assert_true(reading.deployment->enable.functions[i]);
	assert_int_equal(reading.deployment->adopt_s, 120);
	forget(&reading);
}

static void test_rules(void **state)
{
	struct reading reading = read_line(
		"guards: [{from: 10.1.99.0/24, to: box, service: [tcp 22, udp 123], name: a}, "
		"{protocol: vrrp, zone: core}, {from: any, service: tcp all}, "
		"{zone: outside, types: router-advertisement, name: ra}, "
		"{from: m1, to: [10.9.0.0/16, \"2001:db8::/32\"], service: \"89\"}]");
	const struct site_rule *rules;

	(void)state;
	assert_non_null(reading.deployment);
	rules = reading.deployment->rules;
	assert_int_equal(reading.deployment->n_rules, 5);
	assert_true(rules[0].to.box && rules[0].from.addresses.n == 1 && rules[0].from.host == -1);
	assert_int_equal(rules[0].n_services, 2);
	assert_int_equal(rules[0].services[1].ports.ranges[0].lo, 123);
	assert_string_equal(rules[1].name, "2");
	assert_string_equal(rules[1].from.zone->name, "core");
	assert_true(rules[1].to.box);
	assert_int_equal(rules[1].services[0].ip_proto, 112);
	assert_true(rules[2].from.anywhere);
	assert_int_equal(rules[2].services[0].ports.words, PORTS_ALL);
	assert_int_equal(rules[3].types[0]->v6, 134);
	assert_ptr_equal(rules[4].from.endpoint, endpoint(&reading, "m1"));
	assert_int_equal(rules[4].to.addresses.n, 2);
	assert_int_equal(rules[4].services[0].ip_proto, 89);
	forget(&reading);
}

static void test_settings(void **state)
{
	struct reading reading = read_line("mode: audit");

	(void)state;
	assert_true(reading.deployment->audit);
	assert_false(reading.deployment->scope_all || reading.deployment->unzoned_drop);
	/* The box is a zone of its own, the last one. */
	assert_true(reading.deployment->zones[2]->is_box);
	assert_true(reading.deployment->zones[2]->intra_enforce);
	assert_true(reading.deployment->zones[0]->intra_enforce);
	assert_false(reading.deployment->zones[1]->intra_enforce);
	forget(&reading);
	reading = read_line("unzoned: drop");
	assert_true(reading.deployment->unzoned_drop);
	forget(&reading);
	reading = read_line("flows: 50000");
	assert_int_equal(reading.deployment->flows, 50000);
	forget(&reading);
	reading = read_line("adopt: 2m");
	assert_int_equal(reading.deployment->adopt_s, 120);
	forget(&reading);
}

static void test_all_errors(void **state)
{
	struct reading reading = read_line("hosts: {a: {roles: [rom], zone: cor, address: x.y}, "
					   "b: {roles: [roome], zone: coree}}");

	(void)state;
	assert_null(reading.deployment);
	assert_int_equal(reading.diag.errors, 6);
	forget(&reading);
}

static char *address_file_line(struct arena *arena, const char *file)
{
	return arena_printf(arena, "hosts: {r: {roles: [room], zone: core, address-file: \"%s\"}}",
			    strrchr(file, '/') + 1);
}

/* Relative to the deployment file; complaints have the place in that file. */
static void test_address_file(void **state)
{
	static const char good[] =
		"# rooms\n10.1.5.1\n\n  10.1.6.0/24  # second\r\n10.1.7.1-10.1.7.4";
	static const char bad[] = "10.1.5.1\n# x\n  10.1.6.1/24\ninclude /etc/shadow\n10.1.7.1\n";
	struct arena *arena = arena_new();
	char *file = reader_lab_write(good, sizeof(good) - 1);
	struct reading reading = read_line(address_file_line(arena, file));
	struct prefix last = { { { 10, 1, 7, 4 } }, 4, 32 };

	(void)state;
	assert_true(prefix_list_contains(&endpoint(&reading, "r")->addresses, &last));
	forget(&reading);
	reader_lab_remove(file);
	file = reader_lab_write(bad, sizeof(bad) - 1);
	reading = read_line(address_file_line(arena, file));
	assert_int_equal(reading.diag.errors, 2);
	assert_non_null(strstr(reading.complaints, arena_printf(arena, "%s:3:3: error:", file)));
	assert_non_null(strstr(reading.complaints, arena_printf(arena, "%s:4:1: error:", file)));
	forget(&reading);
	reader_lab_remove(file);
	reading = read_line("hosts: {r: {roles: [room], zone: core, address-file: /dev/zero}}");
	assert_non_null(strstr(reading.complaints, "/dev/zero: error: not a regular file"));
	forget(&reading);
	arena_free(arena);
}

static char *many_hosts(unsigned int n)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	for (size_t i = 0; i + 1 < ARRAY_LEN(base); i++)
		fprintf(stream, "%s\n", base[i]);
	fprintf(stream, "hosts:\n");
	for (unsigned int i = 0; i < n; i++)
		fprintf(stream, "  r%u: {roles: [room], zone: core, address: 10.1.%u.%u}\n", i,
			i / 250, 2 + i % 250);
	fclose(stream);
	return text;
}

static void test_ten_thousand(void **state)
{
	struct reading reading = { .arena = arena_new() };
	char *text = many_hosts(10000);
	clock_t begin = clock();

	(void)state;
	read_text(&reading, text);
	assert_non_null(reading.deployment);
	assert_int_equal(reading.deployment->n_endpoints, 10000);
	/* 0.1 s without sanitizers; quadratic work would take minutes. */
	assert_true((clock() - begin) / CLOCKS_PER_SEC < 10);
	forget(&reading);
	free(text);
}

static int set_up(void **state)
{
	struct diag diag = { 0 };

	(void)state;
	matrix = matrix_read(FIXTURE, NULL, &diag);
	return matrix ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	matrix_free(matrix);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),	     cmocka_unit_test(test_help_everywhere),
		cmocka_unit_test(test_legs),	     cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_enable),	     cmocka_unit_test(test_rules),
		cmocka_unit_test(test_settings),     cmocka_unit_test(test_all_errors),
		cmocka_unit_test(test_address_file), cmocka_unit_test(test_ten_thousand),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
