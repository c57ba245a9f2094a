// SPDX-License-Identifier: GPL-2.0
/* Guards and site rows: shadowed, idle, too wide, at their end. */
#include <string.h>

#include "lint.h"

#define DAY 86400u
#define SOON 30		/* days */
#define WIDE_V4 16	/* prefixes shorter than this are more than a site */
#define WIDE_V6 48	/* likewise */
#define GUARD_PORTS 100 /* more than any daemon of a firewall listens on */

/* ---- shadowed (compile tells of site rows behind earlier ones) ---- */

static struct place record_place(const struct rule_item *record)
{
	return record->rule ? record->rule->place : record->item->place;
}

static void shadowed(struct lint *lint, uint32_t item, struct rule_window among)
{
	const struct ruleset *ruleset = lint->ruleset;
	const struct rule_item *record = &ruleset->items[item], *other;
	struct rule_window own = item_rules(ruleset, item);
	uint32_t shading = own.first < own.end ? shade_find(ruleset, own, among) : SHADE_NONE;
	struct place at;

	/* Of two equal rules the later one is told of. */
	if (shading == SHADE_NONE ||
	    (among.first && shade_find(ruleset, item_rules(ruleset, shading), own) != SHADE_NONE))
		return;
	other = &ruleset->items[shading];
	at = record_place(other);
	lint_add(lint,
		 (struct finding){ .check = LINT_SHADOWED,
				   .at = record_place(record),
				   .id = record->id,
				   .help = "take one of them out: this one, or the wider one if it "
					   "is wider than it was meant" },
		 "%s permits nothing that %s of %s:%u (%s, %s) does not permit", record->id,
		 other->id, at.source->name, at.line, other->pair, other->printed);
}

static void all_shadowed(struct lint *lint)
{
	const struct ruleset *ruleset = lint->ruleset;

	for (uint32_t i = 0; i < ruleset->n_items; i++) {
		const struct rule_item *record = &ruleset->items[i];
		struct rule_window own;

		if (!record->rule && !record->item->row->section->site)
			continue;
		own = item_rules(ruleset, i);
		shadowed(lint, i, (struct rule_window){ own.end, ruleset->n_rules });
		if (record->item)
			shadowed(lint, i, (struct rule_window){ 0, own.first });
	}
}

/* ---- what can never match ---- */

static bool zone_owns_nothing(const struct deployment *deployment, const struct zone *zone)
{
	if (!zone || zone->is_default || zone->is_box || zone->networks.n)
		return false;
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		if (deployment->endpoints[i]->zone == zone)
			return false;
	return true;
}

/* The one zone in which all of a party is; NULL where that is not to be said. */
static const struct zone *party_zone(const struct deployment *deployment, const struct party *party)
{
	const struct zone *zone = NULL;

	if (party->zone)
		return party->zone;
	if (party->addresses.n)
		return addresses_zone(deployment, &party->addresses);
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];
		bool meant = party->endpoint
				     ? endpoint == party->endpoint
				     : (party->host >= 0 &&
					endpoint->host == (unsigned int)party->host) ||
					       (party->role && endpoint_is(endpoint, party->role));

		if (!meant)
			continue;
		if ((zone && zone != endpoint->zone) || endpoint->publics.n)
			return NULL;
		zone = endpoint->zone;
	}
	return zone;
}

static void rule_idle(struct lint *lint, const struct site_rule *rule)
{
	const struct deployment *deployment = lint->deployment;
	const struct party *parties[] = { &rule->from, &rule->to };
	const struct zone *from = party_zone(deployment, &rule->from);
	const struct zone *to = party_zone(deployment, &rule->to);
	struct finding found = { .check = LINT_RULE_IDLE,
				 .at = rule->place,
				 .id = lint_rule_id(lint, rule) };

	for (size_t i = 0; i < 2; i++) {
		if (!zone_owns_nothing(deployment, parties[i]->zone))
			continue;
		found.help = "give the zone networks, or take the rule out";
		lint_add(lint, found, "%s does nothing: no address is in zone '%s'", found.id,
			 parties[i]->zone->name);
		return;
	}
	if (!from || from != to || from->intra_enforce)
		return;
	found.help = arena_printf(lint->arena,
				  "take it out, or write `intra: enforce` for the zone '%s'",
				  from->name);
	lint_add(lint, found,
		 "%s does nothing: both ends are in zone '%s', inside which everything passes",
		 found.id, from->name);
}

/* ---- about the firewall itself ---- */

static bool wide_prefix(const struct prefix *prefix)
{
	return prefix->len < (prefix->family == 4 ? WIDE_V4 : WIDE_V6);
}

