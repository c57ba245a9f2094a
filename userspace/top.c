// SPDX-License-Identifier: GPL-2.0
#include "top.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

int top_read(struct nl *nl, struct top_reading *out)
{
	struct timespec now;
	int exit_status;

	*out = (struct top_reading){ 0 };
	exit_status = live_items(nl, &out->items);
	if (!exit_status)
		exit_status = live_drops(nl, &out->drops);
	clock_gettime(CLOCK_MONOTONIC, &now);
	out->at_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	if (exit_status)
		top_reading_free(out);
	return exit_status;
}

void top_reading_free(struct top_reading *reading)
{
	live_items_free(&reading->items);
	live_drops_free(&reading->drops);
	*reading = (struct top_reading){ 0 };
}

static double rate(uint64_t before, uint64_t now, double seconds)
{
	return seconds > 0 ? (double)(now >= before ? now - before : now) / seconds : 0;
}

static void add(struct top_list *out, struct top_line line, const struct live_count *before,
		const struct live_count *now, double seconds)
{
	line.packets = now->packets;
	line.per_s = rate(before->packets, now->packets, seconds);
	line.bytes_per_s = rate(before->bytes, now->bytes, seconds);
	if (!line.packets)
		return;
	GROW(out->lines, out->n, out->capacity);
	out->lines[out->n++] = line;
}

/* The kernel gives items in one order for as long as the profile stays: most are where they were. */
static const struct live_count *find_item(const struct live_items *items, size_t hint,
					  const char *id)
{
	static const struct live_count none;

	if (hint < items->n && !strcmp(items->items[hint].id, id))
		return &items->items[hint].passed;
	for (size_t i = 0; i < items->n; i++)
		if (!strcmp(items->items[i].id, id))
			return &items->items[i].passed;
	return &none;
}

/* What an audit would drop counts as dropped. */
static struct live_count dropped(const struct live_drops *drops, unsigned int code)
{
	struct live_count count = { 0 };

	for (size_t i = 0; i < drops->n_reasons; i++) {
		if (drops->reasons[i].code != code)
			continue;
		count.packets =
			drops->reasons[i].dropped.packets + drops->reasons[i].audited.packets;
		count.bytes = drops->reasons[i].dropped.bytes + drops->reasons[i].audited.bytes;
	}
	return count;
}

static int busier(const void *a, const void *b)
{
	const struct top_line *one = a, *other = b;

	if (one->per_s != other->per_s)
		return one->per_s < other->per_s ? 1 : -1;
	if (one->packets != other->packets)
		return one->packets < other->packets ? 1 : -1;
	return strcmp(one->name, other->name);
}

void top_compare(const struct top_reading *before, const struct top_reading *now,
		 struct top_list *out)
{
	double seconds = (double)(now->at_ns - before->at_ns) / 1e9;

	*out = (struct top_list){ 0 };
	for (size_t i = 0; i < now->items.n; i++) {
		const struct live_item *item = &now->items.items[i];

		add(out, (struct top_line){ .name = item->id },
		    find_item(&before->items, i, item->id), &item->passed, seconds);
	}
	for (size_t i = 0; i < now->drops.n_reasons; i++) {
		unsigned int code = now->drops.reasons[i].code;
		struct live_count was = dropped(&before->drops, code);
		struct live_count is = dropped(&now->drops, code);

		add(out, (struct top_line){ .drop = true, .name = reason_name(code) }, &was, &is,
		    seconds);
	}
	if (out->n)
		qsort(out->lines, out->n, sizeof(*out->lines), busier);
}
