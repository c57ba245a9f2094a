/* SPDX-License-Identifier: GPL-2.0 */
/* Before a profile goes live: would it cut off the person who loads it? */
#ifndef EQFW_PREFLIGHT_H
#define EQFW_PREFLIGHT_H

#include <stdbool.h>

#include "image.h"

/*
 * Say what of this network namespace does not fit the profile (addresses, interfaces, guards that
 * would be dropped), and replay the SSH sessions that come into it. EXIT_STATUS_NO where the
 * caller's own would be dropped, unless `force`; the reason was printed.
 */
int preflight(const struct profile_file *file, bool force);

#endif
