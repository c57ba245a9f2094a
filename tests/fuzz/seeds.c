// SPDX-License-Identifier: GPL-2.0
/* Writes profiles into the directory that is named: where the fuzzer of profiles begins. */
#include <err.h>
#include <stdio.h>

#include "random_profile.h"
#include "vectors.h"

static void put(const char *dir, const char *kind, u32 n, u8 *bytes, size_t size)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s-%u", dir, kind, n);
	file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
		err(1, "%s", path);
	eqfw_core_free(bytes);
}

int main(int argc, char **argv)
{
	struct random_source r = { 0xda942042e4dd58b5ull };
	size_t size;

	if (argc != 2)
		return 2;
	for (u32 variant = 0; variant < N_PROFILES; variant++) {
		u8 *bytes = vector_profile(variant, &size);

		put(argv[1], "vector", variant, bytes, size);
	}
	for (u32 i = 0; i < 24; i++) {
		u8 *bytes = random_profile(&r, 3, &size);

		put(argv[1], "random", i, bytes, size);
	}
	return 0;
}
