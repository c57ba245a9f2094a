// SPDX-License-Identifier: GPL-2.0
/* The report for spreadsheets: RFC 4180, and no cell that a spreadsheet would take for a formula. */
#include <string.h>

#include "report.h"
#include "safe.h"

/* Always quoted. A leading = + - @ or a control character makes a formula: it gets a quote mark. */
static void cell(FILE *stream, const char *text, bool first)
{
	size_t left = strlen(text);
	char out[SAFE_CHAR_MAX];

	fputs(first ? "\"" : ",\"", stream);
	if (*text && strchr("=+-@\t\r", *text))
		fputc('\'', stream);
	while (left) {
		size_t used = safe_char(text, left, out);

		fputs(strcmp(out, "\"") ? out : "\"\"", stream);
		text += used;
		left -= used;
	}
	fputc('"', stream);
}

static void line(FILE *stream, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cell(stream, cells[i] ? cells[i] : "", !i);
	fputs("\r\n", stream);
}

static const char *const columns[] = {
	"state",       "item",	    "section", "line",	  "printed", "function",
	"requirement", "from_zone", "from",    "to_zone", "to",	     "proto",
	"src_ports",   "dst_ports", "service", "reading", "reason",
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void about_item(const struct report *report, const struct item *item, const char **cells)
{
	cells[1] = item->id;
	cells[2] = item->row->section->heading;
	cells[3] = arena_printf(report->arena, "%u", item->row->n);
	cells[4] = item->printed;
	cells[5] = function_name(item->function);
	cells[6] = requirement_name(item->requirement);
	cells[14] = item->service;
	cells[15] = item->note;
}

static void open_cells(const struct report *report, const struct report_entry *entry,
		       const char **cells)
{
	const struct rule_item *record = &report->ruleset->items[entry->item];
	const struct site_rule *rule = report->ruleset->items[entry->item].rule;

	cells[0] = "open";
	cells[1] = record->id;
	cells[4] = record->printed;
	cells[7] = report->places[entry->from].name;
	cells[9] = report->places[entry->to].name;
	if (report->ruleset->items[entry->item].item) {
		about_item(report, report->ruleset->items[entry->item].item, cells);
		cells[16] = report->ruleset->items[entry->item].item->row->description;
	} else if (rule) {
		cells[16] = rule->because;
	}
}

static void open_lines(const struct report *report, const struct report_entry *entry, FILE *stream)
{
	const char *cells[N_COLUMNS] = { 0 };

	open_cells(report, entry, cells);
	for (size_t b = 0; b < entry->n_blocks; b++) {
		const struct report_block *block = &entry->blocks[b];

		for (size_t e = 0; e < block->n_ends; e++) {
			for (size_t i = 0; i < block->n_lines; i++) {
				cells[8] = block->ends[e].from;
				cells[10] = block->ends[e].to;
				cells[11] = block->lines[i].proto;
				cells[12] = block->lines[i].src;
				cells[13] = block->lines[i].dst;
				line(stream, cells, N_COLUMNS);
			}
		}
	}
}

void report_csv(const struct report *report, FILE *stream)
{
	line(stream, columns, N_COLUMNS);
	for (size_t i = 0; i < report->n_entries; i++)
		open_lines(report, &report->entries[i], stream);
	for (size_t i = 0; i < report->matrix->n_items; i++) {
		const struct item *item = report->matrix->items[i];
		const char *cells[N_COLUMNS] = { 0 };

		if (report->fates.facts[i].fate == FATE_OPEN)
			continue;
		cells[0] = report_fate_names[report->fates.facts[i].fate];
		about_item(report, item, cells);
		cells[8] = item->row->source;
		cells[10] = item->row->destination;
		cells[16] = report_why_closed(report, item);
		line(stream, cells, N_COLUMNS);
	}
}
