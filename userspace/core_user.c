// SPDX-License-Identifier: GPL-2.0
/* The user-space side of kmod/core/doorway.h. */
#include "doorway.h"

#include <nettle/sha2.h>

void *eqfw_core_alloc(size_t size)
{
	return calloc(1, size);
}

void eqfw_core_free(const void *memory)
{
	free((void *)memory);
}

void eqfw_core_breathe(void)
{
	/* user space is preempted anyway */
}

void eqfw_core_sha256(const void *data, size_t len, u8 *digest)
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, SHA256_DIGEST_SIZE, digest);
}
