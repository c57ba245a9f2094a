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

const struct item_facts *report_facts(const struct report *report, const struct item *item)
{
	return item_facts(&report->fates, item);
}

size_t report_count(const struct report *report, enum item_fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < report->matrix->n_items; i++)
		n += report->fates.facts[i].fate == fate;
	return n;
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
	fates_find(&report->fates, ruleset, report->arena);
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
