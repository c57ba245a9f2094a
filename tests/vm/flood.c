// SPDX-License-Identifier: GPL-2.0
/*
 * flood - packets to closed ports, as fast as the box drops them
 *
 *   flood from=NS to=NS dst4=ADDR dst6=ADDR n=COUNT
 *   flood from=NS dst4=ADDR dst6=ADDR until=FILE
 *
 * UDP and TCP, IPv4 and IPv6, from well-known source ports and others, from declared hosts and
 * strangers; TCP with SYN, SYN and ACK, ACK, RST. Never more than WINDOW ahead of the box's own
 * count, so no queue overflows. Prints "sent N counted N came N": drops that the box counted, and
 * packets that came out. The second form looks at nothing and does not care whether the box is
 * there; it ends when FILE is.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netspace.h"
#include "packet.h"

#define KINDS 512
#define WINDOW 256
#define PATIENCE_MS 5000
#define PAUSE_MS 30

static const unsigned int known_ports[] = { 53,	  80,	123,  443,  1719, 1720, 3478, 5004,
					    5060, 5061, 7000, 8443, 2326, 3230, 1024, 67 };
static const char *const strangers[2][3] = {
	{ "198.51.100.77", "203.0.113.99", "8.8.4.4" },
	{ "2001:db8:ffff::77", "2001:db8:4::1", "2a00::5" },
};
static const char *const flags[] = { "S", "SA", "A", "R" };

static struct packet packets[KINDS];
static int drops_fd;

static void make(const struct args *args, unsigned int i)
{
	char src[64], dst[64], sport[32], dport[32], proto[32], flag[32];
	struct args words = { .word = { src, dst, sport, dport, proto, flag }, .n = 6 };
	bool six = i / 2 % 2;

	snprintf(proto, sizeof(proto), "proto=%s", i % 2 ? "tcp" : "udp");
	snprintf(src, sizeof(src), "src=%s", strangers[six][i / 4 % 3]);
	snprintf(dst, sizeof(dst), "dst=%s", arg_text(args, six ? "dst6" : "dst4"));
	snprintf(sport, sizeof(sport), "sport=%u",
		 i % 7 ? known_ports[i / 8 % 16] : 32768 + i * 61 % 28000);
	snprintf(dport, sizeof(dport), "dport=%u", 20000 + i * 37 % 20000);
	snprintf(flag, sizeof(flag), "flags=%s", flags[i / 16 % 4]);
	packet_build(&words, &packets[i]);
}

static uint64_t counted(void)
{
	static char text[65536];
	unsigned long long packets_of;
	uint64_t sum = 0;
	char *line, *save = NULL;
	ssize_t len = pread(drops_fd, text, sizeof(text) - 1, 0);

	text[len > 0 ? len : 0] = 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "drop %*s %llu", &packets_of) == 1)
			sum += packets_of;
	}
	return sum;
}

static void wait_for(uint64_t want)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	while (counted() < want && now_ms() < end)
		usleep(200);
}

/* What comes out is told by its destination: nothing else goes there from that side. */
static unsigned long came(const struct link *to)
{
	uint8_t bytes[PACKET_MAX];
	unsigned long n = 0;
	size_t len;

	while ((len = link_receive(to, bytes, sizeof(bytes)))) {
		for (unsigned int i = 0; i < KINDS; i++) {
			if (packet_same_pair(&packets[i], bytes, len)) {
				n++;
				break;
			}
		}
	}
	return n;
}

/*
 * A side loses its interface with the namespace at the other end. With pauses, so that others than
 * the flood come to their turn on a slow bed.
 */
static void flood_until(const struct link *from, const char *file)
{
	for (unsigned long i = 0; access(file, F_OK); i++) {
		const struct packet *packet = &packets[i % KINDS];

		(void)link_try(from, packet->bytes, packet->len);
		if (i % WINDOW == WINDOW - 1)
			usleep(PAUSE_MS * 1000);
	}
}

int main(int argc, char **argv)
{
	struct args args = { .n = 0 };
	struct link from, to;
	unsigned long n, sent, out = 0;
	uint64_t before;

	for (int i = 1; i < argc && args.n < ARGS_MAX; i++)
		args.word[args.n++] = argv[i];
	n = arg_number(&args, "n", 10000);
	for (unsigned int i = 0; i < KINDS; i++)
		make(&args, i);
	link_open(&from, arg_text(&args, "from"));
	if (arg_text(&args, "until")) {
		flood_until(&from, arg_text(&args, "until"));
		return 0;
	}
	link_open(&to, arg_text(&args, "to"));
	drops_fd = netspace_open("box", "/proc/net/eqfw/drops");
	before = counted();
	for (sent = 0; sent < n; sent++) {
		const struct packet *packet = &packets[sent % KINDS];

		link_send(&from, packet->bytes, packet->len);
		if (sent % WINDOW == WINDOW - 1) {
			wait_for(before + sent + 1);
			out += came(&to);
		}
	}
	wait_for(before + n);
	out += came(&to);
	printf("sent %lu counted %lu came %lu\n", sent, (unsigned long)(counted() - before), out);
	return 0;
}
