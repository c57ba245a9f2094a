// SPDX-License-Identifier: GPL-2.0
/* What stays closed, by reason, and which function that costs; and the errata of what is open. */
#include <string.h>

#include "report.h"

static const char *const advice[N_FATES] = {
	[FATE_SWITCHED] = "The site closed these by name under enable.rows.",
	[FATE_LEVEL] = "enable.requirement opens them, or enable.rows a single one.",
	[FATE_FUNCTION] = "enable.functions lists what is in use.",
	[FATE_FEATURE] = "Name the feature under enable.features where it is in use.",
	[FATE_CONDITION] = "The row applies only where that device is deployed.",
	[FATE_NOBODY] =
		"Nothing is lost where the device does not exist. Where it does, it is missing "
		"in the deployment file, and what talks to it is dropped.",
	[FATE_PORTS] =
		"The document leaves these ports to the device\u2019s vendor or to the site. "
		"Until vendor-ports: or multicast: states them, nothing opens.",
	[FATE_INSIDE] = "No row is needed here: such packets do not cross the box, or pass by "
			"intra: pass.",
	[FATE_FORBID] = "Closed for every source on purpose. enable.rows lifts a single item.",
};

static bool row_has(const struct report *report, const struct row *row, enum item_fate fate)
{
	for (size_t i = 0; i < row->n_items; i++) {
		if (report_facts(report, row->items[i])->fate == fate)
			return true;
	}
	return false;
}

static void closed_items(const struct report *report, struct html *html, const struct row *row,
			 enum item_fate fate)
{
	const char *why = NULL;

	html_put(html, "<td data-label=Items>");
	for (size_t i = 0; i < row->n_items; i++) {
		const struct item *item = row->items[i];

		if (report_facts(report, item)->fate != fate)
			continue;
		html_put(html, "<div><code>:%d</code> \u201c%s\u201d</div>", (int)item->n,
			 item->printed);
		why = why ? why : report_why_closed(report, item);
	}
	html_put(html, "</td><td data-label=Why>%s</td>", why ? why : "");
}

static void closed_services(const struct report *report, struct html *html, const struct row *row,
			    enum item_fate fate)
{
	bool said[N_FUNCTIONS] = { 0 };

	html_put(html, "<td data-label=\"What that costs\">%s<p class=doc>",
		 row->description ? row->description : "");
	for (size_t i = 0; i < row->n_items; i++) {
		const struct item *item = row->items[i];

		if (report_facts(report, item)->fate != fate || said[item->function])
			continue;
		said[item->function] = true;
		html_put(html, "<span class=tag>%s</span>", function_name(item->function));
	}
	html_put(html, "</p></td>");
}

static void closed_row(const struct report *report, struct html *html, const struct row *row,
		       enum item_fate fate)
{
	html_put(html, "<tr><th scope=row><code>%s</code><p class=doc>%s \u2192 %s</p></th>",
		 row->id, row->source, row->destination);
	closed_items(report, html, row, fate);
	closed_services(report, html, row, fate);
	html_put(html, "</tr>\n");
}

static void closed_table(const struct report *report, struct html *html, enum item_fate fate)
{
	const struct matrix *matrix = report->matrix;
	size_t n = report_count(report, fate);

	if (!n)
		return;
	html_put(html, "<h3 id=\"c-%s\">%s (%z)</h3>\n<p>%s</p>\n", report_fate_names[fate],
		 report_fate_titles[fate], n, advice[fate]);
	html_put(html,
		 "<table class=stack><caption>%s, by row of the document</caption>\n<thead><tr>"
		 "<th scope=col>Row</th><th scope=col>Items</th><th scope=col>Why</th>"
		 "<th scope=col>%s</th></tr></thead>\n<tbody>\n",
		 report_fate_titles[fate],
		 fate == FATE_INSIDE || fate == FATE_FORBID ? "What it is" : "What that costs");
	for (size_t s = 0; s < matrix->n_sections; s++) {
		for (size_t r = 0; r < matrix->sections[s]->n_rows; r++) {
			if (row_has(report, matrix->sections[s]->rows[r], fate))
				closed_row(report, html, matrix->sections[s]->rows[r], fate);
		}
	}
	html_put(html, "</tbody></table>\n");
}

void report_html_closed(const struct report *report, struct html *html)
{
	static const enum item_fate order[] = { FATE_SWITCHED, FATE_PORTS,     FATE_LEVEL,
						FATE_FUNCTION, FATE_FEATURE,   FATE_FORBID,
						FATE_NOBODY,   FATE_CONDITION, FATE_INSIDE };

	html_put(html,
		 "<h2 id=closed>What stays closed</h2>\n<p>Every item of the document that opens "
		 "nothing at this site, the reason first that somebody here can change.</p>\n"
		 "<ul>\n");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (report_count(report, order[i]))
			html_put(html, "<li><a href=\"#c-%s\">%s</a>: %z</li>\n",
				 report_fate_names[order[i]], report_fate_titles[order[i]],
				 report_count(report, order[i]));
	}
	html_put(html, "</ul>\n");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		closed_table(report, html, order[i]);
}

static void erratum_row(struct html *html, const char *id, const char *printed, const char *reading,
			const char *reason)
{
	html_put(html,
		 "<tr><th scope=row><code>%s</code></th><td data-label=Printed>\u201c%s\u201d</td>"
		 "<td data-label=\"Read as\">%s</td><td data-label=Reason>%s</td></tr>\n",
		 id, printed ? printed : "", reading ? reading : "", reason ? reason : "");
}

static size_t row_errata(const struct report *report, struct html *html, const struct row *row)
{
	size_t n = 0;

	if (!row_has(report, row, FATE_OPEN))
		return 0;
	for (size_t i = 0; i < row->n_errata; i++, n++)
		erratum_row(html, row->id, row->errata[i].printed, row->errata[i].reading,
			    row->errata[i].reason);
	return n;
}

static size_t site_readings(const struct report *report, struct html *html)
{
	const struct deployment *deployment = report->deployment;

	for (size_t i = 0; i < deployment->n_readings; i++) {
		const struct reading_override *reading = &deployment->readings[i];

		erratum_row(html, reading->item->id, reading->item->printed,
			    arena_printf(report->arena, "%s (the site\u2019s own reading)",
					 portset_format(report->arena, &reading->ports)),
			    reading->because);
	}
	return deployment->n_readings;
}

void report_html_errata(const struct report *report, struct html *html)
{
	const struct matrix *matrix = report->matrix;
	size_t n;

	html_put(html,
		 "<h2 id=errata>Errata touched</h2>\n<p>Misprints and contradictions in rows that "
		 "are open here, and how they are read. A site can override a reading under "
		 "readings:.</p>\n<table class=stack><caption>Errata of open rows</caption>\n"
		 "<thead><tr><th scope=col>Row</th><th scope=col>Printed</th>"
		 "<th scope=col>Read as</th><th scope=col>Reason</th></tr></thead>\n<tbody>\n");
	n = site_readings(report, html);
	for (size_t s = 0; s < matrix->n_sections; s++) {
		for (size_t r = 0; r < matrix->sections[s]->n_rows; r++)
			n += row_errata(report, html, matrix->sections[s]->rows[r]);
	}
	if (!n)
		html_put(html, "<tr><td colspan=4>None.</td></tr>\n");
	html_put(html, "</tbody></table>\n");
}
