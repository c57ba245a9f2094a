// SPDX-License-Identifier: GPL-2.0
/*
 * Address -> class, by longest prefix.
 *
 * Problem: up to a million prefixes, nested at will, the longest that covers an address names its
 * class. Lookups are per packet and must be bounded; the table never changes once built.
 *
 * Idea: nested prefixes cut the number line into disjoint intervals, each with one answer. n
 * prefixes have 2n ends, so there are at most 2n + 1 intervals. Sorted by first address they are
 * searched by halving. Sorted prefixes (address, then length) come in the order of a walk through
 * the tree of nesting, parents first, so one pass with a stack of the open prefixes, at most 33 or
 * 129 deep, writes the intervals in order:
 *
 *     10.0.0.0/8 A      |------------------- A -------------------|
 *     10.1.0.0/16 B              |----- B -----|
 *     10.1.9.0/24 C                 |- C -|
 *
 *     intervals      .0 |   A    |B |  C  |  B |        A         | .0
 *     starts    0.0.0.0 10.0.0.0 .  10.1.9.0   10.2.0.0           11.0.0.0
 *                          10.1.0.0       10.1.10.0
 *
 * A prefix that opens writes its class at its first address; one that closes writes the class of
 * the prefix around it (class 0 outside all) at the address behind its last, unless the next prefix
 * opens at the very same address and overwrites it, or it ends the number line. Neighbours of one
 * class are joined.
 *
 * IPv4 begins the search in one of at most 65536 slots of equal width, each knowing the interval in
 * which it begins, so that the search halves only what lies inside one slot.
 *
 * References: B. Lampson, V. Srinivasan, G. Varghese, "IP Lookups using Multiway and Multicolumn
 * Search", 1998 (prefixes as intervals); net/netfilter/nft_set_rbtree.c (intervals, one family).
 */
#include "address.h"
#include "lookup.h"

#define MAX_SLOT_BITS 16

/* Arrays are NULL while intervals are only counted; one interval is held back, see emit(). */
struct flatten {
	u32 *starts4;
	struct eqfw_key *starts6;
	u32 *classes;
	u32 n;
	u32 last_class;
	struct eqfw_open_prefix held; /* .last: its first address */
	struct eqfw_open_prefix *open;
	u32 depth;
	u8 family;
};

static u64 read_be64(const u8 *b)
{
	u64 value = 0;
	int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | b[i];
	return value;
}

