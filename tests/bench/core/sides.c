// SPDX-License-Identifier: GPL-2.0
#include "sides.h"
#include "judge.h"
#include "measure.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

#define BURST 32u
#define ITEMS_MAX EQFW_MAX_ITEMS
#define ORACLE_STEPS 1000000000ull
#define COLD_SAMPLES 2000u
#define EXTREME_PACKETS 4096u
#define EXTREME_REPEATS 64u

static void die(const char *what)
{
	fprintf(stderr, "bench-core: %s\n", what);
	exit(1);
}

static void build_table(struct sides *s)
{
	struct eqfw_fault fault;
	int i;

	for (i = 0; i < 5; i++) {
		u64 from = measure_now();
		double ms;

		eqfw_table_free(s->table);
		if (eqfw_table_build(&s->workload->profile, &s->table, &fault))
			die("the table does not build");
		ms = (double)(measure_now() - from) / 1e6;
		if (!i || ms < s->build_ms)
			s->build_ms = ms;
	}
}

static void build_acl(struct sides *s)
{
	struct flat_rule *rules = s->workload->flat;
	u64 from;

	if (!rules)
		rules = workload_flatten(s->workload);
	from = measure_now();
	s->acl = acl_new(rules, s->workload->n_flat, &s->acl_bytes);
	s->acl_build_ms = (double)(measure_now() - from) / 1e6;
	if (rules != s->workload->flat)
		free(rules);
	s->packets = acl_packets(s->workload->flows, WORKLOAD_PACKETS);
}

void sides_make(struct sides *s, const struct workload *workload, bool with_acl)
{
	const struct eqfw_profile *p = &workload->profile;

	memset(s, 0, sizeof(*s));
	memset(&s->in_zones, 0xff, sizeof(s->in_zones));
	s->workload = workload;
	s->counter_bytes = ((size_t)p->n_items + (size_t)p->n_zones * p->n_zones) * 2 * sizeof(u64);
	s->counters = aligned_alloc(64, (s->counter_bytes + 63) / 64 * 64);
	s->results = aligned_alloc(64, WORKLOAD_PACKETS * sizeof(*s->results));
	if (!s->counters || !s->results)
		die("out of memory");
	memset(s->counters, 0, s->counter_bytes);
	build_table(s);
	if (with_acl)
		build_acl(s);
}

void sides_free(struct sides *s)
{
	eqfw_table_free(s->table);
	if (s->acl)
		acl_free(s->acl);
	free(s->packets);
	free(s->counters);
	free(s->results);
}

/* What librte_acl does: which rule, if any. */
static inline u32 lookup(const struct sides *s, const struct eqfw_flow *flow,
			 struct eqfw_verdict *verdict)
{
	struct eqfw_places places;

	eqfw_locate_here(s->table, flow->family, flow, &places);
	verdict->src_zone = places.src.zone;
	verdict->dst_zone = places.dst.zone;
	return eqfw_find_here(s->table, flow, &places) + 1;
}

static u32 class_of(const struct eqfw_profile *p, const struct eqfw_flow *flow,
		    const struct eqfw_addr *addr)
{
	u32 i;

	for (i = 0; i < p->n_prefixes; i++)
		if (p->prefixes[i].family == flow->family && !memcmp(p->prefixes[i].addr, addr, 16))
			return le32toh(p->prefixes[i].class_id);
	return 0;
}

static u32 search_program(const struct eqfw_profile *p, u32 program, const struct eqfw_flow *flow)
{
	u32 i = le32toh(p->programs[program].first), end = i + le32toh(p->programs[program].count);

	for (; i < end; i++) {
		const struct eqfw_rule_rec *rule = &p->rules[i];

		if (rule->proto == flow->proto && flow->sport >= le16toh(rule->src_lo) &&
		    flow->sport <= le16toh(rule->src_hi) && flow->dport >= le16toh(rule->dst_lo) &&
		    flow->dport <= le16toh(rule->dst_hi))
			return le32toh(rule->item) + 1;
	}
	return 0;
}

