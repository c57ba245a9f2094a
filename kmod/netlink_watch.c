// SPDX-License-Identifier: GPL-2.0
/* The netlink family: commands that change what is told, and nothing else: log and trace. */
#include <net/genetlink.h>

#include "events.h"
#include "load.h"
#include "net.h"
#include "nflog.h"
#include "nl.h"

static struct netlink_range_validation trace_count = { .min = 1, .max = EQFW_TRACE_COUNT_MAX };
static struct netlink_range_validation trace_seconds = { .min = 1, .max = EQFW_TRACE_SECONDS_MAX };

static const struct nla_policy trace_policy[EQFW_TRACE_A_MAX + 1] = {
	[EQFW_TRACE_A_FAMILY] = { .type = NLA_U8 },
	[EQFW_TRACE_A_SRC] = { .type = NLA_BINARY, .len = 16 },
	[EQFW_TRACE_A_SRC_LEN] = NLA_POLICY_RANGE(NLA_U8, 0, 128),
	[EQFW_TRACE_A_DST] = { .type = NLA_BINARY, .len = 16 },
	[EQFW_TRACE_A_DST_LEN] = NLA_POLICY_RANGE(NLA_U8, 0, 128),
	[EQFW_TRACE_A_PROTO] = { .type = NLA_U8 },
	[EQFW_TRACE_A_SPORT] = { .type = NLA_U16 },
	[EQFW_TRACE_A_DPORT] = { .type = NLA_U16 },
	[EQFW_TRACE_A_BOTH] = { .type = NLA_FLAG },
	[EQFW_TRACE_A_COUNT] = NLA_POLICY_FULL_RANGE(NLA_U32, &trace_count),
	[EQFW_TRACE_A_SECONDS] = NLA_POLICY_FULL_RANGE(NLA_U32, &trace_seconds),
};

const struct nla_policy eqfw_trace_set_policy[EQFW_A_TRACE + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
	[EQFW_A_TRACE] = NLA_POLICY_NESTED(trace_policy),
};

const struct nla_policy eqfw_log_set_policy[EQFW_A_LOG_GROUP + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
	[EQFW_A_LOG_GROUP] = { .type = NLA_U16 },
};

static int refuse(struct netlink_ext_ack *extack, const struct nlattr *attr, const char *why)
{
	NL_SET_BAD_ATTR(extack, attr);
	if (extack)
		extack->_msg = why;
	return -EINVAL;
}

static int read_prefix(struct nlattr **attrs, int addr, int len, u8 family,
		       struct eqfw_trace_prefix *out, struct netlink_ext_ack *extack)
{
	unsigned int size = family == 4 ? 4 : 16;

	if (!attrs[addr])
		return attrs[len] ? refuse(extack, attrs[len], "a length without its address") : 0;
	if (!family)
		return refuse(extack, attrs[addr], "an address without its family");
	if (nla_len(attrs[addr]) != size)
		return refuse(extack, attrs[addr], "the address is not of its family");
	memcpy(out->addr.b, nla_data(attrs[addr]), size);
	out->len = attrs[len] ? nla_get_u8(attrs[len]) : 8 * size;
	if (out->len > 8 * size)
		return refuse(extack, attrs[len], "the prefix is longer than the address");
	return 0;
}

static u16 u16_or_0(const struct nlattr *attr)
{
	return attr ? nla_get_u16(attr) : 0;
}

static int read_filter(struct nlattr *nest, struct eqfw_trace_filter *filter,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[EQFW_TRACE_A_MAX + 1];
	int err = nla_parse_nested(attrs, EQFW_TRACE_A_MAX, nest, trace_policy, extack);

	if (err)
		return err;
	if (!attrs[EQFW_TRACE_A_COUNT] || !attrs[EQFW_TRACE_A_SECONDS])
		return refuse(extack, nest, "a trace needs a count and a time");
	filter->family = attrs[EQFW_TRACE_A_FAMILY] ? nla_get_u8(attrs[EQFW_TRACE_A_FAMILY]) : 0;
	if (filter->family && filter->family != 4 && filter->family != 6)
		return refuse(extack, attrs[EQFW_TRACE_A_FAMILY], "the family is neither 4 nor 6");
	filter->proto = attrs[EQFW_TRACE_A_PROTO] ? nla_get_u8(attrs[EQFW_TRACE_A_PROTO]) : 0;
	filter->sport = u16_or_0(attrs[EQFW_TRACE_A_SPORT]);
	filter->dport = u16_or_0(attrs[EQFW_TRACE_A_DPORT]);
	filter->both = attrs[EQFW_TRACE_A_BOTH];
	filter->count = nla_get_u32(attrs[EQFW_TRACE_A_COUNT]);
	filter->seconds = nla_get_u32(attrs[EQFW_TRACE_A_SECONDS]);
	err = read_prefix(attrs, EQFW_TRACE_A_SRC, EQFW_TRACE_A_SRC_LEN, filter->family,
			  &filter->src, extack);
	if (err)
		return err;
	return read_prefix(attrs, EQFW_TRACE_A_DST, EQFW_TRACE_A_DST_LEN, filter->family,
			   &filter->dst, extack);
}

static int no_profile(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "no profile");
	return -ENOENT;
}

int eqfw_cmd_trace_set(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_net *en = eqfw_net(genl_info_net(info));
	struct nlattr *nest = info->attrs[EQFW_A_TRACE];
	struct eqfw_trace_filter filter = {};
	int err = eqfw_netlink_check(info->nlhdr, info->extack);

	if (!err && nest)
		err = read_filter(nest, &filter, info->extack);
	if (err)
		return err;
	mutex_lock(&en->mutex);
	if (!eqfw_net_live(en))
		err = no_profile(info->extack);
	else if (nest)
		err = eqfw_trace_arm(en, &filter);
	else
		eqfw_trace_disarm(en);
	mutex_unlock(&en->mutex);
	return err;
}

int eqfw_cmd_log_set(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_net *en = eqfw_net(genl_info_net(info));
	const struct nlattr *group = info->attrs[EQFW_A_LOG_GROUP];
	int err = eqfw_netlink_check(info->nlhdr, info->extack);

	if (!err && group) {
		err = eqfw_nflog_get();
		if (err)
			NL_SET_ERR_MSG(info->extack, "no netfilter log (modprobe nfnetlink_log)");
	}
	if (err)
		return err;
	mutex_lock(&en->mutex);
	if (eqfw_net_live(en)) {
		WRITE_ONCE(en->log_group, group ? nla_get_u16(group) : EQFW_LOG_OFF);
		eqfw_event_change(en, EQFW_CHANGE_LOG, false);
	} else {
		err = no_profile(info->extack);
	}
	mutex_unlock(&en->mutex);
	return err;
}
