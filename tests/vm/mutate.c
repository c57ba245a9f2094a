// SPDX-License-Identifier: GPL-2.0
/*
 * mutate - send random packets through the hook; its counters must be what the core says
 *
 *   mutate PROFILE COUNT SEED
 *
 * Each packet (tests/vectors/mutants.c) is read by a naive reader and judged by the core as it is
 * built into user space; /proc/net/eqfw of the box must then hold exactly these sums, drops by
 * reason and passes by item, packets and bytes. Where a batch differs its packets are sent again
 * one by one, and the first that is judged otherwise is printed. The box does not track: what could
 * only be a reply is dropped as untracked.
 */
#include <endian.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eqfw/reasons.h>

#include "classify.h"
#include "mutants.h"
#include "naive.h"
#include "netspace.h"
#include "scope.h"

#define BATCH 200
#define ITEMS_MAX 64
#define PATIENCE_MS 3000
#define N_SIDES 3

struct sums {
	uint64_t drop[EQFW_N_REASONS][2]; /* packets, bytes */
	uint64_t item[ITEMS_MAX][2];
};

struct shot {
	unsigned int side;
	uint8_t family;
	uint32_t len;
	uint8_t bytes[MUTANT_MAX];
};

static const char *const side_names[N_SIDES] = { "outside", "core", "dmz" };
static const char *const reason_names[EQFW_N_REASONS] = { "none",
#define NAME(sym, name, sentence) name,
							  EQFW_REASONS(NAME)
#undef NAME
};

static struct eqfw_profile profile;
static struct eqfw_table *table;
static struct link links[N_SIDES];
static struct eqfw_zone_set zones[N_SIDES];
static struct mutants mutants;
static struct shot shots[BATCH];
static int proc_drops = -1, proc_rows = -1;

/* ---- what must come of it ---- */

static uint16_t sum4(const uint8_t *ip, unsigned int len)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < len; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static bool stack_takes4(struct naive *packet)
{
	const uint8_t *ip = packet->bytes;
	uint32_t size, total;

	if (packet->len < 20 || ip[0] >> 4 != 4)
		return false;
	size = (ip[0] & 15) * 4;
	total = ip[2] << 8 | ip[3];
	if (size < 20 || size > packet->len || total < size || total > packet->len)
		return false;
	packet->len = total;
	return !sum4(ip, size);
}

/* Loopback and multicast sources and node-local groups never come in. */
static bool stack_takes6(struct naive *packet)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	const uint8_t *ip = packet->bytes;
	uint32_t total;

	if (packet->len < 40 || ip[0] >> 4 != 6)
		return false;
	if (!memcmp(ip + 8, loopback, 16) || !memcmp(ip + 24, loopback, 16))
		return false;
	if (ip[8] == 0xff)
		return false;
	if (ip[24] == 0xff && (ip[25] & 15) < 2)
		return false;
	total = 40 + (ip[4] << 8 | ip[5]);
	if (total > packet->len)
		return false;
	packet->len = total;
	return true;
}

/* What lib.sh gives the box beyond the addresses that the profile lists. */
static void correct(uint8_t family, const struct eqfw_addr *addr, struct eqfw_place *place)
{
	static const uint8_t own_link[16] = { 0xfe, 0x80, [15] = 1 };
	static const uint8_t broadcast[4] = { 127, 255, 255, 255 };
	const uint16_t known = EQFW_CLASS_DECLARED | EQFW_CLASS_PUBLIC | EQFW_CLASS_BOX |
			       EQFW_CLASS_GROUP;

	if (place->flags & known)
		return;
	if (family == 4 ? addr->b[0] == 127 && memcmp(addr->b, broadcast, 4)
			: !memcmp(addr->b, own_link, 16))
		eqfw_place_local(table, place);
}

static void locate(const struct eqfw_flow *flow, struct eqfw_places *places)
{
	eqfw_locate(table, flow, places);
	correct(flow->family, &flow->src, &places->src);
	correct(flow->family, &flow->dst, &places->dst);
}

static void ask_inner(const struct naive *packet, const struct eqfw_flow *flow,
		      struct eqfw_verdict *verdict)
{
	struct eqfw_verdict own;
	struct eqfw_places places;
	struct eqfw_flow inner;

	verdict->action = EQFW_ACTION_DROP;
	if (!naive_read_inner(packet, flow, &inner))
		return;
	locate(&inner, &places);
	if (places.src.flags & EQFW_CLASS_BOX || !eqfw_permits(table, &inner, &places, &own))
		return;
	verdict->action = EQFW_ACTION_PASS;
	verdict->item = own.item;
}

