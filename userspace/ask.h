/* SPDX-License-Identifier: GPL-2.0 */
/* Questions to other parts of the kernel: routes and tracked connections of this namespace. */
#ifndef EQFW_ASK_H
#define EQFW_ASK_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include <eqfw/flow.h>

/**
 * struct wire - the ends of a TCP connection, as one side of a translation sees them
 * @family: 4 or 6
 * @src: who opened it
 * @dst: the other end
 * @sport: port of @src
 * @dport: port of @dst
 */
struct wire {
	uint8_t family;
	struct eqfw_addr src;
	struct eqfw_addr dst;
	uint16_t sport;
	uint16_t dport;
};

/* The interface by which packets to this address leave; false where there is no way to it. */
bool ask_route(uint8_t family, const struct eqfw_addr *to, char name[IF_NAMESIZE]);

/*
 * What the first packet of a connection looked like when it came in, before anybody translated it:
 * `seen` is the connection as its server knows it. False where no connection is tracked that
 * `seen` could be.
 */
bool ask_tracked(const struct wire *seen, struct wire *original);

#endif
