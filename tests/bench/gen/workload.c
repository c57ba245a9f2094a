// SPDX-License-Identifier: GPL-2.0
#include "workload.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define PORT_TOP 32000u /* traces send from above */

uint32_t workload_random(struct workload *w, uint32_t below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (uint32_t)((w->random >> 32) % below);
}

static uint32_t add_group(struct workload *w, uint32_t n)
{
	GROW(w->groups, w->n_groups, w->groups_capacity);
	w->groups[w->n_groups] = (struct workload_group){
		.first = w->n_devices,
		.n = n,
		.zone = (uint32_t)w->n_groups % w->shape.zones,
	};
	w->n_devices += n;
	return (uint32_t)w->n_groups++;
}

static bool overlaps(const struct workload_list *list, const struct workload_ports *ports)
{
	for (uint32_t i = 0; i < list->n; i++) {
		const struct workload_ports *other = &list->ports[i];

		/* Neighbours too: nft would join them, and then count another number of rules. */
		if (other->proto == ports->proto && ports->lo <= other->hi + 1 &&
		    other->lo <= ports->hi + 1)
			return true;
	}
	return false;
}

/* Signalling ports, a block of them, or a media range: what a row of the document holds. */
static struct workload_ports random_ports(struct workload *w)
{
	uint32_t kind = workload_random(w, 10);
	uint32_t width = kind < 6   ? 1
			 : kind < 9 ? 10 + workload_random(w, 300)
				    : 1000 + workload_random(w, 3000);
	uint32_t lo = 20 + workload_random(w, PORT_TOP - width - 20);

	return (struct workload_ports){
		.proto = workload_random(w, 2) ? 6 : 17,
		.lo = (uint16_t)lo,
		.hi = (uint16_t)(lo + width - 1),
	};
}

static uint32_t add_list(struct workload *w, uint32_t n)
{
	struct workload_list *list;

	GROW(w->lists, w->n_lists, w->lists_capacity);
	list = &w->lists[w->n_lists];
	*list = (struct workload_list){ 0 };
	while (list->n < n) {
		struct workload_ports ports = random_ports(w);

		if (!overlaps(list, &ports))
			list->ports[list->n++] = ports;
	}
	return (uint32_t)w->n_lists++;
}

/* One of the lists of that length, or a new one: a third of the rows have a list of their own. */
static uint32_t some_list(struct workload *w, uint32_t n)
{
	if (w->n_lists && workload_random(w, 3)) {
		uint32_t start = workload_random(w, (uint32_t)w->n_lists);

		for (uint32_t i = 0; i < w->n_lists; i++) {
			uint32_t list = (start + i) % (uint32_t)w->n_lists;

			if (w->lists[list].n == n)
				return list;
		}
	}
	return add_list(w, n);
}

static bool has_row(const struct workload *w, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < w->n_rows; i++)
		if (w->rows[i].from == from && w->rows[i].to == to)
			return true;
	return false;
}

static void add_row(struct workload *w, uint32_t from, uint32_t to, uint32_t ranges)
{
	struct workload_row row = { .from = from, .to = to, .list = some_list(w, ranges) };

	GROW(w->rows, w->n_rows, w->rows_capacity);
	w->rows[w->n_rows++] = row;
}

/* Rows between random groups, as long as a whole one fits. Returns what is left to expand. */
static uint32_t fill_rows(struct workload *w, uint32_t devices, uint32_t n_groups, uint32_t left)
{
	uint32_t product = devices * devices;

	while (left >= 4 * product) {
		uint32_t ranges = 4 + workload_random(w, WORKLOAD_LIST_MAX - 3);
		uint32_t from = workload_random(w, n_groups), to = workload_random(w, n_groups);

		if (ranges * product > left)
			ranges = left / product;
		if (from == to || has_row(w, from, to))
			continue;
		add_row(w, from, to, ranges);
		left -= ranges * product;
	}
	return left;
}

/* Single servers use up the rest, so that the number is exact. */
static void fill_rest(struct workload *w, uint32_t devices, uint32_t n_groups, uint32_t left)
{
	while (left) {
		bool to_group = left >= devices;
		uint32_t unit = to_group ? devices : 1, ranges = left / unit;
		uint32_t server = add_group(w, 1);

		if (ranges > WORKLOAD_LIST_MAX)
			ranges = WORKLOAD_LIST_MAX;
		add_row(w, server, to_group ? workload_random(w, n_groups) : add_group(w, 1),
			ranges);
		left -= ranges * unit;
	}
}

