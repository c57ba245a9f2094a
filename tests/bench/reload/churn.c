// SPDX-License-Identifier: GPL-2.0
/*
 * churn - replace rules over and over, and see each time whose rules the next packet meets
 *
 *   churn KIND A B times=N seconds=N from=NS to=NS src= dst= dport=PORT marker=PORT
 *
 * KIND eqfw: A and B are profiles, loaded over netlink in this namespace. KIND nft: files of nft
 * commands, each one transaction. A permits dport, B does not, both permit marker. As soon as a
 * load has been acknowledged, one packet to dport and one to marker are sent, from one CPU and
 * then the other; when the marker has come through, the first must have come, or not, as the
 * rules of now say. Both have the number of the load in their source port: what comes late from the
 * load before is not taken for an answer. Prints: reloads N late N lost N (markers that never came).
 */
#include <nftables/libnftables.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netspace.h"
#include "nl_client.h"
#include "packet.h"

#define MARKER_MS 5000
#define FIRST_SPORT 42000
#define SPORTS 256

struct churn {
	bool is_nft;
	struct client client[2];
	struct nft_ctx *nft;
	char *commands[2];
	struct link from;
	struct link to;
	struct packet tested[SPORTS];
	struct packet marker[SPORTS];
	unsigned long late;
	unsigned long lost;
};

static struct churn churn;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "churn: %s: %s\n", what, why);
	exit(1);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	struct stat st;
	char *text;

	if (!file || fstat(fileno(file), &st))
		die(path, "cannot be read");
	text = calloc(1, (size_t)st.st_size + 1);
	if (!text || fread(text, 1, (size_t)st.st_size, file) != (size_t)st.st_size)
		die(path, "cannot be read");
	fclose(file);
	return text;
}

static void open_eqfw(const char *const *files)
{
	for (int i = 0; i < 2; i++) {
		client_open(&churn.client[i]);
		client_profile(&churn.client[i], files[i]);
	}
	client_generation(&churn.client[0]);
	churn.client[1].generation = churn.client[0].generation;
}

static void open_nft(const char *const *files)
{
	churn.nft = nft_ctx_new(NFT_CTX_DEFAULT);
	nft_ctx_buffer_error(churn.nft);
	for (int i = 0; i < 2; i++)
		churn.commands[i] = read_file(files[i]);
}

/* Returns when the kernel has acknowledged that the rules are in force. */
static void load(int which)
{
	struct client *c = &churn.client[which];

	if (churn.is_nft) {
		if (nft_run_cmd_from_buffer(churn.nft, churn.commands[which]))
			die("nft", nft_ctx_get_error_buffer(churn.nft));
		return;
	}
	if (client_ask(c, client_good_load(c, c->room)))
		die("load", c->said);
	churn.client[0].generation++;
	churn.client[1].generation++;
}

static void pin(unsigned long turn)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(turn % (unsigned long)sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Did the tested packet of that number come before the marker of that number? */
static bool tested_came(unsigned int number)
{
	uint64_t end = now_ms() + MARKER_MS;
	uint8_t bytes[PACKET_MAX];
	bool came = false;
	size_t len;

	while (now_ms() < end) {
		len = link_receive(&churn.to, bytes, sizeof(bytes));
		if (!len) {
			sched_yield();
			continue;
		}
		if (packet_same_bytes(&churn.marker[number], bytes, len))
			return came;
		came |= packet_same_bytes(&churn.tested[number], bytes, len);
	}
	churn.lost++;
	return came;
}

static void build(const struct args *args, const char *key, unsigned int number,
		  struct packet *packet)
{
	char from[32], to[32];
	struct args all = *args;

	snprintf(from, sizeof(from), "sport=%u", FIRST_SPORT + number);
	snprintf(to, sizeof(to), "dport=%lu", arg_number(args, key, 0));
	all.word[0] = from;
	for (unsigned int i = 1; i < all.n; i++)
		if (!strncmp(all.word[i], "dport=", 6))
			all.word[i] = to;
	packet_build(&all, packet);
}

static void prepare(int argc, char **argv, struct args *args)
{
	const char *const files[2] = { argv[2], argv[3] };

	args->word[args->n++] = "sport=0";
	for (int i = 4; i < argc && args->n < ARGS_MAX; i++)
		args->word[args->n++] = argv[i];
	churn.is_nft = !strcmp(argv[1], "nft");
	if (churn.is_nft)
		open_nft(files);
	else
		open_eqfw(files);
	link_open(&churn.from, arg_text(args, "from"));
	link_open(&churn.to, arg_text(args, "to"));
	for (unsigned int i = 0; i < SPORTS; i++) {
		build(args, "dport", i, &churn.tested[i]);
		build(args, "marker", i, &churn.marker[i]);
	}
}

int main(int argc, char **argv)
{
	struct args args = { .n = 0 };
	unsigned long times, n;
	uint64_t end;

	if (argc < 5)
		return 2;
	prepare(argc, argv, &args);
	times = arg_number(&args, "times", 1000);
	end = now_ms() + 1000 * arg_number(&args, "seconds", 3600);
	/* It begins with the rules of A: the first load is of B. */
	for (n = 0; n < times && now_ms() < end; n++) {
		unsigned int number = n % SPORTS;
		int which = (n + 1) % 2;

		pin(n / 2);
		load(which);
		link_send(&churn.from, churn.tested[number].bytes, churn.tested[number].len);
		link_send(&churn.from, churn.marker[number].bytes, churn.marker[number].len);
		churn.late += tested_came(number) != (which == 0);
	}
	printf("reloads %lu late %lu lost %lu\n", n, churn.late, churn.lost);
	return 0;
}
