// SPDX-License-Identifier: GPL-2.0
/* The facts of a report: what became of each item of the document at this site. */
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <eqfw/format.h>

#include "image.h"

const char *const report_fate_names[N_FATES] = {
	[FATE_OPEN] = "open",
	[FATE_SWITCHED] = "switched-off",
	[FATE_LEVEL] = "requirement",
	[FATE_FUNCTION] = "function",
	[FATE_FEATURE] = "feature",
	[FATE_CONDITION] = "condition",
	[FATE_NOBODY] = "not-deployed",
	[FATE_PORTS] = "ports-not-stated",
	[FATE_INSIDE] = "inside-one-zone",
	[FATE_FORBID] = "always-blocked",
};

const char *const report_fate_titles[N_FATES] = {
	[FATE_OPEN] = "Open",
	[FATE_SWITCHED] = "Switched off by name",
	[FATE_LEVEL] = "Beyond the site's requirement level",
	[FATE_FUNCTION] = "Functions that the site does not use",
	[FATE_FEATURE] = "Features that the site does not name",
	[FATE_CONDITION] = "Rows that ask for a device which is not deployed",
	[FATE_NOBODY] = "Devices that are not deployed",
	[FATE_PORTS] = "Ports or groups that nobody has stated",
	[FATE_INSIDE] = "Inside one zone",
	[FATE_FORBID] = "Always blocked by the document",
};

static size_t item_index(const struct report *report, const struct item *item)
{
	size_t i = 0;

	while (report->matrix->items[i] != item)
		i++;
	return i;
}

const struct item_facts *report_facts(const struct report *report, const struct item *item)
{
	return &report->facts[item_index(report, item)];
}

size_t report_count(const struct report *report, enum item_fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < report->matrix->n_items; i++)
		n += report->facts[i].fate == fate;
	return n;
}

static bool same_kind(const struct endpoint *a, const struct endpoint *b)
{
	return a->zone == b->zone && a->roles.n == b->roles.n &&
	       !memcmp(a->roles.roles, b->roles.roles, a->roles.n * sizeof(struct role *));
}

/* Ten thousand rooms are few kinds: what follows asks them alone. */
static void find_kinds(struct report *report)
{
	const struct deployment *deployment = report->deployment;
	size_t n = deployment->n_endpoints;

	report->kinds = arena_alloc(report->arena, (n + 1) * sizeof(*report->kinds));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < report->n_kinds &&
		       !same_kind(report->kinds[k], deployment->endpoints[i]))
			k++;
		if (k == report->n_kinds)
			report->kinds[report->n_kinds++] = deployment->endpoints[i];
	}
}

/* A leg's or a child's player plays the device as well. */
static void find_players(struct report *report)
{
	const struct matrix *matrix = report->matrix;

	report->played = arena_alloc(report->arena, matrix->n_roles * sizeof(*report->played) + 1);
	for (size_t r = 0; r < matrix->n_roles; r++) {
		for (size_t i = 0; i < report->n_kinds && !report->played[r]; i++) {
			const struct role_list *roles = &report->kinds[i]->roles;

			for (size_t k = 0; k < roles->n && !report->played[r]; k++)
				report->played[r] = role_is(roles->roles[k], matrix->roles[r]);
		}
	}
}

static bool is_played(const struct report *report, const struct role *role)
{
	for (size_t r = 0; r < report->matrix->n_roles; r++) {
		if (report->matrix->roles[r] == role)
			return report->played[r];
	}
	return false;
}

static bool any_played(const struct report *report, const struct role_list *roles)
{
	for (size_t i = 0; i < roles->n; i++) {
		if (is_played(report, roles->roles[i]))
			return true;
	}
	return !roles->n;
}

static bool endpoint_in(const struct endpoint *endpoint, const struct role_list *roles)
{
	for (size_t i = 0; i < endpoint->roles.n; i++) {
		for (size_t k = 0; k < roles->n; k++) {
			if (role_is(endpoint->roles.roles[i], roles->roles[k]))
				return true;
		}
	}
	return false;
}

