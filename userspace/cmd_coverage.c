// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "item_texts.h"
#include "live.h"
#include "nl.h"
#include "out.h"
#include "units.h"

struct options {
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_coverage = {
	.name = "coverage",
	.args = "",
	.help = "list what is open and was never used, by row of the document",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

/**
 * struct coverage - what was used of a profile
 * @items: the kernel's counts
 * @texts: the profile's items
 * @status: of the module
 * @n_items: items of the live profile
 * @used_items: of these, with traffic
 * @n_rows: rows of the live profile
 * @used_rows: of these, with traffic on any item
 */
struct coverage {
	struct live_items items;
	struct item_texts texts;
	struct nl_status status;
	size_t n_items;
	size_t used_items;
	size_t n_rows;
	size_t used_rows;
};

static bool same_row(const char *a, const char *b)
{
	size_t len = item_row_length(a);

	return len == item_row_length(b) && !strncmp(a, b, len);
}

/* Items of one row stand together, in the document's order. */
static void add_up(struct coverage *coverage)
{
	const struct live_item *last = NULL;
	bool row_used = false;

	for (size_t i = 0; i < coverage->items.n; i++) {
		const struct live_item *item = &coverage->items.items[i];

		if (!item->live)
			continue;
		if (!last || !same_row(last->id, item->id)) {
			coverage->n_rows++;
			row_used = false;
		}
		last = item;
		coverage->n_items++;
		if (!item->passed.packets)
			continue;
		coverage->used_items++;
		coverage->used_rows += !row_used;
		row_used = true;
	}
}

static bool is_unused(const struct live_item *item)
{
	return item->live && !item->passed.packets;
}

static void print_text(const struct coverage *coverage)
{
	static const char *const names[] = { "ITEM", "ENTRY", "ROW" };
	struct out_table *table = out_table_new(3, names, NULL);
	char since[UNITS_MAX];

	for (size_t i = 0; i < coverage->items.n; i++) {
		const struct live_item *item = &coverage->items.items[i];
		const struct item_text *text = item_texts_find(&coverage->texts, item->id);

		if (is_unused(item))
			out_table_row(table,
				      (const char *const[]){ item->id, text->printed, text->pair });
	}
	out_table_print(table);
	out_line("%zu of %zu items and %zu of %zu rows were used; this profile is live since %s.",
		 coverage->used_items, coverage->n_items, coverage->used_rows, coverage->n_rows,
		 units_time(coverage->status.loaded_at, since));
}

static json_t *unused_json(const struct coverage *coverage)
{
	json_t *list = json_array();

	for (size_t i = 0; i < coverage->items.n; i++) {
		const struct live_item *item = &coverage->items.items[i];
		const struct item_text *text = item_texts_find(&coverage->texts, item->id);

		if (is_unused(item))
			json_array_append_new(
				list,
				json_pack("{s:o,s:o,s:o,s:o}", "id", out_json_string(item->id),
					  "row", json_stringn(item->id, item_row_length(item->id)),
					  "printed", out_json_string(text->printed), "pair",
					  out_json_string(text->pair)));
	}
	return list;
}

static void print_json(const struct coverage *coverage)
{
	char digest[65], since[UNITS_MAX];
	json_t *root;

	digest_hex(coverage->status.digest, digest);
	root = out_json_new("coverage/1", digest);
	json_object_set_new(root, "loaded_at",
			    json_string(units_time(coverage->status.loaded_at, since)));
	json_object_set_new(root, "items", json_integer((json_int_t)coverage->n_items));
	json_object_set_new(root, "items_used", json_integer((json_int_t)coverage->used_items));
	json_object_set_new(root, "rows", json_integer((json_int_t)coverage->n_rows));
	json_object_set_new(root, "rows_used", json_integer((json_int_t)coverage->used_rows));
	json_object_set_new(root, "unused", unused_json(coverage));
	out_json_print(root);
}

static int print(struct nl *nl, const struct options *options)
{
	struct coverage coverage = { 0 };
	struct profile_file file;
	int exit_status = live_profile(nl, &file);

	if (exit_status)
		return exit_status;
	coverage.texts = item_texts_new(&file.profile);
	exit_status = nl_status(nl, &coverage.status);
	if (!exit_status)
		exit_status = live_items(nl, &coverage.items);
	add_up(&coverage);
	if (!exit_status && options->json)
		print_json(&coverage);
	else if (!exit_status)
		print_text(&coverage);
	live_items_free(&coverage.items);
	item_texts_free(&coverage.texts);
	profile_file_free(&file);
	return out_finish(exit_status);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_coverage, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = print(nl, &options);
	nl_close(nl);
	return exit_status;
}
