/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is valid and still most likely a mistake, or wider than it need be.
 *
 *   lint.c            one run: deployment -> rules -> findings, in the order of the file
 *   lint_ranges.c     ranges that are wider than licences, systems or other products allow
 *   lint_ports.c      ports that are words, source ports
 *   lint_rules.c      guards and site rows
 *   lint_rows.c       rows, switches and settings that nobody can use
 *   lint_hosts.c      hosts and zones
 *   lint_public.c     public addresses whose ports DNAT changes
 *   lint_mirror.c     how much wider mirrored replies are
 *   lint_out.c        the answer
 *
 * What compile warns of is a finding as well: its warnings come here by struct diag.hear.
 */
#ifndef EQFW_LINT_H
#define EQFW_LINT_H

#include "item_fate.h"
#include "plan.h"

/*
 * X(NAME, "id", severity, "what is wrong"): enum, names, `lint --checks` and the manual follow.
 */
#define LINT_CHECKS(X) \
	X(ANY_INSIDE, "any-inside", ERROR, \
	  "an `any` host reaches a device that is no edge, and does not say because of what") \
	X(SEPARATE, "separate", ERROR, \
	  "the document says that no firewall should stand between two devices, and this one does") \
	X(GUARD_OPEN, "guard-open", ERROR, \
	  "everybody reaches TCP ports of the firewall itself, and the rule does not say why") \
	X(RANGE_WIDE, "range-wide", WARNING, \
	  "a range has more ports than its licence needs, or than any system gives its clients") \
	X(RANGE_SHORT, "range-short", WARNING, "a range has fewer ports than its licence needs") \
	X(RANGE_SWALLOWS, "range-swallows", WARNING, \
	  "a range that the site states holds ports that belong to something else") \
	X(LICENCE_MISSING, "licence-missing", WARNING, \
	  "no licence says how many ports of a range are needed") \
	X(H245_WORD, "h245-word", WARNING, \
	  "H.245 is open on a whole ephemeral range, for want of a stated one") \
	X(PORTS_UNSTATED, "ports-unstated", WARNING, \
	  "the document leaves ports to the vendor, and the site states none") \
	X(MIRROR_WIDE, "mirror-wide", WARNING, \
	  "mirrored replies reach ports that no row opens: how many, by pair of zones") \
	X(ALTERNATIVES_OPEN, "alternatives-open", WARNING, \
	  "of features that exclude each other none is named, so all are open") \
	X(SHADOWED, "shadowed", WARNING, \
	  "a rule of the site permits nothing that another does not permit") \
	X(DUPLICATE, "duplicate", WARNING, "two rules of the site permit the same") \
	X(RULE_IDLE, "rule-idle", WARNING, "no packet can ever match a rule of the site") \
	X(SWITCH_IDLE, "switch-idle", WARNING, "a row is switched on and opens nothing") \
	X(SETTING_IDLE, "setting-idle", WARNING, "a setting changes nothing") \
	X(MAP_IDLE, "map-idle", WARNING, \
	  "a public port leads to a port of the host that no row opens") \
	X(MAP_REST, "map-rest", WARNING, \
	  "a public address with changed ports is shared, and nobody says where the rest leads") \
	X(HOST_IDLE, "host-idle", WARNING, \
	  "no row touches a host, so all its packets are dropped") \
	X(ZONE_IDLE, "zone-idle", WARNING, "no row touches a zone, or no address is in it") \
	X(GUARD_WIDE, "guard-wide", WARNING, \
	  "a rule about the firewall itself is open to more addresses or ports than it needs") \
	X(BOX_MISSING, "box-missing", WARNING, "the firewall's own addresses are not stated") \
	X(UNTIL_OVER, "until-over", WARNING, "the date of a row is past (with --today)") \
	X(UNTIL_SOON, "until-soon", WARNING, "a row ends within 30 days (with --today)") \
	X(DEPLOYMENT, "deployment", WARNING, "something else that compile warns of") \
	X(OS_MISSING, "os-missing", NOTE, \
	  "a host's system is not stated, so its client ports are 1024-65535") \
	X(SOURCE_PORT, "source-port", NOTE, \
	  "a client may open from well-known ports (0-1023), which belong to servers") \
	X(ROLES_MISSING, "roles-missing", NOTE, \
	  "mandatory rows of deployed products do nothing: nobody plays the other role") \
	X(FEATURES_OFF, "features-off", NOTE, "rows wait for a feature that is not named") \
	X(RELATED_CLOSED, "related-closed", NOTE, \
	  "the data channel of FTP or TFTP stays closed without a helper") \
	X(UNZONED, "unzoned", NOTE, "packets of declared hosts pass on interfaces of no zone") \
	X(BOX_ZONE, "box-zone", NOTE, "the firewall has no address in the networks of a zone")

