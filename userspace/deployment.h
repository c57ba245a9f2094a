/* SPDX-License-Identifier: GPL-2.0 */
/* A site's deployment file (DESIGN section 6), read and checked against the matrix. */
#ifndef EQFW_DEPLOYMENT_H
#define EQFW_DEPLOYMENT_H

#include "address.h"
#include "matrix.h"

struct zone {
	const char *name;
	struct place place;
	const char **interfaces; /* names or patterns with a trailing '*' */
	size_t n_interfaces;
	struct prefix_list networks;
	bool is_default;
	bool is_box;	    /* always present, always last, named "box" */
	bool ipsec;	    /* packets that IPsec decrypted come in here */
	bool intra_enforce; /* true for box and the default zone whatever the file says */
};

/**
 * struct port_move - ports that DNAT changes at a public address
 * @proto: PROTO_TCP or PROTO_UDP
 * @at: the ports there
 * @own: the first of as many of the host's own
 */
struct port_move {
	uint16_t proto;
	struct port_range at;
	uint16_t own;
};

/**
 * struct port_map - `ports:` of public addresses
 * @moves: sorted by (proto, at), disjoint
 * @n: how many, 1 at least
 * @closed: `rest: closed`: no other port leads to the host
 * @rest_stated: the site says what becomes of the others
 * @text: all of it, for people: "tcp 8443 -> 443, rest closed"; equal maps have equal texts
 * @places: where each of @moves stands
 */
struct port_map {
	struct port_move *moves;
	size_t n;
	bool closed;
	bool rest_stated;
	const char *text;
	struct place *places;
};

/**
 * struct public_address - one entry of `public:`
 * @addresses: its addresses
 * @map: the ports that change there, or NULL
 */
struct public_address {
	struct prefix_list addresses;
	const struct port_map *map;
};

/**
 * struct endpoint - a host, or one leg of it, at its addresses
 * @name: "em1" or "edge1.public"
 * @host: index of the host entry (legs of one host share it)
 * @roles: the roles it plays here; of a leg the leg roles ("h323-edge.public"); of a host without
 *	`legs:` its roles and all their legs
 * @addresses: without the public ones; empty where @any
 * @publics: public addresses, all entries together
 * @public: the entries
 * @n_public: how many
 * @any: every address of its zone
 * @only: an address here has these roles alone
 * @os: NULL or "linux", "windows", "windows-2008", "windows-2003", "windows-xp", ...
 * @helper: NULL, "ftp" or "tftp": the site has assigned that helper of conntrack
 * @ephemeral: the host's own client range, n == 0 if not stated
 * @vendor: the host's own vendor-ports
 * @tunables: the host's own values
 * @because: why an `any` host reaches more than an edge, or NULL
 */
struct endpoint {
	const char *name;
	struct place place;
	unsigned int host;
	struct role_list roles;
	struct zone *zone;
	struct prefix_list addresses;
	struct prefix_list publics;
	struct public_address *public;
	size_t n_public;
	bool any;
	bool only;
	const char *os;
	const char *helper;
	struct portset ephemeral;
	struct stated_ports *vendor;
	size_t n_vendor;
	struct tunable_value *tunables;
	size_t n_tunables;
	const char *because;
};

struct tunable_value {
	struct tunable *tunable;
	struct place place;
	struct port_range range;
};

/**
 * struct licence - what a product is licensed for, each server of that role
 * @role: the product
 * @stated: which figures the site states
 * @figures: the figures
 * @places: where they stand
 */
struct licence {
	struct role *role;
	struct place place;
	bool stated[N_FIGURES];
	uint64_t figures[N_FIGURES];
	struct place places[N_FIGURES];
};

struct vendor_ports {
	struct role *role;
	struct place place;
	struct stated_ports *ports;
	size_t n_ports;
};

/* enable.rows: a row or an item switched by name. */
struct row_switch {
	const char *id;
	struct place place;
	struct row *row;   /* set for a row id */
	struct item *item; /* set for an item id */
	bool has_state;
	bool on;
	bool accept; /* silences "should not be separated" */
	const char *because;
	uint64_t until; /* seconds since 1970 UTC, 0 = none */
};

/**
 * struct party - one end of a guard, icmp rule or site row
 * @box: the firewall itself
 * @zone: every address of a zone, or NULL
 * @endpoint: a host or leg, or NULL (a host name with legs stands for all of them: @host >= 0)
 * @host: index of the host entry, or -1
 * @role: every host of a role, or NULL
 * @addresses: literal addresses, n == 0 if none
 * @anywhere: not stated: any address of any zone
 */
struct party {
	struct place place;
	const char *printed;
	bool box;
	struct zone *zone;
	struct endpoint *endpoint;
	int host;
	struct role *role;
	struct prefix_list addresses;
	bool anywhere;
};

/**
 * struct service - "tcp 22", "udp 5004-5100", "tcp+udp 53", "vrrp", "ospf", "esp"
 * @proto: PROTO_*
 * @ip_proto: IP protocol number where @proto is PROTO_IP
 * @ports: destination ports, of TCP and UDP only
 */
struct service {
	unsigned int proto;
	uint8_t ip_proto;
	struct portset ports;
};

enum site_rule_kind { SITE_RULE_SITE, SITE_RULE_GUARD, SITE_RULE_ICMP };

/* An ICMP type by its two numbers; -1 where the family has none. */
struct icmp_type {
	const char *name;
	int v4;
	int v6;
};