/* The profile read from front to back, for all prefixes are single addresses here. */
static u32 search(const struct eqfw_profile *p, const struct eqfw_flow *flow)
{
	u32 src = class_of(p, flow, &flow->src), dst = class_of(p, flow, &flow->dst), i;

	for (i = 0; i < p->n_cells; i++)
		if (le32toh(p->cells[i].src_class) == src && le32toh(p->cells[i].dst_class) == dst)
			return search_program(p, le32toh(p->cells[i].program), flow);
	return 0;
}

static bool has_prefix(const struct eqfw_addr *addr, const struct eqfw_addr *prefix, u8 len)
{
	u8 last = len % 8 ? (u8)(addr->b[len / 8] ^ prefix->b[len / 8]) >> (8 - len % 8) : 0;

	return !memcmp(addr->b, prefix->b, len / 8) && !last;
}

static bool matches(const struct flat_rule *rule, const struct eqfw_flow *flow)
{
	return rule->proto == flow->proto && flow->sport >= rule->src_lo &&
	       flow->sport <= rule->src_hi && flow->dport >= rule->dst_lo &&
	       flow->dport <= rule->dst_hi &&
	       has_prefix(&flow->src, &rule->src_addr, rule->src_len) &&
	       has_prefix(&flow->dst, &rule->dst_addr, rule->dst_len);
}

/* Is it what the flat list says? Of rules that match equally well the compiler keeps one. */
static bool is_right(const struct workload *w, const struct eqfw_flow *flow, u32 got)
{
	u64 i;

	if (got)
		return matches(&w->flat[got - 1], flow);
	for (i = 0; i < w->n_flat; i++)
		if (matches(&w->flat[i], flow))
			return false;
	return true;
}

/* Items of the list stand in its order; librte_acl names any that matches. */
static unsigned int compare_hostile(struct sides *s)
{
	unsigned int different = 0;
	u32 i;

	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		const struct eqfw_flow *flow = &s->workload->flows[i];
		struct eqfw_verdict verdict;
		u32 got = lookup(s, flow, &verdict);
		bool same = !s->acl || !got == !s->results[i];

		s->permitted += got != 0;
		different += !same || !is_right(s->workload, flow, got);
	}
	return different;
}

/* All packets, or as many as a linear search through a large profile leaves time for. */
static u32 oracle_packets(const struct eqfw_profile *p)
{
	u64 steps = 2ull * p->n_prefixes + p->n_cells;

	return steps < ORACLE_STEPS / WORKLOAD_PACKETS ? WORKLOAD_PACKETS
						       : (u32)(ORACLE_STEPS / steps);
}

unsigned int sides_compare(struct sides *s)
{
	u32 i, oracle = oracle_packets(&s->workload->profile);
	unsigned int different = 0;

	if (s->acl && !acl_classify(s->acl, s->packets, s->results, WORKLOAD_PACKETS, ACL_SCALAR))
		die("librte_acl does not classify");
	if (s->workload->flat)
		return compare_hostile(s);
	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		const struct eqfw_flow *flow = &s->workload->flows[i];
		struct eqfw_verdict verdict;
		u32 got = lookup(s, flow, &verdict);
		bool same = (!s->acl || got == s->results[i]) &&
			    (i >= oracle || got == search(&s->workload->profile, flow));

		s->permitted += got != 0;
		different += !same;
	}
	return different;
}

static double per_packet(u64 from)
{
	return (double)(measure_now() - from) / WORKLOAD_PACKETS;
}

double sides_eqfw(void *sides)
{
	struct sides *s = sides;
	u64 from = measure_now();
	u32 i;

	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		struct eqfw_verdict verdict;

		s->results[i] = lookup(s, &s->workload->flows[i], &verdict);
	}
	return per_packet(from);
}

