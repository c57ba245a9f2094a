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

struct out_table;

/* Columns: names; right_align may be NULL. Colours only on a tty without NO_COLOR. */
struct out_table *out_table_new(size_t n_columns, const char *const *names,
				const bool *right_align);
void out_table_row(struct out_table *table, const char *const *cells);
void out_table_print(struct out_table *table); /* prints and releases */

void out_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* To stderr: "eqfwctl: message". */
void out_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Flush stdout; EXIT_STATUS_NO instead of `status` where that failed (disk full, closed pipe). */
int out_finish(int status);
/* Whether stdout may be coloured; bold/red/green escape or "". */
bool out_colour(void);

#endif
