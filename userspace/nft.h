/* SPDX-License-Identifier: GPL-2.0 */
/* A profile in nft's words: for comparison, and for the day on which the module cannot be loaded. */
#ifndef EQFW_NFT_H
#define EQFW_NFT_H

#include <stdio.h>

#include "profile_check.h"

/*
 * Write a ruleset (table inet eqfw) that gives the first packet of a flow the verdict that eqfw gives
 * it. What follows is up to nft's own connection tracking: a reload ends no flow there. Left out: the
 * checks of malformed headers, broadcasts, unlisted addresses of the box.
 */
void nft_write(const struct eqfw_profile *profile, FILE *out);

/**
 * struct nft_range - addresses of one class
 * @first: the lowest, as a number
 * @last: the highest
 * @class_id: their class
 */
struct nft_range {
	unsigned __int128 first;
	unsigned __int128 last;
	uint32_t class_id;
};

/**
 * struct nft_ranges - disjoint ranges in order; what is between them is of class 0
 * @ranges: malloc'd
 * @n: how many
 * @capacity: room
 */
struct nft_ranges {
	struct nft_range *ranges;
	size_t n;
	size_t capacity;
};

/* The prefixes of one family with longest match resolved: nft's intervals may not overlap. */
void nft_flatten(const struct eqfw_profile *profile, uint8_t family, struct nft_ranges *out);
/* "a.b.c.d" or "a.b.c.d-e.f.g.h", likewise IPv6. */
void nft_write_range(FILE *out, uint8_t family, const struct nft_range *range);

#endif
