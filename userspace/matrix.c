// SPDX-License-Identifier: GPL-2.0
/* The matrix directory: matrix.yaml first, then what it names. Lookups by id. */
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "matrix_read.h"

#define INSTALLED_DIR "/usr/share/eqfw/matrix"

struct yaml *matrix_file(struct matrix_reader *r, const char *name, const char *format,
			 const char *const *keys, size_t n_keys)
{
	const char *path = arena_printf(r->arena, "%s/%s", r->dir, name);
	struct yaml *top = yaml_read(r->arena, path, r->diag), *head;

	if (!top)
		return NULL;
	head = yaml_require(top, "eqfw", arena_printf(r->arena, "begin with `eqfw: %s`", format),
			    r->diag);
	if (!head || !yaml_text(head, "the format", r->diag))
		return NULL;
	if (strcmp(head->text, format)) {
		diag_error(r->diag, head->at,
			   arena_printf(r->arena, "this eqfwctl reads `eqfw: %s` here", format),
			   "format '%s' where '%s' was expected", head->text, format);
		return NULL;
	}
	yaml_known_keys(top, keys, n_keys, r->diag);
	return top;
}

static void read_head(struct matrix_reader *r, struct yaml *top)
{
	struct yaml *sections = yaml_require(top, "sections", "list the section slugs", r->diag);

	r->matrix->edition = matrix_id(r, yaml_require(top, "edition", NULL, r->diag));
	r->matrix->title = matrix_text(r, yaml_require(top, "title", NULL, r->diag), "a title");
	if (!sections || !yaml_is_list(sections, "'sections:'", r->diag))
		return;
	matrix_reserve_sections(r, sections->n);
	for (const struct yaml *slug = sections->first; slug; slug = slug->next)
		if (matrix_id(r, slug))
			matrix_read_section(r, slug);
}

static void gather_items(struct matrix *matrix)
{
	size_t n = 0;

	for (size_t s = 0; s < matrix->n_sections; s++)
		for (size_t i = 0; i < matrix->sections[s]->n_rows; i++)
			n += matrix->sections[s]->rows[i]->n_items;
	matrix->items = arena_alloc(matrix->arena, n * sizeof(struct item *));
	for (size_t s = 0; s < matrix->n_sections; s++) {
		for (size_t i = 0; i < matrix->sections[s]->n_rows; i++) {
			const struct row *row = matrix->sections[s]->rows[i];

			for (size_t k = 0; k < row->n_items; k++)
				matrix->items[matrix->n_items++] = row->items[k];
		}
	}
}

static bool is_directory(const char *dir)
{
	char *head = NULL;
	bool good = asprintf(&head, "%s/matrix.yaml", dir) >= 0 && !access(head, F_OK);

	free(head);
	return good;
}

static void read_document(struct matrix_reader *r)
{
	static const char *const keys[] = { "eqfw", "edition", "title", "sections" };
	struct yaml *top;

	matrix_read_roles(r);
	/* Without any, all that names one would be wrong, too. */
	if (!r->matrix->n_roles)
		return;
	matrix_read_features(r);
	matrix_read_tunables(r);
	top = matrix_file(r, "matrix.yaml", "matrix/1", keys, ARRAY_LEN(keys));
	if (top)
		read_head(r, top);
}

struct matrix *matrix_open(const struct matrix_dirs *dirs, struct diag *diag)
{
	return matrix_read(matrix_find_dir(dirs->matrix), matrix_find_site_dir(dirs->site), diag);
}

struct matrix *matrix_read(const char *dir, const char *site_dir, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct matrix *matrix = arena_alloc(arena, sizeof(*matrix));
	struct matrix_reader r = { .arena = arena, .matrix = matrix, .diag = diag, .dir = dir };
	unsigned int errors = diag->errors;

	matrix->arena = arena;
	if (!is_directory(dir)) {
		diag_error(diag, NOWHERE, "name the matrix with --matrix DIR or EQFW_MATRIX",
			   "no matrix in '%s': it has no matrix.yaml", dir);
		arena_free(arena);
		return NULL;
	}
	read_document(&r);
	r.dir = site_dir;
	if (site_dir)
		matrix_read_site(&r);
	r.dir = dir;
	gather_items(matrix);
	matrix_read_errata(&r);
	if (diag->errors == errors)
		return matrix;
	arena_free(arena);
	return NULL;
}

