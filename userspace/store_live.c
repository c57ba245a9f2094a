// SPDX-License-Identifier: GPL-2.0
/* The store follows the kernel: what is live for good is what the next boot loads. */
#include "cmd.h"
#include "live.h"
#include "out.h"
#include "store.h"

int store_commit(struct store *store, const struct profile_file *file)
{
	int exit_status = EXIT_STATUS_OK;

	if (!store_is_locked(store))
		exit_status = store_lock(store);
	if (!exit_status)
		exit_status = store_keep(store, file);
	if (!exit_status)
		exit_status = store_switch(store, file->profile.digest);
	if (exit_status)
		out_complain("this profile is live, but the next boot does not load it: mend the "
			     "store, then load it again");
	return exit_status;
}

int store_follow(struct store *store, struct nl *nl)
{
	struct nl_status status;
	struct profile_file file;
	int exit_status = nl_status(nl, &status);

	if (exit_status || !store || !status.has_digest)
		return exit_status;
	exit_status = live_profile(nl, &file);
	if (exit_status)
		return exit_status;
	exit_status = store_commit(store, &file);
	profile_file_free(&file);
	return exit_status;
}
