/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table as packets see it: its layout, and the lookups, which are all of the packet path that
 * touches it. What builds each part, and why it looks as it does, is told in the files of the same
 * name: addresses.c, tree.c, cells.c, ports.c, ranks.c.
 *
 *   source ------> class ---.
 *                            >--> cell -> program --.
 *   destination -> class ---'                        >--> rows -> AND -> first rule -> item
 *   source port ---> rank --------------------------:
 *   destination port -> rank -----------------------'
 *
 * The four lookups on the left do not wait for each other. None of the steps branches on data that
 * a packet chooses but for the protocol, so no packet is slower than another.
 *
 * One allocation holds everything; arrays are named by their distance from its start in bytes, so a
 * table means the same at any address.
 */
#ifndef EQFW_CORE_LOOKUP_H
#define EQFW_CORE_LOOKUP_H

#include "scope.h"
#include "table.h"

#define EQFW_CLASS_NONE 0xffffffffu /* of an address of the box where none was listed */
#define EQFW_PROGRAM_EMPTY 0u	    /* permits nothing; profile program n is number n + 1 here */

/**
 * struct eqfw_key - an address as a number
 * @hi: upper 64 bits
 * @lo: lower 64 bits
 */
struct eqfw_key {
	u64 hi;
	u64 lo;
};

#define EQFW_FANOUT 8 /* keys of a tree node: one cache line */

/**
 * struct eqfw_tree_node - eight intervals of a number line, see tree.c
 * @last: last number of each, ascending
 * @value: value of each
 */
struct eqfw_tree_node {
	u64 last[EQFW_FANOUT];
	u64 value[EQFW_FANOUT];
};

/**
 * struct eqfw_tree - a tree of intervals
 * @first: its first node in struct eqfw_table.nodes
 * @n: its nodes; 0 = there is no such tree
 */
struct eqfw_tree {
	u32 first;
	u32 n;
};

/**
 * struct eqfw_set - the rules of one protocol in one program, see ports.c
 * @dst: local intervals of the destination ports: a map by rank, or a list
 * @src: of the source ports
 * @rows: index in struct eqfw_table.rows of the row of the first destination interval; rows of
 *	source intervals stand before it, backwards
 * @rule: its first rule, and EQFW_SET_*
 */
struct eqfw_set {
	u32 dst;
	u32 src;
	u32 rows;
	u32 rule;
};

#define EQFW_SET_EMPTY (1u << 31) /* the program has no rule of the protocol */
#define EQFW_SET_LARGE (1u << 30) /* more than 64 rules: rows are indices in words */
#define EQFW_SET_RULE (EQFW_SET_LARGE - 1)

enum eqfw_set_slot {
	EQFW_SET_TCP,
	EQFW_SET_UDP,
	EQFW_SET_ICMP,
	EQFW_SET_ICMPV6,
	EQFW_N_SET_SLOTS,
};

/**
 * struct eqfw_program - one cache line
 * @sets: by enum eqfw_set_slot
 */
struct eqfw_program {
	struct eqfw_set sets[EQFW_N_SET_SLOTS];
};

/**
 * struct eqfw_other - the rules of any other protocol in one program
 * @key: program number << 8 | protocol; they are sorted by it
 * @set: the rules
 */
struct eqfw_other {
	u32 key;
	struct eqfw_set set;
};

/**
 * struct eqfw_list - local intervals of an axis where there is no room for maps
 * @n: number of intervals
 * @starts: their first ports; the first is 0
 */
struct eqfw_list {
	u16 n;
	u16 starts[];
};

#define EQFW_ITEM_TIMED 0x8000u /* in an item of a rule: it has an end */

/**
 * struct eqfw_class - what is known of the addresses of a class
 * @zone: zone id or EQFW_ZONE_NONE
 * @flags: EQFW_CLASS_*, EQFW_CLASS_RELATED
 * @shift: how far its row of cells is shifted
 */
struct eqfw_class {
	u16 zone;
	u16 flags;
	u32 shift;
};

