// SPDX-License-Identifier: GPL-2.0
/*
 * Counts that survive reload. A table's counters are numbered by item and zone, and those numbers
 * change with every profile; names do not. When a table is retired its counters are added here
 * under their names.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>

#include "net.h"
#include "totals.h"

const char *eqfw_live_zone_name(const struct eqfw_live *live, u32 zone)
{
	if (zone >= live->profile.n_zones)
		return "none";
	return eqfw_profile_string(&live->profile, live->profile.zones[zone].name);
}

const char *eqfw_live_item_id(const struct eqfw_live *live, u32 item)
{
	return eqfw_profile_string(&live->profile, live->profile.items[item].id);
}

static u32 name_hash(const char *from, const char *to)
{
	return full_name_hash(NULL, from, strlen(from)) * 31 + full_name_hash(NULL, to, strlen(to));
}

static struct eqfw_total *find(const struct eqfw_totals *totals, const char *from, const char *to)
{
	u32 hash = name_hash(from, to);
	struct eqfw_total *total;

	hash_for_each_possible(totals->hash, total, node, hash) {
		if (total->hash == hash && !strcmp(total->from, from) && !strcmp(total->to, to))
			return total;
	}
	return NULL;
}

static struct eqfw_total *find_or_make(struct eqfw_totals *totals, struct list_head *list,
				       const char *from, const char *to, gfp_t more)
{
	struct eqfw_total *total = find(totals, from, to);
	size_t from_size = strlen(from) + 1, to_size = strlen(to) + 1;

	if (total)
		return total;
	total = kzalloc(struct_size(total, from, from_size + to_size), GFP_KERNEL_ACCOUNT | more);
	if (!total)
		return NULL;
	total->live = true;
	memcpy(total->from, from, from_size);
	memcpy(total->from + from_size, to, to_size);
	total->to = total->from + from_size;
	total->hash = name_hash(from, to);
	hash_add(totals->hash, &total->node, total->hash);
	list_add_tail(&total->list, list);
	return total;
}

static void sum_add(struct eqfw_sum *to, const struct eqfw_sum *from)
{
	to->packets += from->packets;
	to->bytes += from->bytes;
}

/*
 * What counted under the profile in use, under its names. Twice: to make room while a load can
 * still be refused, then to add. Between the two packets go on, so a few names may be new to the
 * second, which has no way back and must not fail: @fold.
 */
static int walk_items(struct eqfw_totals *totals, const struct eqfw_live *live, bool fold)
{
	u32 i;

	for (i = 0; i < live->profile.n_items; i++) {
		struct eqfw_sum pass = {};
		struct eqfw_total *total;

		cond_resched();
		eqfw_counters_item(live->counters, i, &pass);
		if (!pass.packets)
			continue;
		total = find_or_make(totals, &totals->items, eqfw_live_item_id(live, i), "",
				     fold ? __GFP_NOFAIL : 0);
		if (!total)
			return -ENOMEM;
		if (fold)
			sum_add(&total->pass, &pass);
	}
	return 0;
}

static int walk_pair(struct eqfw_totals *totals, const struct eqfw_live *live, u32 from, u32 to,
		     bool fold)
{
	struct eqfw_sum pass = {}, drop = {};
	struct eqfw_total *total;

	eqfw_counters_pair(live->counters, from, to, &pass, &drop);
	if (!pass.packets && !drop.packets)
		return 0;
	total = find_or_make(totals, &totals->pairs, eqfw_live_zone_name(live, from),
			     eqfw_live_zone_name(live, to), fold ? __GFP_NOFAIL : 0);
	if (!total)
		return -ENOMEM;
	if (fold) {
		sum_add(&total->pass, &pass);
		sum_add(&total->drop, &drop);
	}
	return 0;
}

static int walk_pairs(struct eqfw_totals *totals, const struct eqfw_live *live, bool fold)
{
	u32 n = live->profile.n_zones;
	u32 from, to;
	int err = 0;

	for (from = 0; from <= n && !err; from++) {
		cond_resched();
		for (to = 0; to <= n && !err; to++)
			err = walk_pair(totals, live, from, to, fold);
	}
	return err;
}

