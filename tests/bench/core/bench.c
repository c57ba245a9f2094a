// SPDX-License-Identifier: GPL-2.0
/*
 * The classifier in user space, beside librte_acl: one process, the same rules, the same packets.
 *
 *   bench-core [-r RESULTS.tsv] [SET...]
 *
 * Without a SET: all of them. First every verdict is compared, then the cases take turns. The core
 * is built as the kernel builds it: -O2, no vector registers.
 */
#include "acl.h"
#include "hostile.h"
#include "measure.h"
#include "shapes.h"
#include "sides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The list librte_acl gets; above that it takes minutes and tens of gigabytes. */
#define ACL_MAX_RULES 150000u

static void report(const char *set, struct measure_case *cases, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		double min = measure_min(&cases[i]), median = measure_median(&cases[i]);

		printf("  %-36s %8.1f %8.1f\n", cases[i].name, min, median);
		measure_record(set, cases[i].name, "min", min, "ns");
		measure_record(set, cases[i].name, "median", median, "ns");
	}
}

/* The first two cases are the same one: what they differ by is what a difference means. */
static void noise_floor(const char *set, const struct measure_case *cases)
{
	double a = measure_min(&cases[0]), b = measure_min(&cases[1]);
	double percent = 100 * (a > b ? a / b - 1 : b / a - 1);

	printf("  A/A: %.1f %%\n", percent);
	measure_record(set, "A/A", "spread", percent, "percent");
}

static void add(struct measure_case *cases, unsigned int *n, const char *name,
		double (*run)(void *), struct sides *s)
{
	cases[(*n)++] = (struct measure_case){ .name = name, .run = run, .context = s };
}

static void add_acl(struct measure_case *cases, unsigned int *n, struct sides *s)
{
	add(cases, n, "rte_acl scalar, one by one", sides_acl_single_scalar, s);
	add(cases, n, "rte_acl AVX2, one by one", sides_acl_single, s);
	add(cases, n, "rte_acl scalar, bursts of 32", sides_acl_burst_scalar, s);
	add(cases, n, "rte_acl AVX2, bursts of 32", sides_acl_burst, s);
	add(cases, n, "rte_acl AVX2, bursts, with counters", sides_acl_counted, s);
	if (sides_has_avx512(s))
		add(cases, n, "rte_acl AVX512, bursts of 32", sides_acl_burst512, s);
	add(cases, n, "rte_acl AVX2, two threads", sides_acl_threads, s);
}

static void run_cases(const char *set, struct sides *s)
{
	struct measure_case cases[MEASURE_CASES];
	unsigned int n = 0;

	add(cases, &n, "eqfw, one by one", sides_eqfw, s);
	add(cases, &n, "eqfw, one by one (again)", sides_eqfw, s);
	add(cases, &n, "eqfw, each waits for the last", sides_eqfw_dependent, s);
	add(cases, &n, "eqfw, with counters", sides_eqfw_counted, s);
	add(cases, &n, "eqfw, whole judgement", sides_eqfw_judge, s);
	add(cases, &n, "eqfw, two threads", sides_eqfw_threads, s);
	if (s->acl)
		add_acl(cases, &n, s);
	measure_rounds(cases, n);
	printf("  %-36s %8s %8s\n", "ns per packet", "min", "median");
	report(set, cases, n);
	noise_floor(set, cases);
}

static void run_cold(const char *set, struct sides *s)
{
	static const char *const levels[SIDES_N_LEVELS] = { "L1 evicted", "L2 evicted" };
	unsigned int i;

	for (i = 0; i < SIDES_N_LEVELS; i++) {
		double eqfw = sides_cold_eqfw(s, i);

		printf("  %-36s %8.0f", levels[i], eqfw);
		measure_record(set, levels[i], "eqfw", eqfw, "ns");
		if (s->acl) {
			double acl = sides_cold_acl(s, i);

			printf("   rte_acl AVX2 %8.0f", acl);
			measure_record(set, levels[i], "rte_acl", acl, "ns");
		}
		printf("\n");
	}
}

