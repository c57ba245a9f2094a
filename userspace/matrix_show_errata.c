// SPDX-License-Identifier: GPL-2.0
/* Errata as a table, as JSON and as the page docs/ERRATA.md. */
#include <string.h>

#include "matrix_show.h"
#include "out.h"

static const char *items_text_of(struct arena *arena, const struct erratum *erratum)
{
	const char *text = "";

	for (size_t i = 0; i < erratum->n_items; i++)
		text = arena_printf(arena, "%s%s:%u", text, i ? ", " : "", erratum->items[i]);
	return text;
}

void show_errata(const struct matrix *matrix)
{
	static const char *const names[] = { "ERRATUM", "KIND", "PRINTED", "READ AS", "WHY" };
	struct out_table *table = out_table_new(5, names, NULL);

	for (size_t i = 0; i < matrix->n_errata; i++) {
		const struct erratum *erratum = matrix->errata[i];

		out_table_row(table, (const char *const[]){
					     erratum->id, erratum_kind_name(erratum->kind),
					     erratum->printed, erratum->reading, erratum->reason });
	}
	out_table_print(table);
}

static json_t *item_ids_json(const struct erratum *erratum)
{
	json_t *list = json_array();

	for (size_t i = 0; erratum->row && i < erratum->row->n_items; i++)
		if (erratum_is_of(erratum, erratum->row->items[i]))
			json_array_append_new(list, json_string(erratum->row->items[i]->id));
	return list;
}

static json_t *erratum_json(const struct erratum *erratum)
{
	json_t *object = json_object(), *tunables = json_array();

	for (size_t i = 0; i < erratum->n_tunables; i++)
		json_array_append_new(tunables, json_string(erratum->tunables[i]->id));
	json_object_set_new(object, "id", out_json_string(erratum->id));
	json_object_set_new(object, "row", out_json_string(erratum->row ? erratum->row->id : NULL));
	json_object_set_new(object, "where", out_json_string(erratum->where));
	json_object_set_new(object, "kind", json_string(erratum_kind_name(erratum->kind)));
	json_object_set_new(object, "printed", out_json_string(erratum->printed));
	json_object_set_new(object, "reading", out_json_string(erratum->reading));
	json_object_set_new(object, "reason", out_json_string(erratum->reason));
	json_object_set_new(object, "items", item_ids_json(erratum));
	json_object_set_new(object, "tunables", tunables);
	return object;
}

void show_errata_json(const struct matrix *matrix)
{
	json_t *root = out_json_new("errata/1", NULL), *list = json_array();

	for (size_t i = 0; i < matrix->n_errata; i++)
		json_array_append_new(list, erratum_json(matrix->errata[i]));
	json_object_set_new(root, "errata", list);
	out_json_print(root);
}

/* A cell of a table: what Markdown would take for its own is escaped. */
static const char *cell(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, 2 * strlen(text) + 1), *end = out;

	for (; *text; text++) {
		if (strchr("|*_<>", *text))
			*end++ = '\\';
		*end++ = *text;
	}
	return out;
}

static void markdown_line(struct arena *arena, const struct erratum *erratum)
{
	out_line("| %s | %s | %s | %s | %s | %s |", erratum->id, erratum_kind_name(erratum->kind),
		 cell(arena, erratum->where ? erratum->where : items_text_of(arena, erratum)),
		 cell(arena, erratum->printed), cell(arena, erratum->reading),
		 cell(arena, erratum->reason));
}

void show_errata_markdown(const struct matrix *matrix)
{
	const struct section *section = NULL;
	struct arena *arena = arena_new();
	bool first = true;

	out_line("# Errata of the document");
	out_line("%s", "");
	out_line(
		"Generated from matrix/ by `make errata`. A site that reads an item otherwise says so "
		"under");
	out_line("`readings:` (eqfw-deployment(5)). An id is never given to another erratum.");
	for (size_t i = 0; i < matrix->n_errata; i++) {
		const struct erratum *erratum = matrix->errata[i];
		const struct section *now = erratum->row ? erratum->row->section : NULL;

		if (first || now != section) {
			out_line("%s", "");
			out_line("## %s", now ? now->heading : "Outside of the tables");
			out_line("%s", "");
			out_line("| id | kind | %s | printed | read as | why |",
				 now ? "items" : "where");
			out_line("|---|---|---|---|---|---|");
		}
		first = false;
		section = now;
		markdown_line(arena, erratum);
	}
	arena_free(arena);
}
