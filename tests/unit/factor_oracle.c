// SPDX-License-Identifier: GPL-2.0
/* The naive twin of factor(): no tries, no classes, ports one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "factor_oracle.h"

static int longest_in(const struct prefix *prefixes, size_t n, const struct prefix *address)
{
	int longest = 0;

	for (size_t i = 0; i < n; i++)
		if (prefixes[i].len > longest && prefix_contains(&prefixes[i], address))
			longest = prefixes[i].len;
	return longest;
}

static int length_in(const struct prefix_list *list, const struct prefix *address)
{
	return longest_in(list->prefixes, list->n, address);
}

static const struct zone *oracle_network(const struct fixture *fixture,
					 const struct prefix *address)
{
	const struct zone *best = NULL;
	int longest = 0;

	for (size_t z = 0; z < fixture->deployment.n_zones; z++) {
		const struct zone *zone = fixture->deployment.zones[z];
		int len = longest_in(zone->networks.written, zone->networks.n_written, address);

		if (zone->is_default && !best)
			best = zone;
		if (len > longest) {
			longest = len;
			best = zone;
		}
	}
	return best;
}

/* Longest declared prefix; at equal length not public before public, then the zone's name. */
static const struct zone *oracle_declared(const struct fixture *fixture,
					  const struct prefix *address)
{
	const struct zone *best = NULL;
	int longest = 0;

	for (size_t i = 0; i < 2 * fixture->deployment.n_endpoints; i++) {
		const struct endpoint *host = fixture->deployment.endpoints[i / 2];
		const struct prefix_list *list = i % 2 ? &host->publics : &host->addresses;
		int len = 4 * length_in(list, address) + (i % 2 ? 1 : 2);

		if (len < 4 || len < longest)
			continue;
		if (len > longest || strcmp(host->zone->name, best->name) < 0)
			best = host->zone;
		longest = len;
	}
	return best;
}

static bool oracle_counts(const struct seen *seen, const struct zone *zone, bool public)
{
	if (seen->flags & EQFW_CLASS_GROUP)
		return false;
	return seen->flags & EQFW_CLASS_BOX ? public : zone == seen->zone;
}

static bool oracle_broadcast(const struct fixture *fixture, const struct prefix *address)
{
	bool broadcast = false;

	for (size_t i = 0; i < fixture->deployment.n_endpoints; i++) {
		const struct endpoint *host = fixture->deployment.endpoints[i];

		if (length_in(&host->addresses, address) == 32 ||
		    length_in(&host->publics, address) == 32)
			return false;
	}
	for (size_t z = 0; z < fixture->deployment.n_zones; z++) {
		const struct prefix_list *networks = &fixture->deployment.zones[z]->networks;

		for (size_t i = 0; i < networks->n_written; i++) {
			struct eqfw_addr last = prefix_last(&networks->written[i]);

			broadcast |= networks->written[i].family == 4 && address->family == 4 &&
				     networks->written[i].len <= 30 &&
				     !memcmp(last.b, address->addr.b, sizeof(last.b));
		}
	}
	return broadcast;
}

struct seen oracle_see(const struct fixture *fixture, const struct prefix *address)
{
	const struct zone *declared = oracle_declared(fixture, address);
	struct seen seen = { .address = address };

	if ((address->family == 4 ? address->addr.b[0] >> 4 == 14 : address->addr.b[0] == 0xff)) {
		seen.flags = EQFW_CLASS_GROUP;
		return seen;
	}
	if (length_in(&fixture->deployment.box, address)) {
		seen.flags = EQFW_CLASS_BOX;
		seen.zone = fixture->deployment.zones[0];
	} else {
		seen.zone = declared ? declared : oracle_network(fixture, address);
		if (oracle_broadcast(fixture, address))
			seen.flags = EQFW_CLASS_BROADCAST;
	}
	for (size_t i = 0; i < 2 * fixture->deployment.n_endpoints; i++) {
		const struct endpoint *host = fixture->deployment.endpoints[i / 2];
		bool public = i % 2;
		int len = length_in(public ? &host->publics : &host->addresses, address);

		if (!len || !oracle_counts(&seen, host->zone, public))
			continue;
		seen.flags |= EQFW_CLASS_DECLARED | (public ? EQFW_CLASS_PUBLIC : 0);
		if (host->only && len > seen.only)
			seen.only = len;
	}
	return seen;
}

static bool oracle_member(const struct group *group, const struct seen *seen)
{
	if (group->flags & GROUP_BOX)
		return seen->flags & EQFW_CLASS_BOX;
	if (group->flags & GROUP_WHOLE_ZONE)
		return seen->zone && seen->zone == group->zone;
	if (group->flags & GROUP_EVERYWHERE)
		return !(seen->flags & EQFW_CLASS_GROUP);
	for (size_t i = 0; i < group->n_members; i++) {
		const struct group_member *member = &group->members[i];
		int len = length_in(member->addresses, seen->address);

		if (!len && !prefix_list_contains(member->addresses, seen->address))
			continue;
		if (!(group->flags & GROUP_DECLARED))
			return true;
		if (oracle_counts(seen, group->zone, member->public) &&
		    (!seen->only || (member->only && len == seen->only)))
			return true;
	}
	return false;
}

