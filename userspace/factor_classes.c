// SPDX-License-Identifier: GPL-2.0
/* Classes of addresses that every rule treats alike: found by signature, named for people. */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "factor.h"

#define MAP_TEXT_MAX 100 /* bytes of a host's name and its port map in the name of a class */
#define NAMED_HOSTS 3	 /* host names in the name of a class, before "+N-more" */

struct class_entry {
	UT_hash_handle hh;
	uint32_t id;
	struct class_key key;
};

static size_t key_size(size_t n)
{
	return sizeof(struct class_key) + n * sizeof(uint32_t);
}

static uint32_t class_add(struct factor *f, struct class_entry *entry)
{
	struct addr_class *class;

	GROW(f->classes, f->n_classes, f->classes_capacity);
	class = &f->classes[f->n_classes];
	*class = (struct addr_class){
		.key = &entry->key,
		.first = NO_INDEX,
		.forbidden = EQFW_PROGRAM_NONE,
		.name = "",
	};
	entry->id = (uint32_t)f->n_classes++;
	HASH_ADD_KEYPTR(hh, f->class_table, &entry->key, key_size(entry->key.n), entry);
	return entry->id;
}

uint32_t factor_class(struct factor *f, struct class_key like, const uint32_t *groups)
{
	struct class_entry *entry, *found = NULL;

	entry = arena_alloc(f->arena, sizeof(*entry) + like.n * sizeof(*groups));
	entry->key = like;
	for (size_t i = 0; i < like.n; i++)
		entry->key.groups[i] = groups[i];
	HASH_FIND(hh, f->class_table, &entry->key, key_size(like.n), found);
	return found ? found->id : class_add(f, entry);
}

/* Class 0, and the box's: local addresses found at run time need it whether `box:` has any or not. */
void factor_classes_init(struct factor *f)
{
	factor_class(f, (struct class_key){ .zone = f->default_zone }, NULL);
	factor_class(f, (struct class_key){ .zone = f->box_zone, .flags = EQFW_CLASS_BOX }, NULL);
	f->classes[EQFW_CLASS_UNOWNED].families = HAS_V4 | HAS_V6;
	f->classes[CLASS_BOX].families = HAS_V4 | HAS_V6;
}

void factor_classes_free(struct factor *f)
{
	HASH_CLEAR(hh, f->class_table);
	free(f->classes);
}

/* Where one host says `only`, no other is among the groups of the signature (factor_atoms.c). */
static bool has_only(const struct factor *f, const struct class_key *key)
{
	for (size_t i = 0; i < key->n; i++) {
		const struct group *group = &f->ruleset->groups[key->groups[i]];

		if (group->flags & GROUP_DECLARED && group->n_members && group->members[0].only)
			return true;
	}
	return false;
}

/* Whether a group takes every address of the class for its zone's or kind's sake. */
static bool group_implies(const struct factor *f, const struct group *group,
			  const struct class_key *key)
{
	if (key->flags & EQFW_CLASS_GROUP)
		return false;
	if (group->flags & GROUP_EVERYWHERE)
		return true;
	if (group->flags & GROUP_BOX && key->flags & EQFW_CLASS_BOX)
		return true;
	if (!(group->flags & (GROUP_WHOLE_ZONE | GROUP_ANY_HOST)) ||
	    factor_zone_id(f, group->zone) != key->zone)
		return false;
	return group->flags & GROUP_WHOLE_ZONE || !has_only(f, key);
}

static uint32_t *implying_groups(struct factor *f, size_t *n)
{
	const struct ruleset *ruleset = f->ruleset;
	uint32_t *groups = arena_alloc(f->arena, (ruleset->n_groups + 1) * sizeof(*groups));

	*n = 0;
	for (uint32_t i = 0; i < ruleset->n_groups; i++) {
		if (ruleset->groups[i].flags &
		    (GROUP_EVERYWHERE | GROUP_BOX | GROUP_WHOLE_ZONE | GROUP_ANY_HOST))
			groups[(*n)++] = i;
	}
	return groups;
}

static void class_set_groups(struct factor *f, struct addr_class *class, const uint32_t *implying,
			     size_t n)
{
	const struct class_key *key = class->key;
	size_t out = 0, i = 0, j = 0;

	class->groups = arena_alloc(f->arena, (key->n + n + 1) * sizeof(*class->groups));
	while (i < key->n || j < n) {
		bool own = j == n || (i < key->n && key->groups[i] <= implying[j]);
		uint32_t group = own ? key->groups[i] : implying[j];

		if (i < key->n && key->groups[i] == group)
			i++;
		if (j < n && implying[j] == group)
			j++;
		if (own || group_implies(f, &f->ruleset->groups[group], key))
			class->groups[out++] = group;
	}
	class->n_groups = out;
}

