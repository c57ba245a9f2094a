// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "nl.h"
#include "out.h"
#include "store.h"
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

const struct cmd cmd_history = {
	.name = "history",
	.args = "",
	.help = "list the profiles that were loaded here and are kept, the newest first",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

/* The digest that the kernel enforces, "" where it has none or no module: history works without. */
static int read_live(const char *netns, char digest[65])
{
	struct nl_status status;
	struct nl *nl;
	int exit_status = EXIT_STATUS_OK;

	*digest = '\0';
	if (!nl_module_present())
		return EXIT_STATUS_OK;
	exit_status = nl_open(netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = nl_status(nl, &status);
	nl_close(nl);
	if (!exit_status && status.has_digest)
		digest_hex(status.digest, digest);
	return exit_status;
}

/* What a kept file says of itself; "" where it is damaged. */
static void read_name(struct store *store, const struct store_entry *entry, char *out, size_t size)
{
	struct diag diag = { .quiet = true };
	struct profile_file file;
	char name[80];

	*out = '\0';
	snprintf(name, sizeof(name), "%s.bin", entry->digest);
	if (profile_file_read(store_path(store, name), &diag, &file))
		return;
	snprintf(out, size, "%s", eqfw_profile_string(&file.profile, file.profile.header->name));
	profile_file_free(&file);
}

static const char *describe(const struct store_entry *entry, bool live, bool damaged, char out[64])
{
	snprintf(out, 64, "%s%s%s%s", live ? "live " : "", entry->current ? "current " : "",
		 entry->previous ? "previous " : "", damaged ? "damaged " : "");
	if (*out)
		out[strlen(out) - 1] = '\0';
	return out;
}

static void print_text(struct store *store, const struct store_list *list, const char *live)
{
	static const char *const names[] = { "KEPT", "DIGEST", "NAME", "SIZE", "IS" };
	struct out_table *table = out_table_new(5, names, NULL);

	for (size_t i = 0; i < list->n; i++) {
		const struct store_entry *entry = &list->entries[i];
		char name[EQFW_MAX_NAME], digest[13], is[64], time[UNITS_MAX], size[UNITS_MAX];

		read_name(store, entry, name, sizeof(name));
		snprintf(digest, sizeof(digest), "%.12s", entry->digest);
		out_table_row(table,
			      (const char *const[]){
				      units_time(entry->kept_at, time), digest, name,
				      units_bytes(entry->bytes, size),
				      describe(entry, !strcmp(entry->digest, live), !*name, is) });
	}
	out_table_print(table);
}

static void print_json(struct store *store, const struct store_list *list, const char *live)
{
	json_t *root = out_json_new("history/1", *live ? live : NULL), *array = json_array();

	json_object_set_new(root, "directory", out_json_string(store_directory(store)));
	for (size_t i = 0; i < list->n; i++) {
		const struct store_entry *entry = &list->entries[i];
		char name[EQFW_MAX_NAME], time[UNITS_MAX];

		read_name(store, entry, name, sizeof(name));
		json_array_append_new(array, json_pack("{s:s,s:o,s:s,s:I,s:b,s:b,s:b,s:b}",
						       "digest", entry->digest, "name",
						       out_json_string(*name ? name : NULL),
						       "kept_at", units_time(entry->kept_at, time),
						       "bytes", (json_int_t)entry->bytes, "live",
						       !strcmp(entry->digest, live), "current",
						       entry->current, "previous", entry->previous,
						       "damaged", !*name));
	}
	json_object_set_new(root, "profiles", array);
	out_json_print(root);
}

static int print(struct store *store, const struct options *options)
{
	struct store_list list;
	char live[65];
	int exit_status = read_live(options->netns, live);

	if (!exit_status)
		exit_status = store_read(store, &list);
	if (exit_status)
		return exit_status;
	if (options->json)
		print_json(store, &list, live);
	else if (list.n)
		print_text(store, &list, live);
	else
		out_complain("no profile is kept%s%s",
			     store ? " in " : ": this namespace has no name",
			     store ? store_directory(store) : "");
	exit_status = out_finish(list.n ? EXIT_STATUS_OK : EXIT_STATUS_NO);
	free(list.entries);
	return exit_status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int exit_status;
	struct store *store;

	if (!cmd_getopt_only(&cmd_history, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	store = store_open(options.netns);
	exit_status = print(store, &options);
	store_close(store);
	return exit_status;
}
