/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_COUNTERS_H
#define EQFW_COUNTERS_H

#include "classify.h"

struct eqfw_counters;

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
 * eqfw_count_pass() - count a packet that passed
 * @counters: the counters
 * @verdict: why; SKIP counts nothing but @verdict->unzoned
 * @bytes: its length from the network header on
 *
 * Context: packet path, softirq or process context.
 */
void eqfw_count_pass(struct eqfw_counters *counters, const struct eqfw_verdict *verdict,
		     unsigned int bytes);

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
