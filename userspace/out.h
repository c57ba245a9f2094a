/* SPDX-License-Identifier: GPL-2.0 */
/* Everything that goes to stdout: tables (libsmartcols), JSON (jansson), plain lines. */
#ifndef EQFW_OUT_H
#define EQFW_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* "{"eqfw": {"schema": "NAME/1", "version": ..., "digest": ...}}", digest NULL -> null. */
json_t *out_json_new(const char *schema, const char *digest);
/* Print and release; false (and a message) where stdout cannot take it. */
bool out_json_print(json_t *root);
/* The same in one line, for streams of objects. */
bool out_json_line(json_t *root);

/* A string of any bytes; NULL -> null. */
json_t *out_json_string(const char *text);

struct out_table;

/* Columns: names; right_align may be NULL. Colours only on a tty without NO_COLOR. */
struct out_table *out_table_new(size_t n_columns, const char *const *names,
				const bool *right_align);
void out_table_row(struct out_table *table, const char *const *cells);
void out_table_print(struct out_table *table); /* prints and releases */

/* One line, its line feed added; control characters of the text are shown as \xNN. */
void out_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
enum out_style { OUT_BOLD, OUT_RED, OUT_GREEN };
/* A line whose first word is coloured where stdout may be. */
void out_headline(enum out_style style, const char *word, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* To stderr: "eqfwctl: message". */
void out_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Flush stdout; EXIT_STATUS_NO instead of `status` where that failed (disk full, closed pipe). */
int out_finish(int status);
/* The same for commands whose exit status must go on saying what the kernel did. */
bool out_flush(void);
/* Whether stdout may be coloured: a tty, and no NO_COLOR. */
bool out_colour(void);

#endif
