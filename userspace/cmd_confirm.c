// SPDX-License-Identifier: GPL-2.0

#include "cmd.h"
#include "loader.h"
#include "out.h"
#include "pending.h"
#include "store.h"

struct options {
	bool dry_run;
	bool same_session;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_NETNS,
	CMD_FLAG("same-session", 0, "confirm even over the SSH connection that loaded",
		 same_session),
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_confirm = {
	.name = "confirm",
	.args = "",
	.help = "keep the change that awaits confirmation",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static int keep(struct nl *nl, struct store *store, const struct nl_status *status)
{
	int exit_status = pending_end(nl, status, EQFW_CMD_CONFIRM, "confirmed");

	/* The kernel first: a disk that fails must not bring the old profile back. */
	return exit_status ? exit_status : store_follow(store, nl);
}

static int confirm(struct nl *nl, struct store *store, const struct options *options)
{
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (exit_status)
		return exit_status;
	if (!status.pending)
		return pending_none(&status);
	if (!options->same_session && status.has_digest && loader_is_caller(store, status.digest)) {
		out_complain(
			"this is the SSH connection that loaded it: that it still works proves "
			"nothing");
		out_complain("open a new one and confirm there, or say --same-session");
		return EXIT_STATUS_NO;
	}
	if (!options->dry_run)
		return keep(nl, store, &status);
	out_line("would confirm the %s", nl_change_name(status.pending));
	pending_print(&status);
	out_flush();
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct store *store;
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_confirm, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	store = store_open(options.netns);
	exit_status = nl_open(options.netns, &nl);
	if (!exit_status)
		exit_status = confirm(nl, store, &options);
	nl_close(nl);
	store_close(store);
	return exit_status;
}
