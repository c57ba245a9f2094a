/* SPDX-License-Identifier: GPL-2.0 */
/* Many ranges of ports -> few lines for people: "tcp 1024-65535 -> 80,443". */
#ifndef EQFW_FLOW_LINES_H
#define EQFW_FLOW_LINES_H

#include "mem.h"
#include "ports.h"

/**
 * struct port_flow - a source and a destination range of one protocol
 * @proto: IP protocol
 * @src: source ports; ICMP: codes
 * @dst: destination ports; ICMP: types; zero for protocols without ports
 * @tag: flows of different tags never share a line
 */
struct port_flow {
	uint8_t proto;
	struct port_range src;
	struct port_range dst;
	int tag;
};

/**
 * struct flow_line - what some flows have in common
 * @proto: "tcp"
 * @src: "1024-65535", "any"; "" for protocols without ports and for any code of ICMP
 * @dst: "80,443"; of ICMP "type 8"; "" for protocols without ports
 * @tag: of its flows
 */
struct flow_line {
	const char *proto;
	const char *src;
	const char *dst;
	int tag;
};

/* Lines in the order of protocol, tag, first source range. */
struct flow_line *flow_lines(struct arena *arena, const struct port_flow *flows, size_t n,
			     size_t *n_lines);
/* "tcp 1024-65535 -> 80,443"; "icmp type 8"; "vrrp". */
const char *flow_line_text(struct arena *arena, const struct flow_line *line);

/**
 * struct end_pair - who talks to whom
 * @from: a name
 * @to: a name
 */
struct end_pair {
	const char *from;
	const char *to;
};

/*
 * Pairs, sorted here, put together: sources with the same destinations share a line. Each line is a
 * product, its names joined by ", ".
 */
struct end_pair *end_pairs_join(struct arena *arena, struct end_pair *pairs, size_t n,
				size_t *n_lines);

#endif
