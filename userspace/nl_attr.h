/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by nl.c and nl_attr.c alone. */
#ifndef EQFW_NL_ATTR_H
#define EQFW_NL_ATTR_H

#include "nl.h"

/* struct nl_reader.take for a struct nl_status. */
bool nl_status_take(void *ctx, const struct nlattr *attr);

#endif
