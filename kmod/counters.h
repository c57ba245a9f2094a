/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_COUNTERS_H
#define EQFW_COUNTERS_H

#include <linux/bottom_half.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/u64_stats_sync.h>

#include <eqfw/reasons.h>

#include "classify.h"

/**
 * struct eqfw_tally - one counter
 * @packets: packets, one skb is one
 * @bytes: their bytes
 */
struct eqfw_tally {
	u64_stats_t packets;
	u64_stats_t bytes;
};

/**
 * struct eqfw_cpu_counters - what one CPU has counted
 * @sync: of the tallies
 * @tally: the tallies, in the order that counters.c tells
 */
struct eqfw_cpu_counters {
	struct u64_stats_sync sync;
	struct eqfw_tally tally[];
};

/**
 * struct eqfw_counters - counters of one table
 * @side: zones and "none"
 * @n_items: items
 * @items: slot of the first item
 * @cpu_bytes: bytes of each of @cpu
 * @cpu: of each possible CPU
 */
struct eqfw_counters {
	u32 side;
	u32 n_items;
	u32 items;
	size_t cpu_bytes;
	struct eqfw_cpu_counters *cpu[];
};

#define EQFW_SLOT_UNZONED 0u
#define EQFW_SLOT_ADOPTED 1u
#define EQFW_SLOT_DROP 2u
#define EQFW_SLOT_AUDIT (EQFW_SLOT_DROP + EQFW_N_REASONS)
#define EQFW_SLOT_PAIR (EQFW_SLOT_AUDIT + EQFW_N_REASONS)

/**
 * eqfw_slot_pair() - slot of a pair of zones, what passed
 * @counters: the counters
 * @from: zone or EQFW_ZONE_NONE
 * @to: likewise
 *
 * Return: the slot; that of what was dropped is as many slots behind it as there are pairs.
 */
static inline size_t eqfw_slot_pair(const struct eqfw_counters *counters, u32 from, u32 to)
{
	u32 last = counters->side - 1;

	return EQFW_SLOT_PAIR + (size_t)min(from, last) * counters->side + min(to, last);
}

/**
 * struct eqfw_sum - a count
 * @packets: packets, one skb is one
 * @bytes: their bytes, from the network header on
 */
struct eqfw_sum {
	u64 packets;
	u64 bytes;
};

/**
 * eqfw_counters_alloc() - counters of one table, all zero
 * @n_zones: zones of the profile
 * @n_items: items of the profile
 *
 * Context: process context, may sleep; charged to the caller's memory cgroup.
 * Return: the counters, or NULL.
 */
struct eqfw_counters *eqfw_counters_alloc(u32 n_zones, u32 n_items);

/**
 * eqfw_counters_free() - release counters that no packet uses any more
 * @counters: the counters or NULL
 */
void eqfw_counters_free(struct eqfw_counters *counters);

/**
 * eqfw_counters_reset() - back to zero
 * @counters: counters that no packet uses now; their figures were taken over
 */
void eqfw_counters_reset(struct eqfw_counters *counters);

/**
 * eqfw_counters_bytes() - memory that counters take
 * @counters: the counters
 *
 * Return: bytes on all CPUs.
 */
size_t eqfw_counters_bytes(const struct eqfw_counters *counters);

/**
 * eqfw_counters_begin() - begin to count on this CPU
 * @counters: the counters
 *
 * Packets come in softirq or with bottom halves off, but after an NFQUEUE verdict, in process
 * context: then they are switched off.
 *
 * Context: packet path.
 * Return: this CPU's, for eqfw_counters_end().
 */
static inline struct eqfw_cpu_counters *eqfw_counters_begin(const struct eqfw_counters *counters)
{
	struct eqfw_cpu_counters *c;

	preempt_disable();
	c = counters->cpu[smp_processor_id()];
	u64_stats_update_begin(&c->sync);
	return c;
}

/**
 * eqfw_counters_end() - all is counted
 * @c: from eqfw_counters_begin()
 */
