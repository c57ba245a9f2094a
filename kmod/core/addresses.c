// SPDX-License-Identifier: GPL-2.0
/*
 * Address -> class, by longest prefix.
 *
 * Problem: up to a million prefixes, nested at will, the longest that covers an address names its
 * class. Lookups are per packet, must be bounded, and two of them must not wait for each other; the
 * table never changes once built.
 *
 * Idea, first half: nested prefixes cut the number line into disjoint intervals, each with one
 * answer. n prefixes have 2n ends, so there are at most 2n + 1 intervals. Sorted prefixes (address,
 * then length) come in the order of a walk through the tree of nesting, parents first, so one pass
 * with a stack of the open prefixes, at most 33 or 129 deep, writes the intervals in order:
 *
 *     10.0.0.0/8 A      |------------------- A -------------------|
 *     10.1.0.0/16 B              |----- B -----|
 *     10.1.9.0/24 C                 |- C -|
 *
 *     intervals      .0 |   A    |B |  C  |  B |        A         | .0
 *     begin     0.0.0.0 10.0.0.0 .  10.1.9.0   10.2.0.0           11.0.0.0
 *                          10.1.0.0       10.1.10.0
 *
 * A prefix that opens writes its class at its first address; one that closes writes the class of
 * the prefix around it (class 0 outside all) at the address behind its last, unless the next prefix
 * opens at the very same address and overwrites it, or it ends the number line. Neighbours of one
 * class are joined.
 *
 * Second half, IPv4: a trie of four times 8 bits. At the top each entry names a block of the second
 * level; all /8 that no interval cuts share one for their class. Below, an entry is a class, or a
 * branch to a block of the next level, where the intervals cut its addresses further:
 *
 *     tops     [0-9] ->0   [10] ->1   [11-255] ->0
 *     blocks16 block 0:    [.0-.255] 0
 *              block 1:    [.0] A   [.1] ->0   [.2-.255] A
 *     blocks24 block 0:    [.0-.8] B   [.9] C   [.10-.255] B
 *     blocks32             (none: no interval ends inside a /24)
 *
 * The lookup loads all four levels always; where an entry is no branch, what it loads below is
 * thrown away by a mask (see eqfw_trie_step()). Which addresses end early is up to the sender: a
 * branch instead would be guessed wrong, and cost more than the loads. The top takes 512 bytes, a
 * block 1 KiB or 512 bytes. Sites use a few /8: one array for the first 16 bits, which spares the
 * load of the top, would be 256 KiB that hold next to nothing, and most of the table of a small
 * site. Hosts strewn over the whole of IPv4, one in each /24, would
 * make a trie larger than the caches, or than what fits: then a tree of the intervals (tree.c)
 * does the work, at 16 bytes an interval.
 *
 * IPv6: no trie is bounded well over 128 bits. A tree (tree.c) finds the interval of the upper 64
 * bits. Where a prefix longer than 64 cuts the addresses behind one value of the upper half, that
 * value is an interval of its own and leads to a tree of the lower 64 bits:
 *
 *     2001:db8:0:1::/64 A, 2001:db8:0:1::7 B
 *     upper:  ... 2001:db8:0:0 | 2001:db8:0:1 | 2001:db8:0:2 ...
 *                     0        |     tree     |     0
 *     lower:                   :: - ::6 A | ::7 B | ::8 - ::ffff:ffff:ffff:ffff A
 *
 * References: P. Gupta, S. Lin, N. McKeown, "Routing Lookups in Hardware at Memory Access Speeds",
 * 1998 (the trie); B. Lampson, V. Srinivasan, G. Varghese, "IP Lookups using Multiway and
 * Multicolumn Search", 1998 (prefixes as intervals); net/netfilter/nft_set_rbtree.c (the same).
 */
#include "build.h"

#define BLOCK 256u
#define TRIE_MAX ((size_t)1 << 20)  /* bytes that are always granted, */
#define TRIE_BYTES_PER_INTERVAL 16u /* and more where there is much to hold */

struct open_prefix {
	struct eqfw_key last;
	u32 class_id;
};

/* One interval is held back: only when the next one's start is known does it have an end. */
struct flatten {
	struct eqfw_interval *out; /* NULL while intervals are only counted */
	u32 n;
	u32 last_class; /* of the one before the held one */
	struct eqfw_key start;
	u32 class_id;
	u32 depth;
	u8 family;
	struct open_prefix open[EQFW_MAX_NESTING];
};

