/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the parts of the deployment reader (deployment*.c); nobody else includes it. */
#ifndef EQFW_DEPLOYMENT_READ_H
#define EQFW_DEPLOYMENT_READ_H

#include <uthash.h>

#include "deployment.h"
#include "yaml.h"

/**
 * struct known_name - what a name of the site stands for
 * @name: key
 * @place: where it was declared
 * @zone: a zone, or NULL
 * @endpoint: the host's only endpoint, or a leg; NULL for a host with legs
 * @host: index of the host entry, -1 for a zone
 */
struct known_name {
	const char *name;
	struct place place;
	struct zone *zone;
	struct endpoint *endpoint;
	int host;
	UT_hash_handle hh;
};

/**
 * struct deployment_reader - a deployment being read
 * @arena: where everything goes
 * @deployment: what there is so far
 * @matrix: the document
 * @diag: complaints
 * @file: the deployment file, for what is relative to its directory
 * @top: the whole file
 * @names: zones, hosts and legs by name
 */
struct deployment_reader {
	struct arena *arena;
	struct deployment *deployment;
	const struct matrix *matrix;
	struct diag *diag;
	const char *file;
	struct yaml *top;
	struct known_name *names;
};

/* deployment_zones.c */
void read_box(struct deployment_reader *d);
void read_zones(struct deployment_reader *d);
struct zone *zone_ref(struct deployment_reader *d, const struct yaml *node);

/* deployment_hosts.c */
void read_hosts(struct deployment_reader *d);

/* deployment_public.c */
/* `public:` of a host or leg, in place of what the endpoint has. */
void read_publics(struct deployment_reader *d, struct yaml *node, struct endpoint *out);
/* Complain where two hosts share a public address and state the same port there. */
void check_public_ports(struct deployment_reader *d);

/* deployment_addresses.c */
struct address_spec {
	struct prefix_list list;
	bool any;
	bool given;
};
/* `address:`, `except:` and `address-file:` of a host or leg. */
struct address_spec read_addresses(struct deployment_reader *d, const struct yaml *map);
/* Scalar or list of addresses, not yet finished; `what` names them. */
void read_address_list(struct deployment_reader *d, struct yaml *node, const char *what,
		       struct prefix_list *out);
/* Complain where a prefix holds addresses that no host can have. */
bool address_usable(struct deployment_reader *d, const struct prefix *prefix, bool groups,
		    struct place at);

/* deployment_names.c */
#define SITE_NAME_MAX 64 /* characters */
/* A name of the site's own: letters, digits, '.', '_', '-'. NULL after an error. */
const char *site_name(struct deployment_reader *d, const struct yaml *node, const char *what);
/* Declare it; false (and an error) where it is taken. */
bool name_declare(struct deployment_reader *d, struct known_name like);
const struct known_name *name_find(const struct deployment_reader *d, const char *name);
/* Every declared name and role, for suggestions. */
const char *suggest_name(struct deployment_reader *d, const char *word, bool zones_only);
struct role *role_known(struct deployment_reader *d, const struct yaml *node);
struct role_list roles_known(struct deployment_reader *d, struct yaml *node);
/* A row or item id; one of the two is set, both NULL after an error. */
void row_or_item(struct deployment_reader *d, const struct yaml *node, struct row **row,
		 struct item **item);
/* Text for people: `because:`; NULL where there is none. */
const char *free_text(struct deployment_reader *d, const struct yaml *node);
/* `until:` as seconds since 1970 UTC; 0 where there is none. */
uint64_t until_date(struct deployment_reader *d, const struct yaml *node);

/* deployment_ports.c */
bool read_portset(struct deployment_reader *d, const struct yaml *node, const char *what,
		  struct portset *out);
/* Scalar or list of "tcp 1720" entries. */
struct stated_ports *read_stated_ports(struct deployment_reader *d, struct yaml *node, size_t *n);
void read_tunables(struct deployment_reader *d, struct yaml *map, struct tunable_value **out,
		   size_t *n);
void read_vendor_ports(struct deployment_reader *d);

/* deployment_limits.c */
/* Complain where a range of a Windows host ends above what its system gives out. */
void check_system_max(struct deployment_reader *d, const struct endpoint *endpoint);

/* deployment_service.c */
/* One "tcp 22", "udp 5004-5100", "vrrp", "ospf", ... */
bool read_service(struct deployment_reader *d, const struct yaml *node, struct service *out);
void read_multicast(struct deployment_reader *d);

/* deployment_party.c */
void read_party(struct deployment_reader *d, struct yaml *node, struct party *out);

/* deployment_rules.c: guards, icmp, site-rows */
void read_rules(struct deployment_reader *d);

/* deployment_enable.c: enable, readings */
void read_enable(struct deployment_reader *d);
void read_readings(struct deployment_reader *d);

/* deployment_misc.c: one-word settings */
void read_settings(struct deployment_reader *d);
/* deployment_replies.c */
void read_replies(struct deployment_reader *d);
/* deployment_log.c; after the rules that it names */
void read_log(struct deployment_reader *d);

/* deployment_licences.c */
void read_licences(struct deployment_reader *d);

/* deployment_check.c: what only the whole shows */
void check_deployment(struct deployment_reader *d);

#endif
