// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family: commands that change something. netlink_get.c holds those that tell.
 *
 * The family runs without genl_mutex (a build may be long); the namespace's own mutex serializes.
 * docs/NETLINK.md is the contract.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include <eqfw/format.h>
#include <uapi/linux/eqfw.h>

#include "alloc.h"
#include "load.h"
#include "net.h"
#include "nl.h"

static const struct nla_policy eqfw_load_policy[EQFW_A_CONFIRM_S + 1] = {
	[EQFW_A_PROFILE] = NLA_POLICY_MIN(NLA_BINARY, 1),
	[EQFW_A_GENERATION] = { .type = NLA_U64 },
	[EQFW_A_DIGEST] = NLA_POLICY_EXACT_LEN(EQFW_DIGEST_SIZE),
	[EQFW_A_CONFIRM_S] = { .type = NLA_U32 },
};

static const struct nla_policy eqfw_clear_policy[EQFW_A_CONFIRM_S + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
	[EQFW_A_GENERATION] = { .type = NLA_U64 },
	[EQFW_A_CONFIRM_S] = { .type = NLA_U32 },
};

static const struct nla_policy eqfw_promote_policy[EQFW_A_CONFIRM_S + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
	[EQFW_A_GENERATION] = { .type = NLA_U64 },
	[EQFW_A_DIGEST] = NLA_POLICY_EXACT_LEN(EQFW_DIGEST_SIZE),
	[EQFW_A_CONFIRM_S] = { .type = NLA_U32 },
};

static const struct nla_policy eqfw_mode_policy[EQFW_A_MODE_S + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT }, [EQFW_A_GENERATION] = { .type = NLA_U64 },
	[EQFW_A_MODE] = { .type = NLA_U8 },	   [EQFW_A_CONFIRM_S] = { .type = NLA_U32 },
	[EQFW_A_MODE_S] = { .type = NLA_U32 },
};

static const struct nla_policy eqfw_generation_policy[EQFW_A_GENERATION + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
	[EQFW_A_GENERATION] = { .type = NLA_U64 },
};

static const struct nla_policy eqfw_profile_get_policy[EQFW_A_DIGEST + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
	[EQFW_A_GENERATION] = { .type = NLA_REJECT },
	[EQFW_A_DIGEST] = NLA_POLICY_EXACT_LEN(EQFW_DIGEST_SIZE),
};

/* Commands without attributes: a family without any policy would let everything in. */
static const struct nla_policy eqfw_no_policy[EQFW_A_PROFILE + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
};

static struct genl_family eqfw_family;

void *eqfw_netlink_reply(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 cmd)
{
	return genlmsg_put(skb, portid, seq, &eqfw_family, flags, cmd);
}

bool eqfw_netlink_listeners(struct net *net, enum eqfw_group group)
{
	return genl_has_listeners(&eqfw_family, net, group);
}

void eqfw_netlink_multicast(struct net *net, struct sk_buff *skb, enum eqfw_group group)
{
	/* Nobody listening is no error, and who cannot follow gets ENOBUFS from the core. */
	(void)genlmsg_multicast_netns(&eqfw_family, net, skb, 0, group, GFP_KERNEL);
}

void eqfw_netlink_lost(struct net *net, enum eqfw_group group)
{
	(void)genl_set_err(&eqfw_family, net, 0, group, -ENOBUFS);
}

static int eqfw_pre_doit(const struct eqfw_genl_pre_ops *ops, struct sk_buff *skb,
			 struct genl_info *info)
{
	if (info->genlhdr->version == EQFW_GENL_VERSION)
		return 0;
	NL_SET_ERR_MSG(info->extack, "unsupported version");
	return -EINVAL;
}

/* The walk over a request's attributes that nla_parse() does not do: it keeps only the last. */
struct eqfw_walk {
	u64 seen;
	int last;
	size_t bytes;
};

static int walk_one(struct eqfw_walk *walk, const struct nlattr *nla,
		    struct netlink_ext_ack *extack)
{
	int type = nla_type(nla);
	bool piece = type == EQFW_A_PROFILE;

	if (walk->seen & BIT_ULL(type) && !(piece && walk->last == type)) {
		NL_SET_ERR_MSG_ATTR(extack, nla, "duplicate attribute");
		return -EINVAL;
	}
	walk->seen |= BIT_ULL(type);
	walk->last = type;
	if (piece)
		walk->bytes += nla_len(nla);
	return 0;
}

static int walk_request(struct eqfw_walk *walk, const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem, err;

	memset(walk, 0, sizeof(*walk));
	nlmsg_for_each_attr(nla, nlh, GENL_HDRLEN, rem) {
		err = walk_one(walk, nla, extack);
		if (err)
			return err;
	}
	return 0;
}

int eqfw_netlink_check(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	struct eqfw_walk walk;

	return walk_request(&walk, nlh, extack);
}

static int need(struct genl_info *info, int type, const char *what)
{
	if (info->attrs[type])
		return 0;
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, type);
	eqfw_sentence(eqfw_net(genl_info_net(info)), info->extack, "the %s is missing", what);
	return -EINVAL;
}

