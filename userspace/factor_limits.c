// SPDX-License-Identifier: GPL-2.0
/* Limits of the profile format and of the lookup table: errors that say whose rules are too many. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "factor.h"
#include "table.h"

#define NAMED 4u /* items of an error */

bool factor_limit(const struct factor *f, const char *what, size_t n, size_t max)
{
	if (n <= max)
		return true;
	diag_error(f->diag, NOWHERE, NULL, "too many %s: %zu, the profile format has room for %zu",
		   what, n, max);
	return false;
}

static void count_program(const struct factor *f, uint32_t program, size_t *counts)
{
	const struct eqfw_program_rec *rec = &f->programs[program];
	uint32_t i, first = le32toh(rec->first);

	for (i = first; i < first + le32toh(rec->count); i++)
		counts[le32toh(f->program_rules[i].item)]++;
}

/* The items with the largest counts, largest first. */
static const char *busiest(const struct factor *f, size_t *counts)
{
	const struct ruleset *r = f->ruleset;
	const char *text = "";

	for (unsigned int named = 0; named < NAMED; named++) {
		size_t most = 0;

		for (size_t i = 1; i < r->n_items; i++)
			if (counts[i] > counts[most])
				most = i;
		if (!r->n_items || !counts[most])
			break;
		counts[most] = 0;
		text = arena_printf(f->arena, "%s%s%s", text, named ? ", " : "", r->items[most].id);
	}
	return text;
}

/* Items by the pairs of classes, or else the programs, that have rules of theirs. */
static const char *busiest_items(const struct factor *f)
{
	size_t *counts = arena_alloc(f->arena, (f->ruleset->n_items + 1) * sizeof(*counts));

	for (size_t i = 0; i < f->n_cells; i++)
		count_program(f, f->cells[i].program, counts);
	for (size_t i = 0; !f->n_cells && i < f->n_programs; i++)
		count_program(f, (uint32_t)i, counts);
	return busiest(f, counts);
}

bool factor_limit_rules(const struct factor *f, const char *what, size_t n, size_t max)
{
	if (n <= max)
		return true;
	diag_error(
		f->diag, NOWHERE,
		"hosts with the same roles in the same zone cost no more than one",
		"too many %s: %zu, the profile format has room for %zu; most of them for items %s",
		what, n, max, busiest_items(f));
	return false;
}

static const char *items_of(const struct factor *f, uint32_t program)
{
	size_t *counts = arena_alloc(f->arena, (f->ruleset->n_items + 1) * sizeof(*counts));

	if (program < f->n_programs)
		count_program(f, program, counts);
	return busiest(f, counts);
}

bool factor_fits(struct factor *f, const struct eqfw_profile *profile)
{
	struct eqfw_table *table = NULL;
	struct eqfw_fault fault = { 0 };
	int err = eqfw_table_build(profile, &table, &fault);

	eqfw_table_free(table);
	if (err != -E2BIG)
		return true;
	diag_error(f->diag, NOWHERE, "give one rule wider ports in place of many narrow ones",
		   "%s, with the rules of items %s, ...", fault.what,
		   strcmp(fault.section, "programs") ? busiest_items(f)
						     : items_of(f, fault.record));
	return false;
}
