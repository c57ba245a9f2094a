// SPDX-License-Identifier: GPL-2.0
/* The page: head, what is deployed, the zones. The long tables are in report_html_open.c and
 * report_html_closed.c. */
#include "report.h"

#include <string.h>

#include <eqfw/version.h>

#define DIGEST_SHOWN 12
#define NAMES_SHOWN 6
#define ADDRESSES_SHOWN 8

/* A name as part of an id: what is no letter, digit or dot becomes its number. */
static void put_id(struct html *html, const char *name)
{
	for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		    (*c >= '0' && *c <= '9') || *c == '.')
			fputc(*c, html->stream);
		else
			fprintf(html->stream, "_%02x", *c);
	}
}

void report_pair_id(const struct report *report, struct html *html, size_t index)
{
	const struct report_pair *pair = &report->pairs[index];

	html_put(html, "p-");
	put_id(html, report->places[pair->from].name);
	html_put(html, "-");
	put_id(html, report->places[pair->to].name);
}

static void fact(struct html *html, size_t n, const char *what)
{
	html_put(html, "<li><b>%z</b><span>%s</span></li>\n", n, what);
}

static void facts(const struct report *report, struct html *html)
{
	const struct deployment *deployment = report->deployment;
	size_t site = 0, closed = report->matrix->n_items - report_count(report, FATE_OPEN);

	for (size_t i = 0; i < report->ruleset->n_items; i++)
		site += report->ruleset->items[i].rule != NULL;
	html_put(html, "<ul class=facts>\n");
	fact(html, deployment->n_hosts, deployment->n_hosts == 1 ? "host" : "hosts");
	fact(html, deployment->n_zones - 1, "zones beside the box");
	fact(html, report_count(report, FATE_OPEN), "items of the document open");
	fact(html, site, "rules of the site\u2019s own");
	fact(html, closed, "items closed or not needed");
	fact(html, report->warnings, report->warnings == 1 ? "warning" : "warnings");
	html_put(html, "</ul>\n");
}

static void listed(struct html *html, const char *name, const char *text)
{
	html_put(html, "<dt>%s</dt><dd>%s</dd>\n", name, text);
}

static const char *features(const struct report *report)
{
	const struct enable *enable = &report->deployment->enable;
	const char *text = "";

	if (enable->all_features)
		return "all";
	for (size_t i = 0; i < enable->n_features; i++)
		text = arena_printf(report->arena, "%s%s%s", text, i ? ", " : "",
				    enable->features[i]->id);
	return *text ? text : "none named: alternatives are all open";
}

static const char *functions(const struct report *report)
{
	const char *text = "";
	bool all = true;

	for (int f = 0; f < N_FUNCTIONS; f++) {
		if (report->deployment->enable.functions[f])
			text = arena_printf(report->arena, "%s%s%s", text, *text ? ", " : "",
					    function_name(f));
		else
			all = false;
	}
	return all ? "all" : text;
}

static void settings(const struct report *report, struct html *html)
{
	const struct deployment *deployment = report->deployment;

	html_put(html, "<dl>\n");
	listed(html, "Document", report->matrix->title);
	listed(html, "Profile", report->digest);
	listed(html, "Mode",
	       deployment->audit ? "audit: everything passes, drops are only counted" : "enforce");
	listed(html, "Judged",
	       deployment->scope_all ? "every packet (scope: all)"
				     : "packets from or to a declared host (scope: hosts)");
	listed(html, "Unzoned interfaces", deployment->unzoned_drop ? "drop" : "pass");
	listed(html, "Requirement level", requirement_name(deployment->enable.requirement));
	listed(html, "Functions", functions(report));
	listed(html, "Features", features(report));
	html_put(html, "</dl>\n");
}

