/* SPDX-License-Identifier: GPL-2.0 */
/* The matrix for people and scripts: what `eqfwctl matrix` prints. */
#ifndef EQFW_MATRIX_SHOW_H
#define EQFW_MATRIX_SHOW_H

#include <jansson.h>

#include "matrix_query.h"

/* "a,b" */
const char *ids_text(struct arena *arena, const struct role_list *roles);
json_t *texts_json(const char *const *texts, size_t n);
json_t *roles_json(struct role *const *roles, size_t n);

/* An item as DESIGN section 7 has it, and more. */
json_t *item_json(struct arena *arena, const struct item *item);

/* matrix_show.c: the items that pass the filter. */
void items_json(const struct matrix *matrix, const struct matrix_filter *filter);
void items_table(const struct matrix *matrix, const struct matrix_filter *filter);
void items_text(const struct matrix *matrix, const struct matrix_filter *filter);

/* matrix_show_lists.c */
void show_roles(const struct matrix *matrix);
void show_roles_json(const struct matrix *matrix);
void show_tunables(const struct matrix *matrix);
void show_tunables_json(const struct matrix *matrix);

/* matrix_show_sections.c */
void show_sections(const struct matrix *matrix);
void show_sections_json(const struct matrix *matrix);
void show_features(const struct matrix *matrix);
void show_features_json(const struct matrix *matrix);

/* matrix_show_errata.c */
void show_errata(const struct matrix *matrix);
void show_errata_json(const struct matrix *matrix);
void show_errata_markdown(const struct matrix *matrix);

/* matrix_show_pair.c: may `from` open these ports of `to`? False where it may not. */
bool show_pair(const struct matrix *matrix, const struct matrix_filter *filter, bool json);

/* matrix_show_lack.c */
void show_conflicts(const struct matrix *matrix, const struct deployment *deployment, bool json);
void show_needs(const struct deployment *deployment, const struct matrix_filter *filter, bool json);

#endif
