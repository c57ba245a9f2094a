/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_MODE_H
#define EQFW_MODE_H

#include <linux/hrtimer.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct eqfw_live;
struct eqfw_net;
struct netlink_ext_ack;

#define EQFW_MODE_S_MAX 86400

/**
 * struct eqfw_mode_timer - ends a mode that was set for a time
 * @timer: fires then, and does nothing but queue @expire
 * @expire: gives the live profile its own mode again
 *
 * When is kept with the profile (eqfw_live.mode_until): one that comes back by a rollback brings
 * its time along.
 */
struct eqfw_mode_timer {
	struct hrtimer timer;
	struct work_struct expire;
};

/**
 * struct eqfw_mode_change - a request for another mode
 * @generation: the generation that it names
 * @audit: count drops and let them pass
 * @for_s: seconds until the mode is the profile's own again, 0 = it stays
 * @confirm_s: seconds until it is taken back unless it is confirmed, 0 = for good
 */
struct eqfw_mode_change {
	u64 generation;
	bool audit;
	u32 for_s;
	u32 confirm_s;
};

/**
 * eqfw_mode_init() - no mode for a time yet
 * @en: the namespace
 */
void eqfw_mode_init(struct eqfw_net *en);

/**
 * eqfw_mode_exit() - after it no timer and no worker of this file runs
 * @en: the namespace; it is ending, and nobody is left in it who might change anything
 *
 * Context: process context, may sleep; no lock held.
 */
void eqfw_mode_exit(struct eqfw_net *en);

/**
 * eqfw_mode_follow() - set the timer by what is live now
 * @en: the namespace
 *
 * Context: @en->mutex held.
 */
void eqfw_mode_follow(struct eqfw_net *en);

/**
 * eqfw_mode_own() - the mode that a profile itself says
 * @live: the profile
 *
 * Return: whether it is audit.
 */
bool eqfw_mode_own(const struct eqfw_live *live);

/**
 * eqfw_mode_left_s() - how long until the mode is the profile's own again
 * @live: the profile
 *
 * Context: the namespace's mutex held.
 * Return: seconds, rounded up; 0 where it stays.
 */
u32 eqfw_mode_left_s(const struct eqfw_live *live);

/**
 * eqfw_mode_change() - make the live profile drop, or only count
 * @en: the namespace; it has a profile and nothing is pending
 * @change: the request; its generation is not looked at
 *
 * Touches neither table nor counters. Changes nothing, the generation neither, where that is the
 * mode already.
 *
 * Context: process context, @en->mutex held; sleeps for a grace period.
 */
void eqfw_mode_change(struct eqfw_net *en, const struct eqfw_mode_change *change);

/**
 * eqfw_mode_put() - judge by a mode from now on
 * @en: the namespace; it has a profile
 * @audit: count drops and let them pass
 * @until: when the mode is the profile's own again, 0 = it stays
 *
 * After it no packet is judged by the mode before. Makes a new generation.
 *
 * Context: process context, @en->mutex held; sleeps for a grace period.
 */
void eqfw_mode_put(struct eqfw_net *en, bool audit, ktime_t until);

/**
 * eqfw_mode_set() - eqfw_mode_change() for a request that may be refused
 * @en: the namespace
 * @change: the request
 * @extack: gets a sentence on every refusal
 *
 * Context: process context, no locks held.
 * Return: 0, -EBUSY a change awaits confirmation, -ENOENT without a profile, -ESTALE overtaken.
 */
int eqfw_mode_set(struct eqfw_net *en, const struct eqfw_mode_change *change,
		  struct netlink_ext_ack *extack);

#endif
