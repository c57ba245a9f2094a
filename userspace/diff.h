/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes different for packets when profile B replaces profile A. The encodings do not count:
 * addresses are compared by what both profiles make of them, rules by the ports that they permit.
 *
 *   diff_settings.c   mode, scope, zones and their interfaces
 *   diff_joint.c      addresses that both profiles treat alike: pairs of classes ("joints")
 *   diff_scope.c      which pairs of joints are judged at all
 *   diff_rules.c      two programs -> ports that only one of them permits
 *   diff_flows.c      all pairs of joints -> changes by item
 *   diff_group.c      flows of a change, put together for people
 */
#ifndef EQFW_DIFF_H
#define EQFW_DIFF_H

#include <jansson.h>

#include "flow_lines.h"
#include "mem.h"
#include "profile_check.h"

/* Families that a joint has addresses of. */
#define JOINT_V4 1u
#define JOINT_V6 2u

#define LABEL_NONE 0u /* nothing permits it */

enum diff_index { OLD, NEW, N_SIDES };

/**
 * struct diff_side - one of the two profiles
 * @file: as the user named it
 * @profile: the profile
 * @zone_of: number of each zone in struct diff's @zones
 */
struct diff_side {
	const char *file;
	const struct eqfw_profile *profile;
	uint16_t *zone_of;
};

/**
 * struct joint - addresses that either profile treats alike
 * @class_id: their class on each side
 * @families: JOINT_V4, JOINT_V6
 * @group: joints whose scope is alike, index into @scopes of struct diff
 * @where: first prefix of it as text, "" where it is whatever nobody lists
 */
struct joint {
	uint32_t class_id[N_SIDES];
	unsigned int families;
	uint32_t group;
	const char *where;
};

/**
 * struct scope_group - joints with equal zone and flags on both sides
 * @zone: number in struct diff's @zones, EQFW_ZONE_NONE if none
 * @flags: EQFW_CLASS_*
 * @families: of any of its joints
 * @n_joints: how many
 * @first: one of them
 */
struct scope_group {
	uint16_t zone[N_SIDES];
	uint16_t flags[N_SIDES];
	unsigned int families;
	size_t n_joints;
	uint32_t first;
};

/**
 * struct label - what permits a packet: an item, or items that end and one behind them
 * @text: "h323-edge/3:2", "site/portal until 2027-03-01T00:00:00Z, then h323-edge/3:2"
 * @item: record of the first on the side where it was met first
 * @side: that side
 */
struct label {
	const char *text;
	uint32_t item;
	enum diff_index side;
};

/**
 * struct region - ports that the two sides do not treat alike
 * @proto: IP protocol
 * @src_lo: lowest source port (ICMP: code)
 * @src_hi: highest
 * @dst_lo: lowest destination port (ICMP: type)
 * @dst_hi: highest
 * @label: what permits them on each side, index into @labels of struct diff
 */
struct region {
	uint8_t proto;
	uint16_t src_lo, src_hi;
	uint16_t dst_lo, dst_hi;
	uint32_t label[N_SIDES];
};

enum change_kind { CHANGE_OPENS, CHANGE_CLOSES, CHANGE_MOVES, CHANGE_ROW, N_CHANGES };

/**
 * struct flow_change - a region between two ends
 * @from: name of the source
 * @to: name of the destination
 * @region: the ports
 */
struct flow_change {
	const char *from;
	const char *to;
	struct region region;
};

/**
 * struct change - flows of one item
 * @kind: OPENS, CLOSES; MOVES where it does both; ROW where other flows' item changed
 * @label: what permits them on each side; of MOVES both are the item
 * @flows: sorted, without duplicates
 * @n: how many
 */
struct change {
	enum change_kind kind;
	uint32_t label[N_SIDES];
	struct flow_change *flows;
	size_t n, capacity;
};

/**
 * struct scope_change - pairs that one side judges and the other lets pass unseen
 * @closes: judged now: what no row permits drops
 * @from: who
 * @to: whom
 * @both: in both directions
 */
struct scope_change {
	bool closes;
	const char *from;
	const char *to;
	bool both;
};

