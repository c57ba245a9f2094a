// SPDX-License-Identifier: GPL-2.0
#include "change.h"

#include <endian.h>

#include "live.h"
#include "loader.h"
#include "preflight.h"

int change_begin(struct change *change, const struct cmd *cmd, int argc, char **argv)
{
	int first;

	*change = (struct change){ 0 };
	first = cmd_getopt(cmd, argc, argv, &change->options);
	if (first >= 0)
		change->store = store_open(change->options.netns);
	return first;
}

int change_open(struct change *change)
{
	int exit_status = nl_open(change->options.netns, &change->nl);

	return exit_status ? exit_status : nl_status(change->nl, &change->status);
}

void change_end(struct change *change)
{
	nl_close(change->nl);
	store_close(change->store);
}

int change_run(const struct cmd *cmd, int argc, char **argv, int (*act)(struct change *change))
{
	struct change change;
	int first = change_begin(&change, cmd, argc, argv), exit_status = EXIT_STATUS_USAGE;

	if (first >= 0 && first < argc)
		cmd_usage_error(cmd, "unexpected argument \"%s\"", argv[first]);
	else if (first >= 0)
		exit_status = change_open(&change);
	if (!exit_status)
		exit_status = act(&change);
	change_end(&change);
	return exit_status;
}

int change_check(const struct change *change, const struct profile_file *file, uint8_t mode)
{
	uint32_t own = le32toh(file->profile.header->mode);

	return preflight(file, (mode == CHANGE_MODE_OWN ? own : mode) == EQFW_MODE_AUDIT,
			 change->options.force);
}

int change_check_kernel(const struct change *change, const uint8_t digest[EQFW_DIGEST_SIZE],
			uint8_t mode)
{
	struct profile_file file;
	int exit_status = live_profile_of(change->nl, digest, &file);

	if (exit_status)
		return exit_status;
	exit_status = change_check(change, &file, mode);
	profile_file_free(&file);
	return exit_status;
}

void change_note(const struct change *change, const uint8_t digest[EQFW_DIGEST_SIZE])
{
	/* Confirming is not refused where no note can be kept: no reason to refuse the change. */
	if (change->options.confirm_s &&
	    (store_is_locked(change->store) || !store_lock(change->store)))
		loader_note(change->store, digest);
}
