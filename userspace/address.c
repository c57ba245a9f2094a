// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses as people write them: prefixes, ranges, sets.
 *
 * A range becomes the fewest prefixes that cover exactly it: from its low end, take the largest
 * aligned block that does not reach beyond the high end, and go on behind it. Sets are kept sorted
 * and disjoint, siblings joined, so equal sets have equal lists.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"

static unsigned int family_bits(unsigned int family)
{
	return family == 4 ? 32 : 128;
}

static bool bit_get(const struct eqfw_addr *addr, unsigned int bit)
{
	return addr->b[bit / 8] & (0x80u >> bit % 8);
}

static void bit_set(struct eqfw_addr *addr, unsigned int bit)
{
	addr->b[bit / 8] |= (__u8)(0x80u >> bit % 8);
}

/* Clear every bit behind the first `len`. */
static struct eqfw_addr addr_mask(struct eqfw_addr addr, unsigned int len)
{
	for (unsigned int byte = 0; byte < sizeof(addr.b); byte++) {
		if (8 * byte >= len)
			addr.b[byte] = 0;
		else if (len - 8 * byte < 8)
			addr.b[byte] &= (__u8)(0xff00u >> (len - 8 * byte));
	}
	return addr;
}

struct eqfw_addr prefix_last(const struct prefix *prefix)
{
	struct eqfw_addr addr = prefix->addr;

	for (unsigned int bit = prefix->len; bit < family_bits(prefix->family); bit++)
		bit_set(&addr, bit);
	return addr;
}

bool address_next(struct eqfw_addr *addr, unsigned int family)
{
	for (unsigned int byte = family_bits(family) / 8; byte-- > 0;) {
		if (++addr->b[byte])
			return true;
	}
	return false;
}

int prefix_compare(const struct prefix *a, const struct prefix *b)
{
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = memcmp(a->addr.b, b->addr.b, sizeof(a->addr.b));
	if (order)
		return order;
	return (a->len > b->len) - (a->len < b->len);
}

static int compare_for_sort(const void *a, const void *b)
{
	return prefix_compare(a, b);
}

bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
	struct eqfw_addr masked;

	if (outer->family != inner->family || outer->len > inner->len)
		return false;
	masked = addr_mask(inner->addr, outer->len);
	return !memcmp(masked.b, outer->addr.b, sizeof(masked.b));
}

char *prefix_format(struct arena *arena, const struct prefix *prefix)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(prefix->family == 4 ? AF_INET : AF_INET6, prefix->addr.b, text, sizeof(text));
	if (prefix->len == family_bits(prefix->family))
		return arena_strdup(arena, text);
	return arena_printf(arena, "%s/%u", text, prefix->len);
}

/* Letters and no colon: whatever it is, it was meant as a name. */
static bool looks_like_name(const char *text, size_t len)
{
	bool letters = false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == ':')
			return false;
		letters |= isalpha((unsigned char)text[i]) != 0;
	}
	return letters;
}

static bool refuse_address(const char *text, size_t len, struct place at, struct diag *diag)
{
	if (!len)
		diag_error(diag, at, NULL, "an address was expected here");
	else if (looks_like_name(text, len))
		diag_error(diag, at, "write its address: names are not resolved at compile time",
			   "'%.*s' is a name, not an address", (int)len, text);
	else if (memchr(text, '%', len))
		diag_error(diag, at, "name the interface in the zone instead",
			   "'%.*s' names an interface beside the address", (int)len, text);
	else
		diag_error(diag, at, "write four decimal numbers (10.1.0.10) or an IPv6 address",
			   "'%.*s' is no IPv4 or IPv6 address", (int)len, text);
	return false;
}

static bool is_v4_mapped(const struct prefix *address)
{
	static const __u8 head[12] = { [10] = 0xff, [11] = 0xff };

	return address->family == 6 && !memcmp(address->addr.b, head, sizeof(head));
}

/* `len` characters that are one address without a length. */
static bool address_parse(const char *text, size_t len, struct place at, struct diag *diag,
			  struct prefix *out)
{
	char copy[INET6_ADDRSTRLEN];

