/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only door between the pure core and the world it is built into: the module, eqfwctl, unit
 * tests, fuzzers, benchmarks. Core files include this header, the headers of include/eqfw/ and each
 * other, nothing else; `make style` checks that.
 */
#ifndef EQFW_CORE_DOORWAY_H
#define EQFW_CORE_DOORWAY_H

#include <eqfw/types.h>

#ifdef __KERNEL__

#include <asm/byteorder.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sort.h>
#include <linux/string.h>

#else

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

#define le16_to_cpu(x) le16toh((__u16)(x))
#define le32_to_cpu(x) le32toh((__u32)(x))
#define le64_to_cpu(x) le64toh((__u64)(x))
#define cpu_to_le16(x) htole16((__u16)(x))
#define cpu_to_le32(x) htole32((__u32)(x))
#define cpu_to_le64(x) htole64((__u64)(x))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((noinline))
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#define hweight64(x) ((unsigned int)__builtin_popcountll(x))
#define __ffs64(x) ((unsigned int)__builtin_ctzll(x))

#endif

/**
 * eqfw_core_sort() - sort an array in place
 * @base: the array
 * @n: number of elements
 * @size: bytes of an element
 * @compare: negative, 0 or positive as its first element is before, equal or behind the second
 *
 * Context: process context; does not let others run, so keep @n in the ten thousands.
 */
static inline void eqfw_core_sort(void *base, size_t n, size_t size,
				  int (*compare)(const void *, const void *))
{
#ifdef __KERNEL__
	sort(base, n, size, compare, NULL);
#else
	qsort(base, n, size, compare);
#endif
}

/**
 * eqfw_core_alloc() - zeroed memory for a table under construction
 * @size: bytes, may be megabytes
 *
 * Context: process context, may sleep. In the kernel the memory is charged to the caller's memory
 * cgroup.
 * Return: the memory, or NULL.
 */
void *eqfw_core_alloc(size_t size);

/**
 * eqfw_core_free() - release what eqfw_core_alloc() gave
 * @memory: the memory or NULL
 */
void eqfw_core_free(const void *memory);

/**
 * eqfw_core_breathe() - let others run during a long build
 *
 * Context: process context. Cheap enough to call every few hundred steps.
 */
void eqfw_core_breathe(void);

/**
 * eqfw_core_sha256() - SHA-256 of a buffer, in chunks that let others run
 * @data: the bytes
 * @len: how many
 * @digest: 32 bytes out
 *
 * Context: process context, may sleep.
 */
void eqfw_core_sha256(const void *data, size_t len, u8 *digest);

#endif
