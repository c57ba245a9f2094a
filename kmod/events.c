// SPDX-License-Identifier: GPL-2.0
/*
 * From the packet path to those who listen.
 *
 *   packet path                                  process context
 *
 *   listeners? bucket? -> ring of this CPU  ==>  worker -> one netlink message each
 *                 |                                  |
 *                 +-- no: count it          ==>      +-- the count, at latest a second later
 *
 * A ring has one writer, the packets of its CPU with bottom halves off, and one reader at a time,
 * the holder of drain_lock. Head and tail are published by release and read by acquire; nothing
 * else is shared. All memory is there before the first packet.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "alloc.h"
#include "events.h"
#include "net.h"
#include "nl.h"

#define EQFW_RING_SLOTS 32u  /* a power of two; also the bucket's depth */
#define EQFW_EVENT_RATE 100u /* events a second and CPU */

/**
 * struct eqfw_bucket - how much may be told; written by the packets of one CPU
 * @credit: events times HZ
 * @stamp: jiffies when it was last filled
 */
struct eqfw_bucket {
	unsigned int credit;
	unsigned long stamp;
};

/**
 * struct eqfw_ring - events of one CPU
 * @head: events ever put in; written by this CPU's packets
 * @tail: events ever taken out; written by the holder of drain_lock
 * @suppressed: events that found no room; written by this CPU's packets
 * @drops: limits drop events
 * @log: limits what goes to the netfilter log
 * @slots: the events
 */
struct eqfw_ring {
	unsigned int head;
	unsigned int tail;
	u64 suppressed;
	struct eqfw_bucket drops;
	struct eqfw_bucket log;
	struct eqfw_event slots[EQFW_RING_SLOTS];
};

/**
 * struct eqfw_events - all rings of a namespace
 * @en: the namespace
 * @drain_lock: one reader at a time; protects @told
 * @told: suppressed events that the listeners have heard of
 * @send: drains the rings now
 * @late: tells of suppressed events when no other event does
 * @rings: by CPU
 */
struct eqfw_events {
	struct eqfw_net *en;
	struct mutex drain_lock; /* see above */
	u64 told;
	struct work_struct send;
	struct delayed_work late;
	struct eqfw_ring *rings[];
};

static struct eqfw_ring *ring_of(struct eqfw_events *events)
{
	return events->rings[smp_processor_id()];
}

static bool bucket_take(struct eqfw_bucket *bucket)
{
	unsigned long now = jiffies, passed = now - bucket->stamp;
	unsigned int full = EQFW_RING_SLOTS * HZ;

	bucket->stamp = now;
	if (passed >= HZ)
		bucket->credit = full;
	else
		bucket->credit =
			min_t(unsigned int, full, bucket->credit + passed * EQFW_EVENT_RATE);
	if (bucket->credit < HZ)
		return false;
	bucket->credit -= HZ;
	return true;
}

bool eqfw_events_may_log(const struct eqfw_net *en)
{
	bool may;

	local_bh_disable();
	may = bucket_take(&ring_of(en->events)->log);
	local_bh_enable();
	return may;
}

static void suppress(struct eqfw_events *events, struct eqfw_ring *ring)
{
	WRITE_ONCE(ring->suppressed, ring->suppressed + 1);
	/* The look comes first: in a flood nobody else's cache line is written. */
	if (!delayed_work_pending(&events->late))
		queue_delayed_work(system_unbound_wq, &events->late, HZ);
}

static void copy_text(struct eqfw_event *event, enum eqfw_event_text at, const char *text)
{
	strscpy(event->text[at], text, EQFW_MAX_NAME);
}

static const char *zone_name(const struct eqfw_live *live, u16 zone)
{
	return eqfw_live_zone_name(live, min_t(u32, zone, live->profile.n_zones));
}

static void fill(struct eqfw_event *event, const struct eqfw_sight *sight, u8 cmd, u32 bytes)
{
	const struct eqfw_verdict *verdict = &sight->verdict;
	const struct eqfw_live *live = sight->live;

	event->cmd = cmd;
	event->action = verdict->action;
	event->asked = sight->asked;
	event->reason = verdict->reason;
	event->audit = sight->audit;
	event->bytes = bytes;
	event->ifindex = sight->state->in->ifindex;
	strscpy(event->in, sight->state->in->name, sizeof(event->in));
	event->time_ns = ktime_get_real_ns();
	event->flow = sight->packet.flow;
	memcpy(event->digest, live->profile.digest, EQFW_DIGEST_SIZE);
	copy_text(event, EQFW_TEXT_FROM_ZONE, zone_name(live, verdict->src_zone));
	copy_text(event, EQFW_TEXT_TO_ZONE, zone_name(live, verdict->dst_zone));
	event->text[EQFW_TEXT_ITEM][0] = '\0';
	if (verdict->item < live->profile.n_items)
		copy_text(event, EQFW_TEXT_ITEM, eqfw_live_item_id(live, verdict->item));
}

