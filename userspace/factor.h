/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside of factor(): rules between groups -> classes, cells, programs -> bytes.
 *
 *   factor_marks.c     who says something about an address prefix
 *   factor_classes.c   addresses that every rule treats alike, and their names
 *   factor_atoms.c     walk of the prefixes as a trie: zone, flags, membership of each
 *   factor_nat.c       ports that DNAT changes at public addresses
 *   factor_programs.c  rules of a pair of classes, shared where equal
 *   factor_cells.c     which pair of classes has which program
 *   factor_limits.c    what the profile format or the lookup table has no room for
 *   factor_hosts.c     hosts and their example addresses, for explain
 *   factor_encode.c    the above -> profile.bin
 */
#ifndef EQFW_FACTOR_H
#define EQFW_FACTOR_H

#include <eqfw/format.h>

#include "ruleset.h"

#define NO_INDEX 0xffffffffu
#define CLASS_BOX 1u /* the class of the firewall's addresses, listed or found at run time */

/* Families that a class has addresses of. */
#define HAS_V4 1u
#define HAS_V6 2u

enum mark_kind {
	MARK_NETWORK,	/* network of @zone */
	MARK_DECLARED,	/* address of a host of @zone; in @group or the host itself (@endpoint) */
	MARK_LITERAL,	/* in @group whatever its zone */
	MARK_BOX,	/* address of the firewall */
	MARK_VIP,	/* and it moves between routers */
	MARK_MULTICAST, /* in @group, or multicast as such */
	MARK_BROADCAST, /* directed broadcast address of a network of @zone */
};

/**
 * struct mark - what one origin says about one prefix
 * @prefix: the prefix
 * @kind: enum mark_kind
 * @public: a host's public address
 * @only: its host takes no other roles here
 * @zone: zone id or EQFW_ZONE_NONE
 * @map: ports that DNAT changes there, or NO_INDEX
 * @group: group index or NO_INDEX
 * @endpoint: endpoint index or NO_INDEX
 */
struct mark {
	struct prefix prefix;
	uint8_t kind;
	bool public;
	bool only;
	uint16_t zone;
	uint32_t map;
	uint32_t group;
	uint32_t endpoint;
};

/**
 * struct class_key - what makes two addresses alike
 * @zone: zone id or EQFW_ZONE_NONE
 * @flags: EQFW_CLASS_*
 * @view: where DNAT changes ports: factor_view()'s, else NO_VIEW
 * @groups: sorted indices of the groups that name the address itself (not its zone); behind @n
 * @n: how many
 */
struct class_key {
	uint32_t zone;
	uint32_t flags;
	uint32_t view;
	uint32_t n;
	uint32_t groups[];
};

struct class_entry;

/**
 * struct addr_class - a class under construction
 * @key: its signature
 * @groups: all groups it is in, those of its zone included, sorted
 * @n_groups: how many
 * @families: HAS_V4, HAS_V6
 * @first: index of the first prefix that has it, NO_INDEX if none
 * @forbidden: program id or EQFW_PROGRAM_NONE
 * @name: for people
 */
struct addr_class {
	const struct class_key *key;
	uint32_t *groups;
	size_t n_groups;
	unsigned int families;
	uint32_t first;
	uint32_t forbidden;
	const char *name;
};

/* A prefix of the profile. */
struct class_prefix {
	struct prefix prefix;
	uint32_t class_id;
};

/* An endpoint that has addresses in a class, and its port map there: the class is named so. */
struct class_host {
	uint32_t class_id;
	uint32_t endpoint;
	uint32_t map;
};

/**
 * struct bundle - the rules from one group to another
 * @from: group index
 * @to: group index
 * @first: index of the first one in factor.rules
 * @count: how many
 */
struct bundle {
	uint32_t from;
	uint32_t to;
	uint32_t first;
	uint32_t count;
};

struct cell {
	uint32_t src_class;
	uint32_t dst_class;
	uint32_t program;
};

/* A group that is at an address by a host of it, and that host's port map there, or NO_INDEX. */
struct presence {
	uint32_t group;
	uint32_t map;
};

#define NO_VIEW 0u

/* Bundles that meet where packets go from one class to another; @src is NO_INDEX for forbids. */
struct encounter {
	const uint32_t *bundles;
	size_t n;
	uint32_t src;
	uint32_t dst;
};

struct program_cache;
struct nat;
struct eqfw_profile;

