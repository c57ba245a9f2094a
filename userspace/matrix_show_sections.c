// SPDX-License-Identifier: GPL-2.0
/* Sections with their printed lines, and features, as tables and as JSON. */
#include "matrix_show.h"
#include "out.h"

static json_t *entry_json(struct arena *arena, const struct source_entry *entry)
{
	json_t *object = json_object();

	json_object_set_new(object, "printed", out_json_string(entry->printed));
	json_object_set_new(object, "proto", json_string(proto_name(entry->proto)));
	json_object_set_new(object, "ports", json_string(portset_format(arena, &entry->ports)));
	json_object_set_new(object, "listens", json_boolean(entry->listens));
	json_object_set_new(object, "call",
			    out_json_string(entry->call ? call_name(entry->call) : NULL));
	json_object_set_new(object, "tunable",
			    out_json_string(entry->tunable ? entry->tunable->id : NULL));
	return object;
}

static json_t *row_json(struct arena *arena, const struct row *row)
{
	json_t *object = json_object(), *merged = json_array(), *entries = json_array();

	for (size_t i = 0; i < row->n_aliases; i++)
		json_array_append_new(merged, json_integer(row->aliases[i]));
	for (size_t i = 0; i < row->n_entries; i++)
		json_array_append_new(entries, entry_json(arena, &row->entries[i]));
	json_object_set_new(object, "id", json_string(row->id));
	json_object_set_new(object, "section_row", json_integer(row->n));
	json_object_set_new(object, "merged", merged);
	json_object_set_new(object, "source", out_json_string(row->source));
	json_object_set_new(object, "destination", out_json_string(row->destination));
	json_object_set_new(object, "description", out_json_string(row->description));
	json_object_set_new(object, "source_entries", entries);
	return object;
}

static json_t *section_json(struct arena *arena, const struct section *section)
{
	json_t *object = json_object(), *rows = json_array();

	for (size_t i = 0; i < section->n_rows; i++)
		json_array_append_new(rows, row_json(arena, section->rows[i]));
	json_object_set_new(object, "id", json_string(section->id));
	json_object_set_new(object, "heading", out_json_string(section->heading));
	json_object_set_new(object, "product",
			    out_json_string(section->product ? section->product->id : NULL));
	json_object_set_new(object, "site", json_boolean(section->site));
	json_object_set_new(object, "rows", rows);
	return object;
}

void show_sections_json(const struct matrix *matrix)
{
	json_t *root = out_json_new("sections/1", NULL), *list = json_array();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_sections; i++)
		json_array_append_new(list, section_json(arena, matrix->sections[i]));
	arena_free(arena);
	json_object_set_new(root, "edition", json_string(matrix->edition));
	json_object_set_new(root, "title", out_json_string(matrix->title));
	json_object_set_new(root, "sections", list);
	out_json_print(root);
}

static void section_row(struct arena *arena, struct out_table *table, const struct section *section)
{
	size_t lines = section->n_rows, items = 0;

	for (size_t i = 0; i < section->n_rows; i++) {
		lines += section->rows[i]->n_aliases;
		items += section->rows[i]->n_items;
	}
	out_table_row(table, (const char *const[]){ section->id, section->heading,
						    section->product ? section->product->id : "",
						    arena_printf(arena, "%zu", lines),
						    arena_printf(arena, "%zu", items) });
}

void show_sections(const struct matrix *matrix)
{
	static const char *const names[] = { "SECTION", "HEADING", "PRODUCT", "LINES", "ITEMS" };
	static const bool right[] = { false, false, false, true, true };
	struct out_table *table = out_table_new(5, names, right);
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_sections; i++)
		section_row(arena, table, matrix->sections[i]);
	out_table_print(table);
	arena_free(arena);
}

void show_features_json(const struct matrix *matrix)
{
	json_t *root = out_json_new("features/1", NULL), *list = json_array();

	for (size_t i = 0; i < matrix->n_features; i++) {
		const struct feature *feature = matrix->features[i];
		json_t *object = json_object();

		json_object_set_new(object, "id", json_string(feature->id));
		json_object_set_new(object, "group", out_json_string(feature->group));
		json_object_set_new(object, "meets",
				    roles_json(feature->meets.roles, feature->meets.n));
		json_object_set_new(object, "meaning", out_json_string(feature->meaning));
		json_array_append_new(list, object);
	}
	json_object_set_new(root, "features", list);
	out_json_print(root);
}

void show_features(const struct matrix *matrix)
{
	static const char *const names[] = { "FEATURE", "GROUP", "MEANING" };
	struct out_table *table = out_table_new(3, names, NULL);

	for (size_t i = 0; i < matrix->n_features; i++) {
		const struct feature *feature = matrix->features[i];

		out_table_row(table, (const char *const[]){
					     feature->id, feature->group ? feature->group : "",
					     feature->meaning ? feature->meaning : "" });
	}
	out_table_print(table);
}
