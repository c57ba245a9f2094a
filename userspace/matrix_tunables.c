// SPDX-License-Identifier: GPL-2.0
/* features.yaml and tunables.yaml. */
#include "matrix_names.h"
#include "matrix_read.h"

static const char *const feature_keys[] = { "id", "group", "meets", "meaning" };
static const char *const tunable_keys[] = {
	"id",	       "role",	  "proto",  "default", "limits", "formula",	     "setting",
	"fixed-width", "even",	  "sizing", "type",    "os",	 "below-system-max", "procedure",
	"where",       "follows",
};
static const char *const os_families[] = { "linux", "windows" };
static const char *const limit_keys[] = { "min", "max", "min-width", "max-width" };

static void read_feature(struct matrix_reader *r, struct yaml *node)
{
	struct feature *feature = arena_alloc(r->arena, sizeof(*feature));

	if (!yaml_is_map(node, "a feature", r->diag))
		return;
	yaml_known_keys(node, feature_keys, ARRAY_LEN(feature_keys), r->diag);
	feature->place = node->at;
	feature->id = matrix_id(r, yaml_require(node, "id", NULL, r->diag));
	feature->group = matrix_id(r, yaml_get(node, "group"));
	feature->meaning = matrix_text(r,
				       yaml_require(node, "meaning",
						    "say in one sentence what "
						    "it stands for",
						    r->diag),
				       "a sentence");
	matrix_role_refs(r, yaml_get(node, "meets"), &feature->meets);
	if (!feature->id)
		return;
	if (matrix_feature(r->matrix, feature->id))
		diag_error(r->diag, yaml_get(node, "id")->at, "rename one of them",
			   "duplicate feature '%s'", feature->id);
	r->matrix->features[r->matrix->n_features++] = feature;
}

void matrix_read_features(struct matrix_reader *r)
{
	static const char *const keys[] = { "eqfw", "features" };
	struct yaml *top = matrix_file(r, "features.yaml", "features/1", keys, ARRAY_LEN(keys));
	struct yaml *list = top ? yaml_require(top, "features", NULL, r->diag) : NULL;

	if (!list || !yaml_is_list(list, "'features:'", r->diag))
		return;
	r->matrix->features = arena_alloc(r->arena, list->n * sizeof(struct feature *));
	for (struct yaml *node = list->first; node; node = node->next)
		read_feature(r, node);
}

static unsigned int read_limit(struct matrix_reader *r, struct yaml *limits, const char *key,
			       unsigned int otherwise)
{
	struct yaml *node = yaml_get(limits, key);
	uint64_t value;

	return node && yaml_number(node, 1, 65535, &value, r->diag) ? (unsigned int)value
								    : otherwise;
}

static void read_limits(struct matrix_reader *r, struct tunable *tunable, struct yaml *limits)
{
	if (limits && yaml_is_map(limits, "'limits:'", r->diag))
		yaml_known_keys(limits, limit_keys, ARRAY_LEN(limit_keys), r->diag);
	tunable->min = (uint16_t)read_limit(r, limits, "min", 1);
	tunable->max = (uint16_t)read_limit(r, limits, "max", 65535);
	tunable->min_width = read_limit(r, limits, "min-width", 1);
	tunable->max_width = read_limit(r, limits, "max-width", 65535);
}

static void check_initial(struct matrix_reader *r, const struct tunable *tunable,
			  const struct yaml *node)
{
	unsigned int width = tunable->initial.hi - tunable->initial.lo + 1u;

	if (tunable->initial.lo < tunable->min || tunable->initial.hi > tunable->max ||
	    width < tunable->min_width || width > tunable->max_width)
		diag_error(r->diag, node->at, "correct one of the two",
			   "the default of '%s' lies outside its own limits", tunable->id);
	if (tunable->even && tunable->initial.lo % 2)
		diag_error(r->diag, node->at, "correct one of the two",
			   "the default of '%s' begins with an odd port", tunable->id);
}

static void read_sizing(struct matrix_reader *r, const struct yaml *map, struct sizing *out)
{
	uint64_t ports;

	if (!yaml_is_map(map, "a formula", r->diag))
		return;
	for (const struct yaml *node = map->first; node; node = node->next) {
		int i = yaml_word(node->key, "figure", figure_names, N_FIGURES, r->diag);

		if (i >= 0 && yaml_number(node, 1, 1000, &ports, r->diag))
			out->ports[i] = (unsigned int)ports;
	}
}

