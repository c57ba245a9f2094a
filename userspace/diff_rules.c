// SPDX-License-Identifier: GPL-2.0
/*
 * Two programs, compared by the ports that they permit. For each protocol the destination ports are
 * cut at every border of a rule; inside such a strip the source ports are cut likewise; each piece
 * has one answer on each side: the first item that permits it. Pieces with different answers are
 * regions; neighbours with equal answers grow together again.
 *
 *	old   |----- 1024-65535 -> 80 (a) -----|
 *	new            |--- 32768-61000 -> 80 (a) ---|       region: 1024-32767 and 61001-65535 close
 *
 * An item with an end permits nothing once it is over; then the next one answers. So an answer is
 * the list of items down to the first one without an end.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <uthash.h>

#include "diff.h"

struct known_label {
	const char *text;
	uint32_t index;
	UT_hash_handle hh;
};

/* Rules of one protocol of one side. */
struct rule_list {
	const struct eqfw_rule_rec **rules;
	size_t n;
};

/* Where a strip or piece begins. */
struct borders {
	uint32_t *at;
	size_t n;
};

struct comparison {
	struct diff *diff;
	struct arena *scratch;
	struct regions *out;
	uint8_t proto;
	struct rule_list all[N_SIDES];
	struct rule_list strip[N_SIDES];
	size_t growing; /* first region that the strip before this one may have left open */
};

static uint32_t label_number(struct diff *diff, const char *text, uint32_t item,
			     enum diff_index side)
{
	struct known_label *known;

	if (!diff->n_labels) {
		GROW(diff->labels, diff->n_labels, diff->labels_capacity);
		diff->labels[diff->n_labels++] = (struct label){ .text = "nothing" };
	}
	if (!*text)
		return LABEL_NONE;
	HASH_FIND_STR(diff->known_labels, text, known);
	if (known)
		return known->index;
	known = arena_alloc(diff->arena, sizeof(*known));
	known->text = arena_strdup(diff->arena, text);
	known->index = (uint32_t)diff->n_labels;
	HASH_ADD_KEYPTR(hh, diff->known_labels, known->text, strlen(known->text), known);
	GROW(diff->labels, diff->n_labels, diff->labels_capacity);
	diff->labels[diff->n_labels++] =
		(struct label){ .text = known->text, .item = item, .side = side };
	return known->index;
}

void diff_labels_free(struct diff *diff)
{
	struct known_label *known, *next;

	HASH_ITER(hh, diff->known_labels, known, next)
		HASH_DEL(diff->known_labels, known);
}

static const char *date(struct arena *arena, uint64_t until)
{
	time_t seconds = (time_t)until;
	char text[40] = "?";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_strdup(arena, text);
}

static uint32_t answer(struct comparison *c, enum diff_index side, uint32_t sport)
{
	const struct eqfw_profile *profile = c->diff->sides[side].profile;
	const struct rule_list *list = &c->strip[side];
	const char *text = "";
	uint32_t first = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct eqfw_rule_rec *rule = list->rules[i];
		const struct eqfw_item_rec *item = &profile->items[le32_to_cpu(rule->item)];
		uint64_t until = le64_to_cpu(item->until);

		if (sport < le16_to_cpu(rule->src_lo) || sport > le16_to_cpu(rule->src_hi))
			continue;
		if (!*text)
			first = le32_to_cpu(rule->item);
		text = arena_printf(c->scratch, "%s%s%s", text, *text ? ", then " : "",
				    eqfw_profile_string(profile, item->id));
		if (!until)
			break;
		text = arena_printf(c->scratch, "%s until %s", text, date(c->scratch, until));
	}
	return label_number(c->diff, text, first, side);
}

static int u32_compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void sort_borders(struct borders *borders)
{
	size_t kept = 0;

	if (borders->n)
		qsort(borders->at, borders->n, sizeof(*borders->at), u32_compare);
	for (size_t i = 0; i < borders->n; i++) {
		if (!kept || borders->at[i] != borders->at[kept - 1])
			borders->at[kept++] = borders->at[i];
	}
	borders->n = kept;
}

static struct borders borders_of(struct comparison *c, const struct rule_list lists[N_SIDES],
				 bool source)
{
	size_t room = 2 * (lists[OLD].n + lists[NEW].n) + 1;
	struct borders borders = { .at = arena_alloc(c->scratch, room * sizeof(uint32_t)) };

	for (int s = 0; s < N_SIDES; s++) {
		for (size_t i = 0; i < lists[s].n; i++) {
			const struct eqfw_rule_rec *rule = lists[s].rules[i];
			__le16 lo = source ? rule->src_lo : rule->dst_lo;
			__le16 hi = source ? rule->src_hi : rule->dst_hi;

			borders.at[borders.n++] = le16_to_cpu(lo);
			borders.at[borders.n++] = le16_to_cpu(hi) + 1u;
		}
	}
	sort_borders(&borders);
	return borders;
}

