/* SPDX-License-Identifier: GPL-2.0 */
/* Protocols and port sets as the matrix and deployments write them. */
#ifndef EQFW_PORTS_H
#define EQFW_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"
#include "mem.h"

/* A set of protocols: bits. "tcp+udp" is one item with both bits. */
#define PROTO_TCP 1u
#define PROTO_UDP 2u
#define PROTO_IP 4u /* neither: struct service.ip_proto says which */

/* Ports that are words (DESIGN 3.6): bits. */
#define PORTS_EPHEMERAL 1u
#define PORTS_ALL 2u
#define PORTS_VENDOR 4u
#define PORTS_MULTICAST 8u

struct port_range {
	uint16_t lo;
	uint16_t hi;
};

/**
 * struct portset - numbers and words
 * @ranges: sorted, disjoint, not adjacent; 1 to 65535
 * @n: how many
 * @words: PORTS_*
 *
 * Empty (no range, no word) is "none".
 */
struct portset {
	struct port_range *ranges;
	size_t n;
	unsigned int words;
};

/* "80,443,1024-1324", "ephemeral", "7,ephemeral", "none"; refuses with the column what P14 lists. */
bool portset_parse(struct arena *arena, const char *text, struct place at, struct diag *diag,
		   struct portset *out);
/* The inverse, canonical ("80,443,1024-1324,ephemeral"; "none"). */
char *portset_format(struct arena *arena, const struct portset *set);
bool portset_empty(const struct portset *set);
bool portset_has(const struct portset *set, uint16_t port);
struct portset portset_union(struct arena *arena, const struct portset *a, const struct portset *b);
/* Numbers of a without the numbers of b; the words of a stay. */
struct portset portset_minus(struct arena *arena, const struct portset *a, const struct portset *b);
/* "tcp", "udp", "tcp+udp", "ip". */
const char *proto_name(unsigned int proto);
bool proto_parse(const char *text, unsigned int *proto);

#endif
