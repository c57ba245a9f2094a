// SPDX-License-Identifier: GPL-2.0
/* Requests that change what the module tells. */
#include "nl.h"

static void put_log(struct nlmsghdr *message, const void *ctx)
{
	const uint16_t *group = ctx;

	if (group)
		mnl_attr_put_u16(message, EQFW_A_LOG_GROUP, *group);
}

int nl_log_set(struct nl *nl, bool on, uint16_t group)
{
	return nl_request(nl, EQFW_CMD_LOG_SET, put_log, on ? &group : NULL);
}
