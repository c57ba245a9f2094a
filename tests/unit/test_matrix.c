// SPDX-License-Identifier: GPL-2.0
/* The matrix reader: the fixture's meaning, lookups, and every complaint with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "matrix.h"
#include "matrix_query.h"
#include "reader_lab.h"
#include "yaml.h"

#define FIXTURE EQFW_SOURCE_DIR "/tests/unit/matrix-fixture"

static const char *const files[] = { "matrix.yaml",   "roles.yaml",   "features.yaml",
				     "tunables.yaml", "gateway.yaml", "room.yaml" };

/**
 * struct matrix_case - one text of the fixture replaced by another
 * @file: where
 * @from: text that stands there once; NULL: the file is missing
 * @to: what stands there instead
 * @expect: part of the complaint, NULL where there is none
 */
struct matrix_case {
	const char *file;
	const char *from;
	const char *to;
	const char *expect;
};

static const struct matrix_case cases[] = {
	{ "room.yaml", "row: 1", "row: 1", NULL },
	{ "matrix.yaml", "matrix/1", "matrix/2", "matrix.yaml:2:7: error: format 'matrix/2'" },
	{ "matrix.yaml", "edition", "edtion", "matrix.yaml:3:1: error: unknown key 'edtion'" },
	{ "matrix.yaml", "[gateway, room]", "[gateway, room, gateway]", "5:27: error: section" },
	{ "matrix.yaml", "[gateway, room]", "[gateway, rooms]", "rooms.yaml: error: cannot be" },
	{ "roles.yaml", NULL, NULL, "roles.yaml: error: cannot be read" },
	{ "roles.yaml", "outsider: true", "outsider: maybe", "23:15: error: 'maybe' is neither" },
	{ "roles.yaml", "outsider: true", "outsider: true\n    parents: [room]", "the outsider" },
	{ "roles.yaml", "id: caller", "id: room", "21:9: error: duplicate role 'room'" },
	{ "roles.yaml", "id: caller", "id: gateway.public", "duplicate role 'gateway.public'" },
	{ "roles.yaml", "id: caller", "id: Caller", "21:9: error: bad id 'Caller'" },
	{ "roles.yaml", "  parents: [h323-device]\n    eph", "  parents: [h323-devise]\n    eph",
	  "roles.yaml:7:15: error: unknown role 'h323-devise'" },
	{ "roles.yaml", "names: [\"H.323 Device\"]", "parents: [room]",
	  "error: the role 'h323-device' descends from itself" },
	{ "roles.yaml", "call: h245", "call: h2450", "10:46: error: unknown kind of call item" },
	{ "roles.yaml", "3230-3250, call", "vendor, call", "error: stated ports are numbers" },
	{ "roles.yaml", "tcp: 3230-3250", "tpc: 3230-3250", "8:17: error: unknown key 'tpc'" },
	{ "features.yaml", "meaning: \"s", "mean: \"s", "features.yaml:3:" },
	{ "features.yaml", "id: no-tls", "id: tls", "4:10: error: duplicate feature 'tls'" },
	{ "tunables.yaml", "role: room", "role: rooom", "11:11: error: unknown role 'rooom'" },
	{ "tunables.yaml", "12000-15000", "12000-12010", "6:14: error: the default of" },
	{ "tunables.yaml", "3230-3249", "3231-3250", "error: the default of 'room.media' begins" },
	{ "tunables.yaml", "12000-15000", "12000,13000", "6:14: error: '12000,13000' is not one" },
	{ "tunables.yaml", "min: 8001", "min: 0", "error: '0' is no number from 1 to 65535" },
	{ "gateway.yaml", "row: 4", "row: 5", "error: line 4 of section 'gateway' is missing" },
	{ "gateway.yaml", "merged: [3]", "merged: [3, 4]",
	  "error: line 4 of section 'gateway' comes" },
	{ "gateway.yaml", "row: 2", "row: 5", "gateway.yaml:31:5: error: rows stand in" },
	{ "gateway.yaml", "section: gateway", "section: getaway",
	  "2:10: error: this file is read" },
	{ "gateway.yaml", "product: gateway", "product: gatewayz", "4:10: error: unknown role" },
	{ "gateway.yaml", "[gateway.public]", "[gateway.pubic]", "unknown role 'gateway.pubic'" },
	{ "gateway.yaml", "[gateway.public]", "[]", "error: the item has no roles on one side" },
	{ "gateway.yaml", "dst: 1720", "dst: \"1720,\"", "error: bad ports ''" },
	{ "gateway.yaml", "dst: 1720, ", "", "13:9: error: 'dst:' is missing here" },
	{ "gateway.yaml", "src: 3337, ", "", "error: 'src:' is missing here" },
	{ "gateway.yaml", "either, call: q931", "either", "error: initiator 'either' is for call" },
	{ "gateway.yaml", "either, call: q931", "source, call: q931", "error: a call item may be" },
	{ "gateway.yaml", "either, call: q931", "both, call: q931", "unknown initiator 'both'" },
	{ "gateway.yaml", "function: h323, initiator: either, call: q931",
	  "function: h32, initiator: either, call: q931", "unknown function 'h32'" },
	{ "gateway.yaml", "feature:tls", "feature:tlss", "error: unknown feature 'tlss'" },
	{ "gateway.yaml", "role:manager", "role:managre", "error: unknown role 'managre'" },
	{ "gateway.yaml", "role:manager", "manager", "error: 'manager' is no condition" },
	{ "gateway.yaml", "tunable: room.media", "tunable: room.mediaz", "unknown tunable" },
	{ "gateway.yaml", "dst: 3230-3249", "dst: 3230-3240", "error: the item does not have the" },
	{ "gateway.yaml", "proto: udp, dst: 3230", "proto: tcp, dst: 3230", "is of udp, the item" },
	{ "gateway.yaml", "proto: udp, dst: 1719", "proto: sctp, dst: 1719", "unknown protocol" },
	{ "gateway.yaml", "listens: true", "listen: true", "error: unknown key 'listen'" },
	{ "gateway.yaml", "cell: source", "cell: sauce", "error: unknown cell 'sauce'" },
	{ "room.yaml", "    errata:\n", "    erratas:\n", "error: unknown key 'erratas'" },
	{ "room.yaml", "reading: \"destination UDP 123\", ", "", "error: 'reading:' is missing" },
	{ "room.yaml", "requirement: mandatory\n", "\n", "error: neither the item nor its row" },
};

