// SPDX-License-Identifier: GPL-2.0
/* Rules between groups -> entries: what an item opens from one place to another. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* A rule with the places of its ends. */
struct placed_rule {
	uint32_t from;
	uint32_t to;
	const struct rule *rule;
};

/* Pairs of ends of a block in the making. */
struct ends {
	struct end_pair *pairs;
	size_t n, capacity;
};

#define COMPARE(a, b) \
	do { \
		if ((a) != (b)) \
			return (a) < (b) ? -1 : 1; \
	} while (0)

static int placed_compare(const void *left, const void *right)
{
	const struct placed_rule *a = left, *b = right;

	COMPARE(a->from, b->from);
	COMPARE(a->to, b->to);
	COMPARE(a->rule->item, b->rule->item);
	COMPARE(a->rule->from, b->rule->from);
	COMPARE(a->rule->to, b->rule->to);
	COMPARE(a->rule->proto, b->rule->proto);
	COMPARE(a->rule->src.lo, b->rule->src.lo);
	COMPARE(a->rule->src.hi, b->rule->src.hi);
	COMPARE(a->rule->dst.lo, b->rule->dst.lo);
	COMPARE(a->rule->dst.hi, b->rule->dst.hi);
	return 0;
}

static struct placed_rule *place_rules(const struct report *report)
{
	const struct ruleset *ruleset = report->ruleset;
	struct placed_rule *placed =
		arena_alloc(report->arena, (ruleset->n_rules + 1) * sizeof(*placed));

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];

		placed[i] = (struct placed_rule){ .from = report->groups[rule->from].place,
						  .to = report->groups[rule->to].place,
						  .rule = rule };
	}
	if (ruleset->n_rules)
		qsort(placed, ruleset->n_rules, sizeof(*placed), placed_compare);
	return placed;
}

static bool lines_equal(const struct flow_line *a, size_t n_a, const struct flow_line *b,
			size_t n_b)
{
	for (size_t i = 0; n_a == n_b && i < n_a; i++) {
		if (strcmp(a[i].proto, b[i].proto) || strcmp(a[i].src, b[i].src) ||
		    strcmp(a[i].dst, b[i].dst))
			return false;
	}
	return n_a == n_b;
}

/* Rules of one item between two groups become one pair of ends of the block with their ports. */
static void block_add(struct report *report, struct report_entry *entry, struct ends **ends,
		      const struct placed_rule *rules, size_t n)
{
	struct port_flow *flows = arena_alloc(report->arena, (n + 1) * sizeof(*flows));
	size_t n_lines, i = 0, room = entry->capacity;
	struct flow_line *lines;

	for (size_t k = 0; k < n; k++)
		flows[k] = (struct port_flow){ .proto = rules[k].rule->proto,
					       .src = rules[k].rule->src,
					       .dst = rules[k].rule->dst };
	lines = flow_lines(report->arena, flows, n, &n_lines);
	while (i < entry->n_blocks &&
	       !lines_equal(entry->blocks[i].lines, entry->blocks[i].n_lines, lines, n_lines))
		i++;
	if (i == entry->n_blocks) {
		GROW(entry->blocks, entry->n_blocks, entry->capacity);
		if (room != entry->capacity)
			*ends = must_realloc(*ends, entry->capacity * sizeof(**ends));
		entry->blocks[entry->n_blocks] =
			(struct report_block){ .lines = lines, .n_lines = n_lines };
		(*ends)[entry->n_blocks++] = (struct ends){ 0 };
	}
	GROW((*ends)[i].pairs, (*ends)[i].n, (*ends)[i].capacity);
	(*ends)[i].pairs[(*ends)[i].n++] =
		(struct end_pair){ .from = report->groups[rules->rule->from].label,
				   .to = report->groups[rules->rule->to].label };
}

static bool same_groups(const struct placed_rule *a, const struct placed_rule *b)
{
	return a->rule->from == b->rule->from && a->rule->to == b->rule->to;
}

static void entry_add(struct report *report, const struct placed_rule *rules, size_t n)
{
	struct report_entry entry = { .item = rules->rule->item,
				      .from = rules->from,
				      .to = rules->to };
	struct ends *ends = NULL;
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && same_groups(&rules[i], &rules[end]); end++)
			;
		block_add(report, &entry, &ends, &rules[i], end - i);
	}
	for (size_t i = 0; i < entry.n_blocks; i++) {
		struct report_block *block = &entry.blocks[i];

		block->ends =
			end_pairs_join(report->arena, ends[i].pairs, ends[i].n, &block->n_ends);
		free(ends[i].pairs);
	}
	free(ends);
	GROW(report->entries, report->n_entries, report->entries_capacity);
	report->entries[report->n_entries++] = entry;
}

static void make_entries(struct report *report)
{
	const struct placed_rule *rules = place_rules(report);
	size_t n = report->ruleset->n_rules, end;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n; end++) {
			if (rules[end].from != rules[i].from || rules[end].to != rules[i].to ||
			    rules[end].rule->item != rules[i].rule->item)
				break;
		}
		entry_add(report, &rules[i], end - i);
	}
}

static void say_entry(FILE *stream, const struct report *report, const struct report_entry *entry)
{
	fprintf(stream, "%u\n", entry->item);
	for (size_t b = 0; b < entry->n_blocks; b++) {
		const struct report_block *block = &entry->blocks[b];

		for (size_t i = 0; i < block->n_ends; i++)
			fprintf(stream, " %s\t%s\n", block->ends[i].from, block->ends[i].to);
		for (size_t i = 0; i < block->n_lines; i++)
			fprintf(stream, "  %s\n", flow_line_text(report->arena, &block->lines[i]));
	}
}

static const char *pair_text(const struct report *report, const struct report_pair *pair)
{
	char *text = NULL, *kept;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return "";
	for (size_t i = 0; i < pair->n; i++)
		say_entry(stream, report, &report->entries[pair->first + i]);
	fclose(stream);
	kept = arena_strdup(report->arena, text);
	free(text);
	return kept;
}

static void make_pairs(struct report *report)
{
	report->pairs =
		arena_alloc(report->arena, (report->n_entries + 1) * sizeof(*report->pairs));
	for (size_t i = 0; i < report->n_entries; i++) {
		const struct report_entry *entry = &report->entries[i];
		struct report_pair *pair = &report->pairs[report->n_pairs];

		if (report->n_pairs && pair[-1].from == entry->from && pair[-1].to == entry->to) {
			pair[-1].n++;
			continue;
		}
		*pair = (struct report_pair){
			.from = entry->from, .to = entry->to, .first = i, .n = 1
		};
		report->n_pairs++;
	}
	for (size_t i = 0; i < report->n_pairs; i++) {
		struct report_pair *pair = &report->pairs[i];

		pair->text = pair_text(report, pair);
		while (pair->like < i && strcmp(report->pairs[pair->like].text, pair->text))
			pair->like++;
	}
}

size_t report_pair_find(const struct report *report, uint32_t from, uint32_t to)
{
	size_t i = 0;

	while (i < report->n_pairs && (report->pairs[i].from != from || report->pairs[i].to != to))
		i++;
	return i;
}

void report_flows(struct report *report)
{
	make_entries(report);
	make_pairs(report);
}
