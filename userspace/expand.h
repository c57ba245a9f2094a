/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by expand*.c alone: rows x hosts -> rules. ruleset.h is what the rest of the tool sees. */
#ifndef EQFW_EXPAND_H
#define EQFW_EXPAND_H

#include "ruleset.h"

/* TCP and UDP as indices; `1u << l4` is the PROTO_ bit. */
enum l4 { L4_TCP, L4_UDP, N_L4 };

/* The two device columns of a row. */
enum side { SIDE_SOURCE, SIDE_DESTINATION, N_SIDES };

/* Who calls a port: a host with addresses of its own, or `address: any`. */
enum caller { CALLER_NAMED, CALLER_ANY, N_CALLERS };

#define GROUP_NONE 0xffffffffu

/**
 * struct behaviour - endpoints that every rule treats alike
 * @like: one of them, for all that they share
 * @group: index of their group
 * @n: how many
 * @alone: they are one host at one address (of each family), so it never talks to itself
 * @n_public: entries of `public:` of all of them
 */
struct behaviour {
	const struct endpoint *like;
	uint32_t group;
	size_t n;
	bool alone;
	size_t n_public;
};

/**
 * struct end - a behaviour in one device column of an item
 * @behaviour: it
 * @role: its own role that brought it here
 * @named: the role that the item names
 * @opens_from: source ports when it opens
 * @called_at: destination ports when it is called, forbidden ones taken out
 * @exact_at: forbidden ports that the item names exactly, for callers that are no `any`
 * @stated: site or document state some of the ports that the item leaves to the vendor
 * @unstated: of some protocol they state none
 */
struct end {
	const struct behaviour *behaviour;
	const struct role *role;
	const struct role *named;
	struct portset opens_from[N_L4];
	struct portset called_at[N_L4][N_CALLERS];
	struct portset exact_at[N_L4];
	bool stated;
	bool unstated;
};

struct end_list {
	struct end *ends;
	size_t n;
};

/**
 * struct lack - items that miss something of a role
 * @n_items: how many items
 * @first: the first of them
 * @last: the last one counted, so that none counts twice
 */
struct lack {
	size_t n_items;
	const struct item *first;
	const struct item *last;
};

/**
 * struct expansion - one run of expand()
 * @ruleset: what is made
 * @deployment: what is read
 * @diag: for warnings
 * @scratch: memory of the item in hand
 * @source_explicit: the item in hand states its source ports itself
 * @behaviours: all of them, in the order of their first endpoints
 * @n_behaviours: how many
 * @behaviour_of: index into @behaviours by endpoint
 * @zone_groups: GROUP_WHOLE_ZONE groups by zone, GROUP_NONE where not made
 * @box_group: GROUP_BOX or GROUP_NONE
 * @everywhere_group: GROUP_EVERYWHERE or GROUP_NONE
 * @forbids: "Always blocked" items that nobody lifted
 * @n_forbids: how many
 * @missing: by role: nobody plays it
 * @unstated: by role: its vendor ports are not stated
 */
struct expansion {
	struct ruleset *ruleset;
	const struct deployment *deployment;
	struct diag *diag;
	struct arena *scratch;
	bool source_explicit;
	struct behaviour *behaviours;
	size_t n_behaviours;
	size_t *behaviour_of;
	uint32_t *zone_groups;
	uint32_t box_group;
	uint32_t everywhere_group;
	const struct item **forbids;
	size_t n_forbids;
	struct lack *missing;
	struct lack *unstated;
};

/* expand_group.c */
void behaviours_make(struct expansion *x);
uint32_t group_add(struct expansion *x, struct group group);
uint32_t group_of_zone(struct expansion *x, const struct zone *zone);
uint32_t group_of_box(struct expansion *x);
uint32_t group_everywhere(struct expansion *x);
uint32_t group_multicast(struct expansion *x, const struct prefix_list *groups, const char *name);
/* The endpoint's first role that is one of `roles`; which one goes to *named (may be NULL). */
const struct role *endpoint_plays(const struct endpoint *endpoint, const struct role_list *roles,
				  const struct role **named);
bool behaviours_meet(const struct behaviour *a, const struct behaviour *b);

/* expand_enable.c */
const struct row_switch *switch_of(const struct deployment *deployment, const struct item *item);
bool item_enabled(const struct expansion *x, const struct item *item);
bool forbid_stands(const struct expansion *x, const struct item *item);
bool item_opens(const struct expansion *x, const struct item *item);
bool separation_accepted(const struct deployment *deployment, const struct item *item);
uint64_t item_until(const struct deployment *deployment, const struct item *item);

/* expand_tunable.c */
struct portset tunable_move(const struct expansion *x, const struct endpoint *endpoint,
			    const struct tunable *tunable, unsigned int l4,
			    const struct portset *ports);
