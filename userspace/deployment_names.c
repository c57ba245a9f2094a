// SPDX-License-Identifier: GPL-2.0
/* Names: the site's own, and those of the document that a site refers to. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "deployment_read.h"

#define FREE_TEXT_MAX 512   /* bytes */
#define SUGGESTIONS_MAX 100 /* complaints after which none is made */

static const char *const reserved_names[] = { "box", "any", "none" };

static bool is_address(const char *name)
{
	struct diag quiet = { .quiet = true };
	struct prefix prefix;

	return prefix_parse(name, NOWHERE, &quiet, &prefix);
}

const char *site_name(struct deployment_reader *d, const struct yaml *node, const char *what)
{
	const char *name = yaml_text(node, "a name", d->diag);
	size_t good;

	if (!name)
		return NULL;
	good = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
	if (name[good]) {
		diag_error(d->diag, place_part(node->at, good, 1),
			   "names are letters, digits, '.', '_' and '-'", "bad %s name '%s'", what,
			   name);
		return NULL;
	}
	if (good > SITE_NAME_MAX) {
		diag_error(d->diag, node->at, "shorten it",
			   "%s name of %zu characters: %d are the limit", what, good,
			   SITE_NAME_MAX);
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(reserved_names); i++) {
		if (strcmp(name, reserved_names[i]))
			continue;
		diag_error(d->diag, node->at, "choose another name",
			   "'%s' has a meaning of its own and cannot name a %s", name, what);
		return NULL;
	}
	if (!is_address(name))
		return name;
	diag_error(d->diag, node->at, "choose a word", "%s name '%s' is an address", what, name);
	return NULL;
}

const struct known_name *name_find(const struct deployment_reader *d, const char *name)
{
	struct known_name *found;

	HASH_FIND_STR(d->names, name, found);
	return found;
}

bool name_declare(struct deployment_reader *d, struct known_name like)
{
	const struct known_name *taken = name_find(d, like.name);
	struct known_name *entry;

	if (taken) {
		diag_error(d->diag, like.place, "zones, hosts and legs need names of their own",
			   "the name '%s' is taken: it names a %s in line %u", like.name,
			   taken->zone ? "zone" : "host", taken->place.line);
		return false;
	}
	entry = arena_alloc(d->arena, sizeof(*entry));
	*entry = like;
	HASH_ADD_KEYPTR(hh, d->names, entry->name, strlen(entry->name), entry);
	return true;
}

const char *suggest_name(struct deployment_reader *d, const char *word, bool zones_only)
{
	size_t n = HASH_COUNT(d->names) + d->matrix->n_roles, used = 0;
	const char **all;

	/* Nobody reads that many suggestions, and each compares with every name. */
	if (d->diag->errors > SUGGESTIONS_MAX)
		return NULL;
	all = arena_alloc(d->arena, (n + 1) * sizeof(*all));
	for (const struct known_name *name = d->names; name; name = name->hh.next)
		if (name->zone || !zones_only)
			all[used++] = name->name;
	for (size_t i = 0; i < d->matrix->n_roles && !zones_only; i++)
		all[used++] = d->matrix->roles[i]->id;
	return yaml_did_you_mean(d->arena, word, all, used, "declare it first");
}

struct role *role_known(struct deployment_reader *d, const struct yaml *node)
{
	const char *id = yaml_text(node, "a role", d->diag), **ids;
	struct role *role = id ? matrix_role(d->matrix, id) : NULL;

	if (role || !id)
		return role;
	ids = arena_alloc(d->arena, (d->matrix->n_roles + 1) * sizeof(*ids));
	for (size_t i = 0; i < d->matrix->n_roles; i++)
		ids[i] = d->matrix->roles[i]->id;
	diag_error(d->diag, node->at,
		   yaml_did_you_mean(d->arena, id, ids, d->matrix->n_roles,
				     "`eqfwctl matrix --roles` lists them"),
		   "unknown role '%s'", id);
	return NULL;
}

struct role_list roles_known(struct deployment_reader *d, struct yaml *node)
{
	struct role_list list = { 0 };

	list.roles = arena_alloc(d->arena, (yaml_count(node) + 1) * sizeof(struct role *));
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		struct role *role = role_known(d, child);

		if (role)
			list.roles[list.n++] = role;
	}
	return list;
}

static const char *suggest_id(struct deployment_reader *d, const char *word)
{
	const struct matrix *matrix = d->matrix;
	const char **ids, *known;
	size_t n = 0, rows = 0;

	for (size_t s = 0; s < matrix->n_sections; s++)
		rows += matrix->sections[s]->n_rows;
	ids = arena_alloc(d->arena, (matrix->n_items + rows + 1) * sizeof(*ids));
	for (size_t s = 0; s < matrix->n_sections; s++)
		for (size_t i = 0; i < matrix->sections[s]->n_rows; i++)
			ids[n++] = matrix->sections[s]->rows[i]->id;
	for (size_t i = 0; i < matrix->n_items; i++)
		ids[n++] = matrix->items[i]->id;
	known = diag_suggest(word, ids, n);
	return known ? arena_printf(d->arena, "did you mean '%s'?", known)
		     : "`eqfwctl matrix` lists rows (section/row) and items (section/row:n)";
}

void row_or_item(struct deployment_reader *d, const struct yaml *node, struct row **row,
		 struct item **item)
{
	const char *id = yaml_text(node, "a row or item", d->diag);

	*row = NULL;
	*item = NULL;
	if (!id)
		return;
	if (strchr(id, ':'))
		*item = matrix_item(d->matrix, id);
	else
		*row = matrix_row(d->matrix, id);
	if (!*row && !*item)
		diag_error(d->diag, node->at, suggest_id(d, id), "unknown row or item '%s'", id);
}

const char *free_text(struct deployment_reader *d, const struct yaml *node)
{
	const char *text = node ? yaml_text(node, "a text", d->diag) : NULL;

	if (text && strlen(text) > FREE_TEXT_MAX) {
		diag_error(d->diag, node->at, "shorten it", "text of %zu bytes: %d are the limit",
			   strlen(text), FREE_TEXT_MAX);
		return NULL;
	}
	return text;
}

bool date_parse(const char *text, uint64_t *seconds)
{
	int year = 0, month = 0, day = 0, end = 0;
	struct tm tm;
	time_t time;

	if (strspn(text, "0123456789-") == 10 && !text[10])
		sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end);
	tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };
	time = timegm(&tm);
	/* timegm() turns February 30 into March: what it made must be what was written. */
	*seconds = (uint64_t)time;
	return end == 10 && year > 1970 && tm.tm_mon == month - 1 && tm.tm_mday == day;
}

uint64_t until_date(struct deployment_reader *d, const struct yaml *node)
{
	const char *text = node ? yaml_text(node, "a date", d->diag) : NULL;
	uint64_t seconds;

	if (!text)
		return 0;
	if (date_parse(text, &seconds))
		return seconds;
	diag_error(d->diag, node->at, "write YYYY-MM-DD; it ends at 00:00 UTC of that date",
		   "'%s' is no date", text);
	return 0;
}