int eqfw_totals_reserve(struct eqfw_totals *totals, const struct eqfw_live *live)
{
	int err = walk_items(totals, live, false);

	return err ? err : walk_pairs(totals, live, false);
}

static bool has_zone(const struct eqfw_live *live, const char *name)
{
	u32 i;

	for (i = 0; i <= live->profile.n_zones; i++)
		if (!strcmp(name, eqfw_live_zone_name(live, i)))
			return true;
	return false;
}

void eqfw_totals_mark(struct eqfw_totals *totals, const struct eqfw_live *next)
{
	struct eqfw_total *total;
	u32 i;

	list_for_each_entry(total, &totals->items, list)
		total->live = false;
	for (i = 0; next && i < next->profile.n_items; i++) {
		total = find(totals, eqfw_live_item_id(next, i), "");
		if (total)
			total->live = true;
	}
	list_for_each_entry(total, &totals->pairs, list) {
		cond_resched();
		total->live = next && has_zone(next, total->from) && has_zone(next, total->to);
	}
}

void eqfw_totals_fold(struct eqfw_totals *totals, const struct eqfw_live *old,
		      const struct eqfw_live *next)
{
	unsigned int r;

	for (r = 0; r < EQFW_N_REASONS; r++)
		eqfw_counters_reason(old->counters, r, &totals->drops[r], &totals->audits[r]);
	eqfw_counters_unzoned(old->counters, &totals->unzoned);
	eqfw_counters_adopted(old->counters, &totals->adopted);
	walk_items(totals, old, true);
	walk_pairs(totals, old, true);
	eqfw_totals_mark(totals, next);
}

void eqfw_totals_init(struct eqfw_totals *totals)
{
	memset(totals, 0, sizeof(*totals));
	hash_init(totals->hash);
	INIT_LIST_HEAD(&totals->items);
	INIT_LIST_HEAD(&totals->pairs);
}

static void free_list(struct list_head *list)
{
	struct eqfw_total *total, *next;

	list_for_each_entry_safe(total, next, list, list) kfree(total);
}

void eqfw_totals_clear(struct eqfw_totals *totals)
{
	free_list(&totals->items);
	free_list(&totals->pairs);
	eqfw_totals_init(totals);
}

void eqfw_totals_item(const struct eqfw_totals *totals, const struct eqfw_live *live, u32 item,
		      struct eqfw_sum *pass)
{
	const struct eqfw_total *total = find(totals, eqfw_live_item_id(live, item), "");

	*pass = total ? total->pass : (struct eqfw_sum){};
	eqfw_counters_item(live->counters, item, pass);
}

void eqfw_totals_pair(const struct eqfw_totals *totals, const struct eqfw_live *live, u32 from,
		      u32 to, struct eqfw_sum *pass, struct eqfw_sum *drop)
{
	const struct eqfw_total *total;

	total = find(totals, eqfw_live_zone_name(live, from), eqfw_live_zone_name(live, to));
	*pass = total ? total->pass : (struct eqfw_sum){};
	*drop = total ? total->drop : (struct eqfw_sum){};
	eqfw_counters_pair(live->counters, from, to, pass, drop);
}

void eqfw_totals_reason(const struct eqfw_totals *totals, const struct eqfw_live *live,
			unsigned int reason, struct eqfw_sum *drop, struct eqfw_sum *audit)
{
	*drop = totals->drops[reason];
	*audit = totals->audits[reason];
	eqfw_counters_reason(live->counters, reason, drop, audit);
}

u64 eqfw_totals_unzoned(const struct eqfw_totals *totals, const struct eqfw_live *live)
{
	struct eqfw_sum pass = totals->unzoned;

	eqfw_counters_unzoned(live->counters, &pass);
	return pass.packets;
}

u64 eqfw_totals_adopted(const struct eqfw_totals *totals, const struct eqfw_live *live)
{
	struct eqfw_sum pass = totals->adopted;

	eqfw_counters_adopted(live->counters, &pass);
	return pass.packets;
}
