// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "cmd.h"
#include "image.h"
#include "nl.h"
#include "out.h"
#include "pending.h"
#include "signals.h"

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

const struct cmd cmd_clear = {
	.name = "clear",
	.args = "",
	.help = "back to no profile: packets are not looked at, counters start over",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static int clear(struct nl *nl, bool dry_run, uint32_t confirm_s)
{
	struct nl_status status;
	int exit_status = nl_status(nl, &status);
	char digest[65];

	if (exit_status)
		return exit_status;
	if (status.state == EQFW_STATE_NONE) {
		out_complain("no profile is loaded");
		return EXIT_STATUS_NO;
	}
	digest_hex(status.digest, digest);
	if (!dry_run) {
		signals_hold();
		exit_status = nl_clear(nl, status.generation, confirm_s);
	}
	if (exit_status)
		return exit_status;
	out_line("%s %s %.12s (generation %" PRIu64 "): packets %s looked at",
		 dry_run ? "would clear" : "cleared", status.name, digest, status.generation,
		 dry_run ? "would not be" : "are not");
	if (!dry_run && confirm_s && !nl_status(nl, &status))
		pending_print(&status);
	out_flush();
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_clear, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = clear(nl, options.dry_run, (uint32_t)options.confirm_s);
	nl_close(nl);
	return exit_status;
}
