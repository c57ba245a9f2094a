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

struct mode {
	uint64_t generation;
	uint8_t mode;
	uint32_t for_s;
	uint32_t confirm_s;
};

static void put_mode(struct nlmsghdr *message, const void *ctx)
{
	const struct mode *mode = ctx;

	mnl_attr_put_u64(message, EQFW_A_GENERATION, mode->generation);
	mnl_attr_put_u8(message, EQFW_A_MODE, mode->mode);
	if (mode->for_s)
		mnl_attr_put_u32(message, EQFW_A_MODE_S, mode->for_s);
	if (mode->confirm_s)
		mnl_attr_put_u32(message, EQFW_A_CONFIRM_S, mode->confirm_s);
}

int nl_mode_set(struct nl *nl, uint64_t generation, uint8_t mode, uint32_t for_s,
		uint32_t confirm_s)
{
	struct mode all = { generation, mode, for_s, confirm_s };

	return nl_request(nl, EQFW_CMD_MODE_SET, put_mode, &all);
}

int nl_unstage(struct nl *nl, uint64_t generation)
{
	return nl_settle(nl, EQFW_CMD_STAGE_SET, generation);
}

struct promotion {
	uint64_t generation;
	const uint8_t *digest;
	uint32_t confirm_s;
};

static void put_promotion(struct nlmsghdr *message, const void *ctx)
{
	const struct promotion *promotion = ctx;

	mnl_attr_put_u64(message, EQFW_A_GENERATION, promotion->generation);
	mnl_attr_put(message, EQFW_A_DIGEST, EQFW_DIGEST_SIZE, promotion->digest);
	if (promotion->confirm_s)
		mnl_attr_put_u32(message, EQFW_A_CONFIRM_S, promotion->confirm_s);
}

int nl_promote(struct nl *nl, uint64_t generation, const uint8_t digest[EQFW_DIGEST_SIZE],
	       uint32_t confirm_s)
{
	struct promotion promotion = { generation, digest, confirm_s };

	return nl_request(nl, EQFW_CMD_PROMOTE, put_promotion, &promotion);
}