/* A region of the strip before that ends where this one begins and looks the same grows. */
static void region_add(struct comparison *c, const struct region *region, size_t strip_first)
{
	struct regions *out = c->out;

	for (size_t i = c->growing; i < strip_first; i++) {
		struct region *old = &out->regions[i];

		if (old->src_lo != region->src_lo || old->src_hi != region->src_hi ||
		    memcmp(old->label, region->label, sizeof(old->label)) ||
		    old->dst_hi + 1u != region->dst_lo)
			continue;
		old->dst_hi = region->dst_hi;
		return;
	}
	GROW(out->regions, out->n, out->capacity);
	out->regions[out->n++] = *region;
}

static void pieces(struct comparison *c, struct region strip)
{
	struct borders borders = borders_of(c, c->strip, true);
	struct region open = { 0 };
	size_t first = c->out->n;

	for (size_t i = 0; i + 1 < borders.n; i++) {
		struct region piece = strip;

		piece.src_lo = (uint16_t)borders.at[i];
		piece.src_hi = (uint16_t)(borders.at[i + 1] - 1);
		for (int s = 0; s < N_SIDES; s++)
			piece.label[s] = answer(c, s, piece.src_lo);
		if (open.proto && !memcmp(open.label, piece.label, sizeof(open.label))) {
			open.src_hi = piece.src_hi;
			continue;
		}
		if (open.proto && open.label[OLD] != open.label[NEW])
			region_add(c, &open, first);
		open = piece;
	}
	if (open.proto && open.label[OLD] != open.label[NEW])
		region_add(c, &open, first);
}

static struct rule_list rules_at(struct comparison *c, enum diff_index side, uint32_t dport)
{
	const struct rule_list *all = &c->all[side];
	struct rule_list list = { .rules = arena_alloc(c->scratch,
						       (all->n + 1) * sizeof(*list.rules)) };

	for (size_t i = 0; i < all->n; i++) {
		if (dport >= le16_to_cpu(all->rules[i]->dst_lo) &&
		    dport <= le16_to_cpu(all->rules[i]->dst_hi))
			list.rules[list.n++] = all->rules[i];
	}
	return list;
}

static void strips(struct comparison *c)
{
	struct arena *outer = c->scratch;
	struct borders borders = borders_of(c, c->all, false);

	c->growing = c->out->n;
	for (size_t i = 0; i + 1 < borders.n; i++) {
		struct region strip = { .proto = c->proto,
					.dst_lo = (uint16_t)borders.at[i],
					.dst_hi = (uint16_t)(borders.at[i + 1] - 1) };

		c->scratch = arena_new();
		for (int s = 0; s < N_SIDES; s++)
			c->strip[s] = rules_at(c, s, strip.dst_lo);
		pieces(c, strip);
		arena_free(c->scratch);
	}
	c->scratch = outer;
}

static struct rule_list rules_of(struct comparison *c, enum diff_index side, uint32_t program)
{
	const struct eqfw_profile *profile = c->diff->sides[side].profile;
	const struct eqfw_program_rec *record;
	struct rule_list list = { 0 };

	if (program == EQFW_PROGRAM_NONE)
		return list;
	record = &profile->programs[program];
	list.rules = arena_alloc(c->scratch, le32_to_cpu(record->count) * sizeof(*list.rules));
	for (uint32_t i = 0; i < le32_to_cpu(record->count); i++) {
		const struct eqfw_rule_rec *rule = &profile->rules[le32_to_cpu(record->first) + i];

		if (rule->proto == c->proto)
			list.rules[list.n++] = rule;
	}
	return list;
}

void diff_programs(struct diff *diff, const uint32_t program[N_SIDES], struct regions *out)
{
	struct comparison c = { .diff = diff, .out = out };

	for (unsigned int proto = 1; proto < 255; proto++) {
		c.scratch = arena_new();
		c.proto = (uint8_t)proto;
		for (int s = 0; s < N_SIDES; s++)
			c.all[s] = rules_of(&c, s, program[s]);
		if (c.all[OLD].n || c.all[NEW].n)
			strips(&c);
		arena_free(c.scratch);
	}
}
