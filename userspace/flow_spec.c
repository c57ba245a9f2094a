// SPDX-License-Identifier: GPL-2.0
#include "flow_spec.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "diag.h"
#include "icmp_types.h"
#include "ip_proto.h"
#include "mem.h"

#define DEFAULT_SPORT 50000 /* of Linux and of Windows clients alike */

static bool refuse(struct flow_problem *problem, enum flow_field field, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool refuse(struct flow_problem *problem, enum flow_field field, const char *format, ...)
{
	va_list args;

	problem->field = field;
	problem->help[0] = '\0';
	va_start(args, format);
	vsnprintf(problem->text, sizeof(problem->text), format, args);
	va_end(args);
	return false;
}

/* What one end of a flow can be: a literal address, or up to one address of each family. */
struct candidate {
	const char *name;
	bool literal;
	bool has4;
	bool has6;
	struct eqfw_addr v4;
	struct eqfw_addr v6;
};

static bool parse_address(const char *text, struct candidate *out)
{
	out->has4 = inet_pton(AF_INET, text, out->v4.b) == 1;
	out->has6 = !out->has4 && inet_pton(AF_INET6, text, out->v6.b) == 1;
	out->literal = out->has4 || out->has6;
	return out->literal;
}

static void from_host(const struct eqfw_host_rec *host, struct candidate *out)
{
	uint16_t flags = le16toh(host->flags);

	out->has4 = flags & EQFW_HOST_ADDR4;
	out->has6 = flags & EQFW_HOST_ADDR6;
	memcpy(out->v4.b, host->addr4, sizeof(host->addr4));
	memcpy(out->v6.b, host->addr6, sizeof(host->addr6));
}

/* "box" is no host: the first address of each family that the deployment lists for it. */
static bool from_box(const struct eqfw_profile *profile, struct candidate *out)
{
	for (uint32_t i = 0; i < profile->n_prefixes; i++) {
		const struct eqfw_prefix_rec *prefix = &profile->prefixes[i];
		uint16_t flags = le16toh(profile->classes[le32toh(prefix->class_id)].flags);

		if (!(flags & EQFW_CLASS_BOX))
			continue;
		if (prefix->family == 4 && !out->has4) {
			memcpy(out->v4.b, prefix->addr, sizeof(out->v4.b));
			out->has4 = true;
		}
		if (prefix->family == 6 && !out->has6) {
			memcpy(out->v6.b, prefix->addr, sizeof(out->v6.b));
			out->has6 = true;
		}
	}
	return out->has4 || out->has6;
}

static const struct eqfw_host_rec *find_host(const struct eqfw_profile *profile, const char *name)
{
	for (uint32_t i = 0; i < profile->n_hosts; i++)
		if (!strcmp(eqfw_profile_string(profile, profile->hosts[i].name), name))
			return &profile->hosts[i];
	return NULL;
}

/* A host with legs has no address of its own: its legs' names, or false where it has none. */
static bool list_legs(const struct eqfw_profile *profile, const char *host, char *list, size_t size)
{
	size_t len = strlen(host), used = 0;

	for (uint32_t i = 0; i < profile->n_hosts; i++) {
		const char *name = eqfw_profile_string(profile, profile->hosts[i].name);

		if (strncmp(name, host, len) || name[len] != '.')
			continue;
		used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "", name);
		if (used >= size)
			break;
	}
	return used > 0;
}

static bool unknown_host(const struct eqfw_profile *profile, const char *text,
			 enum flow_field field, struct flow_problem *problem)
{
	const char **names = must_alloc((profile->n_hosts + 1) * sizeof(*names));
	const char *like;
	char legs[400];

	for (uint32_t i = 0; i < profile->n_hosts; i++)
		names[i] = eqfw_profile_string(profile, profile->hosts[i].name);
	if (list_legs(profile, text, legs, sizeof(legs))) {
		refuse(problem, field, "\"%s\" has several legs", text);
		snprintf(problem->help, sizeof(problem->help), "say which one: %s", legs);
	} else {
		refuse(problem, field, "\"%s\" is no host of the profile and no address", text);
		like = diag_suggest(text, names, profile->n_hosts);
		if (like)
			snprintf(problem->help, sizeof(problem->help), "did you mean %s?", like);
	}
	free(names);
	return false;
}

static bool find_end(const struct eqfw_profile *profile, const char *text, enum flow_field field,
		     struct candidate *out, struct flow_problem *problem)
{
	const struct eqfw_host_rec *host;

	*out = (struct candidate){ .name = text };
	if (parse_address(text, out))
		return true;
	host = find_host(profile, text);
	if (host) {
		from_host(host, out);
		if (out->has4 || out->has6)
			return true;
		return refuse(problem, field, "\"%s\" has no address: name one of its zone", text);
	}
	if (!strcmp(text, "box") && from_box(profile, out))
		return true;
	return unknown_host(profile, text, field, problem);
}

