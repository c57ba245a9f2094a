// SPDX-License-Identifier: GPL-2.0
/*
 * A packet misses a rule by one field, by the direction or by the partner. Every rule of the pair is
 * compared field by field; then the rules of the opposite direction; then, since a wrong host is
 * the commonest mistake of all, rules for the same destination port with one end exchanged. The
 * rank of a miss is how easily people make it; within a rank the smaller distance is nearer.
 */
#include "nearest.h"

#include <stdio.h>
#include <stdlib.h>

#include "ip_proto.h"
#include "units.h"

enum rank { RANK_EXACT, RANK_SPORT, RANK_PROTO, RANK_DIRECTION, RANK_DPORT, RANK_PARTNER };

/* A miss before anybody writes it out. */
struct miss {
	enum rank rank;
	uint32_t distance;
	uint32_t item;
	const struct eqfw_rule_rec *rule;
	uint32_t src_class;
	uint32_t dst_class;
	const char *field;
};

struct search {
	const struct flow_base *base;
	const struct flow_query *query;
	const struct eqfw_flow *packet;
	const struct eqfw_places *places;
	struct miss best[NEAREST_MAX];
	size_t n;
};

static bool before(const struct miss *a, const struct miss *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a->distance != b->distance)
		return a->distance < b->distance;
	return a->item < b->item;
}

/* Insertion into a short sorted list; an item stays with its nearest miss only. */
static void offer(struct search *search, const struct miss *miss)
{
	size_t at;

	for (size_t i = 0; i < search->n; i++) {
		if (search->best[i].item != miss->item)
			continue;
		if (!before(miss, &search->best[i]))
			return;
		search->n--;
		memmove(&search->best[i], &search->best[i + 1],
			(search->n - i) * sizeof(search->best[0]));
		break;
	}
	for (at = search->n; at && before(miss, &search->best[at - 1]); at--)
		;
	if (at == NEAREST_MAX)
		return;
	if (search->n == NEAREST_MAX)
		search->n--;
	memmove(&search->best[at + 1], &search->best[at],
		(search->n - at) * sizeof(search->best[0]));
	search->best[at] = *miss;
	search->n++;
}

/* How far a port is outside a range. */
static uint32_t outside(uint16_t port, __le16 lo, __le16 hi)
{
	if (port < le16toh(lo))
		return (uint32_t)(le16toh(lo) - port);
	return port > le16toh(hi) ? (uint32_t)(port - le16toh(hi)) : 0;
}

static bool is_expired(const struct search *search, const struct eqfw_rule_rec *rule)
{
	uint64_t until = le64toh(search->base->profile->items[le32toh(rule->item)].until);

	return until && until <= search->packet->now_s;
}

/* A rule of the packet's own pair: wrong in nothing but one field? */
static void compare(struct search *search, const struct eqfw_rule_rec *rule)
{
	const struct eqfw_flow *packet = search->packet;
	uint32_t dport = outside(packet->dport, rule->dst_lo, rule->dst_hi);
	uint32_t sport = outside(packet->sport, rule->src_lo, rule->src_hi);
	bool same = rule->proto == packet->proto;
	struct miss miss = { .item = le32toh(rule->item), .rule = rule };

	if (!search->query->sport_given)
		sport = 0;
	if (!flow_has_ports(packet->proto) || !flow_has_ports(rule->proto))
		dport = same ? dport : 0, sport = 0;
	if (!same && (flow_has_ports(packet->proto) != flow_has_ports(rule->proto)) &&
	    flow_has_ports(packet->proto))
		return;
	miss.distance = !same ? 0 : dport ? dport : sport;
	miss.field = !same   ? "proto"
		     : dport ? (flow_is_icmp(rule->proto) ? "type" : "dport")
			     : "sport";
	miss.rank = !same ? RANK_PROTO : dport ? RANK_DPORT : RANK_SPORT;
	if (is_expired(search, rule)) {
		miss.field = "until";
		miss.rank = RANK_EXACT;
	}
	if (!same + !!dport + !!sport + is_expired(search, rule) == 1)
		offer(search, &miss);
}

static bool serves(const struct search *search, const struct eqfw_rule_rec *rule)
{
	return rule->proto == search->packet->proto &&
	       !outside(search->packet->dport, rule->dst_lo, rule->dst_hi) &&
	       !is_expired(search, rule);
}

/* A rule of the opposite direction: ends exchanged by mistake, or the packet is half a reply. */
static void compare_reverse(struct search *search, const struct eqfw_rule_rec *rule)
{
	const struct eqfw_flow *packet = search->packet;
	bool reply = rule->proto == packet->proto && flow_has_ports(packet->proto) &&
		     !outside(packet->sport, rule->dst_lo, rule->dst_hi) &&
		     !outside(packet->dport, rule->src_lo, rule->src_hi);
	struct miss miss = { .rank = RANK_DIRECTION,
			     .item = le32toh(rule->item),
			     .rule = rule,
			     .field = "direction" };

	if (serves(search, rule) || (reply && !is_expired(search, rule)))
		offer(search, &miss);
}

static void compare_pair(struct search *search)
{
	uint32_t src = search->places->src.class_id, dst = search->places->dst.class_id, n;
	const struct eqfw_rule_rec *rules;

	if (flow_program(search->base->profile, src, dst, &rules, &n))
		for (uint32_t i = 0; i < n; i++)
			compare(search, &rules[i]);
	if (flow_program(search->base->profile, dst, src, &rules, &n))
		for (uint32_t i = 0; i < n; i++)
			compare_reverse(search, &rules[i]);
}

