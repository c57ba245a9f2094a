/* SPDX-License-Identifier: GPL-2.0 */
/* `status --all`: what the module does in every network namespace that something holds open. */
#ifndef EQFW_STATUS_ALL_H
#define EQFW_STATUS_ALL_H

#include <stdbool.h>

/*
 * One line each, or JSON. Namespaces are found by their names (/run/netns) and by the processes in
 * them (/proc). Returns EXIT_STATUS_OK where at least one enforces, EXIT_STATUS_NO where none does.
 */
int status_all(bool json);

#endif