static void run_extremes(const char *set, struct sides *s)
{
	double best, worst;

	sides_extremes(s, &best, &worst);
	printf("  dearest 1 %% of packets against the cheapest: %.1f / %.1f = %.2f\n", worst, best,
	       worst / best);
	measure_record(set, "dearest percent", "min", worst, "ns");
	measure_record(set, "cheapest percent", "min", best, "ns");
}

static void describe(const char *set, const struct sides *s)
{
	const struct workload *w = s->workload;
	double rules = (double)w->n_flat;

	printf("\n%s: %llu expanded rules, %u prefixes, %u classes, %u cells, %u programs\n", set,
	       (unsigned long long)w->n_flat, w->profile.n_prefixes, w->profile.n_classes,
	       w->profile.n_cells, w->profile.n_programs);
	printf("  eqfw: built in %.1f ms, table %zu bytes (%.2f a rule), counters %zu bytes a CPU\n",
	       s->build_ms, eqfw_table_bytes(s->table), (double)eqfw_table_bytes(s->table) / rules,
	       s->counter_bytes);
	measure_record(set, "expanded rules", "count", rules, "rules");
	measure_record(set, "prefixes", "count", w->profile.n_prefixes, "prefixes");
	measure_record(set, "eqfw table", "memory", (double)eqfw_table_bytes(s->table), "bytes");
	measure_record(set, "eqfw counters", "memory", (double)s->counter_bytes, "bytes");
	measure_record(set, "eqfw build", "min", s->build_ms, "ms");
	if (!s->acl)
		return;
	printf("  rte_acl: built in %.0f ms, %zu bytes (%.2f a rule, %.0f times eqfw's)\n",
	       s->acl_build_ms, s->acl_bytes, (double)s->acl_bytes / rules,
	       (double)s->acl_bytes / (double)eqfw_table_bytes(s->table));
	measure_record(set, "rte_acl table", "memory", (double)s->acl_bytes, "bytes");
	measure_record(set, "rte_acl build", "min", s->acl_build_ms, "ms");
}

/* Returns the number of packets that are judged differently. */
static unsigned int run_workload(const char *set, const struct workload *workload, u8 family)
{
	unsigned int different;
	struct sides sides;

	sides_make(&sides, workload, family == 4 && workload->n_flat <= ACL_MAX_RULES);
	describe(set, &sides);
	different = sides_compare(&sides);
	printf("  %u packets, %u permitted, %u different\n", WORKLOAD_PACKETS, sides.permitted,
	       different);
	measure_record(set, "verdicts", "different", different, "packets");
	run_cases(set, &sides);
	run_cold(set, &sides);
	run_extremes(set, &sides);
	sides_free(&sides);
	return different;
}

static unsigned int run_set(const struct workload_shape *shape)
{
	struct workload workload;
	unsigned int different;

	workload_make(&workload, shape, 70);
	different = run_workload(shape->name, &workload, shape->family);
	workload_free(&workload);
	return different;
}

/* What must be refused and is not counts as one packet that is judged differently. */
static unsigned int run_hostile(const struct hostile_shape *shape)
{
	struct workload workload;
	unsigned int different;
	bool taken;

	fprintf(stderr, "%s:\n", shape->name);
	taken = hostile_make(&workload, shape);
	if (!taken)
		printf("\n%s: %u rules, refused by the compiler\n", shape->name, shape->rules);
	measure_record(shape->name, "refused", "count", !taken, "sets");
	different = taken == shape->refused;
	if (taken)
		different += run_workload(shape->name, &workload, shape->family);
	hostile_free(&workload);
	return different;
}

static bool is_wanted(const char *name, int n, char **names)
{
	int i;

	for (i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return !n;
}

int main(int argc, char **argv)
{
	unsigned int different = 0;
	unsigned int i;

	if (argc > 2 && !strcmp(argv[1], "-r")) {
		measure_open(argv[2]);
		argc -= 2;
		argv += 2;
	}
	acl_start();
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < n_shapes; i++)
		if (is_wanted(shapes[i].name, argc - 1, argv + 1))
			different += run_set(&shapes[i]);
	for (i = 0; i < n_hostile_shapes; i++)
		if (is_wanted(hostile_shapes[i].name, argc - 1, argv + 1))
			different += run_hostile(&hostile_shapes[i]);
	return different ? 1 : 0;
}
