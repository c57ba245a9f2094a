/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_CONFIRM_H
#define EQFW_CONFIRM_H

#include <linux/hrtimer.h>
#include <linux/workqueue.h>

#include <eqfw/format.h>
#include <uapi/linux/eqfw.h>

struct eqfw_net;
struct netlink_ext_ack;

#define EQFW_CONFIRM_S_MAX 86400

/**
 * struct eqfw_pending - a change that is taken back unless it is confirmed
 * @what: enum eqfw_change, EQFW_CHANGE_NONE where nothing is pending
 * @audit: the mode before the change (EQFW_CHANGE_MODE alone)
 * @mode_until: and its end
 * @log_group: the netfilter log group before the change
 * @deadline: when it is taken back, CLOCK_BOOTTIME: time asleep counts
 * @timer: fires at the deadline and does nothing but queue @expire
 * @expire: takes the change back
 *
 * Under the namespace's mutex, but for @timer and @expire.
 */
struct eqfw_pending {
	u8 what;
	bool audit;
	ktime_t mode_until;
	int log_group;
	ktime_t deadline;
	struct hrtimer timer;
	struct work_struct expire;
};

/**
 * struct eqfw_rolled_back - the last change that was taken back
 * @what: enum eqfw_change, EQFW_CHANGE_NONE where there was none
 * @expired: its time was over; else somebody asked
 * @had_digest: there was a profile, and @digest is its digest
 * @digest: of the profile that was taken back
 * @at: wall clock, seconds since 1970 UTC
 * @generation: the generation that the rollback made
 */
struct eqfw_rolled_back {
	u8 what;
	bool expired;
	bool had_digest;
	u8 digest[EQFW_DIGEST_SIZE];
	u64 at;
	u64 generation;
};

/**
 * eqfw_confirm_init() - nothing pending yet
 * @en: the namespace
 */
void eqfw_confirm_init(struct eqfw_net *en);

/**
 * eqfw_confirm_exit() - after it no timer and no worker of this file runs
 * @en: the namespace; it is ending, and nobody is left in it who might change anything
 *
 * Context: process context, may sleep; no lock held.
 */
void eqfw_confirm_exit(struct eqfw_net *en);

/**
 * eqfw_confirm_busy() - refuse a change while another one awaits confirmation
 * @en: the namespace
 * @extack: gets a sentence
 *
 * Context: @en->mutex held.
 * Return: 0 or -EBUSY.
 */
int eqfw_confirm_busy(struct eqfw_net *en, struct netlink_ext_ack *extack);

/**
 * eqfw_confirm_begin() - take a change back after a time unless it is confirmed
 * @en: the namespace; the change is done, and what was before is kept (eqfw_net_keep())
 * @what: the change, enum eqfw_change
 * @seconds: 1 to EQFW_CONFIRM_S_MAX
 * @log_group: the netfilter log group before the change
 *
 * Context: @en->mutex held. Cannot fail.
 */
void eqfw_confirm_begin(struct eqfw_net *en, u8 what, u32 seconds, int log_group);

/**
 * eqfw_seconds_left() - how long until a point in time
 * @until: CLOCK_BOOTTIME
 *
 * Return: seconds, rounded up; at least 1.
 */
u32 eqfw_seconds_left(ktime_t until);

/**
 * eqfw_seconds_until() - the same for a point that may be none or over
 * @until: CLOCK_BOOTTIME, 0 = none
 *
 * Return: seconds, rounded up; 0 where there is none or it is over.
 */
u32 eqfw_seconds_until(ktime_t until);

/**
 * eqfw_confirm_left_s() - how long until the pending change is taken back
 * @en: the namespace
 *
 * Context: @en->mutex held.
 * Return: seconds, rounded up; 0 where nothing is pending.
 */
u32 eqfw_confirm_left_s(const struct eqfw_net *en);

/**
 * eqfw_confirm() - keep the pending change
 * @en: the namespace
 * @generation: the generation that the change made
 * @extack: gets a sentence on every refusal
 *
 * Context: process context, no locks held; may sleep for a grace period.
 * Return: 0, -ENOENT where nothing is pending, -ESTALE where something else is.
 */
int eqfw_confirm(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack);

/**
 * eqfw_rollback() - take the pending change back now
 * @en: the namespace
 * @generation: the generation that the change made
 * @extack: gets a sentence on every refusal
 *
 * Context: process context, no locks held; sleeps for a grace period.
 * Return: 0, -ENOENT where nothing is pending, -ESTALE where something else is.
 */
int eqfw_rollback(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack);

#endif
