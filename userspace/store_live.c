// SPDX-License-Identifier: GPL-2.0
/* The store follows the kernel: what is live for good is what the next boot loads. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "live.h"
#include "out.h"
#include "reduce.h"
#include "store.h"

const char *store_boot(struct store *store)
{
	const char *path = store ? store_path(store, STORE_BOOT) : NULL;

	return path && !access(path, F_OK) ? path : NULL;
}

bool store_is_boot(struct store *store, const struct profile_file *file)
{
	const char *path = store_boot(store);

	return path && store_file_is(path, file->profile.digest);
}

/* What stands in for the profile, or for none any more. */
static int keep_boot(struct store *store, const struct profile_file *file)
{
	const char *path = store ? store_path(store, STORE_BOOT) : NULL;
	struct diag diag = { 0 };
	struct image image;
	bool good;

	if (!path)
		return EXIT_STATUS_OK;
	if (!reduce_wanted(&file->profile)) {
		/* Where nothing can be written nothing needs to be, if it is not there. */
		if (access(path, F_OK) || !unlink(path))
			return EXIT_STATUS_OK;
		out_complain("cannot remove %s: %s", path, strerror(errno));
		return EXIT_STATUS_NO;
	}
	reduce(&file->profile, &image);
	good = store_file_is(path, image.bytes + image.size - EQFW_DIGEST_SIZE) ||
	       image_write(path, &image, &diag);
	image_free(&image);
	return good ? EXIT_STATUS_OK : EXIT_STATUS_NO;
}

int store_commit(struct store *store, const struct profile_file *file)
{
	int exit_status = EXIT_STATUS_OK;

	if (store_is_boot(store, file))
		return exit_status;
	if (!store_is_locked(store))
		exit_status = store_lock(store);
	if (!exit_status)
		exit_status = store_keep(store, file);
	if (!exit_status)
		exit_status = store_switch(store, file->profile.digest);
	if (!exit_status)
		exit_status = keep_boot(store, file);
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
