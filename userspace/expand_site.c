// SPDX-License-Identifier: GPL-2.0
/* Guards, site rows and icmp rules: the site's own rules, in the form of rows. */
#include <netinet/in.h>
#include <string.h>

#include <eqfw/format.h>

#include "expand.h"

#define PROTO_VRRP 112
#define ROUTER_ADVERTISEMENT 134

static const char *const kind_names[] = {
	[SITE_RULE_SITE] = "site",
	[SITE_RULE_GUARD] = "guard",
	[SITE_RULE_ICMP] = "icmp",
};

static const uint32_t kind_numbers[] = {
	[SITE_RULE_SITE] = EQFW_ITEM_SITE,
	[SITE_RULE_GUARD] = EQFW_ITEM_GUARD,
	[SITE_RULE_ICMP] = EQFW_ITEM_ICMP,
};

/**
 * struct target - one group that a party stands for
 * @group: index
 * @behaviour: whose group it is, or NULL
 */
struct target {
	uint32_t group;
	const struct behaviour *behaviour;
};

/**
 * struct target_list - all groups that a party stands for
 * @targets: the groups
 * @n: how many
 * @opens_exact: as the end that opens it names who may: no zone, no `any`
 * @called_exact: as the called end it names one host
 */
struct target_list {
	struct target *targets;
	size_t n;
	bool opens_exact;
	bool called_exact;
};

static void target_add(struct target_list *list, uint32_t group, const struct behaviour *behaviour)
{
	list->targets[list->n++] = (struct target){ .group = group, .behaviour = behaviour };
}

static bool stands_for(const struct party *party, const struct endpoint *endpoint)
{
	if (party->endpoint)
		return party->endpoint == endpoint;
	return party->host >= 0 && (unsigned int)party->host == endpoint->host;
}

static bool no_any(const struct target_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->targets[i].behaviour->like->any)
			return false;
	}
	return true;
}

/* A named host shares its behaviours with nobody, so its first endpoint tells. */
static void add_hosts(struct expansion *x, const struct party *party, struct target_list *list)
{
	for (size_t i = 0; i < x->n_behaviours; i++) {
		const struct behaviour *behaviour = &x->behaviours[i];

		if (stands_for(party, behaviour->like))
			target_add(list, behaviour->group, behaviour);
	}
	list->opens_exact = no_any(list);
	list->called_exact = list->opens_exact;
}

static void add_role(struct expansion *x, const struct party *party, struct target_list *list)
{
	struct role *role = party->role;
	const struct role_list roles = { .roles = &role, .n = 1 };

	for (size_t i = 0; i < x->n_behaviours; i++) {
		const struct behaviour *behaviour = &x->behaviours[i];

		if (endpoint_plays(behaviour->like, &roles, NULL))
			target_add(list, behaviour->group, behaviour);
	}
	list->opens_exact = no_any(list);
	if (!list->n)
		diag_warning_on(x->diag, "rule-idle", party->printed, party->place,
				"deploy a host of that role, or take the rule out",
				"nobody in this deployment plays '%s': the rule does nothing",
				party->printed);
}

static bool single_address(const struct prefix_list *list)
{
	return list->n == 1 && list->prefixes[0].len == (list->prefixes[0].family == 4 ? 32 : 128);
}

static void add_literal(struct expansion *x, const struct party *party, struct target_list *list)
{
	struct group_member *member = arena_alloc(x->ruleset->arena, sizeof(*member));

	member->addresses = &party->addresses;
	member->name = party->printed;
	list->opens_exact = true;
	list->called_exact = single_address(&party->addresses);
	target_add(list,
		   group_add(x, (struct group){ .flags = GROUP_LITERAL,
						.members = member,
						.n_members = 1 }),
		   NULL);
}

static struct target_list targets_of(struct expansion *x, const struct party *party)
{
	struct target_list list = { 0 };

	list.targets = arena_alloc(x->scratch, (x->n_behaviours + 1) * sizeof(*list.targets));
	if (party->box || (party->zone && party->zone->is_box))
		target_add(&list, group_of_box(x), NULL);
	else if (party->zone)
		target_add(&list, group_of_zone(x, party->zone), NULL);
	else if (party->endpoint || party->host >= 0)
		add_hosts(x, party, &list);
	else if (party->role)
		add_role(x, party, &list);
	else if (party->addresses.n)
		add_literal(x, party, &list);
	else
		target_add(&list, group_everywhere(x), NULL);
	return list;
}

/**
 * struct site_work - a site rule under expansion
 * @rule: the rule
 * @from: groups that open
 * @to: groups that are called
 * @item: its record
 * @exact: forbidden ports do not touch it
 */
