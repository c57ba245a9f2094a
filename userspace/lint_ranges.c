// SPDX-License-Identifier: GPL-2.0
/* Ranges that are wider than licences, systems or other products allow. */
#include <netinet/in.h>
#include <string.h>

#include "lint.h"

/* As many as the whole dynamic class (49152-65535): no system gives its clients more without being told. */
#define WIDE_PORTS 16384
#define ALL_PORTS ((struct port_range){ 1, 65535 })

static const char *range_text(struct arena *arena, struct port_range range)
{
	return arena_printf(arena, "%u-%u", range.lo, range.hi);
}

/* ---- wider than the licence needs ---- */

static struct place entry_place(const struct plan_entry *entry)
{
	return entry->place.source ? entry->place : entry->licence->place;
}

static void entry_wide(struct lint *lint, const struct plan_entry *entry)
{
	struct arena *arena = lint->arena;
	const char *id = entry->tunable->id;
	unsigned int now = range_width(entry->current);
	struct finding like = { .check = LINT_RANGE_WIDE,
				.at = entry_place(entry),
				.id = id,
				.number = now - entry->need,
				.unit = "ports" };

	if (!plan_entry_wide(entry) || !role_played(&lint->fates, entry->tunable->role))
		return;
	like.help = arena_printf(arena, "write `%s: %s`%s and set the product so: eqfwctl plan", id,
				 range_text(arena, entry->planned),
				 entry->endpoint ? " under the host" : " under `tunables:`");
	lint_add(lint, like,
		 "'%s' has %u ports (%s%s), and the licence needs %llu (%s): %llu are open for "
		 "nothing",
		 id, now, range_text(arena, entry->current),
		 entry->place.source ? "" : ", the default", (unsigned long long)entry->need,
		 plan_formula(arena, entry), (unsigned long long)like.number);
}

static bool is_planned(const struct plan *plan, const struct tunable *tunable)
{
	for (size_t i = 0; i < plan->n_entries; i++)
		if (plan->entries[i].tunable == tunable)
			return true;
	return false;
}

/* The figures of a formula: "clients: N, conferences: N". */
static const char *figures_text(struct arena *arena, const struct sizing *sizing)
{
	const char *text = "";

	for (enum figure i = 0; i < N_FIGURES; i++)
		if (sizing->ports[i])
			text = arena_printf(arena, "%s%s%s: N", text, *text ? ", " : "",
					    figure_name(i));
	return text;
}

/* "h323-edge" of its leg "h323-edge.public": licences are the product's. */
static const char *product_id(struct arena *arena, const struct role *role)
{
	return arena_strndup(arena, role->id, strcspn(role->id, "."));
}

/* A range with a formula, somebody's, and no licence to put into it. */
static void tunable_unsized(struct lint *lint, const struct tunable *tunable)
{
	const struct deployment *deployment = lint->deployment;
	const struct tunable_value *value;
	const struct endpoint *endpoint = NULL;
	struct port_range range;

	for (size_t i = 0; i < deployment->n_endpoints && !endpoint; i++)
		if (endpoint_is(deployment->endpoints[i], tunable->role))
			endpoint = deployment->endpoints[i];
	if (!endpoint || !tunable->n_sizings || is_planned(lint->plan, tunable) ||
	    !tunable_applies(deployment, tunable))
		return;
	value = tunable_stated(deployment, endpoint, tunable);
	range = value ? value->range : tunable->initial;
	lint_add(lint,
		 (struct finding){
			 .check = LINT_LICENCE_MISSING,
			 .at = value ? value->place : endpoint->place,
			 .id = tunable->id,
			 .help = arena_printf(lint->arena,
					      "state `licences: {%s: {%s}}`; eqfwctl plan "
					      "sizes the range",
					      product_id(lint->arena, tunable->role),
					      figures_text(lint->arena, &tunable->sizings[0])),
			 .number = range_width(range),
			 .unit = "ports" },
		 "'%s' has %u ports (%s%s), and no licence says how many are needed", tunable->id,
		 range_width(range), range_text(lint->arena, range), value ? "" : ", the default");
}

/* ---- wider than any client range ---- */

