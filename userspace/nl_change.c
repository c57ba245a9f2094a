// SPDX-License-Identifier: GPL-2.0
/* Small requests that change what packets are judged by. */
#include "nl.h"

static void put_generation(struct nlmsghdr *message, const void *ctx)
{
	const uint64_t *generation = ctx;

	mnl_attr_put_u64(message, EQFW_A_GENERATION, *generation);
}

int nl_settle(struct nl *nl, uint8_t command, uint64_t generation)
{
	return nl_request(nl, command, put_generation, &generation);
}
