// SPDX-License-Identifier: GPL-2.0
/* A comparison for programs: everything, nothing shortened. */
#include <stdlib.h>

#include "diff.h"
#include "image.h"
#include "out.h"

static json_t *side_json(const struct diff *diff, enum diff_index s)
{
	const struct diff_side *side = &diff->sides[s];
	json_t *json = json_object();
	char digest[65];

	digest_hex(side->profile->digest, digest);
	json_object_set_new(json, "file", out_json_string(side->file));
	json_object_set_new(json, "name",
			    out_json_string(diff_string(diff, s, side->profile->header->name)));
	json_object_set_new(json, "digest", json_string(digest));
	return json;
}

static json_t *settings_json(const struct setting_change *changes, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *json = json_object();

		json_object_set_new(json, "what", out_json_string(changes[i].what));
		json_object_set_new(json, "old", out_json_string(changes[i].old));
		json_object_set_new(json, "new", out_json_string(changes[i].new));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *scope_json(const struct diff *diff)
{
	json_t *list = json_array();

	for (size_t i = 0; i < diff->n_scope_changes; i++) {
		const struct scope_change *change = &diff->scope_changes[i];
		json_t *json = json_object();

		json_object_set_new(json, "from", out_json_string(change->from));
		json_object_set_new(json, "to", out_json_string(change->to));
		json_object_set_new(json, "both_directions", json_boolean(change->both));
		json_object_set_new(json, "judged", json_boolean(change->closes));
		json_array_append_new(list, json);
	}
	return list;
}

static void append_lines(json_t *list, struct arena *arena, const struct flow_change *flows,
			 size_t n, const char *effect)
{
	size_t n_lines;
	struct flow_line *lines = diff_lines(arena, flows, n, &n_lines);

	for (size_t i = 0; i < n_lines; i++) {
		json_t *json = json_object();

		json_object_set_new(json, "from", out_json_string(flows->from));
		json_object_set_new(json, "to", out_json_string(flows->to));
		json_object_set_new(json, "effect",
				    json_string(effect	       ? effect
						: lines[i].tag ? "opens"
							       : "closes"));
		json_object_set_new(json, "proto", json_string(lines[i].proto));
		json_object_set_new(json, "src_ports", json_string(lines[i].src));
		json_object_set_new(json, "dst_ports", json_string(lines[i].dst));
		json_array_append_new(list, json);
	}
}

static json_t *flows_json(const struct change *change)
{
	const char *effect = change->kind == CHANGE_ROW ? "stays" : NULL;
	struct arena *arena = arena_new();
	json_t *list = json_array();
	size_t end;

	for (size_t i = 0; i < change->n; i = end) {
		end = diff_same_ends(change, i);
		append_lines(list, arena, &change->flows[i], end - i, effect);
	}
	arena_free(arena);
	return list;
}

static json_t *change_json(const struct diff *diff, const struct change *change)
{
	const struct label *old = &diff->labels[change->label[OLD]];
	const struct label *new = &diff->labels[change->label[NEW]];
	const struct label *label = change->label[NEW] ? new : old;
	const struct eqfw_item_rec *item = &diff->sides[label->side].profile->items[label->item];
	json_t *json = json_object();

	json_object_set_new(json, "kind", json_string(diff_change_names[change->kind]));
	json_object_set_new(json, "item",
			    out_json_string(diff_string(diff, label->side, item->id)));
	json_object_set_new(json, "old", out_json_string(change->label[OLD] ? old->text : NULL));
	json_object_set_new(json, "new", out_json_string(change->label[NEW] ? new->text : NULL));
	json_object_set_new(json, "printed",
			    out_json_string(diff_string(diff, label->side, item->printed)));
	json_object_set_new(json, "pair",
			    out_json_string(diff_string(diff, label->side, item->pair)));
	json_object_set_new(json, "flows", flows_json(change));
	return json;
}

void diff_print_json(const struct diff *diff, json_t *root)
{
	json_t *changes = json_array();

	json_object_set_new(root, "same", json_boolean(diff_same(diff)));
	json_object_set_new(root, "old", side_json(diff, OLD));
	json_object_set_new(root, "new", side_json(diff, NEW));
	json_object_set_new(root, "settings", settings_json(diff->settings, diff->n_settings));
	json_object_set_new(root, "addresses", settings_json(diff->addresses, diff->n_addresses));
	json_object_set_new(root, "scope", scope_json(diff));
	for (size_t i = 0; i < diff->n_changes; i++)
		json_array_append_new(changes, change_json(diff, &diff->changes[i]));
	json_object_set_new(root, "changes", changes);
	json_object_set_new(root, "notes", settings_json(diff->notes, diff->n_notes));
}
