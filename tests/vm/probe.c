// SPDX-License-Identifier: GPL-2.0
/*
 * probe - send exact packets through the box and say at once what became of them
 *
 * Reads commands, a line each, and answers each with a line:
 *
 *   pkt from=NS to=NS [n=COUNT] WORDS...   words of packet.c
 *       sweep=KEY:FROM:TO                  one packet for each value of KEY
 *       passed COUNT same|changed          so many came out at the other side
 *       dropped                            none did
 *       sent                               to=box: counters tell the rest
 *       dead                               not even the marker came: the lab is broken
 *   cat NS PATH                            a file as seen in a namespace, then a line "."
 *
 * No time-out decides that a packet was dropped: a marker between addresses that no deployment
 * declares follows it on the same way and CPU, so when the marker is there and the packet is not,
 * it will not come. The ends have no addresses of their own and answer nothing.
 */
#include <arpa/inet.h>
#include <err.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netspace.h"
#include "packet.h"

#define LINKS_MAX 8
#define MARKER_MS 3000

static struct link links[LINKS_MAX];

static struct link *link_to(const char *name)
{
	unsigned int i;

	for (i = 0; i < LINKS_MAX && links[i].name[0]; i++) {
		if (!strcmp(links[i].name, name))
			return &links[i];
	}
	if (i == LINKS_MAX)
		errx(2, "too many namespaces");
	link_open(&links[i], name);
	return &links[i];
}

/* lib.sh routes 203.0.113.N to the sides; nobody declares these addresses. */
static unsigned int side_number(const char *name)
{
	return !strcmp(name, "outside") ? 1 : !strcmp(name, "core") ? 2 : 3;
}

static void make_marker(struct packet *marker, const char *from, const char *to)
{
	static unsigned int serial;
	char src[32], dst[32], port[32];
	struct args args = { .word = { src, dst, port }, .n = 3 };

	serial = (serial + 1) % 20000;
	snprintf(src, sizeof(src), "src=203.0.113.%u", side_number(from) + 100);
	snprintf(dst, sizeof(dst), "dst=203.0.113.%u", side_number(to));
	snprintf(port, sizeof(port), "dport=%u", 20000 + serial);
	packet_build(&args, marker);
}

struct outcome {
	unsigned long passed;
	bool changed;
	bool marker;
};

static void collect(const struct link *to, const struct packet *packet, const struct packet *marker,
		    struct outcome *outcome)
{
	uint8_t bytes[PACKET_MAX];
	size_t len;

	while ((len = link_receive(to, bytes, sizeof(bytes)))) {
		if (packet_same_bytes(marker, bytes, len)) {
			outcome->marker = true;
		} else if (packet_same_pair(packet, bytes, len)) {
			outcome->passed++;
			outcome->changed |= !packet_same_bytes(packet, bytes, len);
		}
	}
}

static void wait_marker(const struct link *to, const struct packet *packet,
			const struct packet *marker, struct outcome *outcome)
{
	uint64_t end = now_ms() + MARKER_MS;

	collect(to, packet, marker, outcome);
	while (!outcome->marker && now_ms() < end) {
		usleep(500);
		collect(to, packet, marker, outcome);
	}
}

static void answer(const struct outcome *outcome, bool to_box)
{
	if (!outcome->marker)
		puts("dead");
	else if (to_box)
		puts("sent");
	else if (outcome->passed)
		printf("passed %lu %s\n", outcome->passed, outcome->changed ? "changed" : "same");
	else
		puts("dropped");
}

/* Where packets to the box do not come out, the marker does. */
static const char *side_of_exit(const struct args *args)
{
	const char *to = arg_text(args, "to");

	if (strcmp(to, "box"))
		return to;
	return strcmp(arg_text(args, "from"), "core") ? "core" : "outside";
}

/* Send @n copies, then the marker, and wait for it. */
static void run_packet(const struct args *args, unsigned long n, struct outcome *outcome)
{
	const char *from_name = arg_text(args, "from"), *to_name = side_of_exit(args);
	struct link *from = link_to(from_name), *to = link_to(to_name);
	struct packet packet, marker;
	struct outcome old = { 0 };

	packet_build(args, &packet);
	make_marker(&marker, from_name, to_name);
	collect(to, &packet, &marker, &old);
	for (unsigned long i = 0; i < n; i++) {
		link_send(from, packet.bytes, packet.len);
		if (i % 64 == 63)
			collect(to, &packet, &marker, outcome);
	}
	link_send(from, marker.bytes, marker.len);
	outcome->marker = false;
	wait_marker(to, &packet, &marker, outcome);
}

static void run_sweep(const struct args *args, const char *sweep, struct outcome *outcome)
{
	unsigned int first, last, value;
	char key[32], word[64];

	if (sscanf(sweep, "%31[^:]:%u:%u", key, &first, &last) != 3 || args->n == ARGS_MAX)
		errx(2, "sweep=KEY:FROM:TO");
	outcome->marker = true;
	for (value = first; value <= last && outcome->marker; value++) {
		struct args all = *args;

		snprintf(word, sizeof(word), "%s=%u", key, value);
		all.word[all.n++] = word;
		run_packet(&all, 1, outcome);
	}
}

static void command_packet(const struct args *args)
{
	const char *sweep = arg_text(args, "sweep");
	struct outcome outcome = { 0 };

	if (!arg_text(args, "from") || !arg_text(args, "to"))
		errx(2, "pkt: from= and to= are needed");
	if (sweep)
		run_sweep(args, sweep, &outcome);
	else
		run_packet(args, arg_number(args, "n", 1), &outcome);
	answer(&outcome, !strcmp(arg_text(args, "to"), "box"));
}

static void command_cat(const struct args *args)
{
	char line[4096];
	FILE *file;

	if (args->n != 2)
		errx(2, "cat NS PATH");
	netspace_enter(args->word[0]);
	file = fopen(args->word[1], "r");
	while (file && fgets(line, sizeof(line), file))
		fputs(line, stdout);
	if (file)
		fclose(file);
	netspace_enter("-");
	puts(".");
}

static void stay_on_this_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int main(void)
{
	char line[4096], *save, *word, *verb;
	struct args args;

	stay_on_this_cpu();
	while (fgets(line, sizeof(line), stdin)) {
		args.n = 0;
		save = NULL;
		verb = strtok_r(line, " \n", &save);
		while ((word = strtok_r(NULL, " \n", &save)) && args.n < ARGS_MAX)
			args.word[args.n++] = word;
		if (verb && !strcmp(verb, "pkt"))
			command_packet(&args);
		else if (verb && !strcmp(verb, "cat"))
			command_cat(&args);
		else
			puts("what?");
		fflush(stdout);
	}
	return 0;
}
