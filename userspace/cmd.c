// SPDX-License-Identifier: GPL-2.0
/* What commands share: options from a table, usage, help. */
#include "cmd.h"

#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "mem.h"
#include "numbers.h"
#include "out.h"

#define FIRST_LONG 256 /* getopt values of long options: no character */

static size_t count_options(const struct cmd *cmd)
{
	size_t n = 0;

	while (cmd->options && cmd->options[n].name)
		n++;
	return n;
}

static void help_option(const struct cmd_option *option)
{
	char left[64], letter[8] = "    ";

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, option->name, option->value ? " " : "",
		 option->value ? option->value : "");
	out_line("  %-26s %s", left, option->help);
}

void cmd_help(const struct cmd *cmd)
{
	static const struct cmd_option help = { .name = "help",
						.letter = 'h',
						.help = "print this" };

	out_line("Usage: eqfwctl %s [OPTIONS]%s%s", cmd->name, cmd->args && *cmd->args ? " " : "",
		 cmd->args ? cmd->args : "");
	out_line("%s", "");
	if (cmd->help)
		out_line("%c%s%s.", toupper((unsigned char)*cmd->help), cmd->help + 1,
			 cmd->needs_module ? " (needs the module)" : "");
	out_line("%s", "");
	out_line("Options:");
	for (const struct cmd_option *option = cmd->options; option && option->name; option++)
		help_option(option);
	help_option(&help);
}

int cmd_usage_error(const struct cmd *cmd, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	out_complain("%s: %s", cmd->name, text ? text : format);
	out_complain("see: eqfwctl %s --help", cmd->name);
	free(text);
	return EXIT_STATUS_USAGE;
}

/* getopt's two forms of the command's options. */
static void make_getopt(const struct cmd *cmd, size_t n, struct option *longs, char *shorts)
{
	*shorts++ = ':';
	*shorts++ = 'h';
	for (size_t i = 0; i < n; i++) {
		const struct cmd_option *option = &cmd->options[i];

		longs[i] = (struct option){ option->name,
					    option->value ? required_argument : no_argument, NULL,
					    FIRST_LONG + (int)i };
		if (!option->letter)
			continue;
		*shorts++ = option->letter;
		if (option->value)
			*shorts++ = ':';
	}
	*shorts = '\0';
	longs[n] = (struct option){ "help", no_argument, NULL, 'h' };
	longs[n + 1] = (struct option){ 0 };
}

static const struct cmd_option *find_option(const struct cmd *cmd, int code)
{
	for (size_t i = 0; cmd->options && cmd->options[i].name; i++)
		if (code == FIRST_LONG + (int)i ||
		    (code < FIRST_LONG && code == cmd->options[i].letter))
			return &cmd->options[i];
	return NULL;
}

static int unknown_option(const struct cmd *cmd, const char *given)
{
	size_t n = count_options(cmd);
	const char **names = must_alloc((n + 1) * sizeof(*names));
	const char *word = given + strspn(given, "-"), *like;

	for (size_t i = 0; i < n; i++)
		names[i] = cmd->options[i].name;
	like = strncmp(given, "--", 2) ? NULL : diag_suggest(word, names, n);
	if (like)
		cmd_usage_error(cmd, "unknown option \"%s\"; did you mean --%s?", given, like);
	else
		cmd_usage_error(cmd, "unknown option \"%s\"", given);
	free(names);
	return -1;
}

static bool take_value(const struct cmd *cmd, const struct cmd_option *option, void *options)
{
	void *at = (char *)options + option->at;

	switch (option->kind) {
	case CMD_KIND_FLAG:
		*(bool *)at = true;
		return true;
	case CMD_KIND_TEXT:
		*(const char **)at = optarg;
		return true;
	case CMD_KIND_NUMBER:
		return number_option(cmd, option->name, optarg, option->min, option->max, at);
	case CMD_KIND_TIME:
		return time_option(cmd, option->name, optarg, option->min, option->max, at);
	case CMD_KIND_OTHER:
		break;
	}
	return option->set(options, cmd, optarg);
}

/* One answer of getopt_long. Returns false after a usage error. */
static bool take(const struct cmd *cmd, int code, char **argv, void *options)
{
	const struct cmd_option *option = find_option(cmd, code);
	char letter[3] = { '-', (char)optopt, '\0' };

	if (code == 'h') {
		cmd_help(cmd);
		exit(out_finish(EXIT_STATUS_OK));
	}
	if (option)
		return take_value(cmd, option, options);
	if (code == ':') {
		option = find_option(cmd, optopt);
		cmd_usage_error(cmd, "--%s needs a value (%s)", option->name, option->value);
		return false;
	}
	option = optopt >= FIRST_LONG ? find_option(cmd, optopt) : NULL;
	if (option)
		cmd_usage_error(cmd, "--%s takes no value", option->name);
	else
		unknown_option(cmd, optopt ? letter : argv[optind - 1]);
	return false;
}

int cmd_getopt(const struct cmd *cmd, int argc, char **argv, void *options)
{
	size_t n = count_options(cmd);
	struct option *longs = must_alloc((n + 2) * sizeof(*longs));
	char *shorts = must_alloc(2 * n + 3);
	bool good = true;
	int code;

	make_getopt(cmd, n, longs, shorts);
	opterr = 0;
	optind = 0; /* glibc: start over */
	while (good && (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		good = take(cmd, code, argv, options);
	free(longs);
	free(shorts);
	return good ? optind : -1;
}

bool cmd_getopt_only(const struct cmd *cmd, int argc, char **argv, void *options)
{
	int first = cmd_getopt(cmd, argc, argv, options);

	if (first >= 0 && first < argc)
		cmd_usage_error(cmd, "unexpected argument \"%s\"", argv[first]);
	return first == argc;
}
