// SPDX-License-Identifier: GPL-2.0
/*
 * One chain per source class, reached by a verdict map over addresses; in it one map over destinations,
 * which goes to a chain per program: that is eqfw's own table, spelled out.
 *
 *   judge -> src4/src6 -> sN (spoof, intra) -> dstN -> pN (ports) -> drop
 */
#include "nft.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "units.h"

struct writer {
	const struct eqfw_profile *profile;
	struct nft_ranges ranges[2];
	FILE *out;
};

static uint8_t family_of(int i)
{
	return i ? 6 : 4;
}

static const char *word_of(int i)
{
	return i ? "ip6" : "ip";
}

static uint16_t class_flags(const struct writer *w, uint32_t class_id)
{
	return le16toh(w->profile->classes[class_id].flags);
}

static uint16_t class_zone(const struct writer *w, uint32_t class_id)
{
	return le16toh(w->profile->classes[class_id].zone);
}

static bool is_all(const struct writer *w)
{
	return le32toh(w->profile->header->flags) & EQFW_HEADER_SCOPE_ALL;
}

/* Ranges whose class is chosen, as a named set; an empty one matches nothing. */
static void write_set(const struct writer *w, const char *name, int i,
		      bool (*chosen)(const struct writer *w, uint32_t class_id, uint32_t arg),
		      uint32_t arg)
{
	const char *comma = " elements = { ";

	fprintf(w->out, "\tset %s%u {\n\t\ttype ipv%u_addr; flags interval;", name, family_of(i),
		family_of(i));
	for (size_t j = 0; j < w->ranges[i].n; j++) {
		if (!chosen(w, w->ranges[i].ranges[j].class_id, arg))
			continue;
		fputs(comma, w->out);
		nft_write_range(w->out, family_of(i), &w->ranges[i].ranges[j]);
		comma = ",\n\t\t\t";
	}
	fprintf(w->out, "%s\n\t}\n", *comma == ',' ? " }" : "");
}

static bool is_declared(const struct writer *w, uint32_t class_id, uint32_t arg)
{
	return class_flags(w, class_id) & EQFW_CLASS_DECLARED;
}

static bool is_owned(const struct writer *w, uint32_t class_id, uint32_t arg)
{
	return class_id != EQFW_CLASS_UNOWNED;
}

/* Inside such a zone packets pass, box and public addresses apart. */
static bool is_inside(const struct writer *w, uint32_t class_id, uint32_t zone)
{
	return class_zone(w, class_id) == zone &&
	       !(class_flags(w, class_id) & (EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC));
}

static bool has_intra(const struct writer *w, uint32_t class_id)
{
	uint16_t zone = class_zone(w, class_id);

	return zone != EQFW_ZONE_NONE && is_inside(w, class_id, zone) &&
	       le32toh(w->profile->zones[zone].flags) & EQFW_ZONE_INTRA_PASS;
}

static void write_sets(const struct writer *w)
{
	char name[24];

	for (int i = 0; i < 2; i++) {
		write_set(w, "declared", i, is_declared, 0);
		write_set(w, "owned", i, is_owned, 0);
		for (uint32_t zone = 0; zone < w->profile->n_zones; zone++) {
			if (!(le32toh(w->profile->zones[zone].flags) & EQFW_ZONE_INTRA_PASS))
				continue;
			snprintf(name, sizeof(name), "zone%u_", zone);
			write_set(w, name, i, is_inside, zone);
		}
	}
}

static void write_ports(FILE *out, const char *word, __le16 lo, __le16 hi, uint16_t most)
{
	if (le16toh(lo) <= 1 && le16toh(hi) == most)
		return;
	fprintf(out, " %s %u", word, le16toh(lo));
	if (lo != hi)
		fprintf(out, "-%u", le16toh(hi));
}

/* Without ports of its own a rule still names its protocol. */
static void write_match(FILE *out, const struct eqfw_rule_rec *rule)
{
	bool icmp = rule->proto == IPPROTO_ICMP || rule->proto == IPPROTO_ICMPV6;

	fprintf(out, "\t\tmeta l4proto %u", rule->proto);
	if (icmp) {
		const char *word = rule->proto == IPPROTO_ICMP ? "icmp" : "icmpv6";
		char type[16], code[16];

		snprintf(type, sizeof(type), "%s type", word);
		snprintf(code, sizeof(code), "%s code", word);
		write_ports(out, type, rule->dst_lo, rule->dst_hi, UINT16_MAX);
		if (le16toh(rule->src_lo) || le16toh(rule->src_hi) != 255)
			write_ports(out, code, rule->src_lo, rule->src_hi, UINT16_MAX);
	} else if (rule->proto == IPPROTO_TCP || rule->proto == IPPROTO_UDP) {
		write_ports(out, "th sport", rule->src_lo, rule->src_hi, UINT16_MAX);
		write_ports(out, "th dport", rule->dst_lo, rule->dst_hi, UINT16_MAX);
	}
}