static struct eqfw_rule_rec as_record(const struct rule *rule, bool forbid)
{
	struct eqfw_rule_rec rec = { .item = rule->item, .proto = rule->proto };

	if (rule->proto == 47)
		return rec;
	rec.src_lo = forbid ? 1 : rule->src.lo;
	rec.src_hi = forbid ? 65535 : rule->src.hi;
	rec.dst_lo = rule->dst.lo;
	rec.dst_hi = rule->dst.hi;
	return rec;
}

static unsigned int move_bit(const struct eqfw_rule_rec *rec)
{
	return rec->proto == 6 ? PROTO_TCP : rec->proto == 17 ? PROTO_UDP : 0;
}

/* A host at an address, in a group there, and the ports that change on the way to it. */
struct oracle_host {
	uint32_t group;
	const struct port_map *map;
};

struct oracle_hosts {
	struct oracle_host hosts[128];
	size_t n;
	bool changes;
};

static struct oracle_hosts oracle_hosts_at(const struct fixture *fixture, const struct seen *seen)
{
	struct oracle_hosts here = { 0 };

	for (uint32_t g = 0; g < fixture->ruleset.n_groups; g++) {
		struct group single = fixture->ruleset.groups[g];
		size_t n = single.n_members;

		for (size_t i = 0; (single.flags & GROUP_DECLARED) && i < n; i++) {
			single.members = &fixture->ruleset.groups[g].members[i];
			single.n_members = 1;
			if (!oracle_member(&single, seen))
				continue;
			assert_true(here.n < 128);
			here.hosts[here.n++] = (struct oracle_host){ g, single.members->map };
			here.changes |= single.members->map != NULL;
		}
	}
	return here;
}

/* The port of the host's own to which one of the packet leads, 0 where its map says nothing of it. */
static unsigned int oracle_leads(const struct port_map *map, unsigned int bit, unsigned int port)
{
	for (size_t i = 0; map && i < map->n; i++) {
		const struct port_move *move = &map->moves[i];

		if (move->proto == bit && move->at.lo <= port && port <= move->at.hi)
			return port - move->at.lo + move->own;
	}
	return 0;
}

static bool oracle_moved(const struct port_map *map, unsigned int bit, unsigned int own)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct port_move *move = &map->moves[i];

		if (move->proto == bit && move->own <= own &&
		    own <= (unsigned int)move->own + move->at.hi - move->at.lo)
			return true;
	}
	return false;
}

static bool oracle_stated(const struct oracle_hosts *here, unsigned int bit, unsigned int port)
{
	for (size_t i = 0; i < here->n; i++)
		if (oracle_leads(here->hosts[i].map, bit, port))
			return true;
	return false;
}

struct oracle_side {
	const struct fixture *fixture;
	const struct seen *seen;
	const struct oracle_hosts *here;
	bool source;
};

static bool in_range(const struct oracle_side *side, const struct eqfw_rule_rec *rec,
		     unsigned int port)
{
	unsigned int lo = side->source ? rec->src_lo : rec->dst_lo;
	unsigned int hi = side->source ? rec->src_hi : rec->dst_hi;

	return lo <= port && port <= hi;
}

/* Does a rule about one host there mean the port that the packet has? */
static bool host_means(const struct oracle_side *side, const struct oracle_host *host,
		       const struct eqfw_rule_rec *rec, unsigned int port)
{
	unsigned int bit = move_bit(rec), own = oracle_leads(host->map, bit, port);

	/* One port may lead to several hosts where two state it. */
	if (own && in_range(side, rec, own))
		return true;
	if (oracle_stated(side->here, bit, port) || !in_range(side, rec, port))
		return false;
	if (!host->map)
		return true;
	return (side->source || !host->map->closed) && !oracle_moved(host->map, bit, port);
}

static bool rule_means(const struct oracle_side *side, uint32_t group,
		       const struct eqfw_rule_rec *rec, unsigned int port)
{
	unsigned int kind = side->fixture->ruleset.groups[group].flags;
	bool box = side->seen->flags & EQFW_CLASS_BOX;

	if (!side->here->changes || kind & (GROUP_LITERAL | GROUP_MULTICAST))
		return in_range(side, rec, port);
	if (box && !(kind & GROUP_DECLARED) && in_range(side, rec, port) &&
	    !oracle_stated(side->here, move_bit(rec), port))
		return true;
	for (size_t i = 0; i < side->here->n && !(kind & GROUP_BOX); i++) {
		const struct oracle_host *host = &side->here->hosts[i];

		if ((!(kind & GROUP_DECLARED) || host->group == group) &&
		    host_means(side, host, rec, port))
			return true;
	}
	return false;
}

