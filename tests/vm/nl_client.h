/* SPDX-License-Identifier: GPL-2.0 */
/* A bare netlink client of the module, for tests that eqfwctl is too polite for. */
#ifndef EQFW_TEST_NL_CLIENT_H
#define EQFW_TEST_NL_CLIENT_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stddef.h>
#include <stdint.h>

#include <eqfw/format.h>
#include <linux/eqfw.h>

#define ROOM (EQFW_PROFILE_MAX + (1u << 20))

/**
 * struct client - one netlink socket and what the tests keep
 * @nl: the socket
 * @port: its port id
 * @family: id of the family
 * @seq: number of the last request
 * @generation: as last told by the module
 * @digest: likewise, of the live profile; zero where there is none
 * @profile: a profile's bytes
 * @size: how many
 * @room: ROOM bytes to build requests in
 * @said: the kernel's last sentence
 * @bad: failures
 * @n: tests
 */
struct client {
	struct mnl_socket *nl;
	unsigned int port;
	uint16_t family;
	uint32_t seq;
	uint64_t generation;
	uint8_t digest[EQFW_DIGEST_SIZE];
	uint8_t *profile;
	size_t size;
	char *room;
	char said[768];
	int bad;
	int n;
};

/* Socket, buffers, family; ends the program where the module is not there. */
void client_open(struct client *a);
/* Read a profile's bytes from a file. */
void client_profile(struct client *a, const char *file);
/* A request with its generic netlink header; ACK wanted. */
struct nlmsghdr *client_begin(struct client *a, void *room, uint8_t cmd);
void client_put_pieces(struct nlmsghdr *nlh, const uint8_t *bytes, size_t size);
/* A whole, good request to load the client's profile. */
struct nlmsghdr *client_good_load(struct client *a, void *room);
/* The errno that the kernel acknowledged request `seq` with; ETIME where it said nothing. */
int client_answer(struct client *a, uint32_t seq);
/* Send and wait for the acknowledgement. */
int client_ask(struct client *a, const struct nlmsghdr *nlh);
/* Ask for the current generation and digest. */
uint64_t client_generation(struct client *a);

#endif
