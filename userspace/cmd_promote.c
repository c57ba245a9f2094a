// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "change.h"
#include "out.h"
#include "signals.h"

static const struct cmd_option option_list[] = {
	CMD_OPTION_CONFIRM, CMD_OPTION_DRY_RUN, CMD_OPTION_FORCE, CMD_OPTION_NETNS, CMD_OPTION_END,
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

static int promote_now(const struct change *change)
{
	const struct nl_status *status = &change->status;
	uint32_t confirm_s = (uint32_t)change->options.confirm_s;
	int exit_status;

	change_note(change, status->staged_digest);
	signals_hold();
	exit_status = nl_promote(change->nl, status->generation, status->staged_digest, confirm_s);
	/* The kernel first: what awaits confirmation is not for good yet. */
	return exit_status || confirm_s ? exit_status : store_follow(change->store, change->nl);
}

static int promote(struct change *change)
{
	const struct nl_status *status = &change->status;
	struct nl_status after;
	char digest[65];
	int exit_status;

	if (!status->has_staged) {
		out_complain("nothing is staged");
		return EXIT_STATUS_NO;
	}
	exit_status = change_check_kernel(change, status->staged_digest, CHANGE_MODE_OWN);
	if (!exit_status && !change->options.dry_run)
		exit_status = promote_now(change);
	if (exit_status)
		return exit_status;
	digest_hex(status->staged_digest, digest);
	out_line("%s %s %.12s (generation %" PRIu64 ")",
		 change->options.dry_run ? "would promote" : "promoted", status->staged_name,
		 digest, status->generation + 1);
	if (!change->options.dry_run && !nl_status(change->nl, &after))
		pending_print(&after);
	out_flush();
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	return change_run(&cmd_promote, argc, argv, promote);
}
