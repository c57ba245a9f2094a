/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of the table, each an algorithm of its own file with its theory at the head. */
#ifndef EQFW_CORE_LOOKUP_H
#define EQFW_CORE_LOOKUP_H

#include "table.h"

/**
 * struct eqfw_addresses4 - IPv4 address -> class
 * @starts: first address of each interval, ascending, host byte order
 * @classes: class of each interval
 * @slots: number of the interval in which each slot of the address space begins
 * @n: number of intervals; the first begins at 0.0.0.0
 * @shift: an address >> @shift is its slot
 */
struct eqfw_addresses4 {
	const u32 *starts;
	const u32 *classes;
	const u32 *slots;
	u32 n;
	u32 shift;
};

/**
 * struct eqfw_key - an address as a number
 * @hi: upper 64 bits
 * @lo: lower 64 bits
 */
struct eqfw_key {
	u64 hi;
	u64 lo;
};

/**
 * struct eqfw_addresses6 - IPv6 address -> class
 * @starts: first address of each interval, ascending
 * @classes: class of each interval
 * @n: number of intervals; the first begins at ::
 */
struct eqfw_addresses6 {
	const struct eqfw_key *starts;
	const u32 *classes;
	u32 n;
};

/**
 * struct eqfw_cells - pair of classes -> program
 * @first: of each source class the index of its first cell, and the end of the last
 * @dst: destination class of each cell, ascending within a source class
 * @programs: program of each cell
 */
struct eqfw_cells {
	const u32 *first;
	const u32 *dst;
	const u32 *programs;
};

/**
 * struct eqfw_axis - one of the two port ranges of rules, as disjoint intervals
 * @first: index of the first interval in the starts and rows of struct eqfw_ports
 * @n: number of intervals; the first begins at port 0
 */
struct eqfw_axis {
	u32 first;
	u32 n;
};

/**
 * struct eqfw_port_set - the rules of one protocol in one program
 * @rule: index of its first rule
 * @proto: IP protocol
 * @dst: destination ports
 * @src: source ports
 */
struct eqfw_port_set {
	u32 rule;
	u32 proto;
	struct eqfw_axis dst;
	struct eqfw_axis src;
};

/**
 * struct eqfw_ports - program, protocol, ports -> matching rules
 * @first: of each program the index of its first set, and the end of the last
 * @sets: sets, by ascending protocol within a program
 * @starts: first port of each interval
 * @rows: where in @masks the rules of an interval stand
 * @masks: rows: a summary word, then the words that its bits announce
 * @items: item of each rule
 */
struct eqfw_ports {
	const u32 *first;
	const struct eqfw_port_set *sets;
	const u16 *starts;
	const u32 *rows;
	const u64 *masks;
	const u32 *items;
};

/**
 * struct eqfw_class - what is known of the addresses of a class
 * @zone: zone id or EQFW_ZONE_NONE
 * @flags: EQFW_CLASS_*
 * @forbidden: program or EQFW_PROGRAM_NONE
 */
struct eqfw_class {
	u16 zone;
	u16 flags;
	u32 forbidden;
};

/**
 * struct eqfw_table - everything a verdict is made from; never changes after the build
 * @bytes: size of the allocation that holds this and all that it points to
 * @header_flags: EQFW_HEADER_*
 * @box_class: class of the box's addresses or EQFW_CLASS_NONE
 * @n_classes: number of @classes
 * @n_programs: number of programs
 * @box_zone: zone "box"
 * @classes: by class id
 * @zone_flags: EQFW_ZONE_* by zone id
 * @until: expiry by item id, U64_MAX = never
 * @addresses4: IPv4 address -> class
 * @addresses6: IPv6 address -> class
 * @cells: pair of classes -> program
 * @ports: program and ports -> rule
 */
struct eqfw_table {
	size_t bytes;
	u32 header_flags;
	u32 box_class;
	u32 n_classes;
	u32 n_programs;
	u16 box_zone;
	const struct eqfw_class *classes;
	const u8 *zone_flags;
	const u64 *until;
	struct eqfw_addresses4 addresses4;
	struct eqfw_addresses6 addresses6;
	struct eqfw_cells cells;
	struct eqfw_ports ports;
};

#define EQFW_CLASS_NONE 0xffffffffu	   /* of an address of the box where none was listed */
#define EQFW_TABLE_MAX ((size_t)256 << 20) /* bytes */

/**
 * struct eqfw_arena - the one allocation of a table while it is filled
 * @base: the memory, or NULL while sizes are only added up
 * @used: bytes given out, a multiple of 8
 *
 * Each part is laid out twice by the same code: first without memory, to learn the size.
 */
struct eqfw_arena {
	u8 *base;
	size_t used;
};

/**
 * eqfw_arena_take() - the next piece of the allocation
 * @arena: the arena
 * @n: number of elements
 * @size: bytes of an element
 *
 * Return: zeroed memory, 8-byte aligned; NULL while sizes are only added up.
 */
