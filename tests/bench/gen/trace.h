/* SPDX-License-Identifier: GPL-2.0 */
/* Packets for a workload, each with the verdict that it must get. */
#ifndef BENCH_TRACE_H
#define BENCH_TRACE_H

#include "packet.h"
#include "workload.h"

enum trace_kind {
	TRACE_MIXED,  /* hits and misses, shuffled */
	TRACE_EXACT,  /* hits on the lowest port of their range only: what an exact set can know */
	TRACE_PIECES, /* each packet in two fragments, one behind the other */
};

/**
 * struct trace - packets
 * @packets: the packets
 * @flows: the same, for those who need no bytes
 * @n: how many of each
 */
struct trace {
	struct bench_packet *packets;
	struct eqfw_flow *flows;
	uint32_t n;
};

/* @n flows, @hit_percent of them permitted. TRACE_PIECES gives 2 @n packets. */
void trace_make(struct workload *w, enum trace_kind kind, uint32_t n, uint32_t hit_percent,
		struct trace *t);
/* UDP flows that are permitted, all different, and the answers to them. */
void trace_connections(struct workload *w, uint32_t n, struct trace *forward, struct trace *reply);
void trace_free(struct trace *t);

#endif
