// SPDX-License-Identifier: GPL-2.0
/* Roles and tunables of the matrix, as tables and as JSON. */
#include "matrix_show.h"
#include "out.h"

static json_t *stated_json(struct arena *arena, const struct role *role)
{
	json_t *list = json_array();

	for (size_t i = 0; i < role->n_stated; i++) {
		const struct stated_ports *stated = &role->stated[i];
		json_t *object = json_object();

		json_object_set_new(object, "proto", json_string(proto_name(stated->proto)));
		json_object_set_new(object, "ports",
				    json_string(portset_format(arena, &stated->ports)));
		json_object_set_new(object, "call",
				    out_json_string(stated->call ? call_name(stated->call) : NULL));
		json_object_set_new(object, "as",
				    out_json_string(stated->as ? stated->as->id : NULL));
		json_object_set_new(object, "where", out_json_string(stated->where));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *client_ports_json(struct arena *arena, const struct portset *ports)
{
	return portset_empty(ports) ? json_null() : json_string(portset_format(arena, ports));
}

static json_t *role_json(struct arena *arena, const struct role *role)
{
	json_t *object = json_object();

	json_object_set_new(object, "id", json_string(role->id));
	json_object_set_new(object, "parents", roles_json(role->parents, role->n_parents));
	json_object_set_new(object, "names", texts_json(role->names, role->n_names));
	json_object_set_new(object, "legs", roles_json(role->legs, role->n_legs));
	json_object_set_new(object, "edge", json_boolean(role->edge));
	json_object_set_new(object, "outsider", json_boolean(role->outsider));
	json_object_set_new(object, "ephemeral_tcp",
			    client_ports_json(arena, &role->ephemeral_tcp));
	json_object_set_new(object, "ephemeral_udp",
			    client_ports_json(arena, &role->ephemeral_udp));
	json_object_set_new(object, "stated", stated_json(arena, role));
	return object;
}

void show_roles_json(const struct matrix *matrix)
{
	json_t *root = out_json_new("roles/1", NULL), *list = json_array();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_roles; i++)
		json_array_append_new(list, role_json(arena, matrix->roles[i]));
	arena_free(arena);
	json_object_set_new(root, "roles", list);
	out_json_print(root);
}

void show_roles(const struct matrix *matrix)
{
	static const char *const names[] = { "ROLE", "IS ALSO", "NAMES" };
	struct out_table *table = out_table_new(3, names, NULL);
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_roles; i++) {
		const struct role *role = matrix->roles[i];
		const struct role_list parents = { .roles = role->parents, .n = role->n_parents };
		const char *text = "";

		for (size_t k = 0; k < role->n_names; k++)
			text = arena_printf(arena, "%s%s%s", text, k ? "; " : "", role->names[k]);
		out_table_row(table,
			      (const char *const[]){ role->id, ids_text(arena, &parents), text });
	}
	out_table_print(table);
	arena_free(arena);
}

static const char *range_text(struct arena *arena, struct port_range range)
{
	if (range.lo == range.hi)
		return arena_printf(arena, "%u", range.lo);
	return arena_printf(arena, "%u-%u", range.lo, range.hi);
}

static json_t *sizings_json(const struct tunable *tunable)
{
	json_t *list = json_array();

	for (size_t i = 0; i < tunable->n_sizings; i++) {
		json_t *sizing = json_object();

		for (unsigned int k = 0; k < N_FIGURES; k++)
			if (tunable->sizings[i].ports[k])
				json_object_set_new(sizing, figure_name(k),
						    json_integer(tunable->sizings[i].ports[k]));
		json_array_append_new(list, sizing);
	}
	return list;
}

static json_t *follows_json(const struct tunable *tunable)
{
	json_t *list = json_array();

	for (size_t i = 0; i < tunable->n_follows; i++)
		json_array_append_new(list, json_string(tunable->follows[i]->id));
	return list;
}

static json_t *tunable_json(struct arena *arena, const struct tunable *tunable)
{
	json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:b,s:b}", "id", tunable->id,
				   "role", tunable->role->id, "proto", proto_name(tunable->proto),
				   "default", range_text(arena, tunable->initial), "min",
				   tunable->min, "max", tunable->max, "min_width",
				   (int)tunable->min_width, "max_width", (int)tunable->max_width,
				   "fixed_width", tunable->fixed_width, "even", tunable->even);

	json_object_set_new(object, "os", out_json_string(tunable->os));
	json_object_set_new(object, "formula", out_json_string(tunable->formula));
	json_object_set_new(object, "setting", out_json_string(tunable->setting));
	json_object_set_new(object, "type", texts_json(tunable->types, tunable->n_types));
	json_object_set_new(object, "sizing", sizings_json(tunable));
	json_object_set_new(object, "below_system_max", json_boolean(tunable->below_system_max));
	json_object_set_new(object, "follows", follows_json(tunable));
	json_object_set_new(object, "procedures",
			    texts_json(tunable->procedures, tunable->n_procedures));
	json_object_set_new(object, "where", out_json_string(tunable->where));
	return object;
}

void show_tunables_json(const struct matrix *matrix)
{
	json_t *root = out_json_new("tunables/1", NULL), *list = json_array();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_tunables; i++)
		json_array_append_new(list, tunable_json(arena, matrix->tunables[i]));
	arena_free(arena);
	json_object_set_new(root, "tunables", list);
	out_json_print(root);
}

void show_tunables(const struct matrix *matrix)
{
	static const char *const names[] = { "TUNABLE", "PROTO", "DEFAULT", "LIMITS", "FORMULA" };
	struct out_table *table = out_table_new(5, names, NULL);
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_tunables; i++) {
		const struct tunable *tunable = matrix->tunables[i];

		out_table_row(table,
			      (const char *const[]){
				      tunable->id, proto_name(tunable->proto),
				      range_text(arena, tunable->initial),
				      arena_printf(arena, "%u-%u", tunable->min, tunable->max),
				      tunable->formula ? tunable->formula : "" });
	}
	out_table_print(table);
	arena_free(arena);
}
