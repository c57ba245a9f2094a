// SPDX-License-Identifier: GPL-2.0
#include "cases.h"

#include <stdlib.h>
#include <string.h>

#include "yaml.h"

#define CASES_MAX_SIZE (64u << 20)
#define HEADER_TEXT "from<tab>to<tab>proto<tab>sport<tab>dport<tab>expected"

static const char *const column_names[N_CASE_COLUMNS] = {
	[CASE_FROM] = "from",	[CASE_TO] = "to",	[CASE_PROTO] = "proto",
	[CASE_SPORT] = "sport", [CASE_DPORT] = "dport", [CASE_EXPECTED] = "expected",
};

struct reader {
	struct arena *arena;
	struct diag *diag;
	const struct source_text *source;
	bool has_header;
	struct test_case *cases;
	size_t n;
	size_t capacity;
};

static unsigned int count_chars(const char *text, size_t len)
{
	unsigned int n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

static struct place cell_place(const struct test_case *line, enum case_column column)
{
	const char *cell = line->cells[column];
	unsigned int len = cell ? count_chars(cell, strlen(cell)) : 1;

	return (struct place){ line->source, line->line, line->cols[column], len ? len : 1 };
}

/* Cut a line at its tabs. Returns the number of cells, which may be more than there are columns. */
static size_t split(struct reader *reader, const char *text, size_t len, struct test_case *line)
{
	unsigned int col = 1;
	size_t n = 0;

	for (;;) {
		const char *tab = memchr(text, '\t', len);
		size_t cell = tab ? (size_t)(tab - text) : len;

		if (n < N_CASE_COLUMNS) {
			line->cells[n] = arena_strndup(reader->arena, text, cell);
			line->cols[n] = col;
		}
		n++;
		if (!tab)
			return n;
		col += count_chars(text, cell) + 1;
		text += cell + 1;
		len -= cell + 1;
	}
}

static bool check_header(struct reader *reader, const struct test_case *line, size_t n)
{
	struct place at = { reader->source, line->line, 1, 1 };

	reader->has_header = true;
	for (enum case_column i = 0; i < N_CASE_COLUMNS && i < n; i++) {
		if (!strcmp(line->cells[i], column_names[i]))
			continue;
		diag_error(reader->diag, cell_place(line, i), "the header is " HEADER_TEXT,
			   "this column is called \"%s\"", column_names[i]);
		return false;
	}
	if (n == N_CASE_COLUMNS)
		return true;
	diag_error(reader->diag, at, "the header is " HEADER_TEXT, "%zu columns instead of %d", n,
		   N_CASE_COLUMNS);
	return false;
}

/* "-" is nothing; so is an empty cell, which a spreadsheet writes. */
static const char *stated(const char *cell)
{
	return *cell && strcmp(cell, "-") ? cell : NULL;
}

static bool check_expected(struct reader *reader, struct test_case *line)
{
	const char *expected = line->cells[CASE_EXPECTED];

	line->permit = !strcmp(expected, "permit");
	if (line->permit || !strcmp(expected, "drop"))
		return true;
	diag_error(reader->diag, cell_place(line, CASE_EXPECTED), "permit or drop",
		   "\"%s\" is no verdict", expected);
	return false;
}

static bool check_ends(struct reader *reader, const struct test_case *line)
{
	static const enum case_column required[] = { CASE_FROM, CASE_TO, CASE_PROTO };

	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		if (stated(line->cells[required[i]]))
			continue;
		diag_error(reader->diag, cell_place(line, required[i]), NULL, "\"%s\" is missing",
			   column_names[required[i]]);
		return false;
	}
	return true;
}

static void make_spec(struct test_case *line)
{
	line->spec = (struct flow_spec){
		.from = line->cells[CASE_FROM],
		.to = line->cells[CASE_TO],
		.proto = line->cells[CASE_PROTO],
		.sport = stated(line->cells[CASE_SPORT]),
		.dport = stated(line->cells[CASE_DPORT]),
	};
	if (!flow_spec_is_icmp(line->spec.proto))
		return;
	line->spec.type = line->spec.dport;
	line->spec.dport = NULL;
}

static void take_line(struct reader *reader, const char *text, size_t len, unsigned int number)
{
	struct test_case line = { .source = reader->source, .line = number };
	struct place at = { reader->source, number, 1, 1 };
	size_t n;

	if (!len || *text == '#')
		return;
	n = split(reader, text, len, &line);
	if (!reader->has_header) {
		check_header(reader, &line, n);
		return;
	}
	if (n != N_CASE_COLUMNS) {
		diag_error(reader->diag, at, "cells are separated by one tab each; - means none",
			   "%zu cells instead of %d", n, N_CASE_COLUMNS);
		return;
	}
	if (!check_expected(reader, &line) || !check_ends(reader, &line))
		return;
	make_spec(&line);
	GROW(reader->cases, reader->n, reader->capacity);
	reader->cases[reader->n++] = line;
}

static void take_lines(struct reader *reader)
{
	const char *text = reader->source->text, *end = text + reader->source->size;

	for (unsigned int number = 1; text < end; number++) {
		const char *feed = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((feed ? feed : end) - text);

		take_line(reader, text, len && text[len - 1] == '\r' ? len - 1 : len, number);
		text += len + 1;
	}
}

bool cases_read(struct arena *arena, const char *file, struct diag *diag, struct cases *out)
{
	struct reader reader = { .arena = arena, .diag = diag };
	unsigned int errors = diag->errors;

	*out = (struct cases){ 0 };
	reader.source = source_read(arena, file, CASES_MAX_SIZE, diag);
	if (!reader.source)
		return false;
	take_lines(&reader);
	if (diag->errors == errors && !reader.n)
		diag_error(diag, (struct place){ .source = reader.source },
			   "the first line is " HEADER_TEXT ", then one flow a line",
			   "there is no case in it");
	out->cases = arena_alloc(arena, (reader.n + 1) * sizeof(*out->cases));
	if (reader.n)
		memcpy(out->cases, reader.cases, reader.n * sizeof(*out->cases));
	out->n = reader.n;
	free(reader.cases);
	return diag->errors == errors;
}

struct place case_place(const struct test_case *test, enum flow_field field)
{
	static const enum case_column columns[] = {
		[FLOW_FROM] = CASE_FROM,   [FLOW_TO] = CASE_TO,	      [FLOW_PROTO] = CASE_PROTO,
		[FLOW_SPORT] = CASE_SPORT, [FLOW_DPORT] = CASE_DPORT, [FLOW_TYPE] = CASE_DPORT,
		[FLOW_FAMILY] = CASE_FROM,
	};

	return cell_place(test, columns[field]);
}