static struct eqfw_key key_of(u8 family, const u8 *b)
{
	struct eqfw_key key = { 0, 0 };

	if (family == 4) {
		key.lo = eqfw_read_be32(b);
	} else {
		key.hi = eqfw_read_be64(b);
		key.lo = eqfw_read_be64(b + 8);
	}
	return key;
}

static struct eqfw_key key_last(u8 family, struct eqfw_key first, u8 len)
{
	u32 host = (family == 4 ? 32 : 128) - len;

	if (host >= 64) {
		first.hi |= host == 64 ? 0 : U64_MAX >> (128 - host);
		first.lo = U64_MAX;
	} else if (host) {
		first.lo |= U64_MAX >> (64 - host);
	}
	return first;
}

static bool key_before(const struct eqfw_key *a, const struct eqfw_key *b)
{
	return a->hi < b->hi || (a->hi == b->hi && a->lo < b->lo);
}

static void write_interval(struct flatten *f, struct eqfw_key last)
{
	if (f->n && f->class_id == f->last_class)
		f->n--; /* joined: only its end is new */
	if (f->out) {
		f->out[f->n].last = last;
		f->out[f->n].class_id = f->class_id;
	}
	f->last_class = f->class_id;
	f->n++;
}

static void emit(struct flatten *f, struct eqfw_key start, u32 class_id)
{
	if (key_before(&f->start, &start)) {
		struct eqfw_key last = start;

		last.hi -= !last.lo;
		last.lo--;
		write_interval(f, last);
	}
	f->start = start;
	f->class_id = class_id;
}

static bool is_last_address(u8 family, const struct eqfw_key *key)
{
	if (family == 4)
		return key->lo == U32_MAX;
	return key->hi == U64_MAX && key->lo == U64_MAX;
}

static void close_top(struct flatten *f)
{
	struct eqfw_key next = f->open[--f->depth].last;

	if (is_last_address(f->family, &next))
		return;
	next.lo++;
	next.hi += !next.lo;
	emit(f, next, f->depth ? f->open[f->depth - 1].class_id : EQFW_CLASS_UNOWNED);
}

static void flatten_prefix(struct flatten *f, const struct eqfw_prefix_rec *prefix)
{
	struct eqfw_key first = key_of(f->family, prefix->addr);
	struct open_prefix *top;

	while (f->depth && key_before(&f->open[f->depth - 1].last, &first))
		close_top(f);
	top = &f->open[f->depth++];
	top->last = key_last(f->family, first, prefix->len);
	top->class_id = le32_to_cpu(prefix->class_id);
	emit(f, first, top->class_id);
}

/* The open prefixes contain each other and differ in length: never more than EQFW_MAX_NESTING. */
static u32 flatten(struct flatten *f, const struct eqfw_profile *profile, u8 family,
		   struct eqfw_interval *out)
{
	struct eqfw_key end = { family == 4 ? 0 : U64_MAX, U64_MAX };
	u32 i;

	memset(f, 0, sizeof(*f));
	f->family = family;
	f->out = out;
	for (i = 0; i < profile->n_prefixes; i++) {
		if (profile->prefixes[i].family == family)
			flatten_prefix(f, &profile->prefixes[i]);
		if (!(i & 1023))
			eqfw_core_breathe();
	}
	while (f->depth)
		close_top(f);
	write_interval(f, end);
	return f->n;
}

static int flatten_both(struct eqfw_builder *b)
{
	struct flatten *f = eqfw_core_alloc(sizeof(*f));

	if (!f)
		return -ENOMEM;
	b->n4 = flatten(f, b->profile, 4, NULL);
	b->n6 = flatten(f, b->profile, 6, NULL);
	b->intervals = eqfw_core_alloc((b->n4 + b->n6) * sizeof(*b->intervals));
	if (b->intervals) {
		flatten(f, b->profile, 4, b->intervals);
		flatten(f, b->profile, 6, b->intervals + b->n4);
	}
	eqfw_core_free(f);
	return b->intervals ? 0 : -ENOMEM;
}

/* Blocks of 2^bits addresses of which more than one interval has a part. */
static u32 count_blocks(const struct eqfw_builder *b, u32 bits)
{
	u32 inside = (1u << bits) - 1;
	u32 n = 0, before = 0;
	u32 i;

	for (i = 0; i + 1 < b->n4; i++) {
		u32 last = (u32)b->intervals[i].last.lo;

		if ((last & inside) != inside && (!n || last >> bits != before)) {
			before = last >> bits;
			n++;
		}
	}
	return n;
}

