// SPDX-License-Identifier: GPL-2.0
/* The flows of a change for people: pairs of ends with the same ports stand together. */
#include <stdlib.h>
#include <string.h>

#include "diff.h"

/* A block in the making. */
struct pairs {
	const char *key;
	struct end_pair *pairs;
	size_t n, capacity;
};

struct flow_line *diff_lines(struct arena *arena, const struct flow_change *flows, size_t n,
			     size_t *n_lines)
{
	struct port_flow *ports = arena_alloc(arena, (n + 1) * sizeof(*ports));

	for (size_t i = 0; i < n; i++) {
		const struct region *region = &flows[i].region;

		ports[i] = (struct port_flow){ .proto = region->proto,
					       .src = { region->src_lo, region->src_hi },
					       .dst = { region->dst_lo, region->dst_hi },
					       .tag = region->label[NEW] != LABEL_NONE };
	}
	return flow_lines(arena, ports, n, n_lines);
}

static const char *lines_key(struct arena *arena, const struct flow_line *lines, size_t n)
{
	const char *key = "";

	for (size_t i = 0; i < n; i++)
		key = arena_printf(arena, "%s%d %s\n", key, lines[i].tag,
				   flow_line_text(arena, &lines[i]));
	return key;
}

static size_t block_find(struct flow_blocks *blocks, struct pairs **pairs, const char *key)
{
	size_t i = 0;

	while (i < blocks->n && strcmp((*pairs)[i].key, key))
		i++;
	return i;
}

size_t diff_same_ends(const struct change *change, size_t first)
{
	size_t end = first + 1;

	while (end < change->n && !strcmp(change->flows[end].from, change->flows[first].from) &&
	       !strcmp(change->flows[end].to, change->flows[first].to))
		end++;
	return end;
}

static void block_add(struct arena *arena, struct flow_blocks *blocks, struct pairs **pairs,
		      const struct flow_change *flows, size_t n)
{
	size_t n_lines, room = blocks->capacity, i;
	struct flow_line *lines = diff_lines(arena, flows, n, &n_lines);
	const char *key = lines_key(arena, lines, n_lines);

	i = block_find(blocks, pairs, key);
	if (i == blocks->n) {
		GROW(blocks->blocks, blocks->n, blocks->capacity);
		if (room != blocks->capacity)
			*pairs = must_realloc(*pairs, blocks->capacity * sizeof(**pairs));
		blocks->blocks[blocks->n] =
			(struct flow_block){ .lines = lines, .n_lines = n_lines };
		(*pairs)[blocks->n++] = (struct pairs){ .key = key };
	}
	GROW((*pairs)[i].pairs, (*pairs)[i].n, (*pairs)[i].capacity);
	(*pairs)[i].pairs[(*pairs)[i].n++] =
		(struct end_pair){ .from = flows->from, .to = flows->to };
}

void diff_blocks(struct arena *arena, const struct change *change, struct flow_blocks *out)
{
	struct pairs *pairs = NULL;
	size_t end;

	*out = (struct flow_blocks){ 0 };
	for (size_t i = 0; i < change->n; i = end) {
		end = diff_same_ends(change, i);
		block_add(arena, out, &pairs, &change->flows[i], end - i);
	}
	for (size_t i = 0; i < out->n; i++) {
		struct flow_block *block = &out->blocks[i];

		block->n_pairs = pairs[i].n;
		block->ends = end_pairs_join(arena, pairs[i].pairs, pairs[i].n, &block->n_ends);
		free(pairs[i].pairs);
	}
	free(pairs);
}