/* The next packet is known only when the last has its answer. */
double sides_eqfw_dependent(void *sides)
{
	struct sides *s = sides;
	u32 zero = s->zero, last = 0, i;
	u64 from = measure_now();

	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		struct eqfw_verdict verdict;

		last = lookup(s, &s->workload->flows[i + (last & zero)], &verdict);
	}
	s->results[0] = last;
	return per_packet(from);
}

static void count(struct sides *s, size_t slot)
{
	s->counters[2 * slot]++;
	s->counters[2 * slot + 1] += 100;
}

double sides_eqfw_counted(void *sides)
{
	struct sides *s = sides;
	size_t n_items = s->workload->profile.n_items, n_zones = s->workload->profile.n_zones;
	u64 from = measure_now();
	u32 i;

	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		struct eqfw_verdict verdict;
		u32 item = lookup(s, &s->workload->flows[i], &verdict);

		s->results[i] = item;
		count(s, item ? item - 1 : 0);
		count(s, n_items + verdict.src_zone * n_zones + verdict.dst_zone);
	}
	return per_packet(from);
}

/* All that the hook asks of the core: scope, source, zones, forward and reverse half, reason. */
double sides_eqfw_judge(void *sides)
{
	struct sides *s = sides;
	u64 from = measure_now();
	u32 i;

	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		const struct eqfw_flow *flow = &s->workload->flows[i];
		struct eqfw_verdict verdict;
		struct eqfw_places places;

		eqfw_locate_here(s->table, flow->family, flow, &places);
		eqfw_judge_here(s->table, flow->family, flow, &places, &s->in_zones, &verdict);
		s->results[i] = verdict.item;
	}
	return per_packet(from);
}

static double acl_pass(struct sides *s, u32 burst, enum acl_way way)
{
	u64 from = measure_now();
	u32 i;

	for (i = 0; i < WORKLOAD_PACKETS; i += burst)
		acl_classify(s->acl, s->packets + i, s->results + i, burst, way);
	return per_packet(from);
}

double sides_acl_single_scalar(void *sides)
{
	return acl_pass(sides, 1, ACL_SCALAR);
}

double sides_acl_single(void *sides)
{
	return acl_pass(sides, 1, ACL_AVX2);
}

double sides_acl_burst_scalar(void *sides)
{
	return acl_pass(sides, BURST, ACL_SCALAR);
}

double sides_acl_burst(void *sides)
{
	return acl_pass(sides, BURST, ACL_AVX2);
}

double sides_acl_burst512(void *sides)
{
	return acl_pass(sides, BURST, ACL_AVX512);
}

bool sides_has_avx512(struct sides *s)
{
	return acl_classify(s->acl, s->packets, s->results, BURST, ACL_AVX512);
}

double sides_acl_counted(void *sides)
{
	struct sides *s = sides;
	u64 from = measure_now();
	u32 i, k;

	for (i = 0; i < WORKLOAD_PACKETS; i += BURST) {
		acl_classify(s->acl, s->packets + i, s->results + i, BURST, ACL_AVX2);
		for (k = i; k < i + BURST; k++)
			count(s, s->results[k] ? s->results[k] - 1 : 0);
	}
	return per_packet(from);
}

struct thread {
	pthread_t id;
	struct sides sides; /* with results of its own */
	double (*run)(void *sides);
	double ns;
	int cpu;
};

static void *run_thread(void *context)
{
	struct thread *t = context;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(t->cpu, &set);
	pthread_setaffinity_np(t->id, sizeof(set), &set);
	t->ns = t->run(&t->sides);
	return NULL;
}

/* Both see the same table; a packet takes what the slower one needs, divided by two. */
static double run_two(const struct sides *s, double (*run)(void *sides))
{
	struct thread threads[2];
	double slower = 0;
	int i;

	for (i = 0; i < 2; i++) {
		threads[i].sides = *s;
		threads[i].sides.results = aligned_alloc(64, WORKLOAD_PACKETS * sizeof(u32));
		threads[i].run = run;
		threads[i].cpu = i;
		if (!threads[i].sides.results ||
		    pthread_create(&threads[i].id, NULL, run_thread, &threads[i]))
			die("no thread");
	}
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i].id, NULL);
		free(threads[i].sides.results);
		slower = threads[i].ns > slower ? threads[i].ns : slower;
	}
	return slower / 2;
}

