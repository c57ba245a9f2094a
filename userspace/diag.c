// SPDX-License-Identifier: GPL-2.0
#include "diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "safe.h"

#define MESSAGE_MAX 600	  /* bytes of a message that quotes its input */
#define SHOWN_MAX 500	  /* errors, and as many warnings */
#define EXCERPT_CHARS 160 /* of a source line; longer ones are shown around the column */

static bool colour(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR");

	return !(no_color && *no_color) && isatty(fileno(stream));
}

/* The line's first byte and its length without the line end; false where there is no such line. */
static bool find_line(const struct source_text *source, unsigned int line, const char **start,
		      size_t *len)
{
	const char *end = source->text + source->size;
	const char *at = source->text;

	while (--line) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (!at)
			return false;
		at++;
	}
	const char *stop = memchr(at, '\n', (size_t)(end - at));

	*start = at;
	*len = (size_t)((stop ? stop : end) - at);
	if (*len && at[*len - 1] == '\r')
		--*len;
	return true;
}

static size_t char_bytes(const char *text, size_t left)
{
	char out[SAFE_CHAR_MAX];

	return safe_char(text, left, out);
}

/* Bytes that the given number of characters take. */
static size_t skip_chars(const char *text, size_t left, unsigned int chars)
{
	size_t used = 0;

	while (chars-- && used < left)
		used += char_bytes(text + used, left - used);
	return used;
}

/* What a source character is shown as; its width on the terminal, in columns. */
static size_t shown(const char *text, size_t left, char out[SAFE_CHAR_MAX], size_t *used)
{
	size_t width = 0;

	if (*text == '\t') {
		*used = 1;
		strcpy(out, "    ");
		return 4;
	}
	*used = safe_char(text, left, out);
	for (const char *p = out; *p; p++)
		width += (*p & 0xc0) != 0x80;
	return width;
}

static void show_caret(FILE *stream, size_t indent, size_t width)
{
	fprintf(stream, "      | %*s^", (int)indent, "");
	while (width-- > 1)
		fputc('~', stream);
	fputc('\n', stream);
}

/* The source line, cut to a readable length around the place, and the caret under it. */
static void show_line(FILE *stream, struct place at)
{
	char out[SAFE_CHAR_MAX];
	unsigned int first = 1;
	size_t len, used, indent = 0, width = 0;
	const char *text;

	if (!find_line(at.source, at.line, &text, &len))
		return;
	if (at.col > EXCERPT_CHARS - 20) {
		first = at.col - 40;
		size_t skipped = skip_chars(text, len, first - 1);

		text += skipped;
		len -= skipped;
	}
	fprintf(stream, "%5u | ", at.line);
	for (unsigned int col = first; len && col < first + EXCERPT_CHARS; col++) {
		size_t columns = shown(text, len, out, &used);

		fputs(out, stream);
		indent += col < at.col ? columns : 0;
		width += col >= at.col && col < at.col + (at.len ? at.len : 1) ? columns : 0;
		text += used;
		len -= used;
	}
	fputc('\n', stream);
	if (at.col)
		show_caret(stream, indent, width);
}

static void show_place(FILE *stream, struct place at)
{
	if (!at.source) {
		fputs("eqfwctl: ", stream);
		return;
	}
	safe_puts(stream, at.source->name);
	if (at.line)
		fprintf(stream, ":%u", at.line);
	if (at.line && at.col)
		fprintf(stream, ":%u", at.col);
	fputs(": ", stream);
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[severity];
}

void diag_show(FILE *stream, enum severity severity, struct place at, const char *help,
	       const char *text)
{
	static const char *const paints[] = { "\033[1;36m", "\033[1;33m", "\033[1;31m" };
	bool paint = colour(stream);

	show_place(stream, at);
	fprintf(stream, "%s%s:%s ", paint ? paints[severity] : "", severity_name(severity),
		paint ? "\033[0m" : "");
	safe_puts(stream, text);
	fputc('\n', stream);
	if (at.source && at.source->text && at.line)
		show_line(stream, at);
	if (help) {
		fputs("help: ", stream);
		safe_puts(stream, help);
		fputc('\n', stream);
	}
}

/* A text as long as a file may be is not worth repeating. */
static void shorten(char *message)
{
	size_t at = MESSAGE_MAX;

	if (strlen(message) <= MESSAGE_MAX + 3)
		return;
	/* Not in the middle of a character. */
	while (at && (message[at] & 0xc0) == 0x80)
		at--;
	strcpy(message + at, "...");
}

/* Of this severity, enough has been said: counted, and not shown any more. */
static bool enough(const struct diag *diag, enum severity severity)
{
	unsigned int n = severity == SEVERITY_ERROR ? diag->errors : diag->warnings;

	if (n == SHOWN_MAX + 1)
		fprintf(stderr, "eqfwctl: further %ss are counted and not shown\n",
			severity_name(severity));
	return n > SHOWN_MAX;
}

static void say(const struct diag *diag, enum severity severity, const struct warned *about,
		const char *format, va_list args)
{
	struct warned said = *about;
	bool heard = severity == SEVERITY_WARNING && diag->hear;
	char *message;

	if (diag->quiet || (!heard && enough(diag, severity)))
		return;
	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	if (message)
		shorten(message);
	said.text = message ? message : format;
	if (heard)
		diag->hear(diag->hearer, &said);
	else
		diag_show(stderr, severity, said.at, said.help, said.text);
	free(message);
}

void diag_error(struct diag *diag, struct place at, const char *help, const char *format, ...)
{
	va_list args;

	diag->errors++;
	va_start(args, format);
	say(diag, SEVERITY_ERROR, &(struct warned){ .at = at, .help = help }, format, args);
	va_end(args);
}

void diag_warning(struct diag *diag, struct place at, const char *help, const char *format, ...)
{
	va_list args;

	diag->warnings++;
	va_start(args, format);
	say(diag, SEVERITY_WARNING, &(struct warned){ .at = at, .help = help }, format, args);
	va_end(args);
}

void diag_warning_on(struct diag *diag, const char *check, const char *id, struct place at,
		     const char *help, const char *format, ...)
{
	const struct warned about = { .check = check, .id = id, .at = at, .help = help };
	va_list args;

	diag->warnings++;
	va_start(args, format);
	say(diag, SEVERITY_WARNING, &about, format, args);
	va_end(args);
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Optimal string alignment: Levenshtein with transpositions of neighbours. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t n = strlen(b), width = n + 1;
	size_t *rows = must_alloc(3 * width * sizeof(*rows));
	size_t *before = rows, *last = rows + width, *now = rows + 2 * width, *swap;

	for (size_t j = 0; j <= n; j++)
		last[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		now[0] = i;
		for (size_t j = 1; j <= n; j++) {
			now[j] = min3(last[j] + 1, now[j - 1] + 1,
				      last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		swap = before;
		before = last;
		last = now;
		now = swap;
	}
	size_t distance = last[n];

	free(rows);
	return distance;
}

const char *diag_suggest(const char *word, const char *const *candidates, size_t n)
{
	size_t len = strlen(word), best = len / 3 + 1;
	const char *found = NULL;

	/* Nobody mistypes a name this long, and the distance is quadratic. */
	if (len > 256)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t other = strlen(candidates[i]);

		if ((other > len ? other - len : len - other) >= best)
			continue;
		size_t distance = edit_distance(word, candidates[i]);

		if (distance < best) {
			best = distance;
			found = candidates[i];
		}
	}
	return found;
}
