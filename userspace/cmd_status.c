// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdlib.h>

#include "box.h"
#include "cmd.h"
#include "hooks.h"
#include "live.h"
#include "nl.h"
#include "offload.h"
#include "out.h"
#include "pending.h"
#include "status_all.h"
#include "units.h"

struct options {
	bool all;
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_FLAG("all", 'a', "every network namespace that has a profile", all),
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_status = {
	.name = "status",
	.args = "",
	.help = "say what the module does here; exit 1 where it does not enforce",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static const char *state_name(uint8_t state)
{
	return state == EQFW_STATE_ENFORCING  ? "enforcing"
	       : state == EQFW_STATE_AUDITING ? "auditing"
					      : "none";
}

/* Does every packet that the profile denies end here? */
static bool is_whole(const struct nl_status *status, const struct offload *offload)
{
	return status->state == EQFW_STATE_ENFORCING && !offload->denied;
}

/* The profile and what stands around it: others' hooks, and what passes them all unseen. */
struct around {
	struct offload offload;
	struct hooks hooks;
	struct profile_file file;
};

struct totals {
	struct live_count dropped;
	struct live_count audited;
};

static struct totals add_up(const struct live_drops *drops)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < drops->n_reasons; i++) {
		totals.dropped.packets += drops->reasons[i].dropped.packets;
		totals.dropped.bytes += drops->reasons[i].dropped.bytes;
		totals.audited.packets += drops->reasons[i].audited.packets;
		totals.audited.bytes += drops->reasons[i].audited.bytes;
	}
	return totals;
}

static void print_memory(const struct nl_status *status)
{
	char table[UNITS_MAX], counters[UNITS_MAX], image[UNITS_MAX];

	out_line("  table: %s (%u zones, %u classes, %u rules, %u items)",
		 units_bytes(status->table_bytes, table), status->zones, status->classes,
		 status->rules, status->items);
	out_line("  counters: %s", units_bytes(status->counter_bytes, counters));
	out_line("  profile: %s", units_bytes(status->image_bytes, image));
}

/* The fill, and where it cannot hold what the deployment expects or has little room left. */
static void print_conntrack(const struct nl_status *status)
{
	uint64_t max = status->conntrack_max;
	unsigned int percent = max ? (unsigned int)((uint64_t)status->conntrack_count * 100 / max)
				   : 0;

	out_line("  conntrack: %u of %u (%u %%)%s", status->conntrack_count, status->conntrack_max,
		 percent, percent >= 90 ? ": raise nf_conntrack_max" : "");
	if (max && max < status->flows)
		out_line("  warning: the deployment expects %u flows: raise nf_conntrack_max",
			 status->flows);
}

static void print_traffic(const struct nl_status *status, const struct totals *totals)
{
	char bytes[UNITS_MAX];

	print_conntrack(status);
	out_line("  dropped: %" PRIu64 " packets, %s", totals->dropped.packets,
		 units_bytes(totals->dropped.bytes, bytes));
	if (totals->audited.packets || status->state == EQFW_STATE_AUDITING)
		out_line("  would be dropped: %" PRIu64 " packets, %s", totals->audited.packets,
			 units_bytes(totals->audited.bytes, bytes));
	if (status->adopt_s || status->adopted)
		out_line("  adopted: %" PRIu64 " packets of older TCP sessions%s", status->adopted,
			 status->adopt_s ? "" : "; the time for it is over");
	if (status->adopt_s)
		out_line("  adopting for %u s more", status->adopt_s);
	out_line("  passed on interfaces of no zone: %" PRIu64 " packets", status->unzoned_passed);
}

static void print_staged(const struct nl_status *status)
{
	char digest[65];

	if (!status->has_staged)
		return;
	digest_hex(status->staged_digest, digest);
	out_line("  staged: %s %.12s: would drop %" PRIu64 " packets that passed, pass %" PRIu64
		 " that were dropped",
		 status->staged_name, digest, status->staged_drops, status->staged_passes);
}

static json_t *json_staged(const struct nl_status *status)
{
	char digest[65];

	if (!status->has_staged)
		return json_null();
	digest_hex(status->staged_digest, digest);
	return json_pack("{s:o,s:s,s:I,s:I}", "name", out_json_string(status->staged_name),
			 "digest", digest, "would_drop_packets", (json_int_t)status->staged_drops,
			 "would_pass_packets", (json_int_t)status->staged_passes);
}

static void print_missing_one(void *ctx, const char *zone, const char *name, bool prefix)
{
	char text[BOX_MISSING_TEXT];

	(void)ctx;
	box_missing_text(zone, name, prefix, text, sizeof(text));
	out_line("  %s", text);
}

static void add_missing_one(void *ctx, const char *zone, const char *name, bool prefix)
{
	json_array_append_new(ctx,
			      json_pack("{s:o,s:o,s:b}", "zone", out_json_string(zone), "interface",
					out_json_string(name), "pattern", prefix));
}

/* @profile NULL: none is live. */
static json_t *json_missing(const struct eqfw_profile *profile)
{
	json_t *array = json_array();

	if (profile)
		box_missing_interfaces(profile, add_missing_one, array);
	return array;
}

