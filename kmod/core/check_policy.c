// SPDX-License-Identifier: GPL-2.0
/*
 * Cells, programs, rules and items of a profile: who may do what. A program that no cell and no
 * class names is accepted: it costs memory and means nothing.
 */
#include "check.h"

static const char *check_cell(const struct eqfw_profile *profile, u32 i)
{
	const struct eqfw_cell_rec *cell = &profile->cells[i];
	u32 src = le32_to_cpu(cell->src_class), dst = le32_to_cpu(cell->dst_class);
	u32 src_before, dst_before;

	if (src >= profile->n_classes || dst >= profile->n_classes)
		return "class out of range";
	if (le32_to_cpu(cell->program) >= profile->n_programs)
		return "program out of range";
	if (!i)
		return NULL;
	src_before = le32_to_cpu(cell[-1].src_class);
	dst_before = le32_to_cpu(cell[-1].dst_class);
	if (src == src_before && dst == dst_before)
		return "duplicate pair of classes";
	if (src < src_before || (src == src_before && dst < dst_before))
		return "cells are not sorted";
	return NULL;
}

static int check_cells(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	for (i = 0; i < profile->n_cells; i++) {
		const char *what = check_cell(profile, i);

		if (what)
			return eqfw_refuse(fault, "cells", i, what);
		if (!(i & 1023))
			eqfw_core_breathe();
	}
	return 0;
}

static const char *check_ports(u16 lo, u16 hi)
{
	if (lo > hi)
		return "range reversed";
	return lo ? NULL : "port 0";
}

static const char *check_octets(u16 lo, u16 hi)
{
	if (lo > hi)
		return "range reversed";
	return hi <= 255 ? NULL : "ICMP type or code over 255";
}

static const char *check_ranges(const struct eqfw_rule_rec *rule)
{
	u16 src_lo = le16_to_cpu(rule->src_lo), src_hi = le16_to_cpu(rule->src_hi);
	u16 dst_lo = le16_to_cpu(rule->dst_lo), dst_hi = le16_to_cpu(rule->dst_hi);
	const char *what;

	switch (rule->proto) {
	case 6:
	case 17:
		what = check_ports(src_lo, src_hi);
		return what ? what : check_ports(dst_lo, dst_hi);
	case 1:
	case 58:
		what = check_octets(src_lo, src_hi);
		return what ? what : check_octets(dst_lo, dst_hi);
	default:
		if (src_lo || src_hi || dst_lo || dst_hi)
			return "ports of a protocol that has none";
		return NULL;
	}
}

/* 135, 139, 140 and 253 are read as extension headers by some IPv6 stacks and not by others. */
static bool is_rule_proto(u8 proto)
{
	return proto && proto != 255 && proto != 135 && proto != 139 && proto != 140 &&
	       proto != 253;
}

static const char *check_rule(const struct eqfw_profile *profile, u32 i, bool first)
{
	const struct eqfw_rule_rec *rule = &profile->rules[i];
	const char *what;

	if (!is_rule_proto(rule->proto))
		return "protocol that no rule may name";
	if (rule->flags)
		return "unknown flag";
	if (rule->reserved)
		return "reserved field is not zero";
	if (le32_to_cpu(rule->item) >= profile->n_items)
		return "item out of range";
	what = check_ranges(rule);
	if (what || first || eqfw_rule_before(rule - 1, rule))
		return what;
	return eqfw_rule_before(rule, rule - 1) ? "rules are not sorted" : "duplicate rule";
}

static int check_program(const struct eqfw_profile *profile, u32 first, u32 count,
			 struct eqfw_fault *fault)
{
	u32 i;

	for (i = first; i < first + count; i++) {
		const char *what = check_rule(profile, i, i == first);

		if (what)
			return eqfw_refuse(fault, "rules", i, what);
	}
	return 0;
}

static int check_programs(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 at = 0;
	u32 i;
	int err;

	for (i = 0; i < profile->n_programs; i++) {
		u32 count = le32_to_cpu(profile->programs[i].count);

		if (!count || count > EQFW_MAX_PROGRAM_RULES)
			return eqfw_refuse(fault, "programs", i, "number of rules out of range");
		if (le32_to_cpu(profile->programs[i].first) != at)
			return eqfw_refuse(fault, "programs", i,
					   "does not follow the one before it");
		if (count > profile->n_rules - at)
			return eqfw_refuse(fault, "programs", i, "rules out of range");
		err = check_program(profile, at, count, fault);
		if (err)
			return err;
		at += count;
		eqfw_core_breathe();
	}
	if (at != profile->n_rules)
		return eqfw_refuse(fault, "rules", at, "rule of no program");
	return 0;
}

static const char *check_item(const struct eqfw_profile *profile, u32 i)
{
	const struct eqfw_item_rec *item = &profile->items[i];
	const char *what = eqfw_check_name(profile, item->id);

	if (!what)
		what = eqfw_check_text(profile, item->printed);
	if (!what)
		what = eqfw_check_text(profile, item->pair);
	if (!what && le16_to_cpu(item->kind) >= EQFW_N_ITEM_KINDS)
		what = "kind out of range";
	if (!what && le16_to_cpu(item->flags) & ~EQFW_ITEM_FLAGS)
		what = "unknown flag";
	return what;
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The last item of that id: the one that repeats it. */
static u32 item_named(const struct eqfw_profile *profile, const char *id)
{
	u32 i = profile->n_items;

	while (--i && strcmp(eqfw_profile_string(profile, profile->items[i].id), id))
		;
	return i;
}

/* Items stand in the order of the document, so unique ids do not show by neighbours. */
static int check_unique_ids(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 n = profile->n_items;
	const char **ids;
	int err = 0;
	u32 i;

	ids = eqfw_core_alloc(n * sizeof(*ids));
	if (!ids) {
		eqfw_refuse(fault, "items", 0, "out of memory");
		return -ENOMEM;
	}
	for (i = 0; i < n; i++)
		ids[i] = eqfw_profile_string(profile, profile->items[i].id);
	eqfw_core_sort(ids, n, sizeof(*ids), compare_ids);
	for (i = 1; i < n && !err; i++)
		if (!strcmp(ids[i - 1], ids[i]))
			err = eqfw_refuse(fault, "items", item_named(profile, ids[i]),
					  "duplicate item id");
	eqfw_core_free(ids);
	return err;
}

static int check_items(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	u32 i;

	for (i = 0; i < profile->n_items; i++) {
		const char *what = check_item(profile, i);

		if (what)
			return eqfw_refuse(fault, "items", i, what);
		if (!(i & 255))
			eqfw_core_breathe();
	}
	return profile->n_items > 1 ? check_unique_ids(profile, fault) : 0;
}

int eqfw_check_policy(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	int err = check_items(profile, fault);

	if (!err)
		err = check_programs(profile, fault);
	if (!err)
		err = check_cells(profile, fault);
	return err;
}
