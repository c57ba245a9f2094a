// SPDX-License-Identifier: GPL-2.0
/* eqfwctl diff: what it says differs is what the classifier of the kernel treats differently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../kmod/core/address.h"
#include "diff.h"
#include "profile_builder.h"
#include "random_profile.h"

#define PAIRS 150
#define FLOWS 2000

/**
 * struct both - two profiles under comparison
 * @bytes: of each side
 * @profile: its view
 * @table: its table
 * @diff: the comparison
 */
struct both {
	u8 *bytes[N_SIDES];
	struct eqfw_profile profile[N_SIDES];
	struct eqfw_table *table[N_SIDES];
	struct diff diff;
};

static bool view(struct both *both, enum diff_index side, u8 *bytes, size_t size)
{
	struct eqfw_fault fault = { 0 };

	both->bytes[side] = bytes;
	return !eqfw_profile_check(bytes, size, &both->profile[side], &fault);
}

static void compare(struct both *both)
{
	struct eqfw_fault fault = { 0 };

	both->diff = (struct diff){ 0 };
	for (int s = 0; s < N_SIDES; s++) {
		both->diff.sides[s] =
			(struct diff_side){ .file = "test", .profile = &both->profile[s] };
		both->table[s] = NULL;
		assert_int_equal(eqfw_table_build(&both->profile[s], &both->table[s], &fault), 0);
	}
	diff_run(&both->diff);
}

static void release(struct both *both)
{
	diff_free(&both->diff);
	for (int s = 0; s < N_SIDES; s++) {
		eqfw_table_free(both->table[s]);
		eqfw_core_free(both->bytes[s]);
	}
}

static const struct joint *joint_of(const struct diff *diff, const uint32_t class_id[N_SIDES])
{
	for (size_t j = 0; j < diff->n_joints; j++) {
		if (!memcmp(diff->joints[j].class_id, class_id, sizeof(diff->joints[j].class_id)))
			return &diff->joints[j];
	}
	return NULL;
}

/* What permits it, by name: "" nothing, "-" nobody asks. NULL: a packet that no rule decides. */
static const char *judged(const struct both *both, enum diff_index side,
			  const struct eqfw_flow *flow, struct eqfw_places *places)
{
	struct eqfw_zone_set all;
	struct eqfw_verdict verdict;
	const struct eqfw_profile *profile = &both->profile[side];

	memset(&all, 0xff, sizeof(all));
	eqfw_locate(both->table[side], flow, places);
	eqfw_judge(both->table[side], flow, places,
		   places->src.zone == EQFW_ZONE_NONE ? NULL : &all, &verdict);
	/* The answer to a flow that mirrored replies let pass is not told of as a flow itself. */
	if (verdict.item != EQFW_ITEM_NONE &&
	    eqfw_find(both->table[side], flow, places) == EQFW_ITEM_NONE)
		return "";
	if (verdict.action == EQFW_ACTION_PASS && verdict.item != EQFW_ITEM_NONE)
		return eqfw_profile_string(profile, profile->items[verdict.item].id);
	if (verdict.unzoned || verdict.reason == EQFW_REASON_SOURCE ||
	    verdict.reason == EQFW_REASON_SPOOF || verdict.reason == EQFW_REASON_UNZONED)
		return NULL;
	if (verdict.action == EQFW_ACTION_PASS || verdict.action == EQFW_ACTION_SKIP)
		return "-";
	return "";
}

static bool has_flow(const struct change *change, const struct eqfw_flow *flow, uint16_t sport,
		     uint16_t dport)
{
	for (size_t i = 0; i < change->n; i++) {
		const struct region *region = &change->flows[i].region;

		if (region->proto == flow->proto && sport >= region->src_lo &&
		    sport <= region->src_hi && dport >= region->dst_lo && dport <= region->dst_hi)
			return true;
	}
	return false;
}

/* Is this flow in some change? (Classes of random profiles have no names to tell pairs by.) */
static bool told(const struct diff *diff, const struct eqfw_flow *flow)
{
	bool ports = flow->proto == 6 || flow->proto == 17 || flow->proto == 1 || flow->proto == 58;

	for (size_t i = 0; i < diff->n_changes; i++) {
		if (has_flow(&diff->changes[i], flow, ports ? flow->sport : 0,
			     ports ? flow->dport : 0))
			return true;
	}
	return false;
}