	*out = (struct prefix){ 0 };
	if (!len || len >= sizeof(copy))
		return refuse_address(text, len, at, diag);
	memcpy(copy, text, len);
	copy[len] = '\0';
	out->family = strchr(copy, ':') ? 6 : 4;
	out->len = (uint8_t)family_bits(out->family);
	if (inet_pton(out->family == 4 ? AF_INET : AF_INET6, copy, out->addr.b) != 1)
		return refuse_address(text, len, at, diag);
	if (is_v4_mapped(out)) {
		diag_error(diag, at, "write the IPv4 address inside it",
			   "'%s' is an IPv4 address in IPv6 clothes", copy);
		return false;
	}
	return true;
}

static bool length_parse(const char *text, unsigned int family, struct place at, struct diag *diag,
			 uint8_t *len)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value = strtoul(text, NULL, 10);

	if (!digits || text[digits] || digits > 3 || (digits > 1 && text[0] == '0') ||
	    value > family_bits(family)) {
		diag_error(diag, at, NULL, "bad prefix length '%s': IPv%u has 0 to %u", text,
			   family, family_bits(family));
		return false;
	}
	*len = (uint8_t)value;
	return true;
}

static bool refuse_host_bits(const char *text, const struct prefix *prefix, struct place at,
			     struct diag *diag)
{
	struct arena *arena = arena_new();
	struct prefix network = *prefix, address = *prefix;

	network.addr = addr_mask(prefix->addr, prefix->len);
	address.len = (uint8_t)family_bits(prefix->family);
	diag_error(diag, at,
		   arena_printf(arena, "write %s for the network or %s for the address",
				prefix_format(arena, &network), prefix_format(arena, &address)),
		   "'%s' has host bits set under its length", text);
	arena_free(arena);
	return false;
}

bool prefix_parse(const char *text, struct place at, struct diag *diag, struct prefix *out)
{
	size_t len = strcspn(text, "/");
	struct eqfw_addr masked;

	if (!address_parse(text, len, at, diag, out))
		return false;
	if (!text[len])
		return true;
	if (!length_parse(text + len + 1, out->family,
			  place_part(at, len + 1, strlen(text + len + 1)), diag, &out->len))
		return false;
	masked = addr_mask(out->addr, out->len);
	if (memcmp(masked.b, out->addr.b, sizeof(masked.b)))
		return refuse_host_bits(text, out, at, diag);
	return true;
}

/* A list has no room for its capacity: it grows where its length is a power of two. */
static void list_append(struct arena *arena, struct prefix_list *list, const struct prefix *prefix)
{
	if (!(list->n & (list->n - 1))) {
		struct prefix *larger;

		larger = arena_alloc(arena, 2 * (list->n + 1) * sizeof(*larger));
		if (list->n)
			memcpy(larger, list->prefixes, list->n * sizeof(*larger));
		list->prefixes = larger;
	}
	list->prefixes[list->n++] = *prefix;
}

static void list_note_first(struct prefix_list *list, const struct prefix *address)
{
	struct prefix *first = address->family == 4 ? &list->first4 : &list->first6;

	if (first->family)
		return;
	*first = *address;
	first->len = (uint8_t)family_bits(address->family);
}

/* The largest aligned block that begins at `lo` and does not reach beyond `hi`. */
static struct prefix block_from(const struct prefix *lo, const struct prefix *hi)
{
	struct prefix block = *lo;

	while (block.len && !bit_get(&lo->addr, block.len - 1u)) {
		struct prefix larger = block;
		struct eqfw_addr end;

		larger.len--;
		end = prefix_last(&larger);
		if (memcmp(end.b, hi->addr.b, sizeof(end.b)) > 0)
			break;
		block = larger;
	}
	return block;
}

static void list_add_range(struct arena *arena, struct prefix_list *list, struct prefix lo,
			   const struct prefix *hi)
{
	while (memcmp(lo.addr.b, hi->addr.b, sizeof(lo.addr.b)) <= 0) {
		struct prefix block = block_from(&lo, hi);

		list_append(arena, list, &block);
		lo.addr = prefix_last(&block);
		if (!address_next(&lo.addr, lo.family))
			return;
	}
}

static bool range_parse(struct arena *arena, struct prefix_list *list, const char *text,
			struct place at, struct diag *diag)
{
	size_t dash = strcspn(text, "-"), len = strlen(text);
	struct prefix lo, hi;

	if (!address_parse(text, dash, place_part(at, 0, dash), diag, &lo) ||
	    !address_parse(text + dash + 1, len - dash - 1,
			   place_part(at, dash + 1, len - dash - 1), diag, &hi))
		return false;
	if (lo.family != hi.family) {
		diag_error(diag, at, NULL, "range '%s' begins in IPv%u and ends in IPv%u", text,
			   lo.family, hi.family);
		return false;
	}
	if (prefix_compare(&lo, &hi) > 0) {
		diag_error(diag, at, "write the lower address first", "range '%s' is reversed",
			   text);
		return false;
	}
	list_note_first(list, &lo);
	list_add_range(arena, list, lo, &hi);
	return true;
}

