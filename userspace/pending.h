/* SPDX-License-Identifier: GPL-2.0 */
/* Changes that await confirmation, in words. */
#ifndef EQFW_PENDING_H
#define EQFW_PENDING_H

#include <jansson.h>

#include "cmd.h"
#include "nl.h"

#define PENDING_SECONDS_MAX 86400

#define CMD_OPTION_CONFIRM \
	CMD_TIME("confirm", 0, "take it back after TIME unless `eqfwctl confirm` comes", \
		 confirm_s, 1, PENDING_SECONDS_MAX)

/* A line about what awaits confirmation and what comes back without; nothing where nothing does. */
void pending_print(const struct nl_status *status);
/* The same, and the last rollback, for JSON; null where there is none. */
json_t *pending_json(const struct nl_status *status);
json_t *pending_rollback_json(const struct nl_status *status);
/* A line about the last rollback, nothing where there was none. */
void pending_print_rollback(const struct nl_status *status);
/* Was a rollback the last thing that happened? */
bool pending_is_rolled_back(const struct nl_status *status);
/*
 * Why nothing awaits confirmation. Returns EXIT_STATUS_ROLLED_BACK where the last thing that
 * happened was a rollback, else EXIT_STATUS_NO.
 */
int pending_none(const struct nl_status *status);
/* CONFIRM or ROLLBACK of what `status` told of; `did` begins the line that says so. */
int pending_end(struct nl *nl, const struct nl_status *status, uint8_t command, const char *did);

#endif