struct eqfw_event *eqfw_events_begin(struct eqfw_events *events, const struct eqfw_sight *sight,
				     u8 cmd, u32 bytes)
{
	struct eqfw_ring *ring = ring_of(events);
	struct eqfw_event *event;

	/* Pairs with the release in drain_ring(): what was read may be written again. */
	if (ring->head - smp_load_acquire(&ring->tail) >= EQFW_RING_SLOTS) {
		suppress(events, ring);
		return NULL;
	}
	event = &ring->slots[ring->head % EQFW_RING_SLOTS];
	fill(event, sight, cmd, bytes);
	return event;
}

void eqfw_events_commit(struct eqfw_events *events)
{
	struct eqfw_ring *ring = ring_of(events);

	/* Pairs with the acquire in drain_ring(): the event before its number. */
	smp_store_release(&ring->head, ring->head + 1);
	queue_work(system_unbound_wq, &events->send);
}

void eqfw_events_drop(const struct eqfw_net *en, const struct eqfw_sight *sight, u32 bytes)
{
	struct eqfw_events *events = en->events;

	if (!eqfw_netlink_listeners(en->net, EQFW_GROUP_DROPS))
		return;
	local_bh_disable();
	if (!bucket_take(&ring_of(events)->drops))
		suppress(events, ring_of(events));
	else if (eqfw_events_begin(events, sight, EQFW_CMD_DROP_EVENT, bytes))
		eqfw_events_commit(events);
	local_bh_enable();
}

static u64 suppressed_so_far(const struct eqfw_events *events)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(events->rings[cpu]->suppressed);
	return sum;
}

static void drain_ring(struct eqfw_events *events, struct eqfw_ring *ring)
{
	unsigned int head;

	/* Pairs with the release in eqfw_events_commit(). */
	head = smp_load_acquire(&ring->head);
	lockdep_assert_held(&events->drain_lock);
	while (ring->tail != head) {
		events->told = suppressed_so_far(events);
		eqfw_netlink_send_event(events->en, &ring->slots[ring->tail % EQFW_RING_SLOTS],
					events->told);
		/* Pairs with the acquire in eqfw_events_begin(). */
		smp_store_release(&ring->tail, ring->tail + 1);
	}
}

void eqfw_events_drain(struct eqfw_events *events)
{
	int cpu;

	mutex_lock(&events->drain_lock);
	for_each_possible_cpu(cpu)
		drain_ring(events, events->rings[cpu]);
	mutex_unlock(&events->drain_lock);
}

static void send_work(struct work_struct *work)
{
	eqfw_events_drain(container_of(work, struct eqfw_events, send));
}

static void late_work(struct work_struct *work)
{
	struct eqfw_events *events = container_of(to_delayed_work(work), struct eqfw_events, late);
	u64 suppressed;

	eqfw_events_drain(events);
	mutex_lock(&events->drain_lock);
	suppressed = suppressed_so_far(events);
	if (suppressed != events->told)
		eqfw_netlink_send_suppressed(events->en, suppressed);
	events->told = suppressed;
	mutex_unlock(&events->drain_lock);
}

void eqfw_events_run(struct work_struct *work)
{
	queue_work(system_unbound_wq, work);
}

static void free_rings(struct eqfw_events *events)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kvfree(events->rings[cpu]);
	kfree(events);
}

struct eqfw_events *eqfw_events_alloc(struct eqfw_net *en)
{
	struct eqfw_events *events;
	int cpu;

	events = kzalloc(struct_size(events, rings, nr_cpu_ids), EQFW_GFP);
	if (!events)
		return NULL;
	events->en = en;
	mutex_init(&events->drain_lock);
	INIT_WORK(&events->send, send_work);
	INIT_DELAYED_WORK(&events->late, late_work);
	for_each_possible_cpu(cpu) {
		events->rings[cpu] =
			kvzalloc_node(sizeof(*events->rings[cpu]), EQFW_GFP, cpu_to_node(cpu));
		if (!events->rings[cpu]) {
			free_rings(events);
			return NULL;
		}
		events->rings[cpu]->drops.stamp = jiffies - HZ;
		events->rings[cpu]->log.stamp = jiffies - HZ;
	}
	return events;
}

void eqfw_events_free(struct eqfw_events *events)
{
	if (!events)
		return;
	flush_delayed_work(&events->late);
	flush_work(&events->send);
	free_rings(events);
}
