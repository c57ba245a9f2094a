/* SPDX-License-Identifier: GPL-2.0 */
/* Questions to other parts of the kernel: routes, tracked connections, nft of this namespace. */
#ifndef EQFW_ASK_H
#define EQFW_ASK_H

#include <libmnl/libmnl.h>
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

/**
 * struct tracked_way - one direction of a tracked connection
 * @wire: its ends; ports are those of TCP and UDP
 * @proto: IP protocol
 */
struct tracked_way {
	struct wire wire;
	uint8_t proto;
};

/**
 * struct tracked - a tracked connection
 * @original: its first packet, before anybody translated it
 * @answer: the answer to it, as it comes in
 * @master: the connection whose helper expected this one; protocol 0 where there is none
 */
struct tracked {
	struct tracked_way original;
	struct tracked_way answer;
	struct tracked_way master;
};

/* Each connection whose packets a flowtable forwards. False where conntrack cannot be asked. */
bool ask_offloaded(void (*take)(void *ctx, const struct tracked *entry), void *ctx);

/**
 * struct nft_found - nft objects of one kind
 * @n: how many
 * @table: name of the table of the first, cut where it is long
 */
struct nft_found {
	unsigned int n;
	char table[128];
};

/* Flowtables; chains of PRE_ROUTING before eqfw's hook. False where nft cannot be asked. */
bool ask_flowtables(struct nft_found *out);
bool ask_early_chains(struct nft_found *out);

/* Send a dump request of nfnetlink; every message of the answer to `take`. False: no whole answer. */
bool ask_dump(struct nlmsghdr *request, mnl_cb_t take, void *ctx);

#endif