/* One flag a zone: somebody of these roles stands there. */
static bool *zones_of(struct report *report, const struct role_list *roles)
{
	const struct deployment *deployment = report->deployment;
	bool *zones = arena_alloc(report->arena, deployment->n_zones * sizeof(*zones) + 1);

	for (size_t z = 0; z < deployment->n_zones; z++) {
		for (size_t i = 0; i < report->n_kinds && !zones[z]; i++)
			zones[z] = report->kinds[i]->zone == deployment->zones[z] &&
				   endpoint_in(report->kinds[i], roles);
	}
	return zones;
}

/* Every pair of its ends stands in one zone that lets its own packets pass. */
static bool is_inside(struct report *report, const struct item *item)
{
	const struct deployment *deployment = report->deployment;
	bool *from = zones_of(report, &item->sources), *to = zones_of(report, &item->destinations);

	for (size_t a = 0; a < deployment->n_zones; a++) {
		for (size_t b = 0; b < deployment->n_zones; b++) {
			if (!from[a] || !to[b])
				continue;
			if (a != b || deployment->zones[a]->intra_enforce)
				return false;
		}
	}
	return true;
}

static enum item_fate fate_of(struct report *report, const struct item *item)
{
	bool met = !item->condition_role || is_played(report, item->condition_role);
	enum item_fate fate = item_switch_fate(report->deployment, item, met);

	if (item->forbid)
		return FATE_FORBID;
	if (fate != FATE_OPEN)
		return fate;
	if (!any_played(report, &item->sources) || !any_played(report, &item->destinations))
		return FATE_NOBODY;
	return is_inside(report, item) ? FATE_INSIDE : FATE_PORTS;
}

static void missing_add(struct report *report, struct role_list *missing,
			const struct role_list *roles)
{
	if (any_played(report, roles))
		return;
	for (size_t i = 0; i < roles->n; i++)
		missing->roles[missing->n++] = roles->roles[i];
}

static void list_missing(struct report *report, const struct item *item, struct item_facts *facts)
{
	size_t room = item->sources.n + item->destinations.n + 1;

	facts->missing.roles = arena_alloc(report->arena, room * sizeof(struct role *));
	if (facts->fate == FATE_CONDITION) {
		facts->missing.roles[facts->missing.n++] = item->condition_role;
		return;
	}
	missing_add(report, &facts->missing, &item->sources);
	missing_add(report, &facts->missing, &item->destinations);
}

static void link_items(struct report *report)
{
	const struct ruleset *ruleset = report->ruleset;
	const struct deployment *deployment = report->deployment;
	size_t n = ruleset->n_items + 1;

	report->items = arena_alloc(report->arena, n * sizeof(*report->items));
	report->rules = arena_alloc(report->arena, n * sizeof(*report->rules));
	for (size_t i = 0; i < ruleset->n_items; i++) {
		const char *slash = strchr(ruleset->items[i].id, '/');

		if (ruleset->items[i].kind == EQFW_ITEM_MATRIX) {
			report->items[i] = matrix_item(report->matrix, ruleset->items[i].id);
			continue;
		}
		for (size_t k = 0; slash && k < deployment->n_rules; k++) {
			const struct site_rule *rule = &deployment->rules[k];
			static const uint32_t kinds[] = { EQFW_ITEM_SITE, EQFW_ITEM_GUARD,
							  EQFW_ITEM_ICMP };

			if (kinds[rule->kind] == ruleset->items[i].kind &&
			    !strcmp(rule->name, slash + 1))
				report->rules[i] = rule;
		}
	}
}

