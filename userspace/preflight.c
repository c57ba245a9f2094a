// SPDX-License-Identifier: GPL-2.0
#include "preflight.h"

#include <errno.h>
#include <stdio.h>

#include "cmd.h"
#include "live.h"
#include "nearest.h"
#include "out.h"
#include "replay.h"

static void say_nearest(const struct replay *replay, const struct replayed *replayed)
{
	struct nearest nearest[NEAREST_MAX];

	if (!nearest_find(&replay->base, &replayed->query, &replayed->judgement, nearest))
		return;
	out_complain("nearest that is permitted: %s (%s: %s instead of %s)",
		     profile_item(replay->base.profile, nearest->item), nearest->field,
		     nearest->want, nearest->got);
}

/* No rule will do where the packet comes in by the wrong interface: say which one it is. */
static void say_why(const struct replay *replay, const struct replayed *replayed)
{
	const struct judgement *judgement = &replayed->judgement;

	out_complain("  %s: %s", reason_name(judgement->reason),
		     judgement->steps[judgement->n_steps - 1].text);
	say_nearest(replay, replayed);
}

static void say_session(const struct replay *replay, const struct session *session,
			const struct replayed *replayed, bool certain, bool refused)
{
	char ends[160];

	replayed_text(replayed, ends, sizeof(ends));
	out_complain("%sthis profile would drop %s %s%s", refused ? "" : "warning: ",
		     session->own ? "your SSH connection" : "the SSH session", ends,
		     refused && !session->own && !certain ? ", which may be yours" : "");
	say_why(replay, replayed);
}

/* Carried by a tunnel, its way into the box is another connection, and nobody knows which. */
static bool owner_is_known(const struct sessions *sessions)
{
	bool known = sessions->certain;

	for (size_t i = 0; i < sessions->n; i++) {
		if (!sessions->list[i].own || !wire_is_loopback(&sessions->list[i].wire))
			continue;
		out_complain("warning: your SSH connection comes over loopback: what carries it "
			     "cannot be told");
		known = false;
	}
	return known;
}

/* How many of the sessions that may be the caller's would be dropped. */
static unsigned int replay_sessions(const struct replay *replay, bool refuses)
{
	struct sessions sessions;
	unsigned int lost = 0;
	bool certain;

	sessions_find(&sessions);
	certain = owner_is_known(&sessions);
	for (size_t i = 0; i < sessions.n; i++) {
		const struct session *session = &sessions.list[i];
		bool mine = session->own || !certain;
		struct replayed replayed;

		if (wire_is_loopback(&session->wire) || replay_session(replay, session, &replayed))
			continue;
		say_session(replay, session, &replayed, certain, mine && refuses);
		lost += mine;
	}
	sessions_free(&sessions);
	return lost;
}

static void say_guard(const struct replay *replay, uint32_t item, const struct replayed *replayed)
{
	char ends[160];

	replayed_text(replayed, ends, sizeof(ends));
	out_complain("warning: %s would not pass: %s", profile_item(replay->base.profile, item),
		     ends);
	say_why(replay, replayed);
}

static int judge_all(const struct profile_file *file, struct eqfw_table *table, bool refuses)
{
	struct box_addresses box;
	struct replay replay = { { &file->profile, table }, &box };
	unsigned int lost;

	box_addresses_read(&box);
	box_compare(&file->profile, box.list, box.n);
	box_warn_interfaces(&file->profile);
	replay_guards(&replay, say_guard);
	lost = replay_sessions(&replay, refuses);
	box_addresses_free(&box);
	if (!lost || !refuses)
		return EXIT_STATUS_OK;
	out_complain("nothing was changed: add a guard for it, or say --force");
	return EXIT_STATUS_NO;
}

int preflight(const struct profile_file *file, bool audit, bool force)
{
	struct eqfw_table *table;
	struct eqfw_fault fault = { 0 };
	int error = eqfw_table_build(&file->profile, &table, &fault), exit_status;

	if (error) {
		out_complain("no table can be made of it: %s",
			     error == -E2BIG ? fault.what : "out of memory");
		return error == -E2BIG ? EXIT_STATUS_INVALID : EXIT_STATUS_NO;
	}
	exit_status = judge_all(file, table, !audit && !force);
	eqfw_table_free(table);
	return exit_status;
}
