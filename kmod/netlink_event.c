// SPDX-License-Identifier: GPL-2.0
/* The netlink family: messages that nobody asked for, to those who listen. */
#include <linux/in.h>
#include <net/genetlink.h>

#include "events.h"
#include "net.h"
#include "nl.h"

/* A message may have this much: all attributes of an event at their longest. */
#define EQFW_EVENT_ROOM (EQFW_N_TEXTS * (EQFW_MAX_NAME + NLA_HDRLEN) + 512)

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, EQFW_A_PAD);
}

static int put_text(struct sk_buff *skb, int type, const char *text)
{
	return *text ? nla_put_string(skb, type, text) : 0;
}

static int put_ports(struct sk_buff *skb, const struct eqfw_flow *flow)
{
	if (nla_put_u8(skb, EQFW_EVENT_A_PROTO, flow->proto))
		return -EMSGSIZE;
	if (flow->proto == IPPROTO_TCP && nla_put_u8(skb, EQFW_EVENT_A_TCP_FLAGS, flow->tcp_flags))
		return -EMSGSIZE;
	if (flow->proto != IPPROTO_TCP && flow->proto != IPPROTO_UDP &&
	    flow->proto != IPPROTO_ICMP && flow->proto != IPPROTO_ICMPV6)
		return 0;
	if (nla_put_u16(skb, EQFW_EVENT_A_SPORT, flow->sport) ||
	    nla_put_u16(skb, EQFW_EVENT_A_DPORT, flow->dport))
		return -EMSGSIZE;
	return 0;
}

static int put_flow(struct sk_buff *skb, const struct eqfw_flow *flow)
{
	size_t size = flow->family == 4 ? 4 : 16;

	if (nla_put_u8(skb, EQFW_EVENT_A_FAMILY, flow->family) ||
	    nla_put(skb, EQFW_EVENT_A_SRC, size, flow->src.b) ||
	    nla_put(skb, EQFW_EVENT_A_DST, size, flow->dst.b))
		return -EMSGSIZE;
	/* Behind a fault only the addresses are valid. */
	return flow->fault ? 0 : put_ports(skb, flow);
}

static int put_verdict(struct sk_buff *skb, const struct eqfw_event *event)
{
	BUILD_BUG_ON(EQFW_ACTION_SKIP != (int)EQFW_EVENT_SKIPPED);
	BUILD_BUG_ON(EQFW_ACTION_PASS != (int)EQFW_EVENT_PASSED);
	BUILD_BUG_ON(EQFW_ACTION_DROP != (int)EQFW_EVENT_DROPPED);

	if (nla_put_u8(skb, EQFW_EVENT_A_ACTION, event->action) ||
	    nla_put_u8(skb, EQFW_EVENT_A_REASON, event->reason) ||
	    put_text(skb, EQFW_EVENT_A_ITEM, event->text[EQFW_TEXT_ITEM]) ||
	    put_text(skb, EQFW_EVENT_A_FROM_ZONE, event->text[EQFW_TEXT_FROM_ZONE]) ||
	    put_text(skb, EQFW_EVENT_A_TO_ZONE, event->text[EQFW_TEXT_TO_ZONE]))
		return -EMSGSIZE;
	if (event->audit && event->action == EQFW_ACTION_DROP)
		return nla_put_flag(skb, EQFW_EVENT_A_AUDIT);
	return 0;
}

static int put_way(struct sk_buff *skb, const struct eqfw_event *event)
{
	if (event->cmd != EQFW_CMD_TRACE_EVENT)
		return 0;
	if (put_text(skb, EQFW_EVENT_A_FROM_CLASS, event->text[EQFW_TEXT_FROM_CLASS]) ||
	    put_text(skb, EQFW_EVENT_A_TO_CLASS, event->text[EQFW_TEXT_TO_CLASS]) ||
	    nla_put_u8(skb, EQFW_EVENT_A_FORWARD, event->forward) ||
	    put_text(skb, EQFW_EVENT_A_FORWARD_ITEM, event->text[EQFW_TEXT_FORWARD]) ||
	    nla_put_u8(skb, EQFW_EVENT_A_REVERSE, event->reverse) ||
	    put_text(skb, EQFW_EVENT_A_REVERSE_ITEM, event->text[EQFW_TEXT_REVERSE]) ||
	    nla_put_u8(skb, EQFW_EVENT_A_CT, event->ct))
		return -EMSGSIZE;
	if (event->asked != event->action)
		return nla_put_flag(skb, EQFW_EVENT_A_ASKED);
	return 0;
}

