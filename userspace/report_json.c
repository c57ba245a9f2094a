// SPDX-License-Identifier: GPL-2.0
/* The report for programs. */
#include "out.h"
#include "report.h"

static void set(json_t *json, const char *key, const char *text)
{
	json_object_set_new(json, key, out_json_string(text));
}

static void about_item(json_t *json, const struct item *item)
{
	set(json, "item", item->id);
	set(json, "row", item->row->id);
	set(json, "section", item->row->section->heading);
	json_object_set_new(json, "section_row", json_integer(item->row->n));
	set(json, "printed", item->printed);
	set(json, "service", item->service);
	set(json, "function", function_name(item->function));
	set(json, "requirement", requirement_name(item->requirement));
	set(json, "reading_note", item->note);
}

static json_t *flow_json(const struct end_pair *ends, const struct flow_line *line)
{
	json_t *json = json_object();

	set(json, "from", ends->from);
	set(json, "to", ends->to);
	set(json, "proto", line->proto);
	set(json, "src_ports", line->src);
	set(json, "dst_ports", line->dst);
	return json;
}

static json_t *entry_json(const struct report *report, const struct report_entry *entry)
{
	json_t *json = json_object(), *flows = json_array();

	set(json, "item", report->ruleset->items[entry->item].id);
	set(json, "printed", report->ruleset->items[entry->item].printed);
	if (report->ruleset->items[entry->item].item)
		about_item(json, report->ruleset->items[entry->item].item);
	set(json, "from_zone", report->places[entry->from].name);
	set(json, "to_zone", report->places[entry->to].name);
	for (size_t b = 0; b < entry->n_blocks; b++) {
		const struct report_block *block = &entry->blocks[b];

		for (size_t e = 0; e < block->n_ends; e++) {
			for (size_t i = 0; i < block->n_lines; i++)
				json_array_append_new(flows,
						      flow_json(&block->ends[e], &block->lines[i]));
		}
	}
	json_object_set_new(json, "flows", flows);
	return json;
}

void report_json(const struct report *report, json_t *root)
{
	json_t *open = json_array(), *closed = json_array();

	set(root, "name", report->deployment->name);
	for (size_t i = 0; i < report->n_entries; i++)
		json_array_append_new(open, entry_json(report, &report->entries[i]));
	for (size_t i = 0; i < report->matrix->n_items; i++) {
		json_t *json;

		if (report->fates.facts[i].fate == FATE_OPEN)
			continue;
		json = json_object();
		about_item(json, report->matrix->items[i]);
		set(json, "state", report_fate_names[report->fates.facts[i].fate]);
		set(json, "reason", report_why_closed(report, report->matrix->items[i]));
		json_array_append_new(closed, json);
	}
	json_object_set_new(root, "open", open);
	json_object_set_new(root, "closed", closed);
}
