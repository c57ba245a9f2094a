// SPDX-License-Identifier: GPL-2.0
/* Names for people: what the compiler treats alike is one line of the report. */
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "report.h"

#define NAMED_HOSTS 4 /* more are called by their roles */

/* Endpoints by the pointer to their name, as groups know them. */
struct known_endpoint {
	const char *name;
	const struct endpoint *endpoint;
	UT_hash_handle hh;
};

const char *report_roles(struct arena *arena, const struct endpoint *endpoint)
{
	const char *text = "";

	for (size_t i = 0; i < endpoint->roles.n; i++) {
		const struct role *role = endpoint->roles.roles[i];
		bool leg = role->n_parents == 1 && role->parents[0]->n_legs;

		/* A host without legs has all legs of its roles: the role says so already. */
		if (leg && i)
			continue;
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", role->id);
	}
	return text;
}

static uint32_t place_named(struct report *report, const char *name)
{
	for (uint32_t i = 0; i < report->n_places; i++) {
		if (!report->places[i].zone && !strcmp(report->places[i].name, name))
			return i;
	}
	report->places[report->n_places] = (struct report_place){ .name = name };
	return (uint32_t)report->n_places++;
}

static uint32_t place_of_zone(const struct report *report, const struct zone *zone)
{
	for (uint32_t i = 0; i < report->n_places; i++) {
		if (report->places[i].zone == zone)
			return i;
	}
	return NO_PLACE;
}

static uint32_t place_of_address(struct report *report, const struct prefix *address)
{
	const struct zone *zone = address_zone(report->deployment, address);

	return zone ? place_of_zone(report, zone) : place_named(report, "anywhere");
}

static uint32_t place_of_group(struct report *report, const struct group *group)
{
	const struct deployment *deployment = report->deployment;

	if (group->zone)
		return place_of_zone(report, group->zone);
	if (group->flags & GROUP_BOX)
		return place_of_zone(report, deployment->zones[deployment->n_zones - 1]);
	if (group->flags & GROUP_MULTICAST)
		return place_named(report, "multicast");
	if (group->flags & GROUP_LITERAL && group->n_members && group->members[0].addresses->n)
		return place_of_address(report, &group->members[0].addresses->prefixes[0]);
	return place_named(report, "anywhere");
}

static const char *join(struct arena *arena, const char **names, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", names[i]);
	return text;
}

static const char *any_label(struct report *report, const struct zone *zone)
{
	const struct deployment *deployment = report->deployment;
	const char *text = "";

	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (endpoint->any && endpoint->zone == zone)
			text = arena_printf(report->arena, "%s%s%s", text, *text ? ", " : "",
					    endpoint->name);
	}
	return *text ? text : "any address";
}

static void list_names(struct report *report, const struct group *group, struct report_group *out)
{
	out->names = arena_alloc(report->arena, (group->n_members + 1) * sizeof(*out->names));
	for (size_t i = 0; i < group->n_members; i++) {
		if (!i || group->members[i].name != group->members[i - 1].name)
			out->names[out->n_names++] = group->members[i].name;
	}
}

/* "xt-series hosts"; the second such group of a place, told apart by the site, is "... (2)". */
static const char *many_label(struct report *report, uint32_t index)
{
	const struct report_group *group = &report->groups[index];
	const char *label =
		arena_printf(report->arena, "%s hosts", report_roles(report->arena, group->like));
	unsigned int n = 1;

	for (uint32_t i = 0; i < index; i++) {
		const struct report_group *other = &report->groups[i];

		if (other->place == group->place && other->like && other->n_names > NAMED_HOSTS &&
		    !strncmp(other->label, label, strlen(label)))
			n++;
	}
	return n == 1 ? label : arena_printf(report->arena, "%s (%u)", label, n);
}

static const char *group_label(struct report *report, uint32_t index)
{
	const struct group *group = &report->ruleset->groups[index];
	const struct report_group *facts = &report->groups[index];

	if (group->flags & (GROUP_WHOLE_ZONE | GROUP_ANY_HOST))
		return any_label(report, group->zone);
	if (group->flags & GROUP_BOX)
		return "the box";
	if (group->flags & GROUP_EVERYWHERE)
		return "anybody";
	if (facts->like && facts->n_names > NAMED_HOSTS)
		return many_label(report, index);
	return join(report->arena, facts->names, facts->n_names);
}

