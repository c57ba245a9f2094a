/* SPDX-License-Identifier: GPL-2.0 */
/* Figures in the text format of Prometheus and as JSON: one model, two forms. */
#ifndef EQFW_METRICS_H
#define EQFW_METRICS_H

#include <jansson.h>
#include <stdint.h>

/* A new family in the list of families; samples go to what is returned (borrowed). */
json_t *metrics_family(json_t *families, const char *name, const char *type, const char *help);
/* A sample; labels are up to three pairs of name and value, ended by NULL. */
void metrics_sample(json_t *family, uint64_t value, ...);
/* The text format, version 0.0.4, to stdout. */
void metrics_print(const json_t *families);
/* A label's value with backslash, quote and line feed escaped; released by the caller. */
char *metrics_escape(const char *value);

#endif
