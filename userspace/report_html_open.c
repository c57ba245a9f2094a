// SPDX-License-Identifier: GPL-2.0
/* Open ports by pair of zones: item, ends and ports, provenance and reason. */
#include <string.h>

#include <eqfw/format.h>

#include "report.h"

static void tags(const struct report *report, struct html *html, const struct item *item)
{
	const struct row_switch *named = report_switch(report, item);

	html_put(html, "<span class=\"tag %s\">%s</span><span class=tag>%s</span>",
		 requirement_name(item->requirement), requirement_name(item->requirement),
		 function_name(item->function));
	if (named && named->has_state && named->on)
		html_put(html, "<span class=\"tag site\">switched on by the site</span>");
	if (named && named->until)
		html_put(html, "<span class=\"tag site\">until %s</span>",
			 report_date(report->arena, named->until));
}

static const char *capital(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	if (*copy >= 'a' && *copy <= 'z')
		*copy -= 'a' - 'A';
	return copy;
}

static void matrix_reason(const struct report *report, struct html *html, const struct item *item)
{
	const struct row_switch *named = report_switch(report, item);
	const char *initiator = report_initiator(item);

	tags(report, html, item);
	html_put(html, "<div>%s%s%s</div>", item->service ? item->service : "",
		 item->service && item->row->description ? ": " : "",
		 item->row->description ? item->row->description : "");
	if (item->note)
		html_put(html, "<p class=doc>Read as: %s</p>", item->note);
	if (initiator)
		html_put(html, "<p class=doc>%s</p>", capital(report->arena, initiator));
	if (named && named->because)
		html_put(html, "<p class=doc>The site: %s</p>", named->because);
}

static const char *rule_kind(const struct site_rule *rule)
{
	return rule->kind == SITE_RULE_GUARD  ? "guard"
	       : rule->kind == SITE_RULE_ICMP ? "ICMP"
					      : "site row";
}

static void site_reason(const struct report *report, struct html *html,
			const struct site_rule *rule)
{
	html_put(html, "<span class=\"tag site\">%s</span>", rule ? rule_kind(rule) : "site");
	if (rule && rule->until)
		html_put(html, "<span class=\"tag site\">until %s</span>",
			 report_date(report->arena, rule->until));
	html_put(html, "<div>%s</div>",
		 rule && rule->because ? rule->because : "The site\u2019s own rule");
}

static void provenance(const struct report *report, struct html *html, uint32_t index)
{
	const struct rule_item *record = &report->ruleset->items[index];
	const struct item *item = report->ruleset->items[index].item;

	html_put(html, "<th scope=row><code>%s</code>", record->id);
	if (!item) {
		html_put(html, "<p class=doc>%s</p></th>", record->pair);
		return;
	}
	html_put(html,
		 "<p class=doc>\u201c%s\u201d</p><p class=doc>%s, line %d%s: %s \u2192 %s</p></th>",
		 item->printed, item->row->section->heading, (int)item->row->n,
		 item->from_source_cell ? " (source cell)" : "", item->row->source,
		 item->row->destination);
}

static void ends_and_ports(const struct report *report, struct html *html,
			   const struct report_block *block)
{
	for (size_t i = 0; i < block->n_ends; i++)
		html_put(html, "<p class=ends>%s \u2192 %s</p>", block->ends[i].from,
			 block->ends[i].to);
	html_put(html, "<p class=ports>");
	for (size_t i = 0; i < block->n_lines; i++) {
		const struct flow_line *line = &block->lines[i];

		if (*line->dst && strncmp(line->dst, "type ", 5))
			html_put(html, "<code>%s <b>%s</b> from %s</code>", line->proto, line->dst,
				 line->src);
		else
			html_put(html, "<code><b>%s</b></code>",
				 flow_line_text(report->arena, line));
	}
	html_put(html, "</p>");
}

static void entry_row(const struct report *report, struct html *html,
		      const struct report_entry *entry)
{
	html_put(html, "<tr>");
	provenance(report, html, entry->item);
	html_put(html, "<td data-label=\"Who and which ports\">");
	for (size_t b = 0; b < entry->n_blocks; b++)
		ends_and_ports(report, html, &entry->blocks[b]);
	html_put(html, "</td><td data-label=Why>");
	if (report->ruleset->items[entry->item].item)
		matrix_reason(report, html, report->ruleset->items[entry->item].item);
	else
		site_reason(report, html, report->ruleset->items[entry->item].rule);
	html_put(html, "</td></tr>\n");
}

static void heading(const struct report *report, struct html *html, size_t first)
{
	for (size_t i = first; i < report->n_pairs; i++) {
		if (report->pairs[i].like != first)
			continue;
		html_put(html, i == first ? "<h3 id=\"" : "<span id=\"");
		report_pair_id(report, html, i);
		html_put(html, "\">%s%s \u2192 %s%s", i == first ? "" : "; ",
			 report->places[report->pairs[i].from].name,
			 report->places[report->pairs[i].to].name, "");
		if (i != first)
			html_put(html, "</span>");
	}
	html_put(html, "</h3>\n");
}

static void pair_table(const struct report *report, struct html *html, size_t index)
{
	const struct report_pair *pair = &report->pairs[index];

	heading(report, html, index);
	html_put(html,
		 "<table class=\"open stack\"><caption>%z item%s; ports of the called end first"
		 "</caption>\n<thead><tr><th scope=col>Item and the document\u2019s line</th>"
		 "<th scope=col>Who and which ports</th><th scope=col>Why</th></tr></thead>\n"
		 "<tbody>\n",
		 pair->n, pair->n == 1 ? "" : "s");
	for (size_t i = 0; i < pair->n; i++)
		entry_row(report, html, &report->entries[pair->first + i]);
	html_put(html, "</tbody></table>\n");
}

void report_html_open(const struct report *report, struct html *html)
{
	html_put(html,
		 "<h2 id=open>Open ports</h2>\n<p>By pair of zones; zones that open the same to "
		 "each other share a table. Each item is one entry of the vendor\u2019s tables: "
		 "as it is printed there, as it is read, and why it is open here.</p>\n");
	if (!report->n_pairs)
		html_put(html, "<p class=note>Nothing is open.</p>\n");
	for (size_t i = 0; i < report->n_pairs; i++) {
		if (report->pairs[i].like == i)
			pair_table(report, html, i);
	}
}
