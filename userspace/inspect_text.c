// SPDX-License-Identifier: GPL-2.0
/* A profile as text, in the manner of `nft list ruleset`. */
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "image.h"
#include "inspect.h"
#include "ip_proto.h"
#include "out.h"

static const char *flags_text(const struct inspect *in, uint32_t flags,
			      const struct flag_name *names)
{
	const char *text = "";

	for (; names->name; names++) {
		if (flags & names->flag)
			text = arena_printf(in->arena, "%s%s%s", text, *text ? " " : "",
					    names->name);
	}
	return text;
}

static void show_header(const struct inspect *in)
{
	const struct eqfw_profile *profile = in->profile;
	const struct eqfw_header *header = profile->header;
	uint32_t flags = le32_to_cpu(header->flags);
	char digest[65];

	digest_hex(profile->digest, digest);
	out_headline(OUT_BOLD, "profile", " %s {", inspect_string(in, header->name));
	out_line("\tdigest %s", digest);
	out_line("\tmatrix %s", inspect_string(in, header->matrix));
	out_line("\tformat %u serial %" PRIu64 " size %zu", le16_to_cpu(header->version),
		 (uint64_t)le64_to_cpu(header->serial), profile->size);
	out_line("\tmode %s", le32_to_cpu(header->mode) == EQFW_MODE_AUDIT ? "audit" : "enforce");
	out_line("\tscope %s", flags & EQFW_HEADER_SCOPE_ALL ? "all" : "hosts");
	out_line("\tunzoned %s", flags & EQFW_HEADER_UNZONED_DROP ? "drop" : "pass");
	out_line("\tbridge %s", flags & EQFW_HEADER_BRIDGE ? "enforce" : "skip");
	out_line("\tboot %s", inspect_boot(flags));
	out_line("\treplies %s", inspect_replies(in->arena, profile));
	out_line("\tflows %u adopt %us", le32_to_cpu(header->flows), le32_to_cpu(header->adopt_s));
	if (flags & EQFW_HEADER_NFLOG)
		out_line("\tnflog-group %u", le16_to_cpu(header->nflog_group));
	out_line("\tclasses %u prefixes %u pairs %u programs %u rules %u items %u",
		 profile->n_classes, profile->n_prefixes, profile->n_cells, profile->n_programs,
		 profile->n_rules, profile->n_items);
	out_line("}");
}

static void show_zone(const struct inspect *in, uint32_t id)
{
	const struct eqfw_zone_rec *zone = &in->profile->zones[id];

	out_headline(OUT_BOLD, "zone", " %s {", inspect_string(in, zone->name));
	if (zone->flags)
		out_line("\tflags %s",
			 flags_text(in, le32_to_cpu(zone->flags), inspect_zone_flags));
	for (uint32_t i = 0; i < in->profile->n_interfaces; i++) {
		const struct eqfw_interface_rec *rec = &in->profile->interfaces[i];

		if (le16_to_cpu(rec->zone) == id)
			out_line("\tinterface %s", inspect_interface(in, rec));
	}
	out_line("}");
}

static void show_host(const struct inspect *in, const struct eqfw_host_rec *host)
{
	const char *v4 = inspect_address(in, host, 4), *v6 = inspect_address(in, host, 6);
	bool any = le16_to_cpu(host->flags) & EQFW_HOST_ANY;

	out_headline(OUT_BOLD, "host", " %s zone %s%s%s%s%s%s", inspect_string(in, host->name),
		     inspect_zone(in, host->zone), any ? " any, for example" : "", v4 ? " " : "",
		     v4 ? v4 : "", v6 ? " " : "", v6 ? v6 : "");
}

