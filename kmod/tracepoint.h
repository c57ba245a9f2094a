/* SPDX-License-Identifier: GPL-2.0 */
/*
 * eqfw:eqfw_verdict: every packet that eqfw looked at, with its verdict. Free while nobody traces.
 * Names are copied: the profile may be gone when the buffer is read.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM eqfw

#if !defined(EQFW_TRACEPOINT_H) || defined(TRACE_HEADER_MULTI_READ)
#define EQFW_TRACEPOINT_H

#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/tracepoint.h>

#include "events.h"
#include "names.h"
#include "net.h"

#ifndef EQFW_TRACEPOINT_HELPERS
#define EQFW_TRACEPOINT_HELPERS
/* An address as %pISpc prints it; ports of what has none are 0. */
static inline void eqfw_tracepoint_end(void *out, const struct eqfw_flow *flow,
				       const struct eqfw_addr *addr, u16 port)
{
	struct sockaddr_in6 *v6 = out;
	struct sockaddr_in *v4 = out;

	memset(out, 0, sizeof(*v6));
	if (flow->fault)
		port = 0;
	if (flow->family == 4) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, addr->b, sizeof(v4->sin_addr));
	} else {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		memcpy(&v6->sin6_addr, addr->b, sizeof(v6->sin6_addr));
	}
}

static inline const char *eqfw_tracepoint_action(u8 action)
{
	static const char *const names[] = { "skip", "pass", "drop" };

	return action < ARRAY_SIZE(names) ? names[action] : "?";
}

static inline const char *eqfw_tracepoint_item(const struct eqfw_sight *sight)
{
	u32 item = sight->verdict.item;

	return item < sight->live->profile.n_items ? eqfw_live_item_id(sight->live, item) : "-";
}

static inline const char *eqfw_tracepoint_zone(const struct eqfw_sight *sight, u16 zone)
{
	return eqfw_live_zone_name(sight->live, min_t(u32, zone, sight->live->profile.n_zones));
}
#endif

/* clang-format off */
TRACE_EVENT(eqfw_verdict,
	TP_PROTO(const struct eqfw_sight *sight),
	TP_ARGS(sight),
	TP_STRUCT__entry(
		__array(char, action, 8)
		__array(char, reason, 16)
		__field(u8, reason_code)
		__field(u8, audit)
		__array(char, item, EQFW_MAX_NAME)
		__array(char, from_zone, 32)
		__array(char, to_zone, 32)
		__array(char, in, IFNAMSIZ)
		__field(u8, proto)
		__array(u8, src, sizeof(struct sockaddr_in6))
		__array(u8, dst, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		const struct eqfw_flow *flow = &sight->packet.flow;
		const struct eqfw_verdict *verdict = &sight->verdict;

		strscpy(__entry->action, eqfw_tracepoint_action(verdict->action), 8);
		strscpy(__entry->reason, eqfw_reason_name(verdict->reason), 16);
		__entry->reason_code = verdict->reason;
		__entry->audit = sight->live->audit;
		strscpy(__entry->item, eqfw_tracepoint_item(sight), EQFW_MAX_NAME);
		strscpy(__entry->from_zone, eqfw_tracepoint_zone(sight, verdict->src_zone), 32);
		strscpy(__entry->to_zone, eqfw_tracepoint_zone(sight, verdict->dst_zone), 32);
		strscpy(__entry->in, sight->state->in->name, IFNAMSIZ);
		__entry->proto = flow->fault ? 0 : flow->proto;
		eqfw_tracepoint_end(__entry->src, flow, &flow->src, flow->sport);
		eqfw_tracepoint_end(__entry->dst, flow, &flow->dst, flow->dport);
	),
	TP_printk("%s reason=%s item=%s zones=%s>%s in=%s proto=%u src=%pISpc dst=%pISpc audit=%u",
		  __entry->action, __entry->reason, __entry->item, __entry->from_zone,
		  __entry->to_zone, __entry->in, __entry->proto, __entry->src, __entry->dst,
		  __entry->audit)
);
/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tracepoint
#include <trace/define_trace.h>