struct site_work {
	const struct site_rule *rule;
	struct target_list from;
	struct target_list to;
	uint32_t item;
	bool exact;
};

static void cross_emit(struct expansion *x, const struct site_work *work, uint8_t proto,
		       const struct portset *src, const struct portset *dst)
{
	for (size_t i = 0; i < work->from.n; i++) {
		for (size_t j = 0; j < work->to.n; j++)
			rules_emit(x,
				   (struct rule){ .from = work->from.targets[i].group,
						  .to = work->to.targets[j].group,
						  .proto = proto,
						  .item = work->item,
						  .exact = work->exact },
				   src, dst);
	}
}

/* The single ports of a service between single hosts are named exactly (DESIGN 3.8). */
static struct portset single_ports(struct expansion *x, const struct site_work *work,
				   const struct portset *ports)
{
	struct portset single = { 0 };

	for (size_t i = 0; work->from.opens_exact && work->to.called_exact && i < ports->n; i++) {
		if (ports->ranges[i].lo == ports->ranges[i].hi)
			portset_add(x->scratch, &single,
				    range_set(x->scratch, ports->ranges[i].lo,
					      ports->ranges[i].lo));
	}
	return single;
}

/* Whoever writes a wide rule should hear that the document closes a part of it. */
static void closed_warn(struct expansion *x, const struct site_work *work, unsigned int l4,
			const struct portset *ports)
{
	for (size_t i = 0; i < work->to.n; i++) {
		const struct behaviour *behaviour = work->to.targets[i].behaviour;
		struct portset closed = { 0 };

		if (behaviour)
			closed = forbids_on(x, behaviour, l4);
		closed = portset_common(x->scratch, ports, &closed);
		if (!closed.n)
			continue;
		diag_warning(
			x->diag, work->rule->place,
			"name both hosts and the single port, or lift the item that blocks it "
			"under enable.rows",
			"%s ports %s of '%s' stay closed: the document always blocks them there",
			proto_name(1u << l4), portset_format(x->scratch, &closed),
			work->rule->to.printed);
		return;
	}
}

static void l4_emit(struct expansion *x, const struct site_work *work,
		    const struct service *service, unsigned int l4)
{
	struct portset all = range_set(x->scratch, 1, 65535), ports = service->ports, single, wide;
	struct site_work exact = *work;

	if (ports.words & PORTS_ALL)
		ports = all;
	single = single_ports(x, work, &ports);
	wide = portset_minus(x->scratch, &ports, &single);
	closed_warn(x, work, l4, &wide);
	exact.exact = true;
	cross_emit(x, work, l4_proto(l4), &all, &wide);
	cross_emit(x, &exact, l4_proto(l4), &all, &single);
}

/* What goes to a group on the link, which is in no zone; `like` says the rest of the rule. */
static void link_group_emit(struct expansion *x, const struct site_work *work, struct rule like,
			    const char *name, const char *const groups[])
{
	struct arena *arena = x->ruleset->arena;
	struct prefix_list *list = arena_alloc(arena, sizeof(*list));

	for (; *groups; groups++) {
		if (!prefix_list_add(arena, list, *groups, NOWHERE, x->diag))
			return;
	}
	prefix_list_finish(arena, list, NULL);
	like.to = group_multicast(x, list, name);
	like.item = work->item;
	for (size_t i = 0; i < work->from.n; i++) {
		like.from = work->from.targets[i].group;
		rule_emit(x, like);
	}
}

static void vrrp_emit(struct expansion *x, const struct site_work *work)
{
	static const char *const groups[] = { "224.0.0.18", "ff02::12", NULL };

	link_group_emit(x, work, (struct rule){ .proto = PROTO_VRRP }, "vrrp", groups);
}

/* Routers advertise themselves to all nodes, the box among them, from link-local addresses. */
static void advertisement_emit(struct expansion *x, const struct site_work *work)
{
	static const char *const groups[] = { "ff02::1", NULL };
	const struct party *from = &work->rule->from, *to = &work->rule->to;

	if (work->rule->kind != SITE_RULE_GUARD || !(to->box || to->anywhere))
		return;
	if (from->zone && !from->zone->is_default)
		diag_warning(x->diag, from->place, "leave out `zone:` or `from:`",
			     "routers advertise from link-local addresses, which are in no network "
			     "of zone '%s': the rule does not permit them",
			     from->zone->name);
	link_group_emit(x, work,
			(struct rule){ .proto = IPPROTO_ICMPV6,
				       .src = { 0, 255 },
				       .dst = { ROUTER_ADVERTISEMENT, ROUTER_ADVERTISEMENT } },
			"all-nodes", groups);
}

