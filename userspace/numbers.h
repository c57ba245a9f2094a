/* SPDX-License-Identifier: GPL-2.0 */
/* Values of options that are numbers or times. */
#ifndef EQFW_NUMBERS_H
#define EQFW_NUMBERS_H

#include <stdint.h>

#include "cmd.h"

/* A decimal number within limits; false after a usage error. */
bool number_option(const struct cmd *cmd, const char *name, const char *value, uint64_t min,
		   uint64_t max, uint64_t *out);
/* "90", "90s", "5m", "1h" as seconds within limits; false after a usage error. */
bool time_option(const struct cmd *cmd, const char *name, const char *value, uint64_t min,
		 uint64_t max, uint64_t *out);

#endif
