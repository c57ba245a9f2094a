// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "flow_judge.h"
#include "ip_proto.h"
#include "live.h"
#include "numbers.h"
#include "out.h"
#include "told.h"

struct options {
	bool drops;
	bool changes;
	bool json;
	uint64_t count;
	uint64_t seconds;
	uint64_t buffer;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("drops", 'd', "only drops", drops),
	CMD_FLAG("changes", 'c', "only changes of the configuration", changes),
	CMD_NUMBER("count", 'n', "N", "end after N events", count, 1, UINT32_MAX),
	CMD_TIME("for", 0, "end after this time: 30s, 5m, 1h", seconds, 1, 31536000),
	CMD_NUMBER("buffer-size", 0, "BYTES",
		   "what the kernel keeps while nobody reads (default 4194304)", buffer, 4096,
		   1 << 30),
	CMD_FLAG("json", 'j', "print JSON, an object a line", json),
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_monitor = {
	.name = "monitor",
	.args = "",
	.help = "tell of drops and changes as they happen, in the document's terms",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static const char *state_name(uint8_t state)
{
	static const char *const names[] = { "none", "enforcing", "auditing" };

	return state < 3 ? names[state] : "unknown";
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void print_item(const struct told *told, const char *label, const char *id)
{
	const struct eqfw_profile *profile = &told->file.file.profile;
	const struct eqfw_item_rec *item = told_item(told, id);

	if (item)
		out_line("    %s %s: %s: %s", label, id, eqfw_profile_string(profile, item->pair),
			 eqfw_profile_string(profile, item->printed));
	else if (*id)
		out_line("    %s %s", label, id);
}

static void print_drop(const struct told *told, const struct event *event)
{
	char from[TOLD_END_MAX], to[TOLD_END_MAX], time[TOLD_TIME_MAX], number[4];
	struct nearest nearest[NEAREST_MAX];
	size_t n = told_nearest(told, event, nearest);

	out_line("%s %s %s  %s %s > %s  in %s  %s > %s", told_time(event->time_ns, time),
		 event->audit ? "audit" : "drop", reason_name(event->reason),
		 event->has_proto ? ip_proto_name(event->flow.proto, number) : "?",
		 told_end(event, true, from), told_end(event, false, to), event->in,
		 event->from_zone, event->to_zone);
	out_line("    why %s", reason_sentence(event->reason));
	print_item(told, "item", event->item);
	for (size_t i = 0; i < n && i < 2; i++) {
		print_item(told, "nearest",
			   profile_item(&told->file.file.profile, nearest[i].item));
		out_line("      %s: %s instead of %s", nearest[i].field, nearest[i].want,
			 nearest[i].got);
	}
}

static void json_drop(const struct told *told, const struct event *event)
{
	json_t *root = told_json(told, event, "event/1");

	json_object_set_new(root, "event", json_string("drop"));
	json_object_set_new(root, "sentence", json_string(reason_sentence(event->reason)));
	json_object_set_new(root, "nearest", told_nearest_json(told, event));
	json_object_set_new(root, "suppressed", json_integer((json_int_t)event->suppressed));
	out_json_line(root);
}

static void tell_change(const struct event *event, bool json)
{
	char time[TOLD_TIME_MAX], digest[65];
	json_t *root;

	told_time(now_ns(), time);
	digest_hex(event->digest, digest);
	if (!json) {
		out_line("%s %s%s  now %s%s%s, generation %" PRIu64 "%s%.12s", time,
			 nl_change_name(event->change),
			 event->expired ? " (not confirmed in time)" : "", state_name(event->state),
			 *event->name ? " " : "", event->name, event->generation,
			 event->has_digest ? ", digest " : "", event->has_digest ? digest : "");
		if (event->confirm_s)
			out_line("    awaits confirmation, %u s left", event->confirm_s);
		return;
	}
	root = out_json_new("event/1", event->has_digest ? digest : NULL);
	json_object_set_new(root, "event", json_string("change"));
	json_object_set_new(root, "time", json_string(time));
	json_object_set_new(root, "change", json_string(nl_change_name(event->change)));
	json_object_set_new(root, "state", json_string(state_name(event->state)));
	json_object_set_new(root, "generation", json_integer((json_int_t)event->generation));
	json_object_set_new(root, "name", out_json_string(*event->name ? event->name : NULL));
	json_object_set_new(root, "expired", json_boolean(event->expired));
	json_object_set_new(root, "confirm_left_s",
			    event->confirm_s ? json_integer(event->confirm_s) : json_null());
	out_json_line(root);
}

static void tell_suppressed(uint64_t total, uint64_t fresh, bool json)
{
	char time[TOLD_TIME_MAX];
	json_t *root;

	told_time(now_ns(), time);
	if (!json) {
		out_line("%s %" PRIu64 " drops more were not told one by one (rate limit)", time,
			 fresh);
		return;
	}
	root = out_json_new("event/1", NULL);
	json_object_set_new(root, "event", json_string("suppressed"));
	json_object_set_new(root, "time", json_string(time));
	json_object_set_new(root, "suppressed", json_integer((json_int_t)total));
	json_object_set_new(root, "since_last", json_integer((json_int_t)fresh));
	out_json_line(root);
}

static void tell_lost(bool json)
{
	char time[TOLD_TIME_MAX];
	json_t *root;

	told_time(now_ns(), time);
	if (!json) {
		out_complain("events were lost: this terminal or pipe is too slow");
		return;
	}
	root = out_json_new("event/1", NULL);
	json_object_set_new(root, "event", json_string("lost"));
	json_object_set_new(root, "time", json_string(time));
	out_json_line(root);
}

/* What was suppressed before this event, told before it. */
static void follow_suppressed(const struct event *event, uint64_t *seen, bool json)
{
	if (event->suppressed > *seen)
		tell_suppressed(event->suppressed, event->suppressed - *seen, json);
	*seen = event->suppressed;
}

static void tell(struct told *told, const struct event *event, uint64_t *seen, bool json)
{
	if (event->cmd == EQFW_CMD_CHANGE_EVENT) {
		/* A new namespace state counts from zero again. */
		*seen = event->change == EQFW_CHANGE_CLEAR ? 0 : *seen;
		tell_change(event, json);
		return;
	}
	if (event->cmd == EQFW_CMD_DROP_EVENT || event->cmd == EQFW_CMD_SUPPRESSED_EVENT)
		follow_suppressed(event, seen, json);
	if (event->cmd != EQFW_CMD_DROP_EVENT)
		return;
	told_follow(told, event);
	if (json)
		json_drop(told, event);
	else
		print_drop(told, event);
}

/* Milliseconds until a point in time, for poll(); -1 where there is none. */
static int patience(uint64_t end_ns)
{
	uint64_t now = now_ns();

	if (!end_ns)
		return -1;
	return now >= end_ns ? 0 : (int)((end_ns - now) / 1000000u + 1);
}

static int listen_for(struct told *told, struct nl_events *events, const struct options *options)
{
	uint64_t end_ns = options->seconds ? now_ns() + options->seconds * 1000000000u : 0;
	uint64_t seen = 0, left = options->count ? options->count : UINT64_MAX;
	enum nl_events_result result;
	struct event event;

	while (left && (!end_ns || now_ns() < end_ns)) {
		result = nl_events_next(events, patience(end_ns), &event);
		if (result == NL_EVENT_FAILED) {
			out_complain("cannot listen any more: %s", strerror(errno));
			return EXIT_STATUS_NO_MODULE;
		}
		if (result == NL_EVENT_LOST)
			tell_lost(options->json);
		if (result == NL_EVENT) {
			tell(told, &event, &seen, options->json);
			left -= event.cmd != EQFW_CMD_SUPPRESSED_EVENT;
		}
		if (!out_flush())
			return EXIT_STATUS_NO;
	}
	return EXIT_STATUS_OK;
}

static int monitor(struct nl *nl, const struct options *options)
{
	bool all = options->drops == options->changes;
	const char *groups[3] = { 0 };
	struct told told = { .nl = nl };
	struct nl_events *events;
	size_t n = 0;
	int status;

	if (all || options->drops)
		groups[n++] = EQFW_GENL_DROPS;
	if (all || options->changes)
		groups[n++] = EQFW_GENL_CHANGES;
	status = nl_events_open(groups, (unsigned int)options->buffer, &events);
	if (status)
		return status;
	status = listen_for(&told, events, options);
	told_free(&told);
	nl_events_close(events);
	return status;
}

static int run(int argc, char **argv)
{
	struct options options = { .buffer = NL_EVENTS_BYTES };
	struct nl *nl;
	int status;

	if (!cmd_getopt_only(&cmd_monitor, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	status = nl_open(options.netns, &nl);
	if (status)
		return status;
	status = monitor(nl, &options);
	nl_close(nl);
	return status;
}
