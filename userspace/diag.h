/* SPDX-License-Identifier: GPL-2.0 */
/* The one place that says what is wrong with an input: file:line:col, the line, a caret, the fix. */
#ifndef EQFW_DIAG_H
#define EQFW_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct source_text - a text file being read
 * @name: as the user gave it
 * @text: its bytes, NUL-terminated; NULL where messages must not quote them
 * @size: bytes without the NUL
 */
struct source_text {
	const char *name;
	const char *text;
	size_t size;
};

/**
 * struct place - where in a text
 * @source: the text, or NULL where a complaint has no place
 * @line: from 1; 0 = the whole file
 * @col: in characters, from 1; 0 = the whole line
 * @len: characters to underline, at least 1
 */
struct place {
	const struct source_text *source;
	unsigned int line;
	unsigned int col;
	unsigned int len;
};

#define NOWHERE ((struct place){ 0 })

/* A part of a scalar at `at`: `offset` characters in, `len` long. Unknown columns stay unknown. */
static inline struct place place_part(struct place at, size_t offset, size_t len)
{
	if (at.col) {
		at.col += (unsigned int)offset;
		at.len = len ? (unsigned int)len : 1;
	}
	return at;
}

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, N_SEVERITIES };

/**
 * struct warned - a warning for somebody who does more than print it
 * @check: what it is about ("shadowed"), or NULL
 * @id: of the row, item or host, or NULL
 * @at: where
 * @help: the fix, or NULL
 * @text: the sentence
 */
struct warned {
	const char *check;
	const char *id;
	struct place at;
	const char *help;
	const char *text;
};

/**
 * struct diag - collector of complaints; each is printed to stderr as it comes
 * @errors: how many so far
 * @warnings: how many so far
 * @quiet: count, but print nothing
 * @hear: takes each warning in place of stderr; what it is given lives until it returns
 * @hearer: for @hear
 */
struct diag {
	unsigned int errors;
	unsigned int warnings;
	bool quiet;
	void (*hear)(void *hearer, const struct warned *warned);
	void *hearer;
};

/* `help` is the fix in one sentence, or NULL. Control characters of the input are shown as \xNN. */
void diag_error(struct diag *diag, struct place at, const char *help, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void diag_warning(struct diag *diag, struct place at, const char *help, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same, and what it is about for those who sort warnings: a check of `lint` and an id. */
void diag_warning_on(struct diag *diag, const char *check, const char *id, struct place at,
		     const char *help, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

const char *severity_name(enum severity severity);
/* Print one: place, severity, sentence, the line, a caret, the fix. Coloured where that is a terminal. */
void diag_show(FILE *stream, enum severity severity, struct place at, const char *help,
	       const char *text);

/* The candidate most like `word` (edit distance at most a third of its length), or NULL. */
const char *diag_suggest(const char *word, const char *const *candidates, size_t n);

#endif
