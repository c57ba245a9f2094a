// SPDX-License-Identifier: GPL-2.0
/* A completion script made from the command table: what the table knows, the shell completes. */
#include <string.h>

#include "cmd.h"
#include "out.h"

static int run(int argc, char **argv);

static const struct cmd_option option_list[] = {
	CMD_OPTION_END,
};

/* Hidden: packages and `make completion` run it, people do not. */
const struct cmd cmd_completion = {
	.name = "completion",
	.args = "bash",
	.options = option_list,
	.run = run,
};

static void print_verbs(void)
{
	out_line("\t\twords=\"--help --version help\"");
	for (unsigned int i = 0; i < cmd_table_size; i++)
		if (cmd_table[i]->help)
			out_line("\t\twords+=\" %s\"", cmd_table[i]->name);
}

/* Values that the shell can complete: files, directories, namespaces, short lists. */
static const char *values_of(const struct cmd_option *option)
{
	if (!strcmp(option->value, "FILE"))
		return "COMPREPLY=($(compgen -f -- \"$current\"))";
	if (!strcmp(option->value, "DIR"))
		return "COMPREPLY=($(compgen -d -- \"$current\"))";
	if (!strcmp(option->name, "netns"))
		return "COMPREPLY=($(compgen -W \"$(ls /run/netns 2>/dev/null)\" -- \"$current\"))";
	if (!strcmp(option->name, "proto"))
		return "COMPREPLY=($(compgen -W \"tcp udp icmp icmpv6\" -- \"$current\"))";
	if (!strcmp(option->name, "family"))
		return "COMPREPLY=($(compgen -W \"4 6\" -- \"$current\"))";
	return "COMPREPLY=()";
}

static void print_verb(const struct cmd *cmd)
{
	out_line("\t%s)", cmd->name);
	out_line("\t\twords=\"--help\"");
	out_line("\t\tcase $previous in");
	for (const struct cmd_option *option = cmd->options; option && option->name; option++) {
		if (!option->value)
			continue;
		if (option->letter)
			out_line("\t\t--%s | -%c) %s; return ;;", option->name, option->letter,
				 values_of(option));
		else
			out_line("\t\t--%s) %s; return ;;", option->name, values_of(option));
	}
	out_line("\t\tesac");
	for (const struct cmd_option *option = cmd->options; option && option->name; option++)
		out_line("\t\twords+=\" --%s\"", option->name);
	out_line("\t\t;;");
}

static int run(int argc, char **argv)
{
	int first = cmd_getopt(&cmd_completion, argc, argv, NULL);

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc || strcmp(argv[first], "bash"))
		return cmd_usage_error(&cmd_completion, "the shell is bash");
	out_line("# bash completion of eqfwctl; made by `eqfwctl completion bash`");
	out_line("_eqfwctl()");
	out_line("{");
	out_line(
		"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}");
	out_line("\tlocal words verb=${COMP_WORDS[1]}");
	out_line("\tif ((COMP_CWORD == 1)); then");
	print_verbs();
	out_line("\telse case $verb in");
	for (unsigned int i = 0; i < cmd_table_size; i++)
		if (cmd_table[i]->help)
			print_verb(cmd_table[i]);
	out_line("\tesac; fi");
	out_line("\tif [[ $current == -* ]] || ((COMP_CWORD == 1)); then");
	out_line("\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$current\"))");
	out_line("\telse");
	out_line("\t\tCOMPREPLY=($(compgen -f -- \"$current\"))");
	out_line("\tfi");
	out_line("}");
	out_line("complete -o filenames -F _eqfwctl eqfwctl");
	return out_finish(EXIT_STATUS_OK);
}
