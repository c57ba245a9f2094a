// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <string.h>

#include "cmd.h"
#include "image.h"
#include "nl.h"
#include "numbers.h"
#include "out.h"

struct options {
	bool dry_run;
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_log = {
	.name = "log",
	.args = "[GROUP|off]",
	.help = "show or change the netfilter log group of drops, until the next load",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static void print(const struct nl_status *status, bool json)
{
	char digest[65];
	json_t *root;

	if (!json && status->has_log)
		out_line("drops go to netfilter log group %u (tcpdump -i nflog:%u)",
			 status->log_group, status->log_group);
	if (!json && !status->has_log)
		out_line("drops are not logged");
	if (!json)
		return;
	digest_hex(status->digest, digest);
	root = out_json_new("log/1", status->has_digest ? digest : NULL);
	json_object_set_new(root, "nflog_group",
			    status->has_log ? json_integer(status->log_group) : json_null());
	out_json_print(root);
}

/* GROUP or "off"; false after a usage error. */
static bool read_group(const char *text, bool *on, uint64_t *group)
{
	*on = strcmp(text, "off");
	*group = 0;
	return !*on || number_option(&cmd_log, "group", text, 0, 65535, group);
}

static int change(struct nl *nl, bool on, uint16_t group, const struct options *options)
{
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (!exit_status && status.state == EQFW_STATE_NONE) {
		out_complain("no profile is loaded");
		return EXIT_STATUS_NO;
	}
	if (!exit_status && !options->dry_run)
		exit_status = nl_log_set(nl, on, group);
	if (exit_status)
		return exit_status;
	status.has_log = on;
	status.log_group = group;
	print(&status, options->json);
	return EXIT_STATUS_OK;
}

static int show(struct nl *nl, const struct options *options)
{
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (!exit_status)
		print(&status, options->json);
	return exit_status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	uint64_t group = 0;
	bool on = false;
	struct nl *nl;
	int first = cmd_getopt(&cmd_log, argc, argv, &options), status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 < argc)
		return cmd_usage_error(&cmd_log, "one group, or \"off\"");
	if (first < argc && !read_group(argv[first], &on, &group))
		return EXIT_STATUS_USAGE;
	status = nl_open(options.netns, &nl);
	if (status)
		return status;
	status = first < argc ? change(nl, on, (uint16_t)group, &options) : show(nl, &options);
	nl_close(nl);
	return out_finish(status);
}
