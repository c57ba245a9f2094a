// SPDX-License-Identifier: GPL-2.0
/* Plans as JSON. */
#include "out.h"
#include "plan_out.h"

static json_t *range_json(struct arena *arena, struct port_range range)
{
	if (range.lo == range.hi)
		return json_string(arena_printf(arena, "%u", range.lo));
	return json_string(arena_printf(arena, "%u-%u", range.lo, range.hi));
}

static json_t *terms_json(const struct plan_entry *entry)
{
	json_t *list = json_array();

	for (enum figure i = 0; entry->sizing && i < N_FIGURES; i++) {
		uint64_t value;

		if (!entry->sizing->ports[i])
			continue;
		licence_figure(entry->licence, i, &value);
		json_array_append_new(list, json_pack("{s:s,s:I,s:i}", "figure", figure_name(i),
						      "value", (json_int_t)value, "ports_each",
						      (int)entry->sizing->ports[i]));
	}
	return list;
}

static json_t *rows_json(const struct plan_entry *entry)
{
	json_t *list = json_array();

	for (size_t i = 0; i < entry->n_rows; i++) {
		const struct plan_row *row = &entry->rows[i];

		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:s,s:i,s:i,s:i}", "item", row->item,
						"proto", row->proto == 6 ? "tcp" : "udp", "side",
						row->opens ? "opens" : "called", "ports_before",
						(int)row->before, "ports_after", (int)row->after,
						"ports_closed", (int)(row->before - row->after)));
	}
	return list;
}

static json_t *types_json(struct arena *arena, const struct plan_entry *entry)
{
	json_t *list = json_array();

	for (size_t i = 0; i < entry->tunable->n_types; i++)
		json_array_append_new(list,
				      out_json_string(plan_type(arena, entry->tunable->types[i],
								entry->planned)));
	return list;
}

static void sized_json(json_t *object, struct arena *arena, const struct plan_entry *entry)
{
	unsigned int protos = entry->tunable->proto == (PROTO_TCP | PROTO_UDP) ? 2 : 1;
	int closed = (int)range_width(entry->current) - (int)range_width(entry->planned);

	json_object_set_new(object, "ports_needed", json_integer((json_int_t)entry->need));
	json_object_set_new(object, "planned", range_json(arena, entry->planned));
	json_object_set_new(object, "planned_ports", json_integer(range_width(entry->planned)));
	json_object_set_new(object, "ports_closed",
			    json_integer(closed > 0 ? (json_int_t)protos * closed : 0));
	json_object_set_new(object, "fits", json_boolean(!plan_entry_short(entry)));
	json_object_set_new(object, "type", types_json(arena, entry));
}

static json_t *entry_json(struct arena *arena, const struct plan *plan,
			  const struct plan_entry *entry)
{
	json_t *object = json_object();

	json_object_set_new(object, "tunable", json_string(entry->tunable->id));
	json_object_set_new(object, "role", json_string(entry->tunable->role->id));
	json_object_set_new(object, "host",
			    out_json_string(entry->endpoint
						    ? plan->deployment->hosts[entry->endpoint->host]
						    : NULL));
	json_object_set_new(object, "proto", json_string(proto_name(entry->tunable->proto)));
	json_object_set_new(object, "current", range_json(arena, entry->current));
	json_object_set_new(object, "current_ports", json_integer(range_width(entry->current)));
	json_object_set_new(object, "stated", json_boolean(entry->place.source != NULL));
	json_object_set_new(object, "setting", out_json_string(entry->tunable->setting));
	json_object_set_new(object, "formula", out_json_string(entry->tunable->formula));
	json_object_set_new(object, "sized", json_boolean(entry->sizing != NULL));
	json_object_set_new(object, "missing",
			    out_json_string(entry->sizing ? NULL : figure_name(entry->missing)));
	json_object_set_new(object, "terms", terms_json(entry));
	if (entry->sizing)
		sized_json(object, arena, entry);
	json_object_set_new(object, "rows", rows_json(entry));
	return object;
}

void plan_json(const struct plan *plan)
{
	json_t *root = out_json_new("plan/1", NULL), *list = json_array(), *values = json_object();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < plan->n_entries; i++) {
		const struct plan_entry *entry = &plan->entries[i];

		json_array_append_new(list, entry_json(arena, plan, entry));
		if (entry->sizing && !entry->endpoint)
			json_object_set_new(values, entry->tunable->id,
					    range_json(arena, entry->planned));
	}
	arena_free(arena);
	json_object_set_new(root, "name", json_string(plan->deployment->name));
	json_object_set_new(root, "plan", list);
	json_object_set_new(root, "tunables", values);
	out_json_print(root);
}

static json_t *items_json(const char *const *items, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(items[i]));
	return list;
}

static json_t *flows_json(const struct zone_flow *flows, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:I,s:o}", "from", flows[i].from, "to",
					flows[i].to, "rules", (json_int_t)flows[i].n_rules, "items",
					items_json(flows[i].items, flows[i].n_items)));
	return list;
}

void zone_plan_json(const struct zone_plan *plan)
{
	json_t *root = out_json_new("plan-zones/1", NULL), *list = json_array();

	for (size_t i = 0; i < plan->n_merges; i++) {
		const struct zone_merge *merge = &plan->merges[i];

		json_array_append_new(list,
				      json_pack("{s:[s,s],s:o,s:I}", "zones", merge->a, merge->b,
						"vanish", items_json(merge->items, merge->n_items),
						"narrowed", (json_int_t)merge->n_less));
	}
	json_object_set_new(root, "enforced", flows_json(plan->flows, plan->n_flows));
	json_object_set_new(root, "not_enforced", flows_json(plan->inside, plan->n_inside));
	json_object_set_new(root, "merged", list);
	out_json_print(root);
}
