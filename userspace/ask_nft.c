// SPDX-License-Identifier: GPL-2.0
#include "ask.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>

#define EQFW_PRIORITY (-250)
#define DEFRAG_PRIORITY (-400)

struct nft_search {
	uint8_t type;
	struct nft_found *found;
};

/* A hook of PRE_ROUTING that runs between defragmentation and eqfw. */
static bool is_before(const struct nlattr *hook)
{
	const struct nlattr *attr;
	int32_t priority = 0;
	uint32_t number = UINT32_MAX;

	mnl_attr_for_each_nested(attr, hook) {
		if (mnl_attr_get_payload_len(attr) != sizeof(uint32_t))
			continue;
		if (mnl_attr_get_type(attr) == NFTA_HOOK_HOOKNUM)
			number = be32toh(mnl_attr_get_u32(attr));
		else if (mnl_attr_get_type(attr) == NFTA_HOOK_PRIORITY)
			priority = (int32_t)be32toh(mnl_attr_get_u32(attr));
	}
	return number == NF_INET_PRE_ROUTING && priority > DEFRAG_PRIORITY &&
	       priority <= EQFW_PRIORITY;
}

static int take_object(const struct nlmsghdr *message, void *ctx)
{
	const struct nft_search *search = ctx;
	struct nft_found *found = search->found;
	const struct nlattr *attr;
	bool wanted = search->type == NFT_MSG_NEWFLOWTABLE;
	const char *table = "";

	if ((message->nlmsg_type & 0xff) != search->type)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg)) {
		/* Chains and flowtables have their table's name in attribute 1 alike. */
		if (mnl_attr_get_type(attr) == 1 && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			table = mnl_attr_get_str(attr);
		if (search->type == NFT_MSG_NEWCHAIN && mnl_attr_get_type(attr) == NFTA_CHAIN_HOOK)
			wanted = is_before(attr);
	}
	if (wanted && !found->n++)
		snprintf(found->table, sizeof(found->table), "%s", table);
	return MNL_CB_OK;
}

static bool find(uint8_t command, uint8_t type, struct nft_found *out)
{
	struct nft_search search = { type, out };
	char buffer[64];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));

	request->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | command);
	head->version = NFNETLINK_V0;
	*out = (struct nft_found){ 0 };
	return ask_dump(request, take_object, &search);
}

bool ask_flowtables(struct nft_found *out)
{
	return find(NFT_MSG_GETFLOWTABLE, NFT_MSG_NEWFLOWTABLE, out);
}

bool ask_early_chains(struct nft_found *out)
{
	return find(NFT_MSG_GETCHAIN, NFT_MSG_NEWCHAIN, out);
}
