/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_NET_H
#define EQFW_NET_H

#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>

#include "classify.h"
#include "confirm.h"
#include "counters.h"
#include "ifmap.h"
#include "locals.h"
#include "adopt.h"
#include "mode.h"
#include "stage.h"
#include "totals.h"
#include "trace.h"

struct eqfw_events;
struct proc_dir_entry;

/**
 * struct eqfw_live - a loaded profile and all that packets need of it
 * @table: immutable lookup table
 * @counters: per-CPU counters of this table
 * @ifmap: zones of the namespace's interfaces; replaced under RTNL as devices come and go
 * @locals: which addresses may be the box's own; bits are set as addresses come
 * @log_new: items whose connections are logged when they begin, a bit each; NULL without any
 * @bridge: frames that a bridge only forwards are judged, too
 * @timed: some item has an end: packets look at the clock
 * @has_ipsec: some zone takes decrypted packets
 * @ipsec: the zones that do
 * @stage: a profile that is judged beside this one, or NULL; written under the namespace's mutex
 *	and RTNL, packets read it under RCU
 * @audit: drops are counted and pass; eqfw_mode_set() changes it, packets read it
 * @adopt_until: sessions that tracking has not met are adopted until then, CLOCK_BOOTTIME;
 *	0 = none; written under the namespace's mutex, packets read it
 * @mode_until: when it is the profile's own mode again, CLOCK_BOOTTIME; 0 = it stays; under the
 *	namespace's mutex
 * @image: the profile's bytes
 * @profile: trusted view of @image
 * @loaded_at: wall clock of the load, seconds since 1970 UTC
 *
 * Made by load.c, published by eqfw_net_publish(), freed after a grace period.
 */
struct eqfw_live {
	struct eqfw_table *table;
	struct eqfw_counters *counters;
	struct eqfw_ifmap __rcu *ifmap;
	struct eqfw_locals locals;
	unsigned long *log_new;
	bool bridge;
	bool timed;
	bool has_ipsec;
	struct eqfw_zone_set ipsec;
	struct eqfw_stage __rcu *stage;
	bool audit;
	ktime_t adopt_until;
	ktime_t mode_until;
	void *image;
	struct eqfw_profile profile;
	u64 loaded_at;
};

/**
 * struct eqfw_net - all state of eqfw in one network namespace
 * @net: the namespace
 * @live: the loaded profile or NULL; written by eqfw_net_publish() alone, under @mutex and RTNL;
 *	stable for a holder of either; packets read it under RCU
 * @kept: the profile that a rollback of the pending change returns to, or NULL; written by
 *	eqfw_net_keep() alone, under @mutex and RTNL; stable for a holder of either
 * @mutex: one change at a time; readers of counters and status take it too
 * @generation: number of changes so far, under @mutex; 0 = never had a profile
 * @totals: counts of former tables, under @mutex
 * @tracking: connection tracking is held, from the first profile that needs it until there is none
 * @adopt: begins adoption again
 * @mode_timer: ends a mode that was set for a time
 * @pending: the change that awaits confirmation, under @mutex
 * @rolled_back: the last rollback, under @mutex
 * @leaving: the profiles of a namespace that is ending, between pre_exit and exit
 * @hooks: the registered hooks, IPv4 and IPv6
 * @log_group: netfilter log group of drops, or EQFW_LOG_OFF; written under @mutex, read by packets
 * @tracer: the armed trace
 * @events: what packets tell; there while hooks are; under @mutex
 * @sentences: text of refusals
 * @proc: /proc/net/eqfw
 */
struct eqfw_net {
	struct net *net;
	struct eqfw_live __rcu *live;
	struct eqfw_live *kept;
	struct mutex mutex; /* see above */
	u64 generation;
	struct eqfw_totals totals;
	bool tracking;
	struct eqfw_adopt adopt;
	struct eqfw_mode_timer mode_timer;
	struct eqfw_pending pending;
	struct eqfw_rolled_back rolled_back;
	struct eqfw_live *leaving[2];
	struct nf_hook_ops hooks[2];
	int log_group;
	struct eqfw_tracer tracer;
	struct eqfw_events *events;
	struct eqfw_sentences sentences;
	struct proc_dir_entry *proc;
};

/**
 * eqfw_net() - eqfw's state in a namespace
 * @net: the namespace
 *
 * Context: any, while the namespace is alive.
 * Return: the state.
 */
struct eqfw_net *eqfw_net(const struct net *net);

/**
 * eqfw_net_live() - the loaded profile, for those who hold the mutex
 * @en: the namespace
 *
 * Context: @en->mutex held.
 * Return: the profile or NULL.
 */
struct eqfw_live *eqfw_net_live(struct eqfw_net *en);

/**
 * eqfw_net_live_rtnl() - the loaded profile, for those who hold RTNL
 * @en: the namespace
 *
 * Context: RTNL held.
 * Return: the profile or NULL.
 */
struct eqfw_live *eqfw_net_live_rtnl(struct eqfw_net *en);

/**
 * eqfw_net_publish() - let packets see another profile, or none
 * @en: the namespace
 * @live: what to publish, complete, or NULL
 *
 * The only writer of the pointer. Packets may still be using what was there before: wait for a
 * grace period before freeing it.
 *
 * Context: @en->mutex and RTNL held.
 * Return: what was there before, or NULL.
 */
struct eqfw_live *eqfw_net_publish(struct eqfw_net *en, struct eqfw_live *live);

/**
 * eqfw_net_keep() - remember the profile that a rollback returns to
 * @en: the namespace
 * @live: the profile that packets no longer see, or NULL
 *
 * While it is kept its interface map follows the interfaces, so that it can be published again
 * without anything that might fail.
 *
 * Context: @en->mutex and RTNL held.
 * Return: what was kept before, or NULL.
 */
struct eqfw_live *eqfw_net_keep(struct eqfw_net *en, struct eqfw_live *live);

/**
 * eqfw_net_init() - let every namespace have its state
 *
 * Return: 0 or a negative error.
 */
int eqfw_net_init(void);

/** eqfw_net_exit() - take the state out of every namespace */
void eqfw_net_exit(void);

#endif