static void range_stated(struct lint *lint, struct place at, const char *id, const char *what,
			 struct port_range range)
{
	if (range_width(range) <= WIDE_PORTS)
		return;
	lint_add(lint,
		 (struct finding){ .check = LINT_RANGE_WIDE,
				   .at = at,
				   .id = id,
				   .help = "state the ports that the device really uses",
				   .number = range_width(range),
				   .unit = "ports" },
		 "%s %s has %u ports; all dynamic ports together (49152-65535) are %u", what,
		 range_text(lint->arena, range), range_width(range), WIDE_PORTS);
}

static void set_stated(struct lint *lint, struct place at, const char *id, const char *what,
		       const struct portset *ports)
{
	if (ports->words & PORTS_ALL)
		range_stated(lint, at, id, what, ALL_PORTS);
	for (size_t i = 0; i < ports->n; i++)
		range_stated(lint, at, id, what, ports->ranges[i]);
}

static void vendor_stated(struct lint *lint, struct place at, const char *id,
			  const struct stated_ports *stated, size_t n)
{
	for (size_t i = 0; i < n; i++)
		set_stated(lint, at, id,
			   arena_printf(lint->arena, "vendor-ports of '%s': %s", id,
					proto_name(stated[i].proto)),
			   &stated[i].ports);
}

static void all_stated(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;

	for (size_t i = 0; i < deployment->n_vendor_ports; i++) {
		const struct vendor_ports *vendor = &deployment->vendor_ports[i];

		vendor_stated(lint, vendor->place, vendor->role->id, vendor->ports,
			      vendor->n_ports);
	}
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		/* Legs share what their host states. */
		if (!i || deployment->endpoints[i - 1]->host != endpoint->host)
			vendor_stated(lint, endpoint->place, endpoint->name, endpoint->vendor,
				      endpoint->n_vendor);
	}
	for (size_t i = 0; i < deployment->n_rules; i++) {
		const struct site_rule *rule = &deployment->rules[i];
		const char *id = lint_rule_id(lint, rule);

		for (size_t k = 0; k < rule->n_services; k++)
			set_stated(lint, rule->place, id,
				   arena_printf(lint->arena, "%s: %s", id,
						proto_name(rule->services[k].proto)),
				   &rule->services[k].ports);
	}
}

/* ---- swallowing what belongs to something else ---- */

/**
 * struct swallow - a range and what it holds
 * @proto: PROTO_*
 * @range: the range
 * @groups: by group: at whom
 * @names: the first of them: "tcp 5060 (elite-mcu/2:1)"
 * @n: how many there are, each port once
 * @seen: a bit for each port that is counted, of TCP and of UDP
 */
struct swallow {
	unsigned int proto;
	struct port_range range;
	const bool *groups;
	const char *names[4];
	size_t n;
	uint64_t seen[2][1024];
};

/* A port that one item of the document gives to one service: nobody else should sit there. */
static bool is_service(const struct rule *rule, const struct item *item)
{
	return item && rule->dst.lo == rule->dst.hi && item->function != FUNCTION_MEDIA;
}

static void swallow_note(struct lint *lint, struct swallow *swallow, const struct rule *rule,
			 const struct item *item)
{
	unsigned int port = rule->dst.lo;
	uint64_t *seen = &swallow->seen[rule->proto == IPPROTO_UDP][port / 64];
	uint64_t bit = 1ull << port % 64;

	if (*seen & bit)
		return;
	*seen |= bit;
	if (swallow->n < 4)
		swallow->names[swallow->n] =
			arena_printf(lint->arena, "%s %u (%s)",
				     rule->proto == IPPROTO_UDP ? "udp" : "tcp", port, item->id);
	swallow->n++;
}

static void swallow_find(struct lint *lint, struct swallow *swallow)
{
	const struct ruleset *ruleset = lint->ruleset;

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct rule *rule = &ruleset->rules[i];
		const struct item *item = ruleset->items[rule->item].item;
		unsigned int proto = rule->proto == IPPROTO_TCP ? PROTO_TCP : PROTO_UDP;

		if (!is_service(rule, item) || !swallow->groups[rule->to] ||
		    !(swallow->proto & proto) || rule->dst.lo < swallow->range.lo ||
		    rule->dst.lo > swallow->range.hi)
			continue;
		swallow_note(lint, swallow, rule, item);
	}
}

