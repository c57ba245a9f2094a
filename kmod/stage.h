/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_STAGE_H
#define EQFW_STAGE_H

#include "counters.h"

struct eqfw_live;
struct eqfw_load;
struct eqfw_net;
struct netlink_ext_ack;

/**
 * struct eqfw_stage - a profile that is judged beside the live one, and what would be different
 * @next: the profile; complete, its own counters untouched until it is promoted
 * @drops: packets that passed and that @next would drop: by the live profile's items and zones
 * @passes: packets that were dropped and that @next would let pass: by its items and zones; also
 *	the reasons of @drops, as audit counts
 *
 * Hangs off the live profile (eqfw_live.stage) and goes with it. In both counters "unzoned" stands
 * for the sum of all packets.
 */
struct eqfw_stage {
	struct eqfw_live *next;
	struct eqfw_counters *drops;
	struct eqfw_counters *passes;
};

/**
 * eqfw_stage_count() - count where two judgements of one packet differ
 * @stage: the staged profile
 * @now: what the live profile says
 * @next: what the staged one says
 * @bytes: length from the network header on
 *
 * Context: packet path, RCU read side.
 */
void eqfw_stage_count(const struct eqfw_stage *stage, const struct eqfw_verdict *now,
		      const struct eqfw_verdict *next, unsigned int bytes);

/**
 * eqfw_stage_free() - release a staged profile that no packet meets any more
 * @stage: the stage or NULL; its @next may be NULL
 */
void eqfw_stage_free(struct eqfw_stage *stage);

/**
 * eqfw_stage_next() - the staged profile of a live one
 * @live: the live profile or NULL
 *
 * Context: the namespace's mutex or RTNL held.
 * Return: the profile or NULL.
 */
struct eqfw_live *eqfw_stage_next(const struct eqfw_live *live);

/**
 * eqfw_stage_part() - a promoted profile is not staged any more
 * @was: the profile that it was staged beside, or NULL; no packet meets it now
 * @promoted: the profile or NULL
 *
 * Does nothing where @promoted is not staged beside @was.
 */
void eqfw_stage_part(struct eqfw_live *was, const struct eqfw_live *promoted);

/**
 * eqfw_stage_set() - check, build and stage a profile; what was staged goes
 * @en: the namespace
 * @load: the request; its image is taken over, whatever is returned
 * @extack: gets a sentence on every refusal
 *
 * Context: process context, no locks held; sleeps for a grace period.
 * Return: 0, as eqfw_load(), -ENOENT without a live profile.
 */
int eqfw_stage_set(struct eqfw_net *en, struct eqfw_load *load, struct netlink_ext_ack *extack);

/**
 * eqfw_stage_clear() - stage nothing
 * @en: the namespace
 * @generation: the generation that the request names
 * @extack: gets a sentence on every refusal
 *
 * Context: process context, no locks held; sleeps for a grace period.
 * Return: 0, -EBUSY, -ESTALE, -ENOENT where nothing is staged.
 */
int eqfw_stage_clear(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack);

#endif
