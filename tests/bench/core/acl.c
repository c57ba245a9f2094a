// SPDX-License-Identifier: GPL-2.0
#include "acl.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_acl.h>
#include <rte_eal.h>
#include <rte_malloc.h>

/* The fields of a packet, big-endian, four bytes a step. */
struct tuple {
	uint8_t proto;
	uint8_t pad[3];
	uint32_t src;
	uint32_t dst;
	uint16_t sport;
	uint16_t dport;
};

enum { FIELD_PROTO, FIELD_SRC, FIELD_DST, FIELD_SPORT, FIELD_DPORT, N_FIELDS };

RTE_ACL_RULE_DEF(acl_tuple_rule, N_FIELDS);

static const struct rte_acl_field_def fields[N_FIELDS] = {
	{ RTE_ACL_FIELD_TYPE_BITMASK, 1, FIELD_PROTO, 0, offsetof(struct tuple, proto) },
	{ RTE_ACL_FIELD_TYPE_MASK, 4, FIELD_SRC, 1, offsetof(struct tuple, src) },
	{ RTE_ACL_FIELD_TYPE_MASK, 4, FIELD_DST, 2, offsetof(struct tuple, dst) },
	{ RTE_ACL_FIELD_TYPE_RANGE, 2, FIELD_SPORT, 3, offsetof(struct tuple, sport) },
	{ RTE_ACL_FIELD_TYPE_RANGE, 2, FIELD_DPORT, 3, offsetof(struct tuple, dport) },
};

struct acl {
	struct rte_acl_ctx *context;
};

static void die(const char *what)
{
	fprintf(stderr, "bench-core: librte_acl: %s\n", what);
	exit(1);
}

void acl_start(void)
{
	/* clang-format off */
	char *argv[] = { "bench-core", "--no-huge", "--no-shconf", "--no-pci", "--lcores=0",
			 "-m", "8192", "--log-level=3", "--no-telemetry", "--force-max-simd-bitwidth=512" };
	/* clang-format on */

	if (rte_eal_init(sizeof(argv) / sizeof(argv[0]), argv) < 0)
		die("no environment");
}

static size_t allocated(void)
{
	struct rte_malloc_socket_stats stats;

	if (rte_malloc_get_socket_stats(0, &stats))
		die("no memory statistics");
	return stats.heap_allocsz_bytes;
}

static uint32_t address(const struct eqfw_addr *addr)
{
	return (uint32_t)addr->b[0] << 24 | (uint32_t)addr->b[1] << 16 | (uint32_t)addr->b[2] << 8 |
	       addr->b[3];
}

static void to_acl(const struct flat_rule *rule, struct acl_tuple_rule *out)
{
	memset(out, 0, sizeof(*out));
	out->data.category_mask = 1;
	out->data.priority = rule->priority;
	out->data.userdata = rule->item + 1;
	out->field[FIELD_PROTO].value.u8 = rule->proto;
	out->field[FIELD_PROTO].mask_range.u8 = 0xff;
	out->field[FIELD_SRC].value.u32 = address(&rule->src_addr);
	out->field[FIELD_SRC].mask_range.u32 = rule->src_len;
	out->field[FIELD_DST].value.u32 = address(&rule->dst_addr);
	out->field[FIELD_DST].mask_range.u32 = rule->dst_len;
	out->field[FIELD_SPORT].value.u16 = rule->src_lo;
	out->field[FIELD_SPORT].mask_range.u16 = rule->src_hi;
	out->field[FIELD_DPORT].value.u16 = rule->dst_lo;
	out->field[FIELD_DPORT].mask_range.u16 = rule->dst_hi;
}

static struct rte_acl_ctx *new_context(size_t n)
{
	struct rte_acl_param param = {
		.name = "bench",
		.socket_id = 0,
		.rule_size = RTE_ACL_RULE_SZ(N_FIELDS),
		.max_rule_num = (uint32_t)n,
	};
	struct rte_acl_ctx *context = rte_acl_create(&param);

	if (!context)
		die("cannot create a context");
	return context;
}

static bool build(struct rte_acl_ctx *context, const struct flat_rule *rules, size_t n)
{
	struct rte_acl_config config = { .num_categories = 1, .num_fields = N_FIELDS };
	struct acl_tuple_rule rule;
	size_t i;

	memcpy(config.defs, fields, sizeof(fields));
	for (i = 0; i < n; i++) {
		to_acl(&rules[i], &rule);
		if (rte_acl_add_rules(context, (struct rte_acl_rule *)&rule, 1))
			return false;
	}
	return !rte_acl_build(context, &config);
}

struct acl *acl_new(const struct flat_rule *rules, size_t n, size_t *bytes)
{
	struct rte_acl_ctx *context = new_context(n);
	size_t before = allocated();
	struct acl *acl;

	if (!build(context, rules, n)) {
		rte_acl_free(context);
		return NULL;
	}
	/* The rules as they were given are in the context, which was there before. */
	*bytes = allocated() - before;
	acl = calloc(1, sizeof(*acl));
	if (!acl)
		die("out of memory");
	acl->context = context;
	return acl;
}

void acl_free(struct acl *acl)
{
	rte_acl_free(acl->context);
	free(acl);
}

const uint8_t **acl_packets(const struct eqfw_flow *flows, size_t n)
{
	size_t room = n * (sizeof(uint8_t *) + sizeof(struct tuple));
	const uint8_t **packets = aligned_alloc(64, (room + 63) / 64 * 64);
	struct tuple *tuple = (struct tuple *)(packets + n);
	size_t i;

	if (!packets)
		die("out of memory");
	for (i = 0; i < n; i++, tuple++) {
		memset(tuple, 0, sizeof(*tuple));
		tuple->proto = flows[i].proto;
		memcpy(&tuple->src, flows[i].src.b, 4);
		memcpy(&tuple->dst, flows[i].dst.b, 4);
		tuple->sport = htons(flows[i].sport);
		tuple->dport = htons(flows[i].dport);
		packets[i] = (const uint8_t *)tuple;
	}
	return packets;
}

bool acl_classify(const struct acl *acl, const uint8_t **packets, uint32_t *results, uint32_t n,
		  enum acl_way way)
{
	static const enum rte_acl_classify_alg ways[ACL_N_WAYS] = {
		[ACL_SCALAR] = RTE_ACL_CLASSIFY_SCALAR,
		[ACL_AVX2] = RTE_ACL_CLASSIFY_AVX2,
		[ACL_AVX512] = RTE_ACL_CLASSIFY_AVX512X32,
	};

	return !rte_acl_classify_alg(acl->context, packets, results, n, 1, ways[way]);
}
