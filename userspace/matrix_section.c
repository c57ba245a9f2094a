// SPDX-License-Identifier: GPL-2.0
/* SECTION.yaml: a section's rows, their numbers, source entries and errata. */
#include <string.h>

#include "matrix_read.h"

#define ROW_MAX 9999 /* number of a printed line */

static const char *const row_keys[] = { "row",		"merged",	"source",
					"destination",	"source-roles", "destination-roles",
					"description",	"requirement",	"condition",
					"source-ports", "items",	"errata" };
static const char *const entry_keys[] = {
	"printed", "proto", "ports", "listens", "call", "tunable"
};

static unsigned int read_row_number(struct matrix_reader *r, const struct yaml *node)
{
	uint64_t n;

	return node && yaml_number(node, 1, ROW_MAX, &n, r->diag) ? (unsigned int)n : 0;
}

static void read_numbers(struct matrix_reader *r, struct row *row, struct yaml *node)
{
	struct yaml *merged = yaml_get(node, "merged");

	row->n = read_row_number(r, yaml_require(node, "row", "number the printed lines", r->diag));
	row->id = arena_printf(r->arena, "%s/%u", row->section->id, row->n);
	row->aliases = arena_alloc(r->arena, yaml_count(merged) * sizeof(*row->aliases));
	for (struct yaml *n = yaml_first(merged); n; n = yaml_after(merged, n)) {
		unsigned int number = read_row_number(r, n);

		if (number)
			row->aliases[row->n_aliases++] = number;
	}
}

static void read_entry(struct matrix_reader *r, struct row *row, struct yaml *node)
{
	struct source_entry *entry = &row->entries[row->n_entries];

	if (!yaml_is_map(node, "an entry of 'source-ports:'", r->diag))
		return;
	yaml_known_keys(node, entry_keys, ARRAY_LEN(entry_keys), r->diag);
	entry->printed = matrix_text(r, yaml_require(node, "printed", NULL, r->diag), "a text");
	entry->listens = matrix_flag(r, yaml_get(node, "listens"));
	entry->call = matrix_call(r, yaml_get(node, "call"));
	entry->tunable = matrix_tunable_ref(r, yaml_get(node, "tunable"));
	if (matrix_proto(r, yaml_require(node, "proto", NULL, r->diag), &entry->proto) &&
	    matrix_ports(r, yaml_require(node, "ports", NULL, r->diag), &entry->ports))
		row->n_entries++;
}

static void read_entries(struct matrix_reader *r, struct row *row, struct yaml *list)
{
	if (!list || !yaml_is_list(list, "'source-ports:'", r->diag))
		return;
	row->entries = arena_alloc(r->arena, list->n * sizeof(*row->entries));
	for (struct yaml *node = list->first; node; node = node->next)
		read_entry(r, row, node);
}

void matrix_read_row(struct matrix_reader *r, struct section *section, struct row *row,
		     struct yaml *node)
{
	row->section = section;
	row->place = node->at;
	yaml_known_keys(node, row_keys, ARRAY_LEN(row_keys), r->diag);
	read_numbers(r, row, node);
	row->source = matrix_text(r, yaml_require(node, "source", NULL, r->diag), "a device");
	row->destination =
		matrix_text(r, yaml_require(node, "destination", NULL, r->diag), "a device");
	row->description = matrix_text(r, yaml_get(node, "description"), "a sentence");
	read_entries(r, row, yaml_get(node, "source-ports"));
	matrix_read_row_errata(r, row, yaml_get(node, "errata"));
	matrix_read_items(r, row, node);
	matrix_check_row_errata(r, row);
}

static void read_rows(struct matrix_reader *r, struct section *section, struct yaml *list)
{
	section->rows = arena_alloc(r->arena, list->n * sizeof(struct row *));
	for (struct yaml *node = list->first; node; node = node->next) {
		struct row *row = arena_alloc(r->arena, sizeof(*row));

		if (!yaml_is_map(node, "a row", r->diag))
			continue;
		matrix_read_row(r, section, row, node);
		section->rows[section->n_rows++] = row;
	}
}

/* Every printed line has its number exactly once, as a row or merged into one. */
static void count_line(struct matrix_reader *r, const struct row *row, unsigned int n,
		       unsigned char *seen)
{
	if (n && seen[n]++)
		diag_error(r->diag, row->place, "every printed line is one row or merged into one",
			   "line %u of section '%s' comes twice", n, row->section->id);
}

static void check_numbers(struct matrix_reader *r, const struct section *section)
{
	unsigned char seen[ROW_MAX + 1] = { 0 };
	unsigned int last = ROW_MAX;

	for (size_t i = 0; i < section->n_rows; i++) {
		const struct row *row = section->rows[i];

		if (i && row->n < section->rows[i - 1]->n)
			diag_error(r->diag, row->place, "sort them by `row:`",
				   "rows stand in the document's order");
		count_line(r, row, row->n, seen);
		for (size_t k = 0; k < row->n_aliases; k++)
			count_line(r, row, row->aliases[k], seen);
	}
	while (last && !seen[last])
		last--;
	for (unsigned int n = 1; n < last; n++)
		if (!seen[n])
			diag_error(r->diag, section->rows[0]->place,
				   "every printed line is one row or merged into one",
				   "line %u of section '%s' is missing", n, section->id);
}

static bool section_seen(const struct matrix *matrix, const char *id)
{
	for (size_t i = 0; i < matrix->n_sections; i++)
		if (!strcmp(matrix->sections[i]->id, id))
			return true;
	return false;
}

void matrix_reserve_sections(struct matrix_reader *r, size_t n)
{
	struct matrix *matrix = r->matrix;
	struct section **more =
		arena_alloc(r->arena, (matrix->n_sections + n) * sizeof(struct section *));

	for (size_t i = 0; i < matrix->n_sections; i++)
		more[i] = matrix->sections[i];
	matrix->sections = more;
}

struct section *matrix_add_section(struct matrix_reader *r, const char *slug, struct yaml *top)
{
	struct section *section = arena_alloc(r->arena, sizeof(*section));
	struct yaml *id = yaml_require(top, "section", NULL, r->diag), *rows;

	section->id = slug;
	if (matrix_id(r, id) && strcmp(id->text, section->id))
		diag_error(r->diag, id->at, "name file and section alike",
			   "this file is read as section '%s'", section->id);
	section->heading = matrix_text(r, yaml_require(top, "heading", NULL, r->diag), "a heading");
	rows = yaml_require(top, "rows", NULL, r->diag);
	if (rows && yaml_is_list(rows, "'rows:'", r->diag))
		read_rows(r, section, rows);
	check_numbers(r, section);
	r->matrix->sections[r->matrix->n_sections++] = section;
	return section;
}

void matrix_read_section(struct matrix_reader *r, const struct yaml *slug)
{
	static const char *const keys[] = { "eqfw", "section", "heading", "product", "rows" };
	const char *name = arena_printf(r->arena, "%s.yaml", slug->text);
	struct yaml *top;

	if (section_seen(r->matrix, slug->text)) {
		diag_error(r->diag, slug->at, "take one of them out", "section '%s' comes twice",
			   slug->text);
		return;
	}
	if (matrix_is_site_id(slug->text))
		diag_error(r->diag, slug->at, "such sections stand in matrix.d",
			   "'%s': ids that begin so are the site's", slug->text);
	top = matrix_file(r, name, "section/1", keys, ARRAY_LEN(keys));
	if (top)
		matrix_add_section(r, slug->text, top)->product =
			matrix_role_ref(r, yaml_require(top, "product", NULL, r->diag));
}
