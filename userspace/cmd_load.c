// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loading.h"
#include "out.h"

static const struct cmd_option option_list[] = {
	CMD_FLAG("boot", 'b', "the current profile, else what its `boot:` asks for", boot),
	CMD_OPTION_CONFIRM,
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_FORCE,
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

static int load(struct change *change, const struct profile_file *file)
{
	int exit_status;

	if (!change->options.dry_run && !nl_module_present())
		run_modprobe();
	exit_status = change_open(change);
	return exit_status ? exit_status : loading(change, file);
}

static int load_word(struct change *change, const char *word)
{
	struct profile_file file;
	int exit_status = loading_read(change, word, &file);

	if (exit_status)
		return exit_status;
	exit_status = load(change, &file);
	profile_file_free(&file);
	return exit_status;
}

/* What stands in for `current`; where a profile is live after all, that one is the better. */
static int load_boot(struct change *change, const char *path)
{
	struct profile_file file;
	int exit_status = loading_read(change, path, &file);

	if (exit_status)
		return exit_status;
	nl_close(change->nl);
	change->nl = NULL;
	if (!change->options.dry_run && !nl_module_present())
		run_modprobe();
	exit_status = change_open(change);
	if (!exit_status && change->status.state != EQFW_STATE_NONE)
		out_complain("a profile is live, and stays");
	else if (!exit_status)
		exit_status = loading(change, &file);
	profile_file_free(&file);
	return exit_status;
}

static int boot(struct change *change)
{
	int exit_status = load_word(change, STORE_CURRENT);
	const char *path = exit_status ? store_boot(change->store) : NULL;

	if (!exit_status)
		return exit_status;
	if (!path) {
		out_complain(
			"nothing stands in for the current profile: unless one is live, every packet passes");
		return exit_status;
	}
	out_complain("the current profile was not loaded: what its `boot:` asks for stands in");
	if (load_boot(change, path))
		out_complain("nor was that: unless a profile is live, every packet passes");
	return exit_status;
}

static int run(int argc, char **argv)
{
	struct change change;
	int first = change_begin(&change, &cmd_load, argc, argv), exit_status = EXIT_STATUS_USAGE;

	if (first >= 0 && change.options.boot && first == argc)
		exit_status = boot(&change);
	else if (first >= 0 && change.options.boot)
		cmd_usage_error(&cmd_load, "--boot knows which profile");
	else if (first >= 0 && first + 1 != argc)
		cmd_usage_error(&cmd_load,
				first == argc ? "which profile?" : "one profile at a time");
	else if (first >= 0)
		exit_status = load_word(&change, argv[first]);
	change_end(&change);
	return exit_status;
}
