// SPDX-License-Identifier: GPL-2.0
/*
 * Rules between random prefixes, through the compiler: the flat list is there first, so the factors
 * are the compiler's, and the list itself is the oracle.
 */
#include "hostile.h"
#include "ruleset.h"

#include <stdio.h>

const struct hostile_shape hostile_shapes[] = {
	{ "acl-1k", 4, 1000, 200, HOSTILE_EXACT, false },
	{ "acl-10k", 4, 10000, 1000, HOSTILE_EXACT, false },
	{ "fw-1k", 4, 1000, 60, HOSTILE_RANGES, false },
	{ "fw-4k", 4, 4000, 100, HOSTILE_RANGES, false },
	{ "ipc-5k", 4, 5000, 400, HOSTILE_MIXED, false },
	{ "acl-1k-v6", 6, 1000, 200, HOSTILE_EXACT, false },
	{ "fw-1k-v6", 6, 1000, 60, HOSTILE_RANGES, false },
	{ "one-pair-4k", 4, 4000, 2, HOSTILE_RANGES, false },
	{ "one-pair-10k", 4, 10000, 2, HOSTILE_RANGES, true },
	{ "every-pair", 4, 16000, 12000, HOSTILE_MIXED, true },
};

const unsigned int n_hostile_shapes = sizeof(hostile_shapes) / sizeof(hostile_shapes[0]);

/* A deployment's parts that factor() reads. */
struct hostile {
	const struct hostile_shape *shape;
	struct workload *w;
	u64 random;
	struct prefix *prefixes;
	struct matrix matrix;
	struct deployment deployment;
	struct ruleset ruleset;
	struct diag diag;
};

static u32 draw(struct hostile *h, u32 below)
{
	return workload_random(&h->random, below);
}

static struct eqfw_addr address_in(struct hostile *h, const struct prefix *p)
{
	struct eqfw_addr a = p->addr;
	u32 bits = p->family == 4 ? 32 : 128, i;

	for (i = p->len; i < bits; i++)
		a.b[i / 8] |= (u8)(draw(h, 2) << (7 - i % 8));
	return a;
}

/* Inside of one before it, or of the family's root, up to eight bits longer. */
static struct prefix next_prefix(struct hostile *h, u32 n)
{
	u8 most = h->shape->family == 4 ? 32 : 128;
	struct prefix parent = { .family = h->shape->family, .len = 8 }, p;
	u32 of = draw(h, n + 1);
	u32 i;

	parent.addr.b[0] = h->shape->family == 4 ? 10 : 0x20;
	if (of && h->prefixes[of - 1].len < most)
		parent = h->prefixes[of - 1];
	p = parent;
	p.addr = address_in(h, &parent);
	p.len += (u8)(1 + draw(h, 8));
	p.len = p.len > most ? most : p.len;
	for (i = p.len; i < most; i++)
		p.addr.b[i / 8] &= (u8) ~(1 << (7 - i % 8));
	return p;
}

static void make_prefixes(struct hostile *h)
{
	u32 n = h->shape->prefixes, i;

	h->prefixes = arena_alloc(h->ruleset.arena, n * sizeof(*h->prefixes));
	for (i = 0; i < n; i++) {
		h->prefixes[i] = next_prefix(h, i);
		if (i == 1 && n == 2) /* the pair must not be within itself */
			h->prefixes[i].addr.b[1] = (u8)~h->prefixes[0].addr.b[1];
	}
}

static struct zone *add_zone(struct hostile *h, const char *name)
{
	static const char *interfaces[] = { "bench0" };
	struct zone *zone = arena_alloc(h->ruleset.arena, sizeof(*zone));

	zone->name = name;
	zone->intra_enforce = true;
	zone->interfaces = interfaces;
	zone->n_interfaces = 1;
	h->deployment.zones[h->deployment.n_zones++] = zone;
	return zone;
}

static void add_zones(struct hostile *h)
{
	struct zone *box;

	h->deployment.zones = arena_alloc(h->ruleset.arena, 3 * sizeof(*h->deployment.zones));
	add_zone(h, "inside");
	add_zone(h, "outside")->is_default = true;
	box = add_zone(h, "box");
	box->is_box = true;
	box->n_interfaces = 0;
}

/* Each prefix is a host of its own, so an address is of all that contain it. */
static void add_groups(struct hostile *h)
{
	struct arena *arena = h->ruleset.arena;
	u32 n = h->shape->prefixes, i;
	struct ruleset *r = &h->ruleset;

	r->groups = arena_alloc(arena, n * sizeof(*r->groups));
	h->deployment.endpoints = arena_alloc(arena, n * sizeof(*h->deployment.endpoints));
	for (i = 0; i < n; i++) {
		struct endpoint *host = arena_alloc(arena, sizeof(*host));
		struct group_member *member = arena_alloc(arena, sizeof(*member));

		host->name = arena_printf(arena, "p%05u", i);
		host->zone = h->deployment.zones[0];
		host->host = i;
		host->addresses.prefixes = arena_alloc(arena, 2 * sizeof(struct prefix));
		host->addresses.prefixes[0] = h->prefixes[i];
		host->addresses.n = 1;
		prefix_list_finish(arena, &host->addresses, NULL);
		h->deployment.endpoints[h->deployment.n_endpoints++] = host;
		*member =
			(struct group_member){ .addresses = &host->addresses, .name = host->name };
		r->groups[r->n_groups++] = (struct group){ .flags = GROUP_DECLARED,
							   .zone = host->zone,
							   .members = member,
							   .n_members = 1 };
	}
}

