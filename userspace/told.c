// SPDX-License-Identifier: GPL-2.0
#include "told.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "flow_judge.h"
#include "ip_proto.h"
#include "live.h"
#include "out.h"

void told_free(struct told *told)
{
	if (told->have)
		flow_file_free(&told->file);
	told->have = false;
}

static void fetch(struct told *told)
{
	struct eqfw_fault fault;

	told_free(told);
	if (live_profile(told->nl, &told->file.file))
		return;
	if (eqfw_table_build(&told->file.file.profile, &told->file.table, &fault)) {
		profile_file_free(&told->file.file);
		return;
	}
	told->file.base = (struct flow_base){ &told->file.file.profile, told->file.table };
	told->have = true;
}

void told_follow(struct told *told, const struct event *event)
{
	if (!event->has_digest || !memcmp(told->asked, event->digest, EQFW_DIGEST_SIZE))
		return;
	memcpy(told->asked, event->digest, EQFW_DIGEST_SIZE);
	if (!told->have || memcmp(told->file.file.profile.digest, event->digest, EQFW_DIGEST_SIZE))
		fetch(told);
}

/* The words are those of the profile that judged, or nobody's. */
static bool fits(const struct told *told, const struct event *event)
{
	return told->have && event->has_digest &&
	       !memcmp(told->file.file.profile.digest, event->digest, EQFW_DIGEST_SIZE);
}

const struct eqfw_item_rec *told_item(const struct told *told, const char *id)
{
	const struct eqfw_profile *profile = &told->file.file.profile;

	for (uint32_t i = 0; told->have && *id && i < profile->n_items; i++)
		if (!strcmp(eqfw_profile_string(profile, profile->items[i].id), id))
			return &profile->items[i];
	return NULL;
}

static void address_text(const struct event *event, bool source, char out[FLOW_ADDRESS_MAX])
{
	const struct eqfw_addr *addr = source ? &event->flow.src : &event->flow.dst;

	inet_ntop(event->flow.family == 4 ? AF_INET : AF_INET6, addr->b, out, FLOW_ADDRESS_MAX);
}

static bool has_ports(const struct event *event)
{
	return event->has_ports && flow_has_ports(event->flow.proto);
}

const char *told_end(const struct event *event, bool source, char out[TOLD_END_MAX])
{
	char address[FLOW_ADDRESS_MAX];
	bool v6 = event->flow.family == 6;

	address_text(event, source, address);
	if (has_ports(event))
		snprintf(out, TOLD_END_MAX, "%s%s%s:%u", v6 ? "[" : "", address, v6 ? "]" : "",
			 source ? event->flow.sport : event->flow.dport);
	else
		snprintf(out, TOLD_END_MAX, "%s", address);
	return out;
}