double sides_eqfw_threads(void *sides)
{
	return run_two(sides, sides_eqfw);
}

double sides_acl_threads(void *sides)
{
	return run_two(sides, sides_acl_burst);
}

/* More than L1 has, or than L2 has; both are far from L3's size. */
static void evict(enum sides_level level)
{
	static const size_t sizes[SIDES_N_LEVELS] = { 160 << 10, 12 << 20 };
	static u8 *memory;
	size_t i;

	if (!memory)
		memory = calloc(1, sizes[SIDES_L2]);
	if (!memory)
		die("out of memory");
	for (i = 0; i < sizes[level]; i += 64)
		((volatile u8 *)memory)[i]++;
}

static int compare_u64(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static double median_ns(u64 *ticks)
{
	qsort(ticks, COLD_SAMPLES, sizeof(*ticks), compare_u64);
	return (double)ticks[COLD_SAMPLES / 2] * measure_tick_ns();
}

/* The packet itself is warm: it has just been read from the wire. */
static double cold(struct sides *s, enum sides_level level, bool acl)
{
	static u64 ticks[COLD_SAMPLES];
	u64 empty = U64_MAX;
	u32 i;

	for (i = 0; i < COLD_SAMPLES; i++) {
		const struct eqfw_flow *flow = &s->workload->flows[i];
		struct eqfw_verdict verdict;
		u64 from, none;

		evict(level);
		s->results[1] = flow->proto + flow->dst.b[15] + (acl ? s->packets[i][15] : 0);
		from = measure_ticks();
		none = measure_ticks() - from;
		empty = none < empty ? none : empty;
		from = measure_ticks();
		if (acl)
			acl_classify(s->acl, s->packets + i, s->results, 1, ACL_AVX2);
		else
			s->results[0] = lookup(s, flow, &verdict);
		ticks[i] = measure_ticks() - from - empty;
	}
	return median_ns(ticks);
}

double sides_cold_eqfw(struct sides *s, enum sides_level level)
{
	return cold(s, level, false);
}

double sides_cold_acl(struct sides *s, enum sides_level level)
{
	return cold(s, level, true);
}

/* Ticks of the same packet's judgement, least of three tries: what it costs when all is warm. */
static double repeated(struct sides *s, const struct eqfw_flow *flow)
{
	u32 zero = s->zero, last = 0;
	u64 least = U64_MAX;
	int try;
	u32 i;

	for (try = 0; try < 3; try++) {
		u64 from = measure_ticks(), ticks;

		for (i = 0; i < EXTREME_REPEATS; i++) {
			const struct eqfw_flow *one = flow + (last & zero);
			struct eqfw_verdict verdict;
			struct eqfw_places places;

			eqfw_locate_here(s->table, one->family, one, &places);
			eqfw_judge_here(s->table, one->family, one, &places, &s->in_zones,
					&verdict);
			last = verdict.item;
		}
		ticks = measure_ticks() - from;
		least = ticks < least ? ticks : least;
	}
	return (double)least * measure_tick_ns() / EXTREME_REPEATS;
}

static int compare_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

void sides_extremes(struct sides *s, double *best, double *worst)
{
	static double ns[EXTREME_PACKETS];
	u32 percent = EXTREME_PACKETS / 100, i;

	for (i = 0; i < EXTREME_PACKETS; i++)
		ns[i] = repeated(s, &s->workload->flows[i]);
	qsort(ns, EXTREME_PACKETS, sizeof(*ns), compare_double);
	*best = 0;
	*worst = 0;
	for (i = 0; i < percent; i++) {
		*best += ns[i] / percent;
		*worst += ns[EXTREME_PACKETS - 1 - i] / percent;
	}
}
