// SPDX-License-Identifier: GPL-2.0
/*
 * A profile judged beside the live one: same packets, same moment, no effect but counts. It hangs
 * off the live profile, so a packet still reads one table pointer, and a rollback brings a
 * comparison back as it was.
 */
#include <linux/err.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "alloc.h"
#include "events.h"
#include "live.h"
#include "load.h"
#include "net.h"

/* As a pass of its item and zones, whatever it was, and one of all. */
static void count(struct eqfw_counters *counters, const struct eqfw_verdict *verdict,
		  unsigned int bytes)
{
	struct eqfw_verdict one = *verdict;

	one.action = EQFW_ACTION_PASS;
	one.unzoned = true;
	eqfw_count_pass(counters, &one, bytes);
}

void eqfw_stage_count(const struct eqfw_stage *stage, const struct eqfw_verdict *now,
		      const struct eqfw_verdict *next, unsigned int bytes)
{
	bool drop = now->action == EQFW_ACTION_DROP, would = next->action == EQFW_ACTION_DROP;

	if (drop == would)
		return;
	if (drop) {
		count(stage->passes, next, bytes);
		return;
	}
	count(stage->drops, now, bytes);
	eqfw_count_drop(stage->passes, next, bytes, true);
}

void eqfw_stage_free(struct eqfw_stage *stage)
{
	if (!stage)
		return;
	eqfw_live_free(stage->next);
	eqfw_counters_free(stage->drops);
	eqfw_counters_free(stage->passes);
	kfree(stage);
}

struct eqfw_live *eqfw_stage_next(const struct eqfw_live *live)
{
	const struct eqfw_stage *stage;

	if (!live)
		return NULL;
	stage = rcu_dereference_protected(live->stage, true);
	return stage ? stage->next : NULL;
}

void eqfw_stage_part(struct eqfw_live *was, const struct eqfw_live *promoted)
{
	if (was && promoted && eqfw_stage_next(was) == promoted)
		rcu_dereference_protected(was->stage, true)->next = NULL;
}

/* Takes over @next where it succeeds. */
static struct eqfw_stage *stage_make(const struct eqfw_live *live, struct eqfw_live *next)
{
	struct eqfw_stage *stage = kzalloc(sizeof(*stage), EQFW_GFP);

	if (!stage)
		return NULL;
	stage->drops = eqfw_counters_alloc(live->profile.n_zones, live->profile.n_items);
	stage->passes = eqfw_counters_alloc(next->profile.n_zones, next->profile.n_items);
	if (!stage->drops || !stage->passes) {
		eqfw_stage_free(stage);
		return NULL;
	}
	stage->next = next;
	return stage;
}

/* From here on packets meet @stage, or none; nobody meets what is returned. */
static struct eqfw_stage *exchange(struct eqfw_live *live, struct eqfw_stage *stage)
{
	ASSERT_RTNL();
	return rcu_replace_pointer(live->stage, stage, lockdep_rtnl_is_held());
}

static int stage(struct eqfw_net *en, struct eqfw_live *next, struct netlink_ext_ack *extack)
{
	struct eqfw_live *live = eqfw_net_live(en);
	struct eqfw_stage *stage = stage_make(live, next), *old = NULL;
	struct eqfw_ifmap *map = NULL;

	rtnl_lock();
	if (stage)
		map = eqfw_ifmap_build(en->net, &next->profile, 0);
	if (map) {
		RCU_INIT_POINTER(next->ifmap, map);
		next->adopt_until = live->adopt_until;
		eqfw_locals_fill(en->net, next);
		old = exchange(live, stage);
		eqfw_locals_fill(en->net, next);
	}
	rtnl_unlock();
	if (map) {
		synchronize_rcu_expedited();
		eqfw_stage_free(old);
		return 0;
	}
	if (stage)
		stage->next = NULL;
	eqfw_stage_free(stage);
	eqfw_sentence(en, extack, "no memory for the staged profile");
	return -ENOMEM;
}

int eqfw_stage_set(struct eqfw_net *en, struct eqfw_load *load, struct netlink_ext_ack *extack)
{
	struct eqfw_live *next = eqfw_live_make(en, load, extack);
	int err;

	if (IS_ERR(next))
		return PTR_ERR(next);
	eqfw_load_log(next);
	mutex_lock(&en->mutex);
	err = eqfw_load_may_live(en, load->generation, extack);
	if (!err)
		err = eqfw_load_track(en, next, extack);
	if (!err)
		err = stage(en, next, extack);
	if (!err)
		eqfw_event_change(en, EQFW_CHANGE_STAGE, false);
	mutex_unlock(&en->mutex);
	if (err)
		eqfw_live_free(next);
	return err;
}

int eqfw_stage_clear(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	struct eqfw_stage *old;
	int err;

	mutex_lock(&en->mutex);
	err = eqfw_load_may_live(en, generation, extack);
	if (!err && !eqfw_stage_next(eqfw_net_live(en))) {
		eqfw_sentence(en, extack, "nothing is staged");
		err = -ENOENT;
	}
	if (!err) {
		rtnl_lock();
		old = exchange(eqfw_net_live(en), NULL);
		rtnl_unlock();
		synchronize_rcu_expedited();
		eqfw_stage_free(old);
		eqfw_event_change(en, EQFW_CHANGE_STAGE, false);
	}
	mutex_unlock(&en->mutex);
	return err;
}
