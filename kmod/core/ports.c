// SPDX-License-Identifier: GPL-2.0
/*
 * Program, protocol, source port, destination port -> the rules that match, in order.
 *
 * Problem: up to 4096 rules of a program, each a rectangle of a source range and a destination
 * range, overlapping at will; the first rule that contains the point (sport, dport) names the item.
 *
 * Idea: each axis by itself. The ends of n ranges cut the ports into at most 2n + 1 elementary
 * intervals, inside of which the same rules match. An interval tree over them is flattened into a
 * sorted array of first ports, searched by halving (its middle is the root, and so on). To each
 * interval belongs a row of bits, bit i = rule i of the set covers it. The rules that contain the
 * point are the AND of the row of its destination and the row of its source; the lowest bit is the
 * first match. Worked example, three TCP rules of one program:
 *
 *     rule 0   dst 5060         src 1024-65535          (narrow destinations come first)
 *     rule 1   dst 1720         src 1024-1324
 *     rule 2   dst 1024-65535   src 5060
 *
 *     dst starts   0    1024  1720  1721  5060  5061
 *     dst rows    ---   --2   -12   --2   0-2   --2
 *     src starts   0    1024  1325  5060  5061
 *     src rows    ---   01-   0--   0-2   0--
 *
 *     sport 1030 -> dport 1720: -12 AND 01- = -1- : rule 1
 *     sport 5060 -> dport 5060: 0-2 AND 0-2 = 0-2 : rule 0
 *
 * 4096 rules are 64 words a row and 8193 rows an axis, but most rows are nearly empty. So a row is
 * kept as a summary word, bit w = word w is not zero, and those words only. AND of two summaries
 * says which words can meet at all; the rank of a bit in its summary says where its word stands.
 * Work per lookup is bounded by 2 * 14 steps of search and 64 words; the empty row is shared.
 *
 * Port 0 is in no TCP or UDP rule, so it lies in the empty first interval and matches nothing. In
 * ICMP rules the type is the destination and the code the source; other protocols have the point
 * (0, 0).
 *
 * References: T. Lakshman, D. Stiliadis, "High-Speed Policy-Based Packet Forwarding Using Efficient
 * Multi-Dimensional Range Matching", 1998 (bit vectors an axis); F. Baboescu, G. Varghese,
 * "Scalable Packet Classification", 2001 (summaries of the vectors).
 */
#include "lookup.h"

#define MAX_PORTS 65536u

/* Where the next interval and the next row go; arrays are NULL while they are only counted. */
struct writer {
	u16 *starts;
	u32 *rows;
	u64 *masks;
	u32 n_intervals;
	u32 n_words;
};

