// SPDX-License-Identifier: GPL-2.0
/* roles.yaml: first every role and leg by name, then what they refer to. */
#include <string.h>

#include "matrix_read.h"

static const char *const role_keys[] = { "id",	 "names",  "parents",	"legs",
					 "edge", "stated", "ephemeral", "outsider" };
static const char *const leg_keys[] = { "names", "parents", "stated", "ephemeral" };
static const char *const stated_keys[] = { "proto", "ports", "call", "as", "where" };
static const char *const ephemeral_keys[] = { "tcp", "udp" };

static struct role *add_role(struct matrix_reader *r, const char *id, const struct yaml *node)
{
	struct role *role = matrix_role(r->matrix, id);

	if (role) {
		diag_error(r->diag, node->at, "ids of roles and legs are unique",
			   "duplicate role '%s'; it already stands in line %u", id,
			   role->place.line);
		return role;
	}
	role = arena_alloc(r->arena, sizeof(*role));
	role->id = id;
	role->place = node->at;
	r->matrix->roles[r->matrix->n_roles++] = role;
	return role;
}

static void declare_legs(struct matrix_reader *r, struct role *role, struct yaml *legs)
{
	if (!legs || !yaml_is_map(legs, "'legs:'", r->diag))
		return;
	role->legs = arena_alloc(r->arena, legs->n * sizeof(struct role *));
	for (struct yaml *leg = legs->first; leg; leg = leg->next)
		if (yaml_is_map(leg, "a leg", r->diag) && matrix_id(r, leg->key))
			role->legs[role->n_legs++] = add_role(
				r, arena_printf(r->arena, "%s.%s", role->id, leg->key->text),
				leg->key);
}

static void declare_role(struct matrix_reader *r, struct yaml *node)
{
	const char *id;

	if (!yaml_is_map(node, "a role", r->diag))
		return;
	yaml_known_keys(node, role_keys, ARRAY_LEN(role_keys), r->diag);
	id = matrix_id(r, yaml_require(node, "id", "give the role an id", r->diag));
	if (id)
		declare_legs(r, add_role(r, id, yaml_get(node, "id")), yaml_get(node, "legs"));
}

static void read_stated(struct matrix_reader *r, struct role *role, struct yaml *list)
{
	if (!list || !yaml_is_list(list, "'stated:'", r->diag))
		return;
	role->stated = arena_alloc(r->arena, list->n * sizeof(*role->stated));
	for (struct yaml *node = list->first; node; node = node->next) {
		struct stated_ports *stated = &role->stated[role->n_stated];

		if (!yaml_is_map(node, "an entry of 'stated:'", r->diag))
			continue;
		yaml_known_keys(node, stated_keys, ARRAY_LEN(stated_keys), r->diag);
		stated->call = matrix_call(r, yaml_get(node, "call"));
		stated->as = matrix_role_ref(r, yaml_get(node, "as"));
		stated->where = matrix_text(r, yaml_get(node, "where"), "a row id or a sentence");
		if (!matrix_proto(r, yaml_require(node, "proto", NULL, r->diag), &stated->proto) ||
		    !matrix_ports(r, yaml_require(node, "ports", NULL, r->diag), &stated->ports))
			continue;
		if (stated->ports.words)
			diag_error(r->diag, yaml_get(node, "ports")->at, "write the numbers",
				   "stated ports are numbers, not words");
		role->n_stated++;
	}
}

static void read_ephemeral(struct matrix_reader *r, struct role *role, struct yaml *node)
{
	if (!node || !yaml_is_map(node, "'ephemeral:'", r->diag))
		return;
	yaml_known_keys(node, ephemeral_keys, ARRAY_LEN(ephemeral_keys), r->diag);
	matrix_ports(r, yaml_get(node, "tcp"), &role->ephemeral_tcp);
	matrix_ports(r, yaml_get(node, "udp"), &role->ephemeral_udp);
}

/* `device` is the device of a leg, its first parent; NULL for a role of its own. */
static void read_parents(struct matrix_reader *r, struct role *role, struct yaml *node,
			 struct role *device)
{
	struct role_list list = { 0 };

