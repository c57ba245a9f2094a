// SPDX-License-Identifier: GPL-2.0
/* Port sets: text to ranges and back, union and difference. */
#include <stdlib.h>
#include <string.h>

#include "ports.h"

#define PORT_MAX 65535u

static const struct port_word {
	const char *name;
	unsigned int bit;
} port_words[] = {
	{ "ephemeral", PORTS_EPHEMERAL },
	{ "all", PORTS_ALL },
	{ "vendor", PORTS_VENDOR },
	{ "multicast", PORTS_MULTICAST },
};

#define N_WORDS (sizeof(port_words) / sizeof(port_words[0]))

static int range_compare(const void *a, const void *b)
{
	const struct port_range *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return (x->hi > y->hi) - (x->hi < y->hi);
}

/* Sort, then join what overlaps or touches. */
static void ranges_join(struct port_range *ranges, size_t *n)
{
	size_t out = 0;

	if (!*n)
		return;
	qsort(ranges, *n, sizeof(*ranges), range_compare);
	for (size_t i = 1; i < *n; i++) {
		if (ranges[i].lo > ranges[out].hi + 1u)
			ranges[++out] = ranges[i];
		else if (ranges[i].hi > ranges[out].hi)
			ranges[out].hi = ranges[i].hi;
	}
	*n = out + 1;
}

/* One piece of the text between commas. */
struct token {
	const char *text;
	size_t len;
	struct place at;
	struct diag *diag;
};

static bool token_is(const struct token *token, const char *word)
{
	return token->len == strlen(word) && !memcmp(token->text, word, token->len);
}

static bool token_refuse(const struct token *token, size_t offset, size_t len, const char *why)
{
	diag_error(token->diag, place_part(token->at, offset, len),
		   "write ports from 1 to 65535 such as 80,443,1024-1324, or a word such as "
		   "ephemeral",
		   "bad ports '%.*s': %s", (int)token->len, token->text, why);
	return false;
}

/* The number at *pos; moves *pos behind it. */
static bool token_number(const struct token *token, size_t *pos, uint16_t *port)
{
	size_t start = *pos;
	unsigned int value = 0;

	while (*pos < token->len && token->text[*pos] >= '0' && token->text[*pos] <= '9') {
		if (value <= PORT_MAX)
			value = 10 * value + (unsigned int)(token->text[*pos] - '0');
		(*pos)++;
	}
	if (*pos == start)
		return token_refuse(token, start, 1, "a port number was expected here");
	if (value > PORT_MAX)
		return token_refuse(token, start, *pos - start, "ports end at 65535");
	if (!value)
		return token_refuse(token, start, *pos - start, "there is no port 0");
	if (token->text[start] == '0')
		return token_refuse(token, start, *pos - start, "leading zero");
	*port = (uint16_t)value;
	return true;
}

static bool token_range(const struct token *token, struct port_range *range)
{
	size_t pos = 0;

	if (!token_number(token, &pos, &range->lo))
		return false;
	range->hi = range->lo;
	if (pos < token->len && token->text[pos] == '-') {
		pos++;
		if (!token_number(token, &pos, &range->hi))
			return false;
	}
	if (pos != token->len)
		return token_refuse(token, pos, 1, "unexpected character");
	if (range->lo > range->hi)
		return token_refuse(token, 0, token->len, "range reversed");
	return true;
}

static bool token_parse(const struct token *token, struct portset *set)
{
	if (!token->len)
		return token_refuse(token, 0, 1, "nothing where ports were expected");
	for (size_t i = 0; i < N_WORDS; i++) {
		if (token_is(token, port_words[i].name)) {
			set->words |= port_words[i].bit;
			return true;
		}
	}
	if (token_is(token, "none"))
		return token_refuse(token, 0, token->len, "'none' stands alone");
	if (!token_range(token, &set->ranges[set->n]))
		return false;
	set->n++;
	return true;
}

bool portset_parse(struct arena *arena, const char *text, struct place at, struct diag *diag,
		   struct portset *out)
{
	size_t commas = 0, start = 0, end;
	struct portset set = { 0 };