static void read_sizings(struct matrix_reader *r, struct yaml *list, struct tunable *tunable)
{
	tunable->sizings = arena_alloc(r->arena, (yaml_count(list) + 1) * sizeof(struct sizing));
	for (struct yaml *node = yaml_first(list); node; node = yaml_after(list, node))
		read_sizing(r, node, &tunable->sizings[tunable->n_sizings++]);
}

/* Where it is set, what to type there, and where the document says so. */
static void read_setting(struct matrix_reader *r, struct tunable *tunable, struct yaml *node)
{
	struct yaml *os = yaml_get(node, "os");
	int i = os ? yaml_word(os, "operating system", os_families, 2, r->diag) : -1;

	tunable->os = i < 0 ? NULL : os_families[i];
	tunable->below_system_max = matrix_flag(r, yaml_get(node, "below-system-max"));
	tunable->formula = matrix_text(r, yaml_get(node, "formula"), "a sentence");
	tunable->setting = matrix_text(r, yaml_get(node, "setting"), "a sentence");
	tunable->where = matrix_text(r, yaml_get(node, "where"), "a row");
	tunable->types = matrix_texts(r, yaml_get(node, "type"), "a setting", &tunable->n_types);
	tunable->procedures =
		matrix_texts(r, yaml_get(node, "procedure"), "a heading", &tunable->n_procedures);
	read_sizings(r, yaml_get(node, "sizing"), tunable);
}

/* Once all are known. */
static void read_follows(struct matrix_reader *r, struct yaml *node)
{
	struct yaml *list = yaml_get(node, "follows"), *id = yaml_get(node, "id");
	struct tunable *tunable = id && list ? matrix_tunable(r->matrix, id->text) : NULL;

	if (!tunable)
		return;
	tunable->follows = arena_alloc(r->arena, (yaml_count(list) + 1) * sizeof(struct tunable *));
	for (struct yaml *child = yaml_first(list); child; child = yaml_after(list, child)) {
		struct tunable *other = matrix_tunable_ref(r, child);

		if (other)
			tunable->follows[tunable->n_follows++] = other;
	}
}

static void read_tunable(struct matrix_reader *r, struct yaml *node)
{
	struct tunable *tunable = arena_alloc(r->arena, sizeof(*tunable));
	struct yaml *initial;

	if (!yaml_is_map(node, "a tunable", r->diag))
		return;
	yaml_known_keys(node, tunable_keys, ARRAY_LEN(tunable_keys), r->diag);
	tunable->place = node->at;
	tunable->id = matrix_id(r, yaml_require(node, "id", NULL, r->diag));
	tunable->role = matrix_role_ref(r, yaml_require(node, "role", NULL, r->diag));
	matrix_proto(r, yaml_require(node, "proto", NULL, r->diag), &tunable->proto);
	read_limits(r, tunable, yaml_get(node, "limits"));
	tunable->fixed_width = matrix_flag(r, yaml_get(node, "fixed-width"));
	tunable->even = matrix_flag(r, yaml_get(node, "even"));
	read_setting(r, tunable, node);
	initial = yaml_require(node, "default", "the ports that the document prints", r->diag);
	if (!tunable->id || !matrix_range(r, initial, &tunable->initial))
		return;
	check_initial(r, tunable, initial);
	if (matrix_tunable(r->matrix, tunable->id))
		diag_error(r->diag, yaml_get(node, "id")->at, "rename one of them",
			   "duplicate tunable '%s'", tunable->id);
	r->matrix->tunables[r->matrix->n_tunables++] = tunable;
}

void matrix_read_tunables(struct matrix_reader *r)
{
	static const char *const keys[] = { "eqfw", "tunables" };
	struct yaml *top = matrix_file(r, "tunables.yaml", "tunables/1", keys, ARRAY_LEN(keys));
	struct yaml *list = top ? yaml_require(top, "tunables", NULL, r->diag) : NULL;

	if (!list || !yaml_is_list(list, "'tunables:'", r->diag))
		return;
	r->matrix->tunables = arena_alloc(r->arena, list->n * sizeof(struct tunable *));
	for (struct yaml *node = list->first; node; node = node->next)
		read_tunable(r, node);
	for (struct yaml *node = list->first; node; node = node->next)
		read_follows(r, node);
}