void matrix_free(struct matrix *matrix)
{
	if (matrix)
		arena_free(matrix->arena);
}

/* The matrix/ beside the directory that this program was built into, or NULL. */
static const char *build_tree_dir(void)
{
	static char found[PATH_MAX];
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return NULL;
	self[n] = '\0';
	if (snprintf(found, sizeof(found), "%s/../matrix", dirname(self)) >= (int)sizeof(found))
		return NULL;
	return is_directory(found) ? found : NULL;
}

const char *matrix_find_dir(const char *option)
{
	const char *dir = getenv("EQFW_MATRIX");

	if (option)
		return option;
	if (dir && *dir)
		return dir;
	dir = build_tree_dir();
	return dir ? dir : INSTALLED_DIR;
}

struct role *matrix_role(const struct matrix *matrix, const char *id)
{
	for (size_t i = 0; i < matrix->n_roles; i++)
		if (!strcmp(matrix->roles[i]->id, id))
			return matrix->roles[i];
	return NULL;
}

struct item *matrix_item(const struct matrix *matrix, const char *id)
{
	const char *colon = strrchr(id, ':');
	char row_id[128], n[16];
	struct row *row;

	if (!colon || (size_t)(colon - id) >= sizeof(row_id))
		return NULL;
	memcpy(row_id, id, (size_t)(colon - id));
	row_id[colon - id] = '\0';
	row = matrix_row(matrix, row_id);
	for (size_t i = 0; row && i < row->n_items; i++) {
		snprintf(n, sizeof(n), "%u", row->items[i]->n);
		if (!strcmp(n, colon + 1))
			return row->items[i];
	}
	return NULL;
}

static bool row_has_number(const struct row *row, const char *number)
{
	char n[16];

	snprintf(n, sizeof(n), "%u", row->n);
	if (!strcmp(n, number))
		return true;
	for (size_t i = 0; i < row->n_aliases; i++) {
		snprintf(n, sizeof(n), "%u", row->aliases[i]);
		if (!strcmp(n, number))
			return true;
	}
	return false;
}

struct row *matrix_row(const struct matrix *matrix, const char *id)
{
	const char *slash = strrchr(id, '/');

	for (size_t s = 0; slash && s < matrix->n_sections; s++) {
		const struct section *section = matrix->sections[s];

		if (strlen(section->id) != (size_t)(slash - id) ||
		    memcmp(section->id, id, (size_t)(slash - id)))
			continue;
		for (size_t i = 0; i < section->n_rows; i++)
			if (row_has_number(section->rows[i], slash + 1))
				return section->rows[i];
	}
	return NULL;
}

struct feature *matrix_feature(const struct matrix *matrix, const char *id)
{
	for (size_t i = 0; i < matrix->n_features; i++)
		if (!strcmp(matrix->features[i]->id, id))
			return matrix->features[i];
	return NULL;
}

struct tunable *matrix_tunable(const struct matrix *matrix, const char *id)
{
	for (size_t i = 0; i < matrix->n_tunables; i++)
		if (!strcmp(matrix->tunables[i]->id, id))
			return matrix->tunables[i];
	return NULL;
}

bool erratum_is_of(const struct erratum *erratum, const struct item *item)
{
	if (erratum->row != item->row)
		return false;
	for (size_t i = 0; i < erratum->n_items; i++)
		if (erratum->items[i] == item->n)
			return true;
	return !erratum->n_items;
}

bool role_is(const struct role *role, const struct role *other)
{
	if (role == other)
		return true;
	for (size_t i = 0; i < role->n_parents; i++)
		if (role_is(role->parents[i], other))
			return true;
	return false;
}
