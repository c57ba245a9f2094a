// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <string.h>

#include "cmd.h"
#include "image.h"
#include "nl.h"
#include "numbers.h"
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

static bool set_option(void *ctx, const char *name, const char *value)
{
	struct options *options = ctx;

	if (!strcmp(name, "dry-run"))
		options->dry_run = true;
	else if (!strcmp(name, "confirm"))
		return time_option(&cmd_clear, name, value, 1, PENDING_SECONDS_MAX,
				   &options->confirm_s);
	else
		options->netns = value;
	return true;
}

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
	int first = cmd_getopt(&cmd_clear, argc, argv, set_option, &options), exit_status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first < argc)
		return cmd_usage_error(&cmd_clear, "unexpected argument \"%s\"", argv[first]);
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = clear(nl, options.dry_run, (uint32_t)options.confirm_s);
	nl_close(nl);
	return exit_status;
}
