// SPDX-License-Identifier: GPL-2.0
/* May one kind of device open a port of another, and where does the document say so? */
#include "matrix_show.h"
#include "out.h"

static const char *condition_of(const struct item *item)
{
	if (item->condition_feature)
		return item->condition_feature->id;
	return item->condition_role ? item->condition_role->id : NULL;
}

static json_t *flows_json(const struct pair_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; i < answer->n_flows; i++) {
		const struct pair_flow *flow = &answer->flows[i];
		json_t *object = json_object();

		json_object_set_new(object, "item", json_string(flow->item->id));
		json_object_set_new(object, "row", json_string(flow->item->row->id));
		json_object_set_new(object, "printed", out_json_string(flow->item->printed));
		json_object_set_new(object, "proto", json_string(proto_name(flow->proto)));
		json_object_set_new(object, "src_ports",
				    json_string(portset_format(answer->arena, &flow->src)));
		json_object_set_new(object, "dst_ports",
				    json_string(portset_format(answer->arena, &flow->dst)));
		json_object_set_new(object, "requirement",
				    json_string(requirement_name(flow->item->requirement)));
		json_object_set_new(object, "condition", out_json_string(condition_of(flow->item)));
		json_array_append_new(list, object);
	}
	return list;
}

/* Each item once: TCP and UDP of one are two flows. */
static json_t *flow_items_json(const struct pair_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; i < answer->n_flows; i++)
		if (!i || answer->flows[i].item != answer->flows[i - 1].item)
			json_array_append_new(list,
					      item_json(answer->arena, answer->flows[i].item));
	return list;
}

static json_t *ids_json(const struct item *const *items, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(items[i]->id));
	return list;
}

static void pair_json(const struct matrix_filter *filter, const struct pair_answer *answer)
{
	json_t *root = out_json_new("pair/1", NULL);

	json_object_set_new(root, "allowed", json_boolean(answer->n_flows > 0));
	json_object_set_new(root, "from", roles_json(filter->from.roles, filter->from.n));
	json_object_set_new(root, "to", roles_json(filter->to.roles, filter->to.n));
	json_object_set_new(root, "flows", flows_json(answer));
	json_object_set_new(root, "items", flow_items_json(answer));
	json_object_set_new(root, "left_to_vendor", ids_json(answer->vendors, answer->n_vendors));
	json_object_set_new(root, "forbidden_by", ids_json(answer->forbids, answer->n_forbids));
	out_json_print(root);
}

static void flows_table(const struct pair_answer *answer)
{
	static const char *const names[] = { "ITEM",  "ENTRY", "PROTO",	   "FROM PORTS",
					     "PORTS", "LEVEL", "CONDITION" };
	struct out_table *table = out_table_new(7, names, NULL);

	for (size_t i = 0; i < answer->n_flows; i++) {
		const struct pair_flow *flow = &answer->flows[i];
		const char *condition = condition_of(flow->item);

		out_table_row(table,
			      (const char *const[]){ flow->item->id, flow->item->printed,
						     proto_name(flow->proto),
						     portset_format(answer->arena, &flow->src),
						     portset_format(answer->arena, &flow->dst),
						     requirement_name(flow->item->requirement),
						     condition ? condition : "" });
	}
	out_table_print(table);
}

static void pair_text(const struct matrix_filter *filter, struct pair_answer *answer)
{
	out_headline(answer->n_flows ? OUT_GREEN : OUT_RED, answer->n_flows ? "yes" : "no",
		     ": %s %s to %s", ids_text(answer->arena, &filter->from),
		     answer->n_flows ? "may open these ports" : "may not open that",
		     ids_text(answer->arena, &filter->to));
	if (answer->n_flows)
		flows_table(answer);
	for (size_t i = 0; i < answer->n_forbids; i++)
		out_line("always blocked by %s: %s", answer->forbids[i]->id,
			 answer->forbids[i]->printed);
	for (size_t i = 0; i < answer->n_vendors; i++)
		out_line("left to the vendor by %s: %s", answer->vendors[i]->id,
			 answer->vendors[i]->printed);
}

bool show_pair(const struct matrix *matrix, const struct matrix_filter *filter, bool json)
{
	struct pair_answer answer =
		pair_ask(matrix, &filter->from, &filter->to, filter->proto, filter->ports);
	bool allowed = answer.n_flows > 0;

	if (json)
		pair_json(filter, &answer);
	else
		pair_text(filter, &answer);
	pair_answer_free(&answer);
	return allowed;
}
