// SPDX-License-Identifier: GPL-2.0
/*
 * hosts: what the site has deployed. A host with `legs:` becomes one endpoint a leg, any other host
 * one endpoint that plays its roles and all their legs.
 */
#include <string.h>

#include "deployment_read.h"

static const char *const host_keys[] = {
	"roles",	"zone",	    "address", "legs", "public", "os",		 "ephemeral",
	"vendor-ports", "tunables", "except",  "only", "helper", "address-file", "because",
};
static const char *const leg_keys[] = { "zone", "address", "public", "except", "address-file" };
static const char *const os_words[] = { "linux",	 "windows",	 "windows-7",
					"windows-vista", "windows-2008", "windows-2012",
					"windows-xp",	 "windows-2003" };

/**
 * struct host - a host entry being read
 * @node: its mapping
 * @name: its name
 * @index: its number
 * @roles: as written
 * @zone: its own zone, or NULL
 * @spec: its own addresses
 * @like: what its endpoints share
 */
struct host {
	struct yaml *node;
	const char *name;
	unsigned int index;
	struct role_list roles;
	struct zone *zone;
	struct address_spec spec;
	struct endpoint like;
};

static void add_role(struct role_list *list, struct role *role)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->roles[i] == role)
			return;
	list->roles[list->n++] = role;
}

/* The roles and all their legs, each once. */
static struct role_list roles_with_legs(struct deployment_reader *d, const struct role_list *roles)
{
	struct role_list all = { 0 };
	size_t n = roles->n;

	for (size_t i = 0; i < roles->n; i++)
		n += roles->roles[i]->n_legs;
	all.roles = arena_alloc(d->arena, (n + 1) * sizeof(struct role *));
	for (size_t i = 0; i < roles->n; i++) {
		add_role(&all, roles->roles[i]);
		for (size_t k = 0; k < roles->roles[i]->n_legs; k++)
			add_role(&all, roles->roles[i]->legs[k]);
	}
	return all;
}

static bool plays(const struct role_list *roles, const struct role *role)
{
	for (size_t i = 0; i < roles->n; i++)
		if (role_is(roles->roles[i], role))
			return true;
	return false;
}

/* Only the values for what this endpoint plays. */
static void pick_tunables(struct deployment_reader *d, const struct endpoint *like,
			  struct endpoint *endpoint)
{
	endpoint->tunables =
		arena_alloc(d->arena, (like->n_tunables + 1) * sizeof(*like->tunables));
	endpoint->n_tunables = 0;
	for (size_t i = 0; i < like->n_tunables; i++)
		if (plays(&endpoint->roles, like->tunables[i].tunable->role))
			endpoint->tunables[endpoint->n_tunables++] = like->tunables[i];
}

static struct endpoint *add_endpoint(struct deployment_reader *d, const struct host *host,
				     const char *name, struct place at, struct role_list roles)
{
	struct endpoint *endpoint = arena_alloc(d->arena, sizeof(*endpoint));

	*endpoint = host->like;
	endpoint->name = name;
	endpoint->place = at;
	endpoint->host = host->index;
	endpoint->roles = roles;
	pick_tunables(d, &host->like, endpoint);
	d->deployment->endpoints[d->deployment->n_endpoints++] = endpoint;
	return endpoint;
}

static void place_endpoint(struct deployment_reader *d, struct endpoint *endpoint,
			   struct zone *zone, const struct address_spec *spec)
{
	endpoint->zone = zone;
	endpoint->any = spec->any;
	endpoint->addresses = spec->list;
	if (!spec->given)
		diag_error(d->diag, endpoint->place, "give it `address:` or `address-file:`",
			   "'%s' has no address", endpoint->name);
	if (spec->any && endpoint->publics.n)
		diag_error(d->diag, endpoint->place, "take `public:` out",
			   "'%s' is any address and cannot have a public one", endpoint->name);
}

/* The roles that a leg of this name plays: that leg of each role. */
static struct role_list leg_roles(struct deployment_reader *d, const struct host *host,
				  const char *leg)
{
	struct role_list list = { 0 };

	list.roles = arena_alloc(d->arena, (host->roles.n + 1) * sizeof(struct role *));
	for (size_t i = 0; i < host->roles.n; i++) {
		const struct role *role = host->roles.roles[i];

		for (size_t k = 0; k < role->n_legs; k++)
			if (!strcmp(role->legs[k]->id + strlen(role->id) + 1, leg))
				add_role(&list, role->legs[k]);
	}
	return list;
}

