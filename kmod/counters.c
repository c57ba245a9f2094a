// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of one table: a flat array of tallies for each possible CPU, on that CPU's own node.
 *
 *   unzoned | adopted | drop per reason | audit per reason | pass per zone pair |
 *   drop per zone pair | items
 *
 * A zone pair is row `from`, column `to` of a square with one more line for addresses of no zone.
 * A packet touches the reason or item line and the pair line of its own CPU, nothing shared.
 */
#include <linux/bottom_half.h>
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include <linux/u64_stats_sync.h>

#include "alloc.h"
#include "counters.h"

static size_t n_pairs(const struct eqfw_counters *counters)
{
	return (size_t)counters->side * counters->side;
}

static size_t n_slots(const struct eqfw_counters *counters)
{
	return counters->items + counters->n_items;
}

static int alloc_cpus(struct eqfw_counters *counters)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct eqfw_cpu_counters *c;

		c = kvzalloc_node(counters->cpu_bytes, EQFW_GFP, cpu_to_node(cpu));
		if (!c)
			return -ENOMEM;
		u64_stats_init(&c->sync);
		counters->cpu[cpu] = c;
	}
	return 0;
}

struct eqfw_counters *eqfw_counters_alloc(u32 n_zones, u32 n_items)
{
	struct eqfw_counters *counters;
	size_t n;

	counters = kvzalloc(struct_size(counters, cpu, nr_cpu_ids), EQFW_GFP);
	if (!counters)
		return NULL;
	counters->side = n_zones + 1;
	counters->n_items = n_items;
	counters->items = EQFW_SLOT_PAIR + 2 * n_pairs(counters);
	n = n_slots(counters);
	counters->cpu_bytes = ALIGN(struct_size(counters->cpu[0], tally, n), SMP_CACHE_BYTES);
	if (alloc_cpus(counters)) {
		eqfw_counters_free(counters);
		return NULL;
	}
	return counters;
}

void eqfw_counters_free(struct eqfw_counters *counters)
{
	int cpu;

	if (!counters)
		return;
	for_each_possible_cpu(cpu)
		kvfree(counters->cpu[cpu]);
	kvfree(counters);
}

void eqfw_counters_reset(struct eqfw_counters *counters)
{
	size_t n = n_slots(counters);
	int cpu;

	for_each_possible_cpu(cpu)
		memset(counters->cpu[cpu]->tally, 0, n * sizeof(struct eqfw_tally));
}

size_t eqfw_counters_bytes(const struct eqfw_counters *counters)
{
	return struct_size(counters, cpu, nr_cpu_ids) + counters->cpu_bytes * num_possible_cpus();
}

void eqfw_count_odd_pass(struct eqfw_counters *counters, const struct eqfw_verdict *verdict,
			 unsigned int bytes)
{
	bool judged = verdict->action == EQFW_ACTION_PASS;
	struct eqfw_cpu_counters *c;

	if (!judged && !verdict->unzoned)
		return;
	local_bh_disable();
	c = eqfw_counters_begin(counters);
	if (verdict->unzoned)
		eqfw_tally_add(c, EQFW_SLOT_UNZONED, bytes);
	if (verdict->adopted)
		eqfw_tally_add(c, EQFW_SLOT_ADOPTED, bytes);
	if (judged)
		eqfw_tally_add(c, eqfw_slot_pair(counters, verdict->src_zone, verdict->dst_zone),
			       bytes);
	if (judged && verdict->item < counters->n_items)
		eqfw_tally_add(c, counters->items + verdict->item, bytes);
	eqfw_counters_end(c);
	local_bh_enable();
}

void eqfw_count_drop(struct eqfw_counters *counters, const struct eqfw_verdict *verdict,
		     unsigned int bytes, bool audit)
{
	size_t pair = eqfw_slot_pair(counters, verdict->src_zone, verdict->dst_zone);
	struct eqfw_cpu_counters *c;

	local_bh_disable();
	c = eqfw_counters_begin(counters);
	if (audit) {
		eqfw_tally_add(c, EQFW_SLOT_AUDIT + verdict->reason, bytes);
	} else {
		eqfw_tally_add(c, EQFW_SLOT_DROP + verdict->reason, bytes);
		eqfw_tally_add(c, n_pairs(counters) + pair, bytes);
	}
	eqfw_counters_end(c);
	local_bh_enable();
}

static void sum_cpus(const struct eqfw_counters *counters, size_t slot, struct eqfw_sum *sum)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct eqfw_cpu_counters *c = counters->cpu[cpu];
		u64 packets, bytes;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&c->sync);
			packets = u64_stats_read(&c->tally[slot].packets);
			bytes = u64_stats_read(&c->tally[slot].bytes);
		} while (u64_stats_fetch_retry(&c->sync, start));
		sum->packets += packets;
		sum->bytes += bytes;
	}
}

void eqfw_counters_item(const struct eqfw_counters *counters, u32 item, struct eqfw_sum *pass)
{
	sum_cpus(counters, counters->items + item, pass);
}

void eqfw_counters_pair(const struct eqfw_counters *counters, u32 from, u32 to,
			struct eqfw_sum *pass, struct eqfw_sum *drop)
{
	size_t pair = eqfw_slot_pair(counters, from, to);

	sum_cpus(counters, pair, pass);
	sum_cpus(counters, n_pairs(counters) + pair, drop);
}

void eqfw_counters_reason(const struct eqfw_counters *counters, unsigned int reason,
			  struct eqfw_sum *drop, struct eqfw_sum *audit)
{
	sum_cpus(counters, EQFW_SLOT_DROP + reason, drop);
	sum_cpus(counters, EQFW_SLOT_AUDIT + reason, audit);
}

void eqfw_counters_unzoned(const struct eqfw_counters *counters, struct eqfw_sum *pass)
{
	sum_cpus(counters, EQFW_SLOT_UNZONED, pass);
}

void eqfw_counters_adopted(const struct eqfw_counters *counters, struct eqfw_sum *pass)
{
	sum_cpus(counters, EQFW_SLOT_ADOPTED, pass);
}
