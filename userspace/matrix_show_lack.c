// SPDX-License-Identifier: GPL-2.0
/* Ports with two meanings; items that need what nobody deployed. */
#include "matrix_show.h"
#include "out.h"

static json_t *conflict_json(struct arena *arena, const struct port_conflict *conflict)
{
	return json_pack("{s:s,s:s,s:s,s:[{s:s,s:o},{s:s,s:o}]}", "device", conflict->device,
			 "proto", proto_name(conflict->proto), "ports",
			 portset_format(arena, &conflict->ports), "meanings", "item",
			 conflict->first->id, "service", out_json_string(conflict->first->service),
			 "item", conflict->second->id, "service",
			 out_json_string(conflict->second->service));
}

static void conflict_row(struct arena *arena, struct out_table *table,
			 const struct port_conflict *conflict)
{
	const struct item *a = conflict->first, *b = conflict->second;

	out_table_row(
		table,
		(const char *const[]){
			conflict->device,
			arena_printf(arena, "%s %s", proto_name(conflict->proto),
				     portset_format(arena, &conflict->ports)),
			arena_printf(arena, "%s (%s)", a->service ? a->service : "-", a->id),
			arena_printf(arena, "%s (%s)", b->service ? b->service : "-", b->id) });
}

void show_conflicts(const struct matrix *matrix, const struct deployment *deployment, bool json)
{
	static const char *const names[] = { "DEVICE", "PORTS", "ONE MEANING", "ANOTHER" };
	struct out_table *table = json ? NULL : out_table_new(4, names, NULL);
	struct arena *arena = arena_new();
	json_t *list = json_array(), *root;
	size_t n;
	struct port_conflict *conflicts = matrix_conflicts(matrix, deployment, arena, &n);

	for (size_t i = 0; i < n; i++) {
		if (json)
			json_array_append_new(list, conflict_json(arena, &conflicts[i]));
		else
			conflict_row(arena, table, &conflicts[i]);
	}
	if (json) {
		root = out_json_new("conflicts/1", NULL);
		json_object_set(root, "conflicts", list);
		out_json_print(root);
	} else {
		out_table_print(table);
	}
	json_decref(list);
	arena_free(arena);
}

static bool lacks_something(const struct item_need *need)
{
	bool one_side = !need->sources.n || !need->destinations.n;

	return one_side && (need->sources.n || need->destinations.n || need->condition);
}

static const char *condition_of(const struct item *item)
{
	if (item->condition_feature)
		return item->condition_feature->id;
	return item->condition_role ? item->condition_role->id : "";
}

static json_t *need_json(const struct item_need *need)
{
	json_t *object = json_object();

	json_object_set_new(object, "item", json_string(need->item->id));
	json_object_set_new(object, "row", json_string(need->item->row->id));
	json_object_set_new(object, "source_role",
			    roles_json(need->sources.roles, need->sources.n));
	json_object_set_new(object, "destination_role",
			    roles_json(need->destinations.roles, need->destinations.n));
	json_object_set_new(object, "condition",
			    out_json_string(need->condition ? condition_of(need->item) : NULL));
	json_object_set_new(object, "requirement",
			    json_string(requirement_name(need->item->requirement)));
	json_object_set_new(object, "in_use", json_boolean(!need->level));
	return object;
}

static void need_row(struct arena *arena, struct out_table *table, const struct item_need *need)
{
	const struct role_list *roles = need->sources.n ? &need->sources : &need->destinations;

	out_table_row(table, (const char *const[]){ need->item->id, need->item->printed,
						    ids_text(arena, roles),
						    need->condition ? condition_of(need->item) : "",
						    requirement_name(need->item->requirement),
						    need->level ? "not in use" : "" });
}

void show_needs(const struct deployment *deployment, const struct matrix_filter *filter, bool json)
{
	static const char *const names[] = { "ITEM",	  "ENTRY", "NEEDS ONE OF",
					     "CONDITION", "LEVEL", "SITE" };
	struct out_table *table = json ? NULL : out_table_new(6, names, NULL);
	const struct matrix *matrix = deployment->matrix;
	struct arena *arena = arena_new();
	json_t *list = json_array(), *root;

	for (size_t i = 0; i < matrix->n_items; i++) {
		struct item_need need = matrix_need(deployment, matrix->items[i]);

		if (!matrix_filter_passes(filter, matrix->items[i]) || !lacks_something(&need))
			continue;
		if (json)
			json_array_append_new(list, need_json(&need));
		else
			need_row(arena, table, &need);
	}
	if (json) {
		root = out_json_new("needs/1", NULL);
		json_object_set(root, "needs", list);
		out_json_print(root);
	} else {
		out_table_print(table);
	}
	json_decref(list);
	arena_free(arena);
}