static void fill_groups(struct report *report, struct known_endpoint *known)
{
	const struct ruleset *ruleset = report->ruleset;

	for (uint32_t g = 0; g < ruleset->n_groups; g++) {
		const struct group *group = &ruleset->groups[g];
		struct report_group *facts = &report->groups[g];
		struct known_endpoint *found = NULL;

		list_names(report, group, facts);
		facts->place = place_of_group(report, group);
		if (facts->n_names)
			HASH_FIND_PTR(known, &facts->names[0], found);
		facts->like = found ? found->endpoint : NULL;
		facts->label = group_label(report, g);
	}
}

static void list_places(struct report *report)
{
	const struct deployment *deployment = report->deployment;
	size_t room = deployment->n_zones + 2;

	report->places = arena_alloc(report->arena, room * sizeof(*report->places));
	for (size_t z = 0; z < deployment->n_zones; z++)
		report->places[report->n_places++] = (struct report_place){
			.name = deployment->zones[z]->name,
			.zone = deployment->zones[z],
		};
	for (size_t i = 0; i < deployment->n_endpoints; i++)
		report->places[place_of_zone(report, deployment->endpoints[i]->zone)].n_hosts++;
}

void report_groups(struct report *report)
{
	const struct deployment *deployment = report->deployment;
	struct known_endpoint *known = NULL, *entries, *entry, *next;
	struct arena *scratch = arena_new();

	list_places(report);
	report->groups = arena_alloc(report->arena,
				     (report->ruleset->n_groups + 1) * sizeof(*report->groups));
	entries = arena_alloc(scratch, (deployment->n_endpoints + 1) * sizeof(*entries));
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		entry = &entries[i];
		entry->endpoint = deployment->endpoints[i];
		entry->name = entry->endpoint->name;
		HASH_ADD_PTR(known, name, entry);
	}
	fill_groups(report, known);
	HASH_ITER(hh, known, entry, next)
		HASH_DEL(known, entry);
	arena_free(scratch);
}

const char *report_names(const struct report *report, const struct report_group *group, size_t max)
{
	size_t n = group->n_names <= max + 1 ? group->n_names : max;
	const char *text = join(report->arena, group->names, n);

	return n == group->n_names
		       ? text
		       : arena_printf(report->arena, "%s and %zu more", text, group->n_names - n);
}

/* The first prefix behind `i` that does not follow its neighbour without a gap. */
static size_t run_end(const struct prefix_list *list, size_t i)
{
	for (i++; i < list->n; i++) {
		struct eqfw_addr next = prefix_last(&list->prefixes[i - 1]);

		if (list->prefixes[i].family != list->prefixes[i - 1].family ||
		    !address_next(&next, list->prefixes[i].family) ||
		    memcmp(&next, &list->prefixes[i].addr, sizeof(next)) != 0)
			break;
	}
	return i;
}

/* "10.1.9.5-10.1.9.20": prefixes from `i` to before `end`. */
static const char *run_text(struct arena *arena, const struct prefix_list *list, size_t i,
			    size_t end)
{
	struct prefix first = list->prefixes[i], last = list->prefixes[end - 1];

	if (end == i + 1)
		return prefix_format(arena, &first);
	last.addr = prefix_last(&last);
	first.len = last.len = first.family == 4 ? 32 : 128;
	return arena_printf(arena, "%s-%s", prefix_format(arena, &first),
			    prefix_format(arena, &last));
}

static size_t count_runs(const struct group *group)
{
	size_t n = 0;

	for (size_t m = 0; m < group->n_members; m++) {
		const struct prefix_list *list = group->members[m].addresses;

		for (size_t i = 0; i < list->n; i = run_end(list, i))
			n++;
	}
	return n;
}

static const char *public_text(const struct report *report, const struct group_member *member)
{
	if (!member->public)
		return "";
	return member->map ? arena_printf(report->arena, " (public: %s)", member->map->text)
			   : " (public)";
}

const char *report_addresses(const struct report *report, uint32_t index, size_t max)
{
	const struct group *group = &report->ruleset->groups[index];
	const char *text = "";
	size_t n = 0, total;

	if (group->flags & (GROUP_WHOLE_ZONE | GROUP_ANY_HOST))
		return "any address of the zone";
	total = count_runs(group);
	if (total == max + 1)
		max = total;
	for (size_t m = 0; m < group->n_members && n < max; m++) {
		const struct prefix_list *list = group->members[m].addresses;

		for (size_t i = 0, end; i < list->n && n < max; i = end, n++) {
			end = run_end(list, i);
			text = arena_printf(report->arena, "%s%s%s%s", text, n ? ", " : "",
					    run_text(report->arena, list, i, end),
					    public_text(report, &group->members[m]));
		}
	}
	return n < total ? arena_printf(report->arena, "%s and %zu more", text, total - n) : text;
}
