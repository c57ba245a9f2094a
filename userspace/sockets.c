// SPDX-License-Identifier: GPL-2.0
#include "sockets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define STATE_ESTABLISHED 0x01
#define STATE_LISTEN 0x0a

/* The kernel prints an address as words in the byte order of this machine. */
static bool parse_address(const char *text, uint8_t *family, struct eqfw_addr *out)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t len = strlen(text);

	*out = (struct eqfw_addr){ 0 };
	if (len != 8 && len != 32)
		return false;
	for (size_t i = 0; i < len / 8; i++) {
		uint32_t word;

		if (sscanf(text + 8 * i, "%8x", &word) != 1)
			return false;
		memcpy(out->b + 4 * i, &word, sizeof(word));
	}
	*family = len == 8 ? 4 : 6;
	if (*family == 4 || memcmp(out->b, mapped, sizeof(mapped)))
		return true;
	/* IPv4 through an IPv6 socket. */
	memcpy(out->b, out->b + 12, 4);
	memset(out->b + 4, 0, 12);
	*family = 4;
	return true;
}

bool socket_parse(const char *line, struct tcp_socket *out)
{
	unsigned int lport, pport, state;
	char local[33], peer[33];
	uint8_t family;

	*out = (struct tcp_socket){ 0 };
	if (sscanf(line, "%*d: %32[0-9A-F]:%x %32[0-9A-F]:%x %x %*x:%*x %*x:%*x %*x %*u %*d %lu",
		   local, &lport, peer, &pport, &state, &out->inode) != 6)
		return false;
	if (!parse_address(local, &out->wire.family, &out->wire.dst) ||
	    !parse_address(peer, &family, &out->wire.src))
		return false;
	out->wire.dport = (uint16_t)lport;
	out->wire.sport = (uint16_t)pport;
	out->listening = state == STATE_LISTEN;
	return state == STATE_LISTEN || state == STATE_ESTABLISHED;
}

static void read_file(const char *path, struct tcp_sockets *out)
{
	FILE *file = fopen(path, "re");
	char line[512];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		GROW(out->sockets, out->n, out->capacity);
		out->n += socket_parse(line, &out->sockets[out->n]);
	}
	fclose(file);
}

void sockets_read(struct tcp_sockets *out)
{
	*out = (struct tcp_sockets){ 0 };
	read_file("/proc/net/tcp", out);
	read_file("/proc/net/tcp6", out);
}

bool sockets_listen(const struct tcp_sockets *list, uint16_t port)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->sockets[i].listening && list->sockets[i].wire.dport == port)
			return true;
	return false;
}
