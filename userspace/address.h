/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses, prefixes and sets of them. */
#ifndef EQFW_ADDRESS_H
#define EQFW_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eqfw/flow.h>

#include "diag.h"
#include "mem.h"

/**
 * struct prefix - an address prefix
 * @addr: network byte order, host bits zero
 * @family: 4 or 6
 * @len: 0 to 32 or 0 to 128
 */
struct prefix {
	struct eqfw_addr addr;
	uint8_t family;
	uint8_t len;
};

/**
 * struct prefix_list - a set of addresses as prefixes
 * @prefixes: sorted by (family, addr, len), disjoint
 * @n: how many
 * @written: the prefixes before they were joined, sorted; set by prefix_list_finish(). Neighbouring
 *	networks have a broadcast address each, which their join has not
 * @n_written: how many
 * @first4: the first IPv4 address as written (not as sorted), family 0 if there is none
 * @first6: likewise IPv6
 */
struct prefix_list {
	struct prefix *prefixes;
	size_t n;
	struct prefix *written;
	size_t n_written;
	struct prefix first4;
	struct prefix first6;
};

/* One address or prefix; refuses host bits, bad lengths, DNS names (each with its own sentence). */
bool prefix_parse(const char *text, struct place at, struct diag *diag, struct prefix *out);
int prefix_compare(const struct prefix *a, const struct prefix *b);
bool prefix_contains(const struct prefix *outer, const struct prefix *inner);
/* The highest address of a prefix. */
struct eqfw_addr prefix_last(const struct prefix *prefix);
/* Add one; false where that wraps. */
bool address_next(struct eqfw_addr *addr, unsigned int family);
char *prefix_format(struct arena *arena, const struct prefix *prefix);
/* Append an address, a prefix or an inclusive range "A-B" to a list under construction. */
bool prefix_list_add(struct arena *arena, struct prefix_list *list, const char *text,
		     struct place at, struct diag *diag);
/* Sort, join, and take out what `except` (may be NULL) contains. */
void prefix_list_finish(struct arena *arena, struct prefix_list *list,
			const struct prefix_list *except);
bool prefix_list_contains(const struct prefix_list *list, const struct prefix *address);
/* Is some address in both? */
bool prefix_lists_meet(const struct prefix_list *a, const struct prefix_list *b);

#endif
