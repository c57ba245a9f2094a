// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd.h"
#include "image.h"
#include "nl.h"
#include "out.h"
#include "pending.h"
#include "signals.h"

struct options {
	bool dry_run;
	bool json;
	uint64_t for_s;
	uint64_t confirm_s;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_TIME("for", 0, "after TIME the mode is the profile's own again: 30s, 15m, 1h", for_s, 1,
		 86400),
	CMD_OPTION_CONFIRM,
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_mode = {
	.name = "mode",
	.args = "[enforce|audit]",
	.help = "show or change whether drops are dropped (enforce) or only counted (audit)",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static const char *mode_name(uint8_t mode)
{
	return mode == EQFW_MODE_AUDIT ? "audit" : "enforce";
}

static void print(const struct nl_status *status, const char *would, bool json)
{
	char digest[65];
	json_t *root;

	if (!json) {
		out_line("%smode %s%s", would, mode_name(status->mode),
			 status->mode == EQFW_MODE_AUDIT ? ": drops are counted and pass" : "");
		if (status->mode_s)
			out_line("  the profile's own mode again in %u s", status->mode_s);
		pending_print(status);
		return;
	}
	digest_hex(status->digest, digest);
	root = out_json_new("mode/1", digest);
	json_object_set_new(root, "mode", json_string(mode_name(status->mode)));
	json_object_set_new(root, "mode_left_s",
			    status->mode_s ? json_integer(status->mode_s) : json_null());
	json_object_set_new(root, "pending", pending_json(status));
	out_json_print(root);
}

static int change(struct nl *nl, struct nl_status *status, uint8_t mode,
		  const struct options *options)
{
	int exit_status;

	if (options->dry_run) {
		status->mode = mode;
		status->mode_s = (uint32_t)options->for_s;
		return EXIT_STATUS_OK;
	}
	signals_hold();
	exit_status = nl_mode_set(nl, status->generation, mode, (uint32_t)options->for_s,
				  (uint32_t)options->confirm_s);
	return exit_status ? exit_status : nl_status(nl, status);
}

static int show_or_change(struct nl *nl, const char *word, const struct options *options)
{
	uint8_t mode = word && !strcmp(word, "audit") ? EQFW_MODE_AUDIT : EQFW_MODE_ENFORCE;
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (!exit_status && status.state == EQFW_STATE_NONE) {
		out_complain("no profile is loaded");
		return EXIT_STATUS_NO;
	}
	if (!exit_status && word)
		exit_status = change(nl, &status, mode, options);
	if (exit_status)
		return exit_status;
	print(&status, word && options->dry_run ? "would be " : "", options->json);
	out_flush();
	return EXIT_STATUS_OK;
}

static int check_usage(int argc, char **argv, int first, const struct options *options)
{
	if (first + 1 < argc)
		return cmd_usage_error(&cmd_mode, "one mode at a time");
	if (first < argc && strcmp(argv[first], "enforce") && strcmp(argv[first], "audit"))
		return cmd_usage_error(&cmd_mode, "\"%s\" is no mode: enforce, audit", argv[first]);
	if (first == argc && (options->for_s || options->confirm_s))
		return cmd_usage_error(&cmd_mode, "which mode?");
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int first = cmd_getopt(&cmd_mode, argc, argv, &options), exit_status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	exit_status = check_usage(argc, argv, first, &options);
	if (exit_status)
		return exit_status;
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = show_or_change(nl, first < argc ? argv[first] : NULL, &options);
	nl_close(nl);
	return exit_status;
}
