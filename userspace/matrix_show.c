// SPDX-License-Identifier: GPL-2.0
/* Items of the matrix, as a table, in full or as JSON. */
#include "matrix_show.h"
#include "out.h"

json_t *texts_json(const char *const *texts, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, out_json_string(texts[i]));
	return list;
}

json_t *roles_json(struct role *const *roles, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(roles[i]->id));
	return list;
}

static json_t *ports_json(struct arena *arena, const struct portset *ports)
{
	return json_string(portset_format(arena, ports));
}

static const char *condition_of(const struct item *item)
{
	if (item->condition_feature)
		return item->condition_feature->id;
	return item->condition_role ? item->condition_role->id : NULL;
}

/* What the id is of: some are of both. */
static const char *condition_kind(const struct item *item)
{
	if (item->condition_feature)
		return "feature";
	return item->condition_role ? "role" : NULL;
}

static json_t *classes_json(const struct item *item)
{
	json_t *list = json_array();

	for (int i = 0; i < N_PORT_CLASSES; i++)
		if (port_class_has(item_ports(item), (enum port_class)i))
			json_array_append_new(list,
					      json_string(port_class_name((enum port_class)i)));
	return list;
}

static json_t *errata_ids_json(const struct item *item)
{
	json_t *list = json_array();

	for (size_t i = 0; i < item->row->n_errata; i++)
		if (erratum_is_of(&item->row->errata[i], item))
			json_array_append_new(list, json_string(item->row->errata[i].id));
	return list;
}

json_t *item_json(struct arena *arena, const struct item *item)
{
	json_t *object = json_object();

	json_object_set_new(object, "id", json_string(item->id));
	json_object_set_new(object, "row", json_string(item->row->id));
	json_object_set_new(object, "section", out_json_string(item->row->section->heading));
	json_object_set_new(object, "section_row", json_integer(item->row->n));
	json_object_set_new(object, "source", out_json_string(item->row->source));
	json_object_set_new(object, "destination", out_json_string(item->row->destination));
	json_object_set_new(object, "printed", out_json_string(item->printed));
	json_object_set_new(object, "source_role",
			    roles_json(item->sources.roles, item->sources.n));
	json_object_set_new(object, "destination_role",
			    roles_json(item->destinations.roles, item->destinations.n));
	json_object_set_new(object, "proto", json_string(proto_name(item->proto)));
	json_object_set_new(object, "src_ports", ports_json(arena, &item->src));
	json_object_set_new(object, "dst_ports", ports_json(arena, &item->dst));
	json_object_set_new(object, "service", out_json_string(item->service));
	json_object_set_new(object, "function", json_string(function_name(item->function)));
	json_object_set_new(object, "requirement",
			    json_string(requirement_name(item->requirement)));
	json_object_set_new(object, "condition", out_json_string(condition_of(item)));
	json_object_set_new(object, "initiator", json_string(initiator_name(item->initiator)));
	json_object_set_new(object, "reading_note", out_json_string(item->note));
	json_object_set_new(object, "condition_kind", out_json_string(condition_kind(item)));
	json_object_set_new(object, "cell",
			    json_string(item->from_source_cell ? "source" : "destination"));
	json_object_set_new(object, "call",
			    out_json_string(item->call ? call_name(item->call) : NULL));
	json_object_set_new(object, "forbid", json_boolean(item->forbid));
	json_object_set_new(object, "separate", json_boolean(item->separate));
	json_object_set_new(object, "related", out_json_string(item->related));
	json_object_set_new(object, "port_classes", classes_json(item));
	json_object_set_new(object, "tunable",
			    out_json_string(item->tunable ? item->tunable->id : NULL));
	json_object_set_new(object, "description", out_json_string(item->row->description));
	json_object_set_new(object, "errata", errata_ids_json(item));
	return object;
}

const char *ids_text(struct arena *arena, const struct role_list *roles)
{
	const char *text = "";

	for (size_t i = 0; i < roles->n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? "," : "", roles->roles[i]->id);
	return text;
}

void items_json(const struct matrix *matrix, const struct matrix_filter *filter)
{
	json_t *root = out_json_new("matrix/1", NULL), *list = json_array();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_items; i++)
		if (matrix_filter_passes(filter, matrix->items[i]))
			json_array_append_new(list, item_json(arena, matrix->items[i]));
	arena_free(arena);
	json_object_set_new(root, "items", list);
	out_json_print(root);
}

void items_table(const struct matrix *matrix, const struct matrix_filter *filter)
{
	static const char *const names[] = { "ITEM",	  "ENTRY",  "FROM", "TO",
					     "INITIATOR", "SOURCE", "PORTS" };
	struct out_table *table = out_table_new(7, names, NULL);
	struct arena *arena = arena_new();
	bool some = false;

	for (size_t i = 0; i < matrix->n_items; i++) {
		const struct item *item = matrix->items[i];

		if (!matrix_filter_passes(filter, item))
			continue;
		out_table_row(table,
			      (const char *const[]){
				      item->id, item->printed, ids_text(arena, &item->sources),
				      ids_text(arena, &item->destinations),
				      item->forbid ? "forbidden" : initiator_name(item->initiator),
				      portset_format(arena, &item->src),
				      portset_format(arena, &item->dst) });
		some = true;
	}
	out_table_print(table);
	arena_free(arena);
	if (!some)
		out_line("no item");
}

static void show_line(const char *label, const char *text)
{
	if (text)
		out_line("  %-12s %s", label, text);
}

/* One item in full: what was printed, how it is read, and why. */
static void item_text(struct arena *arena, const struct item *item)
{
	out_headline(OUT_BOLD, item->id, "  %s", item->printed);
	show_line("row",
		  arena_printf(arena, "%s -> %s", item->row->source, item->row->destination));
	show_line("section", item->row->section->heading);
	show_line("from", ids_text(arena, &item->sources));
	show_line("to", ids_text(arena, &item->destinations));
	show_line("protocol", proto_name(item->proto));
	show_line("source", portset_format(arena, &item->src));
	show_line("destination", portset_format(arena, &item->dst));
	show_line("service", item->service);
	show_line("function", function_name(item->function));
	show_line("requirement", requirement_name(item->requirement));
	show_line("condition", condition_of(item));
	show_line("initiator", initiator_name(item->initiator));
	show_line("forbids", item->forbid ? "these ports are always blocked" : NULL);
	show_line("tunable", item->tunable ? item->tunable->id : NULL);
	show_line("note", item->note);
	for (size_t i = 0; i < item->row->n_errata; i++) {
		const struct erratum *erratum = &item->row->errata[i];

		if (erratum_is_of(erratum, item))
			show_line("erratum",
				  arena_printf(arena, "%s: \"%s\" is read \"%s\": %s",
					       erratum_kind_name(erratum->kind), erratum->printed,
					       erratum->reading, erratum->reason));
	}
}

void items_text(const struct matrix *matrix, const struct matrix_filter *filter)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_items; i++)
		if (matrix_filter_passes(filter, matrix->items[i]))
			item_text(arena, matrix->items[i]);
	arena_free(arena);
}