static void refuse_leg(struct deployment_reader *d, const struct host *host, const struct yaml *leg)
{
	const char *known = NULL;

	for (size_t i = 0; i < host->roles.n; i++) {
		const struct role *role = host->roles.roles[i];

		for (size_t k = 0; k < role->n_legs; k++)
			known = arena_printf(d->arena, "%s%s%s",
					     known ? known : "it has: ", known ? ", " : "",
					     role->legs[k]->id + strlen(role->id) + 1);
	}
	diag_error(d->diag, leg->key->at, known ? known : "take `legs:` out: its roles have none",
		   "no role of '%s' has a leg '%s'", host->name, leg->key->text);
}

static void read_leg(struct deployment_reader *d, const struct host *host, struct yaml *node)
{
	struct role_list roles = leg_roles(d, host, node->key->text);
	struct yaml *zone = yaml_get(node, "zone");
	struct address_spec spec;
	struct endpoint *leg;

	if (!yaml_is_map(node, "a leg", d->diag))
		return;
	yaml_known_keys(node, leg_keys, ARRAY_LEN(leg_keys), d->diag);
	if (!roles.n) {
		refuse_leg(d, host, node);
		return;
	}
	leg = add_endpoint(d, host, arena_printf(d->arena, "%s.%s", host->name, node->key->text),
			   node->key->at, roles);
	if (!zone && !host->zone && !yaml_get(host->node, "zone"))
		diag_error(d->diag, leg->place, "give the leg or the host `zone:`",
			   "'%s' is in no zone", leg->name);
	spec = read_addresses(d, node);
	if (yaml_get(node, "public"))
		read_publics(d, yaml_get(node, "public"), leg);
	place_endpoint(d, leg, zone ? zone_ref(d, zone) : host->zone,
		       spec.given ? &spec : &host->spec);
	name_declare(d, (struct known_name){ .name = leg->name,
					     .place = leg->place,
					     .endpoint = leg,
					     .host = (int)host->index });
}

static void read_legs(struct deployment_reader *d, struct host *host, struct yaml *legs)
{
	if (!yaml_is_map(legs, "'legs:'", d->diag))
		return;
	for (size_t i = 0; i < host->roles.n; i++)
		if (!host->roles.roles[i]->n_legs)
			diag_error(d->diag, legs->key->at,
				   "declare it as a host of its own at the address where it runs",
				   "the role '%s' of '%s' has no legs, so none of these plays it",
				   host->roles.roles[i]->id, host->name);
	for (struct yaml *leg = legs->first; leg; leg = leg->next)
		read_leg(d, host, leg);
	name_declare(d, (struct known_name){ .name = host->name,
					     .place = host->node->key->at,
					     .host = (int)host->index });
}

static void read_whole(struct deployment_reader *d, struct host *host)
{
	struct endpoint *endpoint = add_endpoint(d, host, host->name, host->node->key->at,
						 roles_with_legs(d, &host->roles));

	if (!yaml_get(host->node, "zone"))
		diag_error(d->diag, endpoint->place, "give it `zone:`", "host '%s' is in no zone",
			   host->name);
	place_endpoint(d, endpoint, host->zone, &host->spec);
	name_declare(d, (struct known_name){ .name = host->name,
					     .place = endpoint->place,
					     .endpoint = endpoint,
					     .host = (int)host->index });
}

static void add_own_ports(struct deployment_reader *d, struct host *host, struct yaml *node)
{
	struct endpoint *like = &host->like;
	size_t n;
	struct stated_ports *more = read_stated_ports(d, node, &n), *all;

	all = arena_alloc(d->arena, (like->n_vendor + n + 1) * sizeof(*all));
	for (size_t i = 0; i < like->n_vendor; i++)
		all[i] = like->vendor[i];
	for (size_t i = 0; i < n; i++)
		all[like->n_vendor + i] = more[i];
	like->vendor = all;
	like->n_vendor += n;
}

