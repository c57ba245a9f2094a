// SPDX-License-Identifier: GPL-2.0
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

static FILE *results;

uint64_t measure_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t measure_ticks(void)
{
	unsigned int cpu;
	uint64_t ticks = __rdtscp(&cpu);

	_mm_lfence();
	return ticks;
}

double measure_tick_ns(void)
{
	static double ns;
	uint64_t from, ticks;

	if (ns)
		return ns;
	from = measure_now();
	ticks = measure_ticks();
	while (measure_now() - from < 50000000u)
		;
	ns = (double)(measure_now() - from) / (double)(measure_ticks() - ticks);
	return ns;
}

void measure_rounds(struct measure_case *cases, unsigned int n)
{
	int round;
	unsigned int i;

	for (round = -1; round < MEASURE_ROUNDS; round++)
		for (i = 0; i < n; i++) {
			double ns;

			/* Once for nothing: the caches are full of what the case before has read. */
			cases[i].run(cases[i].context);
			ns = cases[i].run(cases[i].context);
			if (round >= 0)
				cases[i].ns[round] = ns;
		}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double nth(const struct measure_case *c, int n)
{
	double sorted[MEASURE_ROUNDS];

	memcpy(sorted, c->ns, sizeof(sorted));
	qsort(sorted, MEASURE_ROUNDS, sizeof(*sorted), compare);
	return sorted[n];
}

double measure_min(const struct measure_case *c)
{
	return nth(c, 0);
}

double measure_median(const struct measure_case *c)
{
	return nth(c, MEASURE_ROUNDS / 2);
}

void measure_open(const char *path)
{
	results = fopen(path, "w");
	if (!results) {
		perror(path);
		exit(1);
	}
	fprintf(results, "set\tcase\tkind\tvalue\tunit\n");
}

void measure_record(const char *set, const char *name, const char *kind, double value,
		    const char *unit)
{
	if (!results)
		return;
	fprintf(results, "%s\t%s\t%s\t%.3f\t%s\n", set, name, kind, value, unit);
	fflush(results);
}
