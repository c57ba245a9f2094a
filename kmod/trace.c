// SPDX-License-Identifier: GPL-2.0
/*
 * The armed trace: which way packets go through the judgement, for a filter, a number of packets
 * and a time. It disarms itself; a static key keeps it out of the packet path of those who do
 * not trace. Events go by the same rings as drops do (events.c), without the bucket.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "ct.h"
#include "events.h"
#include "net.h"
#include "nl.h"
#include "trace.h"

DEFINE_STATIC_KEY_FALSE(eqfw_trace_key);

/**
 * struct eqfw_trace - an armed trace
 * @filter: what it asks for
 * @left: packets to go
 * @deadline: jiffies when it ends
 */
struct eqfw_trace {
	struct eqfw_trace_filter filter;
	atomic_t left;
	unsigned long deadline;
};

static bool in_prefix(const struct eqfw_addr *addr, const struct eqfw_trace_prefix *prefix)
{
	unsigned int bytes = prefix->len / 8, rest = prefix->len % 8;

	if (memcmp(addr->b, prefix->addr.b, bytes))
		return false;
	return !rest || !((addr->b[bytes] ^ prefix->addr.b[bytes]) >> (8 - rest));
}

static bool ports_match(const struct eqfw_flow *flow, u16 sport, u16 dport)
{
	if (!sport && !dport)
		return true;
	return !flow->fault && (!sport || flow->sport == sport) && (!dport || flow->dport == dport);
}

static bool filter_matches(const struct eqfw_trace_filter *filter, const struct eqfw_flow *flow)
{
	if (filter->family && filter->family != flow->family)
		return false;
	if (filter->proto && (flow->fault || filter->proto != flow->proto))
		return false;
	if (in_prefix(&flow->src, &filter->src) && in_prefix(&flow->dst, &filter->dst) &&
	    ports_match(flow, filter->sport, filter->dport))
		return true;
	return filter->both && in_prefix(&flow->dst, &filter->src) &&
	       in_prefix(&flow->src, &filter->dst) &&
	       ports_match(flow, filter->dport, filter->sport);
}

static void class_name(const struct eqfw_live *live, u32 class_id, char *out)
{
	*out = '\0';
	if (class_id < live->profile.n_classes)
		strscpy(out,
			eqfw_profile_string(&live->profile, live->profile.classes[class_id].name),
			EQFW_MAX_NAME);
}

/* What the rules say of one direction, whatever was decided before anybody asked them. */
static u8 ask(const struct eqfw_live *live, const struct eqfw_flow *flow,
	      const struct eqfw_places *places, char *item)
{
	struct eqfw_verdict verdict;

	*item = '\0';
	eqfw_permits(live->table, flow, places, &verdict);
	if (verdict.item < live->profile.n_items)
		strscpy(item, eqfw_live_item_id(live, verdict.item), EQFW_MAX_NAME);
	return verdict.reason;
}

static u8 ask_reverse(const struct eqfw_live *live, const struct eqfw_sight *sight, char *item)
{
	struct eqfw_places places = { sight->places.dst, sight->places.src };
	struct eqfw_flow flow = sight->packet.flow;

	swap(flow.src, flow.dst);
	if (flow.proto == IPPROTO_TCP || flow.proto == IPPROTO_UDP)
		swap(flow.sport, flow.dport);
	return ask(live, &flow, &places, item);
}

static void describe(struct eqfw_event *event, const struct eqfw_sight *sight)
{
	const struct eqfw_live *live = sight->live;

	class_name(live, sight->places.src.class_id, event->text[EQFW_TEXT_FROM_CLASS]);
	class_name(live, sight->places.dst.class_id, event->text[EQFW_TEXT_TO_CLASS]);
	event->text[EQFW_TEXT_FORWARD][0] = '\0';
	event->text[EQFW_TEXT_REVERSE][0] = '\0';
	event->forward = sight->packet.flow.fault;
	event->reverse = sight->packet.flow.fault;
	event->ct = EQFW_EVENT_CT_UNREADABLE;
	if (sight->packet.flow.fault)
		return;
	event->forward =
		ask(live, &sight->packet.flow, &sight->places, event->text[EQFW_TEXT_FORWARD]);
	event->reverse = ask_reverse(live, sight, event->text[EQFW_TEXT_REVERSE]);
	event->ct = eqfw_ct_look(sight->state, &sight->packet);
}

