// SPDX-License-Identifier: GPL-2.0
#include "workload.h"
#include "profile_builder.h"

#include <stdio.h>

#define ITEMS 400u
#define MAX_LIST EQFW_MAX_PROGRAM_RULES

struct range {
	u16 lo;
	u16 hi;
};

u32 workload_random(u64 *state, u32 below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (u32)((*state >> 32) % below);
}

static void die(const char *what)
{
	fprintf(stderr, "bench-core: %s\n", what);
	exit(1);
}

/* Class 0 is the unowned one; the hosts of class c are numbers (c - 1) * hosts and so on. */
static u32 class_of_host(const struct workload_shape *shape, u32 host)
{
	return 1 + host / shape->hosts;
}

/* Twenty hosts in a /24 (/64); or a multiple of a large odd number, which hits every address once. */
static void host_address(const struct workload_shape *shape, u32 host, struct eqfw_addr *addr)
{
	u32 n = shape->scatter ? 0x01000000u + host * 2654435761u % 0xde000000u
			       : 0x0a000000u + host / 20 * 256 + 10 + host % 20;

	memset(addr, 0, sizeof(*addr));
	if (n >> 24 == 127)
		n ^= 1u << 30; /* no profile may hold loopback addresses */
	if (shape->family == 4) {
		addr->b[0] = (u8)(n >> 24);
		addr->b[1] = (u8)(n >> 16);
		addr->b[2] = (u8)(n >> 8);
		addr->b[3] = (u8)n;
		return;
	}
	memcpy(addr->b, "\x20\x01\x0d\xb8", 4);
	addr->b[4] = (u8)(n >> 24);
	addr->b[5] = (u8)(n >> 16);
	addr->b[6] = (u8)(n >> 8);
	addr->b[15] = (u8)n;
}