/**
 * struct eqfw_table - everything a verdict is made from; never changes after the build
 * @blocks16: IPv4 trie, second level, 256 entries a block; 0 = @tree4 instead
 * @blocks24: its third level, 256 entries a block
 * @blocks32: its last level, 256 classes a block
 * @nodes: struct eqfw_tree_node of all trees
 * @tree4: IPv4 addresses, where a trie would be too large
 * @tree6: upper halves of IPv6 addresses
 * @slots: cells: source class << 16 | program number; 0 = @first instead
 * @first: of each source class the index of its first cell, where rows do not fit each other
 * @cells: those cells: destination class << 16 | program number
 * @rank_tops: of each 64 ports the rank of the first << 16 | block; 0 = axes are lists
 * @rank_blocks: ranks inside 64 ports, a byte each
 * @programs: struct eqfw_program by number
 * @rows: rows of sets
 * @words: long rows: a summary word, then the words that its bits announce
 * @items: item of each rule, and EQFW_ITEM_TIMED
 * @classes: struct eqfw_class by id
 * @until: expiry by item id, U64_MAX = never
 * @others: struct eqfw_other
 * @zone_flags: EQFW_ZONE_* by zone id, a byte each
 * @mirrors: struct eqfw_zone_set by zone id: zones whose replies it mirrors; 0 = none at all
 * @header_flags: EQFW_HEADER_*
 * @n_others: how many
 * @n_classes: how many
 * @box_class: class of the box's addresses or EQFW_CLASS_NONE
 * @box_zone: zone "box"
 * @forbidden: of each class the number of its forbidding program
 * @bytes: of the whole allocation
 * @tops: IPv4 trie, first level: of each /8 the block
 */
struct eqfw_table {
	u32 blocks16;
	u32 blocks24;
	u32 blocks32;
	u32 nodes;
	struct eqfw_tree tree6;
	u32 classes;
	u32 n_classes;
	u32 header_flags;
	u32 slots;
	u32 rank_tops;
	u32 rank_blocks;
	u32 programs;
	u32 rows;
	u32 items;
	u32 zone_flags;
	/* Up to here what every packet asks for: one cache line. */
	struct eqfw_tree tree4;
	u32 first;
	u32 cells;
	u32 forbidden;
	u32 words;
	u32 until;
	u32 others;
	u32 mirrors;
	u32 n_others;
	u32 box_class;
	u16 box_zone;
	u32 bytes;
	u16 tops[256];
};

/**
 * eqfw_table_at() - an array of the table
 * @table: the table
 * @offset: where it begins
 *
 * Return: its first element.
 */
static inline const void *eqfw_table_at(const struct eqfw_table *table, u32 offset)
{
	return (const u8 *)table + offset;
}

/**
 * eqfw_table_class() - what is known of a class
 * @table: the table
 * @class_id: in range
 *
 * Return: the class.
 */
static inline const struct eqfw_class *eqfw_table_class(const struct eqfw_table *table,
							u32 class_id)
{
	return (const struct eqfw_class *)eqfw_table_at(table, table->classes) + class_id;
}

/**
 * eqfw_table_until() - when an item expires
 * @table: the table
 * @item: item id
 *
 * Return: seconds since 1970 UTC, U64_MAX = never.
 */
static inline u64 eqfw_table_until(const struct eqfw_table *table, u32 item)
{
	return ((const u64 *)eqfw_table_at(table, table->until))[item];
}

/**
 * eqfw_table_zone_flags() - flags of a zone
 * @table: the table
 * @zone: zone id
 *
 * Return: EQFW_ZONE_*.
 */
static inline u8 eqfw_table_zone_flags(const struct eqfw_table *table, u16 zone)
{
	return ((const u8 *)eqfw_table_at(table, table->zone_flags))[zone];
}

/**
 * eqfw_table_mirrors() - zones between which replies need no tracked connection
 * @table: the table; @mirrors is not 0
 * @zone: zone id
 *
 * Return: the zones that mirror this one.
 */
static inline const struct eqfw_zone_set *eqfw_table_mirrors(const struct eqfw_table *table,
							     u16 zone)
{
	return (const struct eqfw_zone_set *)eqfw_table_at(table, table->mirrors) + zone;
}

#define EQFW_BRANCH (1u << 31)	     /* trie entry: the rest is a block, not a class */
#define EQFW_TREE_LOWER (1ull << 63) /* tree value: nodes << 32 | first node of the lower halves */

/**
 * eqfw_tree_find() - value of the interval in which a number lies
 * @table: the table
 * @first: first node of the tree
 * @n: its nodes, not 0
 * @x: the number
 *
 * Return: the value.
 */
static inline u64 eqfw_tree_find(const struct eqfw_table *table, u32 first, u32 n, u64 x)
{
	const struct eqfw_tree_node *nodes = eqfw_table_at(table, table->nodes);
	const u64 *best = nodes[first].value;
	u32 at = 0;

	nodes += first;
	while (at < n) {
		const u64 *last = nodes[at].last;
		u32 a = (last[0] < x) + (last[1] < x) + (last[2] < x) + (last[3] < x);
		u32 b = (last[4] < x) + (last[5] < x) + (last[6] < x) + (last[7] < x);
		const u64 *value = &nodes[at].value[a + b];

		best = a + b < EQFW_FANOUT ? value : best;
		at = at * (EQFW_FANOUT + 1) + 1 + a + b;
	}
	return *best;
}