static void print_text(const struct nl_status *status, const struct totals *totals,
		       const struct around *around)
{
	const struct offload *offload = &around->offload;
	char digest[65], loaded[UNITS_MAX];

	if (status->state == EQFW_STATE_NONE) {
		out_headline(OUT_RED, "eqfw:", " no profile; packets are not looked at");
		out_line("  generation: %" PRIu64, status->generation);
		pending_print(status);
		pending_print_rollback(status);
		out_line("  module: %s", status->module_version);
		return;
	}
	digest_hex(status->digest, digest);
	out_headline(is_whole(status, offload) ? OUT_GREEN : OUT_RED, "eqfw:", " %s%s %s",
		     state_name(status->state), offload->denied ? " partly" : "", status->name);
	offload_print(offload);
	box_missing_interfaces(&around->file.profile, print_missing_one, NULL);
	out_line("  digest: %.12s", digest);
	out_line("  generation: %" PRIu64, status->generation);
	out_line("  loaded: %s", units_time(status->loaded_at, loaded));
	if (status->mode_s)
		out_line("  the profile's own mode again in %u s", status->mode_s);
	print_staged(status);
	pending_print(status);
	pending_print_rollback(status);
	out_line("  matrix: %s", status->matrix);
	print_memory(status);
	print_traffic(status, totals);
	hooks_print(&around->hooks);
	out_line("  module: %s", status->module_version);
}

static json_t *json_profile(const struct nl_status *status)
{
	char loaded[UNITS_MAX];

	units_time(status->loaded_at, loaded);
	return json_pack("{s:o,s:o,s:s?,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "name",
			 out_json_string(status->name), "matrix", out_json_string(status->matrix),
			 "loaded_at", *loaded ? loaded : NULL, "zones", (json_int_t)status->zones,
			 "classes", (json_int_t)status->classes, "rules", (json_int_t)status->rules,
			 "items", (json_int_t)status->items, "table_bytes",
			 (json_int_t)status->table_bytes, "counter_bytes",
			 (json_int_t)status->counter_bytes, "image_bytes",
			 (json_int_t)status->image_bytes, "flows", (json_int_t)status->flows);
}

static json_t *json_count(const struct live_count *count)
{
	return json_pack("{s:I,s:I}", "packets", (json_int_t)count->packets, "bytes",
			 (json_int_t)count->bytes);
}

static bool print_json(const struct nl_status *status, const struct totals *totals,
		       const struct around *around)
{
	bool loaded = status->state != EQFW_STATE_NONE;
	char digest[65];
	json_t *root;

	digest_hex(status->digest, digest);
	root = out_json_new("status/1", loaded ? digest : NULL);
	json_object_set_new(root, "state", json_string(state_name(status->state)));
	json_object_set_new(root, "mode",
			    !loaded			      ? json_null()
			    : status->mode == EQFW_MODE_AUDIT ? json_string("audit")
							      : json_string("enforce"));
	json_object_set_new(root, "offloaded_denied", offload_json(&around->offload));
	json_object_set_new(root, "hooks", hooks_json(&around->hooks));
	json_object_set_new(root, "missing_interfaces",
			    json_missing(loaded ? &around->file.profile : NULL));
	json_object_set_new(root, "generation", json_integer((json_int_t)status->generation));
	json_object_set_new(root, "mode_left_s",
			    status->mode_s ? json_integer(status->mode_s) : json_null());
	json_object_set_new(root, "staged", json_staged(status));
	json_object_set_new(root, "pending", pending_json(status));
	json_object_set_new(root, "last_rollback", pending_rollback_json(status));
	json_object_set_new(root, "profile", loaded ? json_profile(status) : json_null());
	json_object_set_new(root, "dropped", json_count(&totals->dropped));
	json_object_set_new(root, "audited", json_count(&totals->audited));
	json_object_set_new(root, "unzoned_passed_packets",
			    json_integer((json_int_t)status->unzoned_passed));
	json_object_set_new(root, "adopt_left_s",
			    status->adopt_s ? json_integer(status->adopt_s) : json_null());
	json_object_set_new(root, "adopted_packets", json_integer((json_int_t)status->adopted));
	json_object_set_new(root, "conntrack",
			    json_pack("{s:I,s:I}", "entries", (json_int_t)status->conntrack_count,
				      "max_entries", (json_int_t)status->conntrack_max));
	json_object_set_new(root, "module",
			    json_pack("{s:o,s:I}", "version",
				      out_json_string(status->module_version), "format_version",
				      (json_int_t)status->format_version));
	return out_json_print(root);
}

static int show(const struct options *options)
{
	struct live_drops drops = { 0 };
	struct around around = { 0 };
	struct nl_status status;
	struct totals totals;
	struct nl *nl;
	int exit_status = nl_open(options->netns, &nl);

	if (exit_status)
		return exit_status;
	exit_status = nl_status(nl, &status);
	if (!exit_status && status.state != EQFW_STATE_NONE)
		exit_status = live_drops(nl, &drops);
	if (!exit_status && status.state == EQFW_STATE_ENFORCING)
		exit_status = offload_find(nl, &around.offload);
	if (!exit_status && status.state != EQFW_STATE_NONE)
		hooks_find(&around.hooks);
	if (!exit_status && status.state != EQFW_STATE_NONE)
		exit_status = live_profile(nl, &around.file);
	nl_close(nl);
	totals = add_up(&drops);
	live_drops_free(&drops);
	if (exit_status)
		return exit_status;
	if (options->json)
		print_json(&status, &totals, &around);
	else
		print_text(&status, &totals, &around);
	hooks_free(&around.hooks);
	profile_file_free(&around.file);
	return is_whole(&status, &around.offload) ? EXIT_STATUS_OK : EXIT_STATUS_NO;
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int first = cmd_getopt(&cmd_status, argc, argv, &options);

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first < argc)
		return cmd_usage_error(&cmd_status, "unexpected argument \"%s\"", argv[first]);
	if (options.all && options.netns)
		return cmd_usage_error(&cmd_status, "--all or --netns");
	return out_finish(options.all ? status_all(options.json) : show(&options));
}