/*
 * The class of all addresses up to @last, or EQFW_BRANCH where they have several. The addresses
 * before them are done, so that *at is the interval of the first.
 */
static u32 class_up_to(const struct eqfw_interval **at, u32 last)
{
	u32 class_id = (*at)->class_id;
	u32 end = (u32)(*at)->last.lo;

	if (end < last)
		return EQFW_BRANCH;
	if (end == last && end != U32_MAX)
		++*at;
	return class_id;
}

/* The block that an /8 of one class shares with others, or a new one. */
static u16 find_block16(struct eqfw_builder *b, u32 *owners, u32 class_id)
{
	u16 i;

	for (i = 0; i < b->n16; i++)
		if (class_id != EQFW_BRANCH && owners[i] == class_id)
			return i;
	owners[i] = class_id;
	b->n16++;
	return i;
}

static void plan_tops(struct eqfw_builder *b)
{
	const struct eqfw_interval *at = b->intervals;
	u32 owners[BLOCK], i;

	for (i = 0; i < BLOCK; i++) {
		u32 last = i << 24 | 0xffffff;
		u32 class_id = class_up_to(&at, last);

		b->draft.tops[i] = find_block16(b, owners, class_id);
		while (class_id == EQFW_BRANCH && class_up_to(&at, last) == EQFW_BRANCH)
			at++;
	}
}

static void plan4(struct eqfw_builder *b)
{
	size_t n24 = count_blocks(b, 16), n32 = count_blocks(b, 8), bytes;
	struct eqfw_table *draft = &b->draft;

	plan_tops(b);
	bytes = (b->n16 + n24) * BLOCK * sizeof(u32) + n32 * BLOCK * sizeof(u16);

	if (bytes <= TRIE_MAX + (size_t)b->n4 * TRIE_BYTES_PER_INTERVAL) {
		draft->blocks16 = eqfw_builder_take(b, (size_t)b->n16 * BLOCK, sizeof(u32));
		/* Where there is no branch, the first entry is loaded and thrown away. */
		draft->blocks24 = eqfw_builder_take(b, n24 * BLOCK + 1, sizeof(u32));
		draft->blocks32 = eqfw_builder_take(b, n32 * BLOCK + 1, sizeof(u16));
	} else {
		draft->tree4.n = eqfw_tree_size(b->n4);
		b->n_nodes = draft->tree4.n;
	}
}

/* The tree of the upper halves and those of the lower ones; NULL while they are only counted. */
struct upper {
	struct eqfw_builder *b;
	struct eqfw_tree_node *nodes;
	struct eqfw_tree_cursor cursor;
	u32 n;
};

static void add_upper(struct upper *u, u64 last, u64 value)
{
	if (u->nodes)
		eqfw_tree_add(&u->cursor, last, value);
	u->n++;
}

/* Intervals that have a part behind the upper half of @at, the first of them. */
static u32 count_lower(const struct eqfw_interval *at)
{
	u64 hi = at->last.hi;
	u32 n = 1;

	while (at->last.hi == hi && at->last.lo != U64_MAX) {
		at++;
		n++;
	}
	return n;
}

static void add_lower(struct upper *u, const struct eqfw_interval *at, u32 n)
{
	u32 size = eqfw_tree_size(n), first = u->b->n_nodes;
	struct eqfw_tree_cursor cursor;
	u32 i;

	u->b->n_nodes += size;
	add_upper(u, at->last.hi, EQFW_TREE_LOWER | (u64)size << 32 | first);
	if (!u->nodes)
		return;
	eqfw_tree_begin(&cursor, u->nodes + first, size);
	for (i = 0; i < n; i++)
		eqfw_tree_add(&cursor, i + 1 < n ? at[i].last.lo : U64_MAX, at[i].class_id);
}

/* @next is the first upper half that has no interval yet. */
static void walk_upper(struct upper *u, const struct eqfw_interval *at, u32 left)
{
	u64 next = 0;

	while (left) {
		u64 hi = at->last.hi;
		u32 n;

		if (at->last.lo == U64_MAX) {
			add_upper(u, hi, at->class_id);
			n = 1;
		} else {
			if (next < hi)
				add_upper(u, hi - 1, at->class_id);
			n = count_lower(at);
			add_lower(u, at, n);
			/* The last of them may go on behind that upper half. */
			n -= at[n - 1].last.hi != hi;
		}
		at += n;
		left -= n;
		next = hi + 1;
		eqfw_core_breathe();
	}
}