static int join_pieces(struct eqfw_load *load, const struct genl_info *info, size_t size)
{
	const struct nlattr *nla;
	u8 *to;
	int rem;

	if (size > EQFW_PROFILE_MAX) {
		NL_SET_ERR_MSG(info->extack, "the profile is larger than 64 MiB");
		return -E2BIG;
	}
	to = kvmalloc(size, EQFW_GFP);
	if (!to) {
		NL_SET_ERR_MSG(info->extack, "no memory for the profile");
		return -ENOMEM;
	}
	load->image = to;
	load->size = size;
	nlmsg_for_each_attr(nla, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nla) != EQFW_A_PROFILE)
			continue;
		memcpy(to, nla_data(nla), nla_len(nla));
		to += nla_len(nla);
	}
	return 0;
}

/* The first half of every command that changes something: what the request must name. */
static int read_change(struct genl_info *info, struct eqfw_walk *walk, u64 *generation)
{
	int err = walk_request(walk, info->nlhdr, info->extack);

	if (!err)
		err = need(info, EQFW_A_GENERATION, "generation");
	if (!err)
		*generation = nla_get_u64(info->attrs[EQFW_A_GENERATION]);
	return err;
}

static int read_seconds(struct genl_info *info, int type, u32 max, u32 *seconds)
{
	const struct nlattr *attr = info->attrs[type];

	*seconds = attr ? nla_get_u32(attr) : 0;
	if (!attr || (*seconds && *seconds <= max))
		return 0;
	NL_SET_BAD_ATTR(info->extack, attr);
	eqfw_sentence(eqfw_net(genl_info_net(info)), info->extack,
		      "%s time out of range (1 to %u s)",
		      type == EQFW_A_CONFIRM_S ? "confirm" : "mode", max);
	return -EINVAL;
}

static int read_confirm(struct genl_info *info, u32 *confirm_s)
{
	return read_seconds(info, EQFW_A_CONFIRM_S, EQFW_CONFIRM_S_MAX, confirm_s);
}

/* Told at once, not after a long build; eqfw_load() asks again under the lock that counts. */
static int check_early(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&en->mutex);
	err = eqfw_load_may(en, generation, extack);
	mutex_unlock(&en->mutex);
	return err;
}

static int eqfw_cmd_load(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_net *en = eqfw_net(genl_info_net(info));
	struct eqfw_load load = {};
	struct eqfw_walk walk;
	int err;

	err = read_change(info, &walk, &load.generation);
	if (!err)
		err = need(info, EQFW_A_PROFILE, "profile");
	if (!err)
		err = read_confirm(info, &load.confirm_s);
	if (err)
		return err;
	if (info->attrs[EQFW_A_DIGEST])
		load.digest = nla_data(info->attrs[EQFW_A_DIGEST]);
	err = check_early(en, load.generation, info->extack);
	if (!err)
		err = join_pieces(&load, info, walk.bytes);
	if (err)
		return err;
	return eqfw_load(en, &load, info->extack);
}

static int eqfw_cmd_stage_set(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_net *en = eqfw_net(genl_info_net(info));
	struct eqfw_load load = {};
	struct eqfw_walk walk;
	int err;

	err = read_change(info, &walk, &load.generation);
	if (err)
		return err;
	if (!info->attrs[EQFW_A_PROFILE])
		return eqfw_stage_clear(en, load.generation, info->extack);
	if (info->attrs[EQFW_A_DIGEST])
		load.digest = nla_data(info->attrs[EQFW_A_DIGEST]);
	err = check_early(en, load.generation, info->extack);
	if (!err)
		err = join_pieces(&load, info, walk.bytes);
	return err ? err : eqfw_stage_set(en, &load, info->extack);
}

static int eqfw_cmd_promote(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_load load = {};
	struct eqfw_walk walk;
	int err;

	err = read_change(info, &walk, &load.generation);
	if (!err)
		err = read_confirm(info, &load.confirm_s);
	if (err)
		return err;
	if (info->attrs[EQFW_A_DIGEST])
		load.digest = nla_data(info->attrs[EQFW_A_DIGEST]);
	return eqfw_promote(eqfw_net(genl_info_net(info)), &load, info->extack);
}

static int eqfw_cmd_clear(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_walk walk;
	u64 generation;
	u32 confirm_s;
	int err;

	err = read_change(info, &walk, &generation);
	if (!err)
		err = read_confirm(info, &confirm_s);
	if (err)
		return err;
	return eqfw_clear(eqfw_net(genl_info_net(info)), generation, confirm_s, info->extack);
}

static int eqfw_cmd_confirm(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_net *en = eqfw_net(genl_info_net(info));
	struct eqfw_walk walk;
	u64 generation;
	int err;

	err = read_change(info, &walk, &generation);
	if (err)
		return err;
	if (info->genlhdr->cmd == EQFW_CMD_CONFIRM)
		return eqfw_confirm(en, generation, info->extack);
	return eqfw_rollback(en, generation, info->extack);
}

