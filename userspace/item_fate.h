/* SPDX-License-Identifier: GPL-2.0 */
/* Whether an item of the matrix is switched on at a site, and if not, by what (DESIGN 3.7). */
#ifndef EQFW_ITEM_FATE_H
#define EQFW_ITEM_FATE_H

#include "deployment.h"

struct ruleset;

/**
 * enum item_fate - what became of an item
 * @FATE_OPEN: it permits something
 * @FATE_SWITCHED: switched off by name
 * @FATE_LEVEL: its requirement is beyond the site's level
 * @FATE_FUNCTION: its function is not used
 * @FATE_FEATURE: its feature is not named
 * @FATE_CONDITION: its row asks for a role that nobody plays
 * @FATE_NOBODY: nobody plays one of its ends
 * @FATE_PORTS: the site has not stated the ports (vendor's own, multicast groups)
 * @FATE_INSIDE: both ends stand in one zone: such packets pass without a row
 * @FATE_FORBID: the document closes it on purpose
 */
enum item_fate {
	FATE_OPEN,
	FATE_SWITCHED,
	FATE_LEVEL,
	FATE_FUNCTION,
	FATE_FEATURE,
	FATE_CONDITION,
	FATE_NOBODY,
	FATE_PORTS,
	FATE_INSIDE,
	FATE_FORBID,
	N_FATES
};

/*
 * By the site's switches alone: FATE_OPEN, SWITCHED, LEVEL, FUNCTION, FEATURE or CONDITION.
 * `condition_met`: somebody plays the role that the item's condition names.
 */
enum item_fate item_switch_fate(const struct deployment *deployment, const struct item *item,
				bool condition_met);

/**
 * struct item_facts - a matrix item at a site
 * @fate: what became of it; where nobody plays an end, no level or feature would open it
 * @by_switches: what the site's switches alone make of it
 * @missing: of FATE_NOBODY and FATE_CONDITION: the roles that nobody plays
 */
struct item_facts {
	enum item_fate fate;
	enum item_fate by_switches;
	struct role_list missing;
};

/**
 * struct fates - what became of the whole document at a site
 * @deployment: the site
 * @matrix: the document
 * @arena: what the rest lives in
 * @kinds: endpoints, one for each zone and set of roles
 * @n_kinds: how many
 * @played: by index of matrix role: somebody plays it
 * @facts: by index of matrix item
 */
struct fates {
	const struct deployment *deployment;
	const struct matrix *matrix;
	struct arena *arena;
	const struct endpoint **kinds;
	size_t n_kinds;
	bool *played;
	struct item_facts *facts;
};

void fates_find(struct fates *fates, const struct ruleset *ruleset, struct arena *arena);
const struct item_facts *item_facts(const struct fates *fates, const struct item *item);
/* Does anybody play the role? A leg's or a child's player plays the device as well. */
bool role_played(const struct fates *fates, const struct role *role);

#endif
