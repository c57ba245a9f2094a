// SPDX-License-Identifier: GPL-2.0
/* A profile as JSON. Programs are listed once; pairs and classes name them by index. */
#include "inspect.h"
#include "ip_proto.h"
#include "out.h"

static json_t *optional(const char *text)
{
	return text ? out_json_string(text) : json_null();
}

static json_t *string_at(const struct inspect *in, __le32 offset)
{
	return out_json_string(inspect_string(in, offset));
}

static json_t *flags_json(uint32_t flags, const struct flag_name *names)
{
	json_t *array = json_array();

	for (; names->name; names++) {
		if (flags & names->flag)
			json_array_append_new(array, json_string(names->name));
	}
	return array;
}

static json_t *program_index(__le32 program)
{
	uint32_t index = le32_to_cpu(program);

	return index == EQFW_PROGRAM_NONE ? json_null() : json_integer(index);
}

static json_t *header_json(const struct inspect *in)
{
	const struct eqfw_header *header = in->profile->header;
	uint32_t flags = le32_to_cpu(header->flags);
	bool audit = le32_to_cpu(header->mode) == EQFW_MODE_AUDIT;

	return json_pack("{s:o,s:o,s:i,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:o}", "name",
			 string_at(in, header->name), "matrix", string_at(in, header->matrix),
			 "format", le16_to_cpu(header->version), "serial",
			 (json_int_t)le64_to_cpu(header->serial), "size_bytes",
			 (json_int_t)in->profile->size, "mode", audit ? "audit" : "enforce",
			 "scope", flags & EQFW_HEADER_SCOPE_ALL ? "all" : "hosts", "unzoned",
			 flags & EQFW_HEADER_UNZONED_DROP ? "drop" : "pass", "bridge",
			 flags & EQFW_HEADER_BRIDGE ? "enforce" : "skip", "boot",
			 inspect_boot(flags), "replies", inspect_replies(in->arena, in->profile),
			 "flows", (json_int_t)le32_to_cpu(header->flows), "adopt_s",
			 (json_int_t)le32_to_cpu(header->adopt_s), "nflog_group",
			 flags & EQFW_HEADER_NFLOG ? json_integer(le16_to_cpu(header->nflog_group))
						   : json_null());
}

static json_t *zones_json(const struct inspect *in)
{
	json_t *zones = json_array(), *interfaces;

	for (uint32_t z = 0; z < in->profile->n_zones; z++) {
		const struct eqfw_zone_rec *zone = &in->profile->zones[z];

		interfaces = json_array();
		for (uint32_t i = 0; i < in->profile->n_interfaces; i++) {
			const struct eqfw_interface_rec *rec = &in->profile->interfaces[i];

			if (le16_to_cpu(rec->zone) == z)
				json_array_append_new(interfaces,
						      out_json_string(inspect_interface(in, rec)));
		}
		json_array_append_new(
			zones,
			json_pack("{s:o,s:o,s:o}", "name", string_at(in, zone->name), "flags",
				  flags_json(le32_to_cpu(zone->flags), inspect_zone_flags),
				  "interfaces", interfaces));
	}
	return zones;
}

static json_t *hosts_json(const struct inspect *in)
{
	json_t *hosts = json_array();

	for (uint32_t i = 0; i < in->profile->n_hosts; i++) {
		const struct eqfw_host_rec *host = &in->profile->hosts[i];
		int any = !!(le16_to_cpu(host->flags) & EQFW_HOST_ANY);

		json_array_append_new(
			hosts, json_pack("{s:o,s:s,s:b,s:o,s:o}", "name", string_at(in, host->name),
					 "zone", inspect_zone(in, host->zone), "any", any, "ipv4",
					 optional(inspect_address(in, host, 4)), "ipv6",
					 optional(inspect_address(in, host, 6))));
	}
	return hosts;
}