bool prefix_list_add(struct arena *arena, struct prefix_list *list, const char *text,
		     struct place at, struct diag *diag)
{
	struct prefix prefix;

	if (strchr(text, '-') && !looks_like_name(text, strlen(text)))
		return range_parse(arena, list, text, at, diag);
	if (!prefix_parse(text, at, diag, &prefix))
		return false;
	list_note_first(list, &prefix);
	list_append(arena, list, &prefix);
	return true;
}

static bool are_siblings(const struct prefix *a, const struct prefix *b)
{
	struct prefix parent = *a;

	if (!a->len || a->len != b->len || a->family != b->family)
		return false;
	parent.len--;
	parent.addr = addr_mask(a->addr, parent.len);
	return prefix_contains(&parent, b) && bit_get(&b->addr, parent.len) &&
	       !bit_get(&a->addr, parent.len);
}

static void list_keep_written(struct arena *arena, struct prefix_list *list)
{
	list->written = arena_alloc(arena, (list->n + 1) * sizeof(*list->written));
	list->n_written = list->n;
	if (list->n)
		memcpy(list->written, list->prefixes, list->n * sizeof(*list->written));
}

static void list_join(struct prefix_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (n && prefix_contains(&list->prefixes[n - 1], &list->prefixes[i]))
			continue;
		list->prefixes[n++] = list->prefixes[i];
		while (n > 1 && are_siblings(&list->prefixes[n - 2], &list->prefixes[n - 1]))
			list->prefixes[--n - 1].len--;
	}
	list->n = n;
}

/* Index of the first prefix of a finished list that sorts behind `prefix`. */
static size_t list_upper_bound(const struct prefix_list *list, const struct prefix *prefix)
{
	size_t lo = 0, hi = list->n;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (prefix_compare(&list->prefixes[middle], prefix) <= 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

bool prefix_list_contains(const struct prefix_list *list, const struct prefix *address)
{
	size_t i = list_upper_bound(list, address);

	return i && prefix_contains(&list->prefixes[i - 1], address);
}

/* Append `prefix` without what `except` contains, halving it until the answer is plain. */
static void list_append_except(struct arena *arena, struct prefix_list *list, struct prefix prefix,
			       const struct prefix_list *except)
{
	size_t i = list_upper_bound(except, &prefix);

	if (i && prefix_contains(&except->prefixes[i - 1], &prefix))
		return;
	if (i == except->n || !prefix_contains(&prefix, &except->prefixes[i])) {
		list_append(arena, list, &prefix);
		return;
	}
	prefix.len++;
	list_append_except(arena, list, prefix, except);
	bit_set(&prefix.addr, prefix.len - 1u);
	list_append_except(arena, list, prefix, except);
}

/* Where the exceptions took the first address written, the lowest one left stands in. */
static void list_fix_first(struct prefix_list *list, struct prefix *first)
{
	unsigned int family = first->family;

	if (!family || prefix_list_contains(list, first))
		return;
	*first = (struct prefix){ 0 };
	for (size_t i = 0; i < list->n; i++) {
		if (list->prefixes[i].family == family) {
			list_note_first(list, &list->prefixes[i]);
			return;
		}
	}
}

void prefix_list_finish(struct arena *arena, struct prefix_list *list,
			const struct prefix_list *except)
{
	struct prefix_list whole;

	if (list->n)
		qsort(list->prefixes, list->n, sizeof(*list->prefixes), compare_for_sort);
	list_keep_written(arena, list);
	list_join(list);
	if (!except || !except->n || !list->n)
		return;
	whole = *list;
	list->prefixes = NULL;
	list->n = 0;
	for (size_t i = 0; i < whole.n; i++)
		list_append_except(arena, list, whole.prefixes[i], except);
	list_fix_first(list, &list->first4);
	list_fix_first(list, &list->first6);
}

bool prefix_lists_meet(const struct prefix_list *a, const struct prefix_list *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (prefix_contains(&a->prefixes[i], &b->prefixes[k]) ||
			    prefix_contains(&b->prefixes[k], &a->prefixes[i]))
				return true;
	return false;
}
