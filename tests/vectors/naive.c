// SPDX-License-Identifier: GPL-2.0
/*
 * Written from the meaning (CASES K5 to K24), not from kmod/flow_skb.c: flat bytes, every length
 * compared where it is used, no shared code.
 */
#include "naive.h"
#include <eqfw/reasons.h>

#define MOST_HEADERS 8
#define MOST_HEADER_BYTES 512

struct reading {
	const u8 *bytes;
	u32 len;
	u32 at; /* the next header */
	bool first;
	struct eqfw_flow *flow;
};

static u32 two(const u8 *at)
{
	return (u32)at[0] << 8 | at[1];
}

static bool has(const struct reading *r, u32 at, u32 len)
{
	return (u64)at + len <= r->len;
}

static u8 options4(const u8 *option, u32 len)
{
	u32 at = 0;

	while (at < len) {
		u8 type = option[at];

		if (type == 0)
			break;
		if (type == 1) {
			at += 1;
			continue;
		}
		if (type == 7 || type == 68 || type == 131 || type == 137)
			return EQFW_REASON_IPOPT;
		if (at + 1 >= len || option[at + 1] < 2 || at + option[at + 1] > len)
			return EQFW_REASON_IPOPT;
		at += option[at + 1];
	}
	return EQFW_REASON_NONE;
}

static u8 read4(struct reading *r)
{
	const u8 *ip = r->bytes + r->at;
	u32 size, field;

	if (!has(r, r->at, 20))
		return EQFW_REASON_TRUNC;
	memcpy(r->flow->src.b, ip + 12, 4);
	memcpy(r->flow->dst.b, ip + 16, 4);
	r->flow->proto = ip[9];
	size = (ip[0] & 15) * 4;
	if (ip[0] / 16 != 4 || size < 20 || !has(r, r->at, size))
		return EQFW_REASON_TRUNC;
	field = two(ip + 6);
	if (field & 0x1fff)
		return EQFW_REASON_FRAG;
	r->first = field & 0x2000;
	r->at += size;
	return options4(ip + 20, size - 20);
}

static u8 hop_by_hop(const struct reading *r, u32 size)
{
	const u8 *header = r->bytes + r->at;
	u32 at = 2;

	while (at < size) {
		if (header[at] == 0) {
			at += 1;
			continue;
		}
		if (at + 2 > size || at + 2 + header[at + 1] > size)
			return EQFW_REASON_EXTHDR;
		if (header[at] == 0xc2)
			return EQFW_REASON_EXTHDR;
		at += 2 + header[at + 1];
	}
	return EQFW_REASON_NONE;
}

static u8 extension(struct reading *r, u8 type, u32 *size)
{
	const u8 *header = r->bytes + r->at;

	/* Two bytes say how long it is; a fragment header is 8 whatever they say. */
	if (!has(r, r->at, 2))
		return EQFW_REASON_EXTHDR;
	*size = type == 44 ? 8 : (header[1] + 1) * 8;
	if (!has(r, r->at, *size))
		return EQFW_REASON_EXTHDR;
	if (type == 44 && two(header + 2) & 0xfff8)
		return EQFW_REASON_FRAG;
	if (type == 44 && header[3] & 1)
		r->first = true;
	if (type == 43 && (header[2] == 0 || header[3] != 0))
		return EQFW_REASON_EXTHDR;
	return type == 0 ? hop_by_hop(r, *size) : EQFW_REASON_NONE;
}

static u8 read6(struct reading *r)
{
	const u8 *ip = r->bytes + r->at;
	u32 n = 0, sum = 0, size;
	u8 next, fault;

	if (!has(r, r->at, 40))
		return EQFW_REASON_TRUNC;
	memcpy(r->flow->src.b, ip + 8, 16);
	memcpy(r->flow->dst.b, ip + 24, 16);
	if (ip[0] / 16 != 6)
		return EQFW_REASON_TRUNC;
	next = ip[6];
	r->at += 40;
	while (next == 0 || next == 43 || next == 44 || next == 60) {
		if (n == MOST_HEADERS || (next == 0 && n > 0))
			return EQFW_REASON_EXTHDR;
		fault = extension(r, next, &size);
		if (fault)
			return fault;
		next = r->bytes[r->at];
		r->at += size;
		sum += size;
		n++;
		if (sum > MOST_HEADER_BYTES)
			return EQFW_REASON_EXTHDR;
	}
	r->flow->proto = next;
	return EQFW_REASON_NONE;
}

