// SPDX-License-Identifier: GPL-2.0
/* What the document prints wrongly: errata of rows, and errata.yaml for what stands outside of them. */
#include <string.h>
#include <unistd.h>

#include "matrix_names.h"
#include "matrix_read.h"

#define ERRATUM_ITEMS_MAX 999 /* number of an item in its row */

static const char *const row_keys[] = { "kind", "items", "printed", "reading", "reason" };
static const char *const document_keys[] = { "id",	"where",  "kind",    "printed",
					     "reading", "reason", "tunables" };

static void read_common(struct matrix_reader *r, struct erratum *erratum, struct yaml *node)
{
	static const char help[] = "misprint, contradiction, duplicate, lost, level, protocol, "
				   "label, side, device or doubt";
	struct yaml *kind = yaml_require(node, "kind", help, r->diag);
	int i = kind ? yaml_word(kind, "kind of erratum", erratum_kind_names, N_ERRATUM_KINDS,
				 r->diag)
		     : -1;

	erratum->place = node->at;
	erratum->kind = i < 0 ? ERRATUM_DOUBT : (enum erratum_kind)i;
	erratum->printed = matrix_text(r, yaml_require(node, "printed", NULL, r->diag), "a text");
	erratum->reading = matrix_text(r, yaml_require(node, "reading", NULL, r->diag), "a text");
	erratum->reason = matrix_text(r, yaml_require(node, "reason", NULL, r->diag), "a text");
}

static void read_item_numbers(struct matrix_reader *r, struct erratum *erratum, struct yaml *list)
{
	erratum->items = arena_alloc(r->arena, (yaml_count(list) + 1) * sizeof(*erratum->items));
	for (struct yaml *node = yaml_first(list); node; node = yaml_after(list, node)) {
		uint64_t n;

		if (yaml_number(node, 1, ERRATUM_ITEMS_MAX, &n, r->diag))
			erratum->items[erratum->n_items++] = (unsigned int)n;
	}
}

void matrix_read_row_errata(struct matrix_reader *r, struct row *row, struct yaml *list)
{
	if (!list || !yaml_is_list(list, "'errata:'", r->diag))
		return;
	row->errata = arena_alloc(r->arena, (list->n + 1) * sizeof(*row->errata));
	for (struct yaml *node = list->first; node; node = node->next) {
		struct erratum *erratum = &row->errata[row->n_errata++];

		erratum->row = row;
		erratum->id = arena_printf(r->arena, "%s#%zu", row->id, row->n_errata);
		if (!yaml_is_map(node, "an erratum", r->diag))
			continue;
		yaml_known_keys(node, row_keys, ARRAY_LEN(row_keys), r->diag);
		read_common(r, erratum, node);
		read_item_numbers(r, erratum, yaml_get(node, "items"));
	}
}

static bool side_named(const struct row *row, const struct item *item)
{
	for (size_t i = 0; i < row->n_errata; i++)
		if (row->errata[i].kind == ERRATUM_SIDE && erratum_is_of(&row->errata[i], item))
			return true;
	return false;
}

void matrix_check_row_errata(struct matrix_reader *r, const struct row *row)
{
	for (size_t i = 0; i < row->n_errata; i++)
		for (size_t k = 0; k < row->errata[i].n_items; k++)
			if (row->errata[i].items[k] > row->n_items)
				diag_error(r->diag, row->errata[i].place,
					   "`items:` are numbers of this row's items",
					   "row '%s' has no item %u", row->id,
					   row->errata[i].items[k]);
	for (size_t i = 0; i < row->n_items; i++)
		if (row->items[i]->initiator == INITIATOR_SWAPPED &&
		    !side_named(row, row->items[i]))
			diag_error(r->diag, row->items[i]->place,
				   "add `kind: side` with its number to the row's `errata:`",
				   "a swapped item is an erratum");
}

static void read_tunable_refs(struct matrix_reader *r, struct erratum *erratum, struct yaml *list)
{
	erratum->tunables =
		arena_alloc(r->arena, (yaml_count(list) + 1) * sizeof(struct tunable *));
	for (struct yaml *node = yaml_first(list); node; node = yaml_after(list, node)) {
		struct tunable *tunable = matrix_tunable_ref(r, node);

		if (tunable)
			erratum->tunables[erratum->n_tunables++] = tunable;
	}
}

static void read_document_erratum(struct matrix_reader *r, struct yaml *node)
{
	struct erratum *erratum = arena_alloc(r->arena, sizeof(*erratum));
	struct yaml *id;

	if (!yaml_is_map(node, "an erratum", r->diag))
		return;
	yaml_known_keys(node, document_keys, ARRAY_LEN(document_keys), r->diag);
	id = yaml_require(node, "id", NULL, r->diag);
	erratum->id = matrix_text(r, id, "an id");
	erratum->where = matrix_text(r, yaml_require(node, "where", NULL, r->diag), "a place");
	read_common(r, erratum, node);
	read_tunable_refs(r, erratum, yaml_get(node, "tunables"));
	for (size_t i = 0; erratum->id && i < r->matrix->n_errata; i++)
		if (!strcmp(r->matrix->errata[i]->id, erratum->id))
			diag_error(r->diag, id->at, "rename one of them", "duplicate erratum '%s'",
				   erratum->id);
	if (erratum->id)
		r->matrix->errata[r->matrix->n_errata++] = erratum;
}

static struct yaml *document_list(struct matrix_reader *r)
{
	static const char *const keys[] = { "eqfw", "errata" };
	struct yaml *top, *list;

	if (access(arena_printf(r->arena, "%s/errata.yaml", r->dir), F_OK))
		return NULL;
	top = matrix_file(r, "errata.yaml", "errata/1", keys, ARRAY_LEN(keys));
	list = top ? yaml_require(top, "errata", NULL, r->diag) : NULL;
	return list && yaml_is_list(list, "'errata:'", r->diag) ? list : NULL;
}

/* In document order: those of the rows, then what stands outside of the tables. */
void matrix_read_errata(struct matrix_reader *r)
{
	struct yaml *list = document_list(r);
	struct matrix *matrix = r->matrix;
	size_t n = list ? list->n : 0;

	for (size_t s = 0; s < matrix->n_sections; s++)
		for (size_t i = 0; i < matrix->sections[s]->n_rows; i++)
			n += matrix->sections[s]->rows[i]->n_errata;
	matrix->errata = arena_alloc(r->arena, (n + 1) * sizeof(struct erratum *));
	for (size_t s = 0; s < matrix->n_sections; s++) {
		for (size_t i = 0; i < matrix->sections[s]->n_rows; i++) {
			const struct row *row = matrix->sections[s]->rows[i];

			for (size_t k = 0; k < row->n_errata; k++)
				matrix->errata[matrix->n_errata++] = &row->errata[k];
		}
	}
	for (struct yaml *node = list ? list->first : NULL; node; node = node->next)
		read_document_erratum(r, node);
}
