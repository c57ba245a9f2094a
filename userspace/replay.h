/* SPDX-License-Identifier: GPL-2.0 */
/* What a profile that is not live yet would do to connections that exist and to its own guards. */
#ifndef EQFW_REPLAY_H
#define EQFW_REPLAY_H

#include "box.h"
#include "caller.h"
#include "flow_judge.h"

/**
 * struct replay - a profile against the box as it is now
 * @base: the profile and its table
 * @box: the box's addresses
 */
struct replay {
	struct flow_base base;
	const struct box_addresses *box;
};

/**
 * struct replayed - one connection, judged
 * @query: its first packet as it comes in, or the answer to it
 * @judgement: what becomes of that
 * @in: interface that it comes in on, "" where no route says
 */
struct replayed {
	struct flow_query query;
	struct judgement judgement;
	char in[IF_NAMESIZE];
};

/*
 * Judge a session in both directions, as its packets look before any translation: what the peer
 * sends, and, where the server is behind this box, what the server answers; what the box itself
 * sends is never judged. `out` is the first packet that is dropped, else the peer's. Returns
 * whether all pass. `out` must not move: its query points into it.
 */
bool replay_session(const struct replay *replay, const struct session *session,
		    struct replayed *out);

/*
 * Would a flow that was let in long ago begin today? Interfaces are asked for only where no item
 * permits it; then `out` says why not, else only which item.
 */
bool replay_flow(const struct replay *replay, const struct tracked_way *way, struct replayed *out);

/* "10.1.99.7:51000 -> 10.1.0.1:22 (in on core0)" */
void replayed_text(const struct replayed *replayed, char *out, size_t size);

/*
 * Judge an example packet of each guard, coming in where a route to its source leaves; `drop` is
 * told of those that would be dropped. Guards whose sources have no route say nothing.
 */
void replay_guards(const struct replay *replay,
		   void (*drop)(const struct replay *replay, uint32_t item,
				const struct replayed *replayed));

#endif
