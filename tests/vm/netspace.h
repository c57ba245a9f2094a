/* SPDX-License-Identifier: GPL-2.0 */
/* Raw links into the namespaces of a scenario, for probe.c and stream.c. */
#ifndef EQFW_TEST_NETSPACE_H
#define EQFW_TEST_NETSPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct link - a packet socket on eth0 of a namespace
 * @name: the namespace
 * @fd: the socket: sends to the box at the other end, sees what arrives
 * @index: interface index
 */
struct link {
	char name[32];
	int fd;
	int index;
};

/* Enter a namespace by name; "-" is the one the program started in. */
void netspace_enter(const char *name);
/* Open a file for reading as a namespace shows it; ends the program where it cannot. */
int netspace_open(const char *name, const char *path);
void link_open(struct link *link, const char *name);
void link_send(const struct link *link, const void *bytes, size_t len);
/* The same for bytes that may not say their family: 4 or 6. */
void link_send_as(const struct link *link, const void *bytes, size_t len, unsigned int family);
/* Once, and whether it went. */
bool link_try(const struct link *link, const void *bytes, size_t len);
/* The next packet that arrived, or 0 where none is there. */
size_t link_receive(const struct link *link, uint8_t *bytes, size_t size);
uint64_t now_ms(void);

#endif
