/* SPDX-License-Identifier: GPL-2.0 */
/* Flows in words -> flows and places, for `explain` and `test`. */
#ifndef EQFW_FLOW_SPEC_H
#define EQFW_FLOW_SPEC_H

#include "classify.h"
#include "profile_check.h"
#include "table.h"

#define FLOW_ADDRESS_MAX 46 /* of an address as text */

/**
 * struct flow_base - what flows are judged by
 * @profile: the profile
 * @table: the kernel's table of it
 */
struct flow_base {
	const struct eqfw_profile *profile;
	const struct eqfw_table *table;
};

/**
 * struct flow_spec - a flow as somebody wrote it; NULL where nothing was said
 * @from: host, host.leg, "box" or address
 * @to: likewise
 * @proto: name or number
 * @sport: source port
 * @dport: destination port, required for TCP and UDP
 * @type: ICMP type: name, number, or number/code; default echo request
 * @in: interface of arrival; default one of the source's zone
 * @family: "4" or "6"
 * @reply: the packet is the answer to this flow
 */
struct flow_spec {
	const char *from;
	const char *to;
	const char *proto;
	const char *sport;
	const char *dport;
	const char *type;
	const char *in;
	const char *family;
	bool reply;
};

enum flow_field {
	FLOW_FROM,
	FLOW_TO,
	FLOW_PROTO,
	FLOW_SPORT,
	FLOW_DPORT,
	FLOW_TYPE,
	FLOW_FAMILY,
};

/**
 * struct flow_problem - why words are no flow
 * @field: which word
 * @text: the sentence
 * @help: the fix, "" where there is none
 */
struct flow_problem {
	enum flow_field field;
	char text[512];
	char help[512];
};

/**
 * struct flow_end - one end of a flow
 * @name: host as given, or the hosts at a literal address, or ""
 * @address: as text
 */
struct flow_end {
	const char *name;
	char address[FLOW_ADDRESS_MAX];
};

/**
 * struct flow_query - a flow to be judged
 * @flow: its first packet
 * @places: where its ends are
 * @from: its opener
 * @to: the other end
 * @sport_given: somebody stated the source port
 * @reply: judge the answer to it
 * @in: interface of arrival of the judged packet, NULL where it has none
 * @in_pattern: @in is what stands before the '*' of a pattern
 * @zoned: @in belongs to a zone
 * @in_zones: the zones of @in
 */
struct flow_query {
	struct eqfw_flow flow;
	struct eqfw_places places;
	struct flow_end from;
	struct flow_end to;
	bool sport_given;
	bool reply;
	const char *in;
	bool in_pattern;
	bool zoned;
	struct eqfw_zone_set in_zones;
};

/* False where the words make no flow; strings of the query live as long as spec and profile. */
bool flow_spec_resolve(const struct flow_base *base, const struct flow_spec *spec,
		       struct flow_query *query, struct flow_problem *problem);
/* Do these words mean ICMP or ICMPv6? */
bool flow_spec_is_icmp(const char *proto);

/* Zones of an interface by the kernel's rule: exact name, else longest pattern. False: in none. */
bool flow_interface_zones(const struct eqfw_profile *profile, const char *name,
			  struct eqfw_zone_set *zones);
/* Some interface or pattern of a zone, as the profile has it; NULL where the zone has none. */
const struct eqfw_interface_rec *flow_zone_interface(const struct eqfw_profile *profile,
						     uint16_t zone);

/* Rules for one pair of classes; false where there are none. */
bool flow_program(const struct eqfw_profile *profile, uint32_t src_class, uint32_t dst_class,
		  const struct eqfw_rule_rec **rules, uint32_t *n);
bool flow_has_ports(uint8_t proto);
bool flow_is_icmp(uint8_t proto);

#endif
