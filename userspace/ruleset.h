/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Normalized rules: what stands between the meaning (expand.c: rows x hosts) and the encoding
 * (factor.c: classes, cells, programs). Party groups are sets of addresses that rules name; hosts
 * that behave alike share one, so ten thousand rooms are one group.
 */
#ifndef EQFW_RULESET_H
#define EQFW_RULESET_H

#include "deployment.h"

#define GROUP_DECLARED (1u << 0)   /* addresses of declared hosts */
#define GROUP_BOX (1u << 1)	   /* the firewall itself */
#define GROUP_MULTICAST (1u << 2)  /* multicast groups */
#define GROUP_WHOLE_ZONE (1u << 3) /* every address of @zone, declared ones included */
#define GROUP_EVERYWHERE (1u << 4) /* every address but multicast */
#define GROUP_ANY_HOST (1u << 6)   /* of @zone, but for hosts that say `only` */
#define GROUP_LITERAL (1u << 5)	   /* addresses of a guard: whatever zone they turn out to be in */

/**
 * struct group_member - addresses of a group with one origin
 * @addresses: the addresses
 * @public: they are public addresses of a host
 * @map: ports that DNAT changes there, or NULL
 * @only: an address here belongs to no other declared group
 * @name: of the host, for people
 */
struct group_member {
	const struct prefix_list *addresses;
	bool public;
	bool only;
	const struct port_map *map;
	const char *name;
};

/**
 * struct group - a set of addresses that rules name as one end
 * @flags: GROUP_*
 * @zone: for GROUP_DECLARED, GROUP_WHOLE_ZONE and GROUP_ANY_HOST, else NULL
 */
struct group {
	unsigned int flags;
	const struct zone *zone;
	struct group_member *members;
	size_t n_members;
};

/**
 * struct rule_item - an item as the profile names it
 * @id: "elite-mcu/3:1", "guard/admin-ssh", ...
 * @printed: entry as printed
 * @pair: "source -> destination" as printed
 * @kind: enum eqfw_item_kind
 * @until: seconds since 1970 UTC, 0 = none
 * @log_new: the first packet of its connections is logged
 * @related: a helper of conntrack opens its data channels
 * @item: of the matrix, or NULL
 * @rule: of the site, or NULL
 */
struct rule_item {
	const char *id;
	const char *printed;
	const char *pair;
	uint32_t kind;
	uint64_t until;
	bool log_new;
	bool related;
	const struct item *item;
	const struct site_rule *rule;
};

/**
 * struct rule - a permit (or a forbidden port) from one group to another
 * @from: group index (ignored for forbids: from everybody)
 * @to: group index
 * @proto: IP protocol number (6, 17, 1, 58, ...)
 * @src: source ports; ICMP: code
 * @dst: destination ports; ICMP: type
 * @item: index into items
 * @exact: names both ends and the port: forbidden ports do not touch it (DESIGN 3.8)
 */
struct rule {
	uint32_t from;
	uint32_t to;
	uint8_t proto;
	struct port_range src;
	struct port_range dst;
	uint32_t item;
	bool exact;
};

/**
 * struct word_opened - H.245 that is open on the whole range of a port word (DESIGN 3.4)
 * @item: the item
 * @group: who is called there
 */
struct word_opened {
	const struct item *item;
	uint32_t group;
};

/**
 * struct role_lack - a role that enabled items need and that nobody plays
 * @role: the role
 * @n_items: how many items do nothing for want of it
 */
struct role_lack {
	const struct role *role;
	size_t n_items;
};

struct ruleset {
	struct arena *arena;
	const struct deployment *deployment;
	struct group *groups;
	size_t n_groups;
	size_t groups_capacity;
	struct rule *rules;
	size_t n_rules;
	size_t rules_capacity;
	struct rule *forbids;
	size_t n_forbids;
	size_t forbids_capacity;
	struct rule_item *items;
	size_t n_items;
	size_t items_capacity;
	struct role_lack *lacks;
	size_t n_lacks;
	struct word_opened *words;
	size_t n_words;
	size_t words_capacity;
	uint32_t *endpoint_groups; /* by endpoint of the deployment; any hosts share their zone's */
};

/* Rows x hosts -> rules. Warnings (roles nobody deployed, vendor ports not stated, ...) to diag. */
struct ruleset *expand(const struct deployment *deployment, struct diag *diag);
void ruleset_free(struct ruleset *ruleset);

/* Rules of a ruleset from @first to before @end. */
struct rule_window {
	size_t first;
	size_t end;
};

/* expand_shade.c */
#define SHADE_NONE 0xffffffffu
struct rule_window item_rules(const struct ruleset *ruleset, uint32_t item);
/* The item among whose rules the last of `rules` lies; SHADE_NONE where not all lie in some of `among`. */
uint32_t shade_find(const struct ruleset *ruleset, struct rule_window rules,
		    struct rule_window among);

/* Has the site assigned the item's helper of conntrack to a host at either end of it? */
bool item_has_helper(const struct deployment *deployment, const struct item *item);

struct image {
	unsigned char *bytes;
	size_t size;
};

/* Rules -> the bytes of profile.bin, digest included; deterministic. False after errors in diag. */
bool factor(const struct ruleset *ruleset, uint64_t serial, struct diag *diag, struct image *image);
void image_free(struct image *image);

#endif
