/* SPDX-License-Identifier: GPL-2.0 */
/* Deployments and rulesets built by hand, without a matrix or a YAML file. */
#ifndef FIXTURE_RULES_H
#define FIXTURE_RULES_H

#include "profile_check.h"
#include "ruleset.h"

/**
 * struct fixture - a ruleset under construction
 * @ruleset: what factor() gets
 * @deployment: of it
 * @matrix: of it
 * @diag: quiet
 * @image: what fixture_factor() made
 * @profile: trusted view of it
 */
struct fixture {
	struct ruleset ruleset;
	struct deployment deployment;
	struct matrix matrix;
	struct diag diag;
	struct image image;
	struct eqfw_profile profile;
};

/* An empty site: the zone "box" and nothing else. */
void fixture_init(struct fixture *fixture);
void fixture_free(struct fixture *fixture);
/* Space-separated addresses, prefixes and ranges. */
struct prefix_list fixture_list(struct fixture *fixture, const char *text);
struct zone *fixture_zone(struct fixture *fixture, const char *name, const char *networks);
void fixture_interface(struct fixture *fixture, struct zone *zone, const char *name);
/* `addresses` NULL: any. `publics` may be NULL. */
struct endpoint *fixture_host(struct fixture *fixture, const char *name, struct zone *zone,
			      const char *addresses, const char *publics);
uint32_t fixture_group(struct fixture *fixture, unsigned int flags, const struct zone *zone);
/* A declared group's member: the host's addresses and, where it has some, its public ones. */
void fixture_member(struct fixture *fixture, uint32_t group, const struct endpoint *host);
void fixture_addresses(struct fixture *fixture, uint32_t group, const char *addresses);
uint32_t fixture_item(struct fixture *fixture, const char *id);
struct rule *fixture_rule(struct fixture *fixture, uint32_t from, uint32_t to, uint8_t proto,
			  struct port_range dst, uint32_t item);
struct rule *fixture_forbid(struct fixture *fixture, uint32_t to, uint8_t proto,
			    struct port_range dst, uint32_t item);
/* Run factor() and check its output; false where it refused. */
bool fixture_factor(struct fixture *fixture);
struct prefix fixture_address(const char *text);

/* Naive readers of a profile. */
uint32_t fixture_class(const struct eqfw_profile *profile, const struct prefix *address);
const struct eqfw_class_rec *fixture_class_rec(const struct eqfw_profile *profile,
					       const char *address);
uint32_t fixture_program(const struct eqfw_profile *profile, uint32_t src, uint32_t dst);
/* Item of the first match in a program, or NO_ITEM. */
#define NO_ITEM 0xffffffffu
uint32_t fixture_match(const struct eqfw_profile *profile, uint32_t program, uint8_t family,
		       uint8_t proto, uint16_t sport, uint16_t dport);
bool fixture_rule_matches(const struct eqfw_rule_rec *rule, uint8_t family, uint8_t proto,
			  uint16_t sport, uint16_t dport);

#endif
