/* SPDX-License-Identifier: GPL-2.0 */
/* IP protocols by name and number. */
#ifndef EQFW_IP_PROTO_H
#define EQFW_IP_PROTO_H

#include <stdbool.h>
#include <stdint.h>

/* A name ("esp", "vrrp", any case) or a decimal number from 0 to 255. */
bool ip_proto_parse(const char *text, uint8_t *number);
/* The usual name, or the number as text in a buffer of at least 4 bytes. */
const char *ip_proto_name(uint8_t number, char buffer[4]);

#endif