void *eqfw_arena_take(struct eqfw_arena *arena, size_t n, size_t size);

/**
 * struct eqfw_open_prefix - a prefix that covers the address which the flattening has reached
 * @last: its last address
 * @class_id: its class
 */
struct eqfw_open_prefix {
	struct eqfw_key last;
	u32 class_id;
};

#define EQFW_MAX_NESTING 129 /* prefixes that can contain each other */

/**
 * eqfw_addresses_build() - flatten the prefixes
 * @profile: checked profile
 * @scratch: EQFW_MAX_NESTING elements
 * @arena: where the arrays come from
 * @table: addresses4 and addresses6 are filled
 */
void eqfw_addresses_build(const struct eqfw_profile *profile, struct eqfw_open_prefix *scratch,
			  struct eqfw_arena *arena, struct eqfw_table *table);

/**
 * eqfw_addresses_class() - class of an address
 * @table: the table
 * @family: 4 or 6
 * @addr: the address
 *
 * Return: class id.
 */
u32 eqfw_addresses_class(const struct eqfw_table *table, u8 family, const struct eqfw_addr *addr);

/**
 * eqfw_cells_build() - lay out the cells
 * @profile: checked profile
 * @arena: where the arrays come from
 * @cells: filled
 */
void eqfw_cells_build(const struct eqfw_profile *profile, struct eqfw_arena *arena,
		      struct eqfw_cells *cells);

/**
 * eqfw_cells_program() - program of a pair of classes
 * @cells: the cells
 * @src: class id of the source, in range
 * @dst: class id of the destination
 *
 * Return: program id or EQFW_PROGRAM_NONE.
 */
u32 eqfw_cells_program(const struct eqfw_cells *cells, u32 src, u32 dst);

/**
 * struct eqfw_ports_scratch - working memory for one axis of one port set
 * @events: port << 12 | rule, where a rule begins or has ended
 * @row: rules that cover the current interval
 * @summary: words of @row that are not zero
 */
struct eqfw_ports_scratch {
	u32 events[2 * EQFW_MAX_PROGRAM_RULES];
	u64 row[EQFW_MAX_PROGRAM_RULES / 64];
	u64 summary;
};

/**
 * struct eqfw_ports_size - what the port sets of all programs add up to
 * @sets: port sets
 * @intervals: intervals of all axes
 * @words: mask words
 */
struct eqfw_ports_size {
	u32 sets;
	u32 intervals;
	u32 words;
};

/**
 * eqfw_ports_measure() - add up what the programs need
 * @profile: checked profile
 * @scratch: working memory
 * @size: out
 *
 * Return: program id at which the masks outgrow EQFW_TABLE_MAX, or EQFW_PROGRAM_NONE.
 */
u32 eqfw_ports_measure(const struct eqfw_profile *profile, struct eqfw_ports_scratch *scratch,
		       struct eqfw_ports_size *size);

/**
 * eqfw_ports_build() - compile the programs
 * @profile: checked profile
 * @scratch: the same
 * @size: from eqfw_ports_measure()
 * @arena: where the arrays come from
 * @ports: filled
 */
void eqfw_ports_build(const struct eqfw_profile *profile, struct eqfw_ports_scratch *scratch,
		      const struct eqfw_ports_size *size, struct eqfw_arena *arena,
		      struct eqfw_ports *ports);

/**
 * struct eqfw_match - the matching rules of a lookup, in rule order
 * @set: the set or NULL where the program has no rule of the protocol
 * @ports: the port sets
 * @dst: row of the destination port
 * @src: row of the source port
 * @summary: words still to be looked at
 * @word: matching rules of the current word still to be given out
 * @base: number of the first rule of the current word
 */
struct eqfw_match {
	const struct eqfw_port_set *set;
	const struct eqfw_ports *ports;
	const u64 *dst;
	const u64 *src;
	u64 summary;
	u64 word;
	u32 base;
};

/**
 * eqfw_ports_match() - begin to look at the rules that match
 * @ports: the port sets
 * @program: program id
 * @proto: IP protocol
 * @sport: source port or ICMP code
 * @dport: destination port or ICMP type
 * @match: out
 *
 * Return: false where the program has no rule of the protocol.
 */
bool eqfw_ports_match(const struct eqfw_ports *ports, u32 program, u8 proto, u16 sport, u16 dport,
		      struct eqfw_match *match);

/**
 * eqfw_ports_match_dst() - the same, whatever the source port
 * @ports: the port sets
 * @program: program id
 * @proto: IP protocol
 * @dport: destination port or ICMP type
 * @match: out
 *
 * Return: false where the program has no rule of the protocol.
 */
bool eqfw_ports_match_dst(const struct eqfw_ports *ports, u32 program, u8 proto, u16 dport,
			  struct eqfw_match *match);

/**
 * eqfw_match_next() - the next matching rule, in rule order
 * @match: the match
 * @item: its item out
 *
 * Return: false where no more rule matches.
 */
bool eqfw_match_next(struct eqfw_match *match, u32 *item);

#endif
