// SPDX-License-Identifier: GPL-2.0
#include "change.h"
#include "loader.h"
#include "out.h"

static const struct cmd_option option_list[] = {
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_NETNS,
	CMD_FLAG("same-session", 0, "confirm even over the SSH connection that made the change",
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

static int keep(const struct change *change)
{
	int exit_status = pending_end(change->nl, &change->status, EQFW_CMD_CONFIRM, "confirmed");

	/* The kernel first: a disk that fails must not bring the old profile back. */
	return exit_status ? exit_status : store_follow(change->store, change->nl);
}

static int confirm(struct change *change)
{
	const struct nl_status *status = &change->status;

	if (!status->pending)
		return pending_none(status);
	if (!change->options.same_session && status->has_digest &&
	    loader_is_caller(change->store, status->digest)) {
		out_complain("this is the SSH connection that asked for it: that it still works "
			     "proves nothing");
		out_complain("open a new one and confirm there, or say --same-session");
		return EXIT_STATUS_NO;
	}
	if (!change->options.dry_run)
		return keep(change);
	out_line("would confirm the %s", nl_change_name(status->pending));
	pending_print(status);
	out_flush();
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	return change_run(&cmd_confirm, argc, argv, confirm);
}