static void head(const struct report *report, struct html *html)
{
	const char *name = report->deployment->name;

	html_put(html,
		 "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
		 "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		 "<meta name=referrer content=no-referrer>\n"
		 "<title>Ports of %s</title>\n<style>\n",
		 name);
	fputs(report_style, html->stream);
	html_put(html, "</style>\n</head>\n<body>\n<header>\n<h1>Ports of %s</h1>\n", name);
	html_put(html,
		 "<p class=sub>What this site opens, by which row of the vendor\u2019s document, "
		 "and what stays closed. Profile <code>");
	html_put(html, "%s", arena_printf(report->arena, "%.*s", DIGEST_SHOWN, report->digest));
	html_put(html,
		 "</code></p>\n<nav aria-label=Contents><ul>"
		 "<li><a href=\"#zones\">Zones</a></li>"
		 "<li><a href=\"#deployed\">What is deployed</a></li>"
		 "<li><a href=\"#open\">Open ports</a></li>"
		 "<li><a href=\"#closed\">What stays closed</a></li>"
		 "<li><a href=\"#errata\">Errata touched</a></li></ul></nav>\n</header>\n<main>\n");
}

static void grid_cell(const struct report *report, struct html *html, uint32_t from, uint32_t to)
{
	size_t pair = report_pair_find(report, from, to);

	if (pair == report->n_pairs) {
		html_put(html, "<td class=none>\u2013</td>");
		return;
	}
	html_put(html, "<td><a href=\"#");
	report_pair_id(report, html, pair);
	html_put(html, "\">%z</a></td>", report->pairs[pair].n);
}

static bool has_pair(const struct report *report, uint32_t place, bool as_from)
{
	for (size_t i = 0; i < report->n_pairs; i++) {
		if ((as_from ? report->pairs[i].from : report->pairs[i].to) == place)
			return true;
	}
	return false;
}

static void grid(const struct report *report, struct html *html)
{
	html_put(html, "<div class=scroll tabindex=0 role=region aria-label=\"Table of zones\">"
		       "<table class=grid><caption>Items that may be opened, from the zone of the "
		       "line to the zone of the column</caption>\n<thead><tr><td></td>");
	for (uint32_t to = 0; to < report->n_places; to++) {
		if (has_pair(report, to, false))
			html_put(html, "<th scope=col>%s</th>", report->places[to].name);
	}
	html_put(html, "</tr></thead>\n<tbody>\n");
	for (uint32_t from = 0; from < report->n_places; from++) {
		if (!has_pair(report, from, true))
			continue;
		html_put(html, "<tr><th scope=row>%s</th>", report->places[from].name);
		for (uint32_t to = 0; to < report->n_places; to++) {
			if (has_pair(report, to, false))
				grid_cell(report, html, from, to);
		}
		html_put(html, "</tr>\n");
	}
	html_put(html, "</tbody></table></div>\n");
}

static const char *interfaces(const struct report *report, const struct zone *zone)
{
	const char *text = "";

	for (size_t i = 0; i < zone->n_interfaces; i++)
		text = arena_printf(report->arena, "%s%s%s", text, i ? ", " : "",
				    zone->interfaces[i]);
	return *text ? text : "none";
}

static const char *prefixes(const struct report *report, const struct prefix *list, size_t n)
{
	size_t shown = n <= ADDRESSES_SHOWN + 1 ? n : ADDRESSES_SHOWN;
	const char *text = "";

	for (size_t i = 0; i < shown; i++)
		text = arena_printf(report->arena, "%s%s%s", text, i ? ", " : "",
				    prefix_format(report->arena, &list[i]));
	return shown == n ? text : arena_printf(report->arena, "%s and %zu more", text, n - shown);
}

static const char *zone_owns(const struct report *report, const struct zone *zone)
{
	const struct prefix_list *box = &report->deployment->box;

	if (zone->is_box)
		return prefixes(report, box->prefixes, box->n);
	if (zone->is_default)
		return "everything that no other zone owns";
	return prefixes(report, zone->networks.written, zone->networks.n_written);
}

static void zone_table(const struct report *report, struct html *html)
{
	html_put(html,
		 "<table class=stack><caption>Zones</caption>\n<thead><tr><th scope=col>Zone</th>"
		 "<th scope=col>Interfaces</th><th scope=col>Networks</th>"
		 "<th scope=col>Inside</th></tr></thead>\n<tbody>\n");
	for (size_t z = 0; z < report->deployment->n_zones; z++) {
		const struct zone *zone = report->deployment->zones[z];
		const char *inside = zone->intra_enforce ? "judged" : "passes (intra: pass)";

		html_put(html, "<tr><th scope=row>%s</th><td%s data-label=Interfaces>%s</td>",
			 zone->name, zone->is_box ? "" : " class=mono",
			 zone->is_box ? "the firewall itself" : interfaces(report, zone));
		html_put(html,
			 "<td%s data-label=Networks>%s</td><td data-label=Inside>%s</td></tr>\n",
			 zone->is_default ? "" : " class=mono", zone_owns(report, zone),
			 zone->is_box ? "what it sends passes" : inside);
	}
	html_put(html, "</tbody></table>\n");
}