static int compare_prefixes(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

static void add_prefixes(struct profile_builder *b, const struct workload_shape *shape)
{
	u32 n = shape->classes * shape->hosts, i;
	struct eqfw_prefix_rec *prefixes = calloc(n, sizeof(*prefixes));

	if (!prefixes)
		die("out of memory");
	for (i = 0; i < n; i++) {
		struct eqfw_addr addr;

		host_address(shape, i, &addr);
		memcpy(prefixes[i].addr, addr.b, 16);
		prefixes[i].class_id = htole32(class_of_host(shape, i));
	}
	qsort(prefixes, n, sizeof(*prefixes), compare_prefixes);
	for (i = 0; i < n; i++)
		if (!i || compare_prefixes(&prefixes[i - 1], &prefixes[i]))
			builder_prefix(b, shape->family, prefixes[i].addr,
				       shape->family == 4 ? 32 : 128,
				       le32toh(prefixes[i].class_id));
	free(prefixes);
}

static void add_zones(struct profile_builder *b, const struct workload_shape *shape)
{
	u32 i;

	builder_zone(b, "box", EQFW_ZONE_BOX);
	for (i = 1; i < shape->zones; i++) {
		char name[8];

		snprintf(name, sizeof(name), "z%03u", i);
		builder_zone(b, name, i == 1 ? EQFW_ZONE_DEFAULT : 0);
	}
	builder_class(b, 1, 0, EQFW_PROGRAM_NONE, "");
	for (i = 0; i < shape->classes; i++)
		builder_class(b, (u16)(1 + i % (shape->zones - 1)), EQFW_CLASS_DECLARED,
			      EQFW_PROGRAM_NONE, "");
}

/* Single ports, small ranges, wide ones, as the document has them. */
static struct range random_range(u64 *random)
{
	u32 kind = workload_random(random, 10);
	u32 lo = 1 + workload_random(random, kind < 7 ? 12000 : 50000);
	u32 width = kind < 5 ? 1 : kind < 8 ? 2 + workload_random(random, 300) : 10000;

	return (struct range){ (u16)lo, (u16)(lo + width - 1) };
}

static int compare_rules(const void *a, const void *b)
{
	return eqfw_rule_before(a, b) ? -1 : eqfw_rule_before(b, a);
}

static void add_program(struct profile_builder *b, u64 *random, const struct range *pool,
			const struct workload_shape *shape)
{
	u32 n = shape->rules / 2 + workload_random(random, shape->rules + 1), i;
	static struct eqfw_rule_rec rules[MAX_LIST];

	n = n < 1 ? 1 : n > MAX_LIST ? MAX_LIST : n;
	for (i = 0; i < n; i++) {
		struct range dst = pool[workload_random(random, shape->ranges)], src;
		u8 proto = workload_random(random, 2) ? 6 : 17;

		src = workload_random(random, 4) ? (struct range){ 1024, 65535 }
						 : pool[workload_random(random, shape->ranges)];
		rules[i] = builder_ports(proto, src.lo, src.hi, dst.lo, dst.hi,
					 workload_random(random, ITEMS));
	}
	qsort(rules, n, sizeof(*rules), compare_rules);
	builder_program(b);
	for (i = 0; i < n; i++)
		if (!i || compare_rules(&rules[i - 1], &rules[i]))
			builder_rule(b, &rules[i]);
}

static void add_programs(struct profile_builder *b, u64 *random, const struct workload_shape *shape)
{
	struct range *pool = calloc(shape->ranges, sizeof(*pool));
	u32 i;

	if (!pool)
		die("out of memory");
	for (i = 0; i < shape->ranges; i++)
		pool[i] = random_range(random);
	for (i = 0; i < shape->programs; i++)
		add_program(b, random, pool, shape);
	free(pool);
}

static void add_cells(struct profile_builder *b, u64 *random, const struct workload_shape *shape)
{
	u8 *row = calloc(shape->classes, 1);
	u32 src, dst, i;

	if (!row)
		die("out of memory");
	for (src = 0; src < shape->classes; src++) {
		memset(row, 0, shape->classes);
		for (i = 0; i < shape->peers; i++)
			row[workload_random(random, shape->classes)] = 1;
		for (dst = 0; dst < shape->classes; dst++)
			if (row[dst])
				builder_cell(b, src + 1, dst + 1,
					     workload_random(random, shape->programs));
	}
	free(row);
}

static void add_items(struct profile_builder *b)
{
	u32 i;

	for (i = 0; i < ITEMS; i++) {
		char id[16];

		snprintf(id, sizeof(id), "row/%u:1", i);
		builder_item(b, id, EQFW_ITEM_MATRIX, 0);
	}
}

static void make_profile(struct workload *w, u64 *random)
{
	struct profile_builder b;
	struct eqfw_fault fault;
	size_t size;

	builder_init(&b);
	add_zones(&b, w->shape);
	add_prefixes(&b, w->shape);
	add_cells(&b, random, w->shape);
	add_programs(&b, random, w->shape);
	add_items(&b);
	w->bytes = builder_finish(&b, &size);
	builder_free(&b);
	if (!w->bytes)
		die("out of memory");
	if (eqfw_profile_check(w->bytes, size, &w->profile, &fault))
		die(fault.what);
}

static void count_flat(struct workload *w)
{
	const struct eqfw_profile *p = &w->profile;
	u64 pairs = (u64)w->shape->hosts * w->shape->hosts;
	u32 i;

	for (i = 0; i < p->n_cells; i++)
		w->n_flat += pairs * le32toh(p->programs[le32toh(p->cells[i].program)].count);
}

static u16 inside(u64 *random, __le16 lo, __le16 hi)
{
	return (u16)(le16toh(lo) + workload_random(random, le16toh(hi) - le16toh(lo) + 1u));
}

static u32 host_of_class(const struct workload_shape *shape, __le32 class_id, u64 *random)
{
	return (le32toh(class_id) - 1) * shape->hosts + workload_random(random, shape->hosts);
}

/* A packet that some rule permits. */
static void hit(const struct workload *w, u64 *random, struct eqfw_flow *flow)
{
	const struct eqfw_profile *p = &w->profile;
	const struct eqfw_cell_rec *cell = &p->cells[workload_random(random, p->n_cells)];
	const struct eqfw_program_rec *program = &p->programs[le32toh(cell->program)];
	const struct eqfw_rule_rec *rule =
		&p->rules[le32toh(program->first) +
			  workload_random(random, le32toh(program->count))];

	host_address(w->shape, host_of_class(w->shape, cell->src_class, random), &flow->src);
	host_address(w->shape, host_of_class(w->shape, cell->dst_class, random), &flow->dst);
	flow->proto = rule->proto;
	flow->sport = inside(random, rule->src_lo, rule->src_hi);
	flow->dport = inside(random, rule->dst_lo, rule->dst_hi);
}

/* A packet that has little to do with the rules: other hosts, other ports, or a stranger. */
static void stray(const struct workload *w, u64 *random, struct eqfw_flow *flow)
{
	u32 hosts = w->shape->classes * w->shape->hosts;

	switch (workload_random(random, 3)) {
	case 0:
		flow->dport = (u16)(1 + workload_random(random, 65535));
		flow->sport = (u16)(1 + workload_random(random, 65535));
		break;
	case 1:
		host_address(w->shape, workload_random(random, hosts), &flow->dst);
		break;
	default:
		flow->src.b[w->shape->family == 4 ? 0 : 3] = 203;
	}
}

static void make_flows(struct workload *w, u64 *random, u32 hit_percent)
{
	u32 i;

	w->flows = aligned_alloc(64, WORKLOAD_PACKETS * sizeof(*w->flows));
	if (!w->flows)
		die("out of memory");
	memset(w->flows, 0, WORKLOAD_PACKETS * sizeof(*w->flows));
	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		w->flows[i].family = w->shape->family;
		w->flows[i].tcp_flags = EQFW_TCP_ACK;
		w->flows[i].now_s = 1000;
		hit(w, random, &w->flows[i]);
		if (workload_random(random, 100) >= hit_percent)
			stray(w, random, &w->flows[i]);
	}
}

