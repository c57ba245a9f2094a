// SPDX-License-Identifier: GPL-2.0
/* Services ("tcp 22", "vrrp") and multicast groups. */
#include <netinet/in.h>
#include <string.h>

#include "deployment_read.h"
#include "ip_proto.h"

/* Numbers that are no transport of their own: IPv6 reads them as extension headers. */
static bool is_header(uint8_t number)
{
	return number == 0 || number == 43 || number == 44 || number == 60 || number == 135 ||
	       number == 139 || number == 140 || number == 253;
}

static bool refuse_service(struct deployment_reader *d, const struct yaml *node, const char *why)
{
	diag_error(d->diag, node->at,
		   "write `tcp 22`, `udp 5004-5100`, `tcp+udp 53` or a protocol such as vrrp, "
		   "ospf, esp, gre",
		   "bad service '%s': %s", node->text, why);
	return false;
}

static bool read_ip_protocol(struct deployment_reader *d, const struct yaml *node,
			     struct service *out)
{
	unsigned int proto;
	uint8_t number;

	out->proto = PROTO_IP;
	if (proto_parse(node->text, &proto))
		return refuse_service(d, node, "ports are missing");
	if (!ip_proto_parse(node->text, &number))
		return refuse_service(d, node, "no such protocol");
	if (number == IPPROTO_TCP || number == IPPROTO_UDP)
		return refuse_service(d, node, "ports are missing");
	if (number == IPPROTO_ICMP || number == IPPROTO_ICMPV6)
		return refuse_service(d, node, "ICMP is permitted by type, under `icmp:`");
	if (is_header(number) || number == 255)
		return refuse_service(d, node, "this number is no protocol of its own");
	out->ip_proto = number;
	return true;
}

bool read_service(struct deployment_reader *d, const struct yaml *node, struct service *out)
{
	const char *text = yaml_text(node, "a service", d->diag), *space;
	struct place at;

	*out = (struct service){ 0 };
	if (!text)
		return false;
	space = strchr(text, ' ');
	if (!space)
		return read_ip_protocol(d, node, out);
	if (!proto_parse(arena_strndup(d->arena, text, (size_t)(space - text)), &out->proto) ||
	    out->proto == PROTO_IP)
		return refuse_service(d, node, "it begins with tcp, udp or tcp+udp");
	at = place_part(node->at, (size_t)(space + 1 - text), strlen(space + 1));
	if (!portset_parse(d->arena, space + 1, at, d->diag, &out->ports))
		return false;
	if (out->ports.words & ~PORTS_ALL || portset_empty(&out->ports))
		return refuse_service(d, node, "ports are numbers or `all`");
	return true;
}

/* Groups that routers never forward are never in scope (DESIGN 4). */
static bool group_usable(struct deployment_reader *d, const struct prefix *prefix, struct place at)
{
	static const struct prefix v4 = { { { 224 } }, 4, 4 }, v6 = { { { 0xff } }, 6, 8 };
	static const struct prefix local4 = { { { 224 } }, 4, 24 };
	static const struct prefix local6 = { { { 0xff, 2 } }, 6, 16 };

	if (!prefix_contains(&v4, prefix) && !prefix_contains(&v6, prefix)) {
		diag_error(d->diag, at, "groups lie in 224.0.0.0/4 or ff00::/8",
			   "'%s' is no multicast group", prefix_format(d->arena, prefix));
		return false;
	}
	if (prefix_contains(&local4, prefix) || prefix_contains(&local6, prefix)) {
		diag_error(d->diag, at, "choose a group that routers forward",
			   "'%s' stays on its link and is never judged",
			   prefix_format(d->arena, prefix));
		return false;
	}
	return true;
}

static void read_groups(struct deployment_reader *d, struct yaml *node, struct prefix_list *out)
{
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		const char *text = yaml_text(child, "a multicast group", d->diag);
		size_t before = out->n;

		if (!text || !prefix_list_add(d->arena, out, text, child->at, d->diag))
			continue;
		for (size_t i = before; i < out->n; i++)
			if (!group_usable(d, &out->prefixes[i], child->at))
				break;
	}
	prefix_list_finish(d->arena, out, NULL);
}

static void read_one_multicast(struct deployment_reader *d, struct yaml *node,
			       struct multicast *out)
{
	static const char *const keys[] = { "groups", "ports" };
	struct yaml *groups, *ports;

	if (!yaml_is_map(node, "a multicast entry", d->diag))
		return;
	yaml_known_keys(node, keys, ARRAY_LEN(keys), d->diag);
	out->name = site_name(d, node->key, "multicast");
	out->place = node->key->at;
	groups = yaml_require(node, "groups", "list its groups: [239.1.0.0/24]", d->diag);
	ports = yaml_require(node, "ports", "state its ports: udp 5004-5100", d->diag);
	if (groups)
		read_groups(d, groups, &out->groups);
	if (ports && read_service(d, ports, &out->service) && out->service.proto != PROTO_UDP)
		diag_error(d->diag, ports->at, "write `udp` and the ports",
			   "only UDP goes to multicast groups");
}

void read_multicast(struct deployment_reader *d)
{
	struct yaml *map = yaml_get(d->top, "multicast");
	struct deployment *deployment = d->deployment;

	if (!map || !yaml_is_map(map, "'multicast:'", d->diag))
		return;
	deployment->multicast =
		arena_alloc(d->arena, (map->n + 1) * sizeof(*deployment->multicast));
	for (struct yaml *node = map->first; node; node = node->next)
		read_one_multicast(d, node, &deployment->multicast[deployment->n_multicast++]);
}
