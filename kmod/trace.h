/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_TRACE_H
#define EQFW_TRACE_H

#include <linux/jump_label.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "sight.h"

struct eqfw_net;
struct eqfw_trace;

#define EQFW_TRACE_COUNT_MAX 100000
#define EQFW_TRACE_SECONDS_MAX 3600

/**
 * struct eqfw_trace_prefix - addresses that a trace asks for
 * @addr: the first of them
 * @len: prefix length, 0 = any address
 */
struct eqfw_trace_prefix {
	struct eqfw_addr addr;
	u8 len;
};

/**
 * struct eqfw_trace_filter - packets that a trace asks for
 * @family: 4, 6, or 0 = both
 * @proto: IP protocol, 0 = any
 * @sport: host byte order, 0 = any
 * @dport: host byte order, 0 = any
 * @both: and what goes the other way
 * @src: source addresses
 * @dst: destination addresses
 * @count: packets until it disarms itself, 1 to EQFW_TRACE_COUNT_MAX
 * @seconds: seconds until it disarms itself, 1 to EQFW_TRACE_SECONDS_MAX
 */
struct eqfw_trace_filter {
	u8 family;
	u8 proto;
	u16 sport;
	u16 dport;
	bool both;
	struct eqfw_trace_prefix src;
	struct eqfw_trace_prefix dst;
	u32 count;
	u32 seconds;
};

/**
 * struct eqfw_tracer - the armed trace of a namespace, if there is one
 * @armed: the trace or NULL; written under @lock, read by packets under RCU
 * @lock: one change at a time; the workers take it, so nobody waits for them holding it
 * @done: disarms a trace that has seen its packets
 * @expire: disarms a trace whose time is over
 */
struct eqfw_tracer {
	struct eqfw_trace __rcu *armed;
	struct mutex lock; /* see above */
	struct work_struct done;
	struct delayed_work expire;
};

DECLARE_STATIC_KEY_FALSE(eqfw_trace_key);

/**
 * eqfw_trace_init() - no trace yet
 * @en: the namespace
 */
void eqfw_trace_init(struct eqfw_net *en);

/**
 * eqfw_trace_arm() - begin to tell of packets; an armed trace is replaced
 * @en: the namespace; it has a profile
 * @filter: which
 *
 * Context: process context, @en->mutex held, may sleep.
 * Return: 0 or -ENOMEM.
 */
int eqfw_trace_arm(struct eqfw_net *en, const struct eqfw_trace_filter *filter);

/**
 * eqfw_trace_disarm() - end the trace, if there is one
 * @en: the namespace
 *
 * After it no worker of the trace runs.
 *
 * Context: process context, may sleep; @en->mutex held, or the namespace is ending.
 */
void eqfw_trace_disarm(struct eqfw_net *en);

/**
 * eqfw_trace_packet() - tell of a packet where the armed trace asks for it
 * @en: the namespace
 * @sight: the packet
 * @bytes: its length from the network header on
 *
 * Context: packet path, RCU read side.
 */
void eqfw_trace_packet(struct eqfw_net *en, const struct eqfw_sight *sight, u32 bytes);

#endif
