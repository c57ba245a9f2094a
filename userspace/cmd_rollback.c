// SPDX-License-Identifier: GPL-2.0
#include "loading.h"
#include "out.h"

static const struct cmd_option option_list[] = {
	CMD_OPTION_CONFIRM, CMD_OPTION_DRY_RUN, CMD_OPTION_FORCE, CMD_OPTION_NETNS, CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_rollback = {
	.name = "rollback",
	.args = "",
	.help = "take the change that awaits confirmation back now, else load `previous`",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

/* What comes back: none, a profile, or only its mode. */
static int check_kept(const struct change *change)
{
	const struct nl_status *status = &change->status;
	bool mode = status->pending == EQFW_CHANGE_MODE;

	if (!mode && !status->has_kept)
		return EXIT_STATUS_OK;
	return change_check_kernel(change, mode ? status->digest : status->kept_digest,
				   status->kept_mode);
}

static int take_back(const struct change *change)
{
	const struct nl_status *status = &change->status;
	int exit_status;

	if (change->options.confirm_s) {
		out_complain("the %s itself awaits confirmation: rollback without --confirm takes "
			     "it back now",
			     nl_change_name(status->pending));
		return EXIT_STATUS_BUSY;
	}
	exit_status = check_kept(change);
	if (exit_status)
		return exit_status;
	if (!change->options.dry_run)
		return pending_end(change->nl, status, EQFW_CMD_ROLLBACK, "rolled back, now live");
	out_line("would roll back the %s", nl_change_name(status->pending));
	pending_print(status);
	out_flush();
	return EXIT_STATUS_OK;
}

static int load_previous(const struct change *change)
{
	struct profile_file file;
	const char *path;
	int exit_status;

	if (store_resolve(change->store, STORE_PREVIOUS, &path))
		return pending_none(&change->status);
	exit_status = loading_read(change, STORE_PREVIOUS, &file);
	if (exit_status)
		return exit_status;
	exit_status = loading(change, &file);
	profile_file_free(&file);
	return exit_status;
}

/* After a deadline that was faster, nobody means the profile before that. */
static int rollback(struct change *change)
{
	const struct nl_status *status = &change->status;

	if (status->pending)
		return take_back(change);
	if (pending_is_rolled_back(status) || status->state == EQFW_STATE_NONE)
		return pending_none(status);
	return load_previous(change);
}

static int run(int argc, char **argv)
{
	return change_run(&cmd_rollback, argc, argv, rollback);
}
