// SPDX-License-Identifier: GPL-2.0
/*
 * Rounds: every case once in each, in turn, so that whatever slows the machine for a while slows
 * all of them. get_cycles() is 0 in User Mode Linux and ktime costs 75 ns: hence rdtsc by hand.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>

#include "bench.h"

/* A round of a slow case ends early: a linear list needs minutes for all packets. */
#define ROUND_MS 60
#define CALIBRATE_NS (20 * NSEC_PER_MSEC)

static u64 ticks_now(void)
{
	u32 low, high;

	asm volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
	return (u64)high << 32 | low;
}

static u64 ticks_per_ms(void)
{
	u64 from = ktime_get_ns(), ticks = ticks_now(), ns;

	do
		ns = ktime_get_ns() - from;
	while (ns < CALIBRATE_NS);
	return div64_u64((ticks_now() - ticks) * NSEC_PER_MSEC, ns);
}

/* As nf_hook() does it, with the copied hooks. */
static int traverse(const struct bench_case *c, struct sk_buff *skb, u8 pf)
{
	struct nf_hook_state state;

	if (c->forward) {
		netif_receive_skb(skb);
		return 0;
	}
	if (!c->entries)
		return 1;
	nf_hook_state_init(&state, NF_INET_PRE_ROUTING, pf, c->dev, NULL, NULL, c->net, NULL);
	return nf_hook_slow(skb, &state, c->entries, 0);
}

static u8 family_of(const struct bench_case *c)
{
	return c->trace->packets[0].family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
}

static u64 timed_batch(const struct bench_case *c, struct bench_lane *lane, unsigned int n)
{
	u8 pf = family_of(c);
	unsigned int i;
	u64 begin, end;

	local_bh_disable();
	rcu_read_lock();
	begin = ticks_now();
	for (i = 0; i < n; i++) {
		lane->ret[i] = traverse(c, lane->skb[i], pf);
		if (c->release)
			nf_reset_ct(lane->skb[i]);
		if (c->serial)
			asm volatile("lfence" : : : "memory");
	}
	end = ticks_now();
	rcu_read_unlock();
	local_bh_enable();
	return end - begin;
}

/* One case, one round, one CPU: picoseconds a packet, or 0 where memory ran out. */
static u64 replay(struct bench_case *c, struct bench_lane *lane, u64 per_ms, unsigned int *packets)
{
	unsigned int n = c->cold ? 1 : BENCH_BATCH, done = 0;
	u64 ticks = 0;

	while (done < c->limit && ticks < ROUND_MS * per_ms) {
		if (bench_lane_fill(lane, c, n))
			return 0;
		if (c->cold)
			bench_lane_evict(lane, c->cold);
		ticks += timed_batch(c, lane, n);
		bench_lane_empty(lane, c, n);
		done += n;
		cond_resched();
	}
	*packets = done;
	return div64_u64(div_u64(ticks * 1000, done) * 1000000, per_ms);
}

static bool is_wrong(const struct bench_case *c, const struct bench_packet *p, int ret)
{
	bool accept = p->accept;

	if (p->piece == 1 || c->forward)
		return false; /* kept until the rest is there; nobody tells */
	if (c->expect != BENCH_EXPECT_TRACE)
		accept = c->expect == BENCH_EXPECT_ACCEPT;
	return (ret == 1) != accept;
}

/**
 * bench_replay_check() - count the packets of a trace that a case judges wrongly
 * @c: the case; gets the number
 *
 * Context: process, sleeps
 * Return: 0 or -ENOMEM
 */
int bench_replay_check(struct bench_case *c)
{
	struct bench_lane *lane = bench_lane_alloc();
	unsigned int i, at;
	int err = lane ? 0 : -ENOMEM;

	c->different = 0;
	for (at = 0; !err && at < min(c->trace->n, c->limit); at += BENCH_BATCH) {
		err = bench_lane_fill(lane, c, BENCH_BATCH);
		if (err)
			break;
		timed_batch(c, lane, BENCH_BATCH);
		for (i = 0; i < BENCH_BATCH; i++)
			c->different += is_wrong(c, &c->trace->packets[at + i], lane->ret[i]);
		bench_lane_empty(lane, c, BENCH_BATCH);
		cond_resched();
	}
	if (lane)
		bench_lane_free(lane);
	return err;
}

/**
 * bench_replay_connect() - let connection tracking keep what the packets of a case begin
 * @c: a case whose hooks track connections
 *
 * Context: process, sleeps
 * Return: 0; -ENOMEM; -ENOTCONN where a packet did not pass or was not tracked
 */
