// SPDX-License-Identifier: GPL-2.0
/* The netlink family: commands that change what is told, and nothing else: log. */
#include <net/genetlink.h>

#include "events.h"
#include "load.h"
#include "net.h"
#include "nflog.h"
#include "nl.h"

const struct nla_policy eqfw_log_set_policy[EQFW_A_LOG_GROUP + 1] = {
	[EQFW_A_PROFILE] = { .type = NLA_REJECT },
	[EQFW_A_LOG_GROUP] = { .type = NLA_U16 },
};

static int no_profile(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "no profile");
	return -ENOENT;
}

int eqfw_cmd_log_set(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_net *en = eqfw_net(genl_info_net(info));
	const struct nlattr *group = info->attrs[EQFW_A_LOG_GROUP];
	int err = eqfw_netlink_check(info);

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
		eqfw_event_change(en, EQFW_CHANGE_LOG);
	} else {
		err = no_profile(info->extack);
	}
	mutex_unlock(&en->mutex);
	return err;
}
