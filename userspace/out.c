// SPDX-License-Identifier: GPL-2.0
#include "out.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eqfw/version.h>

#include "cmd.h"
#include "mem.h"
#include "safe.h"

struct out_table {
	struct libscols_table *table;
	size_t n_columns;
};

static void out_of_memory(void)
{
	fputs("eqfwctl: out of memory\n", stderr);
	exit(EXIT_STATUS_NO);
}

json_t *out_json_new(const char *schema, const char *digest)
{
	json_t *root = json_pack("{s:{s:s,s:s,s:s?}}", "eqfw", "schema", schema, "version",
				 EQFW_VERSION, "digest", digest);

	if (!root)
		out_of_memory();
	return root;
}

static int dump(const char *text, size_t size, void *stream)
{
	return safe_json(stream, text, size) ? 0 : -1;
}

bool out_json_print(json_t *root)
{
	bool done = !json_dump_callback(root, dump, stdout, JSON_INDENT(2));

	json_decref(root);
	return done && putchar('\n') != EOF;
}

bool out_json_line(json_t *root)
{
	bool done = !json_dump_callback(root, dump, stdout, JSON_COMPACT);

	json_decref(root);
	return done && putchar('\n') != EOF;
}

/* The text as a terminal may have it; to be freed. */
static char *safe_copy(const char *text)
{
	char *safe = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&safe, &size);

	if (!stream)
		out_of_memory();
	safe_puts(stream, text);
	fclose(stream);
	return safe;
}

json_t *out_json_string(const char *text)
{
	json_t *string = text ? json_string(text) : json_null();
	char *safe;

	if (string)
		return string;
	/* Not UTF-8: the same escapes that a terminal would get. */
	safe = safe_copy(text);
	string = json_string(safe);
	free(safe);
	return string;
}

struct out_table *out_table_new(size_t n_columns, const char *const *names, const bool *right_align)
{
	struct out_table *table = must_alloc(sizeof(*table));

	table->n_columns = n_columns;
	table->table = scols_new_table();
	if (!table->table)
		out_of_memory();
	/* A table is the same on a terminal and in a pipe: never cut to the window. */
	scols_table_set_termforce(table->table, SCOLS_TERMFORCE_NEVER);
	for (size_t i = 0; i < n_columns; i++) {
		int flags = right_align && right_align[i] ? SCOLS_FL_RIGHT : 0;

		if (!scols_table_new_column(table->table, names[i], 1, flags))
			out_of_memory();
	}
	return table;
}

void out_table_row(struct out_table *table, const char *const *cells)
{
	struct libscols_line *line = scols_table_new_line(table->table, NULL);

	if (!line)
		out_of_memory();
	for (size_t i = 0; i < table->n_columns; i++) {
		char *safe = cells[i] ? safe_copy(cells[i]) : NULL;

		/* The table owns it from now on. */
		if (scols_line_refer_data(line, i, safe))
			out_of_memory();
	}
}

void out_table_print(struct out_table *table)
{
	if (scols_print_table(table->table) && !ferror(stdout))
		out_of_memory();
	scols_unref_table(table->table);
	free(table);
}

static const char *escape(enum out_style style)
{
	static const char *const escapes[] = {
		[OUT_BOLD] = "\033[1m",
		[OUT_RED] = "\033[1;31m",
		[OUT_GREEN] = "\033[1;32m",
	};

	return out_colour() ? escapes[style] : "";
}

static void print(FILE *stream, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		out_of_memory();
	safe_puts(stream, text);
	free(text);
	fputc('\n', stream);
}

void out_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(stdout, format, args);
	va_end(args);
}

void out_headline(enum out_style style, const char *word, const char *format, ...)
{
	va_list args;

	fputs(escape(style), stdout);
	safe_puts(stdout, word);
	fputs(out_colour() ? "\033[0m" : "", stdout);
	va_start(args, format);
	print(stdout, format, args);
	va_end(args);
}

void out_complain(const char *format, ...)
{
	va_list args;

	/* What was said before on stdout comes first where both are one stream. */
	fflush(stdout);
	fputs("eqfwctl: ", stderr);
	va_start(args, format);
	print(stderr, format, args);
	va_end(args);
}

bool out_flush(void)
{
	bool broken = ferror(stdout);

	errno = 0;
	if (!fflush(stdout) && !broken)
		return true;
	/* The reader of a pipe left on purpose: the exit status is enough. */
	if (errno != EPIPE)
		out_complain("cannot write to standard output: %s",
			     errno ? strerror(errno) : "input/output error");
	clearerr(stdout);
	return false;
}

int out_finish(int status)
{
	return out_flush() ? status : EXIT_STATUS_NO;
}

bool out_colour(void)
{
	const char *no_color = getenv("NO_COLOR");

	return !(no_color && *no_color) && isatty(STDOUT_FILENO);
}
