/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_EVENTS_H
#define EQFW_EVENTS_H

#include <linux/if.h>
#include <uapi/linux/eqfw.h>

#include "sight.h"

struct eqfw_events;
struct work_struct;
struct eqfw_net;

/**
 * enum eqfw_event_text - names that an event carries
 * @EQFW_TEXT_ITEM: id of the verdict's item
 * @EQFW_TEXT_FROM_ZONE: zone of the source
 * @EQFW_TEXT_TO_ZONE: zone of the destination
 * @EQFW_TEXT_FROM_CLASS: class of the source (trace)
 * @EQFW_TEXT_TO_CLASS: class of the destination (trace)
 * @EQFW_TEXT_FORWARD: item that the forward direction found (trace)
 * @EQFW_TEXT_REVERSE: item that the reverse direction found (trace)
 * @EQFW_N_TEXTS: how many
 */
enum eqfw_event_text {
	EQFW_TEXT_ITEM,
	EQFW_TEXT_FROM_ZONE,
	EQFW_TEXT_TO_ZONE,
	EQFW_TEXT_FROM_CLASS,
	EQFW_TEXT_TO_CLASS,
	EQFW_TEXT_FORWARD,
	EQFW_TEXT_REVERSE,
	EQFW_N_TEXTS,
};

/**
 * struct eqfw_event - a packet on its way from the packet path to the listeners
 * @cmd: EQFW_CMD_DROP_EVENT or EQFW_CMD_TRACE_EVENT
 * @action: enum eqfw_action, final
 * @asked: enum eqfw_action before connection tracking was asked
 * @reason: enum eqfw_reason
 * @audit: the profile only audits: it passed
 * @forward: enum eqfw_reason that the forward direction gave (trace)
 * @reverse: enum eqfw_reason that the reverse direction gave (trace)
 * @ct: enum eqfw_event_ct (trace)
 * @bytes: length from the network header on
 * @ifindex: interface of arrival
 * @in: its name
 * @time_ns: wall clock, nanoseconds since 1970 UTC
 * @flow: its headers
 * @digest: of the profile that judged it
 * @text: names out of that profile, copied since it may be gone when the event is sent; cut to
 *	their room
 */
struct eqfw_event {
	u8 cmd;
	u8 action;
	u8 asked;
	u8 reason;
	bool audit;
	u8 forward;
	u8 reverse;
	u8 ct;
	u32 bytes;
	u32 ifindex;
	char in[IFNAMSIZ];
	u64 time_ns;
	struct eqfw_flow flow;
	u8 digest[EQFW_DIGEST_SIZE];
	char text[EQFW_N_TEXTS][EQFW_MAX_NAME];
};

/**
 * eqfw_events_alloc() - what a namespace with a profile needs to tell about packets
 * @en: the namespace
 *
 * Context: process context, may sleep; charged to the caller's memory cgroup.
 * Return: the rings, or NULL.
 */
struct eqfw_events *eqfw_events_alloc(struct eqfw_net *en);

/**
 * eqfw_events_free() - send what is left, then release everything
 * @events: what eqfw_events_alloc() gave, or NULL; no packet uses it any more
 *
 * Context: process context, may sleep; the namespace's mutex may be held, since no worker takes it.
 */
void eqfw_events_free(struct eqfw_events *events);

/**
 * eqfw_events_drop() - tell the listeners of a drop, unless there are too many
 * @en: the namespace
 * @sight: the packet
 * @bytes: its length from the network header on
 *
 * Without listeners this is one look at a bitmap. With them a bucket of this CPU decides first,
 * then the event goes into a ring of this CPU: no allocation and no lock here. What the bucket or a
 * full ring refuses is counted, and the count is told.
 *
 * Context: packet path.
 */
void eqfw_events_drop(const struct eqfw_net *en, const struct eqfw_sight *sight, u32 bytes);

/**
 * eqfw_events_begin() - a free place in this CPU's ring
 * @events: the rings
 * @sight: the packet; all that a drop carries is filled in
 * @cmd: EQFW_CMD_DROP_EVENT or EQFW_CMD_TRACE_EVENT
 * @bytes: its length from the network header on
 *
 * Context: packet path, bottom halves off until eqfw_events_commit().
 * Return: the event, or NULL where the ring is full.
 */
struct eqfw_event *eqfw_events_begin(struct eqfw_events *events, const struct eqfw_sight *sight,
				     u8 cmd, u32 bytes);

/**
 * eqfw_events_commit() - hand over what eqfw_events_begin() gave
 * @events: the rings
 *
 * Context: packet path, bottom halves off since eqfw_events_begin().
 */
void eqfw_events_commit(struct eqfw_events *events);

/**
 * eqfw_events_drain() - send what lies in the rings
 * @events: the rings
 *
 * Context: process context, may sleep.
 */
void eqfw_events_drain(struct eqfw_events *events);

/**
 * eqfw_events_may_log() - is there room in this CPU's bucket for the netfilter log
 * @en: the namespace
 *
 * Context: packet path.
 * Return: whether one packet more may be logged.
 */
bool eqfw_events_may_log(const struct eqfw_net *en);

/**
 * eqfw_events_run() - let a worker of events run soon
 * @work: the work
 *
 * Context: any.
 */
void eqfw_events_run(struct work_struct *work);

/**
 * eqfw_event_change() - tell the listeners that the configuration changed
 * @en: the namespace
 * @what: what happened
 * @expired: nobody asked for it: a time was over
 *
 * Carries the generation and, where there is a profile, its digest, name and mode, as they are now:
 * call it when the change is done.
 *
 * Context: process context, @en->mutex held, may sleep. Without memory the listeners get ENOBUFS.
 */
void eqfw_event_change(struct eqfw_net *en, enum eqfw_change what, bool expired);

/**
 * eqfw_netlink_send_event() - one message to the listeners of an event
 * @en: the namespace
 * @event: the packet
 * @suppressed: events that were not sent since the namespace got its profile
 *
 * Context: process context, may sleep.
 */
void eqfw_netlink_send_event(struct eqfw_net *en, const struct eqfw_event *event, u64 suppressed);

/**
 * eqfw_netlink_send_suppressed() - tell the listeners of drops how many they missed
 * @en: the namespace
 * @suppressed: events that were not sent since the namespace got its profile
 *
 * Context: process context, may sleep.
 */
void eqfw_netlink_send_suppressed(struct eqfw_net *en, u64 suppressed);

/**
 * eqfw_netlink_send_trace_end() - tell the listeners of the trace that it is over
 * @en: the namespace
 * @why: enum eqfw_trace_end
 *
 * Context: process context, may sleep.
 */
void eqfw_netlink_send_trace_end(struct eqfw_net *en, enum eqfw_trace_end why);

#endif
