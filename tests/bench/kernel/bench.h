/* SPDX-License-Identifier: GPL-2.0 */
/*
 * eqfw_bench.ko - what a hook costs: prepared packets through PRE_ROUTING, timed by rdtsc
 *
 *   main.c     commands and results in debugfs
 *   trace.c    packets out of a file
 *   hooks.c    the hooks of a namespace that stand between two priorities
 *   lane.c     the packets in hand: a few skbs, filled again and again
 *   replay.c   a case, a round, one CPU or two
 *
 * Packets take the way of ip_rcv(): a batch of skbs is filled, so that headers are in the first
 * cache as they are when a real packet meets the hook; then nf_hook_slow() runs over the batch,
 * and only that is timed. Each skb has one reference more than it needs: a drop costs what it
 * costs to decide, not to free.
 */
#ifndef EQFW_BENCH_H
#define EQFW_BENCH_H

#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "packet.h"

#define BENCH_BATCH 32
#define BENCH_ROUNDS_MAX 64
#define BENCH_LANES_MAX 2
#define BENCH_NAME 32

/**
 * struct bench_trace - packets of one family
 * @list: link of all traces
 * @name: as given
 * @n: packets, a multiple of BENCH_BATCH
 * @packets: from the file
 */
struct bench_trace {
	struct list_head list;
	char name[BENCH_NAME];
	unsigned int n;
	struct bench_packet *packets;
};

/**
 * enum bench_expect - what verdicts a case must give
 * @BENCH_EXPECT_TRACE: those of the trace
 * @BENCH_EXPECT_ACCEPT: all pass
 * @BENCH_EXPECT_DROP: none passes
 */
enum bench_expect {
	BENCH_EXPECT_TRACE,
	BENCH_EXPECT_ACCEPT,
	BENCH_EXPECT_DROP,
};

/**
 * struct bench_case - what takes its turn in each round
 * @list: link of all cases
 * @name: as given
 * @trace: its packets
 * @net: its namespace, held
 * @dev: device that packets come in by, held
 * @entries: hooks, copied; NULL: none
 * @expect: right verdicts
 * @fresh: a new skb for each packet, since hooks keep or cut some (fragments)
 * @forward: the whole stack instead of the hooks alone: what a driver hands over
 * @release: time includes letting go of the conntrack entry
 * @serial: the next packet waits until the last is through
 * @cold: bytes of other data read before each packet, in cache lines; 0: none
 * @limit: packets of a round at most
 * @different: packets judged wrongly in the last check
 * @packets: packets of one round (of one CPU)
 * @ps: picoseconds a packet, for each CPU and round
 */
struct bench_case {
	struct list_head list;
	char name[BENCH_NAME];
	struct bench_trace *trace;
	struct net *net;
	struct net_device *dev;
	struct nf_hook_entries *entries;
	enum bench_expect expect;
	bool fresh;
	bool forward;
	bool release;
	bool serial;
	unsigned int cold;
	unsigned int limit;
	unsigned int different;
	unsigned int packets;
	u64 ps[BENCH_LANES_MAX][BENCH_ROUNDS_MAX];
};

/**
 * struct bench_lane - packets in hand of one CPU
 * @pool: the lane's own skbs
 * @skb: filled from the trace: the pool's, or fresh ones
 * @ret: what nf_hook_slow() said: 1 pass, 0 kept, below 0 drop
 * @evict: data that pushes everything else out of the caches
 * @position: next packet of the trace
 */
struct bench_lane {
	struct sk_buff *pool[BENCH_BATCH];
	struct sk_buff *skb[BENCH_BATCH];
	int ret[BENCH_BATCH];
	u8 *evict;
	unsigned int position;
};

#define BENCH_EVICT_MAX (16u << 20)

struct bench_trace *bench_trace_read(const char *name, const char *path);
void bench_trace_free(struct bench_trace *trace);

struct nf_hook_entries *bench_hooks_between(struct net *net, u8 family, int low, int high);
struct nf_hook_entries *bench_hooks_empty(unsigned int n);

struct bench_lane *bench_lane_alloc(void);
void bench_lane_free(struct bench_lane *lane);
int bench_lane_fill(struct bench_lane *lane, const struct bench_case *c, unsigned int n);
void bench_lane_empty(struct bench_lane *lane, const struct bench_case *c, unsigned int n);
void bench_lane_evict(struct bench_lane *lane, unsigned int bytes);

int bench_replay_check(struct bench_case *c);
int bench_replay_connect(struct bench_case *c);
int bench_replay_rounds(struct list_head *cases, unsigned int rounds, unsigned int lanes);

#endif
