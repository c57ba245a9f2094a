// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd.h"
#include "matrix_query.h"
#include "mem.h"
#include "out.h"

struct options {
	struct matrix_dirs dirs;
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_JSON,
	CMD_OPTION_MATRIX,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_search = {
	.name = "search",
	.args = "WORD...",
	.help = "find words anywhere in the document: items, roles, tunables, features, errata",
	.options = option_list,
	.run = run,
};

/**
 * struct hit - something that holds all words
 * @kind: "item", "role", "tunable", "feature", "erratum"
 * @id: its id
 * @text: what it says
 * @where: what it belongs to
 */
struct hit {
	const char *kind;
	const char *id;
	const char *text;
	const char *where;
};

struct hits {
	struct arena *arena;
	const char *words;
	struct hit *hits;
	size_t n;
	size_t capacity;
};

static void add(struct hits *hits, struct hit hit)
{
	GROW(hits->hits, hits->n, hits->capacity);
	hits->hits[hits->n++] = hit;
}

/* The word at `word`, `len` long, in any of the texts, in whatever case. */
static bool texts_have(const char *const *texts, size_t n, const char *word, size_t len)
{
	for (size_t i = 0; i < n; i++)
		for (const char *at = texts[i]; at && *at; at++)
			if (!strncasecmp(at, word, len))
				return true;
	return false;
}

static bool has_words(const struct hits *hits, const char *const *texts, size_t n)
{
	const char *word = hits->words;

	while (*(word += strspn(word, " "))) {
		size_t len = strcspn(word, " ");

		if (!texts_have(texts, n, word, len))
			return false;
		word += len;
	}
	return true;
}

static void search_items(struct hits *hits, const struct matrix *matrix)
{
	struct matrix_filter filter = { .class = -1, .text = hits->words };

	for (size_t i = 0; i < matrix->n_items; i++) {
		const struct item *item = matrix->items[i];

		if (matrix_filter_passes(&filter, item))
			add(hits,
			    (struct hit){ "item", item->id, item->printed,
					  arena_printf(hits->arena, "%s -> %s", item->row->source,
						       item->row->destination) });
	}
}

static const char *joined(struct arena *arena, const char *const *names, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", names[i]);
	return text;
}

static void search_roles(struct hits *hits, const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->n_roles; i++) {
		const struct role *role = matrix->roles[i];
		const char *names = joined(hits->arena, role->names, role->n_names);
		const char *const texts[] = { role->id, names };

		if (has_words(hits, texts, 2))
			add(hits, (struct hit){ "role", role->id, names, "" });
	}
}

static void search_tunables(struct hits *hits, const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->n_tunables; i++) {
		const struct tunable *tunable = matrix->tunables[i];
		const char *procedures =
			joined(hits->arena, tunable->procedures, tunable->n_procedures);
		const char *const texts[] = { tunable->id, tunable->setting, tunable->formula,
					      procedures };

		if (has_words(hits, texts, 4))
			add(hits, (struct hit){ "tunable", tunable->id,
						tunable->setting ? tunable->setting : "",
						tunable->role->id });
	}
}

static void search_features(struct hits *hits, const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->n_features; i++) {
		const struct feature *feature = matrix->features[i];
		const char *const texts[] = { feature->id, feature->meaning, feature->group };

		if (has_words(hits, texts, 3))
			add(hits, (struct hit){ "feature", feature->id, feature->meaning,
						feature->group ? feature->group : "" });
	}
}

static void search_errata(struct hits *hits, const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->n_errata; i++) {
		const struct erratum *erratum = matrix->errata[i];
		const char *const texts[] = { erratum->id, erratum->printed, erratum->reading,
					      erratum->reason, erratum->where };

		if (has_words(hits, texts, 5))
			add(hits, (struct hit){ "erratum", erratum->id, erratum->printed,
						erratum->reading });
	}
}

static void print_text(const struct hits *hits)
{
	static const char *const names[] = { "KIND", "ID", "TEXT", "WHERE" };
	struct out_table *table = out_table_new(4, names, NULL);

	if (!hits->n)
		out_line("Nothing holds all of \"%s\".", hits->words);
	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *hit = &hits->hits[i];

		out_table_row(table,
			      (const char *const[]){ hit->kind, hit->id, hit->text, hit->where });
	}
	out_table_print(table);
}

static void print_json(const struct hits *hits)
{
	json_t *root = out_json_new("search/1", NULL), *list = json_array();

	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *hit = &hits->hits[i];

		json_array_append_new(list, json_pack("{s:s,s:o,s:o,s:o}", "kind", hit->kind, "id",
						      out_json_string(hit->id), "text",
						      out_json_string(hit->text), "where",
						      out_json_string(hit->where)));
	}
	json_object_set_new(root, "words", out_json_string(hits->words));
	json_object_set_new(root, "results", list);
	out_json_print(root);
}

static int search(const struct matrix *matrix, struct hits *hits, bool json)
{
	search_items(hits, matrix);
	search_roles(hits, matrix);
	search_tunables(hits, matrix);
	search_features(hits, matrix);
	search_errata(hits, matrix);
	(json ? print_json : print_text)(hits);
	free(hits->hits);
	return hits->n ? EXIT_STATUS_OK : EXIT_STATUS_NO;
}

static int run(int argc, char **argv)
{
	struct hits hits = { .words = "" };
	struct options options = { 0 };
	struct diag diag = { 0 };
	struct matrix *matrix;
	int first = cmd_getopt(&cmd_search, argc, argv, &options), status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	hits.arena = arena_new();
	for (int i = first; i < argc; i++)
		hits.words = arena_printf(hits.arena, "%s%s%s", hits.words, *hits.words ? " " : "",
					  argv[i]);
	if (!hits.words[strspn(hits.words, " ")]) {
		arena_free(hits.arena);
		return cmd_usage_error(&cmd_search, "name the words to look for");
	}
	matrix = matrix_open(&options.dirs, &diag);
	status = matrix ? search(matrix, &hits, options.json) : EXIT_STATUS_INVALID;
	matrix_free(matrix);
	arena_free(hits.arena);
	return out_finish(status);
}
