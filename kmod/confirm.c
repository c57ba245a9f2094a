// SPDX-License-Identifier: GPL-2.0
/*
 * Changes that are taken back unless somebody confirms them.
 *
 *   change   --> pending --> CONFIRM            what was before goes
 *                        --> ROLLBACK, deadline  what was before comes back
 *
 * The clock is the kernel's own: a tool, a shell or an SSH daemon that dies changes nothing. All
 * that the way back needs is kept (table, counters, interface map, hooks), so it cannot fail. The
 * hrtimer's callback only queues the work; the work takes the namespace's mutex and looks again,
 * since a confirmation may have come first.
 */
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#include "events.h"
#include "load.h"
#include "net.h"

static const char *change_word(u8 what)
{
	static const char *const words[EQFW_N_CHANGES] = {
		[EQFW_CHANGE_LOAD] = "load",
		[EQFW_CHANGE_CLEAR] = "clear",
		[EQFW_CHANGE_MODE] = "mode",
		[EQFW_CHANGE_PROMOTE] = "promote",
	};

	return what < EQFW_N_CHANGES && words[what] ? words[what] : "change";
}

static const char *name_of(const struct eqfw_live *live)
{
	if (!live)
		return "no profile";
	return eqfw_profile_string(&live->profile, live->profile.header->name);
}

/* What the change is about: a profile, or a mode of the one profile. */
static const char *word_of(const struct eqfw_net *en, const struct eqfw_live *live, bool audit)
{
	if (en->pending.what != EQFW_CHANGE_MODE)
		return name_of(live);
	return audit ? "audit" : "enforce";
}

/* Nothing is pending from here on; a work that is on its way finds that out. */
static void end(struct eqfw_pending *pending)
{
	pending->what = EQFW_CHANGE_NONE;
	hrtimer_cancel(&pending->timer);
}

static void remember(struct eqfw_net *en, bool expired)
{
	struct eqfw_rolled_back *last = &en->rolled_back;

	last->what = en->pending.what;
	last->expired = expired;
	last->had_digest = en->kept;
	if (en->kept)
		memcpy(last->digest, en->kept->profile.digest, EQFW_DIGEST_SIZE);
	last->at = ktime_get_real_seconds();
	last->generation = en->generation;
}

static void take_back(struct eqfw_net *en, bool expired)
{
	lockdep_assert_held(&en->mutex);
	if (en->pending.what == EQFW_CHANGE_MODE)
		eqfw_mode_put(en, en->pending.audit, en->pending.mode_until);
	else
		eqfw_load_return(en);
	eqfw_mode_follow(en);
	WRITE_ONCE(en->log_group, en->pending.log_group);
	remember(en, expired);
	pr_info("eqfw: netns %u: %s \"%s\" %s: back to \"%s\"\n", en->net->ns.inum,
		change_word(en->pending.what), word_of(en, en->kept, !en->pending.audit),
		expired ? "was not confirmed in time" : "is taken back",
		word_of(en, eqfw_net_live(en), en->pending.audit));
	end(&en->pending);
	eqfw_event_change(en, EQFW_CHANGE_ROLLBACK, expired);
	eqfw_load_finish(en);
}

static enum hrtimer_restart on_deadline(struct hrtimer *timer)
{
	struct eqfw_pending *pending = container_of(timer, struct eqfw_pending, timer);

	queue_work(system_unbound_wq, &pending->expire);
	return HRTIMER_NORESTART;
}

/* The change that it was queued for may be confirmed, and another one may be pending. */
static void expire_work(struct work_struct *work)
{
	struct eqfw_pending *pending = container_of(work, struct eqfw_pending, expire);
	struct eqfw_net *en = container_of(pending, struct eqfw_net, pending);

	mutex_lock(&en->mutex);
	if (pending->what && !ktime_before(ktime_get_boottime(), pending->deadline))
		take_back(en, true);
	mutex_unlock(&en->mutex);
}

void eqfw_confirm_init(struct eqfw_net *en)
{
	hrtimer_setup(&en->pending.timer, on_deadline, CLOCK_BOOTTIME, HRTIMER_MODE_ABS);
	INIT_WORK(&en->pending.expire, expire_work);
}

void eqfw_confirm_exit(struct eqfw_net *en)
{
	mutex_lock(&en->mutex);
	end(&en->pending);
	mutex_unlock(&en->mutex);
	cancel_work_sync(&en->pending.expire);
}

int eqfw_confirm_busy(struct eqfw_net *en, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&en->mutex);
	if (!en->pending.what)
		return 0;
	eqfw_sentence(en, extack, "a %s awaits confirmation (generation %llu, %u s left)",
		      change_word(en->pending.what), en->generation, eqfw_confirm_left_s(en));
	return -EBUSY;
}

void eqfw_confirm_begin(struct eqfw_net *en, u8 what, u32 seconds, int log_group)
{
	struct eqfw_pending *pending = &en->pending;

	lockdep_assert_held(&en->mutex);
	pending->what = what;
	pending->log_group = log_group;
	pending->deadline = ktime_add_ms(ktime_get_boottime(), (u64)seconds * MSEC_PER_SEC);
	hrtimer_start(&pending->timer, pending->deadline, HRTIMER_MODE_ABS);
	pr_info("eqfw: netns %u: %s \"%s\" awaits confirmation for %u s, else back to \"%s\"\n",
		en->net->ns.inum, change_word(what),
		word_of(en, eqfw_net_live(en), !pending->audit), seconds,
		word_of(en, en->kept, pending->audit));
}

u32 eqfw_seconds_left(ktime_t until)
{
	s64 left_ms = ktime_ms_delta(until, ktime_get_boottime());

	return left_ms <= 0 ? 1 : DIV_ROUND_UP((u32)left_ms, (u32)MSEC_PER_SEC);
}

u32 eqfw_seconds_until(ktime_t until)
{
	return until && ktime_before(ktime_get_boottime(), until) ? eqfw_seconds_left(until) : 0;
}

u32 eqfw_confirm_left_s(const struct eqfw_net *en)
{
	lockdep_assert_held(&en->mutex);
	return en->pending.what ? eqfw_seconds_left(en->pending.deadline) : 0;
}

static int check_pending(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	if (en->pending.what)
		return eqfw_load_stale(en, generation, extack);
	eqfw_sentence(en, extack, "nothing awaits confirmation");
	return -ENOENT;
}

int eqfw_confirm(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&en->mutex);
	err = check_pending(en, generation, extack);
	if (!err) {
		end(&en->pending);
		eqfw_event_change(en, EQFW_CHANGE_CONFIRM, false);
		if (!eqfw_net_live(en))
			eqfw_totals_clear(&en->totals);
		eqfw_load_finish(en);
	}
	mutex_unlock(&en->mutex);
	return err;
}

int eqfw_rollback(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&en->mutex);
	err = check_pending(en, generation, extack);
	if (!err)
		take_back(en, false);
	mutex_unlock(&en->mutex);
	return err;
}
