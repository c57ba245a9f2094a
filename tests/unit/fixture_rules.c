// SPDX-License-Identifier: GPL-2.0
#include "fixture_rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Arrays of pointers grow in the arena by copying: a fixture is small. */
static void *grown(struct arena *arena, const void *old, size_t n, size_t size)
{
	void *array = arena_alloc(arena, (n + 1) * size);

	if (n)
		memcpy(array, old, n * size);
	return array;
}

#define APPEND(fixture, array, n, value) \
	do { \
		(array) = grown((fixture)->ruleset.arena, (array), (n), sizeof(*(array))); \
		(array)[(n)++] = (value); \
	} while (0)

void fixture_init(struct fixture *fixture)
{
	struct zone *box;

	*fixture = (struct fixture){ .diag.quiet = true };
	fixture->ruleset.arena = arena_new();
	fixture->ruleset.deployment = &fixture->deployment;
	fixture->deployment.matrix = &fixture->matrix;
	fixture->deployment.name = "fixture";
	fixture->matrix.edition = "by-hand";
	box = fixture_zone(fixture, "box", "");
	box->is_box = true;
}

void fixture_free(struct fixture *fixture)
{
	image_free(&fixture->image);
	arena_free(fixture->ruleset.arena);
}

struct prefix_list fixture_list(struct fixture *fixture, const char *text)
{
	struct arena *arena = fixture->ruleset.arena;
	char *copy = arena_strdup(arena, text), *save = NULL;
	struct prefix_list list = { 0 };

	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		bool good = prefix_list_add(arena, &list, word, NOWHERE, &fixture->diag);

		assert(good);
		(void)good;
	}
	prefix_list_finish(arena, &list, NULL);
	return list;
}

struct zone *fixture_zone(struct fixture *fixture, const char *name, const char *networks)
{
	struct zone *zone = arena_alloc(fixture->ruleset.arena, sizeof(*zone));

	zone->name = arena_strdup(fixture->ruleset.arena, name);
	zone->networks = fixture_list(fixture, networks);
	zone->intra_enforce = true;
	APPEND(fixture, fixture->deployment.zones, fixture->deployment.n_zones, zone);
	return zone;
}

void fixture_interface(struct fixture *fixture, struct zone *zone, const char *name)
{
	APPEND(fixture, zone->interfaces, zone->n_interfaces, name);
}

struct endpoint *fixture_host(struct fixture *fixture, const char *name, struct zone *zone,
			      const char *addresses, const char *publics)
{
	struct endpoint *host = arena_alloc(fixture->ruleset.arena, sizeof(*host));

	host->name = arena_strdup(fixture->ruleset.arena, name);
	host->zone = zone;
	host->any = !addresses;
	if (addresses)
		host->addresses = fixture_list(fixture, addresses);
	if (publics) {
		host->publics = fixture_list(fixture, publics);
		host->public = arena_alloc(fixture->ruleset.arena, sizeof(*host->public));
		host->public->addresses = host->publics;
		host->n_public = 1;
	}
	APPEND(fixture, fixture->deployment.endpoints, fixture->deployment.n_endpoints, host);
	return host;
}

uint32_t fixture_group(struct fixture *fixture, unsigned int flags, const struct zone *zone)
{
	struct group group = { .flags = flags, .zone = zone };

	APPEND(fixture, fixture->ruleset.groups, fixture->ruleset.n_groups, group);
	return (uint32_t)fixture->ruleset.n_groups - 1;
}

static void add_member(struct fixture *fixture, uint32_t index, struct group_member member)
{
	struct group *group = &fixture->ruleset.groups[index];

	APPEND(fixture, group->members, group->n_members, member);
}

void fixture_member(struct fixture *fixture, uint32_t group, const struct endpoint *host)
{
	struct group_member member = { .only = host->only, .name = host->name };

	member.addresses = &host->addresses;
	add_member(fixture, group, member);
	if (!host->publics.n)
		return;
	member.addresses = &host->public->addresses;
	member.map = host->public->map;
	member.public = true;
	add_member(fixture, group, member);
}

void fixture_addresses(struct fixture *fixture, uint32_t group, const char *addresses)
{
	struct prefix_list *list = arena_alloc(fixture->ruleset.arena, sizeof(*list));

	*list = fixture_list(fixture, addresses);
	add_member(fixture, group, (struct group_member){ .addresses = list, .name = addresses });
}