static void write_rule(const struct writer *w, const struct eqfw_rule_rec *rule)
{
	const struct eqfw_item_rec *item = &w->profile->items[le32toh(rule->item)];
	uint64_t until = le64toh(item->until);
	char time[UNITS_MAX];

	if (until) {
		units_time(until, time);
		time[10] = ' ';
		time[19] = '\0';
	}
	write_match(w->out, rule);
	if (until)
		fprintf(w->out, " meta time < \"%s\"", time);
	fprintf(w->out, " accept comment \"%.100s\"\n", eqfw_profile_string(w->profile, item->id));
}

static void write_programs(const struct writer *w)
{
	for (uint32_t i = 0; i < w->profile->n_programs; i++) {
		const struct eqfw_program_rec *program = &w->profile->programs[i];

		fprintf(w->out, "\tchain p%u {\n", i);
		for (uint32_t j = 0; j < le32toh(program->count); j++)
			write_rule(w, &w->profile->rules[le32toh(program->first) + j]);
		fputs("\t\tdrop\n\t}\n", w->out);
	}
}

/* Exact names before patterns, longer patterns before shorter ones: as eqfw finds zones. */
static int by_strength(const void *a, const void *b, void *arg)
{
	const struct eqfw_interface_rec *const *one = a, *const *other = b;
	const struct eqfw_profile *profile = arg;
	int pattern = (le16toh((*one)->flags) & EQFW_INTERFACE_PREFIX) -
		      (le16toh((*other)->flags) & EQFW_INTERFACE_PREFIX);
	size_t len = strlen(eqfw_profile_string(profile, (*one)->name));
	size_t len_other = strlen(eqfw_profile_string(profile, (*other)->name));

	return pattern ? pattern : len == len_other ? 0 : len < len_other ? 1 : -1;
}

static bool zone_names(const struct eqfw_profile *profile, uint32_t zone,
		       const struct eqfw_interface_rec *record)
{
	for (uint32_t i = 0; i < profile->n_interfaces; i++)
		if (le16toh(profile->interfaces[i].zone) == zone &&
		    profile->interfaces[i].flags == record->flags &&
		    !strcmp(eqfw_profile_string(profile, profile->interfaces[i].name),
			    eqfw_profile_string(profile, record->name)))
			return true;
	return false;
}

static void write_zone(const struct writer *w, const struct eqfw_interface_rec **sorted,
		       uint32_t zone)
{
	fprintf(w->out, "\tchain z%u {\n", zone);
	for (uint32_t i = 0; i < w->profile->n_interfaces; i++)
		fprintf(w->out, "\t\tiifname \"%s%s\" %s\n",
			eqfw_profile_string(w->profile, sorted[i]->name),
			le16toh(sorted[i]->flags) & EQFW_INTERFACE_PREFIX ? "*" : "",
			zone_names(w->profile, zone, sorted[i]) ? "return" : "drop");
	fputs("\t\tdrop\n\t}\n", w->out);
}

/* zN drops what does not come in by an interface of zone N; zoned says whether it is any zone's. */
static void write_zones(const struct writer *w)
{
	const struct eqfw_profile *profile = w->profile;
	const struct eqfw_interface_rec **sorted =
		must_alloc((profile->n_interfaces + 1) * sizeof(*sorted));
	bool drops = le32toh(profile->header->flags) & EQFW_HEADER_UNZONED_DROP;

	for (uint32_t i = 0; i < profile->n_interfaces; i++)
		sorted[i] = &profile->interfaces[i];
	qsort_r(sorted, profile->n_interfaces, sizeof(*sorted), by_strength, (void *)profile);
	for (uint32_t zone = 0; zone < profile->n_zones; zone++)
		write_zone(w, sorted, zone);
	fputs("\tchain zoned {\n", w->out);
	for (uint32_t i = 0; i < profile->n_interfaces; i++)
		fprintf(w->out, "\t\tiifname \"%s%s\" goto scope\n",
			eqfw_profile_string(profile, sorted[i]->name),
			le16toh(sorted[i]->flags) & EQFW_INTERFACE_PREFIX ? "*" : "");
	if (drops)
		fputs("\t\tip saddr @declared4 drop\n\t\tip daddr @declared4 drop\n"
		      "\t\tip6 saddr @declared6 drop\n\t\tip6 daddr @declared6 drop\n",
		      w->out);
	fputs("\t}\n", w->out);
	free(sorted);
}

/* The program of a cell, or -1. Cells are sorted: `from` is where the source's begin. */
static int64_t find_program(const struct writer *w, uint32_t from, uint32_t to, uint32_t dst)
{
	for (; from < to; from++)
		if (le32toh(w->profile->cells[from].dst_class) == dst)
			return le32toh(w->profile->cells[from].program);
	return -1;
}

static void write_destinations(const struct writer *w, uint32_t from, uint32_t to, int i)
{
	const char *comma = "";

	for (size_t j = 0; j < w->ranges[i].n; j++) {
		const struct nft_range *range = &w->ranges[i].ranges[j];
		int64_t program = find_program(w, from, to, range->class_id);

		if (program < 0)
			continue;
		if (!*comma)
			fprintf(w->out, "\t\t%s daddr vmap { ", word_of(i));
		fputs(comma, w->out);
		nft_write_range(w->out, family_of(i), range);
		fprintf(w->out, " : goto p%u", (unsigned int)program);
		comma = ",\n\t\t\t";
	}
	if (*comma)
		fputs(" }\n", w->out);
}

