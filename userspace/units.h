/* SPDX-License-Identifier: GPL-2.0 */
/* Figures for people. */
#ifndef EQFW_UNITS_H
#define EQFW_UNITS_H

#include <stddef.h>
#include <stdint.h>

#define UNITS_MAX 32

/* "312 B", "1.2 MiB". */
const char *units_bytes(uint64_t bytes, char out[UNITS_MAX]);
/* RFC 3339 in UTC: "2027-03-01T00:00:00Z"; "" for 0. */
const char *units_time(uint64_t seconds, char out[UNITS_MAX]);
const char *units_number(uint64_t number, char out[UNITS_MAX]);

#endif
