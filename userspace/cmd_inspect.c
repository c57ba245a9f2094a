// SPDX-License-Identifier: GPL-2.0
#include "cmd.h"
#include "image.h"
#include "inspect.h"
#include "out.h"

struct options {
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_inspect = {
	.name = "inspect",
	.args = "PROFILE",
	.help = "show what a compiled profile says: zones, hosts, classes, rules of each pair",
	.options = option_list,
	.run = run,
};

static int show(const struct eqfw_profile *profile, bool json)
{
	int status = EXIT_STATUS_OK;
	struct inspect in;
	char digest[65];
	json_t *root;

	inspect_init(&in, profile);
	if (json) {
		digest_hex(profile->digest, digest);
		root = out_json_new("inspect/1", digest);
		inspect_json(&in, root);
		if (!out_json_print(root))
			status = EXIT_STATUS_NO;
	} else {
		inspect_text(&in);
	}
	inspect_free(&in);
	return out_finish(status);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int first = cmd_getopt(&cmd_inspect, argc, argv, &options), status;
	struct profile_file file;
	struct diag diag = { 0 };

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_inspect, "name one profile");
	status = profile_file_read(argv[first], &diag, &file);
	if (status != EXIT_STATUS_OK)
		return status;
	status = show(&file.profile, options.json);
	profile_file_free(&file);
	return status;
}
