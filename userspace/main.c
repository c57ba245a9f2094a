// SPDX-License-Identifier: GPL-2.0
/* eqfwctl: find the verb and run it. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <eqfw/format.h>
#include <eqfw/version.h>
#include <linux/eqfw.h>

#include "cmd.h"
#include "diag.h"
#include "out.h"

#define MAX_COMMANDS 64

/*
 * A file or socket must never become descriptor 0, 1 or 2 because the caller had closed it. The
 * replacement is opened the wrong way round, so that using it fails as a closed one would.
 */
static void hold_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

static const struct cmd *find(const char *verb)
{
	for (unsigned int i = 0; i < cmd_table_size; i++)
		if (!strcmp(cmd_table[i]->name, verb))
			return cmd_table[i];
	return NULL;
}

static void help_verbs(bool needs_module)
{
	for (unsigned int i = 0; i < cmd_table_size; i++)
		if (cmd_table[i] && cmd_table[i]->help &&
		    cmd_table[i]->needs_module == needs_module)
			out_line("  %-10s %s", cmd_table[i]->name, cmd_table[i]->help);
}

static int help(void)
{
	out_line("Usage: eqfwctl [VERB] [OPTIONS] [ARGUMENTS]");
	out_line("%s", "");
	out_line("Without a verb: status. `eqfwctl VERB --help` says more.");
	out_line("%s", "");
	out_line("With the module:");
	help_verbs(true);
	out_line("%s", "");
	out_line("Offline:");
	help_verbs(false);
	out_line("%s", "");
	out_line("Exit status: 0 yes or done, 1 no, 2 usage, 3 module absent, 4 not permitted,");
	out_line("5 input invalid, 6 kernel refused, 8 versions do not fit, 9 busy or overtaken.");
	return out_finish(EXIT_STATUS_OK);
}

static int version(void)
{
	out_line("eqfwctl %s (profile format %d, netlink version %d)", EQFW_VERSION,
		 EQFW_FORMAT_VERSION, EQFW_GENL_VERSION);
	return out_finish(EXIT_STATUS_OK);
}

static int unknown(const char *verb)
{
	const char *names[MAX_COMMANDS], *like;
	size_t n = 0;

	for (unsigned int i = 0; i < cmd_table_size && n < MAX_COMMANDS; i++)
		if (cmd_table[i]->help)
			names[n++] = cmd_table[i]->name;
	like = diag_suggest(verb, names, n);
	if (like)
		out_complain("unknown verb \"%s\"; did you mean \"%s\"?", verb, like);
	else
		out_complain("unknown verb \"%s\"", verb);
	out_complain("see: eqfwctl --help");
	return EXIT_STATUS_USAGE;
}

static int help_verb(int argc, char **argv)
{
	const struct cmd *cmd;

	if (argc < 2)
		return help();
	cmd = find(argv[1]);
	if (!cmd)
		return unknown(argv[1]);
	cmd_help(cmd);
	return out_finish(EXIT_STATUS_OK);
}

static int run(int argc, char **argv)
{
	const struct cmd *cmd;

	if (argc < 2 || !*argv)
		return find("status")->run(1, (char *[]){ "status", NULL });
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return help();
	if (!strcmp(argv[1], "help"))
		return help_verb(argc - 1, argv + 1);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return version();
	if (argv[1][0] == '-')
		return find("status")->run(argc, argv);
	cmd = find(argv[1]);
	return cmd ? cmd->run(argc - 1, argv + 1) : unknown(argv[1]);
}

int main(int argc, char **argv)
{
	hold_standard_streams();
	signal(SIGPIPE, SIG_IGN);
	/* A line is one write: several programs may share a log. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	/* Names are UTF-8 whatever the terminal is, and output does not depend on the place. */
	setlocale(LC_CTYPE, "C.UTF-8");
	return run(argc, argv);
}