/* A host's own ports: a list, or by role as at the top of the file. */
static void read_own_ports(struct deployment_reader *d, struct host *host, struct yaml *node)
{
	if (node && node->kind != YAML_MAP)
		add_own_ports(d, host, node);
	for (struct yaml *child = node && node->kind == YAML_MAP ? node->first : NULL; child;
	     child = child->next) {
		struct role *role = role_known(d, child->key);

		if (role && !plays(&host->like.roles, role))
			diag_error(d->diag, child->key->at, "state them for a role that it plays",
				   "'%s' does not play the role '%s'", host->name, role->id);
		add_own_ports(d, host, child);
	}
}

static void read_own_tunables(struct deployment_reader *d, struct host *host, struct yaml *node)
{
	if (!node)
		return;
	read_tunables(d, node, &host->like.tunables, &host->like.n_tunables);
	for (size_t i = 0; i < host->like.n_tunables; i++) {
		const struct tunable_value *value = &host->like.tunables[i];

		if (!plays(&host->like.roles, value->tunable->role))
			diag_error(d->diag, value->place, "set it on a host of that role",
				   "'%s' belongs to the role '%s', which '%s' does not play",
				   value->tunable->id, value->tunable->role->id, host->name);
	}
}

static const char *read_helper(struct deployment_reader *d, const struct yaml *node)
{
	static const char *const words[] = { "ftp", "tftp" };
	int i = node ? yaml_word(node, "helper", words, ARRAY_LEN(words), d->diag) : -1;

	return i < 0 ? NULL : words[i];
}

static void read_traits(struct deployment_reader *d, struct host *host)
{
	struct yaml *only = yaml_get(host->node, "only"), *os = yaml_get(host->node, "os");
	struct yaml *ephemeral = yaml_get(host->node, "ephemeral");
	int i = os ? yaml_word(os, "operating system", os_words, ARRAY_LEN(os_words), d->diag) : -1;

	host->like.os = i < 0 ? NULL : os_words[i];
	if (only)
		yaml_bool(only, &host->like.only, d->diag);
	if (ephemeral)
		read_portset(d, ephemeral, "a port range", &host->like.ephemeral);
	read_own_ports(d, host, yaml_get(host->node, "vendor-ports"));
	read_own_tunables(d, host, yaml_get(host->node, "tunables"));
	read_publics(d, yaml_get(host->node, "public"), &host->like);
	host->like.helper = read_helper(d, yaml_get(host->node, "helper"));
	host->like.because = free_text(d, yaml_get(host->node, "because"));
}

static void read_host(struct deployment_reader *d, struct yaml *node)
{
	struct host host = { .node = node, .name = node->key->text };
	struct yaml *roles, *zone, *legs = yaml_get(node, "legs");

	if (!site_name(d, node->key, "host") || !yaml_is_map(node, "a host", d->diag))
		return;
	host.index = (unsigned int)d->deployment->n_hosts;
	d->deployment->hosts[d->deployment->n_hosts++] = host.name;
	yaml_known_keys(node, host_keys, ARRAY_LEN(host_keys), d->diag);
	roles = yaml_require(node, "roles", "say what it is: `eqfwctl matrix --roles`", d->diag);
	host.roles = roles_known(d, roles);
	if (roles && !yaml_count(roles))
		diag_error(d->diag, yaml_place(roles), "`eqfwctl matrix --roles` lists them",
			   "host '%s' has no role", host.name);
	host.like.roles = roles_with_legs(d, &host.roles);
	zone = yaml_get(node, "zone");
	host.zone = zone ? zone_ref(d, zone) : NULL;
	host.spec = read_addresses(d, node);
	read_traits(d, &host);
	if (legs)
		read_legs(d, &host, legs);
	else
		read_whole(d, &host);
}

static size_t count_endpoints(const struct yaml *hosts)
{
	size_t n = 0;

	for (const struct yaml *node = hosts->first; node; node = node->next) {
		const struct yaml *legs = yaml_get(node, "legs");

		n += legs ? legs->n : 1;
	}
	return n;
}

void read_hosts(struct deployment_reader *d)
{
	struct yaml *hosts = yaml_require(d->top, "hosts", "declare what is deployed", d->diag);

	if (!hosts || !yaml_is_map(hosts, "'hosts:'", d->diag))
		return;
	d->deployment->hosts = arena_alloc(d->arena, (hosts->n + 1) * sizeof(char *));
	d->deployment->endpoints =
		arena_alloc(d->arena, (count_endpoints(hosts) + 1) * sizeof(struct endpoint *));
	for (struct yaml *node = hosts->first; node; node = node->next)
		read_host(d, node);
}
