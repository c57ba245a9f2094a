// SPDX-License-Identifier: GPL-2.0
/*
 * Licence figures times the document's formulas: how many ports each range needs, and where they go.
 * A range keeps its base; one that would end above what the document or a Windows system allows is
 * moved down until it fits.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"

static bool plays_role(const struct endpoint *endpoint, const struct role *role)
{
	for (size_t i = 0; i < endpoint->roles.n; i++)
		if (role_is(endpoint->roles.roles[i], role))
			return true;
	return false;
}

/* Of a Windows host, or of one that says nothing and of a tunable that only Windows has? */
static bool os_fits(const struct endpoint *endpoint, const struct tunable *tunable)
{
	bool windows = endpoint->os && !strncmp(endpoint->os, "windows", strlen("windows"));

	return windows == !strcmp(tunable->os, "windows");
}

/* A range that stands in the document once for each system is set where that system runs. */
static bool has_twin(const struct tunable *tunable)
{
	for (size_t i = 0; tunable->os && i < tunable->n_follows; i++)
		if (tunable->follows[i]->os && tunable->follows[i]->role == tunable->role)
			return true;
	return false;
}

bool tunable_applies(const struct deployment *deployment, const struct tunable *tunable)
{
	bool deployed = false;

	if (!has_twin(tunable))
		return true;
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (!plays_role(endpoint, tunable->role))
			continue;
		deployed = true;
		if (os_fits(endpoint, tunable))
			return true;
	}
	return !deployed && !strcmp(tunable->os, "linux");
}

bool licence_figure(const struct licence *licence, enum figure figure, uint64_t *value)
{
	/* Every conference may have a presentation, unless the site knows better. */
	if (figure == FIGURE_PRESENTATIONS && !licence->stated[figure])
		figure = FIGURE_CONFERENCES;
	*value = licence->figures[figure];
	return licence->stated[figure];
}

/* False where a figure is missing; *begun: another one of the formula is stated. */
static bool sizing_need(const struct sizing *sizing, const struct licence *licence, uint64_t *need,
			enum figure *missing, bool *begun)
{
	bool whole = true;

	*need = 0;
	*begun = false;
	for (enum figure i = 0; i < N_FIGURES; i++) {
		uint64_t value;

		if (!sizing->ports[i])
			continue;
		if (licence_figure(licence, i, &value)) {
			*begun = true;
			*need += value * sizing->ports[i];
			continue;
		}
		if (whole)
			*missing = i;
		whole = false;
	}
	return whole;
}

static void entry_size(struct plan_entry *entry)
{
	const struct tunable *tunable = entry->tunable;
	bool told = false;

	for (size_t i = 0; i < tunable->n_sizings; i++) {
		enum figure missing = entry->missing;
		uint64_t need;
		bool begun;

		if (!sizing_need(&tunable->sizings[i], entry->licence, &need, &missing, &begun)) {
			/* Of alternatives the one that is begun tells what is wanted. */
			entry->missing = told ? entry->missing : missing;
			told |= begun;
			continue;
		}
		if (entry->sizing && need <= entry->need)
			continue;
		entry->sizing = &tunable->sizings[i];
		entry->need = need;
	}
	if (entry->sizing && entry->need < tunable->min_width)
		entry->need = tunable->min_width;
}

bool plan_entry_short(const struct plan_entry *entry)
{
	return entry->sizing && range_width(entry->current) < entry->need;
}

bool plan_entry_wide(const struct plan_entry *entry)
{
	return entry->sizing && range_width(entry->current) > entry->need;
}

/* The highest port that the document and the systems of all hosts concerned allow. */
static unsigned int highest(const struct plan *plan, const struct plan_entry *entry)
{
	const struct tunable *tunable = entry->tunable;
	unsigned int hi = tunable->max;

	for (size_t i = 0; i < plan->deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = plan->deployment->endpoints[i];
		unsigned int max;

		if (!plays_role(endpoint, tunable->role) ||
		    (entry->endpoint && entry->endpoint != endpoint))
			continue;
		max = system_max(endpoint, tunable);
		if (max && max - 1 < hi)
			hi = max - 1;
	}
	return hi;
}

/* Place the ports that are needed; false where the document has no room for them. */
static bool entry_place(const struct plan *plan, struct plan_entry *entry)
{
	const struct tunable *tunable = entry->tunable;
	unsigned int hi = highest(plan, entry);
	uint64_t lo = entry->current.lo;

	if (hi < tunable->min || entry->need > tunable->max_width ||
	    entry->need > hi - tunable->min + 1u)
		return false;
	if (!entry->need)
		entry->need = 1;
	if (lo + entry->need - 1 > hi)
		lo = hi - entry->need + 1;
	if (tunable->even && lo % 2)
		lo--;
	if (lo < tunable->min)
		return false;
	entry->planned = (struct port_range){ (uint16_t)lo, (uint16_t)(lo + entry->need - 1) };
	return true;
}

static struct place figure_place(const struct plan_entry *entry)
{
	for (enum figure i = 0; entry->sizing && i < N_FIGURES; i++)
		if (entry->sizing->ports[i] && entry->licence->stated[i])
			return entry->licence->places[i];
	return entry->licence->place;
}