void workload_make(struct workload *w, const struct workload_shape *shape, u32 hit_percent)
{
	u64 random = 0x9e3779b97f4a7c15ull;

	memset(w, 0, sizeof(*w));
	w->shape = shape;
	make_profile(w, &random);
	count_flat(w);
	make_flows(w, &random, hit_percent);
}

void workload_free(struct workload *w)
{
	eqfw_core_free(w->bytes);
	free(w->flows);
}

static struct flat_rule *flatten_pair(const struct workload *w, struct flat_rule *out, u32 program,
				      u32 src, u32 dst)
{
	u32 first = le32toh(w->profile.programs[program].first);
	u32 n = le32toh(w->profile.programs[program].count), i;

	for (i = 0; i < n; i++) {
		const struct eqfw_rule_rec *rule = &w->profile.rules[first + i];

		*out = (struct flat_rule){
			.src_len = 32,
			.dst_len = 32,
			.src_lo = le16toh(rule->src_lo),
			.src_hi = le16toh(rule->src_hi),
			.dst_lo = le16toh(rule->dst_lo),
			.dst_hi = le16toh(rule->dst_hi),
			.proto = rule->proto,
			.priority = (s32)(EQFW_MAX_PROGRAM_RULES - i),
			.item = le32toh(rule->item),
		};
		host_address(w->shape, src, &out->src_addr);
		host_address(w->shape, dst, &out->dst_addr);
		out++;
	}
	return out;
}

struct flat_rule *workload_flatten(const struct workload *w)
{
	struct flat_rule *rules = calloc(w->n_flat, sizeof(*rules)), *out = rules;
	u32 hosts = w->shape->hosts, i, s, d;

	if (!rules)
		die("out of memory");
	for (i = 0; i < w->profile.n_cells; i++) {
		const struct eqfw_cell_rec *cell = &w->profile.cells[i];
		u32 src = (le32toh(cell->src_class) - 1) * hosts;
		u32 dst = (le32toh(cell->dst_class) - 1) * hosts;

		for (s = 0; s < hosts; s++)
			for (d = 0; d < hosts; d++)
				out = flatten_pair(w, out, le32toh(cell->program), src + s,
						   dst + d);
	}
	return rules;
}
