// SPDX-License-Identifier: GPL-2.0
/* What lint found, for people and for programs. */
#include "lint.h"
#include "out.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

void lint_text(const struct lint *lint, const char *file)
{
	size_t errors = lint->count[SEVERITY_ERROR], warnings = lint->count[SEVERITY_WARNING];
	size_t notes = lint->count[SEVERITY_NOTE];

	for (size_t i = 0; i < lint->n; i++) {
		const struct finding *finding = &lint->findings[i];
		const struct lint_check_info *check = &lint_checks[finding->check];

		diag_show(stdout, check->severity, finding->at, finding->help,
			  arena_printf(lint->arena, "%s [%s]", finding->text, check->id));
	}
	if (lint->n)
		out_line("%s: %zu error%s, %zu warning%s, %zu note%s", file, errors, plural(errors),
			 warnings, plural(warnings), notes, plural(notes));
	else
		out_line("%s: nothing found", file);
}

static json_t *finding_json(const struct finding *finding)
{
	json_t *json = json_object();
	const struct place *at = &finding->at;

	json_object_set_new(json, "check", out_json_string(lint_checks[finding->check].id));
	json_object_set_new(json, "severity",
			    out_json_string(severity_name(lint_checks[finding->check].severity)));
	json_object_set_new(json, "file", out_json_string(at->source ? at->source->name : NULL));
	json_object_set_new(json, "line", at->line ? json_integer(at->line) : json_null());
	json_object_set_new(json, "column", at->col ? json_integer(at->col) : json_null());
	json_object_set_new(json, "id", out_json_string(finding->id));
	json_object_set_new(json, "text", out_json_string(finding->text));
	json_object_set_new(json, "number",
			    finding->unit ? json_integer((json_int_t)finding->number)
					  : json_null());
	json_object_set_new(json, "unit", out_json_string(finding->unit));
	json_object_set_new(json, "help", out_json_string(finding->help));
	return json;
}

void lint_json(const struct lint *lint, const char *file)
{
	json_t *root = out_json_new("lint/1", NULL), *list = json_array();

	for (size_t i = 0; i < lint->n; i++)
		json_array_append_new(list, finding_json(&lint->findings[i]));
	json_object_set_new(root, "file", out_json_string(file));
	json_object_set_new(root, "name", out_json_string(lint->deployment->name));
	json_object_set_new(root, "errors", json_integer((json_int_t)lint->count[SEVERITY_ERROR]));
	json_object_set_new(root, "warnings",
			    json_integer((json_int_t)lint->count[SEVERITY_WARNING]));
	json_object_set_new(root, "notes", json_integer((json_int_t)lint->count[SEVERITY_NOTE]));
	json_object_set_new(root, "findings", list);
	out_json_print(root);
}
