// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "cmd.h"
#include "diag.h"
#include "flow_file.h"
#include "flow_judge.h"
#include "live.h"
#include "mem.h"
#include "out.h"

struct options {
	const char *family;
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("family", 'F', "4|6", "which address of the hosts", family),
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_test = {
	.name = "test",
	.args = "PROFILE CASES.tsv",
	.help = "judge a list of flows and compare; exit 1 if one verdict is not the expected one",
	.options = option_list,
	.run = run,
};

/**
 * struct result - what became of a case
 * @failed: the verdict was not the expected one
 */
struct result {
	bool permit;
	bool failed;
	uint8_t reason;
	uint32_t item;
};

/* Judge one case; false where its words make no flow (said with their place). */
static bool judge_case(const struct flow_base *base, const struct test_case *test,
		       const char *family, struct diag *diag, struct result *result)
{
	struct flow_spec spec = test->spec;
	struct judgement judgement;
	struct flow_problem problem;
	struct flow_query query;

	spec.family = family;
	if (!flow_spec_resolve(base, &spec, &query, &problem)) {
		diag_error(diag, case_place(test, problem.field),
			   *problem.help ? problem.help : NULL, "%s", problem.text);
		return false;
	}
	flow_judge(base, &query, &judgement);
	*result = (struct result){ .permit = judgement.permit,
				   .failed = judgement.permit != test->permit,
				   .reason = judgement.reason,
				   .item = judgement.item };
	return true;
}

static const char *or_dash(const char *cell)
{
	return *cell ? cell : "-";
}

static void print_failure(const struct eqfw_profile *profile, const struct test_case *test,
			  const struct result *result)
{
	const char *ports = test->cells[CASE_DPORT];

	out_line("%s:%u: %s -> %s %s%s%s: expected %s, got %s (%s)", test->source->name, test->line,
		 test->cells[CASE_FROM], test->cells[CASE_TO], test->cells[CASE_PROTO],
		 strcmp(ports, "-") ? " " : "", strcmp(ports, "-") ? ports : "",
		 test->permit ? "permit" : "drop", result->permit ? "permit" : "drop",
		 !result->permit		  ? reason_name(result->reason)
		 : result->item != EQFW_ITEM_NONE ? profile_item(profile, result->item)
						  : "no item");
}

static json_t *json_failure(const struct eqfw_profile *profile, const struct test_case *test,
			    const struct result *result)
{
	bool none = result->item == EQFW_ITEM_NONE;

	return json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:s,s:s,s:s?,s:o}", "line",
			 (json_int_t)test->line, "from", out_json_string(test->cells[CASE_FROM]),
			 "to", out_json_string(test->cells[CASE_TO]), "proto",
			 out_json_string(test->cells[CASE_PROTO]), "sport",
			 out_json_string(or_dash(test->cells[CASE_SPORT])), "dport",
			 out_json_string(or_dash(test->cells[CASE_DPORT])), "expected",
			 test->permit ? "permit" : "drop", "got",
			 result->permit ? "permit" : "drop", "reason",
			 result->permit ? NULL : reason_name(result->reason), "item",
			 out_json_string(none ? NULL : profile_item(profile, result->item)));
}

static size_t count_failures(const struct result *results, size_t n)
{
	size_t failed = 0;

	for (size_t i = 0; i < n; i++)
		failed += results[i].failed;
	return failed;
}

static void print_json(const struct eqfw_profile *profile, const struct cases *cases,
		       const struct result *results, size_t failed)
{
	json_t *failures = json_array(), *root;
	char digest[65];

	for (size_t i = 0; i < cases->n; i++)
		if (results[i].failed)
			json_array_append_new(failures,
					      json_failure(profile, &cases->cases[i], &results[i]));
	digest_hex(profile->digest, digest);
	root = out_json_new("test/1", digest);
	json_object_set_new(root, "passed", json_integer((json_int_t)(cases->n - failed)));
	json_object_set_new(root, "failed", json_integer((json_int_t)failed));
	json_object_set_new(root, "failures", failures);
	out_json_print(root);
}

static int test(const struct flow_base *base, const struct cases *cases,
		const struct options *options, struct diag *diag)
{
	struct result *results = must_alloc(cases->n * sizeof(*results));
	size_t failed;

	for (size_t i = 0; i < cases->n; i++)
		judge_case(base, &cases->cases[i], options->family, diag, &results[i]);
	if (diag->errors) {
		free(results);
		return EXIT_STATUS_INVALID;
	}
	failed = count_failures(results, cases->n);
	for (size_t i = 0; !options->json && i < cases->n; i++)
		if (results[i].failed)
			print_failure(base->profile, &cases->cases[i], &results[i]);
	if (options->json)
		print_json(base->profile, cases, results, failed);
	else
		out_line("%zu passed, %zu failed", cases->n - failed, failed);
	free(results);
	return out_finish(failed ? EXIT_STATUS_NO : EXIT_STATUS_OK);
}

static int run_files(const char *profile, const char *file, const struct options *options)
{
	struct arena *arena = arena_new();
	struct diag diag = { 0 };
	struct flow_file flows;
	struct cases cases;
	int status = flow_file_read(profile, &flows);

	if (!status) {
		status = EXIT_STATUS_INVALID;
		if (cases_read(arena, file, &diag, &cases))
			status = test(&flows.base, &cases, options, &diag);
		flow_file_free(&flows);
	}
	arena_free(arena);
	return status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int first = cmd_getopt(&cmd_test, argc, argv, &options);

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 2 != argc)
		return cmd_usage_error(&cmd_test, "a profile and a file of cases are needed");
	if (options.family && strcmp(options.family, "4") && strcmp(options.family, "6"))
		return cmd_usage_error(&cmd_test, "\"%s\" is no address family: 4 or 6",
				       options.family);
	return run_files(argv[first], argv[first + 1], &options);
}
