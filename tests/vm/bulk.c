// SPDX-License-Identifier: GPL-2.0
/*
 * bulk - move many bytes through the box
 *
 *   bulk from=NS src=ADDR to=NS dst=ADDR dport=N [listen=ADDR] [push=to|from] [bytes=N]
 *       A TCP connection from src to dst, which `listen` takes (default dst); then the end that
 *       push names sends. Prints "sent N came N mtu M": M is what the sender has found out about
 *       its path. Bytes that differ from those sent do not count.
 *   bulk type=udp from=NS src=ADDR to=NS dst=ADDR dport=N [bytes=N] [segment=N]
 *       Datagrams of `segment` bytes, so many in a send that the kernel makes super-packets.
 *   bulk offload=NS dev=NAME [tso=0|1] [gso=0|1] [gro=0|1]
 *       Switch these of an interface.
 */
#include <err.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ends.h"
#include "netspace.h"

#define LIMIT_MS 20000
#define QUIET_MS 1000
#define CHUNK 65536

static uint8_t pattern(unsigned long at)
{
	return at * 31 ^ at >> 8 ^ at >> 16;
}

static unsigned long count_right(const uint8_t *bytes, size_t len, unsigned long at)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != pattern(at + i))
			return i;
	}
	return len;
}

static size_t push_some(int fd, unsigned long at, unsigned long total)
{
	static uint8_t chunk[CHUNK];
	size_t len = total - at < CHUNK ? total - at : CHUNK;
	ssize_t sent;

	for (size_t i = 0; i < len; i++)
		chunk[i] = pattern(at + i);
	sent = send(fd, chunk, len, MSG_NOSIGNAL);
	return sent > 0 ? sent : 0;
}

static unsigned int path_mtu(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info.tcpi_pmtu;
}

static void move_tcp(int sender, int receiver, unsigned long total)
{
	unsigned long sent = 0, came = 0;
	uint64_t end = now_ms() + LIMIT_MS;
	uint8_t chunk[CHUNK];
	ssize_t got;

	while (came < total && now_ms() < end) {
		struct pollfd fds[2] = {
			{ .fd = receiver, .events = POLLIN },
			{ .fd = sender, .events = sent < total ? POLLOUT : 0 },
		};

		poll(fds, 2, 100);
		if (fds[1].revents & POLLOUT)
			sent += push_some(sender, sent, total);
		got = recv(receiver, chunk, sizeof(chunk), 0);
		if (got > 0)
			came += count_right(chunk, got, came);
	}
	printf("sent %lu came %lu mtu %u\n", sent, came, path_mtu(sender));
}

static int run_tcp(const struct args *args, const struct end *from, const struct end *to)
{
	const char *push = arg_text(args, "push");
	bool back = push && !strcmp(push, "from");
	int listener, client, server;
	struct end own = *to;

	if (arg_text(args, "listen"))
		end_of(args, "to", "listen", "dport", &own);
	listener = end_socket(&own, SOCK_STREAM);
	if (listen(listener, 1) || !end_connect(from, to, listener, &client, &server)) {
		puts("no connection");
		return 1;
	}
	/* push=to: towards the listener. */
	move_tcp(back ? server : client, back ? client : server,
		 arg_number(args, "bytes", 1000000));
	return 0;
}

static unsigned long receive_until_quiet(int fd, uint64_t quiet_ms)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	uint8_t chunk[CHUNK];
	unsigned long came = 0;
	ssize_t got;

	while (poll(&wait, 1, quiet_ms) == 1) {
		got = recv(fd, chunk, sizeof(chunk), 0);
		came += got > 0 ? got : 0;
	}
	return came;
}

static int run_udp(const struct args *args, const struct end *from, const struct end *to)
{
	unsigned long total = arg_number(args, "bytes", 200000), sent = 0, came = 0;
	int segment = arg_number(args, "segment", 1200), room = 4 << 20;
	int sender = end_socket(from, SOCK_DGRAM), receiver = end_socket(to, SOCK_DGRAM);
	static uint8_t chunk[CHUNK];
	size_t batch = CHUNK / 2 / segment * segment;

	setsockopt(receiver, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (setsockopt(sender, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)))
		err(2, "UDP_SEGMENT");
	while (sent < total) {
		ssize_t got = sendto(sender, chunk, batch, 0, (const struct sockaddr *)&to->addr,
				     to->len);

		if (got < 0 && errno != EAGAIN)
			err(2, "sendto");
		sent += got > 0 ? got : 0;
		came += receive_until_quiet(receiver, 5);
	}
	came += receive_until_quiet(receiver, QUIET_MS);
	printf("sent %lu came %lu\n", sent, came);
	return 0;
}

static void set_value(int fd, const struct args *args, const char *key, unsigned int command)
{
	struct ethtool_value value = { .cmd = command };
	struct ifreq request = { .ifr_data = (void *)&value };

	if (!arg_text(args, key))
		return;
	value.data = arg_number(args, key, 0);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", arg_text(args, "dev"));
	if (ioctl(fd, SIOCETHTOOL, &request))
		err(2, "%s of %s", key, request.ifr_name);
}

static int run_offload(const struct args *args)
{
	int fd;

	netspace_enter(arg_text(args, "offload"));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	set_value(fd, args, "tso", ETHTOOL_STSO);
	set_value(fd, args, "gso", ETHTOOL_SGSO);
	set_value(fd, args, "gro", ETHTOOL_SGRO);
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	struct end from = { .len = 0 }, to = { .len = 0 };
	struct args args = { .n = 0 };
	const char *type;

	for (int i = 1; i < argc && args.n < ARGS_MAX; i++)
		args.word[args.n++] = argv[i];
	if (arg_text(&args, "offload"))
		return run_offload(&args);
	end_of(&args, "from", "src", "sport", &from);
	end_of(&args, "to", "dst", "dport", &to);
	type = arg_text(&args, "type");
	return type && !strcmp(type, "udp") ? run_udp(&args, &from, &to)
					    : run_tcp(&args, &from, &to);
}
