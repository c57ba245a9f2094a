// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "matrix.h"
#include "out.h"

/**
 * struct options - what to show
 * @id: a row or an item, or NULL for all
 * @matrix: directory, or NULL
 * @role: only items of this role, or NULL
 * @json: as JSON
 * @roles: the roles instead of the items
 * @tunables: the tunables instead of the items
 * @port: only items with this port, 0 for all
 * @proto: and of this protocol
 */
struct options {
	const char *id;
	const char *matrix;
	const char *role;
	bool json;
	bool roles;
	bool tunables;
	uint16_t port;
	unsigned int proto;
};

static const struct cmd_option option_list[] = {
	{ "roles", 'r', NULL, "list the kinds of devices" },
	{ "tunables", 't', NULL, "list ports and ranges that a site may change" },
	{ "port", 'p', "N/PROTO", "only items that use this port, such as 5061/tcp" },
	{ "role", 'R', "ROLE", "only items that this role takes part in" },
	CMD_OPTION_MATRIX,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_matrix = {
	.name = "matrix",
	.args = "[ROW | ITEM]",
	.help = "show the document as eqfw reads it",
	.options = option_list,
	.run = run,
};

static bool set_port(struct options *options, const char *value)
{
	char *end;
	unsigned long port = strtoul(value, &end, 10);

	if (*value >= '1' && *value <= '9' && port <= 65535 && *end == '/' &&
	    proto_parse(end + 1, &options->proto) && options->proto != PROTO_IP) {
		options->port = (uint16_t)port;
		return true;
	}
	cmd_usage_error(&cmd_matrix, "'%s' is no port: write N/tcp or N/udp", value);
	return false;
}

static bool set_option(void *ctx, const char *name, const char *value)
{
	struct options *options = ctx;

	if (!strcmp(name, "port"))
		return set_port(options, value);
	if (!strcmp(name, "role"))
		options->role = value;
	else if (!strcmp(name, "matrix"))
		options->matrix = value;
	else if (!strcmp(name, "roles"))
		options->roles = true;
	else if (!strcmp(name, "tunables"))
		options->tunables = true;
	else
		options->json = true;
	return true;
}

/* What `options` asks for, found in the matrix. */
struct filter {
	const struct options *options;
	const struct role *role;
	const struct row *row;
	const struct item *item;
};

static bool side_has_role(const struct role_list *side, const struct role *role)
{
	for (size_t i = 0; i < side->n; i++)
		if (role_is(role, side->roles[i]) || role_is(side->roles[i], role))
			return true;
	return false;
}

/* A word that is no number stands for no port in particular: only `all` holds every one. */
static bool item_has_port(const struct item *item, const struct options *options)
{
	return item->proto & options->proto &&
	       (portset_has(&item->src, options->port) || portset_has(&item->dst, options->port));
}

static bool item_shown(const struct filter *filter, const struct item *item)
{
	if (filter->item && item != filter->item)
		return false;
	if (filter->row && item->row != filter->row)
		return false;
	if (filter->options->port && !item_has_port(item, filter->options))
		return false;
	return !filter->role || side_has_role(&item->sources, filter->role) ||
	       side_has_role(&item->destinations, filter->role);
}

static json_t *texts_json(const char *const *texts, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, out_json_string(texts[i]));
	return list;
}

static json_t *roles_json(struct role *const *roles, size_t n)
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

static json_t *item_json(struct arena *arena, const struct item *item)
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
	json_object_set_new(object, "forbid", json_boolean(item->forbid));
	return object;
}

static void items_json(const struct matrix *matrix, const struct filter *filter)
{
	json_t *root = out_json_new("matrix/1", NULL), *list = json_array();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_items; i++)
		if (item_shown(filter, matrix->items[i]))
			json_array_append_new(list, item_json(arena, matrix->items[i]));
	arena_free(arena);
	json_object_set_new(root, "items", list);
	out_json_print(root);
}

static const char *ids_text(struct arena *arena, const struct role_list *roles)
{
	const char *text = "";

	for (size_t i = 0; i < roles->n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? "," : "", roles->roles[i]->id);
	return text;
}

