/* SPDX-License-Identifier: GPL-2.0 */
/* Lines of a deployment file and what the reader says about them. */
#ifndef DEPLOYMENT_CASES_H
#define DEPLOYMENT_CASES_H

#include <stddef.h>

/**
 * struct deployment_case - a line in place of the small good file's own, or behind it
 * @line: the line; "key:" takes the key out
 * @expect: part of a complaint, with line and column; NULL where there is none
 */
struct deployment_case {
	const char *line;
	const char *expect;
};

extern const struct deployment_case deployment_cases[];
extern const size_t n_deployment_cases;

#endif