/**
 * struct site_rule - a guard, an icmp rule or a site row
 * @name: "admin-ssh"; unnamed ones are numbered from 1 in their list
 * @services: what it permits (TCP, UDP, other protocols)
 * @types: ICMP types, of SITE_RULE_ICMP only
 * @until: seconds since 1970 UTC, 0 = none
 */
struct site_rule {
	enum site_rule_kind kind;
	const char *name;
	struct place place;
	struct party from;
	struct party to;
	struct service *services;
	size_t n_services;
	const struct icmp_type **types;
	size_t n_types;
	const char *because;
	uint64_t until;
};

/**
 * struct reading_override - a site's own reading of an item
 * @item: the item
 * @ports: ports of the device to which the printed ones belong; the matrix's where none are stated
 * @has_initiator: the site says who opens
 * @initiator: who
 * @because: why, or NULL
 */
struct reading_override {
	struct item *item;
	struct place place;
	struct portset ports;
	bool has_initiator;
	enum initiator initiator;
	const char *because;
};

struct multicast {
	const char *name; /* "streaming" */
	struct place place;
	struct prefix_list groups;
	struct service service;
};

struct enable {
	enum requirement requirement;
	bool all_features;
	struct feature **features;
	struct place *feature_places;
	size_t n_features;
	bool functions[N_FUNCTIONS];
	struct row_switch *rows;
	size_t n_rows;
};

/* log.new: what is logged when it begins. One of the three is set. */
struct log_new {
	const struct row *row;
	const struct item *item;
	const struct site_rule *rule;
};

/**
 * struct log_setting - what goes to the netfilter log
 * @nflog: anything at all
 * @group: its group
 * @news: whose connections are logged when they begin
 */
struct log_setting {
	bool nflog;
	uint16_t group;
	struct log_new *news;
	size_t n_news;
};

/* Where settings stand; the file as a whole where it leaves one out. */
struct setting_places {
	struct place file;
	struct place enable;
	struct place unzoned;
	struct place replies;
};

/* replies: a pair of zones that has a word of its own; which of the two stands first is no matter. */
struct reply_setting {
	const struct zone *a;
	const struct zone *b;
	struct place place;
	bool mirror;
};

/* boot: what stands in for a profile that a boot cannot load. */
enum boot { BOOT_OPEN, BOOT_GUARDS, BOOT_CLOSED };

struct deployment {
	struct arena *arena;
	const struct matrix *matrix;
	const char *name;
	struct zone **zones;
	size_t n_zones;
	struct prefix_list box; /* addresses and VIPs */
	struct prefix_list vip; /* the latter */
	struct endpoint **endpoints;
	size_t n_endpoints;
	const char **hosts; /* host names by index */
	size_t n_hosts;
	struct enable enable;
	struct tunable_value *tunables;
	size_t n_tunables;
	struct vendor_ports *vendor_ports;
	size_t n_vendor_ports;
	struct multicast *multicast;
	size_t n_multicast;
	struct site_rule *rules; /* guards, icmp, site rows in file order by kind */
	size_t n_rules;
	struct reading_override *readings;
	size_t n_readings;
	struct licence *licences;
	size_t n_licences;
	bool scope_all;
	bool unzoned_drop;
	bool bridge_enforce;
	bool audit;
	enum boot boot;
	uint32_t adopt_s;
	uint32_t flows;
	struct log_setting log;
	struct setting_places places;
	bool mirror; /* where no pair says otherwise */
	struct reply_setting *replies;
	size_t n_replies;
};

/* Do replies between these zones do without a tracked connection? */
bool replies_mirrored(const struct deployment *deployment, const struct zone *a,
		      const struct zone *b);

/* Does log.new name this item of the matrix, or this site rule? */
bool log_wants_item(const struct deployment *deployment, const struct item *item);
bool log_wants_rule(const struct deployment *deployment, const struct site_rule *rule);

/* Read and check; all errors go to diag. NULL after errors. Free with deployment_free(). */
struct deployment *deployment_read(const char *file, const struct matrix *matrix,
				   struct diag *diag);
void deployment_free(struct deployment *deployment);

/* YYYY-MM-DD as seconds since 1970 UTC. */
bool date_parse(const char *text, uint64_t *seconds);

/* address_zone.c */
/* The zone whose network holds the prefix, the longest network first; NULL where none does. */
const struct zone *network_zone(const struct deployment *deployment, const struct prefix *prefix,
				struct prefix *network);
/* The zone that packets from or to the prefix have; NULL: none. */
const struct zone *address_zone(const struct deployment *deployment, const struct prefix *prefix);
/* The one zone of all of them; NULL where they have several, or some have none. */
const struct zone *addresses_zone(const struct deployment *deployment,
				  const struct prefix_list *list);

/* Is the feature named, or one of a group of which none is named? */
bool feature_open(const struct deployment *deployment, const struct feature *feature);
/* Does a feature that is named stand for a deployed host of the role? */
bool role_met_by_feature(const struct deployment *deployment, const struct role *role);

/* deployment_limits.c: what the document allows a tunable to be */
/* What is wrong with a range, or NULL. */
const char *tunable_fault(const struct tunable *tunable, struct port_range range);
/* The document's rule in a sentence. */
const char *tunable_limits(struct arena *arena, const struct tunable *tunable);
/* The highest port that the system of a Windows host gives out; 0 where the tunable has no such limit. */
unsigned int system_max(const struct endpoint *endpoint, const struct tunable *tunable);
/* What the site states for it at this endpoint: under the host, else for all; NULL: the default. */
const struct tunable_value *tunable_stated(const struct deployment *deployment,
					   const struct endpoint *endpoint,
					   const struct tunable *tunable);

#endif