int bench_replay_connect(struct bench_case *c)
{
	struct bench_lane *lane = bench_lane_alloc();
	unsigned int i, at;
	int err = lane ? 0 : -ENOMEM;

	for (at = 0; !err && at < c->trace->n; at += BENCH_BATCH) {
		err = bench_lane_fill(lane, c, BENCH_BATCH);
		if (err)
			break;
		timed_batch(c, lane, BENCH_BATCH);
		for (i = 0; i < BENCH_BATCH && !err; i++)
			if (lane->ret[i] != 1 || !skb_nfct(lane->skb[i]) ||
			    nf_conntrack_confirm(lane->skb[i]) != NF_ACCEPT)
				err = -ENOTCONN;
		bench_lane_empty(lane, c, BENCH_BATCH);
		cond_resched();
	}
	if (lane)
		bench_lane_free(lane);
	return err;
}

/**
 * struct runner - one CPU of a run
 * @task: bound to that CPU
 * @lane: its packets
 * @cases: all cases
 * @rounds: how many
 * @per_ms: ticks
 * @number: which lane
 * @lanes: how many there are
 * @together: how often a lane has come to the next case, shared by all lanes
 * @done: when all is through
 * @err: why not
 */
struct runner {
	struct task_struct *task;
	struct bench_lane *lane;
	struct list_head *cases;
	unsigned int rounds;
	u64 per_ms;
	unsigned int number;
	unsigned int lanes;
	atomic_t *together;
	struct completion done;
	int err;
};

/* All lanes begin a case at the same time. */
static void wait_for_all(struct runner *r, unsigned int turn)
{
	atomic_inc(r->together);
	while (atomic_read(r->together) < (int)(turn * r->lanes)) {
		cpu_relax();
		cond_resched();
	}
}

static void run_case(struct runner *r, struct bench_case *c, int round)
{
	unsigned int packets = 0;
	u64 ps;

	r->lane->position = r->number * rounddown(c->trace->n / 2, BENCH_BATCH);
	ps = replay(c, r->lane, r->per_ms, &packets);
	if (!ps)
		r->err = -ENOMEM;
	if (round < 0)
		return;
	c->ps[r->number][round] = ps;
	c->packets = packets;
}

static int run_lane(void *arg)
{
	struct runner *r = arg;
	struct bench_case *c;
	unsigned int turn = 0;
	int round;

	/* The first round warms up. */
	for (round = -1; round < (int)r->rounds; round++)
		list_for_each_entry(c, r->cases, list) {
			wait_for_all(r, ++turn);
			run_case(r, c, round);
		}
	complete(&r->done);
	return 0;
}

static int runner_init(struct runner *r)
{
	struct task_struct *task;

	init_completion(&r->done);
	r->lane = bench_lane_alloc();
	if (!r->lane)
		return -ENOMEM;
	task = kthread_create(run_lane, r, "eqfw_bench/%u", r->number);
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, r->number);
	r->task = task;
	return 0;
}

/* None has run where one could not be made. */
static void runner_exit(struct runner *r, bool ran)
{
	if (r->task && !ran)
		kthread_stop(r->task);
	if (r->lane)
		bench_lane_free(r->lane);
}

/**
 * bench_replay_rounds() - time all cases, in turn
 * @cases: list of struct bench_case; they get their times
 * @rounds: at most BENCH_ROUNDS_MAX, after one to warm up
 * @lanes: on so many CPUs at once
 *
 * Context: process, sleeps
 * Return: 0 or -ENOMEM
 */
int bench_replay_rounds(struct list_head *cases, unsigned int rounds, unsigned int lanes)
{
	struct runner runner[BENCH_LANES_MAX] = {};
	atomic_t together = ATOMIC_INIT(0);
	u64 per_ms = ticks_per_ms();
	unsigned int i;
	int err = 0;

	for (i = 0; i < lanes && !err; i++) {
		runner[i].cases = cases;
		runner[i].rounds = rounds;
		runner[i].per_ms = per_ms;
		runner[i].number = i;
		runner[i].lanes = lanes;
		runner[i].together = &together;
		err = runner_init(&runner[i]);
	}
	for (i = 0; i < lanes && !err; i++)
		wake_up_process(runner[i].task);
	for (i = 0; i < lanes && !err; i++)
		wait_for_completion(&runner[i].done);
	for (i = 0; i < lanes; i++) {
		runner_exit(&runner[i], !err);
		err = err ?: runner[i].err;
	}
	return err;
}
