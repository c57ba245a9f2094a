// SPDX-License-Identifier: GPL-2.0
/*
 * What a lookup costs in instructions, reads and cache lines: the same on every machine, so that a
 * test can demand it. To be run by callgrind, see the script `gate` beside it.
 *
 * Each kind of packet by itself, on tables of each form: packets whose fate is known to be that of
 * their kind are looked up one after another, twice; the second round counts. Then once more, each
 * with an empty first-level cache: what misses are the lines that a lookup touches. Counting is on
 * inside gate_find() and gate_judge() alone; the packet is in the cache already, as it is when a
 * driver has just read it.
 */
#include "judge.h"
#include "shapes.h"

#include <stdio.h>
#include <valgrind/callgrind.h>

#define PACKETS 512u
#define D1_BYTES (32u << 10)

static const char *const sets[] = { "1k",	   "10k",     "98k",	   "1M",       "98k-v6",
				    "100k-strewn", "100k-v6", "own-ports", "4096x1024" };

/* What a packet of a kind differs in from one that a rule permits. */
enum kind { HIT, PORT, PAIR, STRANGER, ICMP, PROTO, N_KINDS };

static const char *const kind_names[N_KINDS] = { "hit",	     "no-port", "no-pair",
						 "stranger", "icmp",	"proto" };

struct gate {
	struct workload workload;
	struct eqfw_table *table;
	struct eqfw_zone_set zones;
	struct eqfw_flow flows[PACKETS];
	u32 n;
};

/* Called through volatile pointers, so that they stay functions of their own. */
static noinline u32 gate_find(const struct eqfw_table *table, const struct eqfw_flow *flow,
			      const struct eqfw_zone_set *zones)
{
	struct eqfw_places places;

	(void)zones;
	eqfw_locate_here(table, flow->family, flow, &places);
	return eqfw_find_here(table, flow, &places);
}

static noinline u32 gate_judge(const struct eqfw_table *table, const struct eqfw_flow *flow,
			       const struct eqfw_zone_set *zones)
{
	struct eqfw_verdict verdict;
	struct eqfw_places places;

	eqfw_locate_here(table, flow->family, flow, &places);
	eqfw_judge_here(table, flow->family, flow, &places, zones, &verdict);
	return verdict.reason;
}

typedef u32 gate_work(const struct eqfw_table *table, const struct eqfw_flow *flow,
		      const struct eqfw_zone_set *zones);

static void spoil(struct eqfw_flow *flow, enum kind kind, const struct eqfw_flow *other)
{
	switch (kind) {
	case PORT:
		flow->dport = (u16)~flow->dport;
		break;
	case PAIR:
		flow->dst = other->dst;
		break;
	case STRANGER:
		flow->src.b[flow->family == 4 ? 0 : 3] = 203;
		break;
	case ICMP:
		flow->proto = flow->family == 4 ? 1 : 58;
		flow->sport = 0;
		flow->dport = flow->family == 4 ? 8 : 128;
		break;
	case PROTO:
		flow->proto = 47;
		break;
	default:
		break;
	}
}

static bool is_of_kind(const struct gate *g, const struct eqfw_flow *flow, enum kind kind)
{
	static const u8 reasons[N_KINDS] = { EQFW_REASON_NONE, EQFW_REASON_PORT, EQFW_REASON_PAIR,
					     EQFW_REASON_PAIR, EQFW_REASON_ICMP, EQFW_REASON_PROTO };

	return gate_judge(g->table, flow, &g->zones) == reasons[kind];
}

/* Those of the workload's packets that a rule permits, spoiled. */
static void choose(struct gate *g, enum kind kind)
{
	u32 i;

	g->n = 0;
	for (i = 0; i + 1 < WORKLOAD_PACKETS && g->n < PACKETS; i++) {
		struct eqfw_flow flow = g->workload.flows[i];

		if (!is_of_kind(g, &flow, HIT))
			continue;
		spoil(&flow, kind, &g->workload.flows[i + 1]);
		if (is_of_kind(g, &flow, kind))
			g->flows[g->n++] = flow;
	}
}

/* More lines than the cache has, each of its sets in turn. */
static void empty_cache(void)
{
	static volatile u8 other[2 * D1_BYTES];
	u32 i;

	for (i = 0; i < sizeof(other); i += 64)
		other[i]++;
}

static void pass(const struct gate *g, gate_work *volatile *work, bool cold)
{
	u32 i;

	for (i = 0; i < g->n; i++) {
		struct eqfw_flow flow;

		if (cold)
			empty_cache();
		flow = g->flows[i];
		(*work)(g->table, &flow, &g->zones);
	}
}

static void measure(const struct gate *g, const char *set, gate_work *volatile *work,
		    const char *name, enum kind kind)
{
	char label[80];

	CALLGRIND_START_INSTRUMENTATION;
	pass(g, work, false);
	CALLGRIND_ZERO_STATS;
	pass(g, work, false);
	snprintf(label, sizeof(label), "warm %s %s %s %u", set, name, kind_names[kind], g->n);
	CALLGRIND_DUMP_STATS_AT(label);
	CALLGRIND_ZERO_STATS;
	pass(g, work, true);
	snprintf(label, sizeof(label), "cold %s %s %s %u", set, name, kind_names[kind], g->n);
	CALLGRIND_DUMP_STATS_AT(label);
	CALLGRIND_STOP_INSTRUMENTATION;
}

static void run_set(struct gate *g, const char *set)
{
	static gate_work *volatile find = gate_find;
	static gate_work *volatile judge = gate_judge;
	struct eqfw_fault fault;
	enum kind kind;

	workload_make(&g->workload, shape_named(set), 100);
	if (eqfw_table_build(&g->workload.profile, &g->table, &fault)) {
		fprintf(stderr, "bench-gate: %s: no table\n", set);
		exit(1);
	}
	for (kind = 0; kind < N_KINDS; kind++) {
		choose(g, kind);
		if (!g->n)
			continue;
		measure(g, set, &find, "find", kind);
		measure(g, set, &judge, "judge", kind);
	}
	eqfw_table_free(g->table);
	workload_free(&g->workload);
}

int main(void)
{
	static struct gate gate;
	unsigned int i;

	memset(&gate.zones, 0xff, sizeof(gate.zones));
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		run_set(&gate, sets[i]);
	return 0;
}