#define LINT_ENUM(name, id, severity, text) LINT_##name,
enum lint_check { LINT_CHECKS(LINT_ENUM) N_LINT_CHECKS };
#undef LINT_ENUM

/* A check as people name it. */
struct lint_check_info {
	const char *id;
	enum severity severity;
	const char *text;
};

extern const struct lint_check_info lint_checks[N_LINT_CHECKS];

/**
 * struct finding - one of them
 * @check: what kind
 * @at: where in the deployment
 * @id: of the row, item, tunable, host or zone it is about
 * @text: the sentence
 * @help: the fix
 * @number: how much, where @unit says of what
 * @unit: "ports", "items", "hosts", ...; NULL where there is nothing to count
 */
struct finding {
	enum lint_check check;
	struct place at;
	const char *id;
	const char *text;
	const char *help;
	uint64_t number;
	const char *unit;
};

/**
 * struct lint - one run
 * @arena: texts
 * @diag: where the rest complains; its warnings become findings
 * @deployment: what is looked at
 * @ruleset: what it comes to
 * @fates: what became of the items
 * @plan: ranges and licences
 * @like: by group of the ruleset: its first endpoint, NULL where it has none
 * @today: seconds since 1970 UTC, 0 where nobody says
 * @findings: in the order of the file
 * @n: how many
 * @count: how many of each severity
 */
struct lint {
	struct arena *arena;
	struct diag diag;
	struct deployment *deployment;
	struct ruleset *ruleset;
	struct fates fates;
	struct plan *plan;
	const struct endpoint **like;
	uint64_t today;
	struct finding *findings;
	size_t n, capacity;
	size_t count[N_SEVERITIES];
};

/* Read and look; false after errors, which are printed. Free with lint_free() in any case. */
bool lint_run(struct lint *lint, const char *file, const struct matrix *matrix, uint64_t today);
void lint_free(struct lint *lint);

/* For the checks. `like` says what, where and of what; the sentence follows. */
void lint_add(struct lint *lint, struct finding like, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "rooms1", "rooms1, rooms2", "any address of outside", "room-1-1 and 599 more". */
const char *lint_group_name(const struct lint *lint, uint32_t group);
/* The same of endpoints that are marked: names, or the first and how many more. */
const char *lint_marked_names(struct lint *lint, const bool *marked, size_t *n);
/* The first marked one. */
const struct endpoint *lint_marked_first(const struct lint *lint, const bool *marked);
/* "a, b, c and 4 more" */
const char *lint_some(struct arena *arena, const char *const *names, size_t n);
/* "1 port", "2 ports" */
const char *lint_count(struct arena *arena, uint64_t n, const char *one);
bool endpoint_is(const struct endpoint *endpoint, const struct role *role);
/* "guard/admin-ssh" */
const char *lint_rule_id(struct lint *lint, const struct site_rule *rule);

void lint_ranges(struct lint *lint);
void lint_ports(struct lint *lint);
void lint_rules(struct lint *lint);
void lint_rows(struct lint *lint);
void lint_hosts(struct lint *lint);
void lint_public(struct lint *lint);
void lint_mirror(struct lint *lint);

void lint_text(const struct lint *lint, const char *file);
void lint_json(const struct lint *lint, const char *file);

#endif