static uint32_t devices_for(uint32_t rules)
{
	return rules <= 200	 ? 2
	       : rules <= 3000	 ? 4
	       : rules <= 30000	 ? 8
	       : rules <= 300000 ? 16
				 : 40;
}

void workload_make(struct workload *w, const struct workload_shape *shape)
{
	uint32_t devices = shape->devices ? shape->devices : devices_for(shape->rules);
	uint32_t n_groups = shape->rules / (devices * devices * 8) / 3 + 4;

	*w = (struct workload){ .shape = *shape };
	w->random = 0x9e3779b97f4a7c15ull ^ shape->seed << 1;
	for (uint32_t i = 0; i < n_groups; i++)
		add_group(w, devices);
	fill_rest(w, devices, n_groups, fill_rows(w, devices, n_groups, shape->rules));
	while (w->n_devices < shape->hosts) {
		uint32_t left = shape->hosts - w->n_devices;

		add_group(w, left < 200 ? left : 200);
	}
}

void workload_free(struct workload *w)
{
	free(w->groups);
	free(w->rows);
	free(w->lists);
}

/* Twenty devices in a /24 or a /64; strangers live in 203.0.0.0/8 and 2001:db8:ffff::/48. */
struct eqfw_addr workload_address(const struct workload *w, uint32_t device)
{
	bool stranger = device >= w->n_devices;
	uint32_t n = stranger ? device - w->n_devices : device;
	uint32_t net = n / 20, host = 10 + n % 20;
	struct eqfw_addr a = { { 0 } };

	if (w->shape.family == 4) {
		uint32_t word = (stranger ? 203u << 24 : 10u << 24) | net << 8 | host;

		word = htonl(word);
		memcpy(a.b, &word, 4);
		return a;
	}
	memcpy(a.b, stranger ? "\x20\x01\x0d\xb8\xff\xff" : "\x20\x01\x0d\xb8\x00\x01", 6);
	a.b[5] |= (uint8_t)(net >> 16);
	a.b[6] = (uint8_t)(net >> 8);
	a.b[7] = (uint8_t)net;
	a.b[15] = (uint8_t)host;
	return a;
}

const char *workload_text(const struct workload *w, uint32_t device)
{
	static char text[4][INET6_ADDRSTRLEN];
	static unsigned int turn;
	struct eqfw_addr addr = workload_address(w, device);

	turn = (turn + 1) % 4;
	return inet_ntop(w->shape.family == 4 ? AF_INET : AF_INET6, addr.b, text[turn],
			 sizeof(text[turn]));
}

static bool in_group(const struct workload_group *group, uint32_t device)
{
	return device >= group->first && device < group->first + group->n;
}

bool workload_permits(const struct workload *w, uint32_t src, uint32_t dst, uint8_t proto,
		      uint16_t dport)
{
	for (size_t i = 0; i < w->n_rows; i++) {
		const struct workload_row *row = &w->rows[i];
		const struct workload_list *list = &w->lists[row->list];

		if (!in_group(&w->groups[row->from], src) || !in_group(&w->groups[row->to], dst))
			continue;
		for (uint32_t p = 0; p < list->n; p++)
			if (list->ports[p].proto == proto && list->ports[p].lo <= dport &&
			    dport <= list->ports[p].hi)
				return true;
	}
	return false;
}

void workload_expand(const struct workload *w,
		     void (*each)(const struct workload *w, const struct workload_flat *flat,
				  void *arg),
		     void *arg)
{
	for (size_t i = 0; i < w->n_rows; i++) {
		const struct workload_group *from = &w->groups[w->rows[i].from];
		const struct workload_group *to = &w->groups[w->rows[i].to];
		const struct workload_list *list = &w->lists[w->rows[i].list];

		for (uint32_t s = 0; s < from->n; s++)
			for (uint32_t d = 0; d < to->n; d++)
				for (uint32_t p = 0; p < list->n; p++) {
					struct workload_flat flat = { from->first + s,
								      to->first + d,
								      list->ports[p] };

					each(w, &flat, arg);
				}
	}
}
