// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include <eqfw/reasons.h>

#include "cmd.h"
#include "live.h"
#include "nl.h"
#include "out.h"
#include "units.h"

struct options {
	bool all;
	bool explain;
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("all", 'a', "reasons and zone pairs that counted nothing, too", all),
	CMD_FLAG("explain", 'e', "say what each reason means", explain),
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_drops = {
	.name = "drops",
	.args = "",
	.help = "count what was dropped: by reason, and by pair of zones",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

/* One line of the table; false where it counted nothing and nobody wants it. */
static bool reason_row(struct out_table *table, const char *kind, const struct live_reason *reason,
		       const struct live_count *count, const struct options *options)
{
	char packets[UNITS_MAX], bytes[UNITS_MAX];

	if (!count->packets && !options->all)
		return false;
	out_table_row(table, (const char *const[]){ kind, reason_name(reason->code),
						    units_number(count->packets, packets),
						    units_number(count->bytes, bytes),
						    options->explain ? reason_sentence(reason->code)
								     : "" });
	return true;
}

static void print_reasons(const struct live_drops *drops, const struct options *options)
{
	static const char *const names[] = { "", "REASON", "PACKETS", "BYTES", "MEANING" };
	static const bool right[] = { false, false, true, true, false };
	struct out_table *table = out_table_new(options->explain ? 5 : 4, names, right);
	size_t n = 0;

	for (size_t i = 0; i < drops->n_reasons; i++)
		n += reason_row(table, "drop", &drops->reasons[i], &drops->reasons[i].dropped,
				options);
	for (size_t i = 0; i < drops->n_reasons; i++)
		n += drops->reasons[i].audited.packets &&
		     reason_row(table, "audit", &drops->reasons[i], &drops->reasons[i].audited,
				options);
	if (!n)
		out_line("Nothing was dropped.");
	out_table_print(table);
}

static void print_pairs(const struct live_drops *drops, const struct options *options)
{
	static const char *const names[] = { "FROM", "TO", "PASSED", "BYTES", "DROPPED", "BYTES" };
	static const bool right[] = { false, false, true, true, true, true };
	struct out_table *table = out_table_new(6, names, right);
	bool any = false;

	for (size_t i = 0; i < drops->n_pairs; i++) {
		const struct live_pair *pair = &drops->pairs[i];
		char cells[4][UNITS_MAX];

		if (!pair->passed.packets && !pair->dropped.packets && !options->all)
			continue;
		if (!any)
			out_line("%s", "");
		any = true;
		out_table_row(table,
			      (const char *const[]){ pair->from, pair->to,
						     units_number(pair->passed.packets, cells[0]),
						     units_number(pair->passed.bytes, cells[1]),
						     units_number(pair->dropped.packets, cells[2]),
						     units_number(pair->dropped.bytes, cells[3]) });
	}
	out_table_print(table);
}

static json_t *json_reasons(const struct live_drops *drops)
{
	json_t *reasons = json_array();

	for (size_t i = 0; i < drops->n_reasons; i++) {
		const struct live_reason *reason = &drops->reasons[i];

		json_array_append_new(reasons,
				      json_pack("{s:s,s:I,s:I,s:I,s:I,s:s}", "name",
						reason_name(reason->code), "packets",
						(json_int_t)reason->dropped.packets, "bytes",
						(json_int_t)reason->dropped.bytes, "audit_packets",
						(json_int_t)reason->audited.packets, "audit_bytes",
						(json_int_t)reason->audited.bytes, "sentence",
						reason_sentence(reason->code)));
	}
	return reasons;
}

static json_t *json_pairs(const struct live_drops *drops)
{
	json_t *pairs = json_array();

	for (size_t i = 0; i < drops->n_pairs; i++) {
		const struct live_pair *pair = &drops->pairs[i];

		json_array_append_new(pairs,
				      json_pack("{s:o,s:o,s:I,s:I,s:I,s:I}", "from",
						out_json_string(pair->from), "to",
						out_json_string(pair->to), "pass_packets",
						(json_int_t)pair->passed.packets, "pass_bytes",
						(json_int_t)pair->passed.bytes, "drop_packets",
						(json_int_t)pair->dropped.packets, "drop_bytes",
						(json_int_t)pair->dropped.bytes));
	}
	return pairs;
}

static void print_json(const struct live_drops *drops, const struct nl_status *status)
{
	char digest[65];
	json_t *root;

	digest_hex(status->digest, digest);
	root = out_json_new("drops/1", status->has_digest ? digest : NULL);
	json_object_set_new(root, "reasons", json_reasons(drops));
	json_object_set_new(root, "pairs", json_pairs(drops));
	out_json_print(root);
}

static int print(struct nl *nl, const struct options *options)
{
	struct live_drops drops = { 0 };
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (!exit_status)
		exit_status = live_drops(nl, &drops);
	if (!exit_status && options->json) {
		print_json(&drops, &status);
	} else if (!exit_status) {
		print_reasons(&drops, options);
		print_pairs(&drops, options);
	}
	live_drops_free(&drops);
	return out_finish(exit_status);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_drops, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = print(nl, &options);
	nl_close(nl);
	return exit_status;
}
