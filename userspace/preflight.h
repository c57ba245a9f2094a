/* SPDX-License-Identifier: GPL-2.0 */
/* Before a profile goes live: would it cut off the person who loads it? */
#ifndef EQFW_PREFLIGHT_H
#define EQFW_PREFLIGHT_H

#include <stdbool.h>

#include "image.h"

/*
 * Before a profile enforces, or (`audit`) only counts: say what of this network namespace does not fit the profile (addresses, interfaces, guards that
 * would be dropped), and replay the SSH sessions that come into it. EXIT_STATUS_NO where the
 * caller's own would be dropped, unless `audit` or `force`; the reason was printed.
 */
int preflight(const struct profile_file *file, bool audit, bool force);

#endif
