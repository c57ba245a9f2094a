// SPDX-License-Identifier: GPL-2.0
/*
 * Packets come in here, and only here a verdict goes out to netfilter.
 *
 * PRE_ROUTING at -250: after defragmentation (-400) and raw (-300), before connection tracking
 * (-200), so that what is dropped costs no entry. The table pointer is read once a packet.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>
#include <linux/timekeeping.h>
#if IS_ENABLED(CONFIG_IPV6)
#include <linux/ipv6.h>
#endif

#include "arrival.h"
#include "ct.h"
#include "events.h"
#include "flow_plain.h"
#include "hook.h"
#include "judge.h"
#include "net.h"
#include "nflog.h"
#include "place.h"
#include "trace.h"
#include "tracepoint.h"

#define EQFW_HOOK_PRIORITY (-250)

/* Not inlined: the place where drop monitors see eqfw's drops. */
static noinline unsigned int eqfw_drop(struct sk_buff *skb)
{
	return NF_DROP_REASON(skb, SKB_DROP_REASON_NETFILTER_DROP, EPERM);
}

/*
 * Connection tracking begins with the first load, or with a virtual address that comes from another
 * router: it has not met a session that was idle since. For a time what would be the answer in one
 * passes, and tracking picks the session up.
 */
static bool adopts(const struct eqfw_sight *sight)
{
	const struct eqfw_verdict *verdict = &sight->verdict;
	const struct eqfw_flow *flow = &sight->packet.flow;
	ktime_t until = READ_ONCE(sight->live->adopt_until);

	return until && flow->proto == IPPROTO_TCP && !(flow->tcp_flags & EQFW_TCP_SYN) &&
	       verdict->reason == EQFW_REASON_STATE && verdict->item != EQFW_ITEM_NONE &&
	       ktime_before(ktime_get_coarse_boottime(), until);
}

static noinline void ask_ct(struct eqfw_sight *sight)
{
	struct eqfw_verdict *verdict = &sight->verdict;
	bool pass = false;

	if (verdict->action == EQFW_ACTION_ASK_REPLY)
		pass = eqfw_ct_reply(sight->live, sight->state, &sight->packet, &sight->places,
				     verdict);
	else if (verdict->action == EQFW_ACTION_ASK_INNER)
		pass = eqfw_ct_inner(sight->live, sight->state, &sight->packet, verdict);
	if (!pass && verdict->related)
		pass = eqfw_ct_related(sight->live, sight->state, &sight->packet, verdict);
	if (!pass && verdict->action == EQFW_ACTION_ASK_REPLY && adopts(sight)) {
		verdict->adopted = true;
		pass = true;
	}
	if (pass)
		verdict->reason = EQFW_REASON_NONE;
	verdict->action = pass ? EQFW_ACTION_PASS : EQFW_ACTION_DROP;
}

static void skip(struct eqfw_sight *sight)
{
	sight->verdict = (struct eqfw_verdict){
		.action = EQFW_ACTION_SKIP,
		.src_zone = sight->places.src.zone,
		.dst_zone = sight->places.dst.zone,
		.item = EQFW_ITEM_NONE,
	};
	sight->asked = EQFW_ACTION_SKIP;
}

/* Inline with all that it needs of a packet as nearly all are: see judge.h. */
static __always_inline void judge(struct eqfw_sight *sight, const struct sk_buff *skb, u8 family)
{
	const struct nf_hook_state *state = sight->state;
	const struct eqfw_live *live = sight->live;
	struct eqfw_verdict *verdict = &sight->verdict;
	const struct eqfw_zone_set *zones;
	u64 now_s = unlikely(live->timed) ? ktime_get_real_seconds() : 0;

	if (unlikely(!eqfw_packet_read_plain(&sight->packet, skb, family, now_s)))
		eqfw_packet_read(&sight->packet, skb, family, now_s);
	eqfw_place_flow(live, state, family, &sight->packet.flow, &sight->places);
	if (unlikely(!eqfw_arrival_zones(live, skb, state, &sight->places, &zones))) {
		skip(sight);
		return;
	}
	eqfw_judge_here(live->table, family, &sight->packet.flow, &sight->places, zones, verdict);
	sight->asked = verdict->action;
	if (unlikely(verdict->action > EQFW_ACTION_DROP || verdict->related))
		ask_ct(sight);
}