/* Rules for the same port between one of the two ends and somebody else. */
static void compare_cell(struct search *search, const struct eqfw_cell_rec *cell)
{
	const struct eqfw_profile *profile = search->base->profile;
	const struct eqfw_program_rec *program = &profile->programs[le32toh(cell->program)];
	const struct eqfw_rule_rec *rules = &profile->rules[le32toh(program->first)];
	bool same_src = le32toh(cell->src_class) == search->places->src.class_id;
	struct miss miss = { .rank = RANK_PARTNER,
			     .src_class = le32toh(cell->src_class),
			     .dst_class = le32toh(cell->dst_class),
			     .field = same_src ? "to" : "from" };

	for (uint32_t i = 0; i < le32toh(program->count); i++) {
		if (!serves(search, &rules[i]))
			continue;
		miss.item = le32toh(rules[i].item);
		miss.rule = &rules[i];
		offer(search, &miss);
	}
}

static void compare_partners(struct search *search)
{
	const struct eqfw_profile *profile = search->base->profile;
	uint32_t src = search->places->src.class_id, dst = search->places->dst.class_id;

	for (uint32_t i = 0; i < profile->n_cells; i++) {
		const struct eqfw_cell_rec *cell = &profile->cells[i];

		/* Exactly one end is the packet's. */
		if ((le32toh(cell->src_class) == src) != (le32toh(cell->dst_class) == dst))
			compare_cell(search, cell);
	}
}

/* Right in everything, but it comes in by the wrong door. */
static void compare_interface(struct search *search)
{
	struct eqfw_verdict verdict;
	struct miss miss = { .rank = RANK_EXACT, .field = "in" };

	if (!eqfw_permits(search->base->table, search->packet, search->places, &verdict) ||
	    verdict.item == EQFW_ITEM_NONE)
		return;
	miss.item = verdict.item;
	offer(search, &miss);
}

static void write_range(__le16 lo, __le16 hi, char *out)
{
	if (lo == hi)
		snprintf(out, NEAREST_TEXT, "%u", le16toh(lo));
	else
		snprintf(out, NEAREST_TEXT, "%u-%u", le16toh(lo), le16toh(hi));
}

static void write_interface(const struct search *search, struct nearest *out)
{
	const struct eqfw_profile *profile = search->base->profile;
	const struct eqfw_interface_rec *record =
		flow_zone_interface(profile, search->places->src.zone);

	snprintf(out->got, NEAREST_TEXT, "%s", search->query->in ? search->query->in : "none");
	if (record)
		snprintf(out->want, NEAREST_TEXT, "%s%s",
			 eqfw_profile_string(profile, record->name),
			 le16toh(record->flags) & EQFW_INTERFACE_PREFIX ? "*" : "");
}

static void write_classes(const struct search *search, const struct miss *miss, struct nearest *out)
{
	const struct eqfw_profile *profile = search->base->profile;
	const char *src = profile_class(profile, search->places->src.class_id);
	const char *dst = profile_class(profile, search->places->dst.class_id);

	if (miss->rank == RANK_DIRECTION) {
		snprintf(out->got, NEAREST_TEXT, "%s -> %s", src, dst);
		snprintf(out->want, NEAREST_TEXT, "%s -> %s", dst, src);
		return;
	}
	snprintf(out->got, NEAREST_TEXT, "%s", *miss->field == 't' ? dst : src);
	snprintf(out->want, NEAREST_TEXT, "%s",
		 profile_class(profile, *miss->field == 't' ? miss->dst_class : miss->src_class));
}

static void write_until(const struct search *search, const struct miss *miss, struct nearest *out)
{
	uint64_t until = le64toh(search->base->profile->items[miss->item].until);
	char time[UNITS_MAX];

	snprintf(out->got, NEAREST_TEXT, "%s", units_time(search->packet->now_s, time));
	snprintf(out->want, NEAREST_TEXT, "before %s", units_time(until, time));
}

static void write_field(const struct search *search, const struct miss *miss, struct nearest *out)
{
	const struct eqfw_flow *packet = search->packet;
	char number[4];

	if (!strcmp(miss->field, "until")) {
		write_until(search, miss, out);
	} else if (!strcmp(miss->field, "in")) {
		write_interface(search, out);
	} else if (miss->rank == RANK_DIRECTION || miss->rank == RANK_PARTNER) {
		write_classes(search, miss, out);
	} else if (miss->rank == RANK_PROTO) {
		snprintf(out->got, NEAREST_TEXT, "%s", ip_proto_name(packet->proto, number));
		snprintf(out->want, NEAREST_TEXT, "%s", ip_proto_name(miss->rule->proto, number));
	} else if (miss->rank == RANK_SPORT) {
		snprintf(out->got, NEAREST_TEXT, "%u", packet->sport);
		write_range(miss->rule->src_lo, miss->rule->src_hi, out->want);
	} else {
		snprintf(out->got, NEAREST_TEXT, "%u", packet->dport);
		write_range(miss->rule->dst_lo, miss->rule->dst_hi, out->want);
	}
}

static bool is_about_arrival(uint8_t reason)
{
	return reason == EQFW_REASON_SPOOF || reason == EQFW_REASON_UNZONED;
}

size_t nearest_find(const struct flow_base *base, const struct flow_query *query,
		    const struct judgement *judgement, struct nearest *out)
{
	/* Of an answer that does not pass, the flow that it answers is what can be mended. */
	struct search search = {
		.base = base, .query = query, .packet = &query->flow, .places = &query->places
	};

	if (judgement->permit)
		return 0;
	if (is_about_arrival(judgement->reason)) {
		compare_interface(&search);
	} else {
		compare_pair(&search);
		compare_partners(&search);
	}
	for (size_t i = 0; i < search.n; i++) {
		out[i] = (struct nearest){ .item = search.best[i].item,
					   .field = search.best[i].field };
		write_field(&search, &search.best[i], &out[i]);
	}
	return search.n;
}