/*
 * What the classifier judges whatever the pair: router advertisements and redirects, the limited
 * broadcast, IPv4 written as IPv6; and what the box sends never comes to the classifier.
 */
static bool is_exempt(const struct eqfw_flow *flow, const struct eqfw_places *places)
{
	static const u8 limited[4] = { 255, 255, 255, 255 };
	bool router = flow->proto == 1
			      ? flow->dport == 5
			      : flow->proto == 58 && (flow->dport == 134 || flow->dport == 137);

	return router || places->src.flags & EQFW_CLASS_BOX ||
	       (flow->family == 4 && !memcmp(flow->dst.b, limited, 4)) ||
	       (flow->family == 6 && eqfw_addr_is_mapped(flow->dst.b));
}

static void check_flow(const struct both *both, const struct eqfw_flow *flow)
{
	struct eqfw_places places[N_SIDES];
	const char *answer[N_SIDES];
	const struct joint *from, *to;
	enum scope_state state[N_SIDES];

	for (int s = 0; s < N_SIDES; s++) {
		answer[s] = judged(both, s, flow, &places[s]);
		if (!answer[s] || flow->fault != EQFW_REASON_NONE)
			return;
	}
	from = joint_of(&both->diff,
			(uint32_t[]){ places[OLD].src.class_id, places[NEW].src.class_id });
	to = joint_of(&both->diff,
		      (uint32_t[]){ places[OLD].dst.class_id, places[NEW].dst.class_id });
	assert_non_null(from);
	assert_non_null(to);
	for (int s = 0; s < N_SIDES; s++) {
		state[s] = diff_scope_state(&both->diff, s, &both->diff.scopes[from->group],
					    &both->diff.scopes[to->group]);
		if (state[s] == SCOPE_FREE && !is_exempt(flow, &places[s]))
			assert_string_equal(answer[s], "-");
		/* Link protocols and DHCP are judged as packets, not as pairs. */
		if (state[s] != SCOPE_FREE && !strcmp(answer[s], "-"))
			return;
		if (state[s] == SCOPE_BLOCKED && *answer[s])
			return;
	}
	if (state[OLD] != SCOPE_FREE && state[NEW] != SCOPE_FREE &&
	    strcmp(answer[OLD], answer[NEW]))
		assert_true(told(&both->diff, flow));
	/* What the box sends is never judged, so nothing is told of it. */
	if (strcmp(answer[OLD], answer[NEW]) &&
	    !(places[OLD].src.flags & places[NEW].src.flags & EQFW_CLASS_BOX))
		assert_false(diff_same(&both->diff));
}

static void check_flows(struct random_source *r, const struct both *both)
{
	struct eqfw_flow flow;

	for (int i = 0; i < FLOWS; i++) {
		random_flow(r, &both->profile[i % 2], &flow);
		check_flow(both, &flow);
	}
}

static void test_random_pairs(void **state)
{
	struct random_source r = { .state = 20261125 };
	struct both both;

	for (int i = 0; i < PAIRS; i++) {
		for (int s = 0; s < N_SIDES; s++) {
			size_t size;
			u8 *bytes = random_profile(&r, 1 + random_below(&r, 12), &size);

			assert_non_null(bytes);
			assert_true(view(&both, s, bytes, size));
		}
		compare(&both);
		check_flows(&r, &both);
		release(&both);
	}
}

/* The first item that permits it, "" none; NULL where an end of an item decides. */
static const char *first_item(const struct eqfw_profile *p, uint32_t program,
			      const struct eqfw_flow *flow)
{
	const struct eqfw_rule_rec *rule = &p->rules[le32toh(p->programs[program].first)];

	for (uint32_t i = 0; i < le32toh(p->programs[program].count); i++, rule++) {
		const struct eqfw_item_rec *item = &p->items[le32toh(rule->item)];

		if (rule->proto != flow->proto || flow->sport < le16toh(rule->src_lo) ||
		    flow->sport > le16toh(rule->src_hi) || flow->dport < le16toh(rule->dst_lo) ||
		    flow->dport > le16toh(rule->dst_hi))
			continue;
		return item->until ? NULL : eqfw_profile_string(p, item->id);
	}
	return "";
}