static json_t *classes_json(const struct inspect *in)
{
	json_t *classes = json_array(), *addresses;

	for (uint32_t c = 0; c < in->profile->n_classes; c++) {
		const struct eqfw_class_rec *class = &in->profile->classes[c];

		addresses = json_array();
		for (uint32_t i = in->class_first[c]; i < in->class_first[c + 1]; i++)
			json_array_append_new(addresses,
					      json_string(inspect_prefix(in, in->prefixes[i])));
		json_array_append_new(
			classes,
			json_pack("{s:I,s:o,s:s,s:o,s:o,s:o}", "id", (json_int_t)c, "name",
				  string_at(in, class->name), "zone", inspect_zone(in, class->zone),
				  "flags",
				  flags_json(le16_to_cpu(class->flags), inspect_class_flags),
				  "addresses", addresses, "forbidden_program",
				  program_index(class->forbidden)));
	}
	return classes;
}

static json_t *rule_json(const struct inspect *in, const struct eqfw_rule_rec *rule)
{
	const struct eqfw_item_rec *item = &in->profile->items[le32_to_cpu(rule->item)];
	bool icmp = rule->proto == 1 || rule->proto == 58;
	bool ports = rule->proto == 6 || rule->proto == 17;
	char number[4];
	json_t *json = json_pack("{s:s,s:o}", "proto", ip_proto_name(rule->proto, number), "item",
				 string_at(in, item->id));
	const char *src = inspect_range(in, rule->src_lo, rule->src_hi);
	const char *dst = inspect_range(in, rule->dst_lo, rule->dst_hi);

	if (ports || icmp) {
		json_object_set_new(json, icmp ? "code" : "src_ports", json_string(src));
		json_object_set_new(json, icmp ? "type" : "dst_ports", json_string(dst));
	}
	return json;
}

static json_t *programs_json(const struct inspect *in)
{
	json_t *programs = json_array(), *rules;

	for (uint32_t p = 0; p < in->profile->n_programs; p++) {
		const struct eqfw_program_rec *rec = &in->profile->programs[p];
		uint32_t first = le32_to_cpu(rec->first);

		rules = json_array();
		for (uint32_t i = 0; i < le32_to_cpu(rec->count); i++)
			json_array_append_new(rules, rule_json(in, &in->profile->rules[first + i]));
		json_array_append_new(programs,
				      json_pack("{s:I,s:o}", "id", (json_int_t)p, "rules", rules));
	}
	return programs;
}

static json_t *pairs_json(const struct inspect *in)
{
	json_t *pairs = json_array();

	for (uint32_t i = 0; i < in->profile->n_cells; i++) {
		const struct eqfw_cell_rec *cell = &in->profile->cells[i];

		json_array_append_new(
			pairs, json_pack("{s:I,s:I,s:I}", "source",
					 (json_int_t)le32_to_cpu(cell->src_class), "destination",
					 (json_int_t)le32_to_cpu(cell->dst_class), "program",
					 (json_int_t)le32_to_cpu(cell->program)));
	}
	return pairs;
}

static json_t *items_json(const struct inspect *in)
{
	static const char *const kinds[] = { "matrix", "site", "guard", "icmp" };
	json_t *items = json_array();

	for (uint32_t i = 0; i < in->profile->n_items; i++) {
		const struct eqfw_item_rec *item = &in->profile->items[i];

		json_array_append_new(
			items,
			json_pack("{s:o,s:o,s:o,s:s,s:o,s:b,s:b}", "id", string_at(in, item->id),
				  "printed", string_at(in, item->printed), "pair",
				  string_at(in, item->pair), "kind", kinds[le16_to_cpu(item->kind)],
				  "until", optional(inspect_until(in, item)), "log_new",
				  !!(le16_to_cpu(item->flags) & EQFW_ITEM_LOG_NEW), "related",
				  !!(le16_to_cpu(item->flags) & EQFW_ITEM_RELATED)));
	}
	return items;
}

void inspect_json(const struct inspect *in, json_t *root)
{
	json_object_set_new(root, "profile", header_json(in));
	json_object_set_new(root, "zones", zones_json(in));
	json_object_set_new(root, "hosts", hosts_json(in));
	json_object_set_new(root, "classes", classes_json(in));
	json_object_set_new(root, "pairs", pairs_json(in));
	json_object_set_new(root, "programs", programs_json(in));
	json_object_set_new(root, "items", items_json(in));
}
