// SPDX-License-Identifier: GPL-2.0
/* The user-space side of kmod/core/doorway.h. */
#include "doorway.h"

#include <nettle/sha2.h>

#define LINE 64u /* a table's arrays begin cache lines, as those of the kernel do */

void *eqfw_core_alloc(size_t size)
{
	size_t room = (size + LINE - 1) / LINE * LINE;
	void *memory = aligned_alloc(LINE, room);

	return memory ? memset(memory, 0, room) : NULL;
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
