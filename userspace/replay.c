// SPDX-License-Identifier: GPL-2.0
#include "replay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

/* Addresses that the kernel itself would correct: place.c of the module. */
static void correct(const struct replay *replay, uint8_t family, const struct eqfw_addr *addr,
		    struct eqfw_place *place)
{
	const uint16_t known = EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC | EQFW_CLASS_BOX |
			       EQFW_CLASS_GROUP;

	if (!(place->flags & known) && box_addresses_find(replay->box, family, addr))
		eqfw_place_local(replay->base.table, place);
}

static void set_end(uint8_t family, const struct eqfw_addr *addr, struct flow_end *end)
{
	end->name = "";
	inet_ntop(family == 4 ? AF_INET : AF_INET6, addr->b, end->address, sizeof(end->address));
}

static bool is_link_local(uint8_t family, const struct eqfw_addr *addr)
{
	return family == 6 && addr->b[0] == 0xfe && (addr->b[1] & 0xc0) == 0x80;
}

/* Where a packet from this address comes in: where one to it would leave. */
static void find_interface(const struct replay *replay, const struct eqfw_addr *from,
			   const struct eqfw_addr *to, struct replayed *out)
{
	uint8_t family = out->query.flow.family;
	const char *name = NULL;

	out->in[0] = '\0';
	/* No route tells links apart: but the box's own end is on one of them. */
	if (is_link_local(family, from))
		name = box_addresses_find(replay->box, family, to);
	if (name)
		snprintf(out->in, sizeof(out->in), "%s", name);
	else if (!ask_route(family, from, out->in))
		out->in[0] = '\0';
	out->query.in = *out->in ? out->in : NULL;
	out->query.zoned = out->query.in && flow_interface_zones(replay->base.profile, out->in,
								 &out->query.in_zones);
}

/* Everything of a flow but its protocol's part and its interface. */
static void set_flow(const struct replay *replay, const struct wire *wire, struct replayed *out)
{
	struct eqfw_flow *flow = &out->query.flow;

	*out = (struct replayed){ 0 };
	flow->family = wire->family;
	flow->src = wire->src;
	flow->dst = wire->dst;
	flow->sport = wire->sport;
	flow->dport = wire->dport;
	flow->now_s = (uint64_t)time(NULL);
	out->query.sport_given = true;
	set_end(wire->family, &wire->src, &out->query.from);
	set_end(wire->family, &wire->dst, &out->query.to);
	eqfw_locate(replay->base.table, flow, &out->query.places);
	correct(replay, wire->family, &flow->src, &out->query.places.src);
	correct(replay, wire->family, &flow->dst, &out->query.places.dst);
}

static void begin(const struct replay *replay, const struct wire *wire, struct replayed *out)
{
	set_flow(replay, wire, out);
	find_interface(replay, &wire->src, &wire->dst, out);
}

static bool judge(const struct replay *replay, struct replayed *out)
{
	flow_judge(&replay->base, &out->query, &out->judgement);
	return out->judgement.permit;
}

bool replay_session(const struct replay *replay, const struct session *session,
		    struct replayed *out)
{
	struct wire wire = session->wire, original;

	/* A connection that was found half-way may be entered the wrong way round. */
	if (ask_tracked(&session->wire, &original) &&
	    memcmp(&original.src, &session->wire.dst, sizeof(original.src)))
		wire = original;
	begin(replay, &wire, out);
	out->query.flow.proto = IPPROTO_TCP;
	out->query.flow.tcp_flags = EQFW_TCP_SYN;
	if (!judge(replay, out))
		return false;
	if (session->here)
		return true;
	out->query.reply = true;
	find_interface(replay, &session->wire.dst, &session->wire.src, out);
	return judge(replay, out);
}

bool replay_flow(const struct replay *replay, const struct tracked_way *way, struct replayed *out)
{
	struct eqfw_flow *flow = &out->query.flow;
	struct eqfw_verdict verdict;

	set_flow(replay, &way->wire, out);
	flow->proto = way->proto;
	flow->tcp_flags = way->proto == IPPROTO_TCP ? EQFW_TCP_SYN : 0;
	if (!flow_has_ports(way->proto))
		flow->sport = flow->dport = 0;
	if (eqfw_permits(replay->base.table, flow, &out->query.places, &verdict)) {
		out->judgement.item = verdict.item;
		return true;
	}
	find_interface(replay, &flow->src, &flow->dst, out);
	return judge(replay, out);
}

