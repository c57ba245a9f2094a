// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "change.h"
#include "out.h"
#include "signals.h"

static const struct cmd_option option_list[] = {
	CMD_OPTION_CONFIRM,
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_clear = {
	.name = "clear",
	.args = "",
	.help = "back to no profile: packets are not looked at, counters start over",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static int clear(struct change *change)
{
	const struct nl_status *status = &change->status;
	struct nl_status after;
	char digest[65];
	int exit_status = EXIT_STATUS_OK;

	if (status->state == EQFW_STATE_NONE) {
		out_complain("no profile is loaded");
		return EXIT_STATUS_NO;
	}
	if (!change->options.dry_run) {
		signals_hold();
		exit_status = nl_clear(change->nl, status->generation,
				       (uint32_t)change->options.confirm_s);
	}
	if (exit_status)
		return exit_status;
	digest_hex(status->digest, digest);
	out_line("%s %s %.12s (generation %" PRIu64 "): packets %s looked at",
		 change->options.dry_run ? "would clear" : "cleared", status->name, digest,
		 status->generation, change->options.dry_run ? "would not be" : "are not");
	if (!change->options.dry_run && change->options.confirm_s && !nl_status(change->nl, &after))
		pending_print(&after);
	out_flush();
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	return change_run(&cmd_clear, argc, argv, clear);
}
