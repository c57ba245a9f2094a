/* SPDX-License-Identifier: GPL-2.0 */
/* The command table, exit statuses, and what every command shares. */
#ifndef EQFW_CMD_H
#define EQFW_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

struct cmd;

/* How the value of an option is read, and what it is written to. */
enum cmd_kind {
	CMD_KIND_FLAG,	 /* takes no value; a bool */
	CMD_KIND_TEXT,	 /* const char * */
	CMD_KIND_NUMBER, /* uint64_t */
	CMD_KIND_TIME,	 /* uint64_t, seconds */
	CMD_KIND_OTHER,	 /* @set reads it */
};

/**
 * struct cmd_option - an option of a command; the macros below write them
 * @name: long name without dashes
 * @letter: short letter or 0
 * @value: name of its value for usage ("FILE"), NULL for a flag
 * @help: one line
 * @kind: what it is
 * @at: where it is written to: offset in the command's struct options
 * @min: of a number or time
 * @max: of a number or time
 * @set: for CMD_KIND_OTHER: takes the struct options; returns false where the value is bad
 *	(already reported)
 */
struct cmd_option {
	const char *name;
	char letter;
	const char *value;
	const char *help;
	enum cmd_kind kind;
	size_t at;
	uint64_t min;
	uint64_t max;
	bool (*set)(void *options, const struct cmd *cmd, const char *value);
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

/* Where a member of the command's struct options lies; does not compile for another type. */
#define CMD_AT(type, member) \
	(offsetof(struct options, member) + 0 * sizeof((type *)0 == &((struct options *)0)->member))

#define CMD_FLAG(name_, letter_, help_, member) \
	{ \
		.name = (name_), .letter = (letter_), .help = (help_), .kind = CMD_KIND_FLAG, \
		.at = CMD_AT(bool, member) \
	}
#define CMD_TEXT(name_, letter_, value_, help_, member) \
	{ \
		.name = (name_), .letter = (letter_), .value = (value_), .help = (help_), \
		.kind = CMD_KIND_TEXT, .at = CMD_AT(const char *, member) \
	}
#define CMD_NUMBER(name_, letter_, value_, help_, member, min_, max_) \
	{ \
		.name = (name_), .letter = (letter_), .value = (value_), .help = (help_), \
		.kind = CMD_KIND_NUMBER, .at = CMD_AT(uint64_t, member), .min = (min_), \
		.max = (max_) \
	}
/* Limits in seconds. */
#define CMD_TIME(name_, letter_, help_, member, min_, max_) \
	{ \
		.name = (name_), .letter = (letter_), .value = "TIME", .help = (help_), \
		.kind = CMD_KIND_TIME, .at = CMD_AT(uint64_t, member), .min = (min_), \
		.max = (max_) \
	}
#define CMD_OTHER(name_, letter_, value_, help_, set_) \
	{ \
		.name = (name_), .letter = (letter_), .value = (value_), .help = (help_), \
		.kind = CMD_KIND_OTHER, .set = (set_) \
	}

#define CMD_OPTION_JSON CMD_FLAG("json", 'j', "print JSON", json)
/* Two options, for the member "dirs". */
#define CMD_OPTION_MATRIX \
	CMD_TEXT("matrix", 'm', "DIR", "read the matrix from DIR", dirs.matrix), \
		CMD_TEXT("matrix.d", 0, "DIR", "read the site's own rows from DIR", dirs.site)
#define CMD_OPTION_NETNS CMD_TEXT("netns", 'N', "NAME", "act in the network namespace NAME", netns)
#define CMD_OPTION_DRY_RUN CMD_FLAG("dry-run", 'n', "check everything, change nothing", dry_run)
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
 * @options: the command's struct options, which the table writes to
 *
 * --help prints the usage and ends the program with 0.
 * Return: index of the first positional argument, or -1 (usage error, already reported).
 */
int cmd_getopt(const struct cmd *cmd, int argc, char **argv, void *options);

/* The same for a command without positional arguments; false after a usage error. */
bool cmd_getopt_only(const struct cmd *cmd, int argc, char **argv, void *options);

/* Print a command's usage and options to stdout. */
void cmd_help(const struct cmd *cmd);

/* Print "eqfwctl VERB: message" and the usage hint; returns EXIT_STATUS_USAGE. */
int cmd_usage_error(const struct cmd *cmd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
