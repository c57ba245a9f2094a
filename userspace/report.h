/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A deployment for people: what is open, by which row and why; what stays closed and what that costs.
 *
 *   report.c           deployment, rules -> the facts below
 *   report_groups.c    hosts that behave alike, with a name for people; zones as people see them
 *   report_flows.c     rules -> entries by zone pair and item
 *   report_html*.c, report_svg.c, report_style.c    the page
 *   report_csv.c       the same for spreadsheets
 *   report_json.c      the same for programs
 */
#ifndef EQFW_REPORT_H
#define EQFW_REPORT_H

#include <jansson.h>

#include "flow_lines.h"
#include "html.h"
#include "item_fate.h"
#include "ruleset.h"

#define NO_PLACE 0xffffffffu

/**
 * struct report_group - a group of the ruleset for people
 * @label: "em1", "xt-series hosts of region1"; equal for what is alike in several zones
 * @place: index into @places
 * @like: one of its endpoints, NULL where it has none
 * @names: of its endpoints, in the order of the file
 * @n_names: how many
 */
struct report_group {
	const char *label;
	uint32_t place;
	const struct endpoint *like;
	const char **names;
	size_t n_names;
};

/**
 * struct report_place - a zone, or "anywhere" or "multicast groups"
 * @name: its name
 * @zone: NULL where it is none
 * @n_hosts: endpoints there
 */
struct report_place {
	const char *name;
	const struct zone *zone;
	size_t n_hosts;
};

/**
 * struct report_block - ends with the same ports
 * @ends: who talks to whom
 * @n_ends: how many
 * @lines: the ports
 * @n_lines: how many
 */
struct report_block {
	struct end_pair *ends;
	size_t n_ends;
	struct flow_line *lines;
	size_t n_lines;
};

/**
 * struct report_entry - what one item opens from one place to another
 * @item: index into the ruleset's items
 * @from: index into @places
 * @to: likewise
 * @blocks: the ends and ports
 * @n_blocks: how many
 */
struct report_entry {
	uint32_t item;
	uint32_t from;
	uint32_t to;
	struct report_block *blocks;
	size_t n_blocks, capacity;
};

/**
 * struct report_pair - entries from one place to another
 * @from: index into @places
 * @to: likewise
 * @first: first one in @entries
 * @n: how many
 * @text: all they say but for the places: pairs with equal texts share a table
 * @like: index of the first pair with this text
 */
struct report_pair {
	uint32_t from;
	uint32_t to;
	size_t first;
	size_t n;
	const char *text;
	size_t like;
};

/**
 * struct report - everything that is said
 * @ruleset: of the deployment
 * @deployment: it
 * @matrix: it
 * @digest: of the profile, 64 hex digits
 * @warnings: that compiling it gave
 * @arena: lives as long as this
 * @fates: what became of each item of the document
 * @groups: by index of ruleset group
 * @places: in the order of the file, then those that are no zones
 * @entries: sorted by (from, to, item)
 * @pairs: sorted by (from, to)
 */
struct report {
	const struct ruleset *ruleset;
	const struct deployment *deployment;
	const struct matrix *matrix;
	char digest[65];
	unsigned int warnings;
	struct arena *arena;
	struct fates fates;
	struct report_group *groups;
	struct report_place *places;
	size_t n_places;
	struct report_entry *entries;
	size_t n_entries, entries_capacity;
	struct report_pair *pairs;
	size_t n_pairs;
};

/* report.c: the deployment and its rules must outlive the report. */
void report_init(struct report *report, const struct ruleset *ruleset, const struct image *image,
		 unsigned int warnings);
void report_free(struct report *report);
const struct item_facts *report_facts(const struct report *report, const struct item *item);
size_t report_count(const struct report *report, enum item_fate fate);
/* "switched off by name", ... and what to write to open it. */
extern const char *const report_fate_titles[N_FATES];
extern const char *const report_fate_names[N_FATES];
/* Why this one is closed: "optional, the site takes recommended", ... */
const char *report_why_closed(const struct report *report, const struct item *item);
/* Who opens it, in a sentence; NULL where there is nothing to say. */
const char *report_initiator(const struct item *item);
const char *report_date(struct arena *arena, uint64_t until);
/* The switch that opened or closed the item by name, NULL if none. */
const struct row_switch *report_switch(const struct report *report, const struct item *item);

/* report_groups.c */
void report_groups(struct report *report);
/* "10.1.0.10, 2001:db8:1::10", at most `max` of them, "and N more". */
const char *report_addresses(const struct report *report, uint32_t group, size_t max);
const char *report_names(const struct report *report, const struct report_group *group, size_t max);
const char *report_roles(struct arena *arena, const struct endpoint *endpoint);

/* report_flows.c */
void report_flows(struct report *report);
size_t report_pair_find(const struct report *report, uint32_t from, uint32_t to);

/* The three forms. */
void report_html(const struct report *report, struct html *html);
void report_csv(const struct report *report, FILE *stream);
void report_json(const struct report *report, json_t *root);

/* Parts of the page. */
extern const char report_style[];
void report_svg(const struct report *report, struct html *html);
void report_html_open(const struct report *report, struct html *html);
void report_html_closed(const struct report *report, struct html *html);
void report_html_errata(const struct report *report, struct html *html);
/* "p-core-dmz": the id of a pair's heading. */
void report_pair_id(const struct report *report, struct html *html, size_t pair);

#endif
