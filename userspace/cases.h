/* SPDX-License-Identifier: GPL-2.0 */
/* Files of flows and expected verdicts: tab-separated, one first packet a line. */
#ifndef EQFW_CASES_H
#define EQFW_CASES_H

#include "diag.h"
#include "flow_spec.h"
#include "mem.h"

enum case_column {
	CASE_FROM,
	CASE_TO,
	CASE_PROTO,
	CASE_SPORT,
	CASE_DPORT,
	CASE_EXPECTED,
	N_CASE_COLUMNS,
};

/**
 * struct test_case - a line
 * @source: the file
 * @line: number of the line
 * @cells: as written
 * @cols: column of each cell in characters, from 1
 * @spec: the flow; of ICMP the dport cell is the type, the sport cell must be "-"
 * @permit: the expected verdict
 */
struct test_case {
	const struct source_text *source;
	unsigned int line;
	const char *cells[N_CASE_COLUMNS];
	unsigned int cols[N_CASE_COLUMNS];
	struct flow_spec spec;
	bool permit;
};

struct cases {
	struct test_case *cases;
	size_t n;
};

/*
 * The first line that is not empty and no comment (#) is the header. All errors are said, not the
 * first; false after one. Everything lives in the arena.
 */
bool cases_read(struct arena *arena, const char *file, struct diag *diag, struct cases *out);
/* Where the cell stands that a problem is about. */
struct place case_place(const struct test_case *test, enum flow_field field);

#endif