static bool parse_family(const char *text, uint8_t *family, struct flow_problem *problem)
{
	if (strcmp(text, "4") && strcmp(text, "6"))
		return refuse(problem, FLOW_FAMILY, "\"%s\" is no address family: 4 or 6", text);
	*family = (uint8_t)(*text - '0');
	return true;
}

static bool has_family(const struct candidate *end, uint8_t family)
{
	return family == 4 ? end->has4 : end->has6;
}

static bool lacks_family(const struct candidate *end, enum flow_field field, uint8_t family,
			 struct flow_problem *problem)
{
	if (end->literal)
		return refuse(problem, field, "%s is no IPv%u address, and the other end is one",
			      end->name, family);
	return refuse(problem, field, "\"%s\" has no IPv%u address", end->name, family);
}

/* Said, else implied by an address or by ICMPv6, else IPv4 where both ends have it. */
static bool choose_family(const struct flow_spec *spec, const struct candidate *from,
			  const struct candidate *to, uint8_t *family, struct flow_problem *problem)
{
	uint8_t proto = 0;

	if (spec->family) {
		if (!parse_family(spec->family, family, problem))
			return false;
	} else if (from->literal || to->literal) {
		*family = (from->literal ? from : to)->has4 ? 4 : 6;
	} else if (ip_proto_parse(spec->proto, &proto) && proto == IPPROTO_ICMPV6) {
		*family = 6;
	} else {
		*family = (from->has4 && to->has4) || !(from->has6 && to->has6) ? 4 : 6;
	}
	if (!has_family(from, *family))
		return lacks_family(from, FLOW_FROM, *family, problem);
	if (!has_family(to, *family))
		return lacks_family(to, FLOW_TO, *family, problem);
	return true;
}

static void set_end(const struct candidate *end, uint8_t family, struct eqfw_addr *addr,
		    struct flow_end *out)
{
	*addr = family == 4 ? end->v4 : end->v6;
	out->name = end->literal ? "" : end->name;
	inet_ntop(family == 4 ? AF_INET : AF_INET6, addr->b, out->address, sizeof(out->address));
}

static bool resolve_ends(const struct flow_base *base, const struct flow_spec *spec,
			 struct flow_query *query, struct flow_problem *problem)
{
	struct candidate from, to;

	if (!find_end(base->profile, spec->from, FLOW_FROM, &from, problem) ||
	    !find_end(base->profile, spec->to, FLOW_TO, &to, problem) ||
	    !choose_family(spec, &from, &to, &query->flow.family, problem))
		return false;
	set_end(&from, query->flow.family, &query->flow.src, &query->from);
	set_end(&to, query->flow.family, &query->flow.dst, &query->to);
	eqfw_locate(base->table, &query->flow, &query->places);
	return true;
}

static bool parse_number(const char *text, unsigned int max, uint16_t *out)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > 5 || text[digits] || strtoul(text, NULL, 10) > max)
		return false;
	*out = (uint16_t)strtoul(text, NULL, 10);
	return true;
}

static bool parse_port(const char *text, enum flow_field field, uint16_t *out,
		       struct flow_problem *problem)
{
	return parse_number(text, 65535, out) ||
	       refuse(problem, field, "\"%s\" is no port from 0 to 65535", text);
}

/* "first ephemeral port that a rule permits": the usual one where some rule has it in its range. */
static uint16_t default_sport(const struct flow_base *base, const struct flow_query *query)
{
	const struct eqfw_flow *flow = &query->flow;
	const struct eqfw_rule_rec *rules;
	uint16_t found = 0;
	uint32_t n;

	if (!flow_program(base->profile, query->places.src.class_id, query->places.dst.class_id,
			  &rules, &n))
		return DEFAULT_SPORT;
	for (uint32_t i = 0; i < n; i++) {
		uint16_t lo = le16toh(rules[i].src_lo), hi = le16toh(rules[i].src_hi);

		if (rules[i].proto != flow->proto || flow->dport < le16toh(rules[i].dst_lo) ||
		    flow->dport > le16toh(rules[i].dst_hi))
			continue;
		if (lo <= DEFAULT_SPORT && hi >= DEFAULT_SPORT)
			return DEFAULT_SPORT;
		if (lo < 1024 && hi >= 1024)
			lo = 1024;
		if (!found || (found < 1024 && lo >= 1024))
			found = lo;
	}
	return found ? found : DEFAULT_SPORT;
}

static bool resolve_ports(const struct flow_base *base, const struct flow_spec *spec,
			  struct flow_query *query, struct flow_problem *problem)
{
	if (spec->type)
		return refuse(problem, FLOW_TYPE, "only ICMP has types");
	if (!spec->dport)
		return refuse(problem, FLOW_DPORT, "%s needs a destination port", spec->proto);
	if (!parse_port(spec->dport, FLOW_DPORT, &query->flow.dport, problem))
		return false;
	query->sport_given = spec->sport;
	if (spec->sport)
		return parse_port(spec->sport, FLOW_SPORT, &query->flow.sport, problem);
	query->flow.sport = default_sport(base, query);
	return true;
}

