// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "cmd.h"
#include "flow_judge.h"
#include "ip_proto.h"
#include "live.h"
#include "out.h"
#include "told.h"

#define DEFAULT_COUNT 20
#define DEFAULT_SECONDS 30

struct options {
	const char *from;
	const char *to;
	const char *proto;
	const char *family;
	uint64_t sport;
	uint64_t dport;
	bool both;
	uint64_t count;
	uint64_t seconds;
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("from", 'f', "HOST|ADDR",
		 "source: host, host.leg, address or prefix (default: any)", from),
	CMD_TEXT("to", 't', "HOST|ADDR", "destination, likewise", to),
	CMD_TEXT("proto", 'p', "PROTO", "tcp, udp, icmp, ... or a number", proto),
	CMD_NUMBER("sport", 's', "PORT", "source port", sport, 1, 65535),
	CMD_NUMBER("dport", 'd', "PORT", "destination port", dport, 1, 65535),
	CMD_TEXT("family", 'F', "4|6", "which address of the hosts (default 4)", family),
	CMD_FLAG("both", 'b', "and what goes the other way", both),
	CMD_NUMBER("count", 'n', "N", "end after N packets (default 20)", count, 1, 100000),
	CMD_TIME("for", 0, "end after this time: 30s (default), 5m, 1h", seconds, 1, 3600),
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_trace = {
	.name = "trace",
	.args = "",
	.help = "show the way of some packets through the judgement; ends by itself",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static bool is_literal(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF:./") == strlen(text) && strpbrk(text, ".:");
}

static const struct eqfw_host_rec *find_host(const struct eqfw_profile *profile, const char *name)
{
	for (uint32_t i = 0; i < profile->n_hosts; i++)
		if (!strcmp(eqfw_profile_string(profile, profile->hosts[i].name), name))
			return &profile->hosts[i];
	return NULL;
}

static bool host_address(const struct eqfw_host_rec *host, uint8_t family, struct prefix *out)
{
	uint16_t flags = le16toh(host->flags);

	*out = (struct prefix){ .family = family, .len = family == 4 ? 32 : 128 };
	if (!(flags & (family == 4 ? EQFW_HOST_ADDR4 : EQFW_HOST_ADDR6)))
		return false;
	memcpy(out->addr.b, family == 4 ? host->addr4 : host->addr6, family == 4 ? 4 : 16);
	return true;
}

/* A host of the live profile, an address or a prefix; false after a usage error. */
static bool read_end(const struct eqfw_profile *profile, const char *text, uint8_t family,
		     struct prefix *out)
{
	const struct eqfw_host_rec *host;
	struct diag diag = { 0 };

	if (is_literal(text)) {
		if (prefix_parse(text, NOWHERE, &diag, out))
			return true;
		cmd_usage_error(&cmd_trace, "\"%s\" is no address", text);
		return false;
	}
	host = find_host(profile, text);
	if (!host)
		cmd_usage_error(&cmd_trace, "\"%s\" is no host of the live profile, no address",
				text);
	else if (!host_address(host, family, out))
		cmd_usage_error(&cmd_trace, "\"%s\" has no IPv%u address", text, family);
	else
		return true;
	return false;
}

static bool read_family(const struct options *options, uint8_t *family)
{
	bool v6 = (options->from && strchr(options->from, ':')) ||
		  (options->to && strchr(options->to, ':'));

	*family = v6 ? 6 : 4;
	if (!options->family)
		return true;
	if (!strcmp(options->family, "4") || !strcmp(options->family, "6")) {
		*family = (uint8_t)(*options->family - '0');
		return true;
	}
	cmd_usage_error(&cmd_trace, "--family is 4 or 6");
	return false;
}

static bool make_filter(const struct eqfw_profile *profile, const struct options *options,
			struct nl_trace *out)
{
	*out = (struct nl_trace){
		.sport = (uint16_t)options->sport,
		.dport = (uint16_t)options->dport,
		.both = options->both,
		.count = (uint32_t)(options->count ? options->count : DEFAULT_COUNT),
		.seconds = (uint32_t)(options->seconds ? options->seconds : DEFAULT_SECONDS),
	};
	if (!read_family(options, &out->family))
		return false;
	if (options->from && !read_end(profile, options->from, out->family, &out->src))
		return false;
	if (options->to && !read_end(profile, options->to, out->family, &out->dst))
		return false;
	if (options->from && options->to && out->src.family != out->dst.family) {
		cmd_usage_error(&cmd_trace, "--from and --to are of two address families");
		return false;
	}
	if (options->proto && !ip_proto_parse(options->proto, &out->proto)) {
		cmd_usage_error(&cmd_trace, "\"%s\" is no protocol", options->proto);
		return false;
	}
	/* Without an address or a word of the user, both families. */
	if (!options->from && !options->to && !options->family)
		out->family = 0;
	return true;
}

static const char *action_name(const struct event *event)
{
	static const char *const names[] = { "skip", "pass", "drop" };

	if (event->audit)
		return "audit";
	return event->action < 3 ? names[event->action] : "unknown";
}

static const char *const ct_names[] = { "none", "original", "reply", "untracked", "unreadable" };

static const char *ct_name(uint8_t ct)
{
	return ct < sizeof(ct_names) / sizeof(ct_names[0]) ? ct_names[ct] : "unknown";
}

static const char *ct_sentence(uint8_t ct)
{
	static const char *const sentences[] = {
		"no entry",
		"an entry, in the direction of its opener",
		"an entry, in the direction of the answers",
		"switched off for this packet",
		"the packet has no readable tuple",
	};

	return ct < sizeof(sentences) / sizeof(sentences[0]) ? sentences[ct] : "unknown";
}

static void print_direction(const char *label, uint8_t reason, const char *item)
{
	if (reason)
		out_line("    %-9s no: %s%s%s", label, reason_name(reason), *item ? " " : "", item);
	else
		out_line("    %-9s permitted%s%s", label, *item ? " by " : "", item);
}

static void print_end(const char *label, const char *zone, const char *class_name)
{
	out_line("    %-9s zone %s, class %s", label, zone,
		 *class_name ? class_name : "anybody else");
}

static void print_packet(const struct event *event, uint64_t number)
{
	char from[TOLD_END_MAX], to[TOLD_END_MAX], time[TOLD_TIME_MAX], proto[4];

	out_line("#%" PRIu64 " %s %s%s%s  %s %s > %s  in %s, %u bytes", number,
		 told_time(event->time_ns, time), action_name(event), event->reason ? " " : "",
		 event->reason ? reason_name(event->reason) : "",
		 event->has_proto ? ip_proto_name(event->flow.proto, proto) : "?",
		 told_end(event, true, from), told_end(event, false, to), event->in, event->bytes);
	print_end("from", event->from_zone, event->from_class);
	print_end("to", event->to_zone, event->to_class);
	print_direction("forward", event->forward, event->forward_item);
	print_direction("reverse", event->reverse, event->reverse_item);
	out_line("    %-9s %s%s", "conntrack", ct_sentence(event->ct),
		 event->asked ? "; it was asked" : "");
	if (event->reason)
		out_line("    %-9s %s", "why", reason_sentence(event->reason));
	else if (event->action == EQFW_EVENT_SKIPPED)
		out_line("    %-9s out of the deployment's scope", "why");
	else
		out_line("    %-9s %s", "item",
			 *event->item ? event->item : "none: its zone passes it");
}

static json_t *direction_json(uint8_t reason, const char *item)
{
	return json_pack("{s:b,s:o,s:o}", "permitted", !reason, "reason",
			 reason ? json_string(reason_name(reason)) : json_null(), "item",
			 out_json_string(*item ? item : NULL));
}

static void json_packet(const struct told *told, const struct event *event)
{
	json_t *root = told_json(told, event, "trace/1");

	json_object_set_new(root, "verdict", json_string(action_name(event)));
	json_object_set_new(json_object_get(root, "from"), "class",
			    out_json_string(*event->from_class ? event->from_class : NULL));
	json_object_set_new(json_object_get(root, "to"), "class",
			    out_json_string(*event->to_class ? event->to_class : NULL));
	json_object_set_new(root, "forward", direction_json(event->forward, event->forward_item));
	json_object_set_new(root, "reverse", direction_json(event->reverse, event->reverse_item));
	json_object_set_new(root, "conntrack", json_string(ct_name(event->ct)));
	json_object_set_new(root, "conntrack_asked", json_boolean(event->asked));
	out_json_line(root);
}

static const char *end_sentence(uint8_t end)
{
	switch (end) {
	case EQFW_TRACE_END_COUNT:
		return "all packets seen";
	case EQFW_TRACE_END_TIME:
		return "time is over";
	case EQFW_TRACE_END_REPLACED:
		return "somebody else armed a trace";
	default:
		return "switched off";
	}
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

/* A signal ends the wait, so that the trace does not stay armed. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int watch(struct told *told, struct nl_events *events, const struct nl_trace *filter,
		 bool json)
{
	time_t limit = time(NULL) + (time_t)filter->seconds + 3;
	enum nl_events_result result;
	struct event event;
	uint64_t n = 0;

	while (!interrupted && time(NULL) < limit) {
		result = nl_events_next(events, 1000, &event);
		if (result == NL_EVENT_FAILED) {
			out_complain("cannot listen any more: %s", strerror(errno));
			return EXIT_STATUS_NO_MODULE;
		}
		if (result == NL_EVENT_LOST)
			out_complain("packets were lost: this terminal or pipe is too slow");
		if (result != NL_EVENT)
			continue;
		if (event.cmd == EQFW_CMD_TRACE_END_EVENT) {
			if (!json)
				out_line("%" PRIu64 " packets; %s", n,
					 end_sentence(event.trace_end));
			return EXIT_STATUS_OK;
		}
		if (event.cmd != EQFW_CMD_TRACE_EVENT)
			continue;
		n++;
		told_follow(told, &event);
		if (json)
			json_packet(told, &event);
		else
			print_packet(&event, n);
		if (!out_flush())
			return EXIT_STATUS_NO;
	}
	return EXIT_STATUS_OK;
}

/* An older trace is ended before anybody listens: its end must not be taken for ours. */
static int arm(struct nl *nl, const struct nl_trace *filter, struct nl_events **events)
{
	static const char *const groups[] = { EQFW_GENL_TRACE, NULL };
	int status = nl_trace_set(nl, NULL);

	*events = NULL;
	if (!status)
		status = nl_events_open(groups, NL_EVENTS_BYTES, events);
	if (!status)
		status = nl_trace_set(nl, filter);
	return status;
}

static int trace(struct nl *nl, const struct options *options)
{
	struct told told = { .nl = nl };
	struct nl_events *events = NULL;
	struct profile_file file;
	struct nl_trace filter;
	int status = live_profile(nl, &file);

	if (status)
		return status;
	status = make_filter(&file.profile, options, &filter) ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
	profile_file_free(&file);
	if (status)
		return status;
	catch_signals();
	status = arm(nl, &filter, &events);
	if (!status)
		status = watch(&told, events, &filter, options->json);
	if (!status && interrupted)
		status = nl_trace_set(nl, NULL);
	told_free(&told);
	nl_events_close(events);
	return status;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int status;

	if (!cmd_getopt_only(&cmd_trace, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	status = nl_open(options.netns, &nl);
	if (status)
		return status;
	status = trace(nl, &options);
	nl_close(nl);
	return out_finish(status);
}