/* The fixture in a directory of its own, one file changed. */
struct copy {
	char dir[32];
	struct arena *arena;
};

static char *changed(struct arena *arena, const char *text, const struct matrix_case *c)
{
	const char *at = strstr(text, c->from);

	if (!at) {
		print_error("%s has no '%s'\n", c->file, c->from);
		fail();
		return NULL;
	}
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, c->to, at + strlen(c->from));
}

static void copy_file(struct copy *copy, const char *name, const struct matrix_case *c)
{
	struct diag diag = { 0 };
	const struct source_text *source = source_read(
		copy->arena, arena_printf(copy->arena, FIXTURE "/%s", name), 1 << 20, &diag);
	const char *text = source->text;
	FILE *out;

	if (!strcmp(name, c->file)) {
		if (!c->from)
			return;
		text = changed(copy->arena, text, c);
	}
	out = fopen(arena_printf(copy->arena, "%s/%s", copy->dir, name), "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void copy_make(struct copy *copy, const struct matrix_case *c)
{
	strcpy(copy->dir, "/tmp/eqfw-matrix-XXXXXX");
	copy->arena = arena_new();
	assert_non_null(mkdtemp(copy->dir));
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		copy_file(copy, files[i], c);
}

static void copy_remove(struct copy *copy)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		unlink(arena_printf(copy->arena, "%s/%s", copy->dir, files[i]));
	rmdir(copy->dir);
	arena_free(copy->arena);
}

static bool run_case(const struct matrix_case *c)
{
	struct diag diag = { 0 };
	struct matrix *matrix;
	struct copy copy;
	char *complaints;
	bool good;

	copy_make(&copy, c);
	capture_begin();
	matrix = matrix_read(copy.dir, NULL, &diag);
	complaints = capture_end();
	good = c->expect ? !matrix && diag.errors && strstr(complaints, c->expect)
			 : matrix && !diag.errors;
	if (!good)
		print_error("%s: '%s' -> '%s': wanted '%s', got\n%s\n", c->file, c->from, c->to,
			    c->expect ? c->expect : "nothing", complaints);
	matrix_free(matrix);
	free(complaints);
	copy_remove(&copy);
	return good;
}

static void test_complaints(void **state)
{
	unsigned int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		bad += !run_case(&cases[i]);
	assert_int_equal(bad, 0);
}

static void test_no_directory(void **state)
{
	struct diag diag = { 0 };
	char *complaints;

	(void)state;
	capture_begin();
	assert_null(matrix_read("/nonexistent/matrix", NULL, &diag));
	complaints = capture_end();
	assert_non_null(strstr(complaints, "no matrix in '/nonexistent/matrix'"));
	free(complaints);
}

static void test_find_dir(void **state)
{
	(void)state;
	setenv("EQFW_MATRIX", "/from/env", 1);
	assert_string_equal(matrix_find_dir("/from/option"), "/from/option");
	assert_string_equal(matrix_find_dir(NULL), "/from/env");
	unsetenv("EQFW_MATRIX");
	assert_non_null(strstr(matrix_find_dir(NULL), "matrix"));
}

static struct matrix *fixture(void)
{
	struct diag diag = { 0 };
	struct matrix *matrix = matrix_read(FIXTURE, NULL, &diag);

	assert_non_null(matrix);
	return matrix;
}

static void assert_ports(const struct portset *set, const char *expect)
{
	struct arena *arena = arena_new();

	assert_string_equal(portset_format(arena, set), expect);
	arena_free(arena);
}

static void test_items(void **state)
{
	struct matrix *matrix = fixture();
	const struct item *item;

	(void)state;
	assert_int_equal(matrix->n_items, 10);
	item = matrix_item(matrix, "gateway/2:1");
	/* The union of the row's source entries of this protocol. */
	assert_ports(&item->src, "12000-15000");
	assert_ports(&item->dst, "3230-3249");
	assert_string_equal(item->tunable->id, "room.media");
	assert_int_equal(item->call, CALL_MEDIA);
	assert_int_equal(item->requirement, REQUIREMENT_RECOMMENDED);
	assert_string_equal(item->sources.roles[0]->id, "gateway.internal");
	item = matrix_item(matrix, "gateway/2:2");
	assert_ports(&item->src, "5060");
	assert_string_equal(item->condition_feature->id, "tls");
	item = matrix_item(matrix, "gateway/2:3");
	assert_int_equal(item->requirement, REQUIREMENT_OPTIONAL);
	item = matrix_item(matrix, "gateway/2:4");
	assert_true(item->from_source_cell);
	assert_ports(&item->src, "3337");
	assert_ports(&item->dst, "ephemeral");
	assert_string_equal(item->condition_role->id, "manager");
	item = matrix_item(matrix, "gateway/1:1");
	assert_ports(&item->src, "ephemeral");
	assert_true(matrix_item(matrix, "gateway/4:1")->forbid);
	assert_int_equal(matrix_item(matrix, "room/2:1")->initiator, INITIATOR_SWAPPED);
	matrix_free(matrix);
}

static void test_lookup(void **state)
{
	static const char *const unknown[] = { "gateway/2:0", "gateway/2:5",  "gateway/9:1",
					       ":1",	      "gateway/2:01", "gateway/02:1",
					       "gateway/2:",  "/2:1",	      "gateway:1" };
	struct matrix *matrix = fixture();

	(void)state;
	/* A merged line's number stands for the row that it was merged into. */
	assert_ptr_equal(matrix_row(matrix, "gateway/3"), matrix_row(matrix, "gateway/2"));
	assert_ptr_equal(matrix_item(matrix, "gateway/3:2"), matrix_item(matrix, "gateway/2:2"));
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		assert_null(matrix_item(matrix, unknown[i]));
	assert_null(matrix_row(matrix, "gateway"));
	assert_null(matrix_row(matrix, "gate/1"));
	assert_non_null(matrix_feature(matrix, "streaming"));
	assert_null(matrix_tunable(matrix, "gateway"));
	matrix_free(matrix);
}

static void test_roles(void **state)
{
	struct matrix *matrix = fixture();
	const struct role *gateway = matrix_role(matrix, "gateway");
	const struct role *internal = matrix_role(matrix, "gateway.internal");
	const struct role *public = matrix_role(matrix, "gateway.public");
	const struct role *device = matrix_role(matrix, "h323-device");

	(void)state;
	assert_true(role_is(internal, gateway) && role_is(internal, device));
	assert_true(role_is(public, gateway) && !role_is(public, device));
	assert_false(role_is(gateway, internal) || role_is(gateway, device));
	assert_true(gateway->edge && public->edge);
	assert_int_equal(gateway->n_legs, 2);
	assert_true(matrix_role(matrix, "caller")->outsider);
	assert_ports(&matrix_role(matrix, "room")->ephemeral_udp, "3230-3280");
	assert_int_equal(matrix_role(matrix, "room")->stated[0].call, CALL_H245);
	matrix_free(matrix);
}

/* The document itself must always be readable. */
static void test_document(void **state)
{
	struct diag diag = { 0 };
	struct matrix *matrix = matrix_read(EQFW_SOURCE_DIR "/matrix", NULL, &diag);

	(void)state;
	assert_non_null(matrix);
	assert_true(matrix->n_items > 100);
	matrix_free(matrix);
}

/* Appendix A: 0 to 1023, 1024 to 49151, 49152 to 65535. */
static void test_port_classes_at_their_ends(void **state)
{
	static const struct {
		struct port_range range;
		bool is[N_PORT_CLASSES];
	} known[] = {
		{ { 1, 1 }, { true } },
		{ { 1023, 1023 }, { true } },
		{ { 1024, 1024 }, { false, true } },
		{ { 49151, 49151 }, { false, true } },
		{ { 49152, 49152 }, { false, false, true } },
		{ { 65535, 65535 }, { false, false, true } },
		{ { 1023, 1024 }, { true, true } },
		{ { 49151, 49152 }, { false, true, true } },
		{ { 1, 65535 }, { true, true, true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct port_range range = known[i].range;
		const struct portset ports = { .ranges = &range, .n = 1 };

		for (int class = 0; class < N_PORT_CLASSES; class ++)
			assert_int_equal(port_class_has(&ports, class), known[i].is[class]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_no_directory),
		cmocka_unit_test(test_find_dir),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_port_classes_at_their_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
