/* SPDX-License-Identifier: GPL-2.0 */
/* Checks of the table's parts that unit tests and KUnit share: NULL, or what is wrong. */
#ifndef EQFW_LOOKUPS_H
#define EQFW_LOOKUPS_H

#include "doorway.h"

/* Nested prefixes of both families, at the first and last address of each, and beside it. */
const char *lookups_addresses(void);

/* The worked example at the head of ports.c. */
const char *lookups_ports(void);

/* A program of 4096 rules: rule n is the port n + 1 from any source; each finds its own item. */
const char *lookups_full_program(void);

/* F28: 4096 port ranges from each of 1024 devices: each is found, none goes too far. */
const char *lookups_many_ranges(void);

/* More masks than a table may have: refused with -E2BIG and a sentence. */
const char *lookups_too_large(void);

#endif
