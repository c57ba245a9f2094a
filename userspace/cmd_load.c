// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <eqfw/version.h>

#include "cmd.h"
#include "image.h"
#include "loader.h"
#include "nl.h"
#include "out.h"
#include "pending.h"
#include "preflight.h"
#include "signals.h"
#include "store.h"

struct options {
	bool dry_run;
	bool force;
	uint64_t confirm_s;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_CONFIRM,
	CMD_OPTION_DRY_RUN,
	CMD_FLAG("force", 'f', "load even what drops the SSH connection that you come by", force),
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_load = {
	.name = "load",
	.args = "PROFILE",
	.help = "make PROFILE (- is stdin) the live profile, whole and at once",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

/* The only place of the tool that loads the module; whether it worked is asked of the kernel. */
static void run_modprobe(void)
{
	char *argv[] = { "modprobe", "eqfw", NULL };
	pid_t pid;

	if (posix_spawnp(&pid, "modprobe", NULL, NULL, argv, environ))
		return;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

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

static int change(struct nl *nl, const struct profile_file *file, struct store *store,
		  const struct nl_status *before, uint32_t confirm_s)
{
	uint64_t generation = before->generation;
	struct nl_status after;
	int exit_status = keep(store, file), status;

	if (exit_status)
		return exit_status;
	if (confirm_s)
		loader_note(store, file->profile.digest);
	signals_hold();
	exit_status = nl_load(nl, file->image.bytes, file->image.size, generation, confirm_s);
	if (exit_status)
		return exit_status;
	if (!confirm_s)
		exit_status = store_commit(store, file);
	status = nl_status(nl, &after);
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

static int replace(struct nl *nl, const struct profile_file *file, struct store *store,
		   const struct options *options, const struct nl_status *before)
{
	int exit_status = preflight(file, options->force);

	if (exit_status)
		return exit_status;
	if (options->dry_run)
		return say(file, "would load", before->generation + 1);
	return change(nl, file, store, before, (uint32_t)options->confirm_s);
}

/* What awaits confirmation is live, but not yet for good. */
static int already(const struct profile_file *file, struct store *store, bool dry_run,
		   const struct nl_status *status)
{
	say(file, "already live:", status->generation);
	pending_print(status);
	out_flush();
	return dry_run || status->pending ? EXIT_STATUS_OK : store_commit(store, file);
}

static int load(const struct profile_file *file, struct store *store, const struct options *options)
{
	struct nl_status before;
	struct nl *nl;
	int exit_status;

	if (!options->dry_run && !nl_module_present())
		run_modprobe();
	exit_status = nl_open(options->netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = nl_status(nl, &before);
	if (!exit_status)
		exit_status = check_format(file, &before);
	if (!exit_status && is_as_loaded(file, &before))
		exit_status = already(file, store, options->dry_run, &before);
	else if (!exit_status)
		exit_status = replace(nl, file, store, options, &before);
	nl_close(nl);
	return exit_status;
}

/* A file, or a word for one that is kept. */
static int load_word(const char *word, struct store *store, const struct options *options)
{
	struct profile_file file;
	struct diag diag = { 0 };
	const char *path;
	int exit_status = store_resolve(store, word, &path);

	if (!exit_status)
		exit_status = profile_file_read(path ? path : word, &diag, &file);
	if (exit_status)
		return exit_status;
	exit_status = load(&file, store, options);
	profile_file_free(&file);
	return exit_status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int first = cmd_getopt(&cmd_load, argc, argv, &options), exit_status;
	struct store *store;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_load,
				       first == argc ? "which profile?" : "one profile at a time");
	store = store_open(options.netns);
	exit_status = load_word(argv[first], store, &options);
	store_close(store);
	return exit_status;
}
