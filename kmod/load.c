// SPDX-License-Identifier: GPL-2.0
/*
 * From bytes to a published profile, and back.
 *
 *   check, build, allocate          outside the mutex, may take long
 *   take the mutex, compare the generation again
 *   first load: module reference, defragmentation
 *   first profile that does not mirror all replies: connection tracking
 *   later ones: room for the counts of the old profile
 *   RTNL: interface map, addresses of the box, publish
 *   first load: register hooks
 *   wait for a grace period
 *   fold the old counters, free the old profile, or keep it for a rollback
 *
 * Every step has its mirror image in eqfw_clear() or on the way out of an error. While a clear
 * awaits confirmation hooks and services stay, so that its rollback is a pointer and nothing else.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/timekeeping.h>
#include <net/netfilter/ipv4/nf_defrag_ipv4.h>
#include <net/netfilter/nf_conntrack.h>
#if IS_ENABLED(CONFIG_IPV6)
#include <linux/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#endif

#include "events.h"
#include "hook.h"
#include "live.h"
#include "load.h"
#include "nflog.h"

void eqfw_sentence(struct eqfw_net *en, struct netlink_ext_ack *extack, const char *fmt, ...)
{
	va_list args;
	char *room;

	if (!extack)
		return;
	room = eqfw_sentence_room(extack, &en->sentences);
	va_start(args, fmt);
	vscnprintf(room, EQFW_SENTENCE_MAX, fmt, args);
	va_end(args);
	extack->_msg = room;
}

int eqfw_load_stale(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&en->mutex);
	if (generation == en->generation)
		return 0;
	eqfw_sentence(en, extack, "stale generation %llu, the current one is %llu", generation,
		      en->generation);
	return -ESTALE;
}

int eqfw_load_may(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	int err = eqfw_confirm_busy(en, extack);

	return err ? err : eqfw_load_stale(en, generation, extack);
}

int eqfw_load_may_live(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack)
{
	int err = eqfw_confirm_busy(en, extack);

	if (err || eqfw_net_live(en))
		return err ? err : eqfw_load_stale(en, generation, extack);
	eqfw_sentence(en, extack, "no profile");
	return -ENOENT;
}

static int defrag_get(struct net *net)
{
	int err = nf_defrag_ipv4_enable(net);

	if (err)
		return err;
#if IS_ENABLED(CONFIG_IPV6)
	if (ipv6_mod_enabled())
		err = nf_defrag_ipv6_enable(net);
	if (err)
		nf_defrag_ipv4_disable(net);
#endif
	return err;
}

static void defrag_put(struct net *net)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (ipv6_mod_enabled())
		nf_defrag_ipv6_disable(net);
#endif
	nf_defrag_ipv4_disable(net);
}

/* Once on it stays: a profile that was there before may come back. */
int eqfw_load_track(struct eqfw_net *en, const struct eqfw_live *live,
		    struct netlink_ext_ack *extack)
{
	int err;

	if (en->tracking || eqfw_profile_mirrors_all(&live->profile))
		return 0;
	err = nf_ct_netns_get(en->net, NFPROTO_INET);
	if (err)
		eqfw_sentence(en, extack, "connection tracking cannot be enabled (%d)", err);
	else
		en->tracking = true;
	return err;
}

static void tracking_put(struct eqfw_net *en)
{
	if (en->tracking)
		nf_ct_netns_put(en->net, NFPROTO_INET);
	en->tracking = false;
}

/* What a namespace needs as long as it has a profile. */
static int services_get(struct eqfw_net *en, const struct eqfw_live *live,
			struct netlink_ext_ack *extack)
{
	int err;

	if (!try_module_get(THIS_MODULE)) {
		eqfw_sentence(en, extack, "the module is being removed");
		return -ENODEV;
	}
	en->events = eqfw_events_alloc(en);
	if (!en->events) {
		eqfw_sentence(en, extack, "no memory for events");
		err = -ENOMEM;
		goto err_module;
	}
	err = defrag_get(en->net);
	if (err) {
		eqfw_sentence(en, extack, "defragmentation cannot be enabled (%d)", err);
		goto err_events;
	}
	err = eqfw_load_track(en, live, extack);
	if (err)
		goto err_defrag;
	return 0;

err_defrag:
	defrag_put(en->net);
err_events:
	eqfw_events_free(en->events);
	en->events = NULL;
err_module:
	module_put(THIS_MODULE);
	return err;
}

static void services_put(struct eqfw_net *en)
{
	eqfw_trace_disarm(en);
	en->log_group = EQFW_LOG_OFF;
	tracking_put(en);
	defrag_put(en->net);
	eqfw_events_free(en->events);
	en->events = NULL;
	module_put(THIS_MODULE);
}

/* RTNL held. Addresses come without it (IPv6), so they are noted on both sides of the moment. */
static void show(struct eqfw_net *en, struct eqfw_live *live)
{
	eqfw_locals_fill(en->net, live);
	eqfw_locals_fill(en->net, eqfw_stage_next(live));
	eqfw_net_keep(en, eqfw_net_publish(en, live));
	eqfw_locals_fill(en->net, live);
	eqfw_locals_fill(en->net, eqfw_stage_next(live));
}

