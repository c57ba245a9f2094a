// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <eqfw/reasons.h>

#include "cmd.h"
#include "image.h"
#include "live.h"
#include "mem.h"
#include "nl.h"
#include "out.h"
#include "signals.h"

struct options {
	bool show;
	bool clear;
	bool dry_run;
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("show", 0, "show what the staged profile would do differently (the default)",
		 show),
	CMD_FLAG("clear", 0, "stage nothing any more", clear),
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_stage = {
	.name = "stage",
	.args = "[PROFILE]",
	.help = "judge PROFILE beside the live one and count what it would do differently",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

/* One item, of the live profile, the staged one or both. */
struct staged_item {
	char id[EQFW_MAX_NAME];
	uint64_t drops;
	uint64_t passes;
};

struct staged_reason {
	uint8_t code;
	uint64_t drops;
};

struct comparison {
	struct staged_item *rows;
	size_t n_rows, rows_capacity;
	struct staged_reason *reasons;
	size_t n_reasons, reasons_capacity;
};

static void forget(void *ctx)
{
	struct comparison *all = ctx;

	all->n_rows = 0;
	all->n_reasons = 0;
}

static void take_row(struct comparison *all, const struct nlattr *nest)
{
	const struct nlattr *attrs[EQFW_STAGED_A_MAX + 1];
	struct staged_item row = { 0 };

	nl_nest(nest, attrs, EQFW_STAGED_A_MAX);
	row.drops = nl_u64(attrs[EQFW_STAGED_A_DROP_PACKETS]);
	row.passes = nl_u64(attrs[EQFW_STAGED_A_PASS_PACKETS]);
	if (!row.drops && !row.passes)
		return;
	snprintf(row.id, sizeof(row.id), "%s", nl_string(attrs[EQFW_STAGED_A_ID]));
	GROW(all->rows, all->n_rows, all->rows_capacity);
	all->rows[all->n_rows++] = row;
}

static void take_reason(struct comparison *all, const struct nlattr *nest)
{
	const struct nlattr *attrs[EQFW_REASON_A_MAX + 1];
	uint64_t drops;

	nl_nest(nest, attrs, EQFW_REASON_A_MAX);
	drops = nl_u64(attrs[EQFW_REASON_A_AUDIT_PACKETS]);
	if (!drops || mnl_attr_validate(attrs[EQFW_REASON_A_CODE], MNL_TYPE_U8))
		return;
	GROW(all->reasons, all->n_reasons, all->reasons_capacity);
	all->reasons[all->n_reasons++] =
		(struct staged_reason){ mnl_attr_get_u8(attrs[EQFW_REASON_A_CODE]), drops };
}

static bool take(void *ctx, const struct nlattr *attr)
{
	if (mnl_attr_get_type(attr) == EQFW_A_STAGED)
		take_row(ctx, attr);
	if (mnl_attr_get_type(attr) == EQFW_A_REASON)
		take_reason(ctx, attr);
	return true;
}

static void print_rows(const struct comparison *all)
{
	static const char *const names[] = { "ITEM", "WOULD DROP", "WOULD PASS" };
	static const bool right[] = { false, true, true };
	struct out_table *table = out_table_new(3, names, right);
	char drops[24], passes[24];

	for (size_t i = 0; i < all->n_rows; i++) {
		const char *cells[] = { all->rows[i].id, drops, passes };

		snprintf(drops, sizeof(drops), "%" PRIu64, all->rows[i].drops);
		snprintf(passes, sizeof(passes), "%" PRIu64, all->rows[i].passes);
		out_table_row(table, cells);
	}
	out_table_print(table);
}

static void print_text(const struct nl_status *status, const struct comparison *all)
{
	char digest[65];

	digest_hex(status->staged_digest, digest);
	out_line("%s %.12s would drop %" PRIu64 " packets that passed, pass %" PRIu64
		 " that were dropped",
		 status->staged_name, digest, status->staged_drops, status->staged_passes);
	for (size_t i = 0; i < all->n_reasons; i++)
		out_line("  would drop %s: %" PRIu64, reason_name(all->reasons[i].code),
			 all->reasons[i].drops);
	if (all->n_rows)
		print_rows(all);
}

static void print_json(const struct nl_status *status, const struct comparison *all)
{
	json_t *items = json_array(), *reasons = json_array(), *root;
	char digest[65], live[65];

	for (size_t i = 0; i < all->n_rows; i++)
		json_array_append_new(
			items, json_pack("{s:o,s:I,s:I}", "id", out_json_string(all->rows[i].id),
					 "would_drop_packets", (json_int_t)all->rows[i].drops,
					 "would_pass_packets", (json_int_t)all->rows[i].passes));
	for (size_t i = 0; i < all->n_reasons; i++)
		json_array_append_new(reasons, json_pack("{s:s,s:I}", "name",
							 reason_name(all->reasons[i].code),
							 "would_drop_packets",
							 (json_int_t)all->reasons[i].drops));
	digest_hex(status->digest, live);
	digest_hex(status->staged_digest, digest);
	root = out_json_new("stage/1", live);
	json_object_set_new(root, "staged_digest", json_string(digest));
	json_object_set_new(root, "name", out_json_string(status->staged_name));
	json_object_set_new(root, "would_drop_packets",
			    json_integer((json_int_t)status->staged_drops));
	json_object_set_new(root, "would_pass_packets",
			    json_integer((json_int_t)status->staged_passes));
	json_object_set_new(root, "reasons", reasons);
	json_object_set_new(root, "items", items);
	out_json_print(root);
}

static int show(struct nl *nl, const struct nl_status *status, bool json)
{
	struct comparison all = { 0 };
	struct nl_reader reader = { forget, take, &all };
	int exit_status = nl_dump(nl, EQFW_CMD_STAGE_GET, &reader);

	if (!exit_status && json)
		print_json(status, &all);
	else if (!exit_status)
		print_text(status, &all);
	free(all.rows);
	free(all.reasons);
	return out_finish(exit_status);
}

static int stage(struct nl *nl, const struct nl_status *status, const char *path, bool dry_run)
{
	struct profile_file file;
	struct diag diag = { 0 };
	char digest[65];
	int exit_status = profile_file_read(path, &diag, &file);

	if (exit_status)
		return exit_status;
	if (!dry_run) {
		signals_hold();
		exit_status = nl_stage(nl, file.image.bytes, file.image.size, status->generation);
	}
	digest_hex(file.profile.digest, digest);
	if (!exit_status)
		out_line("%s %s %.12s: nothing is judged by it but in counts "
			 "(eqfwctl stage --show, promote)",
			 dry_run ? "would stage" : "staged",
			 eqfw_profile_string(&file.profile, file.profile.header->name), digest);
	profile_file_free(&file);
	out_flush();
	return exit_status;
}

static int clear(struct nl *nl, const struct nl_status *status, bool dry_run)
{
	int exit_status = EXIT_STATUS_OK;

	if (!dry_run) {
		signals_hold();
		exit_status = nl_unstage(nl, status->generation);
	}
	if (!exit_status)
		out_line("%s %s", status->staged_name,
			 dry_run ? "would not be staged any more" : "is not staged any more");
	out_flush();
	return exit_status;
}

static int act(struct nl *nl, const char *path, const struct options *options)
{
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (exit_status)
		return exit_status;
	if (status.state == EQFW_STATE_NONE) {
		out_complain("no profile is loaded");
		return EXIT_STATUS_NO;
	}
	if (path)
		return stage(nl, &status, path, options->dry_run);
	if (!status.has_staged) {
		out_complain("nothing is staged");
		return EXIT_STATUS_NO;
	}
	return options->clear ? clear(nl, &status, options->dry_run)
			      : show(nl, &status, options->json);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int first = cmd_getopt(&cmd_stage, argc, argv, &options), exit_status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if ((first < argc) + options.show + options.clear > 1 || first + 1 < argc)
		return cmd_usage_error(&cmd_stage, "one of PROFILE, --show, --clear");
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = act(nl, argv[first], &options);
	nl_close(nl);
	return exit_status;
}
