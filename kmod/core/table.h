/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_CORE_TABLE_H
#define EQFW_CORE_TABLE_H

#include "profile_check.h"
#include <eqfw/flow.h>
#include <eqfw/reasons.h>

struct eqfw_table;

/**
 * eqfw_table_build() - make the immutable lookup table of a checked profile
 * @profile: the view; not needed after the call
 * @table: the table out
 * @fault: filled on -E2BIG
 *
 * Context: process context, may sleep, breathes.
 * Return: 0, -ENOMEM, or -E2BIG where a bound of the table is exceeded.
 */
int eqfw_table_build(const struct eqfw_profile *profile, struct eqfw_table **table,
		     struct eqfw_fault *fault);

/**
 * eqfw_table_free() - release a table
 * @table: the table or NULL; no reader may hold it any more
 */
void eqfw_table_free(struct eqfw_table *table);

/**
 * eqfw_table_bytes() - memory that a table takes
 * @table: the table
 *
 * Return: bytes.
 */
size_t eqfw_table_bytes(const struct eqfw_table *table);

#endif