const char *told_time(uint64_t time_ns, char out[TOLD_TIME_MAX])
{
	time_t seconds = (time_t)(time_ns / 1000000000u);
	struct tm parts;
	size_t n;

	gmtime_r(&seconds, &parts);
	n = strftime(out, TOLD_TIME_MAX, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(out + n, TOLD_TIME_MAX - n, ".%06uZ",
		 (unsigned int)(time_ns % 1000000000u / 1000u));
	return out;
}

/* The event as somebody would have written it for `explain`. */
struct words {
	char from[FLOW_ADDRESS_MAX];
	char to[FLOW_ADDRESS_MAX];
	char proto[8];
	char sport[8];
	char dport[8];
	char type[16];
};

static struct flow_spec spec_of(const struct event *event, struct words *words)
{
	const struct eqfw_flow *flow = &event->flow;
	struct flow_spec spec = { words->from, words->to, words->proto };

	address_text(event, true, words->from);
	address_text(event, false, words->to);
	snprintf(words->proto, sizeof(words->proto), "%u", flow->proto);
	snprintf(words->sport, sizeof(words->sport), "%u", flow->sport);
	snprintf(words->dport, sizeof(words->dport), "%u", flow->dport);
	snprintf(words->type, sizeof(words->type), "%u/%u", flow->dport, flow->sport);
	if (flow_has_ports(flow->proto)) {
		spec.sport = words->sport;
		spec.dport = words->dport;
	} else if (flow_is_icmp(flow->proto)) {
		spec.type = words->type;
	}
	spec.in = *event->in ? event->in : NULL;
	spec.family = flow->family == 4 ? "4" : "6";
	return spec;
}

size_t told_nearest(const struct told *told, const struct event *event,
		    struct nearest out[NEAREST_MAX])
{
	struct flow_problem problem;
	struct judgement judgement;
	struct flow_query query;
	struct words words;
	struct flow_spec spec;

	if (!fits(told, event) || !event->has_proto || event->action != EQFW_EVENT_DROPPED)
		return 0;
	spec = spec_of(event, &words);
	if (!flow_spec_resolve(&told->file.base, &spec, &query, &problem))
		return 0;
	query.flow.now_s = event->flow.now_s;
	flow_judge(&told->file.base, &query, &judgement);
	return nearest_find(&told->file.base, &query, &judgement, out);
}

json_t *told_nearest_json(const struct told *told, const struct event *event)
{
	struct nearest nearest[NEAREST_MAX];
	size_t n = told_nearest(told, event, nearest);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			list,
			json_pack("{s:o,s:s,s:o,s:o}", "item",
				  out_json_string(
					  profile_item(&told->file.file.profile, nearest[i].item)),
				  "field", nearest[i].field, "got", out_json_string(nearest[i].got),
				  "want", out_json_string(nearest[i].want)));
	return list;
}

static json_t *end_json(const struct event *event, bool source)
{
	char address[FLOW_ADDRESS_MAX];
	const char *zone = source ? event->from_zone : event->to_zone;
	json_t *end;

	address_text(event, source, address);
	end = json_pack("{s:s,s:o}", "address", address, "zone",
			out_json_string(*zone && strcmp(zone, "none") ? zone : NULL));
	if (has_ports(event))
		json_object_set_new(end, "port",
				    json_integer(source ? event->flow.sport : event->flow.dport));
	return end;
}

static void put_item(const struct told *told, const struct event *event, json_t *root)
{
	const struct eqfw_item_rec *item = fits(told, event) ? told_item(told, event->item) : NULL;
	const struct eqfw_profile *profile = &told->file.file.profile;

	json_object_set_new(root, "item", out_json_string(*event->item ? event->item : NULL));
	if (!item)
		return;
	json_object_set_new(root, "printed",
			    out_json_string(eqfw_profile_string(profile, item->printed)));
	json_object_set_new(root, "pair",
			    out_json_string(eqfw_profile_string(profile, item->pair)));
}

json_t *told_json(const struct told *told, const struct event *event, const char *schema)
{
	char digest[65], time[TOLD_TIME_MAX], number[4];
	json_t *root;

	digest_hex(event->digest, digest);
	root = out_json_new(schema, event->has_digest ? digest : NULL);
	json_object_set_new(root, "time", json_string(told_time(event->time_ns, time)));
	json_object_set_new(root, "from", end_json(event, true));
	json_object_set_new(root, "to", end_json(event, false));
	json_object_set_new(root, "proto",
			    event->has_proto ? json_string(ip_proto_name(event->flow.proto, number))
					     : json_null());
	if (event->has_ports && flow_is_icmp(event->flow.proto)) {
		json_object_set_new(root, "type", json_integer(event->flow.dport));
		json_object_set_new(root, "code", json_integer(event->flow.sport));
	}
	json_object_set_new(root, "in", out_json_string(event->in));
	json_object_set_new(root, "bytes", json_integer(event->bytes));
	json_object_set_new(root, "reason",
			    event->reason ? json_string(reason_name(event->reason)) : json_null());
	json_object_set_new(root, "audit", json_boolean(event->audit));
	put_item(told, event, root);
	return root;
}