static void write_source(const struct writer *w, uint32_t class_id, uint32_t from, uint32_t to)
{
	bool judged = is_all(w) || is_declared(w, class_id, 0);
	uint16_t zone = class_zone(w, class_id);
	int64_t unowned = find_program(w, from, to, EQFW_CLASS_UNOWNED);

	fprintf(w->out, "\tchain s%u { # %s\n", class_id,
		eqfw_profile_string(w->profile, w->profile->classes[class_id].name));
	if (!judged)
		fputs("\t\tip daddr != @declared4 accept\n\t\tip6 daddr != @declared6 accept\n",
		      w->out);
	if (zone == EQFW_ZONE_NONE)
		fputs("\t\tdrop\n", w->out);
	else
		fprintf(w->out, "\t\tjump z%u\n", zone);
	for (int i = 0; i < 2; i++) {
		if (has_intra(w, class_id))
			fprintf(w->out, "\t\t%s daddr @zone%u_%u accept\n", word_of(i), zone,
				family_of(i));
		write_destinations(w, from, to, i);
		if (unowned >= 0)
			fprintf(w->out, "\t\t%s daddr != @owned%u goto p%u\n", word_of(i),
				family_of(i), (unsigned int)unowned);
	}
	fputs("\t\tdrop\n\t}\n", w->out);
}

static void write_sources(const struct writer *w)
{
	uint32_t from = 0, to;

	for (uint32_t class_id = 0; class_id < w->profile->n_classes; class_id++, from = to) {
		for (to = from; to < w->profile->n_cells &&
				le32toh(w->profile->cells[to].src_class) == class_id;)
			to++;
		write_source(w, class_id, from, to);
	}
}

static void write_scope(const struct writer *w)
{
	fputs("\tchain scope {\n\t\tip saddr { 0.0.0.0/8, 127.0.0.0/8, 224.0.0.0/3 } drop\n"
	      "\t\tip6 saddr { ::/127, ff00::/8, ::ffff:0:0/96 } drop\n",
	      w->out);
	for (int i = 0; i < 2; i++) {
		const char *comma = "";

		for (size_t j = 0; j < w->ranges[i].n; j++) {
			if (!*comma)
				fprintf(w->out, "\t\t%s saddr vmap { ", word_of(i));
			fputs(comma, w->out);
			nft_write_range(w->out, family_of(i), &w->ranges[i].ranges[j]);
			fprintf(w->out, " : goto s%u", w->ranges[i].ranges[j].class_id);
			comma = ",\n\t\t\t";
		}
		if (*comma)
			fputs(" }\n", w->out);
	}
	fputs("\t\tgoto s0\n\t}\n", w->out);
}

static void write_judge(const struct writer *w)
{
	bool audit = le32toh(w->profile->header->mode) == EQFW_MODE_AUDIT;

	fputs("\tchain judge {\n\t\ttype filter hook prerouting priority -150; policy accept;\n",
	      w->out);
	if (audit)
		fputs("\t\taccept # mode: audit\n", w->out);
	fputs("\t\tiif lo accept\n\t\tct state established,related accept\n"
	      "\t\tmeta l4proto igmp accept\n"
	      "\t\ticmpv6 type { 130, 131, 132, 143, 133, 135, 136 } accept\n",
	      w->out);
	if (!is_all(w))
		fputs("\t\tudp sport { 67, 68 } udp dport { 67, 68 } accept\n"
		      "\t\tudp sport { 546, 547 } udp dport { 546, 547 } accept\n"
		      "\t\tip saddr != @declared4 ip daddr != @declared4 accept\n"
		      "\t\tip6 saddr != @declared6 ip6 daddr != @declared6 accept\n",
		      w->out);
	fputs("\t\tgoto zoned\n\t}\n", w->out);
}

void nft_write(const struct eqfw_profile *profile, FILE *out)
{
	struct writer w = { .profile = profile, .out = out };
	char digest[65];

	digest_hex(profile->digest, digest);
	nft_flatten(profile, 4, &w.ranges[0]);
	nft_flatten(profile, 6, &w.ranges[1]);
	fprintf(out,
		"# eqfw profile %s %.12s in nft's words; load with: TZ=UTC nft -f FILE\n"
		"# First packets only: established flows go on when this is replaced.\n"
		"table inet eqfw\ndelete table inet eqfw\ntable inet eqfw {\n",
		eqfw_profile_string(profile, profile->header->name), digest);
	write_sets(&w);
	write_programs(&w);
	write_zones(&w);
	write_sources(&w);
	write_scope(&w);
	write_judge(&w);
	fputs("}\n", out);
	free(w.ranges[0].ranges);
	free(w.ranges[1].ranges);
}