static bool icmp_by_name(const char *text, uint8_t family, uint16_t *type)
{
	const struct icmp_type *named = icmp_type_by_name(text);
	int number = !named ? -1 : family == 4 ? named->v4 : named->v6;

	if (number < 0)
		return false;
	*type = (uint16_t)number;
	return true;
}

static bool parse_type(const char *text, struct eqfw_flow *flow, struct flow_problem *problem)
{
	const char *slash = strchr(text, '/');
	char number[8];

	if (icmp_by_name(text, flow->family, &flow->dport))
		return true;
	snprintf(number, sizeof(number), "%.*s", slash ? (int)(slash - text) : (int)strlen(text),
		 text);
	if (!parse_number(number, 255, &flow->dport) ||
	    (slash && !parse_number(slash + 1, 255, &flow->sport)))
		return refuse(problem, FLOW_TYPE,
			      "\"%s\" is no ICMP type of IPv%u: a name, TYPE or TYPE/CODE", text,
			      flow->family);
	return true;
}

static bool resolve_icmp(const struct flow_spec *spec, struct flow_query *query,
			 struct flow_problem *problem)
{
	if (spec->sport || spec->dport)
		return refuse(problem, spec->sport ? FLOW_SPORT : FLOW_DPORT,
			      "ICMP has no ports, but a type");
	query->sport_given = true;
	return parse_type(spec->type ? spec->type : "echo", &query->flow, problem);
}

static bool resolve_proto(const struct flow_base *base, const struct flow_spec *spec,
			  struct flow_query *query, struct flow_problem *problem)
{
	struct eqfw_flow *flow = &query->flow;

	if (!ip_proto_parse(spec->proto, &flow->proto))
		return refuse(problem, FLOW_PROTO, "\"%s\" is no protocol", spec->proto);
	/* Who says icmp between IPv6 hosts means theirs. */
	if (flow->family == 6 && !strcasecmp(spec->proto, "icmp"))
		flow->proto = IPPROTO_ICMPV6;
	if (flow->family == 4 && flow->proto == IPPROTO_ICMPV6)
		return refuse(problem, FLOW_PROTO, "%s between IPv4 addresses", spec->proto);
	if (flow_is_icmp(flow->proto))
		return resolve_icmp(spec, query, problem);
	if (flow_has_ports(flow->proto)) {
		flow->tcp_flags = flow->proto == IPPROTO_TCP ? EQFW_TCP_SYN : 0;
		return resolve_ports(base, spec, query, problem);
	}
	if (spec->sport || spec->dport)
		return refuse(problem, spec->sport ? FLOW_SPORT : FLOW_DPORT, "%s has no ports",
			      spec->proto);
	query->sport_given = true;
	return !spec->type || refuse(problem, FLOW_TYPE, "only ICMP has types");
}

/* The interface on which the judged packet arrives: of an answer, on the other end's side. */
static void resolve_interface(const struct flow_base *base, const struct flow_spec *spec,
			      struct flow_query *query)
{
	const struct eqfw_place *source = spec->reply ? &query->places.dst : &query->places.src;
	const struct eqfw_interface_rec *record;

	query->in = spec->in;
	query->zoned = spec->in && flow_interface_zones(base->profile, spec->in, &query->in_zones);
	if (spec->in)
		return;
	record = flow_zone_interface(base->profile, source->zone);
	if (!record && source->zone < base->profile->n_zones &&
	    le32toh(base->profile->zones[source->zone].flags) & EQFW_ZONE_IPSEC) {
		query->in = "an IPsec tunnel";
		query->zoned = true;
		query->in_zones.bits[source->zone / 64] |= 1ull << (source->zone % 64);
	}
	if (!record)
		return;
	query->in = eqfw_profile_string(base->profile, record->name);
	query->in_pattern = le16toh(record->flags) & EQFW_INTERFACE_PREFIX;
	query->zoned = true;
	/* Of a pattern no name is known that is sure to match it: the zone itself is. */
	if (!query->in_pattern)
		flow_interface_zones(base->profile, query->in, &query->in_zones);
	query->in_zones.bits[source->zone / 64] |= 1ull << (source->zone % 64);
}

bool flow_spec_resolve(const struct flow_base *base, const struct flow_spec *spec,
		       struct flow_query *query, struct flow_problem *problem)
{
	*query = (struct flow_query){ .reply = spec->reply };
	query->flow.now_s = (uint64_t)time(NULL);
	if (!resolve_ends(base, spec, query, problem) || !resolve_proto(base, spec, query, problem))
		return false;
	resolve_interface(base, spec, query);
	return true;
}

bool flow_spec_is_icmp(const char *proto)
{
	uint8_t number;

	return ip_proto_parse(proto, &number) && flow_is_icmp(number);
}
