// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd.h"
#include "flow_file.h"
#include "flow_judge.h"
#include "ip_proto.h"
#include "live.h"
#include "nearest.h"
#include "out.h"

struct options {
	struct flow_spec spec;
	bool json;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("from", 'f', "HOST|ADDR", "who opens the flow: host, host.leg, box or address",
		 spec.from),
	CMD_TEXT("to", 't', "HOST|ADDR", "the other end", spec.to),
	CMD_TEXT("proto", 'p', "PROTO", "tcp, udp, icmp, ... or a number", spec.proto),
	CMD_TEXT("sport", 's', "PORT", "source port (default: one that a client would have)",
		 spec.sport),
	CMD_TEXT("dport", 'd', "PORT", "destination port", spec.dport),
	CMD_TEXT("type", 'T', "TYPE", "ICMP type: name, number or TYPE/CODE (default echo)",
		 spec.type),
	CMD_TEXT("in", 'i', "IF", "interface of arrival (default: one of the source's zone)",
		 spec.in),
	CMD_TEXT("family", 'F', "4|6", "which address of the hosts", spec.family),
	CMD_FLAG("reply", 'r', "judge the answer to this flow", spec.reply),
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_explain = {
	.name = "explain",
	.args = "PROFILE",
	.help = "say what becomes of the first packet of a flow, and why; exit 1 if dropped",
	.options = option_list,
	.run = run,
};

/* "elite-mcu/3:1" is of row "elite-mcu/3"; other items are rows of their own. */
static size_t row_length(const struct eqfw_profile *profile, uint32_t item)
{
	const char *id = profile_item(profile, item), *colon = strrchr(id, ':');

	if (le16toh(profile->items[item].kind) != EQFW_ITEM_MATRIX || !colon)
		return strlen(id);
	return (size_t)(colon - id);
}

static void print_end(const struct eqfw_profile *profile, const char *label,
		      const struct flow_end *end, const struct eqfw_place *place, uint16_t port,
		      uint8_t proto)
{
	const char *zone = profile_zone(profile, place->zone);

	if (flow_has_ports(proto))
		out_line("  %-8s %s%s%s%s port %u, zone %s", label, end->name,
			 *end->name ? " (" : "", end->address, *end->name ? ")" : "", port, zone);
	else
		out_line("  %-8s %s%s%s%s, zone %s", label, end->name, *end->name ? " (" : "",
			 end->address, *end->name ? ")" : "", zone);
}

/* A class that is named after more than its hosts: DNAT changes ports there. */
static void print_nat(const struct eqfw_profile *profile, const struct eqfw_place *place)
{
	const char *name = profile_class(profile, place->class_id);

	if (place->flags & EQFW_CLASS_PUBLIC && strchr(name, '['))
		out_line("  %-8s %s", "nat", name);
}

static void print_packet(const struct eqfw_profile *profile, const struct flow_query *query,
			 const struct judgement *judgement)
{
	const struct eqfw_flow *packet = &judgement->packet;
	const struct flow_end *source = query->reply ? &query->to : &query->from;
	const struct flow_end *sink = query->reply ? &query->from : &query->to;
	char number[4];

	print_end(profile, "from", source, &judgement->places.src, packet->sport, packet->proto);
	print_nat(profile, &judgement->places.src);
	print_end(profile, "to", sink, &judgement->places.dst, packet->dport, packet->proto);
	print_nat(profile, &judgement->places.dst);
	if (flow_is_icmp(packet->proto))
		out_line("  %-8s %s type %u code %u%s", "packet",
			 ip_proto_name(packet->proto, number), packet->dport, packet->sport,
			 query->reply ? ", the answer" : "");
	else
		out_line("  %-8s %s, %s", "packet", ip_proto_name(packet->proto, number),
			 query->reply ? "the answer" : "first of its flow");
	if (query->in)
		out_line("  %-8s %s%s", "in", query->in, query->in_pattern ? "*" : "");
}

static void print_item(const struct eqfw_profile *profile, const char *label, uint32_t item)
{
	const struct eqfw_item_rec *record = &profile->items[item];

	out_line("  %-8s %s", label, profile_item(profile, item));
	out_line("  %-8s %s: %s", "row", eqfw_profile_string(profile, record->pair),
		 eqfw_profile_string(profile, record->printed));
}

static void print_nearest(const struct eqfw_profile *profile, const struct nearest *nearest,
			  size_t n)
{
	if (n)
		out_line("  nearest that is permitted:");
	for (size_t i = 0; i < n; i++) {
		const struct eqfw_item_rec *item = &profile->items[nearest[i].item];

		out_line("    %s  %s: %s instead of %s", profile_item(profile, nearest[i].item),
			 nearest[i].field, nearest[i].want, nearest[i].got);
		out_line("      %s: %s", eqfw_profile_string(profile, item->pair),
			 eqfw_profile_string(profile, item->printed));
	}
}

static void print_text(const struct eqfw_profile *profile, const struct flow_query *query,
		       const struct judgement *judgement, const struct nearest *nearest, size_t n)
{
	if (judgement->permit)
		out_headline(OUT_GREEN, "permit", "%s", "");
	else
		out_headline(OUT_RED, "drop", " %s", reason_name(judgement->reason));
	print_packet(profile, query, judgement);
	if (judgement->item != EQFW_ITEM_NONE)
		print_item(profile, judgement->reason == EQFW_REASON_STATE ? "reply of" : "item",
			   judgement->item);
	else if (judgement->permit)
		out_line("  %-8s %s", "why", judgement->steps[judgement->n_steps - 1].text);
	if (!judgement->permit)
		out_line("  %-8s %s", "why", judgement->steps[judgement->n_steps - 1].text);
	if (le32toh(profile->header->mode) == EQFW_MODE_AUDIT && !judgement->permit)
		out_line("  %-8s the deployment audits: this is counted, and passes", "note");
	print_nearest(profile, nearest, n);
}

static json_t *json_end(const struct eqfw_profile *profile, const struct flow_end *end,
			const struct eqfw_place *place)
{
	return json_pack("{s:o,s:s,s:o}", "host", out_json_string(*end->name ? end->name : NULL),
			 "address", end->address, "zone",
			 out_json_string(place->zone == EQFW_ZONE_NONE
						 ? NULL
						 : profile_zone(profile, place->zone)));
}

static json_t *json_flow(const struct eqfw_profile *profile, const struct flow_query *query,
			 const struct judgement *judgement)
{
	const struct eqfw_flow *packet = &judgement->packet;
	bool ports = flow_has_ports(packet->proto), icmp = flow_is_icmp(packet->proto);
	char number[4];
	json_t *flow = json_object();

	json_object_set_new(flow, "from",
			    json_end(profile, query->reply ? &query->to : &query->from,
				     &judgement->places.src));
	json_object_set_new(flow, "to",
			    json_end(profile, query->reply ? &query->from : &query->to,
				     &judgement->places.dst));
	json_object_set_new(flow, "family", json_integer(packet->family));
	json_object_set_new(flow, "proto", json_string(ip_proto_name(packet->proto, number)));
	json_object_set_new(flow, "sport", ports ? json_integer(packet->sport) : json_null());
	json_object_set_new(flow, "dport", ports ? json_integer(packet->dport) : json_null());
	json_object_set_new(flow, "type", icmp ? json_integer(packet->dport) : json_null());
	json_object_set_new(flow, "code", icmp ? json_integer(packet->sport) : json_null());
	json_object_set_new(flow, "in", out_json_string(query->in));
	json_object_set_new(flow, "reply", json_boolean(query->reply));
	return flow;
}

static json_t *json_path(const struct judgement *judgement)
{
	json_t *path = json_array();

	for (unsigned int i = 0; i < judgement->n_steps; i++)
		json_array_append_new(path, json_pack("{s:s,s:o}", "step", judgement->steps[i].name,
						      "result",
						      out_json_string(judgement->steps[i].text)));
	return path;
}

static json_t *json_nearest(const struct eqfw_profile *profile, const struct nearest *nearest,
			    size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			list,
			json_pack("{s:o,s:s,s:o,s:o}", "item",
				  out_json_string(profile_item(profile, nearest[i].item)), "field",
				  nearest[i].field, "got", out_json_string(nearest[i].got), "want",
				  out_json_string(nearest[i].want)));
	return list;
}