/* The entry below a branch, else the entry itself; both are loaded, so nothing is guessed. */
static inline u32 eqfw_trie_step(u32 entry, u32 below)
{
	u32 branch = 0u - (entry >> 31);

	return (below & branch) | (entry & ~branch);
}

/* Where a branch goes; entry 0 of the level where it is none. */
static inline u32 eqfw_trie_index(u32 entry, u8 byte)
{
	u32 branch = 0u - (entry >> 31);

	return (entry << 8 | byte) & branch;
}

/**
 * eqfw_addresses_tree4() - class of an IPv4 address where there is no trie
 * @table: the table
 * @addr: the address
 *
 * Return: class id.
 */
u32 eqfw_addresses_tree4(const struct eqfw_table *table, u32 addr);

/**
 * eqfw_addresses_class6() - class of an IPv6 address
 * @table: the table
 * @addr: the address; IPv4 written as IPv6 is looked up as IPv4
 *
 * Return: class id.
 */
u32 eqfw_addresses_class6(const struct eqfw_table *table, const struct eqfw_addr *addr);

/**
 * eqfw_addresses_class4() - class of an IPv4 address
 * @table: the table
 * @addr: the address
 *
 * Return: class id.
 */
static inline u32 eqfw_addresses_class4(const struct eqfw_table *table, u32 addr)
{
	const u32 *blocks16 = eqfw_table_at(table, table->blocks16);
	const u32 *blocks24 = eqfw_table_at(table, table->blocks24);
	const u16 *blocks32 = eqfw_table_at(table, table->blocks32);
	u32 entry;

	if (unlikely(!table->blocks16))
		return eqfw_addresses_tree4(table, addr);
	entry = blocks16[table->tops[addr >> 24] << 8 | (u8)(addr >> 16)];
	entry = eqfw_trie_step(entry, blocks24[eqfw_trie_index(entry, (u8)(addr >> 8))]);
	return eqfw_trie_step(entry, blocks32[eqfw_trie_index(entry, (u8)addr)]);
}

/**
 * eqfw_addresses_class() - class of an address
 * @table: the table
 * @family: 4 or 6
 * @addr: the address
 *
 * Return: class id.
 */
static inline u32 eqfw_addresses_class(const struct eqfw_table *table, u8 family,
				       const struct eqfw_addr *addr)
{
	return family == 4 ? eqfw_addresses_class4(table, eqfw_read_be32(addr->b))
			   : eqfw_addresses_class6(table, addr);
}

/**
 * eqfw_cells_search() - the same where rows do not fit each other, see cells.c
 * @table: the table
 * @src: class id of the source
 * @dst: class id of the destination
 *
 * Return: program number.
 */
u32 eqfw_cells_search(const struct eqfw_table *table, u32 src, u32 dst);

/**
 * eqfw_cells_program() - program of a pair of classes
 * @table: the table
 * @src: class id of the source, in range
 * @dst: class id of the destination, in range
 *
 * Return: program number.
 */
static inline u32 eqfw_cells_program(const struct eqfw_table *table, u32 src, u32 dst)
{
	const u32 *slots = eqfw_table_at(table, table->slots);
	u32 slot;

	if (unlikely(!table->slots))
		return eqfw_cells_search(table, src, dst);
	slot = slots[eqfw_table_class(table, src)->shift + dst];
	return slot >> 16 == src ? slot & 0xffff : EQFW_PROGRAM_EMPTY;
}

/**
 * eqfw_rank() - in which of the intervals that all rules together make a port lies
 * @table: a table with ranks
 * @port: the port
 *
 * Return: the interval's number.
 */
static inline u32 eqfw_rank(const struct eqfw_table *table, u16 port)
{
	const u32 *tops = eqfw_table_at(table, table->rank_tops);
	const u8 *blocks = eqfw_table_at(table, table->rank_blocks);
	u32 top = tops[port >> 6];

	return (top >> 16) + blocks[(top & 0xffff) << 6 | (port & 63)];
}

/**
 * eqfw_ports_common() - is a protocol one of the two that are looked up without a branch
 * @proto: IP protocol
 *
 * Return: whether it is TCP or UDP.
 */
