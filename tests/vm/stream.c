// SPDX-License-Identifier: GPL-2.0
/*
 * stream - send what every profile permits and what none permits, and count what comes out
 *
 *   stream from=NS to=NS src= dst= good=PORT bad=PORT threads=N [ready=FILE] until=FILE
 *
 * Each thread is pinned to a CPU and alternates UDP packets to both ports from a source port of its
 * own, never more than WINDOW permitted ones ahead of what has come out, so no queue overflows.
 * Makes FILE `ready` when the first has come out. Runs until FILE `until` exists, then prints:
 *
 *   good SENT CAME bad SENT CAME
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netspace.h"
#include "packet.h"

#define THREADS_MAX 8
#define WINDOW 64
#define LOST_MS 2000
#define FIRST_PORT 41000

struct sender {
	pthread_t thread;
	unsigned int number;
	struct link link;
	struct packet good;
	struct packet bad;
	unsigned long good_sent;
	unsigned long bad_sent;
	unsigned long given_up;
	atomic_ulong good_came;
};

struct stream {
	const char *ready;
	const char *until;
	uint16_t good_port;
	uint16_t bad_port;
	unsigned int threads;
	atomic_bool stop;
	unsigned long bad_came;
	struct link to;
	struct sender sender[THREADS_MAX];
};

static struct stream stream;

static void pin(unsigned int number)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number % sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* A packet that never comes must not stop the stream: it is given up, and shows in the sums. */
static void wait_for_room(struct sender *s)
{
	uint64_t end = now_ms() + LOST_MS;

	while (s->good_sent - s->given_up - atomic_load(&s->good_came) >= WINDOW) {
		if (now_ms() > end) {
			s->given_up = s->good_sent - atomic_load(&s->good_came);
			return;
		}
		sched_yield();
	}
}

static void *send_all(void *arg)
{
	struct sender *s = arg;

	pin(s->number);
	while (!atomic_load(&stream.stop)) {
		wait_for_room(s);
		link_send(&s->link, s->good.bytes, s->good.len);
		s->good_sent++;
		link_send(&s->link, s->bad.bytes, s->bad.len);
		s->bad_sent++;
	}
	return NULL;
}

static void tell_ready(void)
{
	int fd;

	if (!stream.ready)
		return;
	fd = open(stream.ready, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	stream.ready = NULL;
}

/* Ports of a UDP packet without options or extension headers. */
static void account(const uint8_t *bytes, size_t len)
{
	size_t l4 = bytes[0] >> 4 == 4 ? 20 : 40;
	unsigned int sport, dport;

	if (len < l4 + 8)
		return;
	sport = bytes[l4] << 8 | bytes[l4 + 1];
	dport = bytes[l4 + 2] << 8 | bytes[l4 + 3];
	if (sport < FIRST_PORT || sport >= FIRST_PORT + stream.threads)
		return;
	if (dport == stream.good_port) {
		atomic_fetch_add(&stream.sender[sport - FIRST_PORT].good_came, 1);
		tell_ready();
	} else if (dport == stream.bad_port) {
		stream.bad_came++;
	}
}

static void receive_until(uint64_t quiet_ms)
{
	uint64_t quiet_since = now_ms(), looked = 0;
	uint8_t bytes[PACKET_MAX];
	size_t len;

	for (;;) {
		while ((len = link_receive(&stream.to, bytes, sizeof(bytes)))) {
			account(bytes, len);
			quiet_since = now_ms();
		}
		if (quiet_ms && now_ms() - quiet_since >= quiet_ms)
			return;
		if (!quiet_ms && now_ms() - looked >= 50) {
			looked = now_ms();
			if (!access(stream.until, F_OK))
				return;
		}
		sched_yield();
	}
}

static void build(const struct args *args, unsigned int sport, unsigned int dport,
		  struct packet *packet)
{
	char from[32], to[32];
	struct args all = *args;

	snprintf(from, sizeof(from), "sport=%u", sport);
	snprintf(to, sizeof(to), "dport=%u", dport);
	all.word[all.n++] = from;
	all.word[all.n++] = to;
	packet_build(&all, packet);
}

static void prepare(const struct args *args)
{
	stream.ready = arg_text(args, "ready");
	stream.until = arg_text(args, "until");
	stream.good_port = arg_number(args, "good", 0);
	stream.bad_port = arg_number(args, "bad", 0);
	stream.threads = arg_number(args, "threads", 1);
	if (!stream.until || !stream.threads || stream.threads > THREADS_MAX)
		exit(2);
	link_open(&stream.to, arg_text(args, "to"));
	for (unsigned int i = 0; i < stream.threads; i++) {
		struct sender *s = &stream.sender[i];

		s->number = i;
		link_open(&s->link, arg_text(args, "from"));
		build(args, FIRST_PORT + i, stream.good_port, &s->good);
		build(args, FIRST_PORT + i, stream.bad_port, &s->bad);
	}
}

int main(int argc, char **argv)
{
	unsigned long good_sent = 0, good_came = 0, bad_sent = 0;
	struct args args = { .n = 0 };

	for (int i = 1; i < argc && args.n < ARGS_MAX - 2; i++)
		args.word[args.n++] = argv[i];
	prepare(&args);
	for (unsigned int i = 0; i < stream.threads; i++)
		pthread_create(&stream.sender[i].thread, NULL, send_all, &stream.sender[i]);
	receive_until(0);
	atomic_store(&stream.stop, true);
	/* A sender may wait for what is still in the socket. */
	receive_until(500);
	for (unsigned int i = 0; i < stream.threads; i++)
		pthread_join(stream.sender[i].thread, NULL);
	receive_until(500);
	for (unsigned int i = 0; i < stream.threads; i++) {
		good_sent += stream.sender[i].good_sent;
		bad_sent += stream.sender[i].bad_sent;
		good_came += atomic_load(&stream.sender[i].good_came);
	}
	printf("good %lu %lu bad %lu %lu\n", good_sent, good_came, bad_sent, stream.bad_came);
	return 0;
}
