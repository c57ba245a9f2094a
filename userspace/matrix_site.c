// SPDX-License-Identifier: GPL-2.0
/*
 * matrix.d: sections of the site's own, in the format of the document's. "site-" is theirs: no id
 * of the document begins so, and all of theirs do, so that neither can take the other's place.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "matrix_read.h"

#define SITE_PREFIX "site-"

bool matrix_is_site_id(const char *id)
{
	return !strncmp(id, SITE_PREFIX, strlen(SITE_PREFIX));
}

/**
 * struct site_file - a file of matrix.d
 * @slug: its name without ".yaml"
 * @top: what it says, NULL after errors
 */
struct site_file {
	const char *slug;
	struct yaml *top;
};

/**
 * struct site_files - the files of matrix.d, by name
 * @files: them
 * @n: how many
 */
struct site_files {
	struct site_file *files;
	size_t n;
};

/* What editors and package managers leave behind does not end so. */
static int is_section_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return *entry->d_name != '.' && len > 5 && !strcmp(entry->d_name + len - 5, ".yaml");
}

/* In the order of bytes: the same on each machine, whatever its locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_file(struct matrix_reader *r, struct site_file *file, const char *name)
{
	static const char *const keys[] = {
		"eqfw", "section", "heading", "product", "roles", "rows"
	};

	file->slug = arena_printf(r->arena, "%.*s", (int)strlen(name) - 5, name);
	file->top = matrix_file(r, name, "section/1", keys, ARRAY_LEN(keys));
}

static struct site_files read_files(struct matrix_reader *r)
{
	struct site_files files = { 0 };
	struct dirent **entries = NULL;
	int n = scandir(r->dir, &entries, is_section_file, by_bytes);

	if (n < 0) {
		diag_error(r->diag, NOWHERE,
			   "name the site's rows with --matrix.d DIR or EQFW_MATRIX_D",
			   "cannot read the directory '%s': %s", r->dir, strerror(errno));
		return files;
	}
	files.files = arena_alloc(r->arena, (size_t)n * sizeof(*files.files));
	for (int i = 0; i < n; i++) {
		read_file(r, &files.files[files.n++], entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return files;
}

static bool is_site_name(struct matrix_reader *r, const struct yaml *id, const char *what)
{
	if (!id || id->kind != YAML_SCALAR || matrix_is_site_id(id->text))
		return true;
	diag_error(r->diag, id->at, "begin it with `" SITE_PREFIX "`: other ids are the document's",
		   "%s '%s' of the site has an id that could be the document's", what, id->text);
	return false;
}

/* Roles first: the rows of all files may name them. */
static void read_roles(struct matrix_reader *r, struct yaml *top)
{
	struct yaml *list = top ? yaml_get(top, "roles") : NULL;
	bool good = true;

	if (!list || !yaml_is_list(list, "'roles:'", r->diag))
		return;
	for (struct yaml *role = list->first; role; role = role->next)
		if (role->kind == YAML_MAP)
			good = is_site_name(r, yaml_get(role, "id"), "the role") && good;
	if (good)
		matrix_add_roles(r, list);
}

static void check_product(struct matrix_reader *r, const struct section *section)
{
	for (size_t i = 0; !section->product && i < section->n_rows; i++) {
		const struct row *row = section->rows[i];

		for (size_t k = 0; k < row->n_items; k++)
			if (row->items[k]->forbid)
				diag_error(
					r->diag, row->items[k]->place,
					"name the role with `product:` at the head of the file",
					"`forbid:` closes ports of the section's product, and it "
					"has none");
	}
}

static void read_section(struct matrix_reader *r, const struct site_file *file)
{
	struct section *section;

	if (!file->top || !is_site_name(r, yaml_get(file->top, "section"), "the section"))
		return;
	section = matrix_add_section(r, file->slug, file->top);
	section->site = true;
	section->product = matrix_role_ref(r, yaml_get(file->top, "product"));
	check_product(r, section);
}

void matrix_read_site(struct matrix_reader *r)
{
	struct site_files files = read_files(r);

	matrix_reserve_sections(r, files.n);
	for (size_t i = 0; i < files.n; i++)
		read_roles(r, files.files[i].top);
	for (size_t i = 0; i < files.n; i++)
		read_section(r, &files.files[i]);
}

const char *matrix_find_site_dir(const char *option)
{
	const char *dir = option ? option : getenv("EQFW_MATRIX_D");

	if (dir)
		return *dir ? dir : NULL;
	/* What is there and cannot be read must not go by silently: the reader says so. */
	return !access(MATRIX_SITE_DIR, F_OK) || errno != ENOENT ? MATRIX_SITE_DIR : NULL;
}
