/* SPDX-License-Identifier: GPL-2.0 */
/* The words of the matrix as lists, for readers that suggest one of them. */
#ifndef EQFW_MATRIX_NAMES_H
#define EQFW_MATRIX_NAMES_H

#include "matrix.h"

#define N_INITIATORS (INITIATOR_SWAPPED + 1)

extern const char *const function_names[N_FUNCTIONS];
extern const char *const requirement_names[N_REQUIREMENTS];
extern const char *const initiator_names[N_INITIATORS];
extern const char *const call_names[N_CALLS];
extern const char *const figure_names[N_FIGURES];
extern const char *const erratum_kind_names[N_ERRATUM_KINDS];

#endif
