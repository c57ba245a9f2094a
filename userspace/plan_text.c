// SPDX-License-Identifier: GPL-2.0
/* Plans for people. */
#include <string.h>

#include "out.h"
#include "plan_out.h"

static const char *range_text(struct arena *arena, struct port_range range)
{
	if (range.lo == range.hi)
		return arena_printf(arena, "%u", range.lo);
	return arena_printf(arena, "%u-%u", range.lo, range.hi);
}

static void line(const char *label, const char *text)
{
	out_line("  %-9s %s", label, text);
}

static const char *count_text(struct arena *arena, unsigned int n)
{
	return arena_printf(arena, "%u port%s", n, n == 1 ? "" : "s");
}

static const char *change_text(struct arena *arena, const struct plan_entry *entry)
{
	unsigned int now = range_width(entry->current), then = range_width(entry->planned);
	const char *current = arena_printf(arena, "%s (%s%s)", range_text(arena, entry->current),
					   count_text(arena, now),
					   entry->place.source ? "" : ", the default");
	const char *planned = arena_printf(arena, "%s -> %s (%s)", current,
					   range_text(arena, entry->planned),
					   count_text(arena, then));

	if (now == then)
		return arena_printf(arena, "%s: as many as are needed", current);
	if (then > now)
		return arena_printf(arena, "%s: %u more are needed", planned, then - now);
	return arena_printf(
		arena, "%s: closes %u%s", planned, now - then,
		entry->tunable->proto == (PROTO_TCP | PROTO_UDP) ? " of TCP and of UDP each" : "");
}

static void rows_table(struct arena *arena, const struct plan_entry *entry)
{
	static const char *const names[] = {
		"  ITEM", "PROTO", "SIDE", "BEFORE", "AFTER", "CLOSED"
	};
	static const bool right[] = { false, false, false, true, true, true };
	struct out_table *table;

	if (!entry->n_rows)
		return;
	table = out_table_new(6, names, right);
	for (size_t i = 0; i < entry->n_rows; i++) {
		const struct plan_row *row = &entry->rows[i];

		out_table_row(table, (const char *const[]){
					     arena_printf(arena, "  %s", row->item),
					     row->proto == 6 ? "tcp" : "udp",
					     row->opens ? "opens from" : "called at",
					     arena_printf(arena, "%u", row->before),
					     arena_printf(arena, "%u", row->after),
					     arena_printf(arena, "%u", row->before - row->after) });
	}
	out_table_print(table);
}

static void entry_text(struct arena *arena, const struct plan *plan, const struct plan_entry *entry)
{
	const struct tunable *tunable = entry->tunable;

	out_headline(OUT_BOLD, tunable->id, " (%s)%s%s", proto_name(tunable->proto),
		     entry->endpoint ? " of " : "",
		     entry->endpoint ? plan->deployment->hosts[entry->endpoint->host] : "");
	if (!entry->sizing) {
		line("licence", arena_printf(arena, "not sized: the number of %s is missing",
					     figure_name(entry->missing)));
		return;
	}
	line("licence", arena_printf(arena, "%s = %s", plan_formula(arena, entry),
				     count_text(arena, (unsigned int)entry->need)));
	line("range", change_text(arena, entry));
	line("set", tunable->setting ? tunable->setting : "by the site");
	for (size_t i = 0; i < tunable->n_types; i++)
		line("", plan_type(arena, tunable->types[i], entry->planned));
	rows_table(arena, entry);
}

static bool planned_at(const struct plan_entry *entry, const struct endpoint *endpoint)
{
	return entry->sizing && entry->endpoint == endpoint;
}

static bool any_planned(const struct plan *plan, const struct endpoint *endpoint)
{
	for (size_t i = 0; i < plan->n_entries; i++)
		if (planned_at(&plan->entries[i], endpoint))
			return true;
	return false;
}

static void snippet_at(const struct plan *plan, const struct endpoint *endpoint, const char *indent)
{
	struct arena *arena = arena_new();

	if (any_planned(plan, endpoint))
		out_line("%stunables:", indent);
	for (size_t i = 0; i < plan->n_entries; i++) {
		const struct plan_entry *entry = &plan->entries[i];

		if (planned_at(entry, endpoint))
			out_line("%s  %s: %s", indent, entry->tunable->id,
				 range_text(arena, entry->planned));
	}
	arena_free(arena);
}

void plan_snippet(const struct plan *plan)
{
	snippet_at(plan, NULL, "");
	for (size_t i = 0; i < plan->deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = plan->deployment->endpoints[i];

		if (!any_planned(plan, endpoint))
			continue;
		out_line("# of host %s:", plan->deployment->hosts[endpoint->host]);
		snippet_at(plan, endpoint, "#   ");
	}
}

