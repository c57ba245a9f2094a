// SPDX-License-Identifier: GPL-2.0
/* Drops and new connections to a netfilter log group, where tcpdump and ulogd read them. */
#include <linux/kmod.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_log.h>

#include "ct.h"
#include "events.h"
#include "names.h"
#include "net.h"
#include "nflog.h"

static DEFINE_MUTEX(logger_lock);
static bool logger_held; /* under logger_lock */

/* The kernel looks for a log only among the modules that are loaded. */
static int find_logger(void)
{
	int err = nf_logger_find_get(NFPROTO_INET, NF_LOG_TYPE_ULOG);

	if (err == -ENOENT && !request_module("nf-logger-%u-%u", NFPROTO_IPV4, NF_LOG_TYPE_ULOG))
		err = nf_logger_find_get(NFPROTO_INET, NF_LOG_TYPE_ULOG);
	return err;
}

int eqfw_nflog_get(void)
{
	int err = 0;

	mutex_lock(&logger_lock);
	if (!logger_held)
		err = find_logger();
	if (!err)
		logger_held = true;
	mutex_unlock(&logger_lock);
	return err;
}

void eqfw_nflog_exit(void)
{
	if (logger_held)
		nf_logger_put(NFPROTO_INET, NF_LOG_TYPE_ULOG);
}

static const char *item_id(const struct eqfw_sight *sight)
{
	u32 item = sight->verdict.item;

	return item < sight->live->profile.n_items ? eqfw_live_item_id(sight->live, item) : "";
}

static void log_packet(const struct eqfw_net *en, const struct eqfw_sight *sight,
		       const struct sk_buff *skb, int group, const char *what, const char *reason)
{
	const struct nf_hook_state *state = sight->state;
	struct nf_loginfo info = { .type = NF_LOG_TYPE_ULOG };
	const char *item = item_id(sight);

	info.u.ulog.group = group;
	info.u.ulog.qthreshold = 1;
	nf_log_packet(en->net, state->pf, state->hook, skb, state->in, NULL, &info,
		      "eqfw %s%s%s%s%s", what, *reason ? " " : "", reason, *item ? " " : "", item);
}

void eqfw_nflog_drop(const struct eqfw_net *en, const struct eqfw_sight *sight,
		     const struct sk_buff *skb)
{
	int group = READ_ONCE(en->log_group);

	if (group == EQFW_LOG_OFF || !eqfw_events_may_log(en))
		return;
	log_packet(en, sight, skb, group, sight->audit ? "audit" : "drop",
		   eqfw_reason_name(sight->verdict.reason));
}

void eqfw_nflog_pass(const struct eqfw_net *en, const struct eqfw_sight *sight,
		     const struct sk_buff *skb)
{
	u32 item = sight->verdict.item;
	int group = READ_ONCE(en->log_group);

	/* What passed as a reply has a connection already. */
	if (group == EQFW_LOG_OFF || sight->asked != EQFW_ACTION_PASS ||
	    item >= sight->live->profile.n_items || !test_bit(item, sight->live->log_new))
		return;
	if (eqfw_ct_look(sight->state, &sight->packet) == EQFW_EVENT_CT_NONE &&
	    eqfw_events_may_log(en))
		log_packet(en, sight, skb, group, "new", "");
}