static void find_fates(struct report *report)
{
	const struct matrix *matrix = report->matrix;
	const struct ruleset *ruleset = report->ruleset;

	report->facts = arena_alloc(report->arena, (matrix->n_items + 1) * sizeof(*report->facts));
	for (size_t i = 0; i < matrix->n_items; i++)
		report->facts[i].fate = N_FATES;
	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct item *item = report->items[ruleset->rules[i].item];

		if (!item || (i && ruleset->rules[i].item == ruleset->rules[i - 1].item))
			continue;
		report->facts[item_index(report, item)].fate = FATE_OPEN;
	}
	for (size_t i = 0; i < matrix->n_items; i++) {
		struct item_facts *facts = &report->facts[i];

		if (facts->fate == FATE_OPEN)
			continue;
		facts->fate = fate_of(report, matrix->items[i]);
		if (facts->fate == FATE_NOBODY || facts->fate == FATE_CONDITION)
			list_missing(report, matrix->items[i], facts);
	}
}

void report_init(struct report *report, const struct ruleset *ruleset, const struct image *image,
		 unsigned int warnings)
{
	*report = (struct report){ .ruleset = ruleset,
				   .deployment = ruleset->deployment,
				   .matrix = ruleset->deployment->matrix,
				   .warnings = warnings,
				   .arena = arena_new() };
	digest_hex(image->bytes + image->size - EQFW_DIGEST_SIZE, report->digest);
	find_kinds(report);
	find_players(report);
	link_items(report);
	find_fates(report);
	report_groups(report);
	report_flows(report);
}

void report_free(struct report *report)
{
	for (size_t i = 0; i < report->n_entries; i++)
		free(report->entries[i].blocks);
	free(report->entries);
	arena_free(report->arena);
}

const struct row_switch *report_switch(const struct report *report, const struct item *item)
{
	const struct enable *enable = &report->deployment->enable;
	const struct row_switch *of_row = NULL;

	for (size_t i = 0; i < enable->n_rows; i++) {
		if (enable->rows[i].item == item)
			return &enable->rows[i];
		if (enable->rows[i].row == item->row)
			of_row = &enable->rows[i];
	}
	return of_row;
}

static const char *role_names(struct arena *arena, const struct role_list *roles)
{
	const char *text = "";

	for (size_t i = 0; i < roles->n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", roles->roles[i]->id);
	return text;
}

static const char *why_switched(const struct report *report, const struct item *item)
{
	const struct row_switch *found = report_switch(report, item);

	return found && found->because ? found->because : "the site gives no reason";
}

const char *report_why_closed(const struct report *report, const struct item *item)
{
	const struct item_facts *facts = report_facts(report, item);
	struct arena *arena = report->arena;

	switch (facts->fate) {
	case FATE_SWITCHED:
		return why_switched(report, item);
	case FATE_LEVEL:
		return arena_printf(arena, "%s; the site takes %s and what comes before it",
				    requirement_name(item->requirement),
				    requirement_name(report->deployment->enable.requirement));
	case FATE_FUNCTION:
		return arena_printf(arena, "function %s is not listed",
				    function_name(item->function));
	case FATE_FEATURE:
		return arena_printf(arena, "feature %s is not named", item->condition_feature->id);
	case FATE_CONDITION:
	case FATE_NOBODY:
		return arena_printf(arena, "nobody plays %s", role_names(arena, &facts->missing));
	case FATE_PORTS:
		return item->dst.words & PORTS_MULTICAST ? "no multicast: groups are stated"
							 : "no vendor-ports: are stated";
	case FATE_INSIDE:
		return "both ends stand in one zone with intra: pass";
	case FATE_FORBID:
		return "closed for every source; wide ranges do not reopen it";
	default:
		return "";
	}
}

const char *report_initiator(const struct item *item)
{
	switch (item->initiator) {
	case INITIATOR_EITHER:
		return "either end may call";
	case INITIATOR_SWAPPED:
		return "printed with its client, read with its server";
	case INITIATOR_DESTINATION:
		return "opened by the device of the destination column";
	default:
		return NULL;
	}
}

const char *report_date(struct arena *arena, uint64_t until)
{
	time_t seconds = (time_t)until;
	char text[40] = "?";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	return arena_strdup(arena, text);
}