static void plan6(struct eqfw_builder *b)
{
	struct upper u = { .b = b };

	walk_upper(&u, b->intervals + b->n4, b->n6);
	b->draft.tree6.first = b->n_nodes;
	b->draft.tree6.n = eqfw_tree_size(u.n);
	b->n_nodes += b->draft.tree6.n;
}

int eqfw_addresses_plan(struct eqfw_builder *b)
{
	int err = flatten_both(b);

	if (err)
		return err;
	plan4(b);
	plan6(b);
	b->draft.nodes = eqfw_builder_take(b, b->n_nodes, sizeof(struct eqfw_tree_node));
	return 0;
}

static void fill_tree4(struct eqfw_builder *b)
{
	struct eqfw_tree_node *nodes = eqfw_builder_at(b, b->draft.nodes);
	struct eqfw_tree_cursor cursor;
	u32 i;

	eqfw_tree_begin(&cursor, nodes, b->draft.tree4.n);
	for (i = 0; i < b->n4; i++)
		eqfw_tree_add(&cursor, i + 1 < b->n4 ? b->intervals[i].last.lo : U64_MAX,
			      b->intervals[i].class_id);
}

static u32 fill_block32(struct eqfw_builder *b, const struct eqfw_interval **at, u32 addr)
{
	u32 block = b->next32++;
	u16 *entry = (u16 *)eqfw_builder_at(b, b->draft.blocks32) + block * BLOCK;
	u32 i;

	for (i = 0; i < BLOCK; i++)
		entry[i] = (u16)class_up_to(at, addr | i);
	return EQFW_BRANCH | block;
}

static u32 fill_block24(struct eqfw_builder *b, const struct eqfw_interval **at, u32 addr)
{
	u32 block = b->next24++;
	u32 *entry = (u32 *)eqfw_builder_at(b, b->draft.blocks24) + block * BLOCK;
	u32 i;

	for (i = 0; i < BLOCK; i++) {
		entry[i] = class_up_to(at, addr | i << 8 | 0xff);
		if (entry[i] == EQFW_BRANCH)
			entry[i] = fill_block32(b, at, addr | i << 8);
	}
	eqfw_core_breathe();
	return EQFW_BRANCH | block;
}

static void fill_trie(struct eqfw_builder *b)
{
	const struct eqfw_interval *at = b->intervals;
	u32 *blocks16 = eqfw_builder_at(b, b->draft.blocks16);
	u32 i;

	for (i = 0; i < 65536; i++) {
		u32 *entry = &blocks16[b->draft.tops[i >> 8] * BLOCK + (i & 0xff)];

		*entry = class_up_to(&at, i << 16 | 0xffff);
		if (*entry == EQFW_BRANCH)
			*entry = fill_block24(b, &at, i << 16);
	}
}

void eqfw_addresses_fill(struct eqfw_builder *b)
{
	struct upper u = { .b = b, .nodes = eqfw_builder_at(b, b->draft.nodes) };

	if (b->draft.blocks16)
		fill_trie(b);
	else
		fill_tree4(b);
	b->n_nodes = b->draft.tree4.n;
	eqfw_tree_begin(&u.cursor, u.nodes + b->draft.tree6.first, b->draft.tree6.n);
	walk_upper(&u, b->intervals + b->n4, b->n6);
}

u32 eqfw_addresses_tree4(const struct eqfw_table *table, u32 addr)
{
	return (u32)eqfw_tree_find(table, table->tree4.first, table->tree4.n, addr);
}

u32 eqfw_addresses_class6(const struct eqfw_table *table, const struct eqfw_addr *addr)
{
	u64 hi = eqfw_read_be64(addr->b), lo = eqfw_read_be64(addr->b + 8), value;

	if (!hi && lo >> 32 == 0xffff)
		return eqfw_addresses_class4(table, (u32)lo);
	value = eqfw_tree_find(table, table->tree6.first, table->tree6.n, hi);
	if (value & EQFW_TREE_LOWER)
		value = eqfw_tree_find(table, (u32)value, (u32)(value >> 32) & ~EQFW_BRANCH, lo);
	return (u32)value;
}
