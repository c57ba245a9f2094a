// SPDX-License-Identifier: GPL-2.0
/* The items of a row: what is switched, counted and explained. */
#include <string.h>

#include "matrix_names.h"
#include "matrix_read.h"

static const char *const item_keys[] = {
	"cell",	    "printed",	   "proto",	"dst",	     "src",	     "service",
	"function", "requirement", "condition", "initiator", "call",	     "forbid",
	"separate", "related",	   "tunable",	"note",	     "source-roles", "destination-roles",
};

/**
 * struct row_defaults - what a row says for its items
 * @requirement: its level
 * @has_requirement: it states one
 * @condition: its condition, or NULL
 * @sources: roles of the source cell
 * @destinations: roles of the destination cell
 */
struct row_defaults {
	enum requirement requirement;
	bool has_requirement;
	struct yaml *condition;
	struct role_list sources;
	struct role_list destinations;
};

/* "role:wcs" or "feature:tls" */
static void read_condition(struct matrix_reader *r, struct item *item, const struct yaml *node)
{
	const char *text = matrix_text(r, node, "a condition");

	if (!text)
		return;
	if (!strncmp(text, "feature:", 8)) {
		item->condition_feature = matrix_feature_ref(r, node, text + 8);
	} else if (!strncmp(text, "role:", 5)) {
		struct yaml role = *node;

		role.text = text + 5;
		item->condition_role = matrix_role_ref(r, &role);
	} else {
		diag_error(r->diag, node->at, "write role:ID or feature:ID", "'%s' is no condition",
			   text);
	}
}

/* The union of the row's source entries of the item's protocol; ephemeral without any. */
static struct portset default_sources(struct matrix_reader *r, const struct row *row,
				      unsigned int proto)
{
	struct portset set = { 0 };
	bool found = false;

	for (size_t i = 0; i < row->n_entries; i++) {
		if (!(row->entries[i].proto & proto))
			continue;
		set = portset_union(r->arena, &set, &row->entries[i].ports);
		found = true;
	}
	if (!found && proto != PROTO_IP)
		set.words = PORTS_EPHEMERAL;
	return set;
}

static void read_ports(struct matrix_reader *r, struct item *item, struct yaml *node)
{
	struct yaml *src = yaml_get(node, "src"), *dst = yaml_get(node, "dst");

	if (!matrix_proto(r, yaml_require(node, "proto", NULL, r->diag), &item->proto))
		return;
	if (item->proto == PROTO_IP) {
		if (src || dst)
			diag_error(r->diag, yaml_place(src ? src : dst), "take src and dst out",
				   "proto ip has no ports");
		return;
	}
	matrix_ports(r, dst ? dst : yaml_require(node, "dst", NULL, r->diag), &item->dst);
	if (item->from_source_cell && !src)
		yaml_require(node, "src", "an item of the source cell says its ports there",
			     r->diag);
	else if (src)
		matrix_ports(r, src, &item->src);
	else
		item->src = default_sources(r, item->row, item->proto);
}

static void read_who_opens(struct matrix_reader *r, struct item *item, struct yaml *node)
{
	struct yaml *initiator =
		yaml_require(node, "initiator", "say who opens the connection", r->diag);
	struct yaml *call = yaml_get(node, "call");
	int i = initiator
			? yaml_word(initiator, "initiator", initiator_names, N_INITIATORS, r->diag)
			: -1;

	item->call = matrix_call(r, call);
	if (i < 0)
		return;
	item->initiator = (enum initiator)i;
	if (item->initiator == INITIATOR_EITHER && !call)
		diag_error(r->diag, initiator->at, "add `call:`: what it carries",
			   "initiator 'either' is for call items");
	if (item->initiator != INITIATOR_EITHER && call)
		diag_error(r->diag, call->at, "write `initiator: either` or take `call:` out",
			   "a call item may be opened by both ends");
}

static void check_tunable(struct matrix_reader *r, const struct item *item, const struct yaml *node)
{
	const struct portset *ports = item->from_source_cell ? &item->src : &item->dst;
	const struct tunable *tunable = item->tunable;

	if (!tunable)
		return;
	if (!(tunable->proto & item->proto))
		diag_error(r->diag, node->at, "name a tunable of this protocol",
			   "tunable '%s' is of %s, the item of %s", tunable->id,
			   proto_name(tunable->proto), proto_name(item->proto));
	if (!portset_has(ports, tunable->initial.lo) || !portset_has(ports, tunable->initial.hi))
		diag_error(r->diag, node->at, "the tunable's default is part of the item's ports",
			   "the item does not have the ports %u-%u of tunable '%s'",
			   tunable->initial.lo, tunable->initial.hi, tunable->id);
}