static unsigned int times_told(const struct regions *regions, const struct eqfw_flow *flow)
{
	struct change all = { 0 };
	unsigned int n = 0;

	for (size_t i = 0; i < regions->n; i++) {
		struct flow_change one = { .region = regions->regions[i] };

		all.flows = &one;
		all.n = 1;
		n += has_flow(&all, flow, flow->sport, flow->dport);
	}
	return n;
}

static void check_programs(struct random_source *r, struct both *both)
{
	uint32_t program[N_SIDES];
	struct regions regions = { 0 };
	struct eqfw_flow flow;

	for (int s = 0; s < N_SIDES; s++)
		program[s] = random_below(r, both->profile[s].n_programs);
	diff_programs(&both->diff, program, &regions);
	for (int i = 0; i < 200; i++) {
		const char *old, *new;

		random_flow(r, &both->profile[i % 2], &flow);
		old = first_item(&both->profile[OLD], program[OLD], &flow);
		new = first_item(&both->profile[NEW], program[NEW], &flow);
		if (old && new)
			assert_int_equal(times_told(&regions, &flow), strcmp(old, new) ? 1 : 0);
	}
	free(regions.regions);
}

static void test_random_programs(void **state)
{
	struct random_source r = { .state = 5 };
	struct both both;

	for (int i = 0; i < PAIRS; i++) {
		for (int s = 0; s < N_SIDES; s++) {
			size_t size;
			u8 *bytes = random_profile(&r, 1 + random_below(&r, 12), &size);

			assert_true(view(&both, s, bytes, size));
		}
		compare(&both);
		for (int j = 0; j < 20; j++)
			check_programs(&r, &both);
		release(&both);
	}
}

/* One byte of a rule, cell or prefix differs: what is alike must be found alike, too. */
static void test_random_mutants(void **state)
{
	struct random_source r = { .state = 4 };
	struct both both;
	unsigned int valid = 0;

	for (int i = 0; i < PAIRS; i++) {
		u64 seed = r.state;
		size_t size, at;
		u8 *bytes = random_profile(&r, 4, &size);

		assert_true(view(&both, OLD, bytes, size));
		r.state = seed;
		bytes = random_profile(&r, 4, &size);
		at = sizeof(struct eqfw_header) +
		     random_below(&r, (u32)(size - sizeof(struct eqfw_header) - 32));
		bytes[at] ^= 1 << random_below(&r, 8);
		builder_seal(bytes, size);
		if (!view(&both, NEW, bytes, size)) {
			eqfw_core_free(both.bytes[OLD]);
			eqfw_core_free(bytes);
			continue;
		}
		valid++;
		compare(&both);
		check_flows(&r, &both);
		release(&both);
	}
	assert_true(valid > PAIRS / 20);
}

static void test_equal_is_same(void **state)
{
	struct random_source r = { .state = 77 };
	struct both both;

	for (int i = 0; i < PAIRS; i++) {
		u64 seed = r.state;
		size_t size;

		for (int s = 0; s < N_SIDES; s++) {
			u8 *bytes;

			r.state = seed;
			bytes = random_profile(&r, 8, &size);
			assert_true(view(&both, s, bytes, size));
		}
		compare(&both);
		assert_true(diff_same(&both.diff));
		release(&both);
	}
}