static u32 read_be32(const u8 *b)
{
	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static struct eqfw_key key_of(u8 family, const u8 *b)
{
	struct eqfw_key key = { 0, 0 };

	if (family == 4) {
		key.lo = read_be32(b);
	} else {
		key.hi = read_be64(b);
		key.lo = read_be64(b + 8);
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

static bool key_equal(const struct eqfw_key *a, const struct eqfw_key *b)
{
	return a->hi == b->hi && a->lo == b->lo;
}

static void flush(struct flatten *f)
{
	if (f->n && f->held.class_id == f->last_class)
		return;
	if (f->starts4)
		f->starts4[f->n] = (u32)f->held.last.lo;
	if (f->starts6)
		f->starts6[f->n] = f->held.last;
	if (f->classes)
		f->classes[f->n] = f->held.class_id;
	f->last_class = f->held.class_id;
	f->n++;
}

/* Only when the next start is known to differ is an interval not empty. */
static void emit(struct flatten *f, struct eqfw_key start, u32 class_id)
{
	if (!key_equal(&f->held.last, &start))
		flush(f);
	f->held.last = start;
	f->held.class_id = class_id;
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
	struct eqfw_open_prefix *top;

	while (f->depth && key_before(&f->open[f->depth - 1].last, &first))
		close_top(f);
	top = &f->open[f->depth++];
	top->last = key_last(f->family, first, prefix->len);
	top->class_id = le32_to_cpu(prefix->class_id);
	emit(f, first, top->class_id);
}

/* The open prefixes contain each other and differ in length: never more than EQFW_MAX_NESTING. */
static u32 flatten(struct flatten *f, const struct eqfw_profile *profile)
{
	u32 i;

	f->n = 0;
	f->depth = 0;
	memset(&f->held, 0, sizeof(f->held));
	for (i = 0; i < profile->n_prefixes; i++) {
		if (profile->prefixes[i].family == f->family)
			flatten_prefix(f, &profile->prefixes[i]);
		if (!(i & 1023))
			eqfw_core_breathe();
	}
	while (f->depth)
		close_top(f);
	flush(f);
	return f->n;
}

static void fill_slots(const struct eqfw_addresses4 *a, u32 *slots, u32 n_slots)
{
	u32 at = 0;
	u32 i;

	for (i = 0; i < n_slots; i++) {
		while (at + 1 < a->n && a->starts[at + 1] <= i << a->shift)
			at++;
		slots[i] = at;
	}
	slots[n_slots] = a->n - 1;
}

static void build4(const struct eqfw_profile *profile, struct eqfw_open_prefix *scratch,
		   struct eqfw_arena *arena, struct eqfw_addresses4 *a)
{
	struct flatten f = { .family = 4, .open = scratch };
	u32 bits = 1;
	u32 *slots;

	a->n = flatten(&f, profile);
	while (bits < MAX_SLOT_BITS && 1u << bits < a->n)
		bits++;
	a->shift = 32 - bits;
	f.starts4 = eqfw_arena_take(arena, a->n, sizeof(*a->starts));
	f.classes = eqfw_arena_take(arena, a->n, sizeof(*a->classes));
	slots = eqfw_arena_take(arena, (1u << bits) + 1, sizeof(*a->slots));
	if (!arena->base)
		return;
	flatten(&f, profile);
	a->starts = f.starts4;
	a->classes = f.classes;
	a->slots = slots;
	fill_slots(a, slots, 1u << bits);
}

static void build6(const struct eqfw_profile *profile, struct eqfw_open_prefix *scratch,
		   struct eqfw_arena *arena, struct eqfw_addresses6 *a)
{
	struct flatten f = { .family = 6, .open = scratch };

	a->n = flatten(&f, profile);
	f.starts6 = eqfw_arena_take(arena, a->n, sizeof(*a->starts));
	f.classes = eqfw_arena_take(arena, a->n, sizeof(*a->classes));
	if (!arena->base)
		return;
	flatten(&f, profile);
	a->starts = f.starts6;
	a->classes = f.classes;
}

void eqfw_addresses_build(const struct eqfw_profile *profile, struct eqfw_open_prefix *scratch,
			  struct eqfw_arena *arena, struct eqfw_table *table)
{
	build4(profile, scratch, arena, &table->addresses4);
	build6(profile, scratch, arena, &table->addresses6);
}

static u32 class4(const struct eqfw_addresses4 *a, u32 addr)
{
	u32 slot = addr >> a->shift;
	u32 lo = a->slots[slot], hi = a->slots[slot + 1];

	while (lo < hi) {
		u32 mid = hi - (hi - lo) / 2;

		if (a->starts[mid] <= addr)
			lo = mid;
		else
			hi = mid - 1;
	}
	return a->classes[lo];
}

static u32 class6(const struct eqfw_addresses6 *a, struct eqfw_key addr)
{
	u32 lo = 0, hi = a->n - 1;

	while (lo < hi) {
		u32 mid = hi - (hi - lo) / 2;

		if (key_before(&addr, &a->starts[mid]))
			hi = mid - 1;
		else
			lo = mid;
	}
	return a->classes[lo];
}

u32 eqfw_addresses_class(const struct eqfw_table *table, u8 family, const struct eqfw_addr *addr)
{
	if (family == 4)
		return class4(&table->addresses4, read_be32(addr->b));
	if (eqfw_addr_is_mapped(addr->b))
		return class4(&table->addresses4, read_be32(addr->b + 12));
	return class6(&table->addresses6, key_of(6, addr->b));
}
