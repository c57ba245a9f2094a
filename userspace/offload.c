// SPDX-License-Identifier: GPL-2.0
#include "offload.h"

#include <stdio.h>

#include "cmd.h"
#include "ip_proto.h"
#include "live.h"
#include "out.h"
#include "replay.h"

struct search {
	struct replay replay;
	struct offload *out;
};

static size_t n_shown(const struct offload *offload)
{
	return offload->denied < OFFLOAD_SHOWN ? offload->denied : OFFLOAD_SHOWN;
}

/* What a helper expected is permitted as long as the connection that it watches is. */
static bool is_related(const struct replay *replay, const struct tracked_way *master)
{
	const struct eqfw_profile *profile = replay->base.profile;
	struct replayed replayed;

	return master->proto && replay_flow(replay, master, &replayed) &&
	       replayed.judgement.item < profile->n_items &&
	       le16toh(profile->items[replayed.judgement.item].flags) & EQFW_ITEM_RELATED;
}

/*
 * As kmod/ct.c judges an entry, but for TCP that was met half-way and counts from either end: of an
 * offloaded one conntrack does not tell. Better one too many is called denied.
 */
static void judge_entry(void *ctx, const struct tracked *entry)
{
	const struct search *search = ctx;
	struct offload *out = search->out;
	struct replayed replayed;
	char ends[160], number[4];

	if (replay_flow(&search->replay, &entry->original, &replayed) ||
	    is_related(&search->replay, &entry->master))
		return;
	replayed_text(&replayed, ends, sizeof(ends));
	if (out->denied < OFFLOAD_SHOWN)
		snprintf(out->shown[out->denied], sizeof(*out->shown), "%s %s: %s",
			 ip_proto_name(entry->original.proto, number), ends,
			 reason_name(replayed.judgement.reason));
	out->denied++;
}

int offload_find(struct nl *nl, struct offload *out)
{
	struct box_addresses box;
	struct profile_file file;
	struct eqfw_fault fault;
	struct eqfw_table *table;
	struct nft_found flowtables;
	int exit_status;

	*out = (struct offload){ 0 };
	if (!ask_flowtables(&flowtables) || !flowtables.n)
		return EXIT_STATUS_OK;
	exit_status = live_profile(nl, &file);
	if (exit_status)
		return exit_status;
	out->unknown = true;
	if (!eqfw_table_build(&file.profile, &table, &fault)) {
		struct search search = { { { &file.profile, table }, &box }, out };

		box_addresses_read(&box);
		out->unknown = !ask_offloaded(judge_entry, &search);
		box_addresses_free(&box);
		eqfw_table_free(table);
	}
	profile_file_free(&file);
	return EXIT_STATUS_OK;
}

void offload_print(const struct offload *offload)
{
	if (offload->unknown)
		out_line(
			"  offloaded flows: there is a flowtable, and what is in it cannot be told: "
			"conntrack's entries cannot be listed (modprobe nf_conntrack_netlink)");
	if (!offload->denied)
		return;
	out_line(
		"  warning: a flowtable forwards %zu flow%s that this profile denies, past any hook; "
		"to end %s: conntrack -D, or nft delete flowtable",
		offload->denied, offload->denied == 1 ? "" : "s",
		offload->denied == 1 ? "it" : "them");
	for (size_t i = 0; i < n_shown(offload); i++)
		out_line("    %s", offload->shown[i]);
	if (offload->denied > OFFLOAD_SHOWN)
		out_line("    and %zu more", offload->denied - OFFLOAD_SHOWN);
}

json_t *offload_json(const struct offload *offload)
{
	json_t *first = json_array();

	for (size_t i = 0; i < n_shown(offload); i++)
		json_array_append_new(first, out_json_string(offload->shown[i]));
	return json_pack("{s:o,s:o}", "flows",
			 offload->unknown ? json_null() : json_integer((json_int_t)offload->denied),
			 "first", first);
}