static void entry_judge(struct plan *plan, struct plan_entry *entry, struct diag *diag)
{
	const char *id = entry->tunable->id;

	if (!entry->sizing) {
		diag_warning_on(diag, "licence-missing", id, entry->licence->place,
				arena_printf(plan->arena, "state `%s:` of the licence as well",
					     figure_name(entry->missing)),
				"'%s' cannot be sized without the number of %s", id,
				figure_name(entry->missing));
		return;
	}
	if (!entry_place(plan, entry)) {
		diag_error(
			diag, figure_place(entry), tunable_limits(plan->arena, entry->tunable),
			"%s needs %llu ports for '%s', and the document does not allow that many",
			plan_formula(plan->arena, entry), (unsigned long long)entry->need, id);
		entry->planned = entry->current;
		return;
	}
	if (plan_entry_short(entry))
		diag_warning_on(diag, "range-short", id,
				entry->place.source ? entry->place : figure_place(entry),
				arena_printf(plan->arena, "write %s: %u-%u", id, entry->planned.lo,
					     entry->planned.hi),
				"'%s' has %u ports, and the licence needs %llu: calls will fail",
				id, range_width(entry->current), (unsigned long long)entry->need);
}

static struct plan_entry *entry_add(struct plan *plan, const struct tunable *tunable,
				    const struct licence *licence, struct endpoint *endpoint,
				    const struct tunable_value *value)
{
	struct plan_entry *entry;

	GROW(plan->entries, plan->n_entries, plan->capacity);
	entry = &plan->entries[plan->n_entries++];
	*entry = (struct plan_entry){ .tunable = tunable,
				      .licence = licence,
				      .endpoint = endpoint,
				      .place = value ? value->place : NOWHERE,
				      .current = value ? value->range : tunable->initial };
	entry_size(entry);
	return entry;
}

static const struct tunable_value *value_in(const struct tunable_value *values, size_t n,
					    const struct tunable *tunable)
{
	for (size_t i = 0; i < n; i++)
		if (values[i].tunable == tunable)
			return &values[i];
	return NULL;
}

/* Hosts with a value of their own stand alone; all others share what the deployment says. */
static void tunable_plan(struct plan *plan, const struct tunable *tunable,
			 const struct licence *licence, struct diag *diag)
{
	const struct deployment *deployment = plan->deployment;
	const struct endpoint *other = NULL;
	const struct tunable_value *value;
	size_t n = 0, own = 0;

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		struct endpoint *endpoint = deployment->endpoints[i];

		if (!plays_role(endpoint, tunable->role))
			continue;
		n++;
		value = value_in(endpoint->tunables, endpoint->n_tunables, tunable);
		if (!value) {
			other = other ? other : endpoint;
			continue;
		}
		own++;
		entry_judge(plan, entry_add(plan, tunable, licence, endpoint, value), diag);
	}
	if (n && n == own)
		return;
	value = other ? tunable_stated(deployment, other, tunable)
		      : value_in(deployment->tunables, deployment->n_tunables, tunable);
	entry_judge(plan, entry_add(plan, tunable, licence, NULL, value), diag);
}

struct plan *plan_make(struct deployment *deployment, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct plan *plan = arena_alloc(arena, sizeof(*plan));
	const struct matrix *matrix = deployment->matrix;

	*plan = (struct plan){ .arena = arena, .deployment = deployment };
	for (size_t i = 0; i < deployment->n_licences; i++) {
		const struct licence *licence = &deployment->licences[i];

		for (size_t k = 0; k < matrix->n_tunables; k++) {
			const struct tunable *tunable = matrix->tunables[k];

			if (tunable->n_sizings && role_is(tunable->role, licence->role) &&
			    tunable_applies(deployment, tunable))
				tunable_plan(plan, tunable, licence, diag);
		}
	}
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	free(plan->entries);
	arena_free(plan->arena);
}

const char *plan_formula(struct arena *arena, const struct plan_entry *entry)
{
	const char *text = "";

	for (enum figure i = 0; entry->sizing && i < N_FIGURES; i++) {
		uint64_t value;

		if (!entry->sizing->ports[i])
			continue;
		licence_figure(entry->licence, i, &value);
		text = arena_printf(arena, "%s%s%u x %llu %s", text, *text ? " + " : "",
				    entry->sizing->ports[i], (unsigned long long)value,
				    figure_name(i));
	}
	return text;
}

/* {lo}, {hi} and {n} in a setting. */
static bool placeholder(const char *text, struct port_range range, unsigned int *value, size_t *len)
{
	static const char *const names[] = { "{lo}", "{hi}", "{n}" };
	const unsigned int values[] = { range.lo, range.hi, range_width(range) };

	for (size_t i = 0; i < 3; i++) {
		*len = strlen(names[i]);
		*value = values[i];
		if (!strncmp(text, names[i], *len))
			return true;
	}
	return false;
}

const char *plan_type(struct arena *arena, const char *text, struct port_range range)
{
	const char *out = "", *brace;

	while ((brace = strchr(text, '{'))) {
		unsigned int value;
		size_t len;

		out = arena_printf(arena, "%s%.*s", out, (int)(brace - text), text);
		if (placeholder(brace, range, &value, &len)) {
			out = arena_printf(arena, "%s%u", out, value);
			text = brace + len;
		} else {
			out = arena_printf(arena, "%s{", out);
			text = brace + 1;
		}
	}
	return arena_printf(arena, "%s%s", out, text);
}
