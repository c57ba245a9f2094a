/* SPDX-License-Identifier: GPL-2.0 */
/* The command table, exit statuses, and what every command shares. */
#ifndef EQFW_CMD_H
#define EQFW_CMD_H

#include <stdbool.h>

/* Exit status (DESIGN section 7). */
enum exit_status {
	EXIT_STATUS_OK = 0,
	EXIT_STATUS_NO = 1,
	EXIT_STATUS_USAGE = 2,
	EXIT_STATUS_NO_MODULE = 3,
	EXIT_STATUS_NOT_PERMITTED = 4,
	EXIT_STATUS_INVALID = 5,
	EXIT_STATUS_REFUSED = 6,
	EXIT_STATUS_ROLLED_BACK = 7,
	EXIT_STATUS_VERSION = 8,
	EXIT_STATUS_BUSY = 9,
};

/**
 * struct cmd_option - an option of a command
 * @name: long name without dashes
 * @letter: short letter or 0
 * @value: name of its value for usage ("FILE"), NULL for a flag
 * @help: one line
 */
struct cmd_option {
	const char *name;
	char letter;
	const char *value;
	const char *help;
};

/**
 * struct cmd - a command
 * @name: verb
 * @args: positional arguments for usage
 * @help: one line without a full stop; NULL hides the command from help and completion
 * @needs_module: talks to the kernel
 * @options: its own options, ended by a NULL name; --json, --netns, --matrix, --help are common:
 *	they are listed here too where the command takes them (macros below)
 * @run: argv[0] is the verb; returns an enum exit_status
 */
struct cmd {
	const char *name;
	const char *args;
	const char *help;
	bool needs_module;
	const struct cmd_option *options;
	int (*run)(int argc, char **argv);
};

#define CMD_OPTION_JSON \
	{ \
		"json", 'j', NULL, "print JSON" \
	}
/* Two options: matrix_dirs_set() takes them. */
#define CMD_OPTION_MATRIX \
	{ "matrix", 'm', "DIR", "read the matrix from DIR" }, \
	{ \
		"matrix.d", 0, "DIR", "read the site's own rows from DIR" \
	}
#define CMD_OPTION_NETNS \
	{ \
		"netns", 'N', "NAME", "act in the network namespace NAME" \
	}
#define CMD_OPTION_DRY_RUN \
	{ \
		"dry-run", 'n', NULL, "check everything, change nothing" \
	}
#define CMD_OPTION_END \
	{ \
		0 \
	}

/* All commands in the order of help; defined in userspace/commands.c, one extern per cmd_*.c. */
extern const struct cmd *const cmd_table[];
extern const unsigned int cmd_table_size;

/**
 * cmd_getopt() - parse a command's options with getopt_long from its own table
 * @cmd: the command
 * @argc: as given to run
 * @argv: as given to run
 * @value: called for each option; returns false where the value is bad (already reported)
 * @ctx: for @value
 *
 * --help prints the usage and ends the program with 0.
 * Return: index of the first positional argument, or -1 (usage error, already reported).
 */
int cmd_getopt(const struct cmd *cmd, int argc, char **argv,
	       bool (*value)(void *ctx, const char *name, const char *value), void *ctx);

/* Print a command's usage and options to stdout. */
void cmd_help(const struct cmd *cmd);

/* Print "eqfwctl VERB: message" and the usage hint; returns EXIT_STATUS_USAGE. */
int cmd_usage_error(const struct cmd *cmd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
