// SPDX-License-Identifier: GPL-2.0
/* licences: what the site has bought, from which `plan` sizes tunables and `lint` judges ranges. */
#include "deployment_read.h"
#include "matrix_names.h"

#define FIGURE_MAX 1000000000

static bool sizes_with(const struct matrix *matrix, const struct role *role, enum figure figure)
{
	for (size_t i = 0; i < matrix->n_tunables; i++) {
		const struct tunable *tunable = matrix->tunables[i];

		for (size_t k = 0; k < tunable->n_sizings; k++)
			if (role_is(tunable->role, role) && tunable->sizings[k].ports[figure])
				return true;
	}
	return false;
}

/* The figures that size something of the role. */
static const char *useful_figures(struct deployment_reader *d, const struct role *role)
{
	const char *text = "";

	for (enum figure i = 0; i < N_FIGURES; i++)
		if (sizes_with(d->matrix, role, i))
			text = arena_printf(d->arena, "%s%s%s", text, *text ? ", " : "",
					    figure_name(i));
	return *text ? arena_printf(d->arena, "the document sizes it by: %s", text)
		     : "the document has no formula for it";
}

static void read_figure(struct deployment_reader *d, struct licence *licence,
			const struct yaml *node)
{
	int i = yaml_word(node->key, "figure", figure_names, N_FIGURES, d->diag);

	if (i < 0 || !yaml_number(node, 0, FIGURE_MAX, &licence->figures[i], d->diag))
		return;
	licence->stated[i] = true;
	licence->places[i] = node->at;
	if (licence->role && !sizes_with(d->matrix, licence->role, (enum figure)i))
		diag_warning(d->diag, node->key->at, useful_figures(d, licence->role),
			     "the '%s' of '%s' size nothing", node->key->text, licence->role->id);
}

void read_licences(struct deployment_reader *d)
{
	struct yaml *map = yaml_get(d->top, "licences");
	struct deployment *deployment = d->deployment;

	if (!map || !yaml_is_map(map, "'licences:'", d->diag))
		return;
	deployment->licences = arena_alloc(d->arena, (map->n + 1) * sizeof(struct licence));
	for (struct yaml *node = map->first; node; node = node->next) {
		struct licence *licence = &deployment->licences[deployment->n_licences];

		licence->role = role_known(d, node->key);
		licence->place = node->key->at;
		if (!yaml_is_map(node, "a licence", d->diag))
			continue;
		for (struct yaml *child = node->first; child; child = child->next)
			read_figure(d, licence, child);
		if (licence->role)
			deployment->n_licences++;
	}
}
