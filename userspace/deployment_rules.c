// SPDX-License-Identifier: GPL-2.0
/* guards, icmp and site-rows: the site's own rules. */
#include <string.h>

#include "deployment_read.h"
#include "icmp_types.h"

static const char *const guard_keys[] = { "from",  "to",   "zone",    "service", "protocol",
					  "types", "name", "because", "until" };
static const char *const icmp_keys[] = { "from", "to", "types", "name", "because", "until" };
static const char *const site_keys[] = { "from", "to",	    "service", "protocol",
					 "name", "because", "until" };

/**
 * struct rule_list - one of the three lists
 * @key: where it stands
 * @kind: what its rules are
 * @keys: what a rule may say
 * @n_keys: how many
 */
static const struct rule_list {
	const char *key;
	enum site_rule_kind kind;
	const char *const *keys;
	size_t n_keys;
} rule_lists[] = {
	{ "guards", SITE_RULE_GUARD, guard_keys, ARRAY_LEN(guard_keys) },
	{ "icmp", SITE_RULE_ICMP, icmp_keys, ARRAY_LEN(icmp_keys) },
	{ "site-rows", SITE_RULE_SITE, site_keys, ARRAY_LEN(site_keys) },
};

static void party_or(struct deployment_reader *d, struct yaml *node, struct party *out,
		     struct party otherwise)
{
	if (node)
		read_party(d, node, out);
	else
		*out = otherwise;
}

/* A guard is about the box; `zone:` is short for "from this zone". */
static void guard_parties(struct deployment_reader *d, struct yaml *node, struct site_rule *rule)
{
	const struct party box = { .place = node->at, .printed = "box", .box = true, .host = -1 };
	const struct party any = {
		.place = node->at, .printed = "any", .anywhere = true, .host = -1
	};
	struct yaml *zone = yaml_get(node, "zone"), *from = yaml_get(node, "from");

	party_or(d, from, &rule->from, any);
	party_or(d, yaml_get(node, "to"), &rule->to, box);
	if (!zone)
		return;
	if (from)
		diag_error(d->diag, yaml_place(zone), "take one of them out",
			   "'zone:' and 'from:' both say where it comes from");
	rule->from = (struct party){ .place = zone->at, .printed = zone->text, .host = -1 };
	rule->from.zone = zone_ref(d, zone);
}

static void read_parties(struct deployment_reader *d, struct yaml *node, struct site_rule *rule)
{
	struct yaml *from, *to;

	if (rule->kind == SITE_RULE_GUARD) {
		guard_parties(d, node, rule);
		return;
	}
	from = yaml_require(node, "from", "say who opens", d->diag);
	to = yaml_require(node, "to", "say who is called", d->diag);
	if (from)
		read_party(d, from, &rule->from);
	if (to)
		read_party(d, to, &rule->to);
}

static void read_services(struct deployment_reader *d, struct yaml *node, struct site_rule *rule)
{
	struct yaml *lists[] = { yaml_get(node, "service"), yaml_get(node, "protocol") };

	rule->services = arena_alloc(d->arena, (yaml_count(lists[0]) + yaml_count(lists[1]) + 1) *
						       sizeof(*rule->services));
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (struct yaml *child = yaml_first(lists[i]); child;
		     child = yaml_after(lists[i], child))
			if (read_service(d, child, &rule->services[rule->n_services]))
				rule->n_services++;
}

static void read_types(struct deployment_reader *d, struct yaml *node, struct site_rule *rule)
{
	const char **names = arena_alloc(d->arena, n_icmp_types * sizeof(*names));

	rule->types = arena_alloc(d->arena, (yaml_count(node) + 1) * sizeof(*rule->types));
	for (size_t i = 0; i < n_icmp_types; i++)
		names[i] = icmp_types[i].name;
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		int i = yaml_word(child, "ICMP type", names, n_icmp_types, d->diag);

		if (i >= 0)
			rule->types[rule->n_types++] = &icmp_types[i];
	}
}

static void read_what(struct deployment_reader *d, struct yaml *node, struct site_rule *rule)
{
	unsigned int errors = d->diag->errors;

	if (rule->kind != SITE_RULE_ICMP)
		read_services(d, node, rule);
	if (rule->kind != SITE_RULE_SITE)
		read_types(d, yaml_get(node, "types"), rule);
	if (!rule->n_services && !rule->n_types && d->diag->errors == errors)
		diag_error(d->diag, node->at,
			   rule->kind == SITE_RULE_ICMP ? "add `types: [echo]`"
							: "add `service: tcp 22`",
			   "the rule permits nothing");
}

static void read_rule_name(struct deployment_reader *d, struct yaml *node, struct site_rule *rule,
			   size_t number)
{
	struct yaml *name = yaml_get(node, "name");

	rule->place = name ? name->at : node->at;
	rule->name = name ? site_name(d, name, "rule") : NULL;
	if (!rule->name)
		rule->name = arena_printf(d->arena, "%zu", number);
	for (size_t i = 0; i < d->deployment->n_rules; i++) {
		const struct site_rule *other = &d->deployment->rules[i];

		if (other->kind == rule->kind && !strcmp(other->name, rule->name))
			diag_error(d->diag, rule->place, "give each rule of the list its own name",
				   "the name '%s' is taken by the rule in line %u", rule->name,
				   other->place.line);
	}
}

static void read_rule(struct deployment_reader *d, const struct rule_list *list, struct yaml *node,
		      size_t number)
{
	struct site_rule *rule = &d->deployment->rules[d->deployment->n_rules];

	if (!yaml_is_map(node, "a rule", d->diag))
		return;
	rule->kind = list->kind;
	yaml_known_keys(node, list->keys, list->n_keys, d->diag);
	read_rule_name(d, node, rule, number);
	read_parties(d, node, rule);
	read_what(d, node, rule);
	rule->because = free_text(d, yaml_get(node, "because"));
	rule->until = until_date(d, yaml_get(node, "until"));
	d->deployment->n_rules++;
}

void read_rules(struct deployment_reader *d)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rule_lists); i++) {
		struct yaml *list = yaml_get(d->top, rule_lists[i].key);

		n += list ? list->n : 0;
	}
	d->deployment->rules = arena_alloc(d->arena, (n + 1) * sizeof(*d->deployment->rules));
	for (size_t i = 0; i < ARRAY_LEN(rule_lists); i++) {
		struct yaml *list = yaml_get(d->top, rule_lists[i].key);
		size_t number = 0;

		if (!list || !yaml_is_list(list, arena_printf(d->arena, "'%s:'", rule_lists[i].key),
					   d->diag))
			continue;
		for (struct yaml *node = list->first; node; node = node->next)
			read_rule(d, &rule_lists[i], node, ++number);
	}
}
