// SPDX-License-Identifier: GPL-2.0
#include "export.h"

#include <stdlib.h>
#include <string.h>

/* Before everything else that a packet meets at PRE_ROUTING, where eqfw stands too. */
#define CHAIN "chain c { type filter hook prerouting priority -250; policy drop;"

static const char *ip(const struct workload *w)
{
	return w->shape.family == 4 ? "ip" : "ip6";
}

static const char *proto_text(uint8_t proto)
{
	return proto == 6 ? "tcp" : "udp";
}

static void write_range(FILE *out, const struct workload_ports *ports, char dash)
{
	fprintf(out, "%u", ports->lo);
	if (ports->hi > ports->lo)
		fprintf(out, "%c%u", dash, ports->hi);
}

static bool has_proto(const struct workload_list *list, uint8_t proto)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (list->ports[i].proto == proto)
			return true;
	return false;
}

static void best_chain(const struct workload *w, FILE *out, size_t list, uint8_t proto)
{
	const char *comma = "";

	if (!has_proto(&w->lists[list], proto))
		return;
	fprintf(out, "chain l%zu-%s { th dport { ", list, proto_text(proto));
	for (uint32_t i = 0; i < w->lists[list].n; i++) {
		const struct workload_ports *ports = &w->lists[list].ports[i];

		if (ports->proto != proto)
			continue;
		fputs(comma, out);
		write_range(out, ports, '-');
		comma = ", ";
	}
	fputs(" } accept\n drop\n}\n", out);
}

static void best_pairs(const struct workload *w, FILE *out, const struct workload_row *row,
		       uint8_t proto)
{
	const struct workload_group *from = &w->groups[row->from], *to = &w->groups[row->to];

	if (!has_proto(&w->lists[row->list], proto))
		return;
	for (uint32_t s = 0; s < from->n; s++)
		for (uint32_t d = 0; d < to->n; d++)
			fprintf(out, "%s . %s . %s : goto l%u-%s,\n",
				workload_text(w, from->first + s), workload_text(w, to->first + d),
				proto_text(proto), row->list, proto_text(proto));
}

static void write_best(const struct workload *w, FILE *out)
{
	const char *type = w->shape.family == 4 ? "ipv4_addr" : "ipv6_addr";

	fprintf(out, "table %s best {\n", ip(w));
	for (size_t i = 0; i < w->n_lists; i++) {
		best_chain(w, out, i, 6);
		best_chain(w, out, i, 17);
	}
	fprintf(out, "map pairs { type %s . %s . inet_proto : verdict; elements = {\n", type, type);
	for (size_t i = 0; i < w->n_rows; i++) {
		best_pairs(w, out, &w->rows[i], 6);
		best_pairs(w, out, &w->rows[i], 17);
	}
	fprintf(out, "} }\n" CHAIN " %s saddr . %s daddr . meta l4proto vmap @pairs; }\n}\n", ip(w),
		ip(w));
}

static void concat_element(const struct workload *w, const struct workload_flat *flat, void *arg)
{
	FILE *out = arg;

	fprintf(out, "%s . %s . %s . ", workload_text(w, flat->src), workload_text(w, flat->dst),
		proto_text(flat->ports.proto));
	write_range(out, &flat->ports, '-');
	fputs(",\n", out);
}

static void write_concat(const struct workload *w, FILE *out)
{
	const char *type = w->shape.family == 4 ? "ipv4_addr" : "ipv6_addr";

	fprintf(out,
		"table %s concat {\nset s { type %s . %s . inet_proto . inet_service; flags interval; "
		"elements = {\n",
		ip(w), type, type);
	workload_expand(w, concat_element, out);
	fprintf(out,
		"} }\n" CHAIN " %s saddr . %s daddr . meta l4proto . th dport @s accept; }\n}\n",
		ip(w), ip(w));
}

static void linear_rule(const struct workload *w, const struct workload_flat *flat, void *arg)
{
	FILE *out = arg;

	fprintf(out, "%s saddr %s %s daddr %s %s dport ", ip(w), workload_text(w, flat->src), ip(w),
		workload_text(w, flat->dst), proto_text(flat->ports.proto));
	write_range(out, &flat->ports, '-');
	fputs(" accept\n", out);
}

static void write_linear(const struct workload *w, FILE *out)
{
	fprintf(out, "table %s linear {\n" CHAIN "\n", ip(w));
	workload_expand(w, linear_rule, out);
	fputs("}\n}\n", out);
}

static void iptables_rule(const struct workload *w, const struct workload_flat *flat, void *arg)
{
	FILE *out = arg;

	fprintf(out, "-A PREROUTING -s %s -d %s -p %s --dport ", workload_text(w, flat->src),
		workload_text(w, flat->dst), proto_text(flat->ports.proto));
	write_range(out, &flat->ports, ':');
	fputs(" -j ACCEPT\n", out);
}

static void write_iptables(const struct workload *w, FILE *out)
{
	fputs("*raw\n:PREROUTING DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n", out);
	workload_expand(w, iptables_rule, out);
	fputs("COMMIT\n", out);
}

static void ipset_element(const struct workload *w, const struct workload_flat *flat, void *arg)
{
	fprintf(arg, "add s %s,%s:%u,%s\n", workload_text(w, flat->src),
		proto_text(flat->ports.proto), flat->ports.lo, workload_text(w, flat->dst));
}

static void write_ipset(const struct workload *w, FILE *out)
{
	fprintf(out, "create s hash:ip,port,ip family %s hashsize %u maxelem %u\n",
		w->shape.family == 4 ? "inet" : "inet6", w->shape.rules, w->shape.rules + 16);
	workload_expand(w, ipset_element, out);
}

static void acl_rule(const struct workload *w, const struct workload_flat *flat, void *arg)
{
	unsigned int bits = w->shape.family == 4 ? 32 : 128;

	fprintf(arg, "@%s/%u %s/%u 1 : 65535 %u : %u 0x%02x/0xff\n", workload_text(w, flat->src),
		bits, workload_text(w, flat->dst), bits, flat->ports.lo, flat->ports.hi,
		flat->ports.proto);
}

static void write_acl(const struct workload *w, FILE *out)
{
	workload_expand(w, acl_rule, out);
}

const struct export_form export_forms[] = {
	{ "best", write_best },		{ "concat", write_concat }, { "linear", write_linear },
	{ "iptables", write_iptables }, { "ipset", write_ipset },   { "acl", write_acl },
};
const size_t export_n_forms = sizeof(export_forms) / sizeof(export_forms[0]);

const struct export_form *export_find(const char *name)
{
	for (size_t i = 0; i < export_n_forms; i++)
		if (!strcmp(export_forms[i].name, name))
			return &export_forms[i];
	return NULL;
}
