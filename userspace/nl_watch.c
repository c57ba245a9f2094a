// SPDX-License-Identifier: GPL-2.0
/* Requests that change what the module tells. */
#include "nl.h"

static void put_log(struct nlmsghdr *message, const void *ctx)
{
	const uint16_t *group = ctx;

	if (group)
		mnl_attr_put_u16(message, EQFW_A_LOG_GROUP, *group);
}

int nl_log_set(struct nl *nl, bool on, uint16_t group)
{
	return nl_request(nl, EQFW_CMD_LOG_SET, put_log, on ? &group : NULL);
}

static void put_prefix(struct nlmsghdr *message, uint16_t addr, uint16_t len,
		       const struct prefix *prefix)
{
	if (!prefix->family)
		return;
	mnl_attr_put(message, addr, prefix->family == 4 ? 4 : 16, prefix->addr.b);
	mnl_attr_put_u8(message, len, prefix->len);
}

static void put_ports(struct nlmsghdr *message, const struct nl_trace *trace)
{
	if (trace->proto)
		mnl_attr_put_u8(message, EQFW_TRACE_A_PROTO, trace->proto);
	if (trace->sport)
		mnl_attr_put_u16(message, EQFW_TRACE_A_SPORT, trace->sport);
	if (trace->dport)
		mnl_attr_put_u16(message, EQFW_TRACE_A_DPORT, trace->dport);
}

static void put_trace(struct nlmsghdr *message, const void *ctx)
{
	const struct nl_trace *trace = ctx;
	struct nlattr *nest;

	if (!trace)
		return;
	nest = mnl_attr_nest_start(message, EQFW_A_TRACE);
	if (trace->family)
		mnl_attr_put_u8(message, EQFW_TRACE_A_FAMILY, trace->family);
	put_prefix(message, EQFW_TRACE_A_SRC, EQFW_TRACE_A_SRC_LEN, &trace->src);
	put_prefix(message, EQFW_TRACE_A_DST, EQFW_TRACE_A_DST_LEN, &trace->dst);
	put_ports(message, trace);
	if (trace->both)
		mnl_attr_put(message, EQFW_TRACE_A_BOTH, 0, NULL);
	mnl_attr_put_u32(message, EQFW_TRACE_A_COUNT, trace->count);
	mnl_attr_put_u32(message, EQFW_TRACE_A_SECONDS, trace->seconds);
	mnl_attr_nest_end(message, nest);
}

int nl_trace_set(struct nl *nl, const struct nl_trace *trace)
{
	return nl_request(nl, EQFW_CMD_TRACE_SET, put_trace, trace);
}
