// SPDX-License-Identifier: GPL-2.0
#include "flow_lines.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "ip_proto.h"

/* A line in the making. */
struct sets {
	uint8_t proto;
	int tag;
	struct portset src;
	struct portset dst;
};

static bool is_icmp(uint8_t proto)
{
	return proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;
}

static struct portset one_range(struct arena *arena, struct port_range range)
{
	struct portset set = { .ranges = arena_alloc(arena, sizeof(range)), .n = 1 };

	set.ranges[0] = range;
	return set;
}

static bool set_equal(const struct portset *a, const struct portset *b)
{
	return a->n == b->n && !memcmp(a->ranges, b->ranges, a->n * sizeof(*a->ranges));
}

/* First by equal sources, then by equal destinations: `add` grows where `like` is equal. */
static bool sets_grow(struct arena *arena, struct sets *line, const struct sets *flow, bool dst)
{
	struct portset *grows = dst ? &line->dst : &line->src;
	const struct portset *by = dst ? &flow->dst : &flow->src;

	if (line->proto != flow->proto || line->tag != flow->tag ||
	    !(dst ? set_equal(&line->src, &flow->src) : set_equal(&line->dst, &flow->dst)))
		return false;
	*grows = portset_union(arena, grows, by);
	return true;
}

static size_t sets_join(struct arena *arena, struct sets *lines, size_t n, bool dst)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		size_t like = 0;

		while (like < kept && !sets_grow(arena, &lines[like], &lines[i], dst))
			like++;
		if (like == kept)
			lines[kept++] = lines[i];
	}
	return kept;
}

static const char *ports_text(struct arena *arena, const struct portset *set)
{
	if (set->n == 1 && set->ranges[0].lo <= 1 && set->ranges[0].hi == 65535)
		return "any";
	return portset_format(arena, set);
}

static struct flow_line line_of(struct arena *arena, const struct sets *sets)
{
	struct flow_line line = { .src = "", .dst = "", .tag = sets->tag };
	bool all_codes = sets->src.ranges[0].lo == 0 && sets->src.ranges[0].hi == 255;
	char *name = arena_alloc(arena, 4);

	line.proto = ip_proto_name(sets->proto, name);
	if (sets->proto == IPPROTO_TCP || sets->proto == IPPROTO_UDP) {
		line.src = ports_text(arena, &sets->src);
		line.dst = ports_text(arena, &sets->dst);
	} else if (is_icmp(sets->proto)) {
		line.src = all_codes ? ""
				     : arena_printf(arena, "code %s",
						    portset_format(arena, &sets->src));
		line.dst = arena_printf(arena, "type %s", portset_format(arena, &sets->dst));
	}
	return line;
}

struct flow_line *flow_lines(struct arena *arena, const struct port_flow *flows, size_t n,
			     size_t *n_lines)
{
	struct sets *sets = arena_alloc(arena, (n + 1) * sizeof(*sets));
	struct flow_line *lines;

	for (size_t i = 0; i < n; i++)
		sets[i] = (struct sets){ .proto = flows[i].proto,
					 .tag = flows[i].tag,
					 .src = one_range(arena, flows[i].src),
					 .dst = one_range(arena, flows[i].dst) };
	n = sets_join(arena, sets, n, true);
	n = sets_join(arena, sets, n, false);
	lines = arena_alloc(arena, (n + 1) * sizeof(*lines));
	for (size_t i = 0; i < n; i++)
		lines[i] = line_of(arena, &sets[i]);
	*n_lines = n;
	return lines;
}

const char *flow_line_text(struct arena *arena, const struct flow_line *line)
{
	if (!*line->dst)
		return line->proto;
	if (!strncmp(line->dst, "type ", 5))
		return arena_printf(arena, "%s %s%s%s", line->proto, line->dst,
				    *line->src ? " " : "", line->src);
	return arena_printf(arena, "%s %s -> %s", line->proto, line->src, line->dst);
}

static int pair_compare(const void *left, const void *right)
{
	const struct end_pair *a = left, *b = right;
	int order = strverscmp(a->from, b->from);

	return order ? order : strverscmp(a->to, b->to);
}

/* "b, c, d" of the pairs [first, end) and each name once. */
static const char *join_destinations(struct arena *arena, const struct end_pair *pairs, size_t n)
{
	const char *text = pairs[0].to;

	for (size_t i = 1; i < n; i++) {
		if (strcmp(pairs[i].to, pairs[i - 1].to))
			text = arena_printf(arena, "%s, %s", text, pairs[i].to);
	}
	return text;
}

struct end_pair *end_pairs_join(struct arena *arena, struct end_pair *pairs, size_t n,
				size_t *n_lines)
{
	struct end_pair *lines = arena_alloc(arena, (n + 1) * sizeof(*lines));
	size_t end, kept = 0;

	if (n)
		qsort(pairs, n, sizeof(*pairs), pair_compare);
	for (size_t i = 0; i < n; i = end) {
		const char *to;
		size_t like = 0;

		for (end = i + 1; end < n && !strcmp(pairs[end].from, pairs[i].from); end++)
			;
		to = join_destinations(arena, &pairs[i], end - i);
		while (like < kept && strcmp(lines[like].to, to))
			like++;
		if (like < kept)
			lines[like].from =
				arena_printf(arena, "%s, %s", lines[like].from, pairs[i].from);
		else
			lines[kept++] = (struct end_pair){ .from = pairs[i].from, .to = to };
	}
	*n_lines = kept;
	return lines;
}