/* Why the party is more than a site's own people, or NULL. */
static const char *wide_party(struct lint *lint, const struct party *party, bool *everybody)
{
	*everybody = party->anywhere || (party->zone && party->zone->is_default) ||
		     (party->endpoint && party->endpoint->any && party->endpoint->zone->is_default);
	if (*everybody)
		return "everybody";
	for (size_t i = 0; i < party->addresses.n; i++)
		if (wide_prefix(&party->addresses.prefixes[i]))
			return prefix_format(lint->arena, &party->addresses.prefixes[i]);
	return NULL;
}

static unsigned int port_count(const struct portset *ports)
{
	unsigned int n = 0;

	if (ports->words & PORTS_ALL)
		return 65535;
	for (size_t i = 0; i < ports->n; i++)
		n += ports->ranges[i].hi - ports->ranges[i].lo + 1u;
	return n;
}

static const char *service_text(struct lint *lint, const struct service *service)
{
	if (service->proto == PROTO_IP)
		return arena_printf(lint->arena, "ip protocol %u", service->ip_proto);
	return arena_printf(lint->arena, "%s %s", proto_name(service->proto),
			    portset_format(lint->arena, &service->ports));
}

static void guard_open(struct lint *lint, const struct site_rule *rule,
		       const struct service *service, const char *who, bool everybody)
{
	bool tcp = everybody && service->proto & PROTO_TCP;
	unsigned int n = port_count(&service->ports);

	lint_add(lint,
		 (struct finding){ .check = tcp ? LINT_GUARD_OPEN : LINT_GUARD_WIDE,
				   .at = rule->place,
				   .id = lint_rule_id(lint, rule),
				   .help = "name the networks that need it in `from:`, or say why: "
					   "`because:`",
				   .number = n,
				   .unit = service->proto == PROTO_IP ? NULL : "ports" },
		 "%s reaches %s of the firewall itself by %s", who, service_text(lint, service),
		 lint_rule_id(lint, rule));
}

static void guard_ports(struct lint *lint, const struct site_rule *rule,
			const struct service *service)
{
	unsigned int n = port_count(&service->ports);

	if (n <= GUARD_PORTS)
		return;
	lint_add(
		lint,
		(struct finding){ .check = LINT_GUARD_WIDE,
				  .at = rule->place,
				  .id = lint_rule_id(lint, rule),
				  .help = "name the ports that the firewall listens on: `ss -lntu`",
				  .number = n,
				  .unit = "ports" },
		"%s opens %u %s ports of the firewall itself", lint_rule_id(lint, rule), n,
		proto_name(service->proto));
}

static void guard_check(struct lint *lint, const struct site_rule *rule)
{
	bool everybody;
	const char *who = wide_party(lint, &rule->from, &everybody);

	if (rule->because ||
	    !(rule->to.box || (rule->kind == SITE_RULE_GUARD && rule->to.anywhere)))
		return;
	for (size_t i = 0; i < rule->n_services; i++) {
		if (who)
			guard_open(lint, rule, &rule->services[i], who, everybody);
		guard_ports(lint, rule, &rule->services[i]);
	}
}

/* ---- dates ---- */

static void until_check(struct lint *lint, struct place at, const char *id, uint64_t until)
{
	bool over = until <= lint->today;
	uint64_t days = (over ? lint->today - until : until - lint->today) / DAY;
	struct finding found = { .at = at, .id = id, .number = days, .unit = "days" };

	if (!until || !lint->today || (!over && days > SOON))
		return;
	found.check = over ? LINT_UNTIL_OVER : LINT_UNTIL_SOON;
	found.help = over ? "take it out, or give it a new date"
			  : "give it a new date if it is still needed";
	if (over)
		lint_add(lint, found, "%s ended %s ago: its packets are dropped", id,
			 lint_count(lint->arena, days, "day"));
	else
		lint_add(lint, found, "%s ends in %s", id, lint_count(lint->arena, days, "day"));
}

void lint_rules(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;

	all_shadowed(lint);
	for (size_t i = 0; i < deployment->n_rules; i++) {
		const struct site_rule *rule = &deployment->rules[i];

		rule_idle(lint, rule);
		guard_check(lint, rule);
		until_check(lint, rule->place, lint_rule_id(lint, rule), rule->until);
	}
	for (size_t i = 0; i < deployment->enable.n_rows; i++) {
		const struct row_switch *row = &deployment->enable.rows[i];

		until_check(lint, row->place, row->id, row->until);
	}
}
