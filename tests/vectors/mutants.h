/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that are nearly right: built at random around the scenarios' profile, then damaged. */
#ifndef EQFW_VECTORS_MUTANTS_H
#define EQFW_VECTORS_MUTANTS_H

#include "doorway.h"

#define MUTANT_MAX 1024

/**
 * struct mutant_plan - a flow that the profile permits
 * @from: place of the source in the pools of addresses
 * @to: of the destination
 * @proto: protocol
 * @port: destination port
 */
struct mutant_plan {
	u8 from;
	u8 to;
	u8 proto;
	u16 port;
};

/**
 * struct mutants - a source of packets; the same seed gives the same ones
 * @state: of the generator; any number but 0
 * @family: of the last packet, 4 or 6
 * @back: the packet in hand goes against its plan
 * @plan: of the packet in hand, or NULL
 * @len: of the last packet, bytes
 * @bytes: the last packet, from the network header on
 */
struct mutants {
	u64 state;
	u8 family;
	bool back;
	const struct mutant_plan *plan;
	u32 len;
	u8 bytes[MUTANT_MAX];
};

/** mutants_next() - make the next packet, into @m->bytes */
void mutants_next(struct mutants *m);

/** mutants_random() - a number below @below, which is not 0 */
u32 mutants_random(struct mutants *m, u32 below);

#endif
