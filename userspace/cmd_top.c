// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <ncurses.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd.h"
#include "out.h"
#include "top.h"
#include "units.h"

struct options {
	bool json;
	uint64_t interval_s;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_TIME("interval", 'i', "between two readings (default 2s)", interval_s, 1, 3600),
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_top = {
	.name = "top",
	.args = "",
	.help = "show what passes and what drops just now, the busiest first",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static void print_json(const struct top_list *list, const struct nl_status *status, double seconds)
{
	char digest[65];
	json_t *root, *array = json_array();

	digest_hex(status->digest, digest);
	root = out_json_new("top/1", status->has_digest ? digest : NULL);
	json_object_set_new(root, "interval_s", json_real(seconds));
	for (size_t i = 0; i < list->n; i++) {
		const struct top_line *line = &list->lines[i];

		json_array_append_new(array,
				      json_pack("{s:s,s:o,s:I,s:f,s:f}", "kind",
						line->drop ? "drop" : "pass", "name",
						out_json_string(line->name), "packets",
						(json_int_t)line->packets, "packets_per_s",
						line->per_s, "bytes_per_s", line->bytes_per_s));
	}
	json_object_set_new(root, "lines", array);
	out_json_print(root);
}

static void draw_line(int row, const struct top_line *line)
{
	char packets[UNITS_MAX], bytes[UNITS_MAX];

	if (line->drop)
		attron(A_BOLD);
	mvprintw(row, 0, "%-5s %10.1f %12s/s %14s  %s", line->drop ? "drop" : "pass", line->per_s,
		 units_bytes((uint64_t)line->bytes_per_s, bytes),
		 units_number(line->packets, packets), line->name);
	attroff(A_BOLD);
}

static void draw(const struct top_list *list, const struct nl_status *status)
{
	erase();
	mvprintw(0, 0, "eqfw: %s   conntrack %u of %u   q quits",
		 status->has_digest ? status->name : "no profile", status->conntrack_count,
		 status->conntrack_max);
	attron(A_REVERSE);
	mvprintw(2, 0, "%-5s %10s %14s %14s  %s", "", "PACKETS/S", "BYTES/S", "PACKETS",
		 "ITEM OR REASON");
	attroff(A_REVERSE);
	for (size_t i = 0; i < list->n && (int)i + 3 < LINES; i++)
		draw_line((int)i + 3, &list->lines[i]);
	refresh();
}

/* One reading more, shown against the one before, which it replaces. */
static int advance(struct nl *nl, struct top_reading *before, const struct options *options)
{
	struct top_reading now;
	struct nl_status status;
	struct top_list list;
	int exit_status = nl_status(nl, &status);

	if (!exit_status)
		exit_status = top_read(nl, &now);
	if (exit_status)
		return exit_status;
	top_compare(before, &now, &list);
	if (options->json)
		print_json(&list, &status, (double)(now.at_ns - before->at_ns) / 1e9);
	else
		draw(&list, &status);
	free(list.lines);
	top_reading_free(before);
	*before = now;
	return EXIT_STATUS_OK;
}

static int watch(struct nl *nl, struct top_reading *before, const struct options *options)
{
	int exit_status, key = 0;

	initscr();
	cbreak();
	noecho();
	curs_set(0);
	timeout((int)options->interval_s * 1000);
	do {
		exit_status = advance(nl, before, options);
		key = exit_status ? 'q' : getch();
	} while (key != 'q');
	endwin();
	return exit_status;
}

static int top(struct nl *nl, const struct options *options)
{
	struct top_reading before;
	int exit_status = top_read(nl, &before);

	if (exit_status)
		return exit_status;
	if (options->json) {
		sleep((unsigned int)options->interval_s);
		exit_status = advance(nl, &before, options);
	} else {
		exit_status = watch(nl, &before, options);
	}
	top_reading_free(&before);
	return out_finish(exit_status);
}

static int run(int argc, char **argv)
{
	struct options options = { .interval_s = 2 };
	int exit_status;
	struct nl *nl;

	if (!cmd_getopt_only(&cmd_top, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	if (!options.json && (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)))
		return cmd_usage_error(&cmd_top, "it needs a terminal; --json prints one reading");
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = top(nl, &options);
	nl_close(nl);
	return exit_status;
}