static int eqfw_cmd_mode_set(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_mode_change change;
	struct eqfw_walk walk;
	int err;

	err = read_change(info, &walk, &change.generation);
	if (!err)
		err = need(info, EQFW_A_MODE, "mode");
	if (!err)
		err = read_confirm(info, &change.confirm_s);
	if (!err)
		err = read_seconds(info, EQFW_A_MODE_S, EQFW_MODE_S_MAX, &change.for_s);
	if (err)
		return err;
	if (nla_get_u8(info->attrs[EQFW_A_MODE]) >= EQFW_N_MODES) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[EQFW_A_MODE], "mode out of range");
		return -EINVAL;
	}
	change.audit = nla_get_u8(info->attrs[EQFW_A_MODE]) == EQFW_MODE_AUDIT;
	return eqfw_mode_set(eqfw_net(genl_info_net(info)), &change, info->extack);
}

static const struct genl_ops eqfw_ops[] = {
	{
		.cmd = EQFW_CMD_LOAD,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_load_policy,
		.maxattr = EQFW_A_CONFIRM_S,
		.doit = eqfw_cmd_load,
	},
	{
		.cmd = EQFW_CMD_CLEAR,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_clear_policy,
		.maxattr = EQFW_A_CONFIRM_S,
		.doit = eqfw_cmd_clear,
	},
	{
		.cmd = EQFW_CMD_CONFIRM,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_generation_policy,
		.maxattr = EQFW_A_GENERATION,
		.doit = eqfw_cmd_confirm,
	},
	{
		.cmd = EQFW_CMD_ROLLBACK,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_generation_policy,
		.maxattr = EQFW_A_GENERATION,
		.doit = eqfw_cmd_confirm,
	},
	{
		.cmd = EQFW_CMD_MODE_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_mode_policy,
		.maxattr = EQFW_A_MODE_S,
		.doit = eqfw_cmd_mode_set,
	},
	{
		.cmd = EQFW_CMD_STAGE_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_load_policy,
		.maxattr = EQFW_A_DIGEST,
		.doit = eqfw_cmd_stage_set,
	},
	{
		.cmd = EQFW_CMD_STAGE_GET,
		.flags = GENL_ADMIN_PERM,
		.start = eqfw_get_start,
		.dumpit = eqfw_get_stage,
	},
	{
		.cmd = EQFW_CMD_PROMOTE,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_promote_policy,
		.maxattr = EQFW_A_CONFIRM_S,
		.doit = eqfw_cmd_promote,
	},
	{
		.cmd = EQFW_CMD_STATUS_GET,
		.flags = GENL_ADMIN_PERM,
		.doit = eqfw_get_status,
	},
	{
		.cmd = EQFW_CMD_ITEMS_GET,
		.flags = GENL_ADMIN_PERM,
		.start = eqfw_get_start,
		.dumpit = eqfw_get_items,
	},
	{
		.cmd = EQFW_CMD_DROPS_GET,
		.flags = GENL_ADMIN_PERM,
		.start = eqfw_get_start,
		.dumpit = eqfw_get_drops,
	},
	{
		.cmd = EQFW_CMD_PROFILE_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_profile_get_policy,
		.maxattr = EQFW_A_DIGEST,
		.start = eqfw_get_start,
		.dumpit = eqfw_get_profile,
	},
	{
		.cmd = EQFW_CMD_TRACE_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_trace_set_policy,
		.maxattr = EQFW_A_TRACE,
		.doit = eqfw_cmd_trace_set,
	},
	{
		.cmd = EQFW_CMD_LOG_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = eqfw_log_set_policy,
		.maxattr = EQFW_A_LOG_GROUP,
		.doit = eqfw_cmd_log_set,
	},
};

static const struct genl_multicast_group eqfw_groups[EQFW_N_GROUPS] = {
	[EQFW_GROUP_DROPS] = { .name = EQFW_GENL_DROPS, .flags = GENL_MCAST_CAP_NET_ADMIN },
	[EQFW_GROUP_CHANGES] = { .name = EQFW_GENL_CHANGES, .flags = GENL_MCAST_CAP_NET_ADMIN },
	[EQFW_GROUP_TRACE] = { .name = EQFW_GENL_TRACE, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

/* resv_start_op stays 0: reserved header bytes are checked for every command. */
static struct genl_family eqfw_family __ro_after_init = {
	.name = EQFW_GENL_NAME,
	.version = EQFW_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.maxattr = EQFW_A_PROFILE,
	.policy = eqfw_no_policy,
	.pre_doit = eqfw_pre_doit,
	.ops = eqfw_ops,
	.n_ops = ARRAY_SIZE(eqfw_ops),
	.mcgrps = eqfw_groups,
	.n_mcgrps = ARRAY_SIZE(eqfw_groups),
};

int eqfw_netlink_init(void)
{
	return genl_register_family(&eqfw_family);
}

void eqfw_netlink_exit(void)
{
	genl_unregister_family(&eqfw_family);
}
