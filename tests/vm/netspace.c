// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "netspace.h"

/* lib.sh gives every interface of the box this address. */
static const uint8_t box_mac[6] = { 0x02, 0xee, 0, 0, 0, 1 };

void netspace_enter(const char *name)
{
	static int home = -1;
	char path[64];
	int fd;

	if (home < 0)
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (!strcmp(name, "-")) {
		if (setns(home, CLONE_NEWNET))
			err(2, "setns home");
		return;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(2, "namespace %s", name);
	close(fd);
}

int netspace_open(const char *name, const char *path)
{
	int fd;

	netspace_enter(name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s in %s", path, name);
	netspace_enter("-");
	return fd;
}

void link_open(struct link *link, const char *name)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int size = 8 << 20;

	snprintf(link->name, sizeof(link->name), "%s", name);
	netspace_enter(name);
	link->index = if_nametoindex("eth0");
	link->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));
	sll.sll_ifindex = link->index;
	if (link->fd < 0 || bind(link->fd, (struct sockaddr *)&sll, sizeof(sll)))
		err(2, "packet socket in %s", name);
	setsockopt(link->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	netspace_enter("-");
}

void link_send(const struct link *link, const void *bytes, size_t len)
{
	link_send_as(link, bytes, len, *(const uint8_t *)bytes >> 4);
}

static bool send_once(const struct link *link, const void *bytes, size_t len, unsigned int family)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = link->index,
		.sll_halen = 6,
	};

	to.sll_protocol = htons(family == 6 ? ETH_P_IPV6 : ETH_P_IP);
	memcpy(to.sll_addr, box_mac, sizeof(box_mac));
	return sendto(link->fd, bytes, len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0;
}

bool link_try(const struct link *link, const void *bytes, size_t len)
{
	return send_once(link, bytes, len, *(const uint8_t *)bytes >> 4);
}

void link_send_as(const struct link *link, const void *bytes, size_t len, unsigned int family)
{
	int tries = 0;

	while (!send_once(link, bytes, len, family)) {
		if ((errno != ENOBUFS && errno != EAGAIN) || ++tries > 1000)
			err(2, "send in %s", link->name);
		usleep(1000);
	}
}

size_t link_receive(const struct link *link, uint8_t *bytes, size_t size)
{
	struct sockaddr_ll from;
	socklen_t from_len;
	ssize_t len;

	for (;;) {
		from_len = sizeof(from);
		len = recvfrom(link->fd, bytes, size, 0, (struct sockaddr *)&from, &from_len);
		if (len <= 0)
			return 0;
		if (from.sll_pkttype != PACKET_OUTGOING)
			return len;
	}
}

uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}