static int compare_events(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u32 collect_events(const struct eqfw_rule_rec *rules, u32 n, bool dst, u32 *events)
{
	u32 i;

	for (i = 0; i < n; i++) {
		u32 lo = le16_to_cpu(dst ? rules[i].dst_lo : rules[i].src_lo);
		u32 hi = le16_to_cpu(dst ? rules[i].dst_hi : rules[i].src_hi);

		events[2 * i] = lo << 12 | i;
		events[2 * i + 1] = (hi + 1) << 12 | i;
	}
	eqfw_core_sort(events, 2 * n, sizeof(*events), compare_events);
	return 2 * n;
}

/* A rule's first event at a port switches it on, its second off. */
static void toggle(struct eqfw_ports_scratch *s, u32 rule)
{
	u32 word = rule / 64;

	s->row[word] ^= 1ull << (rule % 64);
	if (s->row[word])
		s->summary |= 1ull << word;
	else
		s->summary &= ~(1ull << word);
}

static void write_interval(struct writer *w, const struct eqfw_ports_scratch *s, u32 start)
{
	u64 left = s->summary;
	u32 at = left ? w->n_words : 0; /* row 0 is the empty one */

	if (w->starts) {
		w->starts[w->n_intervals] = (u16)start;
		w->rows[w->n_intervals] = at;
	}
	w->n_intervals++;
	if (!left)
		return;
	if (w->masks)
		w->masks[at++] = left;
	w->n_words += 1 + hweight64(left);
	for (; w->masks && left; left &= left - 1)
		w->masks[at++] = s->row[__ffs64(left)];
}

static void write_axis(struct writer *w, struct eqfw_ports_scratch *s, struct eqfw_axis *axis,
		       const struct eqfw_rule_rec *rules, u32 n, bool dst)
{
	u32 n_events = collect_events(rules, n, dst, s->events);
	u32 at = 0, port = 0;

	memset(s->row, 0, sizeof(s->row));
	s->summary = 0;
	axis->first = w->n_intervals;
	while (port < MAX_PORTS) {
		while (at < n_events && s->events[at] >> 12 == port)
			toggle(s, s->events[at++] & 4095);
		write_interval(w, s, port);
		port = at < n_events ? s->events[at] >> 12 : MAX_PORTS;
	}
	axis->n = w->n_intervals - axis->first;
	eqfw_core_breathe();
}

/* Rules of a program from @first to @end that share the protocol of the first. */
static u32 set_length(const struct eqfw_rule_rec *rules, u32 first, u32 end)
{
	u32 i = first + 1;

	while (i < end && rules[i].proto == rules[first].proto)
		i++;
	return i - first;
}

/* Returns the number of sets. */
static u32 write_program(struct writer *w, struct eqfw_ports_scratch *s,
			 const struct eqfw_profile *profile, u32 program,
			 struct eqfw_port_set *sets)
{
	u32 first = le32_to_cpu(profile->programs[program].first);
	u32 end = first + le32_to_cpu(profile->programs[program].count);
	u32 n_sets = 0;
	u32 n;

	for (; first < end; first += n) {
		const struct eqfw_rule_rec *rules = &profile->rules[first];
		struct eqfw_port_set set = { .rule = first, .proto = rules->proto };

		n = set_length(profile->rules, first, end);
		write_axis(w, s, &set.dst, rules, n, true);
		write_axis(w, s, &set.src, rules, n, false);
		if (sets)
			sets[n_sets] = set;
		n_sets++;
	}
	return n_sets;
}

u32 eqfw_ports_measure(const struct eqfw_profile *profile, struct eqfw_ports_scratch *scratch,
		       struct eqfw_ports_size *size)
{
	struct writer w = { .n_words = 1 };
	u32 i;

	size->sets = 0;
	for (i = 0; i < profile->n_programs; i++) {
		size->sets += write_program(&w, scratch, profile, i, NULL);
		if (w.n_words > EQFW_TABLE_MAX / sizeof(u64))
			return i;
	}
	size->intervals = w.n_intervals;
	size->words = w.n_words;
	return EQFW_PROGRAM_NONE;
}

static void write_programs(const struct eqfw_profile *profile, struct eqfw_ports_scratch *scratch,
			   struct writer *w, u32 *first, struct eqfw_port_set *sets)
{
	u32 at = 0;
	u32 i;

	for (i = 0; i < profile->n_programs; i++) {
		first[i] = at;
		at += write_program(w, scratch, profile, i, sets + at);
	}
	first[i] = at;
}

void eqfw_ports_build(const struct eqfw_profile *profile, struct eqfw_ports_scratch *scratch,
		      const struct eqfw_ports_size *size, struct eqfw_arena *arena,
		      struct eqfw_ports *ports)
{
	u32 *first = eqfw_arena_take(arena, profile->n_programs + 1, sizeof(*first));
	struct eqfw_port_set *sets = eqfw_arena_take(arena, size->sets, sizeof(*sets));
	u32 *items = eqfw_arena_take(arena, profile->n_rules, sizeof(*items));
	struct writer w = { .n_words = 1 };
	u32 i;

	w.masks = eqfw_arena_take(arena, size->words, sizeof(*w.masks));
	w.rows = eqfw_arena_take(arena, size->intervals, sizeof(*w.rows));
	w.starts = eqfw_arena_take(arena, size->intervals, sizeof(*w.starts));
	if (!arena->base)
		return;
	write_programs(profile, scratch, &w, first, sets);
	for (i = 0; i < profile->n_rules; i++)
		items[i] = le32_to_cpu(profile->rules[i].item);
	ports->first = first;
	ports->sets = sets;
	ports->starts = w.starts;
	ports->rows = w.rows;
	ports->masks = w.masks;
	ports->items = items;
}

static const struct eqfw_port_set *find_set(const struct eqfw_ports *ports, u32 program, u8 proto)
{
	u32 lo = ports->first[program], hi = ports->first[program + 1];

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (ports->sets[mid].proto == proto)
			return &ports->sets[mid];
		if (ports->sets[mid].proto < proto)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static const u64 *find_row(const struct eqfw_ports *ports, const struct eqfw_axis *axis, u16 port)
{
	u32 lo = axis->first, hi = axis->first + axis->n - 1;

	while (lo < hi) {
		u32 mid = hi - (hi - lo) / 2;

		if (ports->starts[mid] <= port)
			lo = mid;
		else
			hi = mid - 1;
	}
	return ports->masks + ports->rows[lo];
}

bool eqfw_ports_match(const struct eqfw_ports *ports, u32 program, u8 proto, u16 sport, u16 dport,
		      struct eqfw_match *match)
{
	if (!eqfw_ports_match_dst(ports, program, proto, dport, match))
		return false;
	match->src = find_row(ports, &match->set->src, sport);
	match->summary &= *match->src;
	return true;
}

bool eqfw_ports_match_dst(const struct eqfw_ports *ports, u32 program, u8 proto, u16 dport,
			  struct eqfw_match *match)
{
	memset(match, 0, sizeof(*match));
	match->set = find_set(ports, program, proto);
	if (!match->set)
		return false;
	match->ports = ports;
	match->dst = find_row(ports, &match->set->dst, dport);
	match->src = match->dst;
	match->summary = *match->dst;
	return true;
}

static u64 row_word(const u64 *row, u32 word)
{
	return row[1 + hweight64(*row & ((1ull << word) - 1))];
}

bool eqfw_match_next(struct eqfw_match *match, u32 *item)
{
	while (!match->word) {
		u32 word;

		if (!match->summary)
			return false;
		word = __ffs64(match->summary);
		match->summary &= match->summary - 1;
		match->word = row_word(match->dst, word) & row_word(match->src, word);
		match->base = match->set->rule + word * 64;
	}
	*item = match->ports->items[match->base + __ffs64(match->word)];
	match->word &= match->word - 1;
	return true;
}