/**
 * struct setting_change - something said once for the whole profile or a zone
 * @what: "mode", "zone core: interfaces"
 * @old: before
 * @new: after
 */
struct setting_change {
	const char *what;
	const char *old;
	const char *new;
};

/**
 * struct diff - a comparison
 * @sides: both profiles
 * @arena: lives as long as this
 * @zones: zone names of either side
 * @joints: see struct joint
 * @scopes: see struct scope_group
 * @labels: by index; 0 is LABEL_NONE
 * @settings: differences that touch packets
 * @notes: differences that do not
 * @addresses: addresses whose zone or kind changed
 * @scope_changes: see struct scope_change
 * @changes: by item
 */
struct diff {
	struct diff_side sides[N_SIDES];
	struct arena *arena;
	const char **zones;
	size_t n_zones;
	struct joint *joints;
	size_t n_joints, joints_capacity;
	struct scope_group *scopes;
	size_t n_scopes, scopes_capacity;
	struct label *labels;
	size_t n_labels, labels_capacity;
	struct known_label *known_labels;
	struct setting_change *settings;
	size_t n_settings, settings_capacity;
	struct setting_change *notes;
	size_t n_notes, notes_capacity;
	struct setting_change *addresses;
	size_t n_addresses, addresses_capacity;
	struct scope_change *scope_changes;
	size_t n_scope_changes, scope_changes_capacity;
	struct change *changes;
	size_t n_changes, changes_capacity;
};

enum scope_state { SCOPE_FREE, SCOPE_JUDGED, SCOPE_BLOCKED };

/* diff.c: compare sides[].profile; diff_free() releases all but the profiles. */
void diff_run(struct diff *diff);
void diff_free(struct diff *diff);
bool diff_same(const struct diff *diff);
const char *diff_string(const struct diff *diff, enum diff_index side, __le32 offset);
/* "none" for EQFW_ZONE_NONE. */
const char *diff_zone(const struct diff *diff, uint16_t zone);

/* diff_settings.c */
void diff_zones_number(struct diff *diff);
void diff_settings(struct diff *diff);

/* diff_joint.c */
void diff_joints(struct diff *diff);
/* Who these addresses are: hosts where there are any, else where they lie. */
const char *diff_joint_name(const struct diff *diff, const struct joint *joint,
			    enum diff_index side);

/* diff_scope.c */
void diff_scopes(struct diff *diff);
enum scope_state diff_scope_state(const struct diff *diff, enum diff_index side,
				  const struct scope_group *src, const struct scope_group *dst);

/* diff_rules.c */
/**
 * struct regions - what two programs differ in
 * @regions: sorted by protocol, then destination, then source
 * @n: how many
 */
struct regions {
	struct region *regions;
	size_t n, capacity;
};

/* Either program may be EQFW_PROGRAM_NONE. The result is malloc'd. */
void diff_programs(struct diff *diff, const uint32_t program[N_SIDES], struct regions *out);
void diff_labels_free(struct diff *diff);

/* diff_flows.c */
void diff_flows(struct diff *diff);

/* diff_group.c */
/**
 * struct flow_block - pairs of ends with the same ports
 * @lines: the ports
 * @n_lines: how many
 * @ends: who talks to whom, each a product of names
 * @n_ends: how many
 * @n_pairs: how many pairs of ends
 */
struct flow_block {
	struct flow_line *lines;
	size_t n_lines;
	struct end_pair *ends;
	size_t n_ends;
	size_t n_pairs;
};

struct flow_blocks {
	struct flow_block *blocks;
	size_t n, capacity;
};

void diff_blocks(struct arena *arena, const struct change *change, struct flow_blocks *out);
/* The end of the run of flows with the ends of flow `first`. */
size_t diff_same_ends(const struct change *change, size_t first);
/* The ports of one pair: `n` flows with the same ends. */
struct flow_line *diff_lines(struct arena *arena, const struct flow_change *flows, size_t n,
			     size_t *n_lines);

/* diff_text.c, diff_json.c */
void diff_print_text(const struct diff *diff, bool all);
void diff_print_json(const struct diff *diff, json_t *root);
extern const char *const diff_change_names[N_CHANGES];

#endif
