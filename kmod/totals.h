/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_TOTALS_H
#define EQFW_TOTALS_H

#include <linux/hashtable.h>
#include <linux/list.h>

#include "counters.h"

struct eqfw_live;

/**
 * struct eqfw_total - what an item or a zone pair counted under former tables
 * @node: in the hash
 * @list: in the list of items or of pairs, oldest first
 * @live: the current profile has the item (both zones)
 * @pass: packets passed
 * @drop: packets dropped; zero for items
 * @hash: of both names
 * @from: item id, or source zone
 * @to: destination zone; empty for items
 */
struct eqfw_total {
	struct hlist_node node;
	struct list_head list;
	bool live;
	struct eqfw_sum pass;
	struct eqfw_sum drop;
	u32 hash;
	const char *to;
	char from[];
};

/**
 * struct eqfw_totals - a namespace's counts of former tables
 * @hash: items and pairs by name
 * @items: struct eqfw_total of items that ever counted
 * @pairs: struct eqfw_total of zone pairs that ever counted
 * @drops: by enum eqfw_reason
 * @audits: by enum eqfw_reason
 * @unzoned: packets passed on interfaces of no zone
 * @adopted: packets of connections older than the first load
 *
 * Guarded by the mutex of struct eqfw_net. Readers hold it too and add the live counters, so no
 * figure ever runs backwards for them. Kept until clear.
 */
struct eqfw_totals {
	DECLARE_HASHTABLE(hash, 8);
	struct list_head items;
	struct list_head pairs;
	struct eqfw_sum drops[EQFW_N_REASONS];
	struct eqfw_sum audits[EQFW_N_REASONS];
	struct eqfw_sum unzoned;
	struct eqfw_sum adopted;
};

/**
 * eqfw_totals_init() - begin with nothing counted
 * @totals: the totals
 */
void eqfw_totals_init(struct eqfw_totals *totals);

/**
 * eqfw_totals_clear() - forget everything
 * @totals: the totals
 */
void eqfw_totals_clear(struct eqfw_totals *totals);

/**
 * eqfw_totals_reserve() - make room for the counts of a table that is about to be replaced
 * @totals: the totals
 * @live: the profile in use
 *
 * Changes no figure, so a load that is refused after all leaves nothing to undo.
 *
 * Context: process context, may sleep; charged to the caller's memory cgroup.
 * Return: 0 or -ENOMEM.
 */
int eqfw_totals_reserve(struct eqfw_totals *totals, const struct eqfw_live *live);

/**
 * eqfw_totals_fold() - take over the counters of a table that no packet uses any more
 * @totals: the totals
 * @old: the table's profile
 * @next: the profile that took its place, or NULL
 *
 * Context: process context, may sleep. Cannot fail: the profile is already published. Room for all
 * but what began to count since eqfw_totals_reserve() is there.
 */
void eqfw_totals_fold(struct eqfw_totals *totals, const struct eqfw_live *old,
		      const struct eqfw_live *next);

/**
 * eqfw_totals_mark() - say which names the current profile has
 * @totals: the totals
 * @next: the current profile, or NULL
 */
void eqfw_totals_mark(struct eqfw_totals *totals, const struct eqfw_live *next);

/**
 * eqfw_totals_item() - all packets that an item of the current profile ever passed
 * @totals: the totals
 * @live: the current profile
 * @item: item id
 * @pass: out
 */
void eqfw_totals_item(const struct eqfw_totals *totals, const struct eqfw_live *live, u32 item,
		      struct eqfw_sum *pass);

/**
 * eqfw_totals_pair() - all packets ever between two zones of the current profile
 * @totals: the totals
 * @live: the current profile
 * @from: zone id; the number of zones stands for "none"
 * @to: likewise
 * @pass: out
 * @drop: out
 */
void eqfw_totals_pair(const struct eqfw_totals *totals, const struct eqfw_live *live, u32 from,
		      u32 to, struct eqfw_sum *pass, struct eqfw_sum *drop);

/**
 * eqfw_totals_reason() - all packets ever dropped for a reason
 * @totals: the totals
 * @live: the current profile
 * @reason: enum eqfw_reason
 * @drop: out
 * @audit: out: would have been dropped
 */
void eqfw_totals_reason(const struct eqfw_totals *totals, const struct eqfw_live *live,
			unsigned int reason, struct eqfw_sum *drop, struct eqfw_sum *audit);

/**
 * eqfw_totals_unzoned() - packets ever passed only because their interface is in no zone
 * @totals: the totals
 * @live: the current profile
 *
 * Return: packets.
 */
u64 eqfw_totals_unzoned(const struct eqfw_totals *totals, const struct eqfw_live *live);

/**
 * eqfw_totals_adopted() - packets ever passed only because their connection may be an old one
 * @totals: the totals
 * @live: the current profile
 *
 * Return: packets.
 */
u64 eqfw_totals_adopted(const struct eqfw_totals *totals, const struct eqfw_live *live);

/**
 * eqfw_live_zone_name() - name of a zone of a profile
 * @live: the profile
 * @zone: zone id; the number of zones stands for "none"
 *
 * Return: the name.
 */
const char *eqfw_live_zone_name(const struct eqfw_live *live, u32 zone);

/**
 * eqfw_live_item_id() - id of an item of a profile
 * @live: the profile
 * @item: item id
 *
 * Return: the printed id.
 */
const char *eqfw_live_item_id(const struct eqfw_live *live, u32 item);

#endif