/* By every tunable of `role` (NULL: of whatever the end plays) that has one of the ranges as default. */
struct portset tunables_move(const struct expansion *x, const struct end *end,
			     const struct role *role, unsigned int l4, const struct portset *ports);

/* expand_reading.c: the site's reading of an item, else the matrix's. */
/* The site's reading where the printed ports are of this side, else NULL. */
const struct reading_override *reading_of(const struct deployment *deployment,
					  const struct item *item, enum side side);
enum initiator initiator_read(const struct deployment *deployment, const struct item *item);
bool source_opens_read(const struct deployment *deployment, const struct item *item);
/* Does the site put the printed ports to the other side than the matrix does? */
bool reading_moves(const struct deployment *deployment, const struct item *item);
/* The printed ports, after the reading. */
const struct portset *ports_read(const struct deployment *deployment, const struct item *item);

/* expand_printed.c: what a row prints for one side, after readings and tunables. */
bool entry_open(const struct expansion *x, const struct item *item,
		const struct source_entry *entry);
struct portset range_set(struct arena *arena, unsigned int lo, unsigned int hi);
void portset_add(struct arena *arena, struct portset *set, struct portset more);
/* Numbers that are in both. */
struct portset portset_common(struct arena *arena, const struct portset *a,
			      const struct portset *b);
/* Does the item say itself what its source ports are, instead of taking the row's entries? */
bool source_explicit(struct arena *arena, const struct item *item);
struct portset printed_ports(const struct expansion *x, const struct item *item, enum side side,
			     const struct end *end, unsigned int l4);
/* The printed ports from which this side opens; *client: a client range is among them. */
struct portset printed_client(const struct expansion *x, const struct item *item, enum side side,
			      const struct end *end, unsigned int l4, bool *client);
/* Where this side listens for what is no call. */
struct portset printed_listening(const struct expansion *x, const struct item *item, enum side side,
				 const struct end *end, unsigned int l4);
/* Where this side takes calls of the item's kind. */
struct portset printed_call(const struct expansion *x, const struct item *item, enum side side,
			    const struct end *end, unsigned int l4);

/* expand_word.c: ports that are words. */
struct portset ephemeral_ports(const struct expansion *x, const struct end *end, unsigned int l4);
struct portset site_stated(const struct expansion *x, const struct end *end, unsigned int l4,
			   enum call call);
struct portset all_stated(const struct expansion *x, const struct end *end, unsigned int l4,
			  enum call call);

/* expand_call.c */
/* What the item carries over L4. */
enum call item_call(const struct item *item, unsigned int l4);
struct portset call_ports(const struct expansion *x, const struct item *item, enum side side,
			  struct end *end, unsigned int l4, enum caller caller);

/* expand_end.c */
/* Who stands in a device column, without ports; ends_fill() gives them their ports. */
struct end_list ends_of(struct expansion *x, const struct role_list *roles);
void ends_fill(struct expansion *x, const struct item *item, enum side side, struct end_list *list);

/* expand_forbid.c */
void forbids_collect(struct expansion *x);
void forbid_expand(struct expansion *x, const struct item *item);
/* The forbidden ports of `end` that the item names exactly. */
struct portset forbids_exact(const struct expansion *x, const struct item *item, enum side side,
			     const struct end *end, unsigned int l4);
/* Ports closed on a behaviour, whoever asks. */
struct portset forbids_on(const struct expansion *x, const struct behaviour *behaviour,
			  unsigned int l4);

/* expand_emit.c */
/* The index of an item in the ruleset; it is appended with its first rule. */
uint32_t item_record(struct expansion *x, struct rule_item item);
uint32_t matrix_item_record(struct expansion *x, const struct item *item);
void rule_emit(struct expansion *x, struct rule rule);
void forbid_emit(struct expansion *x, struct rule rule);
/* `like` for each source and each destination range. */
void rules_emit(struct expansion *x, struct rule like, const struct portset *src,
		const struct portset *dst);
uint8_t l4_proto(unsigned int l4);
/* Sort what was emitted since `first` and drop what was emitted twice. */
void rules_settle(struct expansion *x, size_t first);

/* expand_item.c */
void items_expand(struct expansion *x);

/* expand_shade.c */
/* Warn where all that a site rule permits (the rules from `first` on) was permitted before it. */
void shade_check(struct expansion *x, const struct site_rule *site, size_t first);

/* expand_site.c */
/* "guard/admin-ssh" */
const char *site_rule_id(struct expansion *x, const struct site_rule *rule);
void site_rules_expand(struct expansion *x);

/* expand_report.c */
void report_missing(struct expansion *x, const struct item *item, const struct role_list *roles);
void report_unstated(struct expansion *x, const struct item *item, const struct role *role);
void report_separate(struct expansion *x, const struct item *item, const struct end_list *sources,
		     const struct end_list *destinations);
/* An H.245 item is open on the whole range of a port word. */
void report_word(const struct expansion *x, const struct item *item, const struct end *end);
void report_print(struct expansion *x);

#endif
