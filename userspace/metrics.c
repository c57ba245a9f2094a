// SPDX-License-Identifier: GPL-2.0
#include "metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "out.h"

json_t *metrics_family(json_t *families, const char *name, const char *type, const char *help)
{
	json_t *samples = json_array();

	json_array_append_new(families, json_pack("{s:s,s:s,s:s,s:o}", "name", name, "type", type,
						  "help", help, "samples", samples));
	return samples;
}

void metrics_sample(json_t *family, uint64_t value, ...)
{
	json_t *labels = json_object();
	const char *name;
	va_list args;

	va_start(args, value);
	while ((name = va_arg(args, const char *)))
		json_object_set_new(labels, name, out_json_string(va_arg(args, const char *)));
	va_end(args);
	json_array_append_new(family,
			      json_pack("{s:o,s:I}", "labels", labels, "value", (json_int_t)value));
}

char *metrics_escape(const char *value)
{
	char *escaped = must_alloc(2 * strlen(value) + 1), *at = escaped;

	for (; *value; value++) {
		if (strchr("\\\"\n", *value))
			*at++ = '\\';
		*at++ = (char)(*value == '\n' ? 'n' : *value);
	}
	*at = '\0';
	return escaped;
}

static void print_sample(const char *name, json_t *sample)
{
	struct arena *arena = arena_new();
	const char *key, *text = "";
	json_t *label;

	json_object_foreach(json_object_get(sample, "labels"), key, label) {
		char *escaped = metrics_escape(json_string_value(label));

		text = arena_printf(arena, "%s%s%s=\"%s\"", text, *text ? "," : "{", key, escaped);
		free(escaped);
	}
	out_line("%s%s%s %" PRId64, name, text, *text ? "}" : "",
		 (int64_t)json_integer_value(json_object_get(sample, "value")));
	arena_free(arena);
}

static void print_family(json_t *family)
{
	const char *name = json_string_value(json_object_get(family, "name"));
	json_t *sample;
	size_t i;

	out_line("# HELP %s %s", name, json_string_value(json_object_get(family, "help")));
	out_line("# TYPE %s %s", name, json_string_value(json_object_get(family, "type")));
	json_array_foreach(json_object_get(family, "samples"), i, sample)
		print_sample(name, sample);
}

void metrics_print(const json_t *families)
{
	json_t *family;
	size_t i;

	json_array_foreach(families, i, family)
		print_family(family);
}