static void swallow_tell(struct lint *lint, struct swallow *swallow, struct place at,
			 const char *id, const char *help)
{
	const char *some;

	if (range_width(swallow->range) == 1)
		return;
	swallow_find(lint, swallow);
	if (!swallow->n)
		return;
	some = swallow->n <= 4
		       ? lint_some(lint->arena, swallow->names, swallow->n)
		       : arena_printf(lint->arena, "%s and %zu more",
				      lint_some(lint->arena, swallow->names, 3), swallow->n - 3);
	lint_add(lint,
		 (struct finding){ .check = LINT_RANGE_SWALLOWS,
				   .at = at,
				   .id = id,
				   .help = help,
				   .number = swallow->n,
				   .unit = "ports" },
		 "%s: %s %s holds %s of the same device that the document gives to other "
		 "services: %s",
		 id, proto_name(swallow->proto), range_text(lint->arena, swallow->range),
		 lint_count(lint->arena, swallow->n, "port"), some);
}

static void tunable_swallows(struct lint *lint, const struct tunable_value *value,
			     const struct endpoint *only)
{
	const struct deployment *deployment = lint->deployment;
	bool *groups = arena_alloc(lint->arena, lint->ruleset->n_groups + 1);
	struct swallow swallow = { .proto = value->tunable->proto,
				   .range = value->range,
				   .groups = groups };

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (only ? endpoint == only : endpoint_is(endpoint, value->tunable->role))
			groups[lint->ruleset->endpoint_groups[i]] = !endpoint->any;
	}
	swallow_tell(lint, &swallow, value->place, value->tunable->id,
		     arena_printf(lint->arena, "move the range; the document allows %u-%u",
				  value->tunable->min, value->tunable->max));
}

static bool literal_holds(const struct group *literal, const struct group *group)
{
	for (size_t i = 0; i < group->n_members; i++)
		if (prefix_lists_meet(literal->members[0].addresses, group->members[i].addresses))
			return true;
	return false;
}

/* Does a packet to `group` go to `to` as well? */
static bool reaches(const struct ruleset *ruleset, uint32_t to, uint32_t group)
{
	const struct group *wide = &ruleset->groups[to], *narrow = &ruleset->groups[group];

	if (!(narrow->flags & GROUP_DECLARED))
		return false;
	if (to == group || wide->flags & GROUP_EVERYWHERE)
		return true;
	if (wide->flags & GROUP_WHOLE_ZONE)
		return wide->zone == narrow->zone;
	return wide->flags & GROUP_LITERAL && literal_holds(wide, narrow);
}

/* Whom the rule reaches, by group. */
static const bool *rule_groups(struct lint *lint, uint32_t item)
{
	const struct ruleset *ruleset = lint->ruleset;
	bool *groups = arena_alloc(lint->arena, ruleset->n_groups + 1);
	struct rule_window window = item_rules(ruleset, item);
	uint32_t last = SHADE_NONE;

	for (size_t i = window.first; i < window.end; i++) {
		uint32_t to = ruleset->rules[i].to;

		for (uint32_t g = 0; to != last && g < ruleset->n_groups; g++)
			groups[g] |= reaches(ruleset, to, g);
		last = to;
	}
	return groups;
}

static void rule_swallows(struct lint *lint, uint32_t item)
{
	const struct site_rule *rule = lint->ruleset->items[item].rule;
	const bool *groups = NULL;

	for (size_t i = 0; rule && i < rule->n_services; i++) {
		const struct service *service = &rule->services[i];
		bool all = service->ports.words & PORTS_ALL;

		for (size_t k = 0; k < service->ports.n + all; k++) {
			struct swallow swallow = { .proto = service->proto };

			swallow.range = all ? ALL_PORTS : service->ports.ranges[k];
			groups = groups ? groups : rule_groups(lint, item);
			swallow.groups = groups;
			swallow_tell(lint, &swallow, rule->place, lint->ruleset->items[item].id,
				     "name the single ports that are meant");
		}
	}
}

/* ---- two ranges of one product that meet ---- */