/* Somebody who has the setting, NULL: nobody. */
static const struct endpoint *deployed(const struct plan *plan, const struct tunable *tunable)
{
	for (size_t i = 0; i < plan->deployment->n_endpoints; i++) {
		const struct role_list *roles = &plan->deployment->endpoints[i]->roles;

		for (size_t k = 0; k < roles->n; k++)
			if (role_is(roles->roles[k], tunable->role))
				return plan->deployment->endpoints[i];
	}
	return NULL;
}

/* "4000-4199", "default"; "by host" where some host has its own. */
static const char *now_text(struct arena *arena, const struct plan *plan,
			    const struct tunable *tunable)
{
	const struct deployment *deployment = plan->deployment;
	const struct tunable_value *value;

	for (size_t i = 0; i < deployment->n_endpoints; i++)
		for (size_t k = 0; k < deployment->endpoints[i]->n_tunables; k++)
			if (deployment->endpoints[i]->tunables[k].tunable == tunable)
				return "by host";
	value = tunable_stated(deployment, deployed(plan, tunable), tunable);
	return value ? range_text(arena, value->range) : "default";
}

static bool is_planned(const struct plan *plan, const struct tunable *tunable)
{
	for (size_t i = 0; i < plan->n_entries; i++)
		if (plan->entries[i].tunable == tunable)
			return true;
	return false;
}

/* What else the site may change: no licence sizes it, or none is stated. */
static void others_text(const struct plan *plan)
{
	static const char *const names[] = { "  ALSO ADJUSTABLE", "NOW", "DEFAULT", "LIMITS",
					     "FORMULA" };
	const struct matrix *matrix = plan->deployment->matrix;
	struct out_table *table = out_table_new(5, names, NULL);
	struct arena *arena = arena_new();
	bool some = false;

	for (size_t i = 0; i < matrix->n_tunables; i++) {
		const struct tunable *tunable = matrix->tunables[i];

		if (is_planned(plan, tunable) || !deployed(plan, tunable) ||
		    !tunable_applies(plan->deployment, tunable))
			continue;
		some = true;
		out_table_row(table,
			      (const char *const[]){
				      arena_printf(arena, "  %s", tunable->id),
				      now_text(arena, plan, tunable),
				      range_text(arena, tunable->initial),
				      arena_printf(arena, "%u-%u", tunable->min, tunable->max),
				      tunable->formula ? tunable->formula : "" });
	}
	if (some) {
		out_line("%s", "");
		out_table_print(table);
	}
	arena_free(arena);
}

void plan_text(const struct plan *plan)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < plan->n_entries; i++) {
		if (i)
			out_line("%s", "");
		entry_text(arena, plan, &plan->entries[i]);
	}
	if (!plan->deployment->n_licences)
		out_line(
			"no licences are stated: add `licences: {ROLE: {calls: N}}` to have ranges "
			"sized");
	others_text(plan);
	if (plan->n_entries) {
		out_line("%s", "");
		out_line("For the deployment:");
		plan_snippet(plan);
	}
	arena_free(arena);
}

static const char *items_text(struct arena *arena, const char *const *items, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n && i < 4; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", items[i]);
	return n > 4 ? arena_printf(arena, "%s and %zu more", text, n - 4) : text;
}

static void flows_table(struct arena *arena, const char *title, const struct zone_flow *flows,
			size_t n)
{
	const char *const names[] = { title, "TO", "ITEMS", "RULES", "WHICH" };
	static const bool right[] = { false, false, true, true, false };
	struct out_table *table = out_table_new(5, names, right);

	for (size_t i = 0; i < n; i++)
		out_table_row(table, (const char *const[]){
					     flows[i].from, flows[i].to,
					     arena_printf(arena, "%zu", flows[i].n_items),
					     arena_printf(arena, "%zu", flows[i].n_rules),
					     items_text(arena, flows[i].items, flows[i].n_items) });
	out_table_print(table);
}

static void merge_text(struct arena *arena, const struct zone_merge *merge)
{
	if (!merge->n_items && !merge->n_less) {
		out_line("If %s and %s were one zone, nothing would change", merge->a, merge->b);
		return;
	}
	out_line("If %s and %s were one zone, %zu item%s would vanish and %zu lose rules%s%s",
		 merge->a, merge->b, merge->n_items, merge->n_items == 1 ? "" : "s", merge->n_less,
		 merge->n_items ? ": " : "", items_text(arena, merge->items, merge->n_items));
}

void zone_plan_text(const struct zone_plan *plan)
{
	struct arena *arena = arena_new();

	flows_table(arena, "ENFORCED FROM", plan->flows, plan->n_flows);
	if (plan->n_inside) {
		out_line("%s", "");
		flows_table(arena, "NOT ENFORCED INSIDE", plan->inside, plan->n_inside);
	}
	if (plan->n_merges)
		out_line("%s", "");
	for (size_t i = 0; i < plan->n_merges; i++)
		merge_text(arena, &plan->merges[i]);
	arena_free(arena);
}