static void json_item(const struct eqfw_profile *profile, uint32_t item, json_t *root)
{
	bool none = item == EQFW_ITEM_NONE;
	const struct eqfw_item_rec *record = none ? NULL : &profile->items[item];
	const char *id = none ? NULL : profile_item(profile, item);

	json_object_set_new(root, "item", out_json_string(id));
	json_object_set_new(root, "row",
			    none ? json_null() : json_stringn(id, row_length(profile, item)));
	json_object_set_new(root, "printed",
			    out_json_string(none ? NULL
						 : eqfw_profile_string(profile, record->printed)));
	json_object_set_new(root, "pair",
			    out_json_string(none ? NULL
						 : eqfw_profile_string(profile, record->pair)));
}

static void print_json(const struct eqfw_profile *profile, const struct flow_query *query,
		       const struct judgement *judgement, const struct nearest *nearest, size_t n)
{
	char digest[65];
	json_t *root;

	digest_hex(profile->digest, digest);
	root = out_json_new("explain/1", digest);
	json_object_set_new(root, "verdict", json_string(judgement->permit ? "permit" : "drop"));
	json_object_set_new(root, "reason",
			    judgement->permit ? json_null()
					      : json_string(reason_name(judgement->reason)));
	json_item(profile, judgement->item, root);
	json_object_set_new(root, "mode",
			    json_string(le32toh(profile->header->mode) == EQFW_MODE_AUDIT
						? "audit"
						: "enforce"));
	json_object_set_new(root, "flow", json_flow(profile, query, judgement));
	json_object_set_new(root, "path", json_path(judgement));
	json_object_set_new(root, "nearest", json_nearest(profile, nearest, n));
	out_json_print(root);
}

static int explain(const struct flow_base *base, const struct options *options)
{
	struct nearest nearest[NEAREST_MAX];
	struct flow_problem problem;
	struct judgement judgement;
	struct flow_query query;
	size_t n;

	if (!flow_spec_resolve(base, &options->spec, &query, &problem))
		return cmd_usage_error(&cmd_explain, "%s%s%s", problem.text,
				       *problem.help ? "; " : "", problem.help);
	flow_judge(base, &query, &judgement);
	n = nearest_find(base, &query, &judgement, nearest);
	if (options->json)
		print_json(base->profile, &query, &judgement, nearest, n);
	else
		print_text(base->profile, &query, &judgement, nearest, n);
	return out_finish(judgement.permit ? EXIT_STATUS_OK : EXIT_STATUS_NO);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct flow_file file;
	int first = cmd_getopt(&cmd_explain, argc, argv, &options), status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 != argc)
		return cmd_usage_error(&cmd_explain,
				       first == argc ? "which profile?" : "one profile at a time");
	if (!options.spec.from || !options.spec.to || !options.spec.proto)
		return cmd_usage_error(&cmd_explain, "--from, --to and --proto are needed");
	status = flow_file_read(argv[first], &file);
	if (status)
		return status;
	status = explain(&file.base, &options);
	flow_file_free(&file);
	return status;
}
