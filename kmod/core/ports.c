// SPDX-License-Identifier: GPL-2.0
/*
 * Program, protocol, source port, destination port -> the rules that match, in order.
 *
 * Problem: up to 4096 rules of a program, each a rectangle of a source range and a destination
 * range, overlapping at will; the first rule that contains the point (sport, dport) names the item.
 *
 * Idea: each axis by itself. The ends of n ranges cut the ports into at most 2n + 1 local
 * intervals, inside of which the same rules match. To each interval belongs a row of bits, bit i =
 * rule i of the set covers it. The rules that contain the point are the AND of the row of its
 * destination and the row of its source; the lowest bit is the first match. Worked example, three
 * TCP rules of one program:
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
 * Which local interval is it? The intervals of all axes together are numbered by ranks.c, and the
 * rank of a port is found while the addresses still are. So an axis is a map, one byte for each
 * rank, and the whole lookup in a program is: its line, a byte of each map, a row of each axis, an
 * item. Equal axes share a map (most programs have the same few source ranges). Above, with the
 * ranks of these starts alone:
 *
 *     ranks begin at   0  1024  1325  1720  1721  5060  5061
 *     dst map          0    1     1     2     3     4     5
 *     src map          0    1     2     2     2     3     4
 *
 * Thousands of programs with ports of their own would make maps that outgrow everything else. Past
 * a bound on their size the table has none: then an axis is the list of its starts, searched by
 * halving; such axes are short.
 *
 * Up to 64 rules are one word a row. 4096 rules are 64 words a row and 8193 rows an axis, but most
 * rows are nearly empty. So a long row is kept as a summary word, bit w = word w is not zero, and
 * those words only. AND of two summaries says which words can meet at all; the rank of a bit in its
 * summary says where its word stands. 64 words bound the work; the empty row is shared.
 *
 * Port 0 is in no TCP or UDP rule, so it lies in the empty first interval and matches nothing. In
 * ICMP rules the type is the destination and the code the source; other protocols have the point
 * (0, 0), and are few: they stand in a list of their own.
 *
 * References: T. Lakshman, D. Stiliadis, "High-Speed Policy-Based Packet Forwarding Using Efficient
 * Multi-Dimensional Range Matching", 1998 (bit vectors an axis); F. Baboescu, G. Varghese,
 * "Scalable Packet Classification", 2001 (summaries); P. Gupta, N. McKeown, "Packet Classification
 * on Multiple Fields", 1999 (intervals numbered once for all rules).
 */
#include "build.h"
#include "scope.h"

#define MAX_PORTS 65536u
#define MAPS_MAX ((size_t)512 << 10) /* bytes of maps that are always granted, */
#define MAP_BYTES_PER_RULE 16u	     /* and more where there are many rules */
#define EMPTY_ROWS 2u		     /* at the beginning: those of sets without a rule */

/* One set of the profile: rules of a program that share a protocol. */
struct part {
	const struct eqfw_rule_rec *rules;
	u32 rule;
	u32 n;
	u32 program;
	u32 number; /* among all sets */
};

