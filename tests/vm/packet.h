/* SPDX-License-Identifier: GPL-2.0 */
/* Packets of every kind, well-formed or not, from words "key=value". packet.c lists the keys. */
#ifndef EQFW_TEST_PACKET_H
#define EQFW_TEST_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 9000
#define ARGS_MAX 40

/**
 * struct args - words of a command line
 * @word: "key=value", NUL-terminated
 * @n: how many
 */
struct args {
	char *word[ARGS_MAX];
	unsigned int n;
};

/**
 * struct packet - bytes from the network header on
 * @bytes: the packet
 * @len: how many bytes
 * @family: 4 or 6
 */
struct packet {
	uint8_t bytes[PACKET_MAX];
	size_t len;
	uint8_t family;
};

/* The value of a key, or NULL. */
const char *arg_text(const struct args *args, const char *key);
/* The number of a key (decimal or 0x...), or `initial` where it is absent. */
unsigned long arg_number(const struct args *args, const char *key, unsigned long initial);
/* Build the packet that the words describe; ends the program on words that make no sense. */
void packet_build(const struct args *args, struct packet *packet);
/* Both addresses are those of `other`. */
bool packet_same_pair(const struct packet *packet, const uint8_t *other, size_t len);
/* Equal but for what every router changes: hop limit, IPv4 header checksum. */
bool packet_same_bytes(const struct packet *packet, const uint8_t *other, size_t len);

#endif