/* What the staged profile would have said of the same packet. */
static noinline void compare(const struct eqfw_stage *stage, const struct eqfw_sight *now,
			     const struct sk_buff *skb, unsigned int bytes)
{
	struct eqfw_sight next = { .live = stage->next, .state = now->state };

	judge(&next, skb, now->packet.flow.family);
	eqfw_stage_count(stage, &now->verdict, &next.verdict, bytes);
}

static __always_inline unsigned int verdict_on(struct eqfw_net *en, const struct eqfw_live *live,
					       struct sk_buff *skb,
					       const struct nf_hook_state *state, u8 family)
{
	unsigned int bytes = skb->len - skb_network_offset(skb);
	/* judge() sets the rest: clearing it first, as kernels are built to do, costs 5 ns. */
	struct eqfw_sight sight __attribute__((__uninitialized__));
	const struct eqfw_stage *stage = rcu_dereference(live->stage);

	sight.live = live;
	sight.state = state;
	sight.audit = READ_ONCE(live->audit);
	judge(&sight, skb, family);
	if (unlikely(stage))
		compare(stage, &sight, skb, bytes);
	trace_eqfw_verdict(&sight);
	if (static_branch_unlikely(&eqfw_trace_key))
		eqfw_trace_packet(en, &sight, bytes);
	if (sight.verdict.action != EQFW_ACTION_DROP) {
		eqfw_count_pass(live->counters, &sight.verdict, bytes);
		if (unlikely(live->log_new))
			eqfw_nflog_pass(en, &sight, skb);
		return NF_ACCEPT;
	}
	eqfw_count_drop(live->counters, &sight.verdict, bytes, sight.audit);
	eqfw_events_drop(en, &sight, bytes);
	eqfw_nflog_drop(en, &sight, skb);
	return sight.audit ? NF_ACCEPT : eqfw_drop(skb);
}

static __always_inline unsigned int on_packet(struct eqfw_net *en, struct sk_buff *skb,
					      const struct nf_hook_state *state, u8 family)
{
	const struct eqfw_live *live;
	unsigned int verdict = NF_ACCEPT;

	/* The second: what this box sent to a group or broadcast address and hears of it itself. */
	if (state->in->flags & IFF_LOOPBACK || skb->pkt_type == PACKET_LOOPBACK)
		return NF_ACCEPT;
	if (eqfw_arrival_is_again(skb, state))
		return NF_ACCEPT;
	rcu_read_lock();
	live = rcu_dereference(en->live);
	if (live)
		verdict = verdict_on(en, live, skb, state, family);
	rcu_read_unlock();
	return verdict;
}

/* Two of them: each knows its family when it is compiled. */
static unsigned int eqfw_hook4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return on_packet(priv, skb, state, 4);
}

static unsigned int eqfw_hook6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return on_packet(priv, skb, state, 6);
}

static int register_one(struct eqfw_net *en, struct nf_hook_ops *ops, u8 pf)
{
	*ops = (struct nf_hook_ops){
		.hook = pf == NFPROTO_IPV4 ? eqfw_hook4 : eqfw_hook6,
		.priv = en,
		.pf = pf,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = EQFW_HOOK_PRIORITY,
	};
	return nf_register_net_hook(en->net, ops);
}

static bool have_ipv6(void)
{
#if IS_ENABLED(CONFIG_IPV6)
	return ipv6_mod_enabled();
#else
	return false;
#endif
}

int eqfw_hook_register(struct eqfw_net *en)
{
	int err;

	err = register_one(en, &en->hooks[0], NFPROTO_IPV4);
	if (err || !have_ipv6())
		return err;
	err = register_one(en, &en->hooks[1], NFPROTO_IPV6);
	if (!err)
		return 0;
	/* IPv4 packets are inside already: let them leave before anything is freed. */
	nf_unregister_net_hook(en->net, &en->hooks[0]);
	synchronize_rcu_expedited();
	return err;
}

void eqfw_hook_unregister(struct eqfw_net *en)
{
	if (have_ipv6())
		nf_unregister_net_hook(en->net, &en->hooks[1]);
	nf_unregister_net_hook(en->net, &en->hooks[0]);
}