static inline void eqfw_counters_end(struct eqfw_cpu_counters *c)
{
	u64_stats_update_end(&c->sync);
	preempt_enable();
}

/**
 * eqfw_tally_add() - count a packet in one place
 * @c: from eqfw_counters_begin()
 * @slot: the place
 * @bytes: its length
 */
static inline void eqfw_tally_add(struct eqfw_cpu_counters *c, size_t slot, unsigned int bytes)
{
	u64_stats_inc(&c->tally[slot].packets);
	u64_stats_add(&c->tally[slot].bytes, bytes);
}

/**
 * eqfw_count_odd_pass() - eqfw_count_pass() of whatever packet in whatever context
 * @counters: the counters
 * @verdict: why
 * @bytes: its length
 *
 * Context: packet path, softirq or process context.
 */
void eqfw_count_odd_pass(struct eqfw_counters *counters, const struct eqfw_verdict *verdict,
			 unsigned int bytes);

/**
 * eqfw_count_pass() - count a packet that passed
 * @counters: the counters
 * @verdict: why; SKIP counts nothing but @verdict->unzoned
 * @bytes: its length from the network header on
 *
 * Nearly every packet comes in softirq and passes by an item.
 *
 * Context: packet path, softirq or process context.
 */
static inline void eqfw_count_pass(struct eqfw_counters *counters,
				   const struct eqfw_verdict *verdict, unsigned int bytes)
{
	struct eqfw_cpu_counters *c;

	if (unlikely(verdict->action != EQFW_ACTION_PASS || verdict->unzoned || verdict->adopted ||
		     verdict->item >= counters->n_items || !softirq_count())) {
		eqfw_count_odd_pass(counters, verdict, bytes);
		return;
	}
	c = eqfw_counters_begin(counters);
	eqfw_tally_add(c, eqfw_slot_pair(counters, verdict->src_zone, verdict->dst_zone), bytes);
	eqfw_tally_add(c, counters->items + verdict->item, bytes);
	eqfw_counters_end(c);
}

/**
 * eqfw_count_drop() - count a packet that is dropped, or would be
 * @counters: the counters
 * @verdict: why
 * @bytes: its length from the network header on
 * @audit: it passes all the same: an audit count of its reason, no drop of its zone pair
 *
 * Context: packet path, softirq or process context.
 */
void eqfw_count_drop(struct eqfw_counters *counters, const struct eqfw_verdict *verdict,
		     unsigned int bytes, bool audit);

/**
 * eqfw_counters_item() - packets that an item passed
 * @counters: the counters
 * @item: item id
 * @pass: added to
 */
void eqfw_counters_item(const struct eqfw_counters *counters, u32 item, struct eqfw_sum *pass);

/**
 * eqfw_counters_pair() - packets between two zones
 * @counters: the counters
 * @from: zone id, or EQFW_ZONE_NONE
 * @to: zone id, or EQFW_ZONE_NONE
 * @pass: added to
 * @drop: added to
 */
void eqfw_counters_pair(const struct eqfw_counters *counters, u32 from, u32 to,
			struct eqfw_sum *pass, struct eqfw_sum *drop);

/**
 * eqfw_counters_reason() - packets of a drop reason
 * @counters: the counters
 * @reason: enum eqfw_reason
 * @drop: added to: dropped
 * @audit: added to: would have been dropped
 */
void eqfw_counters_reason(const struct eqfw_counters *counters, unsigned int reason,
			  struct eqfw_sum *drop, struct eqfw_sum *audit);

/**
 * eqfw_counters_unzoned() - packets passed only because their interface is in no zone
 * @counters: the counters
 * @pass: added to
 */
void eqfw_counters_unzoned(const struct eqfw_counters *counters, struct eqfw_sum *pass);

/**
 * eqfw_counters_adopted() - packets passed only because their connection may be an old one
 * @counters: the counters
 * @pass: added to
 */
void eqfw_counters_adopted(const struct eqfw_counters *counters, struct eqfw_sum *pass);

#endif
