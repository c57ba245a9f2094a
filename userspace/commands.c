// SPDX-License-Identifier: GPL-2.0
#include "cmd.h"

/* One line a command: X(VERB), defined in cmd_VERB.c. Dispatch, help and completion follow it. */
#define COMMANDS(X) \
	X(status) \
	X(load) \
	X(confirm) \
	X(rollback) \
	X(history) \
	X(doctor) \
	X(clear) \
	X(mode) \
	X(stage) \
	X(promote) \
	X(rows) \
	X(drops) \
	X(dump) \
	X(coverage) \
	X(metrics) \
	X(top) \
	X(monitor) \
	X(trace) \
	X(log) \
	X(init) \
	X(check) \
	X(lint) \
	X(compile) \
	X(inspect) \
	X(explain) \
	X(test) \
	X(search) \
	X(diff) \
	X(report) \
	X(export) \
	X(plan) \
	X(matrix) \
	X(completion)

#define COMMAND_EXTERN(verb) extern const struct cmd cmd_##verb;
COMMANDS(COMMAND_EXTERN)

#define COMMAND_ENTRY(verb) &cmd_##verb,
const struct cmd *const cmd_table[] = { COMMANDS(COMMAND_ENTRY) };
const unsigned int cmd_table_size = sizeof(cmd_table) / sizeof(cmd_table[0]);
