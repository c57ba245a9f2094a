// SPDX-License-Identifier: GPL-2.0

#include "cmd.h"
#include "out.h"
#include "plan.h"
#include "plan_out.h"

struct options {
	struct matrix_dirs dirs;
	bool json;
	bool zones;
	bool snippet;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("zones", 'z', "which rows zones enforce, and which vanish where two are one",
		 zones),
	CMD_FLAG("snippet", 's', "print the planned ranges alone, to paste into the deployment",
		 snippet),
	CMD_OPTION_MATRIX,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_plan = {
	.name = "plan",
	.args = "DEPLOYMENT",
	.help = "size the ranges of a deployment by its licences",
	.options = option_list,
	.run = run,
};

static int plan_zones(struct deployment *deployment, const struct options *options)
{
	struct zone_plan *plan = zone_plan_make(deployment);

	if (options->json)
		zone_plan_json(plan);
	else
		zone_plan_text(plan);
	zone_plan_free(plan);
	return EXIT_STATUS_OK;
}

/* No: a range that the site has set is too small for what it has bought. */
static int plan_status(const struct plan *plan, const struct diag *diag)
{
	if (diag->errors)
		return EXIT_STATUS_INVALID;
	for (size_t i = 0; i < plan->n_entries; i++)
		if (plan_entry_short(&plan->entries[i]))
			return EXIT_STATUS_NO;
	return EXIT_STATUS_OK;
}

static int plan_ranges(struct deployment *deployment, const struct options *options,
		       struct diag *diag)
{
	struct plan *plan = plan_make(deployment, diag);
	int status = plan_status(plan, diag);

	if (!diag->errors && !options->snippet)
		plan_rows(plan);
	if (options->json)
		plan_json(plan);
	else if (!diag->errors && options->snippet)
		plan_snippet(plan);
	else if (!diag->errors)
		plan_text(plan);
	plan_free(plan);
	return status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct diag diag = { 0 };
	struct matrix *matrix;
	struct deployment *deployment;
	int first = cmd_getopt(&cmd_plan, argc, argv, &options);
	int status = EXIT_STATUS_INVALID;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_plan, "name one deployment file");
	if (options.snippet && (options.zones || options.json))
		return cmd_usage_error(&cmd_plan, "--snippet prints YAML and nothing else");
	matrix = matrix_open(&options.dirs, &diag);
	deployment = matrix ? deployment_read(argv[first], matrix, &diag) : NULL;
	if (deployment)
		status = options.zones ? plan_zones(deployment, &options)
				       : plan_ranges(deployment, &options, &diag);
	deployment_free(deployment);
	matrix_free(matrix);
	return out_finish(status);
}
