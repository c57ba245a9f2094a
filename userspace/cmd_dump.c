// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "live.h"
#include "nl.h"
#include "out.h"

struct options {
	const char *output;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("output", 'o', "FILE", "where to write it (- is stdout)", output),
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_dump = {
	.name = "dump",
	.args = "",
	.help = "write the live profile to a file, bit for bit",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static int write_out(const struct profile_file *file, const char *path)
{
	struct diag diag = { 0 };

	if (strcmp(path, "-"))
		return image_write(path, &file->image, &diag) ? EXIT_STATUS_OK : EXIT_STATUS_NO;
	fwrite(file->image.bytes, 1, file->image.size, stdout);
	return out_finish(EXIT_STATUS_OK);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct profile_file file;
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_dump, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	if (!options.output)
		return cmd_usage_error(&cmd_dump, "say where to write it: -o FILE");
	if (!strcmp(options.output, "-") && isatty(STDOUT_FILENO))
		return cmd_usage_error(&cmd_dump, "a profile is binary: not to a terminal");
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = live_profile(nl, &file);
	nl_close(nl);
	if (exit_status)
		return exit_status;
	exit_status = write_out(&file, options.output);
	profile_file_free(&file);
	return exit_status;
}
