/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_FLOW_FILE_H
#define EQFW_FLOW_FILE_H

#include "flow_spec.h"
#include "image.h"

/**
 * struct flow_file - a profile file ready to judge flows
 * @base: for flow_spec_resolve() and flow_judge()
 * @file: its bytes
 * @table: the table that @base points to
 */
struct flow_file {
	struct flow_base base;
	struct profile_file file;
	struct eqfw_table *table;
};

/* Returns an exit status; what went wrong was printed. `out` must not move afterwards. */
int flow_file_read(const char *path, struct flow_file *out);
void flow_file_free(struct flow_file *file);

#endif