/* Each class's groups; then the same the other way round: each group's classes. */
void factor_class_groups(struct factor *f)
{
	size_t n, n_groups = f->ruleset->n_groups, total = 0;
	uint32_t *implying = implying_groups(f, &n), *next;

	f->class_group_first = arena_alloc(f->arena, (n_groups + 2) * sizeof(uint32_t));
	next = f->class_group_first + 1;
	for (size_t c = 0; c < f->n_classes; c++) {
		class_set_groups(f, &f->classes[c], implying, n);
		for (size_t i = 0; i < f->classes[c].n_groups; i++)
			next[f->classes[c].groups[i] + 1]++;
		total += f->classes[c].n_groups;
	}
	/* next[g] becomes the start of group g, and, once filled, the start of group g + 1. */
	for (size_t g = 0; g < n_groups; g++)
		next[g + 1] += next[g];
	f->group_classes = arena_alloc(f->arena, (total + 1) * sizeof(uint32_t));
	for (size_t c = 0; c < f->n_classes; c++) {
		for (size_t i = 0; i < f->classes[c].n_groups; i++)
			f->group_classes[next[f->classes[c].groups[i]]++] = (uint32_t)c;
	}
}

static int class_host_compare(const void *a, const void *b)
{
	const struct class_host *x = a, *y = b;

	if (x->class_id != y->class_id)
		return x->class_id < y->class_id ? -1 : 1;
	if (x->endpoint != y->endpoint)
		return x->endpoint < y->endpoint ? -1 : 1;
	return (x->map > y->map) - (x->map < y->map);
}

/* "web", or "web [tcp 8443 -> 443]" where DNAT changes ports and there is room to say so. */
static const char *host_text(struct factor *f, const struct class_host *host)
{
	const char *name = f->ruleset->deployment->endpoints[host->endpoint]->name;
	const char *text;

	if (host->map == NO_INDEX)
		return name;
	text = factor_map_text(f, host->map);
	if (strlen(name) + strlen(text) > MAP_TEXT_MAX)
		text = "ports change";
	return arena_printf(f->arena, "%s [%s]", name, text);
}

/* "em1+em2+em3+7-more" from the hosts [first, end); a name that would grow too long stops sooner. */
static const char *join_hosts(struct factor *f, const struct class_host *hosts, size_t n)
{
	const char *name = "";
	size_t i;

	for (i = 0; i < n && i < NAMED_HOSTS; i++) {
		const char *host = host_text(f, &hosts[i]);

		if (strlen(name) + strlen(host) + sizeof("++65535-more") > EQFW_MAX_NAME)
			break;
		name = arena_printf(f->arena, "%s%s%s", name, i ? "+" : "", host);
	}
	if (i == n)
		return name;
	return arena_printf(f->arena, "%s%s%zu-more", name, i ? "+" : "", n - i);
}

static const char *class_name(struct factor *f, uint32_t id)
{
	const struct addr_class *class = &f->classes[id];
	const struct class_key *key = class->key;
	const char *zone = key->zone == EQFW_ZONE_NONE ? "none" : f->zones[key->zone]->name;
	const char *where = "";

	if (class->first != NO_INDEX)
		where = prefix_format(f->arena, &f->prefixes[class->first].prefix);
	if (key->flags & EQFW_CLASS_GROUP)
		return key->n ? arena_printf(f->arena, "group %s", where) : "multicast";
	if (key->flags & EQFW_CLASS_BROADCAST)
		return arena_printf(f->arena, "%s broadcast", zone);
	return key->n ? arena_printf(f->arena, "%s %s", zone, where) : zone;
}

void factor_class_names(struct factor *f)
{
	size_t end, kept = 0;

	if (f->n_hosts)
		qsort(f->hosts, f->n_hosts, sizeof(*f->hosts), class_host_compare);
	for (size_t i = 0; i < f->n_hosts; i++) {
		if (!kept || class_host_compare(&f->hosts[i], &f->hosts[kept - 1]))
			f->hosts[kept++] = f->hosts[i];
	}
	f->n_hosts = kept;
	for (size_t first = 0; first < f->n_hosts; first = end) {
		uint32_t id = f->hosts[first].class_id;

		for (end = first; end < f->n_hosts && f->hosts[end].class_id == id; end++)
			;
		f->classes[id].name = join_hosts(f, &f->hosts[first], end - first);
	}
	for (uint32_t id = 0; id < f->n_classes; id++) {
		if (!*f->classes[id].name)
			f->classes[id].name = class_name(f, id);
	}
}