static int compare_events(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u32 collect_events(const struct part *part, bool dst, u32 *events)
{
	const struct eqfw_rule_rec *rules = part->rules;
	u32 i;

	for (i = 0; i < part->n; i++) {
		u32 lo = le16_to_cpu(dst ? rules[i].dst_lo : rules[i].src_lo);
		u32 hi = le16_to_cpu(dst ? rules[i].dst_hi : rules[i].src_hi);

		events[2 * i] = lo << 12 | i;
		events[2 * i + 1] = (hi + 1) << 12 | i;
	}
	eqfw_core_sort(events, 2 * part->n, sizeof(*events), compare_events);
	return 2 * part->n;
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

/* Where rows go; both are NULL while they are only counted. */
struct writer {
	u64 *rows;
	u64 *words;
	u32 n_words;
	bool large;
};

/* Returns what stands in the set's rows: the row itself, or where the long row begins. */
static u64 write_row(struct writer *w, const struct eqfw_ports_scratch *s)
{
	u64 left = s->summary;
	u32 at = left ? w->n_words : 0; /* long row 0 is the empty one */

	if (!w->large)
		return s->row[0];
	if (!left)
		return 0;
	if (w->words) {
		u64 *word = w->words + at;

		for (*word++ = left; left; left &= left - 1)
			*word++ = s->row[__ffs64(left)];
	}
	w->n_words += 1 + hweight64(s->summary);
	return at;
}

/* The intervals of an axis into s->starts, their rows to w->rows, forwards or backwards. */
static u32 sweep(struct eqfw_ports_scratch *s, const struct part *part, bool dst, struct writer *w)
{
	u32 n_events = collect_events(part, dst, s->events);
	u32 at = 0, port = 0, n = 0;

	memset(s->row, 0, sizeof(s->row));
	s->summary = 0;
	while (port < MAX_PORTS) {
		u64 row;

		while (at < n_events && s->events[at] >> 12 == port)
			toggle(s, s->events[at++] & 4095);
		s->starts[n] = (u16)port;
		row = write_row(w, s);
		if (w->rows)
			w->rows[dst ? (s32)n : -1 - (s32)n] = row;
		n++;
		port = at < n_events ? s->events[at] >> 12 : MAX_PORTS;
	}
	eqfw_core_breathe();
	return n;
}

static u32 hash_starts(const u16 *starts, u32 n, bool wide)
{
	u32 hash = n * 2 + wide, i;

	for (i = 0; i < n; i++)
		hash = (hash ^ starts[i]) * 0x9e3779b1u;
	return hash ^ hash >> 15;
}

static bool same_axis(const struct eqfw_ports_scratch *s, const struct eqfw_axis *axis, u32 n,
		      bool wide)
{
	return axis->n == n && axis->wide == wide &&
	       !memcmp(s->pool + axis->at, s->starts, n * sizeof(*s->starts));
}

/* The axis with the intervals in s->starts. */
static u32 find_axis(struct eqfw_ports_scratch *s, u32 n, bool wide)
{
	u32 hash = hash_starts(s->starts, n, wide);
	u32 i = hash & s->bucket_mask;

	/* There are twice as many buckets as axes. */
	for (; s->buckets[i]; i = (i + 1) & s->bucket_mask) {
		u32 found = s->buckets[i] - 1;

		if (s->axes[found].hash == hash && same_axis(s, &s->axes[found], n, wide))
			return found;
	}
	s->axes[s->n_axes] =
		(struct eqfw_axis){ .hash = hash, .at = s->n_pool, .n = n, .wide = wide };
	memcpy(s->pool + s->n_pool, s->starts, n * sizeof(*s->starts));
	s->n_pool += n;
	s->buckets[i] = ++s->n_axes;
	return s->n_axes - 1;
}

static int slot_of(u8 proto)
{
	switch (proto) {
	case EQFW_IPPROTO_TCP:
		return EQFW_SET_TCP;
	case EQFW_IPPROTO_UDP:
		return EQFW_SET_UDP;
	case EQFW_IPPROTO_ICMP:
		return EQFW_SET_ICMP;
	case EQFW_IPPROTO_ICMPV6:
		return EQFW_SET_ICMPV6;
	default:
		return -1;
	}
}

/* The next set behind @part, all zero for the first one; false behind the last. */
static bool next_part(const struct eqfw_profile *profile, struct part *part)
{
	u32 first = part->rule + part->n, end;

	if (first == profile->n_rules)
		return false;
	part->number += part->n != 0;
	part->rule = first;
	part->rules = profile->rules + first;
	while (first >= le32_to_cpu(profile->programs[part->program].first) +
				le32_to_cpu(profile->programs[part->program].count))
		part->program++;
	end = le32_to_cpu(profile->programs[part->program].first) +
	      le32_to_cpu(profile->programs[part->program].count);
	part->n = 1;
	while (first + part->n < end && part->rules[part->n].proto == part->rules->proto)
		part->n++;
	return true;
}

static int alloc_scratch(const struct eqfw_profile *profile, struct eqfw_ports_scratch *s)
{
	struct part part = { .n = 0 };
	u32 buckets = 8;

	while (next_part(profile, &part)) {
		s->n_sets++;
		s->n_others += slot_of(part.rules->proto) < 0;
	}
	/* One axis more: that of sets without a rule. */
	while (buckets < 2 * (2 * s->n_sets + 1))
		buckets *= 2;
	s->bucket_mask = buckets - 1;
	s->buckets = eqfw_core_alloc(buckets * sizeof(*s->buckets));
	s->axes = eqfw_core_alloc((2 * s->n_sets + 1) * sizeof(*s->axes));
	s->set_axes = eqfw_core_alloc((2 * s->n_sets + 1) * sizeof(*s->set_axes));
	s->pool = eqfw_core_alloc((4 * profile->n_rules + 2 * s->n_sets + 1) * sizeof(*s->pool));
	return s->buckets && s->axes && s->set_axes && s->pool ? 0 : -ENOMEM;
}

void eqfw_ports_release(struct eqfw_builder *b)
{
	eqfw_core_free(b->ports.buckets);
	eqfw_core_free(b->ports.axes);
	eqfw_core_free(b->ports.set_axes);
	eqfw_core_free(b->ports.pool);
}

static int measure(struct eqfw_builder *b)
{
	struct eqfw_ports_scratch *s = &b->ports;
	struct writer w = { .n_words = 1 };
	struct part part = { .n = 0 };

	s->starts[0] = 0;
	find_axis(s, 1, false);
	s->n_rows = EMPTY_ROWS;
	while (next_part(b->profile, &part)) {
		u32 n_dst, n_src;

		w.large = part.n > 64;
		n_dst = sweep(s, &part, true, &w);
		s->set_axes[2 * part.number] = find_axis(s, n_dst, w.large);
		n_src = sweep(s, &part, false, &w);
		s->set_axes[2 * part.number + 1] = find_axis(s, n_src, w.large);
		s->n_rows += n_dst + n_src;
		if (w.n_words > EQFW_TABLE_MAX / sizeof(u64))
			return eqfw_builder_too_large(b, "programs", part.program);
	}
	s->n_words = w.n_words;
	return 0;
}

static size_t axis_bytes(const struct eqfw_builder *b, const struct eqfw_axis *axis, bool maps)
{
	if (maps)
		return (size_t)b->ranks.n << axis->wide;
	return sizeof(struct eqfw_list) + axis->n * sizeof(u16);
}

static size_t axes_bytes(const struct eqfw_builder *b, bool maps)
{
	size_t bytes = 0;
	u32 i;

	for (i = 0; i < b->ports.n_axes; i++)
		bytes += (axis_bytes(b, &b->ports.axes[i], maps) + 1) & ~(size_t)1;
	return bytes;
}

static void plan_axes(struct eqfw_builder *b)
{
	struct eqfw_ports_scratch *s = &b->ports;
	size_t bytes, allowed = MAPS_MAX + (size_t)b->profile->n_rules * MAP_BYTES_PER_RULE;
	bool maps;
	u32 at, i;

	for (i = 0; i < s->n_axes; i++)
		eqfw_ranks_add(&b->ranks, s->pool + s->axes[i].at, s->axes[i].n);
	eqfw_ranks_plan(&b->ranks);
	bytes = axes_bytes(b, true);
	maps = bytes <= allowed;
	if (maps) {
		b->draft.rank_tops = eqfw_builder_take(b, EQFW_RANK_TOPS, sizeof(u32));
		b->draft.rank_blocks = eqfw_builder_take(b, b->ranks.n_blocks, 64);
	} else {
		bytes = axes_bytes(b, false);
	}
	at = eqfw_builder_take(b, bytes, 1);
	for (i = 0; i < s->n_axes; i++) {
		s->axes[i].offset = at;
		at += (axis_bytes(b, &s->axes[i], maps) + 1) & ~(size_t)1;
	}
}

int eqfw_ports_plan(struct eqfw_builder *b)
{
	const struct eqfw_profile *profile = b->profile;
	struct eqfw_table *draft = &b->draft;
	int err = alloc_scratch(profile, &b->ports);

	if (!err)
		err = measure(b);
	if (err)
		return err;
	draft->programs =
		eqfw_builder_take(b, profile->n_programs + 1, sizeof(struct eqfw_program));
	plan_axes(b);
	draft->rows = eqfw_builder_take(b, b->ports.n_rows, sizeof(u64));
	draft->words = eqfw_builder_take(b, b->ports.n_words, sizeof(u64));
	draft->items = eqfw_builder_take(b, profile->n_rules + 1, sizeof(u16));
	draft->others = eqfw_builder_take(b, b->ports.n_others, sizeof(struct eqfw_other));
	draft->n_others = b->ports.n_others;
	return 0;
}

static void fill_axis(struct eqfw_builder *b, const struct eqfw_axis *axis)
{
	const u16 *starts = b->ports.pool + axis->at;
	struct eqfw_list *list;

	if (b->draft.rank_tops) {
		eqfw_ranks_map(&b->ranks, starts, axis->n, axis->wide,
			       eqfw_builder_at(b, axis->offset));
		return;
	}
	list = eqfw_builder_at(b, axis->offset);
	list->n = axis->n;
	memcpy(list->starts, starts, axis->n * sizeof(*starts));
}

static void fill_items(struct eqfw_builder *b)
{
	u16 *items = eqfw_builder_at(b, b->draft.items);
	u32 i;

	for (i = 0; i < b->profile->n_rules; i++) {
		u32 item = le32_to_cpu(b->profile->rules[i].item);

		items[i] = (u16)(item | (b->profile->items[item].until ? EQFW_ITEM_TIMED : 0));
		if (!(i & 1023))
			eqfw_core_breathe();
	}
}

static void fill_empty(struct eqfw_builder *b)
{
	struct eqfw_program *programs = eqfw_builder_at(b, b->draft.programs);
	u32 axis = b->ports.axes[0].offset, i, slot;
	struct eqfw_set empty = { axis, axis, 1, EQFW_SET_EMPTY };

	for (i = 0; i <= b->profile->n_programs; i++)
		for (slot = 0; slot < EQFW_N_SET_SLOTS; slot++)
			programs[i].sets[slot] = empty;
}

/* Returns the number of rows. */
static u32 fill_set(struct eqfw_builder *b, const struct part *part, u32 n_rows, struct writer *w,
		    struct eqfw_set *set)
{
	struct eqfw_ports_scratch *s = &b->ports;
	const struct eqfw_axis *dst = &s->axes[s->set_axes[2 * part->number]];
	const struct eqfw_axis *src = &s->axes[s->set_axes[2 * part->number + 1]];
	u64 *rows = eqfw_builder_at(b, b->draft.rows);

	set->dst = dst->offset;
	set->src = src->offset;
	set->rows = n_rows + src->n;
	set->rule = part->rule;
	w->large = part->n > 64;
	if (w->large)
		set->rule |= EQFW_SET_LARGE;
	w->rows = rows + set->rows;
	sweep(s, part, true, w);
	sweep(s, part, false, w);
	return dst->n + src->n;
}

void eqfw_ports_fill(struct eqfw_builder *b)
{
	struct eqfw_program *programs = eqfw_builder_at(b, b->draft.programs);
	struct eqfw_other *other = eqfw_builder_at(b, b->draft.others);
	struct writer w = { .n_words = 1, .words = eqfw_builder_at(b, b->draft.words) };
	struct part part = { .n = 0 };
	u32 rows = EMPTY_ROWS;
	u32 i;

	for (i = 0; i < b->ports.n_axes; i++)
		fill_axis(b, &b->ports.axes[i]);
	if (b->draft.rank_tops)
		eqfw_ranks_fill(b);
	fill_empty(b);
	fill_items(b);
	while (next_part(b->profile, &part)) {
		int slot = slot_of(part.rules->proto);
		struct eqfw_set *set;

		if (slot >= 0) {
			set = &programs[part.program + 1].sets[slot];
		} else {
			other->key = (part.program + 1) << 8 | part.rules->proto;
			set = &other++->set;
		}
		rows += fill_set(b, &part, rows, &w, set);
	}
}

static const struct eqfw_set *find_other(const struct eqfw_table *table, u32 key)
{
	const struct eqfw_other *others = eqfw_table_at(table, table->others);
	u32 lo = 0, n = table->n_others;

	while (n > 1) {
		u32 half = n / 2;

		lo += others[lo + half].key <= key ? half : 0;
		n -= half;
	}
	return n && others[lo].key == key ? &others[lo].set : NULL;
}

const struct eqfw_set *eqfw_ports_rare(const struct eqfw_table *table, u32 program, u8 family,
				       u8 proto)
{
	const struct eqfw_program *programs = eqfw_table_at(table, table->programs);
	const struct eqfw_set *none = &programs[EQFW_PROGRAM_EMPTY].sets[0];
	const struct eqfw_set *other;

	if (proto == EQFW_IPPROTO_ICMP)
		return family == 4 ? &programs[program].sets[EQFW_SET_ICMP] : none;
	if (proto == EQFW_IPPROTO_ICMPV6)
		return family == 6 ? &programs[program].sets[EQFW_SET_ICMPV6] : none;
	other = find_other(table, program << 8 | proto);
	return other ? other : none;
}

static u32 search_list(const struct eqfw_list *list, u16 port)
{
	u32 lo = 0, n = list->n;

	while (n > 1) {
		u32 half = n / 2;

		lo += list->starts[lo + half] <= port ? half : 0;
		n -= half;
	}
	return lo;
}

/* Number of the local interval of a port. */
static u32 local_of(const struct eqfw_table *table, const struct eqfw_set *set, u32 axis, u16 port)
{
	const void *at = eqfw_table_at(table, axis);

	if (!table->rank_tops)
		return search_list(at, port);
	if (set->rule & EQFW_SET_LARGE)
		return ((const u16 *)at)[eqfw_rank(table, port)];
	return ((const u8 *)at)[eqfw_rank(table, port)];
}

/* Inline for eqfw_match_first(): there the compiler keeps the state in registers. */
static __always_inline void begin(struct eqfw_match *match, const struct eqfw_table *table,
				  const struct eqfw_set *set, u16 sport, u16 dport, bool any_source)
{
	const u64 *rows = (const u64 *)eqfw_table_at(table, table->rows) + set->rows;
	const u64 *words = eqfw_table_at(table, table->words);
	u64 dst = rows[local_of(table, set, set->dst, dport)];
	u64 src = any_source ? dst : rows[-1 - (s32)local_of(table, set, set->src, sport)];

	match->table = table;
	match->set = set;
	match->base = 0;
	if (set->rule & EQFW_SET_LARGE) {
		match->dst = words + dst;
		match->src = words + src;
		match->summary = *match->dst & *match->src;
		match->word = 0;
	} else {
		match->summary = 0;
		match->word = dst & src;
	}
}

static u64 row_word(const u64 *row, u32 word)
{
	return row[1 + hweight64(*row & ((1ull << word) - 1))];
}

static __always_inline bool next(struct eqfw_match *match, u32 *item)
{
	while (!match->word) {
		u32 word;

		if (!match->summary)
			return false;
		word = __ffs64(match->summary);
		match->summary &= match->summary - 1;
		match->word = row_word(match->dst, word) & row_word(match->src, word);
		match->base = word * 64;
	}
	*item = eqfw_set_item(match->table, match->set, match->base + __ffs64(match->word));
	match->word &= match->word - 1;
	return true;
}

void eqfw_match_begin(struct eqfw_match *match, const struct eqfw_table *table,
		      const struct eqfw_set *set, u16 sport, u16 dport, bool any_source)
{
	begin(match, table, set, sport, dport, any_source);
}

bool eqfw_match_next(struct eqfw_match *match, u32 *item)
{
	return next(match, item);
}

u32 eqfw_match_first(const struct eqfw_table *table, const struct eqfw_set *set, u16 sport,
		     u16 dport)
{
	struct eqfw_match match;
	u32 item;

	begin(&match, table, set, sport, dport, false);
	return next(&match, &item) ? item : EQFW_ITEM_NONE;
}