static void judge(struct naive *packet, const struct shot *shot, struct eqfw_verdict *verdict)
{
	struct eqfw_places places;
	struct eqfw_flow flow;

	naive_read(packet, shot->family, &flow);
	locate(&flow, &places);
	eqfw_judge(table, &flow, &places, &zones[shot->side], verdict);
	if (verdict->action == EQFW_ACTION_ASK_INNER) {
		ask_inner(packet, &flow, verdict);
	} else if (verdict->action == EQFW_ACTION_ASK_REPLY) {
		verdict->action = EQFW_ACTION_DROP;
		verdict->reason = EQFW_REASON_UNTRACKED;
	}
}

/* Adds what a packet must count as, which is nothing where the stack itself drops it first. */
static void expect(const struct shot *shot, struct sums *want)
{
	struct naive packet = { .bytes = shot->bytes, .len = shot->len };
	struct eqfw_verdict verdict;
	uint64_t *sum = NULL;

	if (!(shot->family == 4 ? stack_takes4(&packet) : stack_takes6(&packet)))
		return;
	judge(&packet, shot, &verdict);
	if (verdict.action == EQFW_ACTION_DROP)
		sum = want->drop[verdict.reason];
	else if (verdict.action == EQFW_ACTION_PASS && verdict.item < ITEMS_MAX)
		sum = want->item[verdict.item];
	if (!sum)
		return;
	sum[0]++;
	sum[1] += packet.len;
}

/* ---- what came of it ---- */

static unsigned int item_of(const char *id)
{
	for (unsigned int i = 0; i < profile.n_items; i++) {
		if (!strcmp(profile.strings + le32toh(profile.items[i].id), id))
			return i;
	}
	errx(2, "no item %s", id);
}

static unsigned int reason_of(const char *name)
{
	for (unsigned int i = 0; i < EQFW_N_REASONS; i++) {
		if (!strcmp(reason_names[i], name))
			return i;
	}
	errx(2, "no reason %s", name);
}

static void read_proc(int fd, struct sums *got)
{
	static char text[65536];
	unsigned long long packets, bytes;
	char *line, *save = NULL, name[64];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len <= 0)
		errx(2, "/proc/net/eqfw cannot be read");
	text[len] = 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		uint64_t *sum = NULL;

		if (sscanf(line, "drop %63s %llu %llu", name, &packets, &bytes) == 3)
			sum = got->drop[reason_of(name)];
		else if (sscanf(line, "item %63s %llu %llu", name, &packets, &bytes) == 3)
			sum = got->item[item_of(name)];
		if (!sum)
			continue;
		sum[0] = packets;
		sum[1] = bytes;
	}
}

static void read_counters(struct sums *got)
{
	memset(got, 0, sizeof(*got));
	read_proc(proc_drops, got);
	read_proc(proc_rows, got);
}

static bool arrives(const struct sums *want)
{
	uint64_t end = now_ms() + PATIENCE_MS;
	struct sums got;

	for (;;) {
		read_counters(&got);
		if (!memcmp(&got, want, sizeof(got)))
			return true;
		if (now_ms() > end)
			return false;
		usleep(1000);
	}
}

/* ---- sending ---- */

static void set16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* Mostly lengths and checksum that the stack takes: what it refuses never meets the hook. */
static void mend(struct shot *shot)
{
	uint8_t *ip = shot->bytes;
	bool length = mutants_random(&mutants, 16), sum = mutants_random(&mutants, 32);

	if (shot->family == 6 && shot->len >= 40 && length)
		set16(ip + 4, shot->len - 40);
	if (shot->family == 6 || shot->len < 20)
		return;
	if (length)
		set16(ip + 2, shot->len);
	if ((ip[0] & 15) < 5 || (ip[0] & 15) * 4u > shot->len)
		ip[0] = 0x45;
	set16(ip + 10, 0);
	if (sum)
		set16(ip + 10, sum4(ip, (ip[0] & 15) * 4));
}

/* The stack reads hop-by-hop options itself before any hook: KUnit has these. */
static bool stack_meddles(const struct shot *shot)
{
	return shot->family == 6 && shot->len >= 40 && shot->bytes[6] == 0;
}