static const char *match_text(const struct inspect *in, const struct eqfw_rule_rec *rule)
{
	uint16_t src_lo = le16_to_cpu(rule->src_lo), src_hi = le16_to_cpu(rule->src_hi);
	const char *dst = inspect_range(in, rule->dst_lo, rule->dst_hi);
	const char *src = inspect_range(in, rule->src_lo, rule->src_hi);
	char number[4];

	switch (rule->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		return arena_printf(in->arena, "%s %s%s%sdport %s",
				    rule->proto == IPPROTO_TCP ? "tcp" : "udp",
				    ALL_PORTS(src_lo, src_hi) ? "" : "sport ",
				    ALL_PORTS(src_lo, src_hi) ? "" : src,
				    ALL_PORTS(src_lo, src_hi) ? "" : " ", dst);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return arena_printf(in->arena, "%s type %s%s%s",
				    rule->proto == IPPROTO_ICMP ? "icmp" : "icmpv6", dst,
				    ALL_CODES(src_lo, src_hi) ? "" : " code ",
				    ALL_CODES(src_lo, src_hi) ? "" : src);
	default:
		return arena_printf(in->arena, "protocol %s", ip_proto_name(rule->proto, number));
	}
}

static void show_rules(const struct inspect *in, uint32_t program, const char *verdict)
{
	const struct eqfw_program_rec *rec = &in->profile->programs[program];

	for (uint32_t i = 0; i < le32_to_cpu(rec->count); i++) {
		const struct eqfw_rule_rec *rule = &in->profile->rules[le32_to_cpu(rec->first) + i];
		const struct eqfw_item_rec *item = &in->profile->items[le32_to_cpu(rule->item)];
		const char *until = inspect_until(in, item);

		out_line("\t%s %s item %s%s%s%s # %s", match_text(in, rule), verdict,
			 inspect_string(in, item->id),
			 le16_to_cpu(item->flags) & EQFW_ITEM_RELATED ? " related" : "",
			 until ? " until " : "", until ? until : "",
			 inspect_string(in, item->printed));
	}
}

static void show_class(const struct inspect *in, uint32_t id)
{
	const struct eqfw_class_rec *class = &in->profile->classes[id];
	uint32_t forbidden = le32_to_cpu(class->forbidden);

	out_headline(OUT_BOLD, "class", " %u %s {", id, inspect_string(in, class->name));
	out_line("\tzone %s", inspect_zone(in, class->zone));
	if (class->flags)
		out_line("\tflags %s",
			 flags_text(in, le16_to_cpu(class->flags), inspect_class_flags));
	for (uint32_t i = in->class_first[id]; i < in->class_first[id + 1]; i++)
		out_line("\taddress %s", inspect_prefix(in, in->prefixes[i]));
	if (id == EQFW_CLASS_UNOWNED)
		out_line("\taddress # whatever no other class has");
	if (forbidden != EQFW_PROGRAM_NONE)
		show_rules(in, forbidden, "forbidden by");
	out_line("}");
}

static void show_cell(const struct inspect *in, const struct eqfw_cell_rec *cell)
{
	uint32_t src = le32_to_cpu(cell->src_class), dst = le32_to_cpu(cell->dst_class);

	out_headline(OUT_BOLD, "pair", " %s -> %s { # class %u -> %u, program %u",
		     inspect_string(in, in->profile->classes[src].name),
		     inspect_string(in, in->profile->classes[dst].name), src, dst,
		     le32_to_cpu(cell->program));
	show_rules(in, le32_to_cpu(cell->program), "accept");
	out_line("}");
}

void inspect_text(const struct inspect *in)
{
	const struct eqfw_profile *profile = in->profile;

	show_header(in);
	for (uint32_t i = 0; i < profile->n_zones; i++)
		show_zone(in, i);
	for (uint32_t i = 0; i < profile->n_hosts; i++)
		show_host(in, &profile->hosts[i]);
	for (uint32_t i = 0; i < profile->n_classes; i++)
		show_class(in, i);
	for (uint32_t i = 0; i < profile->n_cells; i++)
		show_cell(in, &profile->cells[i]);
}
