// SPDX-License-Identifier: GPL-2.0
#include "flow_judge.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>

#include "live.h"

const char *profile_zone(const struct eqfw_profile *profile, uint16_t zone)
{
	return zone < profile->n_zones ? eqfw_profile_string(profile, profile->zones[zone].name)
				       : "none";
}

const char *profile_class(const struct eqfw_profile *profile, uint32_t class_id)
{
	const char *name = eqfw_profile_string(profile, profile->classes[class_id].name);

	return *name ? name : "anybody else";
}

const char *profile_item(const struct eqfw_profile *profile, uint32_t item)
{
	return eqfw_profile_string(profile, profile->items[item].id);
}

static void step(struct judgement *judgement, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void step(struct judgement *judgement, const char *name, const char *format, ...)
{
	struct judge_step *next;
	va_list args;

	if (judgement->n_steps == JUDGE_MAX_STEPS)
		return;
	next = &judgement->steps[judgement->n_steps++];
	next->name = name;
	va_start(args, format);
	vsnprintf(next->text, sizeof(next->text), format, args);
	va_end(args);
}

/* An ICMP answer has a type of its own; all other protocols only turn round. */
static uint16_t answer_type(const struct eqfw_flow *flow)
{
	if (flow->family == 6)
		return flow->dport == 128 ? 129 : flow->dport;
	return flow->dport == 8 ? 0 : flow->dport == 13 ? 14 : flow->dport;
}

static void turn_round(const struct eqfw_flow *flow, const struct eqfw_places *places,
		       struct judgement *judgement)
{
	struct eqfw_flow *packet = &judgement->packet;

	*packet = *flow;
	packet->src = flow->dst;
	packet->dst = flow->src;
	judgement->places.src = places->dst;
	judgement->places.dst = places->src;
	if (flow_is_icmp(flow->proto)) {
		packet->dport = answer_type(flow);
		return;
	}
	packet->sport = flow->dport;
	packet->dport = flow->sport;
	if (flow->proto == IPPROTO_TCP)
		packet->tcp_flags = EQFW_TCP_SYN | EQFW_TCP_ACK;
}

static void describe_end(const struct flow_base *base, const struct flow_end *end,
			 const struct eqfw_place *place, const char *name,
			 struct judgement *judgement)
{
	step(judgement, name, "%s%s%s is in zone %s, class %s", end->name, *end->name ? " " : "",
	     end->address, profile_zone(base->profile, place->zone),
	     profile_class(base->profile, place->class_id));
}

static void describe_arrival(const struct flow_base *base, const struct flow_query *query,
			     struct judgement *judgement)
{
	const struct flow_end *source = query->reply ? &query->to : &query->from;
	const struct flow_end *sink = query->reply ? &query->from : &query->to;

	describe_end(base, source, &judgement->places.src, "from", judgement);
	describe_end(base, sink, &judgement->places.dst, "to", judgement);
	if (!query->in)
		step(judgement, "interface", "the source's zone has no interface");
	else
		step(judgement, "interface", "arrives on %s%s, %s", query->in,
		     query->in_pattern ? "*" : "",
		     query->zoned ? "an interface of a zone" : "an interface of no zone");
}

/* Steps that every judged packet takes, as far as it came. */
static void describe_scope(const struct eqfw_verdict *verdict, struct judgement *judgement)
{
	if (verdict->action == EQFW_ACTION_SKIP) {
		step(judgement, "scope", "not judged: out of the deployment's scope, it passes");
		return;
	}
	step(judgement, "scope", "in scope");
	if (verdict->unzoned)
		step(judgement, "zone", "passes: the deployment says unzoned: pass");
	else if (verdict->reason == EQFW_REASON_UNZONED || verdict->reason == EQFW_REASON_SOURCE ||
		 verdict->reason == EQFW_REASON_SPOOF || verdict->reason == EQFW_REASON_BROADCAST)
		step(judgement, "source", "%s", reason_sentence(verdict->reason));
	else if (verdict->action == EQFW_ACTION_PASS && verdict->item == EQFW_ITEM_NONE)
		step(judgement, "zone", "both ends are in one zone that says intra: pass");
}

static bool is_about_rules(uint8_t reason)
{
	return reason == EQFW_REASON_FORBIDDEN || reason == EQFW_REASON_PAIR ||
	       reason == EQFW_REASON_PROTO || reason == EQFW_REASON_PORT ||
	       reason == EQFW_REASON_ICMP || reason == EQFW_REASON_EXPIRED;
}

static void describe_rules(const struct flow_base *base, const struct eqfw_verdict *verdict,
			   struct judgement *judgement)
{
	const char *item =
		verdict->item == EQFW_ITEM_NONE ? NULL : profile_item(base->profile, verdict->item);

	if (verdict->action == EQFW_ACTION_PASS && item)
		step(judgement, "forward", "%s permits it", item);
	else if (verdict->reason == EQFW_REASON_STATE)
		step(judgement, "reverse",
		     "it would be a reply of %s: only a tracked connection "
		     "can pass it",
		     item);
	else if (verdict->action == EQFW_ACTION_ASK_INNER)
		step(judgement, "forward", "an ICMP error: only the packet inside it can pass it");
	else if (is_about_rules(verdict->reason))
		step(judgement, "forward", "%s%s%s", reason_sentence(verdict->reason),
		     item ? ": " : "", item ? item : "");
}

/* The first packet of a flow has no connection that could ask for it. */
static void judge_first(const struct flow_base *base, const struct flow_query *query,
			struct judgement *judgement)
{
	struct eqfw_verdict verdict;

	eqfw_judge(base->table, &judgement->packet, &judgement->places,
		   query->zoned ? &query->in_zones : NULL, &verdict);
	judgement->permit = verdict.action == EQFW_ACTION_PASS ||
			    verdict.action == EQFW_ACTION_SKIP;
	judgement->reason = verdict.reason;
	judgement->item = verdict.item;
	describe_scope(&verdict, judgement);
	describe_rules(base, &verdict, judgement);
}

/* Would today's table let the flow itself begin? Then it is tracked, and its answers pass. */
static void ask_connection(const struct flow_base *base, const struct flow_query *query,
			   struct judgement *judgement)
{
	struct eqfw_verdict verdict;

	judgement->permit = eqfw_permits(base->table, &query->flow, &query->places, &verdict);
	judgement->item = verdict.item;
	if (judgement->permit) {
		judgement->reason = EQFW_REASON_NONE;
		step(judgement, "reply", "of a tracked connection that %s permits",
		     verdict.item == EQFW_ITEM_NONE ? "the box opened or its zone"
						    : profile_item(base->profile, verdict.item));
		return;
	}
	judgement->reason = verdict.reason;
	step(judgement, "reply", "the flow that it answers is not permitted: %s",
	     reason_sentence(verdict.reason));
}

/* No rule permits the answer as it stands, and yet it passes: its zones mirror replies. */
static bool is_mirrored(const struct flow_base *base, const struct judgement *judgement,
			const struct eqfw_verdict *verdict)
{
	return verdict->action == EQFW_ACTION_PASS && verdict->item != EQFW_ITEM_NONE &&
	       eqfw_find(base->table, &judgement->packet, &judgement->places) == EQFW_ITEM_NONE;
}

static void judge_answer(const struct flow_base *base, const struct flow_query *query,
			 struct judgement *judgement)
{
	struct eqfw_verdict verdict;

	eqfw_judge(base->table, &judgement->packet, &judgement->places,
		   query->zoned ? &query->in_zones : NULL, &verdict);
	if (verdict.action == EQFW_ACTION_ASK_REPLY) {
		step(judgement, "scope", "in scope");
		ask_connection(base, query, judgement);
		return;
	}
	judgement->permit = verdict.action == EQFW_ACTION_PASS ||
			    verdict.action == EQFW_ACTION_SKIP;
	judgement->reason = verdict.reason;
	judgement->item = verdict.item;
	describe_scope(&verdict, judgement);
	if (is_mirrored(base, judgement, &verdict))
		step(judgement, "reply", "mirrors what %s permits: no connection is asked for",
		     profile_item(base->profile, verdict.item));
	else
		describe_rules(base, &verdict, judgement);
}

/* What the box itself sends never meets the hook. */
static bool is_sent_by_box(const struct judgement *judgement)
{
	return (judgement->places.src.flags &
		(EQFW_CLASS_BOX | EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC)) == EQFW_CLASS_BOX;
}

static void judge_own(const struct flow_base *base, const struct flow_query *query,
		      struct judgement *judgement)
{
	judgement->permit = true;
	judgement->item = EQFW_ITEM_NONE;
	step(judgement, "scope", "not judged: the box itself sends it");
	/* But its answer to a packet that is dropped is never sent. */
	if (query->reply)
		ask_connection(base, query, judgement);
}

void flow_judge(const struct flow_base *base, const struct flow_query *query,
		struct judgement *judgement)
{
	*judgement = (struct judgement){ .packet = query->flow, .places = query->places };
	if (query->reply)
		turn_round(&query->flow, &query->places, judgement);
	describe_arrival(base, query, judgement);
	if (is_sent_by_box(judgement))
		judge_own(base, query, judgement);
	else if (query->reply)
		judge_answer(base, query, judgement);
	else
		judge_first(base, query, judgement);
}