	matrix_role_refs(r, node, &list);
	role->parents = arena_alloc(r->arena, (list.n + 1) * sizeof(struct role *));
	role->n_parents = 0;
	if (device)
		role->parents[role->n_parents++] = device;
	for (size_t i = 0; i < list.n; i++)
		role->parents[role->n_parents++] = list.roles[i];
	if (role->outsider && role->n_parents)
		diag_error(r->diag, role->place, "outsiders are nobody's kin: take the parents out",
			   "the outsider '%s' has parents", role->id);
}

static void read_common(struct matrix_reader *r, struct role *role, struct yaml *node,
			struct role *device)
{
	role->names = matrix_texts(r, yaml_get(node, "names"), "a name", &role->n_names);
	read_parents(r, role, yaml_get(node, "parents"), device);
	read_ephemeral(r, role, yaml_get(node, "ephemeral"));
	read_stated(r, role, yaml_get(node, "stated"));
}

static void read_role(struct matrix_reader *r, struct yaml *node)
{
	struct yaml *id = yaml_get(node, "id"), *legs = yaml_get(node, "legs");
	struct role *role = id && id->kind == YAML_SCALAR ? matrix_role(r->matrix, id->text) : NULL;

	if (!role)
		return;
	role->edge = matrix_flag(r, yaml_get(node, "edge"));
	role->outsider = matrix_flag(r, yaml_get(node, "outsider"));
	read_common(r, role, node, NULL);
	for (struct yaml *leg = legs && legs->kind == YAML_MAP ? legs->first : NULL; leg;
	     leg = leg->next) {
		struct role *face = matrix_role(r->matrix, arena_printf(r->arena, "%s.%s", role->id,
									leg->key->text));

		if (!face || leg->kind != YAML_MAP)
			continue;
		yaml_known_keys(leg, leg_keys, ARRAY_LEN(leg_keys), r->diag);
		face->edge = role->edge;
		face->outsider = false;
		read_common(r, face, leg, role);
	}
}

/* A walk upwards longer than there are roles goes round. */
static bool has_cycle(const struct role *role, size_t left)
{
	if (!left)
		return true;
	for (size_t i = 0; i < role->n_parents; i++)
		if (has_cycle(role->parents[i], left - 1))
			return true;
	return false;
}

static void check_cycles(struct matrix_reader *r)
{
	for (size_t i = 0; i < r->matrix->n_roles; i++) {
		struct role *role = r->matrix->roles[i];

		if (!has_cycle(role, r->matrix->n_roles))
			continue;
		diag_error(r->diag, role->place, "take one of its parents out",
			   "the role '%s' descends from itself", role->id);
		/* Whoever walks upwards later must come to an end. */
		role->n_parents = 0;
	}
}

static size_t count_roles(const struct yaml *list)
{
	size_t n = list->n;

	for (const struct yaml *node = list->first; node; node = node->next) {
		const struct yaml *legs = yaml_get(node, "legs");

		n += legs ? legs->n : 0;
	}
	return n;
}

void matrix_add_roles(struct matrix_reader *r, struct yaml *list)
{
	size_t n = r->matrix->n_roles;
	struct role **more = arena_alloc(r->arena, (n + count_roles(list)) * sizeof(struct role *));

	for (size_t i = 0; i < n; i++)
		more[i] = r->matrix->roles[i];
	r->matrix->roles = more;
	for (struct yaml *node = list->first; node; node = node->next)
		declare_role(r, node);
	for (struct yaml *node = list->first; node; node = node->next)
		read_role(r, node);
	check_cycles(r);
}

void matrix_read_roles(struct matrix_reader *r)
{
	static const char *const keys[] = { "eqfw", "roles" };
	struct yaml *top = matrix_file(r, "roles.yaml", "roles/1", keys, ARRAY_LEN(keys));
	struct yaml *list = top ? yaml_require(top, "roles", NULL, r->diag) : NULL;

	if (list && yaml_is_list(list, "'roles:'", r->diag))
		matrix_add_roles(r, list);
}