static int put_event(struct sk_buff *skb, const struct eqfw_event *event)
{
	struct nlattr *nest = nla_nest_start(skb, EQFW_A_EVENT);

	if (!nest ||
	    nla_put_u64_64bit(skb, EQFW_EVENT_A_TIME_NS, event->time_ns, EQFW_EVENT_A_PAD) ||
	    put_flow(skb, &event->flow) || nla_put_u32(skb, EQFW_EVENT_A_BYTES, event->bytes) ||
	    nla_put_u32(skb, EQFW_EVENT_A_IFINDEX, event->ifindex) ||
	    nla_put_string(skb, EQFW_EVENT_A_IN, event->in) || put_verdict(skb, event) ||
	    put_way(skb, event))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return nla_put(skb, EQFW_A_DIGEST, EQFW_DIGEST_SIZE, event->digest);
}

/* A message under construction: begin, put, send. */
static struct sk_buff *begin(u8 cmd, void **header)
{
	struct sk_buff *skb = genlmsg_new(EQFW_EVENT_ROOM, GFP_KERNEL);

	if (skb)
		*header = eqfw_netlink_reply(skb, 0, 0, 0, cmd);
	return skb;
}

static void send(struct eqfw_net *en, struct sk_buff *skb, void *header, int err,
		 enum eqfw_group group)
{
	if (!skb || !header || err) {
		nlmsg_free(skb);
		eqfw_netlink_lost(en->net, group);
		return;
	}
	genlmsg_end(skb, header);
	eqfw_netlink_multicast(en->net, skb, group);
}

void eqfw_netlink_send_event(struct eqfw_net *en, const struct eqfw_event *event, u64 suppressed)
{
	bool drop = event->cmd == EQFW_CMD_DROP_EVENT;
	void *header = NULL;
	struct sk_buff *skb = begin(event->cmd, &header);
	int err = header ? put_event(skb, event) : -ENOMEM;

	if (!err && drop)
		err = put_u64(skb, EQFW_A_SUPPRESSED, suppressed);
	send(en, skb, header, err, drop ? EQFW_GROUP_DROPS : EQFW_GROUP_TRACE);
}

void eqfw_netlink_send_suppressed(struct eqfw_net *en, u64 suppressed)
{
	void *header = NULL;
	struct sk_buff *skb = begin(EQFW_CMD_SUPPRESSED_EVENT, &header);
	int err = header ? put_u64(skb, EQFW_A_SUPPRESSED, suppressed) : -ENOMEM;

	send(en, skb, header, err, EQFW_GROUP_DROPS);
}

void eqfw_netlink_send_trace_end(struct eqfw_net *en, enum eqfw_trace_end why)
{
	void *header = NULL;
	struct sk_buff *skb = begin(EQFW_CMD_TRACE_END_EVENT, &header);
	int err = header ? nla_put_u8(skb, EQFW_A_TRACE_END, why) : -ENOMEM;

	send(en, skb, header, err, EQFW_GROUP_TRACE);
}

static int put_change(struct sk_buff *skb, const struct eqfw_net *en, const struct eqfw_live *live,
		      enum eqfw_change what, bool expired)
{
	u32 left_s = eqfw_confirm_left_s(en), mode_s = live ? eqfw_mode_left_s(live) : 0;
	u8 state = EQFW_STATE_NONE;

	if (live)
		state = live->audit ? EQFW_STATE_AUDITING : EQFW_STATE_ENFORCING;
	if (nla_put_u8(skb, EQFW_A_CHANGE, what) || nla_put_u8(skb, EQFW_A_STATE, state) ||
	    put_u64(skb, EQFW_A_GENERATION, en->generation))
		return -EMSGSIZE;
	if ((left_s && nla_put_u32(skb, EQFW_A_CONFIRM_S, left_s)) ||
	    (mode_s && nla_put_u32(skb, EQFW_A_MODE_S, mode_s)) ||
	    (expired && nla_put_flag(skb, EQFW_A_EXPIRED)))
		return -EMSGSIZE;
	if (!live)
		return 0;
	if (nla_put(skb, EQFW_A_DIGEST, EQFW_DIGEST_SIZE, live->profile.digest) ||
	    nla_put_u8(skb, EQFW_A_MODE, live->audit ? EQFW_MODE_AUDIT : EQFW_MODE_ENFORCE) ||
	    nla_put_string(skb, EQFW_A_NAME,
			   eqfw_profile_string(&live->profile, live->profile.header->name)))
		return -EMSGSIZE;
	return 0;
}

void eqfw_event_change(struct eqfw_net *en, enum eqfw_change what, bool expired)
{
	void *header = NULL;
	struct sk_buff *skb;
	int err = -ENOMEM;

	lockdep_assert_held(&en->mutex);
	if (!eqfw_netlink_listeners(en->net, EQFW_GROUP_CHANGES))
		return;
	skb = begin(EQFW_CMD_CHANGE_EVENT, &header);
	if (header)
		err = put_change(skb, en, eqfw_net_live(en), what, expired);
	send(en, skb, header, err, EQFW_GROUP_CHANGES);
}
