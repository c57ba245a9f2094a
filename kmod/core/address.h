/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kinds of addresses that the protocols themselves define, both families. Addresses are compared as
 * numbers: every packet is asked these questions, and memcmp() may be a call.
 */
#ifndef EQFW_CORE_ADDRESS_H
#define EQFW_CORE_ADDRESS_H

#include "doorway.h"

/**
 * eqfw_read_be32() - 4 bytes as a number
 * @b: network byte order
 *
 * Return: the number.
 */
static inline u32 eqfw_read_be32(const u8 *b)
{
	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

/**
 * eqfw_read_be64() - 8 bytes as a number
 * @b: network byte order
 *
 * Return: the number.
 */
static inline u64 eqfw_read_be64(const u8 *b)
{
	return (u64)eqfw_read_be32(b) << 32 | eqfw_read_be32(b + 4);
}

/**
 * eqfw_addr_is_mapped() - IPv4 address written as IPv6, ::ffff:0:0/96
 * @b: 16 bytes, an IPv6 address
 *
 * Return: whether it is.
 */
static inline bool eqfw_addr_is_mapped(const u8 *b)
{
	return !eqfw_read_be64(b) && eqfw_read_be32(b + 8) == 0xffff;
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
	return family == 4 ? !eqfw_read_be32(b) : !(eqfw_read_be64(b) | eqfw_read_be64(b + 8));
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
	if (family == 4)
		return b[0] == 127;
	return !eqfw_read_be64(b) && eqfw_read_be64(b + 8) == 1;
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