static bool oracle_closed(const struct oracle_side *side, uint8_t proto, unsigned int port)
{
	const struct ruleset *ruleset = &side->fixture->ruleset;

	for (size_t i = 0; i < ruleset->n_forbids; i++) {
		const struct rule *forbid = &ruleset->forbids[i];
		struct eqfw_rule_rec rec = as_record(forbid, true);

		if (forbid->proto == proto &&
		    oracle_member(&ruleset->groups[forbid->to], side->seen) &&
		    rule_means(side, forbid->to, &rec, port))
			return true;
	}
	return false;
}

/* A rule at one end of a packet, and whether forbids take ports from it. */
struct oracle_rule {
	const struct oracle_side *side;
	const struct eqfw_rule_rec *rec;
	uint32_t group;
	bool closes;
};

static bool oracle_opens(const struct oracle_rule *rule, unsigned int port)
{
	return rule_means(rule->side, rule->group, rule->rec, port) &&
	       !(rule->closes && oracle_closed(rule->side, rule->rec->proto, port));
}

#define FAR 255 /* no range begins or ends between here and the last port */

/* The ports around the packet's that the rule opens; false where it does not open that one. */
static bool oracle_run(const struct oracle_rule *rule, unsigned int port, uint16_t *lo,
		       uint16_t *hi)
{
	unsigned int low = port, high = port;

	if (!oracle_opens(rule, port))
		return false;
	if (low == 65535 && oracle_opens(rule, FAR))
		low = FAR;
	while (low != 65535 && low > 0 && oracle_opens(rule, low - 1))
		low--;
	while (high < FAR && oracle_opens(rule, high + 1))
		high++;
	if (high == FAR)
		high = oracle_opens(rule, 65535) ? 65535 : 65534;
	*lo = (uint16_t)low;
	*hi = (uint16_t)high;
	return true;
}

/* Turn a rule into what it is around the packet's ports; false where it does not permit them. */
static bool oracle_match(const struct fixture *fixture, const struct seen *src,
			 const struct seen *dst, const struct eqfw_flow *flow,
			 const struct rule *rule, struct eqfw_rule_rec *rec)
{
	struct oracle_hosts there = oracle_hosts_at(fixture, dst), here = { 0 };
	struct oracle_side to = { fixture, dst, &there, false },
			   from = { fixture, src, &here, true };
	struct eqfw_rule_rec whole = *rec;
	bool ports = move_bit(rec), numbers = rec->proto != 47;

	if (src)
		here = oracle_hosts_at(fixture, src);
	if (!ports)
		return rule_means(&to, rule->to, rec, numbers ? flow->dport : 0) &&
		       (!numbers || !src || in_range(&from, rec, flow->sport));
	if (!oracle_run(&(struct oracle_rule){ &to, &whole, rule->to, src && !rule->exact },
			flow->dport, &rec->dst_lo, &rec->dst_hi))
		return false;
	if (!src)
		return flow->sport;
	return oracle_run(&(struct oracle_rule){ &from, &whole, rule->from, false }, flow->sport,
			  &rec->src_lo, &rec->src_hi);
}

static bool oracle_speaks(const struct eqfw_rule_rec *rec, const struct eqfw_flow *flow)
{
	return rec->proto == flow->proto && !(rec->proto == 1 && flow->family != 4) &&
	       !(rec->proto == 58 && flow->family != 6);
}

/* The item that wins by eqfw_rule_before() among all rules that match; `src` NULL asks forbids. */
uint32_t oracle_item(const struct fixture *fixture, const struct seen *src, const struct seen *dst,
		     const struct eqfw_flow *flow)
{
	const struct ruleset *ruleset = &fixture->ruleset;
	const struct rule *rules = src ? ruleset->rules : ruleset->forbids;
	struct eqfw_rule_rec best = { .item = NO_ITEM };

	if (src && src->flags & EQFW_CLASS_GROUP)
		return NO_ITEM;
	for (size_t i = 0; i < (src ? ruleset->n_rules : ruleset->n_forbids); i++) {
		struct eqfw_rule_rec rec = as_record(&rules[i], !src);

		if (!oracle_speaks(&rec, flow) ||
		    !oracle_member(&ruleset->groups[rules[i].to], dst) ||
		    (src && !oracle_member(&ruleset->groups[rules[i].from], src)))
			continue;
		if (!oracle_match(fixture, src, dst, flow, &rules[i], &rec))
			continue;
		if (best.item == NO_ITEM || eqfw_rule_before(&rec, &best))
			best = rec;
	}
	return best.item;
}

bool oracle_ports_change(const struct fixture *fixture, const struct seen *seen)
{
	return oracle_hosts_at(fixture, seen).changes;
}
