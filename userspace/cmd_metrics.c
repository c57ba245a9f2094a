// SPDX-License-Identifier: GPL-2.0

#include "cmd.h"
#include "image.h"
#include "live.h"
#include "metrics.h"
#include "nl.h"
#include "out.h"

struct options {
	bool json;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_metrics = {
	.name = "metrics",
	.args = "",
	.help = "print all figures for Prometheus",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static void gauge(json_t *families, const char *name, const char *help, uint64_t value)
{
	metrics_sample(metrics_family(families, name, "gauge", help), value, NULL);
}

static void put_state(json_t *families, const struct nl_status *status)
{
	static const char *const states[] = { "none", "enforcing", "auditing" };
	json_t *family = metrics_family(families, "eqfw_state", "gauge",
					"What the module does: the state that is 1.");

	for (unsigned int i = 0; i < 3; i++)
		metrics_sample(family, status->state == i, "state", states[i], NULL);
	gauge(families, "eqfw_generation", "Loads and clears of this network namespace.",
	      status->generation);
	gauge(families, "eqfw_conntrack_entries", "Entries of connection tracking.",
	      status->conntrack_count);
	gauge(families, "eqfw_conntrack_entries_limit",
	      "Entries that connection tracking may have.", status->conntrack_max);
}

static void put_profile(json_t *families, const struct nl_status *status)
{
	char digest[65];
	json_t *family =
		metrics_family(families, "eqfw_profile_info", "gauge", "The live profile.");

	digest_hex(status->digest, digest);
	metrics_sample(family, 1, "name", status->name, "matrix", status->matrix, "digest", digest,
		       NULL);
	gauge(families, "eqfw_profile_loaded_timestamp_seconds", "When the profile was loaded.",
	      status->loaded_at);
	gauge(families, "eqfw_profile_rules", "Rules of the profile.", status->rules);
	gauge(families, "eqfw_table_bytes", "Memory of the lookup table.", status->table_bytes);
	gauge(families, "eqfw_counter_bytes", "Memory of the counters, all CPUs.",
	      status->counter_bytes);
	gauge(families, "eqfw_image_bytes", "Memory of the kept profile.", status->image_bytes);
	metrics_sample(metrics_family(families, "eqfw_unzoned_passed_packets_total", "counter",
				      "Packets of hosts that passed on interfaces of no zone."),
		       status->unzoned_passed, NULL);
}

static void put_reasons(json_t *families, const struct live_drops *drops, bool audit)
{
	const char *prefix = audit ? "Would have been dropped" : "Dropped";
	char help[64];
	json_t *packets, *bytes;

	snprintf(help, sizeof(help), "%s, by reason.", prefix);
	packets = metrics_family(families,
				 audit ? "eqfw_audit_packets_total" : "eqfw_drop_packets_total",
				 "counter", help);
	bytes = metrics_family(families, audit ? "eqfw_audit_bytes_total" : "eqfw_drop_bytes_total",
			       "counter", help);
	for (size_t i = 0; i < drops->n_reasons; i++) {
		const struct live_reason *reason = &drops->reasons[i];
		const struct live_count *count = audit ? &reason->audited : &reason->dropped;

		metrics_sample(packets, count->packets, "reason", reason_name(reason->code), NULL);
		metrics_sample(bytes, count->bytes, "reason", reason_name(reason->code), NULL);
	}
}

static void put_pairs(json_t *families, const struct live_drops *drops)
{
	json_t *packets = metrics_family(families, "eqfw_zone_packets_total", "counter",
					 "Packets from zone to zone, by verdict.");
	json_t *bytes = metrics_family(families, "eqfw_zone_bytes_total", "counter",
				       "Bytes from zone to zone, by verdict.");

	for (size_t i = 0; i < drops->n_pairs; i++) {
		const struct live_pair *pair = &drops->pairs[i];

		metrics_sample(packets, pair->passed.packets, "from", pair->from, "to", pair->to,
			       "verdict", "pass", NULL);
		metrics_sample(packets, pair->dropped.packets, "from", pair->from, "to", pair->to,
			       "verdict", "drop", NULL);
		metrics_sample(bytes, pair->passed.bytes, "from", pair->from, "to", pair->to,
			       "verdict", "pass", NULL);
		metrics_sample(bytes, pair->dropped.bytes, "from", pair->from, "to", pair->to,
			       "verdict", "drop", NULL);
	}
}

static void put_items(json_t *families, const struct live_items *items)
{
	json_t *packets =
		metrics_family(families, "eqfw_item_packets_total", "counter",
			       "Packets that passed by an item of the document or the site.");
	json_t *bytes = metrics_family(families, "eqfw_item_bytes_total", "counter",
				       "Bytes that passed by an item of the document or the site.");

	for (size_t i = 0; i < items->n; i++) {
		metrics_sample(packets, items->items[i].passed.packets, "item", items->items[i].id,
			       NULL);
		metrics_sample(bytes, items->items[i].passed.bytes, "item", items->items[i].id,
			       NULL);
	}
}

static int collect(struct nl *nl, const struct nl_status *status, json_t *families)
{
	struct live_drops drops = { 0 };
	struct live_items items = { 0 };
	int exit_status = live_drops(nl, &drops);

	if (!exit_status)
		exit_status = live_items(nl, &items);
	if (!exit_status) {
		put_profile(families, status);
		put_reasons(families, &drops, false);
		put_reasons(families, &drops, true);
		put_pairs(families, &drops);
		put_items(families, &items);
	}
	live_drops_free(&drops);
	live_items_free(&items);
	return exit_status;
}

static void print(const struct nl_status *status, json_t *families, bool json)
{
	char digest[65];
	json_t *root;

	if (!json) {
		metrics_print(families);
		return;
	}
	digest_hex(status->digest, digest);
	root = out_json_new("metrics/1", status->has_digest ? digest : NULL);
	json_object_set(root, "metrics", families);
	out_json_print(root);
}

static int metrics(struct nl *nl, bool json)
{
	json_t *families = json_array();
	struct nl_status status;
	int exit_status = nl_status(nl, &status);

	if (!exit_status)
		put_state(families, &status);
	if (!exit_status && status.state != EQFW_STATE_NONE)
		exit_status = collect(nl, &status, families);
	if (!exit_status)
		print(&status, families, json);
	json_decref(families);
	return out_finish(exit_status);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct nl *nl;
	int exit_status;

	if (!cmd_getopt_only(&cmd_metrics, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	exit_status = nl_open(options.netns, &nl);
	if (exit_status)
		return exit_status;
	exit_status = metrics(nl, options.json);
	nl_close(nl);
	return exit_status;
}
