// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "nft.h"

#define MAX_DEPTH 129 /* nested prefixes: each is longer than the one around it */

static unsigned __int128 to_number(const unsigned char *addr, unsigned int size)
{
	unsigned __int128 number = 0;

	for (unsigned int i = 0; i < size; i++)
		number = number << 8 | addr[i];
	return number;
}

static void emit(struct nft_ranges *out, unsigned __int128 first, const struct nft_range *of,
		 unsigned __int128 last)
{
	GROW(out->ranges, out->n, out->capacity);
	out->ranges[out->n++] = (struct nft_range){ first, last, of->class_id };
}

/* Prefixes nest or are apart; they come sorted, the outer one first. `open` are those around `at`. */
struct sweep {
	struct nft_ranges *out;
	struct nft_range open[MAX_DEPTH];
	unsigned int depth;
	unsigned __int128 at;
	bool past_the_end;
};

static void close_one(struct sweep *sweep)
{
	const struct nft_range *top = &sweep->open[--sweep->depth];

	if (!sweep->past_the_end && sweep->at <= top->last)
		emit(sweep->out, sweep->at, top, top->last);
	sweep->at = top->last + 1;
	sweep->past_the_end = !sweep->at;
}

static void open_one(struct sweep *sweep, const struct nft_range *range)
{
	while (sweep->depth && sweep->open[sweep->depth - 1].last < range->first)
		close_one(sweep);
	if (sweep->depth && sweep->at < range->first)
		emit(sweep->out, sweep->at, &sweep->open[sweep->depth - 1], range->first - 1);
	sweep->at = range->first;
	sweep->open[sweep->depth++] = *range;
}

void nft_flatten(const struct eqfw_profile *profile, uint8_t family, struct nft_ranges *out)
{
	struct sweep sweep = { .out = out };
	unsigned int size = family == 4 ? 4 : 16;

	*out = (struct nft_ranges){ 0 };
	for (uint32_t i = 0; i < profile->n_prefixes; i++) {
		const struct eqfw_prefix_rec *prefix = &profile->prefixes[i];
		unsigned int host = 8 * size - prefix->len;
		struct nft_range range = { .class_id = le32toh(prefix->class_id) };

		if (prefix->family != family)
			continue;
		range.first = to_number(prefix->addr, size);
		range.last = range.first | (((unsigned __int128)1 << host) - 1);
		open_one(&sweep, &range);
	}
	while (sweep.depth)
		close_one(&sweep);
}

static void write_address(FILE *out, uint8_t family, unsigned __int128 number)
{
	unsigned int size = family == 4 ? 4 : 16;
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	for (unsigned int i = size; i-- > 0; number >>= 8)
		bytes[i] = (unsigned char)number;
	fputs(inet_ntop(family == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text)), out);
}

void nft_write_range(FILE *out, uint8_t family, const struct nft_range *range)
{
	write_address(out, family, range->first);
	if (range->first == range->last)
		return;
	fputc('-', out);
	write_address(out, family, range->last);
}
