// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "change.h"
#include "out.h"
#include "signals.h"

static const struct cmd_option option_list[] = {
	CMD_TIME("for", 0, "after TIME the mode is the profile's own again: 30s, 15m, 1h", for_s, 1,
		 86400),
	CMD_OPTION_CONFIRM,
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_FORCE,
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

/* Only from audit to enforce packets that passed are dropped. */
static int check(const struct change *change, uint8_t mode)
{
	const struct nl_status *status = &change->status;

	if (mode != EQFW_MODE_ENFORCE || status->mode == EQFW_MODE_ENFORCE)
		return EXIT_STATUS_OK;
	return change_check_kernel(change, status->digest, mode);
}

static int set(struct change *change, uint8_t mode)
{
	struct nl_status *status = &change->status;
	int exit_status = check(change, mode);

	if (exit_status)
		return exit_status;
	if (change->options.dry_run) {
		status->mode = mode;
		status->mode_s = (uint32_t)change->options.for_s;
		return EXIT_STATUS_OK;
	}
	change_note(change, status->digest);
	signals_hold();
	exit_status = nl_mode_set(change->nl, status->generation, mode,
				  (uint32_t)change->options.for_s,
				  (uint32_t)change->options.confirm_s);
	return exit_status ? exit_status : nl_status(change->nl, status);
}

static int show_or_set(struct change *change, const char *word)
{
	uint8_t mode = word && !strcmp(word, "audit") ? EQFW_MODE_AUDIT : EQFW_MODE_ENFORCE;
	int exit_status = EXIT_STATUS_OK;

	if (change->status.state == EQFW_STATE_NONE) {
		out_complain("no profile is loaded");
		return EXIT_STATUS_NO;
	}
	if (word)
		exit_status = set(change, mode);
	if (exit_status)
		return exit_status;
	print(&change->status, word && change->options.dry_run ? "would be " : "",
	      change->options.json);
	out_flush();
	return EXIT_STATUS_OK;
}

static int check_usage(const struct change *change, int n, const char *word)
{
	if (n > 1)
		return cmd_usage_error(&cmd_mode, "one mode at a time");
	if (word && strcmp(word, "enforce") && strcmp(word, "audit"))
		return cmd_usage_error(&cmd_mode, "\"%s\" is no mode: enforce, audit", word);
	if (!word && (change->options.for_s || change->options.confirm_s))
		return cmd_usage_error(&cmd_mode, "which mode?");
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct change change;
	int first = change_begin(&change, &cmd_mode, argc, argv), exit_status = EXIT_STATUS_USAGE;
	const char *word = first >= 0 && first < argc ? argv[first] : NULL;

	if (first >= 0)
		exit_status = check_usage(&change, argc - first, word);
	if (!exit_status)
		exit_status = change_open(&change);
	if (!exit_status)
		exit_status = show_or_set(&change, word);
	change_end(&change);
	return exit_status;
}