static bool items_table(const struct matrix *matrix, const struct filter *filter)
{
	static const char *const names[] = { "ITEM",	  "ENTRY",  "FROM", "TO",
					     "INITIATOR", "SOURCE", "PORTS" };
	struct out_table *table = out_table_new(7, names, NULL);
	struct arena *arena = arena_new();
	bool some = false;

	for (size_t i = 0; i < matrix->n_items; i++) {
		const struct item *item = matrix->items[i];

		if (!item_shown(filter, item))
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
	return some;
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
	for (size_t i = 0; i < item->row->n_errata; i++)
		show_line("erratum",
			  arena_printf(arena, "\"%s\" is read \"%s\": %s",
				       item->row->errata[i].printed, item->row->errata[i].reading,
				       item->row->errata[i].reason));
}

static void show_items(const struct matrix *matrix, const struct filter *filter)
{
	struct arena *arena;

	if (filter->options->json) {
		items_json(matrix, filter);
		return;
	}
	if (!filter->row && !filter->item) {
		if (!items_table(matrix, filter))
			out_line("no item");
		return;
	}
	arena = arena_new();
	for (size_t i = 0; i < matrix->n_items; i++)
		if (item_shown(filter, matrix->items[i]))
			item_text(arena, matrix->items[i]);
	arena_free(arena);
}

static void show_roles_json(const struct matrix *matrix)
{
	json_t *root = out_json_new("roles/1", NULL), *list = json_array();

	for (size_t i = 0; i < matrix->n_roles; i++) {
		const struct role *role = matrix->roles[i];

		json_array_append_new(list,
				      json_pack("{s:s,s:o,s:o}", "id", role->id, "parents",
						roles_json(role->parents, role->n_parents), "names",
						texts_json(role->names, role->n_names)));
	}
	json_object_set_new(root, "roles", list);
	out_json_print(root);
}

static void show_roles(const struct matrix *matrix)
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

static void show_tunables_json(const struct matrix *matrix)
{
	json_t *root = out_json_new("tunables/1", NULL), *list = json_array();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < matrix->n_tunables; i++)
		json_array_append_new(list, tunable_json(arena, matrix->tunables[i]));
	arena_free(arena);
	json_object_set_new(root, "tunables", list);
	out_json_print(root);
}

static void show_tunables(const struct matrix *matrix)
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

static bool refuse_unknown(const char *what, const char *word, const char *const *candidates,
			   size_t n)
{
	const char *near = diag_suggest(word, candidates, n);

	if (near)
		out_complain("unknown %s '%s'; did you mean '%s'?", what, word, near);
	else
		out_complain("unknown %s '%s'", what, word);
	return false;
}

static bool find_role(const struct matrix *matrix, struct filter *filter)
{
	const char *word = filter->options->role, **ids;
	size_t n = matrix->n_roles;

	filter->role = word ? matrix_role(matrix, word) : NULL;
	if (filter->role || !word)
		return true;
	ids = must_alloc((n + 1) * sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		ids[i] = matrix->roles[i]->id;
	refuse_unknown("role", word, ids, n);
	free(ids);
	return false;
}

static bool find_id(const struct matrix *matrix, struct filter *filter)
{
	const char *word = filter->options->id, **ids;
	size_t n = matrix->n_items;

	if (!word)
		return true;
	filter->item = matrix_item(matrix, word);
	filter->row = filter->item ? NULL : matrix_row(matrix, word);
	if (filter->item || filter->row)
		return true;
	ids = must_alloc((n + 1) * sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		ids[i] = matrix->items[i]->id;
	refuse_unknown("row or item", word, ids, n);
	free(ids);
	return false;
}

static int show(const struct matrix *matrix, const struct options *options)
{
	struct filter filter = { .options = options };

	if (!find_role(matrix, &filter) || !find_id(matrix, &filter))
		return EXIT_STATUS_USAGE;
	if (options->roles && options->json)
		show_roles_json(matrix);
	else if (options->roles)
		show_roles(matrix);
	else if (options->tunables && options->json)
		show_tunables_json(matrix);
	else if (options->tunables)
		show_tunables(matrix);
	else
		show_items(matrix, &filter);
	return out_finish(EXIT_STATUS_OK);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct diag diag = { 0 };
	struct matrix *matrix;
	int first = cmd_getopt(&cmd_matrix, argc, argv, set_option, &options), status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 < argc)
		return cmd_usage_error(&cmd_matrix, "one row or item at a time");
	if (options.roles && options.tunables)
		return cmd_usage_error(&cmd_matrix, "--roles and --tunables: one at a time");
	if ((options.roles || options.tunables) && (first < argc || options.role || options.port))
		return cmd_usage_error(&cmd_matrix, "--%s lists all of them",
				       options.roles ? "roles" : "tunables");
	options.id = argv[first];
	matrix = matrix_read(matrix_find_dir(options.matrix), &diag);
	if (!matrix)
		return EXIT_STATUS_INVALID;
	status = show(matrix, &options);
	matrix_free(matrix);
	return status;
}
