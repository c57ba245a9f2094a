// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "image.h"
#include "nft.h"
#include "out.h"

struct options {
	const char *format;
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("format", 'f', "FORMAT", "nft, the only one so far", format),
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_export = {
	.name = "export",
	.args = "PROFILE",
	.help = "print a profile as a ruleset of another filter",
	.options = option_list,
	.run = run,
};

static void write_json(const struct eqfw_profile *profile, const char *format)
{
	char digest[65], *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);
	json_t *root;

	if (!memory)
		abort();
	nft_write(profile, memory);
	fclose(memory);
	digest_hex(profile->digest, digest);
	root = out_json_new("export/1", digest);
	json_object_set_new(root, "format", json_string(format));
	json_object_set_new(root, "ruleset", out_json_string(text));
	out_json_print(root);
	free(text);
}

static int run(int argc, char **argv)
{
	struct options options = { .format = "nft" };
	struct profile_file file;
	struct diag diag = { 0 };
	int first = cmd_getopt(&cmd_export, argc, argv, &options), exit_status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (strcmp(options.format, "nft"))
		return cmd_usage_error(&cmd_export, "no format \"%s\": nft", options.format);
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_export,
				       first == argc ? "which profile?" : "one profile at a time");
	exit_status = profile_file_read(argv[first], &diag, &file);
	if (exit_status)
		return exit_status;
	if (options.json)
		write_json(&file.profile, options.format);
	else
		nft_write(&file.profile, stdout);
	profile_file_free(&file);
	return out_finish(EXIT_STATUS_OK);
}
