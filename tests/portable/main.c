// SPDX-License-Identifier: GPL-2.0
/*
 * F18: the core on a machine of another word size or byte order
 *
 *   portable PROFILE   (sealed by eqfwctl on the machine that builds)
 *
 * Runs the flow vectors, the spoiled profiles, the checks of the table's parts, and random profiles
 * against the naive oracle. Prints "verdicts SUM" of flows over PROFILE, which is the same on every
 * machine, a line for each check that fails, and "N passed, N failed".
 */
#include <stdio.h>

#include "lookups.h"
#include "oracle.h"
#include "random_profile.h"
#include "spoils.h"
#include "vectors.h"

#define PROFILES 120
#define FLOWS 400
#define SEALED_FLOWS 20000

static unsigned int passed, failed;

static void check(const char *name, const char *what)
{
	if (what) {
		printf("not ok - %s: %s\n", name, what);
		failed++;
	} else {
		passed++;
	}
}

static struct eqfw_table *build(const u8 *bytes, size_t size, struct eqfw_profile *profile)
{
	struct eqfw_table *table = NULL;
	struct eqfw_fault fault = {};

	if (eqfw_profile_check(bytes, size, profile, &fault) ||
	    eqfw_table_build(profile, &table, &fault)) {
		printf("# %s %u: %s\n", fault.section, fault.record, fault.what);
		return NULL;
	}
	return table;
}

static void run_vectors(u32 variant)
{
	struct eqfw_profile profile;
	struct eqfw_table *table;
	size_t size;
	u8 *bytes = vector_profile(variant, &size);

	table = build(bytes, size, &profile);
	check("the profile of the vectors", table ? NULL : "refused");
	for (u32 i = 0; table && i < n_flow_vectors; i++) {
		const struct flow_vector *v = &flow_vectors[i];

		if (v->profile != variant)
			continue;
		if (v->families != 6)
			check(v->id, vector_run(table, v, 4));
		if (v->families != 4)
			check(v->id, vector_run(table, v, 6));
	}
	eqfw_table_free(table);
	eqfw_core_free(bytes);
}

static void run_spoils(void)
{
	struct eqfw_fault fault;

	for (u32 i = 0; i < n_spoils; i++)
		check(spoils[i].id, spoil_run(&spoils[i], &fault));
}

static u64 mix(u64 sum, const struct eqfw_verdict *v)
{
	u64 word = v->action | (u64)v->reason << 8 | (u64)v->src_zone << 16 |
		   (u64)v->dst_zone << 32 | (u64)v->unzoned << 48;

	sum = (sum ^ word) * 0x100000001b3ull;
	return (sum ^ v->item) * 0x100000001b3ull;
}

/* Adds the verdict to @sum; NULL where table and oracle agree. */
static const char *compare(const struct eqfw_profile *p, const struct eqfw_table *table,
			   const struct eqfw_flow *flow, u64 *sum)
{
	struct eqfw_zone_set zones = {};
	struct eqfw_verdict got, want;
	struct eqfw_places places, expected;

	eqfw_locate(table, flow, &places);
	oracle_locate(p, flow, &expected);
	if (memcmp(&places, &expected, sizeof(places)))
		return "another place than the oracle's";
	if (places.src.zone != EQFW_ZONE_NONE)
		zones.bits[places.src.zone / 64] |= 1ull << (places.src.zone % 64);
	eqfw_judge(table, flow, &places, &zones, &got);
	oracle_judge(p, flow, &places, &zones, &want);
	*sum = mix(*sum, &got);
	if (mix(0, &got) != mix(0, &want))
		return "another verdict than the oracle's";
	return NULL;
}

static void run_random(void)
{
	struct random_source r = { 0x853c49e6748fea9bull };
	u64 sum = 0;

	for (u32 i = 0; i < PROFILES; i++) {
		struct eqfw_profile profile;
		size_t size;
		u8 *bytes = random_profile(&r, i < PROFILES - 2 ? 2 + i % 30 : 1000, &size);
		struct eqfw_table *table = build(bytes, size, &profile);
		const char *what = table ? NULL : "refused";

		for (u32 j = 0; !what && j < FLOWS; j++) {
			struct eqfw_flow flow;

			random_flow(&r, &profile, &flow);
			what = compare(&profile, table, &flow, &sum);
		}
		check("a random profile", what);
		eqfw_table_free(table);
		eqfw_core_free(bytes);
	}
}

/* Compilers may order the generator's calls as they like, so this sequence is drawn one by one. */
static void sealed_flow(struct random_source *r, const struct eqfw_profile *p,
			struct eqfw_flow *flow)
{
	const struct eqfw_prefix_rec *src = &p->prefixes[random_below(r, p->n_prefixes)];
	const struct eqfw_prefix_rec *dst = &p->prefixes[random_below(r, p->n_prefixes)];
	const struct eqfw_rule_rec *rule = &p->rules[random_below(r, p->n_rules)];

	memset(flow, 0, sizeof(*flow));
	flow->family = src->family;
	memcpy(flow->src.b, src->addr, 16);
	if (dst->family == src->family)
		memcpy(flow->dst.b, dst->addr, 16);
	flow->proto = rule->proto;
	flow->tcp_flags = EQFW_TCP_ACK;
	flow->sport = le16_to_cpu(rule->src_hi);
	flow->dport = le16_to_cpu(rule->dst_lo);
	if (random_below(r, 2))
		flow->dport++;
}

/* Returns a sum of all verdicts: the same on every machine. */
static u64 run_sealed(const char *path)
{
	static u8 bytes[1 << 20];
	struct random_source r = { 0x2545f4914f6cdd1dull };
	struct eqfw_profile profile;
	struct eqfw_table *table;
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
	u64 sum = 0xcbf29ce484222325ull;
	const char *what;

	table = build(bytes, size, &profile);
	what = table ? NULL : "refused";
	for (u32 i = 0; !what && i < SEALED_FLOWS; i++) {
		struct eqfw_flow flow;

		sealed_flow(&r, &profile, &flow);
		what = compare(&profile, table, &flow, &sum);
	}
	check("a profile that another machine has sealed", what);
	eqfw_table_free(table);
	if (file)
		fclose(file);
	return sum;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	printf("verdicts %016llx\n", (unsigned long long)run_sealed(argv[1]));
	for (u32 variant = 0; variant < N_PROFILES; variant++)
		if (variant != 3)
			run_vectors(variant);
	run_spoils();
	check("addresses", lookups_addresses());
	check("ports", lookups_ports());
	check("a full program", lookups_full_program());
	check("a table too large", lookups_too_large());
	run_random();
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