/* The map is built under the lock that also publishes: no device can slip between. */
static int publish(struct eqfw_net *en, struct eqfw_live *live, struct netlink_ext_ack *extack)
{
	struct eqfw_ifmap *map;

	rtnl_lock();
	map = eqfw_ifmap_build(en->net, &live->profile, 0);
	if (map) {
		RCU_INIT_POINTER(live->ifmap, map);
		show(en, live);
	}
	rtnl_unlock();
	if (map)
		return 0;
	eqfw_sentence(en, extack, "no memory for the interface map");
	return -ENOMEM;
}

/* Packets see none any more; what they saw is kept. */
static void unpublish(struct eqfw_net *en)
{
	rtnl_lock();
	show(en, NULL);
	rtnl_unlock();
}

/* For a profile that packets have left. */
static struct eqfw_live *take_kept(struct eqfw_net *en)
{
	struct eqfw_live *kept;

	rtnl_lock();
	kept = eqfw_net_keep(en, NULL);
	rtnl_unlock();
	return kept;
}

/*
 * A promoted profile still hangs off the one that it was staged beside. For good it is its own;
 * taken back it stays where it was, and counts from zero should it be promoted again.
 */
static void release_kept(struct eqfw_net *en)
{
	struct eqfw_live *live = eqfw_net_live(en), *kept = take_kept(en);

	eqfw_stage_part(kept, live);
	if (kept && kept == eqfw_stage_next(live))
		eqfw_counters_reset(kept->counters);
	else
		eqfw_live_free(kept);
}

static int commit_first(struct eqfw_net *en, struct eqfw_live *live, struct netlink_ext_ack *extack)
{
	u64 generation = en->generation;
	int err;

	err = services_get(en, live, extack);
	if (err)
		return err;
	/* Tracking was off until now. */
	eqfw_adopt_begin(live);
	err = publish(en, live, extack);
	if (err)
		goto err_services;
	err = eqfw_hook_register(en);
	if (err) {
		eqfw_sentence(en, extack, "the hooks cannot be registered (%d)", err);
		goto err_publish;
	}
	synchronize_rcu_expedited();
	eqfw_totals_mark(&en->totals, live);
	return 0;

err_publish:
	unpublish(en);
	synchronize_rcu_expedited();
	take_kept(en);
	en->generation = generation;
err_services:
	services_put(en);
	return err;
}

static int commit_next(struct eqfw_net *en, struct eqfw_live *live, struct netlink_ext_ack *extack)
{
	int err = eqfw_load_track(en, live, extack);

	if (err)
		return err;
	err = eqfw_totals_reserve(&en->totals, eqfw_net_live(en));
	if (err) {
		eqfw_sentence(en, extack, "no memory for the counts of the old profile");
		return err;
	}
	live->adopt_until = eqfw_net_live(en)->adopt_until;
	err = publish(en, live, extack);
	if (err)
		return err;
	synchronize_rcu_expedited();
	eqfw_totals_fold(&en->totals, en->kept, live);
	return 0;
}

/* What the profile says; LOG_SET may say otherwise until the next load. */
static int log_group_of(const struct eqfw_live *live)
{
	const struct eqfw_header *header = live->profile.header;

	if (!(le32_to_cpu(header->flags) & EQFW_HEADER_NFLOG))
		return EQFW_LOG_OFF;
	return le16_to_cpu(header->nflog_group);
}

/* Enforcing matters more than logging: without a log the profile is loaded all the same. */
void eqfw_load_log(const struct eqfw_live *live)
{
	if (log_group_of(live) != EQFW_LOG_OFF && eqfw_nflog_get())
		pr_warn_ratelimited("eqfw: no netfilter log: modprobe nfnetlink_log\n");
}

/* The old profile's figures are in the totals: it counts from zero should it come back. */
static void commit(struct eqfw_net *en, struct eqfw_live *live, u8 what, u32 confirm_s)
{
	if (!confirm_s)
		release_kept(en);
	else if (en->kept)
		eqfw_counters_reset(en->kept->counters);
	if (confirm_s)
		eqfw_confirm_begin(en, what, confirm_s, en->log_group);
	WRITE_ONCE(en->log_group, log_group_of(live));
	eqfw_mode_follow(en);
	eqfw_event_change(en, what, false);
}

static bool is_live(struct eqfw_net *en, const struct eqfw_load *load)
{
	const struct eqfw_live *live = eqfw_net_live(en);

	if (!live || live->profile.size != load->size)
		return false;
	if (load->digest && memcmp(load->digest, live->profile.digest, EQFW_DIGEST_SIZE))
		return false;
	return !memcmp(live->image, load->image, load->size);
}

/* The same bytes again: no table changes, but mode and log are what the profile says. */
static bool load_again(struct eqfw_net *en, const struct eqfw_load *load, int *err,
		       struct netlink_ext_ack *extack)
{
	struct eqfw_mode_change mode = { .confirm_s = load->confirm_s };
	bool again;

