// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "cmd.h"
#include "image.h"
#include "nl.h"
#include "out.h"
#include "pending.h"
#include "signals.h"
#include "store.h"

struct options {
	bool dry_run;
	uint64_t confirm_s;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_CONFIRM,
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_promote = {
	.name = "promote",
	.args = "",
	.help = "make the staged profile the live one",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static int change(struct nl *nl, const struct nl_status *status, uint32_t confirm_s,
		  struct store *store)
{
	int exit_status;

	signals_hold();
	exit_status = nl_promote(nl, status->generation, status->staged_digest, confirm_s);
	/* The kernel first: what awaits confirmation is not for good yet. */
	return exit_status || confirm_s ? exit_status : store_follow(store, nl);
}

static int promote(struct nl *nl, const struct options *options, struct store *store)
{
	struct nl_status status, after;
	int exit_status = nl_status(nl, &status);
	char digest[65];

	if (exit_status)
		return exit_status;
	if (!status.has_staged) {
		out_complain("nothing is staged");
		return EXIT_STATUS_NO;
	}
	if (!options->dry_run)
		exit_status = change(nl, &status, (uint32_t)options->confirm_s, store);
	if (exit_status)
		return exit_status;
	digest_hex(status.staged_digest, digest);
	out_line("%s %s %.12s (generation %" PRIu64 ")",
		 options->dry_run ? "would promote" : "promoted", status.staged_name, digest,
		 status.generation + 1);
	if (!options->dry_run && !nl_status(nl, &after))
		pending_print(&after);
	out_flush();
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct store *store;
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_promote, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	store = store_open(options.netns);
	exit_status = nl_open(options.netns, &nl);
	if (!exit_status)
		exit_status = promote(nl, &options, store);
	nl_close(nl);
	store_close(store);
	return exit_status;
}