/**
 * struct factor - everything under construction
 * @ruleset: what is compiled
 * @diag: where errors go
 * @arena: lives as long as this
 * @zones: sorted by name; a zone's id is its index
 * @n_zones: how many
 * @box_zone: id of "box"
 * @default_zone: id or EQFW_ZONE_NONE
 * @marks: sorted by prefix
 * @classes: by id
 * @class_table: classes by key
 * @prefixes: prefixes of the profile, sorted
 * @hosts: who is in which class
 * @class_group_first: first of each group's classes in @group_classes, one more at the end
 * @group_classes: class ids, by group
 * @rules: rules as records, sorted by bundle; permits first, then forbids
 * @bundles: permits sorted by (from, to), then forbids sorted by to
 * @n_permits: how many of @bundles permit
 * @cells: sorted by (src_class, dst_class)
 * @programs: programs in the order of their first use
 * @program_rules: their rules
 * @program_cache: programs by what they are made from
 * @nat: port maps and what they make of addresses
 */
struct factor {
	const struct ruleset *ruleset;
	struct diag *diag;
	struct arena *arena;
	const struct zone **zones;
	size_t n_zones;
	uint16_t box_zone;
	uint16_t default_zone;
	struct mark *marks;
	size_t n_marks, marks_capacity;
	struct addr_class *classes;
	size_t n_classes, classes_capacity;
	struct class_entry *class_table;
	struct class_prefix *prefixes;
	size_t n_prefixes, prefixes_capacity;
	struct class_host *hosts;
	size_t n_hosts, hosts_capacity;
	uint32_t *class_group_first;
	uint32_t *group_classes;
	struct eqfw_rule_rec *rules;
	size_t n_rules;
	struct bundle *bundles;
	size_t n_bundles;
	size_t n_permits;
	struct cell *cells;
	size_t n_cells, cells_capacity;
	struct eqfw_program_rec *programs;
	size_t n_programs, programs_capacity;
	struct eqfw_rule_rec *program_rules;
	size_t n_program_rules, program_rules_capacity;
	struct program_cache *program_cache;
	struct nat *nat;
};

/* factor.c */
uint16_t factor_zone_id(const struct factor *f, const struct zone *zone);
int factor_compare_u32(const void *a, const void *b);

/* factor_limits.c: what is too much is an error that names whose it is. */
bool factor_limit_zones(const struct factor *f);
bool factor_limit_interfaces(const struct factor *f, size_t n);
bool factor_limit_items(const struct factor *f);
bool factor_limit_hosts(const struct factor *f);
bool factor_limit_names(const struct factor *f, size_t n);
bool factor_limit_classes(const struct factor *f);
bool factor_limit_prefixes(const struct factor *f);
/* The same of what rules make, naming the items that make most of it. */
bool factor_limit_rules(const struct factor *f, const char *what, size_t n, size_t max);
/* Will the kernel have room for it? False after an error. */
bool factor_fits(struct factor *f, const struct eqfw_profile *profile);

/* factor_marks.c: fills marks. */
void factor_marks(struct factor *f);

/* factor_classes.c */
/* Found or made; `like` says all but its groups. */
uint32_t factor_class(struct factor *f, struct class_key like, const uint32_t *groups);
void factor_classes_init(struct factor *f);
void factor_class_groups(struct factor *f);
void factor_class_names(struct factor *f);
void factor_classes_free(struct factor *f);

/* factor_atoms.c: marks -> classes and prefixes. */
bool factor_atoms(struct factor *f);
/* The class of an address by longest prefix. */
uint32_t factor_lookup(const struct factor *f, const struct prefix *address);

/* factor_programs.c */
void factor_bundles(struct factor *f);
/*
 * The program of an encounter, of whose sorted bundles the permits lose what the forbids among them
 * close (forbids alone are taken as they are); shared with equal ones. Without any rule left it is
 * EQFW_PROGRAM_NONE. False after an error.
 */
bool factor_program(struct factor *f, const struct encounter *encounter, uint32_t *program);
void factor_programs_free(struct factor *f);

/* factor_nat.c */
void factor_nat_init(struct factor *f);
void factor_nat_free(struct factor *f);
/* A number for a port map (NULL: NO_INDEX); equal ones have equal numbers. */
uint32_t factor_map(struct factor *f, const struct port_map *map);
const char *factor_map_text(const struct factor *f, uint32_t map);
/* A number for who is at an address: NO_VIEW where no port changes. Sorts `here`. */
uint32_t factor_view(struct factor *f, struct presence *here, size_t n);
/* The ports that stand at an address of the class for those of a rule about the group. */
struct portset factor_ports_at(struct factor *f, struct arena *arena,
			       const struct addr_class *class, uint32_t group,
			       const struct eqfw_rule_rec *rule, bool source);

/* factor_cells.c: cells, then the classes' forbidding programs. */
bool factor_cells(struct factor *f);

/* factor_hosts.c: endpoints sorted by name, and a record for each that still lacks its name. */
const struct endpoint **factor_hosts(struct factor *f, struct eqfw_host_rec **records);

/* factor_encode.c */
bool factor_encode(struct factor *f, uint64_t serial, struct image *image);

#endif
