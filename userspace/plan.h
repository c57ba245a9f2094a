/* SPDX-License-Identifier: GPL-2.0 */
/* What licences need of the ranges that a site may change, and what narrowing them closes. */
#ifndef EQFW_PLAN_H
#define EQFW_PLAN_H

#include "ruleset.h"

/**
 * struct plan_row - an item that a planned range narrows
 * @item: its id
 * @proto: IP protocol number
 * @opens: ports from which a device opens, else ports at which it is called
 * @before: ports open at one group of addresses now, of the group that loses most
 * @after: ports open there with the planned range
 */
struct plan_row {
	const char *item;
	uint8_t proto;
	bool opens;
	unsigned int before;
	unsigned int after;
};

/**
 * struct plan_entry - one tunable sized by one licence
 * @tunable: what is sized
 * @licence: by what
 * @endpoint: the host that has a value of its own, or NULL: for all others of the role
 * @place: of the value that the site states, NOWHERE where the default counts
 * @sizing: the formula that needs most, NULL where figures are missing
 * @missing: the first figure that is missing, of a tunable without @sizing
 * @need: ports
 * @current: the range now
 * @planned: the range with as many ports as are needed
 * @rows: what that narrows
 * @n_rows: how many
 */
struct plan_entry {
	const struct tunable *tunable;
	const struct licence *licence;
	struct endpoint *endpoint;
	struct place place;
	const struct sizing *sizing;
	enum figure missing;
	uint64_t need;
	struct port_range current;
	struct port_range planned;
	struct plan_row *rows;
	size_t n_rows;
};

struct plan {
	struct arena *arena;
	struct deployment *deployment;
	struct plan_entry *entries;
	size_t n_entries;
	size_t capacity;
};

static inline unsigned int range_width(struct port_range range)
{
	return range.hi - range.lo + 1u;
}

/* Does a host of its role, or nobody at all, use it: of two for two systems the right one? */
bool tunable_applies(const struct deployment *deployment, const struct tunable *tunable);
/* A figure as stated or implied; false where neither. */
bool licence_figure(const struct licence *licence, enum figure figure, uint64_t *value);
/* Is the range of the entry too small for the licence, or larger than it needs? */
bool plan_entry_short(const struct plan_entry *entry);
bool plan_entry_wide(const struct plan_entry *entry);

/*
 * Size every tunable that a licence is stated for. What the document forbids is an error at the
 * licence, a range that is too small a warning at its value. Free with plan_free().
 */
struct plan *plan_make(struct deployment *deployment, struct diag *diag);
void plan_free(struct plan *plan);
/* Fill in the rows of each entry. */
void plan_rows(struct plan *plan);
/* "Minimum Port: 4000" */
const char *plan_type(struct arena *arena, const char *text, struct port_range range);
/* "14 x 50 clients" */
const char *plan_formula(struct arena *arena, const struct plan_entry *entry);

/**
 * struct zone_flow - what one zone may open to another
 * @from: zone, "any" or "multicast"
 * @to: likewise
 * @items: ids, each once
 * @n_items: how many
 * @n_rules: rules they become
 */
struct zone_flow {
	const char *from;
	const char *to;
	const char **items;
	size_t n_items;
	size_t n_rules;
};

/**
 * struct zone_merge - two zones as one
 * @a: the one
 * @b: the other
 * @items: rows that would no longer be enforced anywhere
 * @n_items: how many
 * @n_less: items that would be enforced between fewer devices
 */
struct zone_merge {
	const char *a;
	const char *b;
	const char **items;
	size_t n_items;
	size_t n_less;
};

/**
 * struct zone_plan - which rows are enforced where
 * @flows: between zones, now
 * @inside: within a zone, not enforced because it says `intra: pass` (@from is the zone)
 * @merges: what would vanish
 */
struct zone_plan {
	struct arena *arena;
	struct zone_flow *flows;
	size_t n_flows;
	struct zone_flow *inside;
	size_t n_inside;
	struct zone_merge *merges;
	size_t n_merges;
};

struct zone_plan *zone_plan_make(struct deployment *deployment);
void zone_plan_free(struct zone_plan *plan);

#endif