static struct port_range draw_ports(struct hostile *h, bool range)
{
	u32 a = 1 + draw(h, 65535), b = range ? 1 + draw(h, 65535) : a;

	return (struct port_range){ (u16)(a < b ? a : b), (u16)(a < b ? b : a) };
}

static void draw_rule(struct hostile *h, struct rule *rule)
{
	bool exact = h->shape->ports == HOSTILE_EXACT ||
		     (h->shape->ports == HOSTILE_MIXED && draw(h, 2));

	if (h->shape->prefixes == 2) {
		rule->to = 1;
	} else {
		rule->from = draw(h, h->shape->prefixes);
		rule->to = draw(h, h->shape->prefixes);
	}
	rule->proto = draw(h, 2) ? 6 : 17;
	rule->src = exact ? (struct port_range){ 1, 65535 } : draw_ports(h, true);
	rule->dst = draw_ports(h, !exact);
}

static void to_flat(const struct hostile *h, const struct rule *rule, struct flat_rule *flat)
{
	const struct prefix *from = &h->prefixes[rule->from], *to = &h->prefixes[rule->to];

	*flat = (struct flat_rule){ .src_len = from->len,
				    .dst_len = to->len,
				    .src_lo = rule->src.lo,
				    .src_hi = rule->src.hi,
				    .dst_lo = rule->dst.lo,
				    .dst_hi = rule->dst.hi,
				    .proto = rule->proto,
				    .priority = 1,
				    .item = rule->item };
	flat->src_addr = from->addr;
	flat->dst_addr = to->addr;
}

static void add_rules(struct hostile *h)
{
	struct ruleset *r = &h->ruleset;
	u32 n = h->shape->rules, i;

	r->rules = arena_alloc(r->arena, n * sizeof(*r->rules));
	r->items = arena_alloc(r->arena, n * sizeof(*r->items));
	h->w->flat = calloc(n, sizeof(*h->w->flat));
	for (i = 0; i < n; i++) {
		r->rules[i] = (struct rule){ .item = i };
		draw_rule(h, &r->rules[i]);
		to_flat(h, &r->rules[i], &h->w->flat[i]);
		r->items[i] = (struct rule_item){ .id = arena_printf(r->arena, "rule/%u", i),
						  .printed = "as generated",
						  .pair = "prefix -> prefix" };
	}
	r->n_rules = n;
	r->n_items = n;
	h->w->n_flat = n;
}

static u16 port_in(struct hostile *h, struct port_range range)
{
	return (u16)(range.lo + draw(h, range.hi - range.lo + 1u));
}

/* Seven of ten aim at a rule; the others take one end, or its port, from anywhere. */
static void add_flows(struct hostile *h)
{
	u32 i;

	h->w->flows = calloc(WORKLOAD_PACKETS, sizeof(*h->w->flows));
	for (i = 0; i < WORKLOAD_PACKETS; i++) {
		const struct rule *rule = &h->ruleset.rules[draw(h, h->shape->rules)];
		struct eqfw_flow *flow = &h->w->flows[i];
		u32 stray = draw(h, 10);

		flow->family = h->shape->family;
		flow->tcp_flags = EQFW_TCP_ACK;
		flow->now_s = 1000;
		flow->proto = rule->proto;
		flow->src = address_in(h, &h->prefixes[rule->from]);
		flow->dst = address_in(h, &h->prefixes[rule->to]);
		flow->sport = port_in(h, rule->src);
		flow->dport = port_in(h, rule->dst);
		if (stray == 0)
			flow->dst = address_in(h, &h->prefixes[draw(h, h->shape->prefixes)]);
		if (stray == 1)
			flow->dport = (u16)draw(h, 65536);
		if (stray == 2)
			flow->src.b[1 + draw(h, 3)] ^= (u8)draw(h, 256);
	}
}

bool hostile_make(struct workload *w, const struct hostile_shape *shape)
{
	struct hostile h = { .shape = shape, .w = w, .random = 0x9e3779b97f4a7c15ull };
	struct eqfw_fault fault;
	struct image image;
	bool good;

	memset(w, 0, sizeof(*w));
	h.matrix.edition = "bench";
	h.deployment.name = shape->name;
	h.deployment.matrix = &h.matrix;
	h.ruleset.arena = arena_new();
	h.ruleset.deployment = &h.deployment;
	make_prefixes(&h);
	add_zones(&h);
	add_groups(&h);
	add_rules(&h);
	good = factor(&h.ruleset, 0, &h.diag, &image);
	if (good) {
		w->bytes = image.bytes;
		if (eqfw_profile_check(image.bytes, image.size, &w->profile, &fault))
			good = false;
		add_flows(&h);
	}
	arena_free(h.ruleset.arena);
	return good;
}

void hostile_free(struct workload *w)
{
	free(w->bytes);
	free(w->flat);
	free(w->flows);
}
