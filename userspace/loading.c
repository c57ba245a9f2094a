// SPDX-License-Identifier: GPL-2.0
#include "loading.h"

#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include <eqfw/version.h>

#include "out.h"
#include "signals.h"

static int check_format(const struct profile_file *file, const struct nl_status *status)
{
	unsigned int version = le16toh(file->profile.header->version);

	if (version <= status->format_version)
		return EXIT_STATUS_OK;
	out_complain("the profile has format version %u (eqfwctl %s), the loaded module %s reads "
		     "at most %u: install the module that fits",
		     version, EQFW_VERSION, status->module_version, status->format_version);
	return EXIT_STATUS_VERSION;
}

static bool is_live(const struct profile_file *file, const struct nl_status *status)
{
	return status->state != EQFW_STATE_NONE && status->has_digest &&
	       !memcmp(status->digest, file->profile.digest, EQFW_DIGEST_SIZE);
}

/* What a running box should know that no refusal says. */
static void warn_conntrack(const struct nl_status *status)
{
	if (status->flows && status->conntrack_max && status->conntrack_max < status->flows)
		out_complain("warning: nf_conntrack_max is %u, the deployment expects %u flows",
			     status->conntrack_max, status->flows);
}

static int say(const struct profile_file *file, const char *did, uint64_t generation)
{
	bool audit = le32toh(file->profile.header->mode) == EQFW_MODE_AUDIT;
	char digest[65];

	digest_hex(file->profile.digest, digest);
	out_line("%s %s %.12s (generation %" PRIu64 ", %s, %u items)", did,
		 eqfw_profile_string(&file->profile, file->profile.header->name), digest,
		 generation, audit ? "audit: nothing is dropped" : "enforcing",
		 file->profile.n_items);
	out_flush();
	return EXIT_STATUS_OK;
}

/* Live, and in its own mode: nothing is to be done. */
static bool is_as_loaded(const struct profile_file *file, const struct nl_status *status)
{
	return is_live(file, status) && !status->mode_s &&
	       status->mode == le32toh(file->profile.header->mode);
}

static const char *did(const struct profile_file *file, const struct nl_status *before)
{
	return is_live(file, before) ? "already live, now in the profile's own mode:" : "loaded";
}

/* On disk first: what cannot be kept is not loaded, and the next boot would not find it. */
static int keep(struct store *store, const struct profile_file *file)
{
	int exit_status = store_lock(store);

	if (!exit_status)
		exit_status = store_keep(store, file);
	if (exit_status)
		out_complain("nothing was loaded");
	return exit_status;
}

static int replace_now(const struct change *change, const struct profile_file *file)
{
	const struct nl_status *before = &change->status;
	uint64_t generation = before->generation;
	uint32_t confirm_s = (uint32_t)change->options.confirm_s;
	struct nl_status after;
	int exit_status = keep(change->store, file), status;

	if (exit_status)
		return exit_status;
	change_note(change, file->profile.digest);
	signals_hold();
	exit_status =
		nl_load(change->nl, file->image.bytes, file->image.size, generation, confirm_s);
	if (exit_status)
		return exit_status;
	if (!confirm_s)
		exit_status = store_commit(change->store, file);
	status = nl_status(change->nl, &after);
	if (!status && after.rollback.generation == generation + 2)
		return pending_none(&after);
	if (status || !is_live(file, &after))
		return say(file, "loaded, and since then replaced:", generation + 1);
	warn_conntrack(&after);
	say(file, did(file, before), after.generation);
	if (before->state == EQFW_STATE_NONE && after.adopt_s)
		out_line(
			"  TCP sessions older than this load are adopted for %u s when an end speaks",
			after.adopt_s);
	pending_print(&after);
	out_flush();
	return exit_status;
}

static int replace(const struct change *change, const struct profile_file *file)
{
	int exit_status = change_check(change, file, CHANGE_MODE_OWN);

	if (exit_status)
		return exit_status;
	if (change->options.dry_run)
		return say(file, "would load", change->status.generation + 1);
	return replace_now(change, file);
}

/* What awaits confirmation is live, but not yet for good. */
static int already(const struct change *change, const struct profile_file *file)
{
	const struct nl_status *status = &change->status;

	say(file, "already live:", status->generation);
	pending_print(status);
	out_flush();
	return change->options.dry_run || status->pending ? EXIT_STATUS_OK
							  : store_commit(change->store, file);
}

int loading(const struct change *change, const struct profile_file *file)
{
	int exit_status = check_format(file, &change->status);

	if (exit_status)
		return exit_status;
	return is_as_loaded(file, &change->status) ? already(change, file) : replace(change, file);
}

int loading_read(const struct change *change, const char *word, struct profile_file *out)
{
	struct diag diag = { 0 };
	const char *path;
	int exit_status = store_resolve(change->store, word, &path);

	return exit_status ? exit_status : profile_file_read(path ? path : word, &diag, out);
}