/* Two zones; hosts 10.1.0.0/24 in one, 10.2.0.0/24 in the other; one of them talks to the other. */
static u8 *small(bool split, u16 last_port, size_t *size)
{
	static const u8 a[16] = { 10, 1 }, high[16] = { 10, 1, 0, 128 }, b[16] = { 10, 2 };
	struct eqfw_rule_rec rule;
	struct profile_builder p;
	u8 *bytes;
	u32 one, two, other;

	builder_init(&p);
	builder_zone(&p, "box", EQFW_ZONE_BOX);
	builder_zone(&p, "core", 0);
	builder_zone(&p, "dmz", 0);
	builder_class(&p, EQFW_ZONE_NONE, 0, EQFW_PROGRAM_NONE, "");
	one = builder_class(&p, 1, EQFW_CLASS_DECLARED, EQFW_PROGRAM_NONE, "one");
	two = builder_class(&p, 2, EQFW_CLASS_DECLARED, EQFW_PROGRAM_NONE, "two");
	other = split ? builder_class(&p, 1, EQFW_CLASS_DECLARED, EQFW_PROGRAM_NONE, "one") : one;
	builder_prefix(&p, 4, a, split ? 25 : 24, one);
	if (split)
		builder_prefix(&p, 4, high, 25, other);
	builder_prefix(&p, 4, b, 24, two);
	builder_cell(&p, one, two, 0);
	if (split)
		builder_cell(&p, other, two, 0);
	builder_item(&p, "row/1:1", EQFW_ITEM_MATRIX, 0);
	builder_program(&p);
	if (split) {
		rule = builder_ports(6, 1024, 65535, 80, 80, 0);
		builder_rule(&p, &rule);
		rule = builder_ports(6, 1024, 65535, 81, last_port, 0);
		builder_rule(&p, &rule);
	} else {
		rule = builder_ports(6, 1024, 65535, 80, last_port, 0);
		builder_rule(&p, &rule);
	}
	bytes = builder_finish(&p, size);
	builder_free(&p);
	return bytes;
}

static void compare_small(struct both *both, u16 old_port, u16 new_port)
{
	size_t size;
	u8 *bytes = small(false, old_port, &size);

	assert_true(view(both, OLD, bytes, size));
	bytes = small(true, new_port, &size);
	assert_true(view(both, NEW, bytes, size));
	compare(both);
}

static void test_encodings_are_not_compared(void **state)
{
	struct both both;

	compare_small(&both, 90, 90);
	assert_true(diff_same(&both.diff));
	release(&both);
}

static void test_one_port_more(void **state)
{
	const struct region *region;
	struct both both;

	compare_small(&both, 90, 91);
	assert_int_equal(both.diff.n_changes, 1);
	assert_int_equal(both.diff.changes[0].kind, CHANGE_OPENS);
	/* Both halves of "one" tell it once. */
	assert_int_equal(both.diff.changes[0].n, 1);
	region = &both.diff.changes[0].flows[0].region;
	assert_int_equal(region->dst_lo, 91);
	assert_int_equal(region->dst_hi, 91);
	assert_int_equal(region->src_lo, 1024);
	assert_int_equal(region->src_hi, 65535);
	assert_string_equal(both.diff.changes[0].flows[0].from, "one");
	assert_string_equal(both.diff.changes[0].flows[0].to, "two");
	release(&both);
}

static void test_lines(void **state)
{
	const struct port_flow flows[] = {
		{ .proto = 6, .src = { 1024, 2000 }, .dst = { 80, 80 } },
		{ .proto = 6, .src = { 2001, 65535 }, .dst = { 80, 80 } },
		{ .proto = 6, .src = { 1024, 2000 }, .dst = { 81, 90 } },
		{ .proto = 6, .src = { 2001, 65535 }, .dst = { 81, 90 } },
		{ .proto = 17, .src = { 1, 65535 }, .dst = { 1, 65535 } },
		{ .proto = 1, .src = { 0, 255 }, .dst = { 8, 8 } },
		{ .proto = 112 },
	};
	static const char *const texts[] = { "tcp 1024-65535 -> 80-90", "udp any -> any",
					     "icmp type 8", "vrrp" };
	struct arena *arena = arena_new();
	size_t n;
	struct flow_line *lines = flow_lines(arena, flows, 7, &n);

	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(flow_line_text(arena, &lines[i]), texts[i]);
	arena_free(arena);
}

static void test_ends(void **state)
{
	struct end_pair pairs[] = { { "c", "y" }, { "a", "x" }, { "a", "y" },
				    { "a", "x" }, { "b", "y" }, { "b", "x" } };
	struct arena *arena = arena_new();
	size_t n;
	struct end_pair *lines = end_pairs_join(arena, pairs, 6, &n);

	assert_int_equal(n, 2);
	assert_string_equal(lines[0].from, "a, b");
	assert_string_equal(lines[0].to, "x, y");
	assert_string_equal(lines[1].from, "c");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_pairs),
		cmocka_unit_test(test_random_mutants),
		cmocka_unit_test(test_random_programs),
		cmocka_unit_test(test_equal_is_same),
		cmocka_unit_test(test_encodings_are_not_compared),
		cmocka_unit_test(test_one_port_more),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
