// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "image.h"
#include "out.h"
#include "report.h"

struct options {
	const char *output;
	const char *csv;
	struct matrix_dirs dirs;
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("output", 'o', "FILE", "write the page to FILE", output),
	CMD_TEXT("csv", 'c', "FILE", "write the same as a table to FILE", csv),
	CMD_OPTION_MATRIX,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_report = {
	.name = "report",
	.args = "DEPLOYMENT",
	.help = "write what a deployment opens, why, and what stays closed, for people",
	.options = option_list,
	.run = run,
};

/* Whole or not at all, as a profile is written. */
static bool write_buffer(const char *path, struct html *buffer, struct diag *diag)
{
	struct image image;
	bool good;

	html_finish(buffer);
	image = (struct image){ .bytes = (unsigned char *)buffer->bytes, .size = buffer->size };
	good = image_write(path, &image, diag);
	free(buffer->bytes);
	return good;
}

static bool write_page(const struct report *report, const char *path, struct diag *diag)
{
	struct html page;

	html_init(&page);
	report_html(report, &page);
	return write_buffer(path, &page, diag);
}

static bool write_csv(const struct report *report, const char *path, struct diag *diag)
{
	struct html table;

	html_init(&table);
	report_csv(report, table.stream);
	return write_buffer(path, &table, diag);
}

static int write_all(const struct report *report, const struct options *options, struct diag *diag)
{
	bool good = true;

	if (options->output)
		good = write_page(report, options->output, diag);
	if (good && options->csv)
		good = write_csv(report, options->csv, diag);
	if (good && options->json) {
		json_t *root = out_json_new("report/1", report->digest);

		report_json(report, root);
		good = out_json_print(root);
	}
	return good ? EXIT_STATUS_OK : EXIT_STATUS_NO;
}

static int report_deployment(const struct deployment *deployment, const struct options *options,
			     struct diag *diag)
{
	struct ruleset *ruleset = expand(deployment, diag);
	struct image image = { 0 };
	struct report report;
	int status = EXIT_STATUS_INVALID;

	if (!diag->errors && factor(ruleset, 0, diag, &image)) {
		report_init(&report, ruleset, &image, diag->warnings);
		status = write_all(&report, options, diag);
		report_free(&report);
	}
	image_free(&image);
	ruleset_free(ruleset);
	return status;
}

static int report_file(const char *file, const struct options *options)
{
	struct diag diag = { 0 };
	struct matrix *matrix = matrix_open(&options->dirs, &diag);
	struct deployment *deployment = matrix ? deployment_read(file, matrix, &diag) : NULL;
	int status = EXIT_STATUS_INVALID;

	if (deployment)
		status = report_deployment(deployment, options, &diag);
	deployment_free(deployment);
	matrix_free(matrix);
	return status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int first = cmd_getopt(&cmd_report, argc, argv, &options);

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_report, "name one deployment file");
	if (!options.output && !options.csv && !options.json) {
		if (isatty(STDOUT_FILENO))
			return cmd_usage_error(&cmd_report, "say where the page goes: -o FILE");
		options.output = "-";
	}
	if ((options.output && !strcmp(options.output, "-")) +
		    (options.csv && !strcmp(options.csv, "-")) + options.json >
	    1)
		return cmd_usage_error(&cmd_report, "only one form can go to standard output");
	return out_finish(report_file(argv[first], &options));
}
