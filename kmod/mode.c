// SPDX-License-Identifier: GPL-2.0
/*
 * Enforce or audit, while a profile is live. A flag beside the table: no reload, no counter
 * touched. A mode may be set for a time; then it is the profile's own again, by a timer like the
 * one of confirm.c.
 */
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#include "events.h"
#include "load.h"
#include "net.h"

bool eqfw_mode_own(const struct eqfw_live *live)
{
	return le32_to_cpu(live->profile.header->mode) == EQFW_MODE_AUDIT;
}

void eqfw_mode_put(struct eqfw_net *en, bool audit, ktime_t until)
{
	struct eqfw_live *live = eqfw_net_live(en);

	lockdep_assert_held(&en->mutex);
	WRITE_ONCE(live->audit, audit);
	live->mode_until = until;
	en->generation++;
	eqfw_mode_follow(en);
	synchronize_rcu_expedited();
}

static enum hrtimer_restart on_end(struct hrtimer *timer)
{
	struct eqfw_mode_timer *mode = container_of(timer, struct eqfw_mode_timer, timer);

	queue_work(system_unbound_wq, &mode->expire);
	return HRTIMER_NORESTART;
}

/* Another profile may be live meanwhile, or the mode may have been set anew. */
static void expire_work(struct work_struct *work)
{
	struct eqfw_mode_timer *mode = container_of(work, struct eqfw_mode_timer, expire);
	struct eqfw_net *en = container_of(mode, struct eqfw_net, mode_timer);
	struct eqfw_live *live;

	mutex_lock(&en->mutex);
	live = eqfw_net_live(en);
	if (live && live->mode_until && !ktime_before(ktime_get_boottime(), live->mode_until)) {
		eqfw_mode_put(en, eqfw_mode_own(live), 0);
		pr_info("eqfw: netns %u: the time is over: mode %s again\n", en->net->ns.inum,
			live->audit ? "audit" : "enforce");
		eqfw_event_change(en, EQFW_CHANGE_MODE, true);
	}
	mutex_unlock(&en->mutex);
}

void eqfw_mode_init(struct eqfw_net *en)
{
	hrtimer_setup(&en->mode_timer.timer, on_end, CLOCK_BOOTTIME, HRTIMER_MODE_ABS);
	INIT_WORK(&en->mode_timer.expire, expire_work);
}

void eqfw_mode_exit(struct eqfw_net *en)
{
	hrtimer_cancel(&en->mode_timer.timer);
	cancel_work_sync(&en->mode_timer.expire);
}

void eqfw_mode_follow(struct eqfw_net *en)
{
	const struct eqfw_live *live = eqfw_net_live(en);

	hrtimer_cancel(&en->mode_timer.timer);
	if (live && live->mode_until)
		hrtimer_start(&en->mode_timer.timer, live->mode_until, HRTIMER_MODE_ABS);
}

u32 eqfw_mode_left_s(const struct eqfw_live *live)
{
	return live->mode_until ? eqfw_seconds_left(live->mode_until) : 0;
}

static ktime_t end_of(u32 for_s)
{
	return for_s ? ktime_add_ms(ktime_get_boottime(), (u64)for_s * MSEC_PER_SEC) : 0;
}

void eqfw_mode_change(struct eqfw_net *en, const struct eqfw_mode_change *change)
{
	const struct eqfw_live *live = eqfw_net_live(en);
	ktime_t until = live->mode_until;
	bool audit = live->audit;

	lockdep_assert_held(&en->mutex);
	if (audit == change->audit && !until && !change->for_s)
		return;
	eqfw_mode_put(en, change->audit, end_of(change->for_s));
	if (change->confirm_s) {
		en->pending.audit = audit;
		en->pending.mode_until = until;
		eqfw_confirm_begin(en, EQFW_CHANGE_MODE, change->confirm_s, en->log_group);
	}
	eqfw_event_change(en, EQFW_CHANGE_MODE, false);
}

int eqfw_mode_set(struct eqfw_net *en, const struct eqfw_mode_change *change,
		  struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&en->mutex);
	err = eqfw_load_may_live(en, change->generation, extack);
	if (!err)
		eqfw_mode_change(en, change);
	mutex_unlock(&en->mutex);
	return err;
}