/* Null; FIN, PSH and URG without ACK, whatever else; SYN with what ends a connection. */
static bool flags_exist(u8 flags)
{
	if ((flags & 0x3f) == 0 || (flags & 0x39) == 0x29)
		return false;
	return !(flags & 0x02) || !(flags & 0x05);
}

static u8 transport(struct reading *r)
{
	struct eqfw_flow *flow = r->flow;
	const u8 *l4 = r->bytes + r->at;
	u32 left = r->at <= r->len ? r->len - r->at : 0;

	if (flow->proto == 6) {
		if (left < 20 || l4[12] / 16 < 5 || l4[12] / 16 * 4u > left)
			return EQFW_REASON_TRUNC;
		flow->tcp_flags = l4[13];
	} else if (flow->proto == 17) {
		if (left < 8 || two(l4 + 4) < 8 || two(l4 + 4) > left)
			return EQFW_REASON_TRUNC;
	} else if (flow->proto == (flow->family == 4 ? 1 : 58)) {
		if (left < 8)
			return EQFW_REASON_TRUNC;
		flow->dport = l4[0];
		flow->sport = l4[1];
		return EQFW_REASON_NONE;
	} else {
		return EQFW_REASON_NONE;
	}
	flow->sport = two(l4);
	flow->dport = two(l4 + 2);
	return flow->proto == 6 && !flags_exist(l4[13]) ? EQFW_REASON_TCP_FLAGS : EQFW_REASON_NONE;
}

void naive_read(struct naive *packet, u8 family, struct eqfw_flow *flow)
{
	struct reading r = { .bytes = packet->bytes, .len = packet->len, .flow = flow };

	memset(flow, 0, sizeof(*flow));
	flow->family = family;
	flow->fault = family == 4 ? read4(&r) : read6(&r);
	if (!flow->fault)
		flow->fault = r.first ? (u8)EQFW_REASON_FRAG : transport(&r);
	packet->l4 = r.at;
	if (!flow->fault && family == 6 && flow->proto == 58 && flow->dport >= 133 &&
	    flow->dport <= 137 && packet->bytes[7] != 255)
		flow->fault = EQFW_REASON_ICMP;
}

static bool is_error(const struct eqfw_flow *flow)
{
	if (flow->family == 4)
		return flow->proto == 1 &&
		       (flow->dport == 3 || flow->dport == 4 || flow->dport == 5 ||
			flow->dport == 11 || flow->dport == 12);
	return flow->proto == 58 && (flow->dport < 128 || flow->dport == 137);
}

bool naive_read_inner(const struct naive *packet, const struct eqfw_flow *flow,
		      struct eqfw_flow *inner)
{
	struct reading r = {
		.bytes = packet->bytes,
		.len = packet->len,
		.at = packet->l4 + 8,
		.flow = inner,
	};
	const u8 *l4;

	memset(inner, 0, sizeof(*inner));
	inner->family = flow->family;
	if (flow->family == 4 ? read4(&r) : read6(&r))
		return false;
	if (memcmp(inner->src.b, flow->dst.b, 16) || !has(&r, r.at, 8))
		return false;
	l4 = packet->bytes + r.at;
	if (inner->proto == (flow->family == 4 ? 1 : 58)) {
		inner->dport = l4[0];
		inner->sport = l4[1];
	} else if (inner->proto == 6 || inner->proto == 17) {
		inner->sport = two(l4);
		inner->dport = two(l4 + 2);
	}
	return !is_error(inner);
}
