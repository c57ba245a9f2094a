// SPDX-License-Identifier: GPL-2.0
/* What compile says about what it did not open: reported, never guessed. */
#include <string.h>

#include "expand.h"

static size_t role_index(const struct matrix *matrix, const struct role *role)
{
	size_t i = 0;

	while (i < matrix->n_roles && matrix->roles[i] != role)
		i++;
	return i;
}

static void lack_note(struct expansion *x, struct lack *lacks, const struct role *role,
		      const struct item *item)
{
	size_t index = role_index(x->deployment->matrix, role);
	struct lack *lack = &lacks[index];

	if (index == x->deployment->matrix->n_roles || lack->last == item)
		return;
	lack->last = item;
	if (!lack->n_items++)
		lack->first = item;
}

void report_missing(struct expansion *x, const struct item *item, const struct role_list *roles)
{
	for (size_t i = 0; i < roles->n; i++)
		lack_note(x, x->missing, roles->roles[i], item);
}

void report_unstated(struct expansion *x, const struct item *item, const struct role *role)
{
	lack_note(x, x->unstated, role, item);
}

void report_word(const struct expansion *x, const struct item *item, const struct end *end)
{
	struct ruleset *ruleset = x->ruleset;
	const struct word_opened *last = ruleset->words + ruleset->n_words;
	const struct word_opened word = { .item = item, .group = end->behaviour->group };

	/* Once for named callers and once for `any`. */
	if (item->call != CALL_H245 ||
	    (ruleset->n_words && last[-1].item == word.item && last[-1].group == word.group))
		return;
	GROW(ruleset->words, ruleset->n_words, ruleset->words_capacity);
	ruleset->words[ruleset->n_words++] = word;
}

/* The first pair of endpoints that a firewall separates; one is enough to tell. */
void report_separate(struct expansion *x, const struct item *item, const struct end_list *sources,
		     const struct end_list *destinations)
{
	for (size_t i = 0; i < sources->n; i++) {
		for (size_t j = 0; j < destinations->n; j++) {
			const struct endpoint *source = sources->ends[i].behaviour->like;
			const struct endpoint *destination = destinations->ends[j].behaviour->like;

			if (source->zone == destination->zone)
				continue;
			diag_warning_on(
				x->diag, "separate", item->id, destination->place,
				arena_printf(x->scratch,
					     "put both into one zone, or accept it: enable.rows: "
					     "{%s: {accept: true, because: ...}}",
					     item->row->id),
				"%s: the document says that no firewall should stand between "
				"%s (zone %s) and %s (zone %s)",
				item->id, source->name, source->zone->name, destination->name,
				destination->zone->name);
			return;
		}
	}
}

static void print_unstated(struct expansion *x)
{
	const struct matrix *matrix = x->deployment->matrix;

	for (size_t i = 0; i < matrix->n_roles; i++) {
		const struct lack *lack = &x->unstated[i];

		if (!lack->n_items)
			continue;
		diag_warning_on(
			x->diag, "ports-unstated", matrix->roles[i]->id, NOWHERE,
			arena_printf(x->scratch, "vendor-ports: {%s: [tcp ..., udp ...]}",
				     matrix->roles[i]->id),
			"the document leaves ports of '%s' to its vendor and the site states "
			"none: item %s%s",
			matrix->roles[i]->id, lack->first->id,
			lack->n_items == 1
				? " opens no further port there"
				: arena_printf(x->scratch,
					       " and %zu more open no further ports there",
					       lack->n_items - 1));
	}
}

static void list_missing(struct expansion *x)
{
	const struct matrix *matrix = x->deployment->matrix;
	struct ruleset *ruleset = x->ruleset;

	ruleset->lacks = arena_alloc(ruleset->arena, matrix->n_roles * sizeof(*ruleset->lacks) + 1);
	for (size_t i = 0; i < matrix->n_roles; i++) {
		if (x->missing[i].n_items)
			ruleset->lacks[ruleset->n_lacks++] =
				(struct role_lack){ .role = matrix->roles[i],
						    .n_items = x->missing[i].n_items };
	}
}

void report_print(struct expansion *x)
{
	print_unstated(x);
	list_missing(x);
}