	*out = set;
	if (!strcmp(text, "none"))
		return true;
	for (const char *c = text; *c; c++)
		commas += *c == ',';
	set.ranges = arena_alloc(arena, (commas + 1) * sizeof(*set.ranges));
	do {
		struct token token = { .text = text + start, .diag = diag };

		end = start + strcspn(text + start, ",");
		token.len = end - start;
		token.at = place_part(at, start, token.len);
		if (!token_parse(&token, &set))
			return false;
		start = end + 1;
	} while (text[end]);
	ranges_join(set.ranges, &set.n);
	*out = set;
	return true;
}

char *portset_format(struct arena *arena, const struct portset *set)
{
	/* "65535-65535," is the longest piece of a range, "ephemeral," of a word. */
	char *text = arena_alloc(arena, 12 * (set->n + N_WORDS) + 1), *end = text;

	for (size_t i = 0; i < set->n; i++) {
		const struct port_range *range = &set->ranges[i];

		if (range->lo == range->hi)
			end = stpcpy(end, arena_printf(arena, "%u,", range->lo));
		else
			end = stpcpy(end, arena_printf(arena, "%u-%u,", range->lo, range->hi));
	}
	for (size_t i = 0; i < N_WORDS; i++) {
		if (set->words & port_words[i].bit)
			end = stpcpy(stpcpy(end, port_words[i].name), ",");
	}
	if (end == text)
		return arena_strdup(arena, "none");
	end[-1] = '\0';
	return text;
}

bool portset_empty(const struct portset *set)
{
	return !set->n && !set->words;
}

bool portset_has(const struct portset *set, uint16_t port)
{
	size_t lo = 0, hi = set->n;

	if (set->words & PORTS_ALL)
		return port != 0;
	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (set->ranges[middle].hi < port)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo < set->n && set->ranges[lo].lo <= port;
}

static void ranges_copy(struct port_range *to, const struct portset *from)
{
	/* memcpy from NULL is undefined even for no bytes. */
	if (from->n)
		memcpy(to, from->ranges, from->n * sizeof(*to));
}

struct portset portset_union(struct arena *arena, const struct portset *a, const struct portset *b)
{
	struct portset set = { .n = a->n + b->n, .words = a->words | b->words };

	set.ranges = arena_alloc(arena, (set.n + 1) * sizeof(*set.ranges));
	ranges_copy(set.ranges, a);
	ranges_copy(set.ranges + a->n, b);
	ranges_join(set.ranges, &set.n);
	return set;
}

static void range_append(struct portset *set, unsigned int lo, unsigned int hi)
{
	set->ranges[set->n].lo = (uint16_t)lo;
	set->ranges[set->n].hi = (uint16_t)hi;
	set->n++;
}

struct portset portset_minus(struct arena *arena, const struct portset *a, const struct portset *b)
{
	struct portset set = { .words = a->words };
	size_t j = 0;

	/* Every range of b can split one range of a once. */
	set.ranges = arena_alloc(arena, (a->n + b->n + 1) * sizeof(*set.ranges));
	for (size_t i = 0; i < a->n; i++) {
		unsigned int lo = a->ranges[i].lo, hi = a->ranges[i].hi;

		while (j < b->n && b->ranges[j].hi < lo)
			j++;
		for (size_t k = j; k < b->n && b->ranges[k].lo <= hi; k++) {
			if (b->ranges[k].lo > lo)
				range_append(&set, lo, b->ranges[k].lo - 1u);
			lo = b->ranges[k].hi + 1u;
		}
		if (lo <= hi)
			range_append(&set, lo, hi);
	}
	return set;
}

static const char *const proto_names[] = {
	[PROTO_TCP] = "tcp",
	[PROTO_UDP] = "udp",
	[PROTO_TCP | PROTO_UDP] = "tcp+udp",
	[PROTO_IP] = "ip",
};

#define N_PROTO_NAMES (sizeof(proto_names) / sizeof(proto_names[0]))

const char *proto_name(unsigned int proto)
{
	const char *name = proto < N_PROTO_NAMES ? proto_names[proto] : NULL;

	return name ? name : "none";
}

bool proto_parse(const char *text, unsigned int *proto)
{
	for (unsigned int i = 0; i < N_PROTO_NAMES; i++) {
		if (proto_names[i] && !strcmp(text, proto_names[i])) {
			*proto = i;
			return true;
		}
	}
	return false;
}
