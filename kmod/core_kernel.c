// SPDX-License-Identifier: GPL-2.0
/* The core's doorway as the kernel answers it; userspace/core_user.c is the other side. */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <crypto/sha2.h>

#include "alloc.h"
#include "doorway.h"

#define EQFW_HASH_CHUNK SZ_64K

/* kvzalloc() takes huge pages for large tables by itself, on every kernel from 5.18. */
void *eqfw_core_alloc(size_t size)
{
	return kvzalloc(size, EQFW_GFP);
}

void eqfw_core_free(const void *memory)
{
	kvfree(memory);
}

void eqfw_core_breathe(void)
{
	cond_resched();
}

void eqfw_core_sha256(const void *data, size_t len, u8 *digest)
{
	struct sha256_ctx ctx;
	const u8 *p = data;

	sha256_init(&ctx);
	while (len) {
		size_t n = min_t(size_t, len, EQFW_HASH_CHUNK);

		sha256_update(&ctx, p, n);
		p += n;
		len -= n;
		cond_resched();
	}
	sha256_final(&ctx, digest);
}
