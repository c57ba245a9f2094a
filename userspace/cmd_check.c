// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd.h"
#include "out.h"
#include "ruleset.h"

struct options {
	struct matrix_dirs dirs;
	bool json;
	bool strict;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("strict", 'S', "treat warnings as errors", strict),
	CMD_OPTION_MATRIX,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_check = {
	.name = "check",
	.args = "DEPLOYMENT",
	.help = "read a deployment and say everything that is wrong with it",
	.options = option_list,
	.run = run,
};

/**
 * struct result - what a check found
 * @name: of the deployment, "" where it could not be read
 * @edition: of the matrix, likewise
 * @zones: the site's zones, without the box
 * @hosts: host entries
 * @items: items that permit something
 * @rules: rules they become
 */
struct result {
	char name[128];
	char edition[128];
	size_t zones;
	size_t hosts;
	size_t items;
	size_t rules;
};

/* As far as compile goes: what only shows in the profile is an error of the deployment too. */
static void check_rules(const struct deployment *deployment, struct result *result,
			struct diag *diag)
{
	struct ruleset *ruleset = expand(deployment, diag);
	struct image image = { 0 };

	result->items = ruleset->n_items;
	result->rules = ruleset->n_rules;
	if (!diag->errors && factor(ruleset, 0, diag, &image))
		image_free(&image);
	ruleset_free(ruleset);
}

static void check_file(const char *file, const struct options *options, struct result *result,
		       struct diag *diag)
{
	struct matrix *matrix = matrix_open(&options->dirs, diag);
	struct deployment *deployment = matrix ? deployment_read(file, matrix, diag) : NULL;

	if (deployment) {
		strncpy(result->name, deployment->name, sizeof(result->name) - 1);
		strncpy(result->edition, matrix->edition, sizeof(result->edition) - 1);
		result->zones = deployment->n_zones - 1;
		result->hosts = deployment->n_hosts;
		check_rules(deployment, result, diag);
	}
	deployment_free(deployment);
	matrix_free(matrix);
}

static bool is_valid(const struct options *options, const struct diag *diag)
{
	return !diag->errors && !(options->strict && diag->warnings);
}

static void print_json(const char *file, const struct options *options, const struct result *result,
		       const struct diag *diag)
{
	json_t *root = out_json_new("check/1", NULL);

	json_object_set_new(root, "file", out_json_string(file));
	json_object_set_new(root, "valid", json_boolean(is_valid(options, diag)));
	json_object_set_new(root, "errors", json_integer(diag->errors));
	json_object_set_new(root, "warnings", json_integer(diag->warnings));
	json_object_set_new(root, "name", out_json_string(*result->name ? result->name : NULL));
	json_object_set_new(root, "matrix",
			    out_json_string(*result->edition ? result->edition : NULL));
	json_object_set_new(root, "zones", json_integer((json_int_t)result->zones));
	json_object_set_new(root, "hosts", json_integer((json_int_t)result->hosts));
	json_object_set_new(root, "items", json_integer((json_int_t)result->items));
	json_object_set_new(root, "rules", json_integer((json_int_t)result->rules));
	out_json_print(root);
}

static void print_summary(const char *file, const struct options *options,
			  const struct result *result, const struct diag *diag)
{
	const char *errors = diag->errors == 1 ? "" : "s",
		   *warnings = diag->warnings == 1 ? "" : "s";

	if (is_valid(options, diag))
		out_line("%s: good: %zu zones, %zu hosts, %zu items in use, %zu rules; "
			 "%u warning%s",
			 file, result->zones, result->hosts, result->items, result->rules,
			 diag->warnings, warnings);
	else
		out_line("%s: %u error%s, %u warning%s%s", file, diag->errors, errors,
			 diag->warnings, warnings,
			 diag->errors ? "" : ", and --strict makes them errors");
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct result result = { 0 };
	struct diag diag = { 0 };
	int first = cmd_getopt(&cmd_check, argc, argv, &options);

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_check, "name one deployment file");
	check_file(argv[first], &options, &result, &diag);
	if (options.json)
		print_json(argv[first], &options, &result, &diag);
	else
		print_summary(argv[first], &options, &result, &diag);
	return out_finish(is_valid(&options, &diag) ? EXIT_STATUS_OK : EXIT_STATUS_INVALID);
}
