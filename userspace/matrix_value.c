// SPDX-License-Identifier: GPL-2.0
/* Single values of the matrix files: ids, port strings, references to roles and tunables. */
#include <string.h>

#include "matrix_names.h"
#include "matrix_read.h"

#define ID_MAX 64 /* characters */

const char *matrix_text(struct matrix_reader *r, const struct yaml *node, const char *what)
{
	const char *text = node ? yaml_text(node, what, r->diag) : NULL;

	return text ? text : NULL;
}

const char *matrix_id(struct matrix_reader *r, const struct yaml *node)
{
	const char *id = matrix_text(r, node, "an id");
	size_t len = id ? strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-.") : 0;

	if (!id)
		return NULL;
	if (!id[len] && len <= ID_MAX && *id != '.' && *id != '-')
		return id;
	diag_error(r->diag, node->at,
		   "ids are lower-case words joined by '-', at most 64 characters", "bad id '%s'",
		   id);
	return NULL;
}

bool matrix_ports(struct matrix_reader *r, const struct yaml *node, struct portset *out)
{
	const char *text = matrix_text(r, node, "ports");

	return text && portset_parse(r->arena, text, node->at, r->diag, out);
}

bool matrix_range(struct matrix_reader *r, const struct yaml *node, struct port_range *out)
{
	struct portset set;

	if (!matrix_ports(r, node, &set))
		return false;
	if (set.n != 1 || set.words) {
		diag_error(r->diag, node->at, "write one range such as 12000-15000 or one port",
			   "'%s' is not one range", node->text);
		return false;
	}
	*out = set.ranges[0];
	return true;
}

bool matrix_proto(struct matrix_reader *r, const struct yaml *node, unsigned int *out)
{
	const char *text = matrix_text(r, node, "a protocol");

	if (!text)
		return false;
	if (proto_parse(text, out))
		return true;
	diag_error(r->diag, node->at, "write tcp, udp, tcp+udp or ip", "unknown protocol '%s'",
		   text);
	return false;
}

bool matrix_flag(struct matrix_reader *r, const struct yaml *node)
{
	bool flag;

	return node && yaml_bool(node, &flag, r->diag) && flag;
}

enum call matrix_call(struct matrix_reader *r, const struct yaml *node)
{
	int i = node ? yaml_word(node, "kind of call item", call_names + 1, N_CALLS - 1, r->diag)
		     : -1;

	return (enum call)(i + 1);
}

bool matrix_requirement(struct matrix_reader *r, const struct yaml *node, enum requirement *out)
{
	int i = node ? yaml_word(node, "requirement", requirement_names, N_REQUIREMENTS, r->diag)
		     : -1;

	if (i >= 0)
		*out = (enum requirement)i;
	return i >= 0;
}

/* "unknown ROLE 'x'", with the nearest id of an array of structs that begin with their id. */
static void refuse_id(struct matrix_reader *r, const struct yaml *node, const char *what,
		      void *const *objects, size_t n)
{
	const char **ids = arena_alloc(r->arena, n * sizeof(*ids));

	for (size_t i = 0; i < n; i++)
		ids[i] = *(const char *const *)objects[i];
	diag_error(r->diag, node->at,
		   yaml_did_you_mean(r->arena, node->text, ids, n, "declare it first"),
		   "unknown %s '%s'", what, node->text);
}

struct role *matrix_role_ref(struct matrix_reader *r, const struct yaml *node)
{
	struct role *role;

	if (!matrix_text(r, node, "a role"))
		return NULL;
	role = matrix_role(r->matrix, node->text);
	if (!role)
		refuse_id(r, node, "role", (void *const *)r->matrix->roles, r->matrix->n_roles);
	return role;
}

struct tunable *matrix_tunable_ref(struct matrix_reader *r, const struct yaml *node)
{
	struct tunable *tunable;

	if (!matrix_text(r, node, "a tunable"))
		return NULL;
	tunable = matrix_tunable(r->matrix, node->text);
	if (!tunable)
		refuse_id(r, node, "tunable", (void *const *)r->matrix->tunables,
			  r->matrix->n_tunables);
	return tunable;
}

struct feature *matrix_feature_ref(struct matrix_reader *r, const struct yaml *node, const char *id)
{
	struct feature *feature = matrix_feature(r->matrix, id);

	if (!feature)
		refuse_id(r, &(struct yaml){ .at = node->at, .text = id }, "feature",
			  (void *const *)r->matrix->features, r->matrix->n_features);
	return feature;
}

void matrix_role_refs(struct matrix_reader *r, struct yaml *node, struct role_list *out)
{
	if (!node)
		return;
	out->n = 0;
	out->roles = arena_alloc(r->arena, yaml_count(node) * sizeof(struct role *));
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		struct role *role = matrix_role_ref(r, child);

		if (role)
			out->roles[out->n++] = role;
	}
}

const char **matrix_texts(struct matrix_reader *r, struct yaml *node, const char *what, size_t *n)
{
	const char **texts = arena_alloc(r->arena, yaml_count(node) * sizeof(*texts));

	*n = 0;
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child))
		if (matrix_text(r, child, what))
			texts[(*n)++] = child->text;
	return texts;
}
