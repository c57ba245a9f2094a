// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "image.h"
#include "out.h"
#include "ruleset.h"

#define DIGEST_SHOWN 12 /* hex digits of a digest that people see */

struct options {
	const char *output;
	struct matrix_dirs dirs;
	uint64_t serial;
	bool strict;
	bool dry_run;
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("output", 'o', "FILE", "write the profile to FILE", output),
	/* JSON shows it, and its readers have no more than 63 bits. */
	CMD_NUMBER("serial", 's', "N", "put the site's serial number N into the profile", serial, 0,
		   INT64_MAX),
	CMD_FLAG("strict", 'S', "treat warnings as errors", strict),
	CMD_OPTION_MATRIX,
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_compile = {
	.name = "compile",
	.args = "DEPLOYMENT",
	.help = "compile a deployment and the matrix into a profile",
	.options = option_list,
	.run = run,
};

/* Roles that enabled items need and nobody plays: for people on stderr, not a warning. */
static void print_lacks(const struct ruleset *ruleset)
{
	if (!ruleset->n_lacks)
		return;
	fputs("note: no host plays these roles, so their items do nothing:", stderr);
	for (size_t i = 0; i < ruleset->n_lacks; i++)
		fprintf(stderr, "%s %s (%zu)", i ? "," : "", ruleset->lacks[i].role->id,
			ruleset->lacks[i].n_items);
	fputc('\n', stderr);
}

static json_t *lacks_json(const struct ruleset *ruleset)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ruleset->n_lacks; i++)
		json_array_append_new(list,
				      json_pack("{s:s,s:I}", "role", ruleset->lacks[i].role->id,
						"items", (json_int_t)ruleset->lacks[i].n_items));
	return list;
}

static void print_json(const struct ruleset *ruleset, const struct eqfw_profile *profile,
		       const char *digest, const struct diag *diag)
{
	json_t *root = out_json_new("compile/1", digest);

	json_object_set_new(root, "name", json_string(ruleset->deployment->name));
	json_object_set_new(root, "items", json_integer(profile->n_items));
	json_object_set_new(root, "rules", json_integer(profile->n_rules));
	json_object_set_new(root, "programs", json_integer(profile->n_programs));
	json_object_set_new(root, "classes", json_integer(profile->n_classes));
	json_object_set_new(root, "cells", json_integer(profile->n_cells));
	json_object_set_new(root, "prefixes", json_integer(profile->n_prefixes));
	json_object_set_new(root, "size_bytes", json_integer((json_int_t)profile->size));
	json_object_set_new(root, "warnings", json_integer(diag->warnings));
	json_object_set_new(root, "roles_not_deployed", lacks_json(ruleset));
	out_json_print(root);
}

static bool to_stdout(const struct options *options)
{
	return options->output && !strcmp(options->output, "-") && !options->dry_run;
}

static void print_result(const struct ruleset *ruleset, const struct image *image,
			 const struct options *options, const struct diag *diag)
{
	struct eqfw_profile profile;
	struct eqfw_fault fault;
	char digest[65];

	/* factor() has checked it; here the view is wanted. */
	if (eqfw_profile_check(image->bytes, image->size, &profile, &fault))
		return;
	digest_hex(profile.digest, digest);
	if (options->json) {
		print_json(ruleset, &profile, digest, diag);
		return;
	}
	fprintf(to_stdout(options) ? stderr : stdout,
		"%s %.*s: %u items, %u rules, %u classes, %u cells, %zu bytes%s\n",
		ruleset->deployment->name, DIGEST_SHOWN, digest, profile.n_items, profile.n_rules,
		profile.n_classes, profile.n_cells, image->size,
		options->dry_run ? " (dry run, nothing written)" : "");
}

static int refused_as_strict(const struct options *options, const struct diag *diag)
{
	if (!options->strict || !diag->warnings)
		return EXIT_STATUS_OK;
	out_complain("%u warning%s, and --strict makes them errors", diag->warnings,
		     diag->warnings == 1 ? "" : "s");
	return EXIT_STATUS_INVALID;
}

static int write_profile(const struct ruleset *ruleset, const struct options *options,
			 struct diag *diag)
{
	struct image image = { 0 };
	int status = EXIT_STATUS_OK;

	if (!factor(ruleset, options->serial, diag, &image))
		return EXIT_STATUS_INVALID;
	status = refused_as_strict(options, diag);
	if (!status && !options->dry_run && !image_write(options->output, &image, diag))
		status = EXIT_STATUS_NO;
	if (!status)
		print_result(ruleset, &image, options, diag);
	image_free(&image);
	return status;
}

static int compile_deployment(const struct deployment *deployment, const struct options *options,
			      struct diag *diag)
{
	struct ruleset *ruleset = expand(deployment, diag);
	int status = EXIT_STATUS_INVALID;

	if (!options->json)
		print_lacks(ruleset);
	if (!diag->errors)
		status = write_profile(ruleset, options, diag);
	ruleset_free(ruleset);
	return status;
}

static int compile_file(const char *file, const struct options *options)
{
	struct diag diag = { 0 };
	struct matrix *matrix = matrix_open(&options->dirs, &diag);
	struct deployment *deployment;
	int status = EXIT_STATUS_INVALID;

	if (!matrix)
		return status;
	deployment = deployment_read(file, matrix, &diag);
	if (deployment)
		status = compile_deployment(deployment, options, &diag);
	deployment_free(deployment);
	matrix_free(matrix);
	return status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int first = cmd_getopt(&cmd_compile, argc, argv, &options);

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_compile, "one deployment file is needed");
	if (!options.output && !options.dry_run)
		return cmd_usage_error(&cmd_compile, "say where the profile goes: -o FILE");
	if (to_stdout(&options) && options.json)
		return cmd_usage_error(&cmd_compile, "-o - and --json both want standard output");
	if (to_stdout(&options) && isatty(STDOUT_FILENO))
		return cmd_usage_error(&cmd_compile, "a profile is binary: not to a terminal");
	return out_finish(compile_file(argv[first], &options));
}