static void read_labels(struct matrix_reader *r, struct item *item, struct yaml *node)
{
	static const char *const related[] = { "ftp", "tftp" };
	struct yaml *function = yaml_require(node, "function",
					     "h323, sip, media, streaming or "
					     "management",
					     r->diag);
	struct yaml *helper = yaml_get(node, "related");
	int i = function ? yaml_word(function, "function", function_names, N_FUNCTIONS, r->diag)
			 : -1;

	item->printed = matrix_text(r, yaml_require(node, "printed", NULL, r->diag), "a text");
	item->service = matrix_text(r, yaml_get(node, "service"), "a label");
	item->note = matrix_text(r, yaml_get(node, "note"), "a sentence");
	item->function = i < 0 ? FUNCTION_MANAGEMENT : (enum function)i;
	i = helper ? yaml_word(helper, "helper", related, ARRAY_LEN(related), r->diag) : -1;
	item->related = i < 0 ? NULL : related[i];
}

static void read_terms(struct matrix_reader *r, struct item *item, struct yaml *node,
		       const struct row_defaults *row)
{
	struct yaml *requirement = yaml_get(node, "requirement");
	struct yaml *condition = yaml_get(node, "condition");

	item->requirement = row->requirement;
	if (!matrix_requirement(r, requirement, &item->requirement) && !row->has_requirement)
		diag_error(r->diag, node->at,
			   "state it for the row: mandatory, recommended or "
			   "optional",
			   "neither the item nor its row has a requirement");
	read_condition(r, item, condition ? condition : row->condition);
	item->sources = row->sources;
	item->destinations = row->destinations;
	matrix_role_refs(r, yaml_get(node, "source-roles"), &item->sources);
	matrix_role_refs(r, yaml_get(node, "destination-roles"), &item->destinations);
	if (!item->sources.n || !item->destinations.n)
		diag_error(r->diag, node->at, "state `source-roles:` and `destination-roles:`",
			   "the item has no roles on one side");
}

static void read_cell(struct matrix_reader *r, struct item *item, struct yaml *node)
{
	static const char *const cells[] = { "destination", "source" };
	struct yaml *cell = yaml_get(node, "cell");

	item->from_source_cell = cell && yaml_word(cell, "cell", cells, 2, r->diag) == 1;
}

static struct item *read_item(struct matrix_reader *r, struct row *row, struct yaml *node,
			      const struct row_defaults *defaults)
{
	struct item *item = arena_alloc(r->arena, sizeof(*item));

	item->row = row;
	item->n = (unsigned int)row->n_items + 1;
	item->id = arena_printf(r->arena, "%s:%u", row->id, item->n);
	item->place = node->at;
	yaml_known_keys(node, item_keys, ARRAY_LEN(item_keys), r->diag);
	read_cell(r, item, node);
	read_labels(r, item, node);
	read_ports(r, item, node);
	read_who_opens(r, item, node);
	read_terms(r, item, node, defaults);
	item->forbid = matrix_flag(r, yaml_get(node, "forbid"));
	item->separate = matrix_flag(r, yaml_get(node, "separate"));
	item->tunable = matrix_tunable_ref(r, yaml_get(node, "tunable"));
	check_tunable(r, item, yaml_get(node, "tunable"));
	return item;
}

void matrix_read_items(struct matrix_reader *r, struct row *row, struct yaml *node)
{
	struct yaml *list = yaml_get(node, "items");
	struct row_defaults defaults = { .condition = yaml_get(node, "condition") };
	const struct item *last = NULL;

	defaults.has_requirement =
		matrix_requirement(r, yaml_get(node, "requirement"), &defaults.requirement);
	matrix_role_refs(r, yaml_get(node, "source-roles"), &defaults.sources);
	matrix_role_refs(r, yaml_get(node, "destination-roles"), &defaults.destinations);
	if (!list || !yaml_is_list(list, "'items:'", r->diag))
		return;
	row->items = arena_alloc(r->arena, list->n * sizeof(struct item *));
	for (struct yaml *child = list->first; child; child = child->next) {
		struct item *item;

		if (!yaml_is_map(child, "an item", r->diag))
			continue;
		item = read_item(r, row, child, &defaults);
		if (last && last->from_source_cell && !item->from_source_cell)
			diag_error(r->diag, child->at, "move it before the source cell's items",
				   "items of the destination cell come first");
		row->items[row->n_items++] = item;
		last = item;
	}
}