static bool same_product(const struct role *a, const struct role *b)
{
	size_t n = strcspn(a->id, ".");

	return n == strcspn(b->id, ".") && !memcmp(a->id, b->id, n);
}

/* Names of one range: what is stated for one moves the other. */
static bool is_followed(const struct tunable *by, const struct tunable *tunable)
{
	for (size_t i = 0; i < by->n_follows; i++)
		if (by->follows[i] == tunable)
			return true;
	return false;
}

static bool may_meet(const struct lint *lint, const struct tunable *a, const struct tunable *b)
{
	return a != b && a->proto & b->proto && same_product(a->role, b->role) &&
	       !is_followed(a, b) && !is_followed(b, a) && range_width(b->initial) > 1 &&
	       tunable_applies(lint->deployment, b);
}

static void meeting_tell(struct lint *lint, const struct tunable_value *value,
			 const struct tunable *other, struct port_range theirs, bool stated)
{
	const struct tunable *tunable = value->tunable;
	struct port_range both = {
		value->range.lo > theirs.lo ? value->range.lo : theirs.lo,
		value->range.hi < theirs.hi ? value->range.hi : theirs.hi,
	};

	if (both.lo > both.hi)
		return;
	lint_add(lint,
		 (struct finding){ .check = LINT_RANGE_SWALLOWS,
				   .at = value->place,
				   .id = tunable->id,
				   .help = arena_printf(lint->arena,
							"move one of them; the document allows "
							"%u-%u here",
							tunable->min, tunable->max),
				   .number = range_width(both),
				   .unit = "ports" },
		 "%s: %s %s shares %s of the same device with %s (%s%s)", tunable->id,
		 proto_name(tunable->proto), range_text(lint->arena, value->range),
		 lint_count(lint->arena, range_width(both), "port"), other->id,
		 range_text(lint->arena, theirs), stated ? "" : ", the default");
}

/* The first device that has both: legs at addresses of their own never meet. */
static void tunable_meets(struct lint *lint, const struct tunable_value *value,
			  const struct endpoint *only, const struct tunable *other, bool told)
{
	const struct deployment *deployment = lint->deployment;

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];
		const struct tunable_value *theirs;

		if ((only && endpoint != only) || !endpoint_is(endpoint, value->tunable->role) ||
		    !endpoint_is(endpoint, other->role) ||
		    tunable_stated(deployment, endpoint, value->tunable) != value)
			continue;
		theirs = tunable_stated(deployment, endpoint, other);
		if (!theirs || !told)
			meeting_tell(lint, value, other, theirs ? theirs->range : other->initial,
				     theirs);
		return;
	}
}

/* Of two that are both stated, the one that comes first in the matrix tells. */
static void value_meets(struct lint *lint, const struct tunable_value *value,
			const struct endpoint *only)
{
	const struct matrix *matrix = lint->deployment->matrix;
	bool told = true;

	for (size_t i = 0; i < matrix->n_tunables; i++) {
		told &= matrix->tunables[i] != value->tunable;
		if (may_meet(lint, value->tunable, matrix->tunables[i]))
			tunable_meets(lint, value, only, matrix->tunables[i], told);
	}
}

static void all_swallows(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;

	for (size_t i = 0; i < deployment->n_tunables; i++) {
		tunable_swallows(lint, &deployment->tunables[i], NULL);
		value_meets(lint, &deployment->tunables[i], NULL);
	}
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		for (size_t k = 0; k < endpoint->n_tunables; k++) {
			tunable_swallows(lint, &endpoint->tunables[k], endpoint);
			value_meets(lint, &endpoint->tunables[k], endpoint);
		}
	}
	for (uint32_t i = 0; i < lint->ruleset->n_items; i++)
		rule_swallows(lint, i);
}

void lint_ranges(struct lint *lint)
{
	const struct matrix *matrix = lint->deployment->matrix;

	for (size_t i = 0; i < lint->plan->n_entries; i++)
		entry_wide(lint, &lint->plan->entries[i]);
	for (size_t i = 0; i < matrix->n_tunables; i++)
		tunable_unsized(lint, matrix->tunables[i]);
	all_stated(lint);
	all_swallows(lint);
}