void replayed_text(const struct replayed *replayed, char *out, size_t size)
{
	const struct flow_query *query = &replayed->query;
	bool v6 = query->flow.family == 6;

	snprintf(out, size, "%s%s%s:%u -> %s%s%s:%u%s%s%s", v6 ? "[" : "", query->from.address,
		 v6 ? "]" : "", query->flow.sport, v6 ? "[" : "", query->to.address, v6 ? "]" : "",
		 query->flow.dport, *replayed->in ? " (in on " : "", replayed->in,
		 *replayed->in ? ")" : "");
}

/* Prefixes by class, so that each guard finds an address of its ends. */
static uint32_t *index_prefixes(const struct eqfw_profile *profile, uint8_t family)
{
	uint32_t *first = must_alloc((profile->n_classes + 1) * sizeof(*first));

	for (uint32_t i = 0; i < profile->n_classes; i++)
		first[i] = profile->n_prefixes;
	for (uint32_t i = profile->n_prefixes; i-- > 0;)
		if (profile->prefixes[i].family == family)
			first[le32toh(profile->prefixes[i].class_id)] = i;
	return first;
}

static bool is_guard(const struct eqfw_profile *profile, const struct eqfw_rule_rec *rule)
{
	return le16toh(profile->items[le32toh(rule->item)].kind) == EQFW_ITEM_GUARD;
}

/* The highest address of a prefix that is no broadcast, so that no host of it is meant. */
static struct eqfw_addr example(const struct eqfw_prefix_rec *prefix)
{
	unsigned int bits = prefix->family == 4 ? 32 : 128;
	struct eqfw_addr out;

	memcpy(out.b, prefix->addr, sizeof(out.b));
	for (unsigned int bit = prefix->len; bit < bits; bit++)
		out.b[bit / 8] |= (unsigned char)(0x80 >> bit % 8);
	if (prefix->len + 1u < bits)
		out.b[bits / 8 - 1] &= 0xfe;
	return out;
}

struct guards {
	const struct replay *replay;
	void (*drop)(const struct replay *replay, uint32_t item, const struct replayed *replayed);
	bool *told;
	uint8_t family;
	const uint32_t *first;
};

static void try_guard(struct guards *guards, const struct eqfw_rule_rec *rule, uint32_t src,
		      uint32_t dst)
{
	const struct eqfw_profile *profile = guards->replay->base.profile;
	struct wire wire = { .family = guards->family };
	struct replayed out;

	wire.src = example(&profile->prefixes[guards->first[src]]);
	wire.dst = example(&profile->prefixes[guards->first[dst]]);
	wire.sport = le16toh(rule->src_lo);
	wire.dport = le16toh(rule->dst_lo);
	begin(guards->replay, &wire, &out);
	/* The example is of another class where a longer prefix has it; without a way, who knows. */
	if (!*out.in || out.query.places.src.class_id != src ||
	    out.query.places.dst.class_id != dst)
		return;
	out.query.flow.proto = rule->proto;
	out.query.flow.tcp_flags = rule->proto == IPPROTO_TCP ? EQFW_TCP_SYN : 0;
	if (judge(guards->replay, &out))
		return;
	guards->told[le32toh(rule->item)] = true;
	guards->drop(guards->replay, le32toh(rule->item), &out);
}

static void try_cell(struct guards *guards, const struct eqfw_cell_rec *cell)
{
	const struct eqfw_profile *profile = guards->replay->base.profile;
	const struct eqfw_program_rec *program = &profile->programs[le32toh(cell->program)];
	const struct eqfw_rule_rec *rules = &profile->rules[le32toh(program->first)];
	uint32_t src = le32toh(cell->src_class), dst = le32toh(cell->dst_class);

	if (guards->first[src] == profile->n_prefixes || guards->first[dst] == profile->n_prefixes)
		return;
	for (uint32_t i = 0; i < le32toh(program->count); i++)
		if (is_guard(profile, &rules[i]) && !guards->told[le32toh(rules[i].item)])
			try_guard(guards, &rules[i], src, dst);
}

void replay_guards(const struct replay *replay,
		   void (*drop)(const struct replay *replay, uint32_t item,
				const struct replayed *replayed))
{
	const struct eqfw_profile *profile = replay->base.profile;
	struct guards guards = { .replay = replay, .drop = drop };

	guards.told = must_alloc(profile->n_items + 1);
	memset(guards.told, 0, profile->n_items + 1);
	for (guards.family = 4; guards.family <= 6; guards.family += 2) {
		uint32_t *first = index_prefixes(profile, guards.family);

		guards.first = first;
		for (uint32_t i = 0; i < profile->n_cells; i++)
			try_cell(&guards, &profile->cells[i]);
		free(first);
	}
	free(guards.told);
}
