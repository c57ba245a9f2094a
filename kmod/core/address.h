/* SPDX-License-Identifier: GPL-2.0 */
/* Kinds of addresses that the protocols themselves define, both families. */
#ifndef EQFW_CORE_ADDRESS_H
#define EQFW_CORE_ADDRESS_H

#include "doorway.h"

/**
 * eqfw_addr_is_mapped() - IPv4 address written as IPv6, ::ffff:0:0/96
 * @b: 16 bytes, an IPv6 address
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_mapped(const u8 *b)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(b, mapped, sizeof(mapped));
}

/**
 * eqfw_addr_is_multicast() - 224.0.0.0/4 or ff00::/8
 * @family: 4 or 6
 * @b: the address
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_multicast(u8 family, const u8 *b)
{
	return family == 4 ? (b[0] & 0xf0) == 224 : b[0] == 0xff;
}

/**
 * eqfw_addr_is_unspecified() - 0.0.0.0 or ::
 * @family: 4 or 6
 * @b: the address
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_unspecified(u8 family, const u8 *b)
{
	static const u8 zero[16];

	return !memcmp(b, zero, family == 4 ? 4 : 16);
}

/**
 * eqfw_addr_is_loopback() - 127.0.0.0/8 or ::1
 * @family: 4 or 6
 * @b: the address
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_loopback(u8 family, const u8 *b)
{
	static const u8 loopback[16] = { [15] = 1 };

	return family == 4 ? b[0] == 127 : !memcmp(b, loopback, sizeof(loopback));
}

/**
 * eqfw_addr_is_link_local() - fe80::/10 (IPv4 link-local addresses are routed like any other)
 * @family: 4 or 6
 * @b: the address
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_link_local(u8 family, const u8 *b)
{
	return family == 6 && b[0] == 0xfe && (b[1] & 0xc0) == 0x80;
}

/**
 * eqfw_addr_is_link_group() - multicast that no router forwards: 224.0.0.0/24, ff02::/16
 * @family: 4 or 6
 * @b: the address
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_link_group(u8 family, const u8 *b)
{
	return family == 4 ? b[0] == 224 && !b[1] && !b[2] : b[0] == 0xff && b[1] == 0x02;
}

/**
 * eqfw_addr_is_no_source() - address that no packet may come from
 * @family: 4 or 6
 * @b: the address
 *
 * 0/8, 127/8, 224/4, 240/4, ::, ::1, ff00::/8 and IPv4 written as IPv6.
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_no_source(u8 family, const u8 *b)
{
	if (family == 4)
		return b[0] == 0 || b[0] == 127 || b[0] >= 224;
	return eqfw_addr_is_multicast(6, b) || eqfw_addr_is_unspecified(6, b) ||
	       eqfw_addr_is_loopback(6, b) || eqfw_addr_is_mapped(b);
}

#endif