static inline bool eqfw_ports_common(u8 proto)
{
	return (proto == EQFW_IPPROTO_TCP) | (proto == EQFW_IPPROTO_UDP);
}

/**
 * eqfw_ports_rare() - the rules of any other protocol
 * @table: the table
 * @program: program number
 * @family: 4 or 6: an ICMP of the other family is no ICMP, and meets no rule
 * @proto: the protocol
 *
 * Return: the set, or one of EQFW_PROGRAM_EMPTY.
 */
const struct eqfw_set *eqfw_ports_rare(const struct eqfw_table *table, u32 program, u8 family,
				       u8 proto);

/**
 * eqfw_ports_set() - the rules of a protocol
 * @table: the table
 * @program: program number
 * @family: 4 or 6
 * @proto: IP protocol
 *
 * Return: the set; EQFW_SET_EMPTY where there is none.
 */
static inline const struct eqfw_set *eqfw_ports_set(const struct eqfw_table *table, u32 program,
						    u8 family, u8 proto)
{
	const struct eqfw_program *programs = eqfw_table_at(table, table->programs);

	if (likely(eqfw_ports_common(proto)))
		return &programs[program].sets[proto == EQFW_IPPROTO_UDP];
	return eqfw_ports_rare(table, program, family, proto);
}

/**
 * eqfw_set_is_word() - are the rows of a set single words, and its axes maps
 * @table: the table
 * @set: the set
 *
 * Return: whether eqfw_set_word() may be asked.
 */
static inline bool eqfw_set_is_word(const struct eqfw_table *table, const struct eqfw_set *set)
{
	return table->rank_tops && !(set->rule & EQFW_SET_LARGE);
}

/**
 * eqfw_set_word() - the rules of a set that match
 * @table: the table
 * @set: the set, of the common kind
 * @sport: source port or ICMP code; 0 where the protocol has none
 * @dport: destination port or ICMP type; 0 where the protocol has none
 *
 * Return: a bit for each.
 */
static inline u64 eqfw_set_word(const struct eqfw_table *table, const struct eqfw_set *set,
				u16 sport, u16 dport)
{
	const u64 *rows = (const u64 *)eqfw_table_at(table, table->rows) + set->rows;
	const u8 *dst = eqfw_table_at(table, set->dst);
	const u8 *src = eqfw_table_at(table, set->src);

	return rows[dst[eqfw_rank(table, dport)]] & rows[-1 - (s32)src[eqfw_rank(table, sport)]];
}

/**
 * eqfw_set_item() - item of a rule
 * @table: the table
 * @set: its set
 * @rule: its number in the set
 *
 * Return: item id, and EQFW_ITEM_TIMED.
 */
static inline u32 eqfw_set_item(const struct eqfw_table *table, const struct eqfw_set *set,
				u32 rule)
{
	const u16 *items = eqfw_table_at(table, table->items);

	return items[(set->rule & EQFW_SET_RULE) + rule];
}

/**
 * struct eqfw_match - the matching rules of a lookup, in rule order
 * @table: the table
 * @set: the set
 * @dst: long row of the destination port
 * @src: long row of the source port
 * @summary: words of them still to be looked at
 * @word: matching rules of the current word still to be given out
 * @base: number of the first rule of the current word
 */
struct eqfw_match {
	const struct eqfw_table *table;
	const struct eqfw_set *set;
	const u64 *dst;
	const u64 *src;
	u64 summary;
	u64 word;
	u32 base;
};

/**
 * eqfw_match_begin() - begin to look at all rules that match, whatever the form of the set
 * @match: out
 * @table: the table
 * @set: the set
 * @sport: source port
 * @dport: destination port
 * @any_source: whatever the source port
 */
void eqfw_match_begin(struct eqfw_match *match, const struct eqfw_table *table,
		      const struct eqfw_set *set, u16 sport, u16 dport, bool any_source);

/**
 * eqfw_match_next() - the next matching rule, in rule order
 * @match: the match
 * @item: its item out, and EQFW_ITEM_TIMED
 *
 * Return: false where no more rule matches.
 */
bool eqfw_match_next(struct eqfw_match *match, u32 *item);

/**
 * eqfw_match_first() - the first rule that matches, whatever the form of the set
 * @table: the table
 * @set: the set
 * @sport: source port
 * @dport: destination port
 *
 * Return: its item, and EQFW_ITEM_TIMED; EQFW_ITEM_NONE where none matches.
 */
u32 eqfw_match_first(const struct eqfw_table *table, const struct eqfw_set *set, u16 sport,
		     u16 dport);

#endif