	mutex_lock(&en->mutex);
	again = is_live(en, load);
	if (again)
		*err = eqfw_load_may(en, load->generation, extack);
	if (again && !*err) {
		mode.audit = eqfw_mode_own(eqfw_net_live(en));
		/* First, so that what may come back is the group of before. */
		eqfw_mode_change(en, &mode);
		WRITE_ONCE(en->log_group, log_group_of(eqfw_net_live(en)));
	}
	mutex_unlock(&en->mutex);
	return again;
}

int eqfw_load(struct eqfw_net *en, struct eqfw_load *load, struct netlink_ext_ack *extack)
{
	struct eqfw_live *live;
	int err;

	if (load_again(en, load, &err, extack)) {
		kvfree(load->image);
		return err;
	}
	live = eqfw_live_make(en, load, extack);
	if (IS_ERR(live))
		return PTR_ERR(live);
	eqfw_load_log(live);
	mutex_lock(&en->mutex);
	err = eqfw_load_may(en, load->generation, extack);
	if (!err && eqfw_net_live(en))
		err = commit_next(en, live, extack);
	else if (!err)
		err = commit_first(en, live, extack);
	if (!err)
		commit(en, live, EQFW_CHANGE_LOAD, load->confirm_s);
	mutex_unlock(&en->mutex);
	if (err)
		eqfw_live_free(live);
	return err;
}

/* No packet sees a profile now, and none shall. The module reference goes last. */
static void leave(struct eqfw_net *en)
{
	eqfw_hook_unregister(en);
	synchronize_rcu_expedited();
	eqfw_live_free(take_kept(en));
	services_put(en);
}

static void clear(struct eqfw_net *en, u32 confirm_s)
{
	unpublish(en);
	eqfw_mode_follow(en);
	if (confirm_s) {
		synchronize_rcu_expedited();
		eqfw_confirm_begin(en, EQFW_CHANGE_CLEAR, confirm_s, en->log_group);
	}
	eqfw_event_change(en, EQFW_CHANGE_CLEAR, false);
	if (confirm_s)
		return;
	eqfw_totals_clear(&en->totals);
	leave(en);
}

static int promote(struct eqfw_net *en, struct eqfw_live *next, u32 confirm_s,
		   struct netlink_ext_ack *extack)
{
	int err = eqfw_totals_reserve(&en->totals, eqfw_net_live(en));

	if (err) {
		eqfw_sentence(en, extack, "no memory for the counts of the old profile");
		return err;
	}
	next->loaded_at = ktime_get_real_seconds();
	rtnl_lock();
	show(en, next);
	rtnl_unlock();
	synchronize_rcu_expedited();
	eqfw_totals_fold(&en->totals, en->kept, next);
	commit(en, next, EQFW_CHANGE_PROMOTE, confirm_s);
	return 0;
}

int eqfw_promote(struct eqfw_net *en, const struct eqfw_load *load, struct netlink_ext_ack *extack)
{
	struct eqfw_live *next;
	int err;

	mutex_lock(&en->mutex);
	err = eqfw_load_may_live(en, load->generation, extack);
	next = err ? NULL : eqfw_stage_next(eqfw_net_live(en));
	if (!err && !next) {
		eqfw_sentence(en, extack, "nothing is staged");
		err = -ENOENT;
	}
	if (!err && load->digest && memcmp(load->digest, next->profile.digest, EQFW_DIGEST_SIZE)) {
		eqfw_sentence(en, extack, "another profile is staged");
		err = -EBADMSG;
	}
	if (!err)
		err = promote(en, next, load->confirm_s, extack);
	mutex_unlock(&en->mutex);
	return err;
}

int eqfw_clear(struct eqfw_net *en, u64 generation, u32 confirm_s, struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&en->mutex);
	err = eqfw_load_may_live(en, generation, extack);
	if (!err)
		clear(en, confirm_s);
	mutex_unlock(&en->mutex);
	return err;
}

void eqfw_load_return(struct eqfw_net *en)
{
	lockdep_assert_held(&en->mutex);
	rtnl_lock();
	show(en, en->kept);
	rtnl_unlock();
	synchronize_rcu_expedited();
	if (en->kept)
		eqfw_totals_fold(&en->totals, en->kept, eqfw_net_live(en));
}

void eqfw_load_finish(struct eqfw_net *en)
{
	lockdep_assert_held(&en->mutex);
	if (eqfw_net_live(en))
		release_kept(en);
	else
		leave(en);
}

void eqfw_load_detach(struct eqfw_net *en)
{
	mutex_lock(&en->mutex);
	if (en->events) {
		eqfw_hook_unregister(en);
		en->leaving[0] = take_kept(en);
		unpublish(en);
		en->leaving[1] = take_kept(en);
		eqfw_stage_part(en->leaving[0], en->leaving[1]);
	}
	mutex_unlock(&en->mutex);
}

void eqfw_load_release(struct eqfw_net *en)
{
	if (!en->events)
		return;
	eqfw_live_free(en->leaving[0]);
	eqfw_live_free(en->leaving[1]);
	services_put(en);
}
