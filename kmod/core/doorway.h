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

#include <linux/build_bug.h>
#include <linux/byteorder/generic.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#else

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
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
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)
#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)

#endif

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