void eqfw_trace_packet(struct eqfw_net *en, const struct eqfw_sight *sight, u32 bytes)
{
	struct eqfw_trace *trace = rcu_dereference(en->tracer.armed);
	struct eqfw_event *event;

	if (!trace || !filter_matches(&trace->filter, &sight->packet.flow))
		return;
	local_bh_disable();
	if (atomic_dec_if_positive(&trace->left) >= 0) {
		event = eqfw_events_begin(en->events, sight, EQFW_CMD_TRACE_EVENT, bytes);
		if (event) {
			describe(event, sight);
			eqfw_events_commit(en->events);
		} else {
			/* Not told, so not counted against the budget. */
			atomic_inc(&trace->left);
		}
	}
	local_bh_enable();
	if (atomic_read(&trace->left) <= 0)
		eqfw_events_run(&en->tracer.done);
}

static void end(struct eqfw_net *en, enum eqfw_trace_end why)
{
	struct eqfw_tracer *tracer = &en->tracer;
	struct eqfw_trace *trace;

	lockdep_assert_held(&tracer->lock);
	trace = rcu_replace_pointer(tracer->armed, NULL, lockdep_is_held(&tracer->lock));
	if (!trace)
		return;
	static_branch_dec(&eqfw_trace_key);
	/* Packets that saw it have handed over their events: the end comes after them. */
	synchronize_rcu_expedited();
	eqfw_events_drain(en->events);
	eqfw_netlink_send_trace_end(en, why);
	kfree(trace);
}

static struct eqfw_trace *armed(struct eqfw_tracer *tracer)
{
	return rcu_dereference_protected(tracer->armed, lockdep_is_held(&tracer->lock));
}

static void done_work(struct work_struct *work)
{
	struct eqfw_tracer *tracer = container_of(work, struct eqfw_tracer, done);
	struct eqfw_net *en = container_of(tracer, struct eqfw_net, tracer);
	struct eqfw_trace *trace;

	mutex_lock(&tracer->lock);
	trace = armed(tracer);
	if (trace && atomic_read(&trace->left) <= 0)
		end(en, EQFW_TRACE_END_COUNT);
	mutex_unlock(&tracer->lock);
}

/* May find that the trace it was meant for has been replaced by a younger one. */
static void expire_work(struct work_struct *work)
{
	struct delayed_work *delayed = to_delayed_work(work);
	struct eqfw_tracer *tracer = container_of(delayed, struct eqfw_tracer, expire);
	struct eqfw_net *en = container_of(tracer, struct eqfw_net, tracer);
	struct eqfw_trace *trace;

	mutex_lock(&tracer->lock);
	trace = armed(tracer);
	if (trace && time_before(jiffies, trace->deadline))
		schedule_delayed_work(delayed, trace->deadline - jiffies);
	else if (trace)
		end(en, EQFW_TRACE_END_TIME);
	mutex_unlock(&tracer->lock);
}

void eqfw_trace_init(struct eqfw_net *en)
{
	mutex_init(&en->tracer.lock);
	INIT_WORK(&en->tracer.done, done_work);
	INIT_DELAYED_WORK(&en->tracer.expire, expire_work);
}

int eqfw_trace_arm(struct eqfw_net *en, const struct eqfw_trace_filter *filter)
{
	struct eqfw_tracer *tracer = &en->tracer;
	struct eqfw_trace *trace;

	lockdep_assert_held(&en->mutex);
	trace = kzalloc(sizeof(*trace), GFP_KERNEL_ACCOUNT);
	if (!trace)
		return -ENOMEM;
	trace->filter = *filter;
	atomic_set(&trace->left, filter->count);
	trace->deadline = jiffies + filter->seconds * HZ;
	mutex_lock(&tracer->lock);
	end(en, EQFW_TRACE_END_REPLACED);
	rcu_assign_pointer(tracer->armed, trace);
	static_branch_inc(&eqfw_trace_key);
	mod_delayed_work(system_wq, &tracer->expire, filter->seconds * HZ);
	mutex_unlock(&tracer->lock);
	return 0;
}

void eqfw_trace_disarm(struct eqfw_net *en)
{
	struct eqfw_tracer *tracer = &en->tracer;

	mutex_lock(&tracer->lock);
	end(en, EQFW_TRACE_END_OFF);
	mutex_unlock(&tracer->lock);
	cancel_delayed_work_sync(&tracer->expire);
	cancel_work_sync(&tracer->done);
}