static void zones(const struct report *report, struct html *html)
{
	html_put(html,
		 "<h2 id=zones>Zones</h2>\n<p>The number at an arrow\u2019s head counts the items "
		 "that the far end may open into the zone it points at. Answers need no item of "
		 "their own.</p>\n");
	report_svg(report, html);
	grid(report, html);
	zone_table(report, html);
}

/* What the site states for the hosts of a group, beside roles and addresses. */
static const char *stated(const struct report *report, const struct endpoint *endpoint)
{
	struct arena *arena = report->arena;
	const char *text = "";

	if (endpoint->os)
		text = arena_printf(arena, "os %s", endpoint->os);
	if (!portset_empty(&endpoint->ephemeral))
		text = arena_printf(arena, "%s%sopens from %s", text, *text ? "; " : "",
				    portset_format(arena, &endpoint->ephemeral));
	for (size_t i = 0; i < endpoint->n_vendor; i++)
		text = arena_printf(arena, "%s%s%s %s", text,
				    i	    ? ", "
				    : *text ? "; own ports "
					    : "own ports ",
				    proto_name(endpoint->vendor[i].proto),
				    portset_format(arena, &endpoint->vendor[i].ports));
	return text;
}

static void host_row(const struct report *report, struct html *html, const struct endpoint *like,
		     const char *label, const char *names, const char *addresses)
{
	html_put(html, "<tr><th scope=row>%s", label);
	if (strcmp(label, names))
		html_put(html, "<p class=doc>%s</p>", names);
	html_put(html, "</th><td data-label=Roles>%s", report_roles(report->arena, like));
	if (*stated(report, like))
		html_put(html, "<p class=doc>%s</p>", stated(report, like));
	html_put(
		html,
		"</td><td data-label=Zone>%s</td><td class=mono data-label=Addresses>%s</td></tr>\n",
		like->zone->name, addresses);
}

static const char *labelled(const struct report *report, const struct report_group *group)
{
	if (group->n_names <= 1 || strchr(group->label, ',') || !strstr(group->label, " hosts"))
		return group->label;
	return arena_printf(report->arena, "%zu %s", group->n_names, group->label);
}

static void hosts(const struct report *report, struct html *html)
{
	const struct deployment *deployment = report->deployment;

	html_put(html, "<h2 id=deployed>What is deployed</h2>\n"
		       "<p>Hosts that every rule treats alike share a line.</p>\n"
		       "<table class=stack><caption>Hosts</caption>\n<thead><tr>"
		       "<th scope=col>Host</th><th scope=col>Roles</th><th scope=col>Zone</th>"
		       "<th scope=col>Addresses</th></tr></thead>\n<tbody>\n");
	for (uint32_t g = 0; g < report->ruleset->n_groups; g++) {
		const struct report_group *group = &report->groups[g];

		if (report->ruleset->groups[g].flags & GROUP_DECLARED && group->like)
			host_row(report, html, group->like, labelled(report, group),
				 report_names(report, group, NAMES_SHOWN),
				 report_addresses(report, g, ADDRESSES_SHOWN));
	}
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		if (deployment->endpoints[i]->any)
			host_row(report, html, deployment->endpoints[i],
				 deployment->endpoints[i]->name, deployment->endpoints[i]->name,
				 "any address of the zone");
	}
	html_put(html, "</tbody></table>\n");
	settings(report, html);
}

static void foot(struct html *html)
{
	html_put(html,
		 "</main>\n<footer>\n<p>Made by eqfwctl %s from the deployment file and the "
		 "matrix; the same input gives the same page. What is not listed as open is "
		 "dropped; replies to what is open pass.</p>\n</footer>\n</body>\n</html>\n",
		 EQFW_VERSION);
}

void report_html(const struct report *report, struct html *html)
{
	head(report, html);
	facts(report, html);
	zones(report, html);
	hosts(report, html);
	report_html_open(report, html);
	report_html_closed(report, html);
	report_html_errata(report, html);
	foot(html);
}
