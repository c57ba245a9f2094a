// SPDX-License-Identifier: GPL-2.0
/* enable: how much of the document is opened; readings: where the site reads it otherwise. */
#include <string.h>

#include "deployment_read.h"
#include "matrix_names.h"

static const char *const enable_keys[] = { "requirement", "features", "functions", "rows" };
static const char *const switch_keys[] = { "state", "accept", "because", "until" };
static const char *const reading_keys[] = { "ports", "initiator", "because" };

static bool is_all(const struct yaml *node)
{
	return node->kind == YAML_SCALAR && !strcmp(node->text, "all");
}

static struct feature *feature_known(struct deployment_reader *d, const struct yaml *node)
{
	const char *id = yaml_text(node, "a feature", d->diag), **ids;
	struct feature *feature = id ? matrix_feature(d->matrix, id) : NULL;

	if (feature || !id)
		return feature;
	ids = arena_alloc(d->arena, (d->matrix->n_features + 1) * sizeof(*ids));
	for (size_t i = 0; i < d->matrix->n_features; i++)
		ids[i] = d->matrix->features[i]->id;
	diag_error(d->diag, node->at,
		   yaml_did_you_mean(d->arena, id, ids, d->matrix->n_features,
				     "write features of the matrix, or `features: all`"),
		   "unknown feature '%s'", id);
	return NULL;
}

static void read_features(struct deployment_reader *d, struct yaml *node)
{
	struct enable *enable = &d->deployment->enable;

	if (!node)
		return;
	enable->all_features = is_all(node);
	if (enable->all_features)
		return;
	enable->features = arena_alloc(d->arena, (yaml_count(node) + 1) * sizeof(struct feature *));
	enable->feature_places =
		arena_alloc(d->arena, (yaml_count(node) + 1) * sizeof(struct place));
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		struct feature *feature = feature_known(d, child);

		if (!feature)
			continue;
		enable->feature_places[enable->n_features] = child->at;
		enable->features[enable->n_features++] = feature;
	}
}

static void read_functions(struct deployment_reader *d, struct yaml *node)
{
	bool *functions = d->deployment->enable.functions;
	bool all = !node || is_all(node);

	for (size_t i = 0; i < N_FUNCTIONS; i++)
		functions[i] = all;
	for (struct yaml *child = all ? NULL : yaml_first(node); child;
	     child = yaml_after(node, child)) {
		int i = yaml_word(child, "function", function_names, N_FUNCTIONS, d->diag);

		if (i >= 0)
			functions[i] = true;
	}
	if (!all && !yaml_count(node))
		diag_error(d->diag, yaml_place(node), "write `functions: all` or a list",
			   "no function is enabled");
}

/* on, off, or {state: on, because: ..., until: ...}, or {accept: true, because: ...} */
static void read_switch_map(struct deployment_reader *d, struct yaml *node, struct row_switch *out,
			    const struct yaml **state)
{
	struct yaml *accept = yaml_get(node, "accept"), *until = yaml_get(node, "until");

	yaml_known_keys(node, switch_keys, ARRAY_LEN(switch_keys), d->diag);
	*state = yaml_get(node, "state");
	if (accept)
		yaml_bool(accept, &out->accept, d->diag);
	out->because = free_text(d, yaml_get(node, "because"));
	out->until = until_date(d, until);
	if (!*state && !accept && !until)
		diag_error(d->diag, yaml_place(node),
			   "write `state: on`, `state: off` or "
			   "`accept: true`",
			   "nothing is switched here");
}

static void read_switch(struct deployment_reader *d, struct yaml *node, struct row_switch *out)
{
	static const char *const words[] = { "off", "on" };
	const struct yaml *state = node;
	int i;

	out->id = node->key->text;
	out->place = node->key->at;
	row_or_item(d, node->key, &out->row, &out->item);
	if (node->kind == YAML_MAP)
		read_switch_map(d, node, out, &state);
	i = state ? yaml_word(state, "state", words, 2, d->diag) : -1;
	out->has_state = i >= 0;
	out->on = i == 1;
	if (i == 0 && out->until)
		diag_error(d->diag, out->place, "take one of them out",
			   "'%s' is off: it has nothing that could end", out->id);
}

