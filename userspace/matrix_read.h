/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the parts of the matrix reader (matrix*.c); nobody else includes it. */
#ifndef EQFW_MATRIX_READ_H
#define EQFW_MATRIX_READ_H

#include "matrix.h"
#include "yaml.h"

/**
 * struct matrix_reader - a matrix being read
 * @arena: where everything goes
 * @matrix: what there is so far
 * @diag: complaints
 * @dir: the directory
 */
struct matrix_reader {
	struct arena *arena;
	struct matrix *matrix;
	struct diag *diag;
	const char *dir;
};

/* DIR/NAME with `eqfw: FORMAT` at its head and no key that is not in `keys`; NULL after errors. */
struct yaml *matrix_file(struct matrix_reader *r, const char *name, const char *format,
			 const char *const *keys, size_t n_keys);

/* roles.yaml, features.yaml, tunables.yaml: in this order. */
void matrix_read_roles(struct matrix_reader *r);
void matrix_read_features(struct matrix_reader *r);
void matrix_read_tunables(struct matrix_reader *r);
/* Further roles; those that are there stay. */
void matrix_add_roles(struct matrix_reader *r, struct yaml *list);
/* SECTION.yaml; appends to the matrix. */
void matrix_read_section(struct matrix_reader *r, const struct yaml *slug);
/* Room for `n` more sections. */
void matrix_reserve_sections(struct matrix_reader *r, size_t n);
/* A file that is read as section `slug`; its product is the caller's business. */
struct section *matrix_add_section(struct matrix_reader *r, const char *slug, struct yaml *top);
/* The files of r->dir as the site's own sections; the document has been read. */
void matrix_read_site(struct matrix_reader *r);
/* An id that only a site may give. */
bool matrix_is_site_id(const char *id);
/* The parts of a section file. */
void matrix_read_row(struct matrix_reader *r, struct section *section, struct row *row,
		     struct yaml *node);
void matrix_read_items(struct matrix_reader *r, struct row *row, struct yaml *node);
void matrix_read_row_errata(struct matrix_reader *r, struct row *row, struct yaml *list);
/* With the row's items at hand: do they fit? */
void matrix_check_row_errata(struct matrix_reader *r, const struct row *row);
/* errata.yaml, where there is one, behind those of the rows. */
void matrix_read_errata(struct matrix_reader *r);

/*
 * Single values. They complain and return false or NULL; an absent value (`node` is NULL) is
 * returned as NULL, false or the default without a word.
 */
const char *matrix_text(struct matrix_reader *r, const struct yaml *node, const char *what);
const char *matrix_id(struct matrix_reader *r, const struct yaml *node);
bool matrix_ports(struct matrix_reader *r, const struct yaml *node, struct portset *out);
bool matrix_range(struct matrix_reader *r, const struct yaml *node, struct port_range *out);
bool matrix_proto(struct matrix_reader *r, const struct yaml *node, unsigned int *out);
bool matrix_flag(struct matrix_reader *r, const struct yaml *node);
enum call matrix_call(struct matrix_reader *r, const struct yaml *node);
bool matrix_requirement(struct matrix_reader *r, const struct yaml *node, enum requirement *out);
struct role *matrix_role_ref(struct matrix_reader *r, const struct yaml *node);
struct tunable *matrix_tunable_ref(struct matrix_reader *r, const struct yaml *node);
struct feature *matrix_feature_ref(struct matrix_reader *r, const struct yaml *node,
				   const char *id);
void matrix_role_refs(struct matrix_reader *r, struct yaml *node, struct role_list *out);
const char **matrix_texts(struct matrix_reader *r, struct yaml *node, const char *what, size_t *n);

#endif