uint32_t fixture_item(struct fixture *fixture, const char *id)
{
	struct rule_item item = { .id = arena_strdup(fixture->ruleset.arena, id) };

	item.printed = "printed";
	item.pair = "a -> b";
	APPEND(fixture, fixture->ruleset.items, fixture->ruleset.n_items, item);
	return (uint32_t)fixture->ruleset.n_items - 1;
}

struct rule *fixture_rule(struct fixture *fixture, uint32_t from, uint32_t to, uint8_t proto,
			  struct port_range dst, uint32_t item)
{
	struct ruleset *ruleset = &fixture->ruleset;
	struct rule rule = { .from = from, .to = to, .proto = proto, .dst = dst, .item = item };
	bool icmp = proto == 1 || proto == 58;

	rule.src = icmp ? (struct port_range){ 0, 255 } : (struct port_range){ 1, 65535 };
	APPEND(fixture, ruleset->rules, ruleset->n_rules, rule);
	return &ruleset->rules[ruleset->n_rules - 1];
}

struct rule *fixture_forbid(struct fixture *fixture, uint32_t to, uint8_t proto,
			    struct port_range dst, uint32_t item)
{
	struct ruleset *ruleset = &fixture->ruleset;
	struct rule rule = { .to = to, .proto = proto, .dst = dst, .item = item };

	APPEND(fixture, ruleset->forbids, ruleset->n_forbids, rule);
	return &ruleset->forbids[ruleset->n_forbids - 1];
}

bool fixture_factor(struct fixture *fixture)
{
	struct eqfw_fault fault;

	image_free(&fixture->image);
	if (!factor(&fixture->ruleset, 0, &fixture->diag, &fixture->image))
		return false;
	return !eqfw_profile_check(fixture->image.bytes, fixture->image.size, &fixture->profile,
				   &fault);
}

struct prefix fixture_address(const char *text)
{
	struct diag diag = { .quiet = true };
	struct prefix address;
	bool good = prefix_parse(text, NOWHERE, &diag, &address);

	assert(good);
	(void)good;
	return address;
}

uint32_t fixture_class(const struct eqfw_profile *profile, const struct prefix *address)
{
	uint32_t best = EQFW_CLASS_UNOWNED;
	int longest = 0;

	for (uint32_t i = 0; i < profile->n_prefixes; i++) {
		const struct eqfw_prefix_rec *rec = &profile->prefixes[i];
		struct prefix prefix = { .family = rec->family, .len = rec->len };

		memcpy(prefix.addr.b, rec->addr, sizeof(rec->addr));
		if (rec->len > longest && prefix_contains(&prefix, address)) {
			longest = rec->len;
			best = le32_to_cpu(rec->class_id);
		}
	}
	return best;
}

const struct eqfw_class_rec *fixture_class_rec(const struct eqfw_profile *profile, const char *text)
{
	struct prefix address = fixture_address(text);

	return &profile->classes[fixture_class(profile, &address)];
}

uint32_t fixture_program(const struct eqfw_profile *profile, uint32_t src, uint32_t dst)
{
	for (uint32_t i = 0; i < profile->n_cells; i++) {
		const struct eqfw_cell_rec *cell = &profile->cells[i];

		if (le32_to_cpu(cell->src_class) == src && le32_to_cpu(cell->dst_class) == dst)
			return le32_to_cpu(cell->program);
	}
	return EQFW_PROGRAM_NONE;
}

bool fixture_rule_matches(const struct eqfw_rule_rec *rule, uint8_t family, uint8_t proto,
			  uint16_t sport, uint16_t dport)
{
	if (rule->proto != proto || (proto == 1 && family != 4) || (proto == 58 && family != 6))
		return false;
	if (proto != 1 && proto != 6 && proto != 17 && proto != 58)
		return true;
	return le16_to_cpu(rule->src_lo) <= sport && sport <= le16_to_cpu(rule->src_hi) &&
	       le16_to_cpu(rule->dst_lo) <= dport && dport <= le16_to_cpu(rule->dst_hi);
}

uint32_t fixture_match(const struct eqfw_profile *profile, uint32_t program, uint8_t family,
		       uint8_t proto, uint16_t sport, uint16_t dport)
{
	const struct eqfw_program_rec *rec;

	if (program == EQFW_PROGRAM_NONE)
		return NO_ITEM;
	rec = &profile->programs[program];
	for (uint32_t i = 0; i < le32_to_cpu(rec->count); i++) {
		const struct eqfw_rule_rec *rule = &profile->rules[le32_to_cpu(rec->first) + i];

		if (fixture_rule_matches(rule, family, proto, sport, dport))
			return le32_to_cpu(rule->item);
	}
	return NO_ITEM;
}
