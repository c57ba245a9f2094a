// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd.h"
#include "lint.h"
#include "out.h"

/**
 * struct options - what the command line says
 * @dirs: --matrix, --matrix.d
 * @json: --json
 * @checks: --checks
 * @allowed: severities up to here are no failure; below zero: none is allowed
 * @today: --today, 0 where it is not given
 */
struct options {
	struct matrix_dirs dirs;
	bool json;
	bool checks;
	int allowed;
	uint64_t today;
};

static bool set_severity(void *ctx, const struct cmd *cmd, const char *value)
{
	static const char *const names[] = { "none", "note", "warning", "error" };
	struct options *options = ctx;

	for (int i = 0; i < 4; i++) {
		if (strcmp(names[i], value))
			continue;
		options->allowed = i - 1;
		return true;
	}
	cmd_usage_error(cmd, "\"%s\" is no severity: none, note, warning, error", value);
	return false;
}

static bool set_today(void *ctx, const struct cmd *cmd, const char *value)
{
	struct options *options = ctx;

	if (date_parse(value, &options->today))
		return true;
	cmd_usage_error(cmd, "\"%s\" is no date: write YYYY-MM-DD", value);
	return false;
}

static const struct cmd_option option_list[] = {
	CMD_OTHER("max-severity", 's', "SEVERITY",
		  "exit 1 for worse than this: none, note, warning (the default), error",
		  set_severity),
	CMD_OTHER("today", 't', "DATE",
		  "say which rows' dates are past or near; compile never asks", set_today),
	CMD_FLAG("checks", 'c', "list the checks", checks),
	CMD_OPTION_MATRIX,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_lint = {
	.name = "lint",
	.args = "DEPLOYMENT",
	.help = "say what in a deployment is wider than need be, useless or risky",
	.options = option_list,
	.run = run,
};

static int list_checks(const struct options *options)
{
	static const char *const names[] = { "CHECK", "SEVERITY", "MEANING" };
	struct out_table *table = options->json ? NULL : out_table_new(3, names, NULL);
	json_t *root = out_json_new("lint-checks/1", NULL), *list = json_array();

	for (size_t i = 0; i < N_LINT_CHECKS; i++) {
		const char *severity = severity_name(lint_checks[i].severity);

		if (table)
			out_table_row(table, (const char *const[]){ lint_checks[i].id, severity,
								    lint_checks[i].text });
		json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "check", lint_checks[i].id,
						      "severity", severity, "meaning",
						      lint_checks[i].text));
	}
	json_object_set_new(root, "checks", list);
	if (!table)
		out_json_print(root);
	else
		out_table_print(table);
	if (table)
		json_decref(root);
	return EXIT_STATUS_OK;
}

static int status_of(const struct lint *lint, int allowed)
{
	for (int i = allowed + 1; i < N_SEVERITIES; i++)
		if (lint->count[i])
			return EXIT_STATUS_NO;
	return EXIT_STATUS_OK;
}

static int lint_file(const char *file, const struct options *options)
{
	struct diag diag = { 0 };
	struct matrix *matrix = matrix_open(&options->dirs, &diag);
	int status = EXIT_STATUS_INVALID;
	struct lint lint;

	if (!matrix)
		return status;
	if (lint_run(&lint, file, matrix, options->today)) {
		if (options->json)
			lint_json(&lint, file);
		else
			lint_text(&lint, file);
		status = status_of(&lint, options->allowed);
	}
	lint_free(&lint);
	matrix_free(matrix);
	return status;
}

static int run(int argc, char **argv)
{
	struct options options = { .allowed = SEVERITY_WARNING };
	int first = cmd_getopt(&cmd_lint, argc, argv, &options);

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (options.checks && first == argc)
		return out_finish(list_checks(&options));
	if (first + 1 != argc || options.checks)
		return cmd_usage_error(&cmd_lint, "name one deployment file");
	return out_finish(lint_file(argv[first], &options));
}
