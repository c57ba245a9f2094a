// SPDX-License-Identifier: GPL-2.0

#include "cmd.h"
#include "item_texts.h"
#include "live.h"
#include "nl.h"
#include "out.h"
#include "units.h"

struct options {
	bool all;
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("all", 'a', "items that passed nothing, too", all),
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_rows = {
	.name = "rows",
	.args = "[PROFILE]",
	.help = "count what passed, by item of the document",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static void print_row(struct out_table *table, const struct live_item *item,
		      const struct item_texts *texts)
{
	const struct item_text *text = item_texts_find(texts, item->id);
	char packets[UNITS_MAX], bytes[UNITS_MAX];

	out_table_row(table, (const char *const[]){
				     item->id, units_number(item->passed.packets, packets),
				     units_number(item->passed.bytes, bytes),
				     item->live ? text->printed : "(not in the live profile)",
				     text->pair });
}

/* Items that passed something first, each group in the order of the kernel. */
static void print_table(const struct live_items *items, const struct item_texts *texts, bool all)
{
	static const char *const names[] = { "ITEM", "PACKETS", "BYTES", "ENTRY", "ROW" };
	static const bool right[] = { false, true, true, false, false };
	struct out_table *table = out_table_new(5, names, right);
	size_t n = 0;

	for (size_t i = 0; i < items->n; i++) {
		if (!items->items[i].passed.packets)
			continue;
		print_row(table, &items->items[i], texts);
		n++;
	}
	for (size_t i = 0; all && i < items->n; i++)
		if (!items->items[i].passed.packets)
			print_row(table, &items->items[i], texts);
	out_table_print(table);
	if (n < items->n && !all)
		out_line("%zu of %zu items passed nothing (--all shows them)", items->n - n,
			 items->n);
}

static void print_json(const struct live_items *items, const struct item_texts *texts,
		       const struct nl_status *status)
{
	json_t *list = json_array(), *root;
	char digest[65];

	for (size_t i = 0; i < items->n; i++) {
		const struct live_item *item = &items->items[i];
		const struct item_text *text = item_texts_find(texts, item->id);

		json_array_append_new(list,
				      json_pack("{s:o,s:I,s:I,s:b,s:o,s:o}", "id",
						out_json_string(item->id), "packets",
						(json_int_t)item->passed.packets, "bytes",
						(json_int_t)item->passed.bytes, "live", item->live,
						"printed", out_json_string(text->printed), "pair",
						out_json_string(text->pair)));
	}
	digest_hex(status->digest, digest);
	root = out_json_new("rows/1", status->has_digest ? digest : NULL);
	json_object_set_new(root, "items", list);
	out_json_print(root);
}

/* The texts come from the file that was named, else from the kernel's own copy of the profile. */
static int read_profile(struct nl *nl, const char *path, struct profile_file *file)
{
	struct diag diag = { 0 };

	return path ? profile_file_read(path, &diag, file) : live_profile(nl, file);
}

static int print(struct nl *nl, const char *path, const struct options *options)
{
	struct live_items items = { 0 };
	struct profile_file file;
	struct nl_status status;
	struct item_texts texts;
	int exit_status = read_profile(nl, path, &file);

	if (exit_status)
		return exit_status;
	texts = item_texts_new(&file.profile);
	exit_status = nl_status(nl, &status);
	if (!exit_status)
		exit_status = live_items(nl, &items);
	if (!exit_status && options->json)
		print_json(&items, &texts, &status);
	else if (!exit_status)
		print_table(&items, &texts, options->all);
	live_items_free(&items);
	item_texts_free(&texts);
	profile_file_free(&file);
	return out_finish(exit_status);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int first = cmd_getopt(&cmd_rows, argc, argv, &options), exit_status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 < argc)
		return cmd_usage_error(&cmd_rows, "one profile at a time");
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = print(nl, argv[first], &options);
	nl_close(nl);
	return exit_status;
}