/* Mostly where the source is at home: desk in core, mcu in dmz, anybody else outside. */
static unsigned int side_of(const struct shot *shot)
{
	const uint8_t *source = shot->bytes + (shot->family == 4 ? 12 : 8);

	if (shot->len < 40 || !mutants_random(&mutants, 8))
		return mutants_random(&mutants, N_SIDES);
	if (shot->family == 4)
		return source[0] == 10 ? 1 : source[0] == 192 ? 2 : 0;
	return source[5] == 1 ? 1 : source[5] == 2 ? 2 : 0;
}

static void make(struct shot *shot)
{
	do {
		mutants_next(&mutants);
		shot->family = mutants.family;
		shot->len = mutants.len;
		memcpy(shot->bytes, mutants.bytes, mutants.len);
		mend(shot);
	} while (stack_meddles(shot));
	shot->side = side_of(shot);
}

static void shoot(const struct shot *shot)
{
	link_send_as(&links[shot->side], shot->bytes, shot->len, shot->family);
}

static void print_difference(const struct shot *shot, const struct sums *want)
{
	struct sums got;

	read_counters(&got);
	for (unsigned int i = 0; i < EQFW_N_REASONS; i++) {
		if (memcmp(got.drop[i], want->drop[i], sizeof(got.drop[i])))
			printf("# drop %s: %lu %lu, want %lu %lu\n", reason_names[i],
			       got.drop[i][0], got.drop[i][1], want->drop[i][0], want->drop[i][1]);
	}
	for (unsigned int i = 0; i < profile.n_items; i++) {
		if (memcmp(got.item[i], want->item[i], sizeof(got.item[i])))
			printf("# item %s: %lu %lu, want %lu %lu\n",
			       profile.strings + le32toh(profile.items[i].id), got.item[i][0],
			       got.item[i][1], want->item[i][0], want->item[i][1]);
	}
	printf("# from %s:", side_names[shot->side]);
	for (unsigned int i = 0; i < shot->len; i++)
		printf(" %02x", shot->bytes[i]);
	puts("");
}

static bool find_culprit(void)
{
	struct sums want;

	read_counters(&want);
	for (unsigned int i = 0; i < BATCH; i++) {
		expect(&shots[i], &want);
		shoot(&shots[i]);
		if (!arrives(&want)) {
			print_difference(&shots[i], &want);
			return false;
		}
	}
	puts("# packet by packet nothing differs");
	return false;
}

static bool run_batch(struct sums *want)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		make(&shots[i]);
		expect(&shots[i], want);
		shoot(&shots[i]);
	}
	return arrives(want) || find_culprit();
}

/* ---- */

static void zone_sets(void)
{
	for (unsigned int side = 0; side < N_SIDES; side++) {
		for (unsigned int i = 0; i < profile.n_zones; i++) {
			if (!strcmp(profile.strings + le32toh(profile.zones[i].name),
				    side_names[side]))
				zones[side].bits[i / 64] |= 1ull << i % 64;
		}
	}
}

static void load_profile(const char *file)
{
	static uint8_t image[1 << 20] __attribute__((aligned(8)));
	struct eqfw_fault fault = { 0 };
	FILE *in = fopen(file, "rb");
	size_t size = in ? fread(image, 1, sizeof(image), in) : 0;

	if (eqfw_profile_check(image, size, &profile, &fault) ||
	    eqfw_table_build(&profile, &table, &fault) || profile.n_items > ITEMS_MAX)
		errx(2, "%s: %s", file, fault.what);
	fclose(in);
}

int main(int argc, char **argv)
{
	unsigned long count, sent;
	struct sums want;

	if (argc != 4)
		return 2;
	load_profile(argv[1]);
	zone_sets();
	count = strtoul(argv[2], NULL, 0);
	mutants.state = strtoull(argv[3], NULL, 0);
	for (unsigned int side = 0; side < N_SIDES; side++)
		link_open(&links[side], side_names[side]);
	proc_drops = netspace_open("box", "/proc/net/eqfw/drops");
	proc_rows = netspace_open("box", "/proc/net/eqfw/rows");
	read_counters(&want);
	for (sent = 0; sent < count; sent += BATCH) {
		if (!run_batch(&want)) {
			printf("# seed %s, in the batch at %lu\n", argv[3], sent);
			return 1;
		}
	}
	for (unsigned int i = 1; i < EQFW_N_REASONS; i++)
		printf("drop %s %lu\n", reason_names[i], want.drop[i][0]);
	for (unsigned int i = 0; i < profile.n_items; i++)
		printf("item %s %lu\n", profile.strings + le32toh(profile.items[i].id),
		       want.item[i][0]);
	printf("sent %lu\n", sent);
	return 0;
}