static void service_emit(struct expansion *x, const struct site_work *work,
			 const struct service *service)
{
	struct portset none = { .ranges = (struct port_range[]){ { 0, 0 } }, .n = 1 };

	if (service->proto == PROTO_IP) {
		cross_emit(x, work, service->ip_proto, &none, &none);
		if (service->ip_proto == PROTO_VRRP && work->rule->kind == SITE_RULE_GUARD)
			vrrp_emit(x, work);
		return;
	}
	for (unsigned int l4 = 0; l4 < N_L4; l4++) {
		if (service->proto & 1u << l4)
			l4_emit(x, work, service, l4);
	}
}

static void icmp_emit(struct expansion *x, const struct site_work *work,
		      const struct icmp_type *type)
{
	struct portset codes = { .ranges = (struct port_range[]){ { 0, 255 } }, .n = 1 };
	struct portset types = codes;

	if (type->v4 >= 0) {
		types = range_set(x->scratch, (unsigned int)type->v4, (unsigned int)type->v4);
		cross_emit(x, work, IPPROTO_ICMP, &codes, &types);
	}
	if (type->v6 >= 0) {
		types = range_set(x->scratch, (unsigned int)type->v6, (unsigned int)type->v6);
		cross_emit(x, work, IPPROTO_ICMPV6, &codes, &types);
		if (type->v6 == ROUTER_ADVERTISEMENT)
			advertisement_emit(x, work);
	}
}

static const char *rule_printed(struct expansion *x, const struct site_rule *rule)
{
	struct arena *arena = x->ruleset->arena;
	const char *text = "";

	for (size_t i = 0; i < rule->n_services; i++) {
		const struct service *service = &rule->services[i];
		const char *comma = i ? ", " : "";

		if (service->proto == PROTO_IP)
			text = arena_printf(arena, "%s%sip protocol %u", text, comma,
					    service->ip_proto);
		else
			text = arena_printf(arena, "%s%s%s %s", text, comma,
					    proto_name(service->proto),
					    portset_format(arena, &service->ports));
	}
	for (size_t i = 0; i < rule->n_types; i++)
		text = arena_printf(arena, "%s%sicmp %s", text, i ? ", " : "",
				    rule->types[i]->name);
	return text;
}

const char *site_rule_id(struct expansion *x, const struct site_rule *rule)
{
	return arena_printf(x->ruleset->arena, "%s/%s", kind_names[rule->kind], rule->name);
}

static uint32_t rule_record(struct expansion *x, const struct site_rule *rule)
{
	struct arena *arena = x->ruleset->arena;
	struct rule_item record = { .kind = kind_numbers[rule->kind],
				    .until = rule->until,
				    .rule = rule };

	record.log_new = log_wants_rule(x->deployment, rule);
	record.id = site_rule_id(x, rule);
	record.printed = rule_printed(x, rule);
	record.pair = arena_printf(arena, "%s -> %s",
				   rule->from.printed ? rule->from.printed : "anywhere",
				   rule->to.printed ? rule->to.printed : "anywhere");
	return item_record(x, record);
}

static void site_rule_expand(struct expansion *x, const struct site_rule *rule)
{
	struct site_work work = { .rule = rule };
	size_t first = x->ruleset->n_rules;

	work.from = targets_of(x, &rule->from);
	work.to = targets_of(x, &rule->to);
	if (!work.from.n || !work.to.n)
		return;
	work.item = rule_record(x, rule);
	for (size_t i = 0; i < rule->n_services; i++)
		service_emit(x, &work, &rule->services[i]);
	for (size_t i = 0; i < rule->n_types; i++)
		icmp_emit(x, &work, rule->types[i]);
	rules_settle(x, first);
	shade_check(x, rule, first);
}

void site_rules_expand(struct expansion *x)
{
	static const enum site_rule_kind order[] = { SITE_RULE_SITE, SITE_RULE_GUARD,
						     SITE_RULE_ICMP };
	struct arena *outer = x->scratch;

	for (size_t kind = 0; kind < sizeof(order) / sizeof(order[0]); kind++) {
		for (size_t i = 0; i < x->deployment->n_rules; i++) {
			if (x->deployment->rules[i].kind != order[kind])
				continue;
			x->scratch = arena_new();
			site_rule_expand(x, &x->deployment->rules[i]);
			arena_free(x->scratch);
		}
	}
	x->scratch = outer;
}