static void check_switched_twice(struct deployment_reader *d, const struct row_switch *added)
{
	const struct enable *enable = &d->deployment->enable;

	for (const struct row_switch *other = enable->rows; other < added; other++) {
		if (other->row != added->row || other->item != added->item)
			continue;
		if (added->row || added->item)
			diag_error(d->diag, added->place, "take one of them out",
				   "'%s' is the same as '%s' in line %u", added->id, other->id,
				   other->place.line);
	}
}

static void read_switches(struct deployment_reader *d, struct yaml *map)
{
	struct enable *enable = &d->deployment->enable;

	if (!map || !yaml_is_map(map, "'rows:'", d->diag))
		return;
	enable->rows = arena_alloc(d->arena, (map->n + 1) * sizeof(*enable->rows));
	for (struct yaml *node = map->first; node; node = node->next) {
		read_switch(d, node, &enable->rows[enable->n_rows]);
		check_switched_twice(d, &enable->rows[enable->n_rows]);
		enable->n_rows++;
	}
}

void read_enable(struct deployment_reader *d)
{
	struct yaml *map = yaml_get(d->top, "enable");
	struct yaml *requirement = yaml_get(map, "requirement");
	int i;

	if (map && !yaml_is_map(map, "'enable:'", d->diag))
		return;
	if (map)
		yaml_known_keys(map, enable_keys, ARRAY_LEN(enable_keys), d->diag);
	i = requirement ? yaml_word(requirement, "requirement", requirement_names, N_REQUIREMENTS,
				    d->diag)
			: REQUIREMENT_MANDATORY;
	d->deployment->enable.requirement = i < 0 ? REQUIREMENT_MANDATORY : (enum requirement)i;
	read_features(d, yaml_get(map, "features"));
	read_functions(d, yaml_get(map, "functions"));
	read_switches(d, yaml_get(map, "rows"));
}

static bool read_opener(struct deployment_reader *d, const struct yaml *node,
			struct reading_override *out)
{
	int i = yaml_word(node, "initiator", initiator_names, N_INITIATORS, d->diag);

	if (i < 0 || !out->item)
		return false;
	out->has_initiator = true;
	out->initiator = (enum initiator)i;
	if (out->initiator == INITIATOR_EITHER && out->item->call == CALL_NONE)
		diag_error(d->diag, node->at, "write source, destination or swapped",
			   "'%s' is no call: one side opens it", out->item->id);
	else if (out->initiator == INITIATOR_SWAPPED && out->item->call != CALL_NONE)
		diag_error(d->diag, node->at, "write source, destination or either",
			   "'%s' is a call: its ports are of both sides", out->item->id);
	else
		return true;
	return false;
}

static bool read_reading_ports(struct deployment_reader *d, const struct yaml *node,
			       struct reading_override *out)
{
	return yaml_text(node, "ports", d->diag) &&
	       portset_parse(d->arena, node->text, node->at, d->diag, &out->ports);
}

static bool read_reading(struct deployment_reader *d, struct yaml *node,
			 struct reading_override *out)
{
	struct yaml *ports, *opener;
	struct row *row;

	row_or_item(d, node->key, &row, &out->item);
	out->place = node->key->at;
	if (row)
		diag_error(d->diag, node->key->at, "name one of its items: ROW:N",
			   "'%s' is a row; a reading is of an item", node->key->text);
	if (!yaml_is_map(node, "a reading", d->diag))
		return false;
	yaml_known_keys(node, reading_keys, ARRAY_LEN(reading_keys), d->diag);
	ports = yaml_get(node, "ports");
	opener = yaml_get(node, "initiator");
	if (!ports && !opener)
		yaml_require(node, "ports", "state `ports:` or `initiator:` as the site reads them",
			     d->diag);
	out->because = free_text(d, yaml_get(node, "because"));
	if (out->item)
		out->ports = *item_ports(out->item);
	return (!ports || read_reading_ports(d, ports, out)) &&
	       (!opener || read_opener(d, opener, out)) && out->item;
}

void read_readings(struct deployment_reader *d)
{
	struct yaml *map = yaml_get(d->top, "readings");
	struct deployment *deployment = d->deployment;

	if (!map || !yaml_is_map(map, "'readings:'", d->diag))
		return;
	deployment->readings = arena_alloc(d->arena, (map->n + 1) * sizeof(*deployment->readings));
	for (struct yaml *node = map->first; node; node = node->next)
		if (read_reading(d, node, &deployment->readings[deployment->n_readings]))
			deployment->n_readings++;
}
