// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "diff.h"
#include "image.h"
#include "out.h"

struct options {
	struct matrix_dirs dirs;
	bool all;
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("all", 'a', "show every pair of ends and every address", all),
	CMD_OPTION_MATRIX,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_diff = {
	.name = "diff",
	.args = "OLD NEW",
	.help = "say which flows open, close or move between two deployments or profiles",
	.options = option_list,
	.run = run,
};

/* Everything else is taken for a deployment: its reader says what is wrong with it. */
static bool is_profile(const char *path)
{
	char magic[sizeof(EQFW_MAGIC) - 1] = "";
	struct stat stat;
	bool is = false;
	int fd;

	if (!strcmp(path, "-"))
		return true;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (!fstat(fd, &stat) && S_ISREG(stat.st_mode))
		is = read(fd, magic, sizeof(magic)) == sizeof(magic) &&
		     !memcmp(magic, EQFW_MAGIC, sizeof(magic));
	close(fd);
	return is;
}

static int compile(const char *path, const struct options *options, struct diag *diag,
		   struct profile_file *out)
{
	struct matrix *matrix = matrix_open(&options->dirs, diag);
	struct deployment *deployment = matrix ? deployment_read(path, matrix, diag) : NULL;
	struct ruleset *ruleset = deployment ? expand(deployment, diag) : NULL;
	struct eqfw_fault fault;
	int status = EXIT_STATUS_INVALID;

	/* factor() has checked the bytes already; here the view of them is wanted. */
	if (ruleset && !diag->errors && factor(ruleset, 0, diag, &out->image) &&
	    !eqfw_profile_check(out->image.bytes, out->image.size, &out->profile, &fault))
		status = EXIT_STATUS_OK;
	ruleset_free(ruleset);
	deployment_free(deployment);
	matrix_free(matrix);
	return status;
}

/* Warnings are check's to say; only an error is told, by reading once more. */
static int load_side(const char *path, const struct options *options, struct profile_file *out)
{
	struct diag quiet = { .quiet = true }, loud = { 0 };
	int status;

	*out = (struct profile_file){ 0 };
	if (is_profile(path))
		return profile_file_read(path, &loud, out);
	status = compile(path, options, &quiet, out);
	if (status != EXIT_STATUS_OK)
		compile(path, options, &loud, out);
	return status;
}

static int show(struct diff *diff, const struct options *options)
{
	int status;

	diff_run(diff);
	status = diff_same(diff) ? EXIT_STATUS_OK : EXIT_STATUS_NO;
	if (options->json) {
		json_t *root = out_json_new("diff/1", NULL);

		diff_print_json(diff, root);
		out_json_print(root);
	} else {
		diff_print_text(diff, options->all);
	}
	diff_free(diff);
	return out_finish(status);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int first = cmd_getopt(&cmd_diff, argc, argv, &options), status;
	struct profile_file files[N_SIDES] = { 0 };
	struct diff diff = { 0 };

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + N_SIDES != argc)
		return cmd_usage_error(&cmd_diff, "name two deployments or profiles");
	if (!strcmp(argv[first], "-") && !strcmp(argv[first + 1], "-"))
		return cmd_usage_error(&cmd_diff, "only one of them can be standard input");
	status = load_side(argv[first], &options, &files[OLD]);
	if (status == EXIT_STATUS_OK)
		status = load_side(argv[first + 1], &options, &files[NEW]);
	for (int s = 0; s < N_SIDES; s++)
		diff.sides[s] =
			(struct diff_side){ .file = argv[first + s], .profile = &files[s].profile };
	if (status == EXIT_STATUS_OK)
		status = show(&diff, &options);
	profile_file_free(&files[OLD]);
	profile_file_free(&files[NEW]);
	return status;
}
