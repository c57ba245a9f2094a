// SPDX-License-Identifier: GPL-2.0

#include "cmd.h"
#include "out.h"
#include "pending.h"

struct options {
	bool dry_run;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_rollback = {
	.name = "rollback",
	.args = "",
	.help = "take the change that awaits confirmation back now",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static int rollback(struct nl *nl, bool dry_run)
{
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (exit_status)
		return exit_status;
	if (!status.pending)
		return pending_none(&status);
	if (!dry_run)
		return pending_end(nl, &status, EQFW_CMD_ROLLBACK, "rolled back, now live");
	out_line("would roll back the %s", nl_change_name(status.pending));
	pending_print(&status);
	out_flush();
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_rollback, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = rollback(nl, options.dry_run);
	nl_close(nl);
	return exit_status;
}
