/* SPDX-License-Identifier: GPL-2.0 */
/* profile.bin as a file: read, checked, written safely. */
#ifndef EQFW_IMAGE_H
#define EQFW_IMAGE_H

#include "diag.h"
#include "profile_check.h"
#include "ruleset.h"

/**
 * struct profile_file - a checked profile in memory
 * @image: its bytes
 * @profile: the trusted view into them
 */
struct profile_file {
	struct image image;
	struct eqfw_profile profile;
};

/* Read "-" or a regular file of at most EQFW_PROFILE_MAX bytes and check it. Returns an exit status
 * of cmd.h: EXIT_STATUS_OK, EXIT_STATUS_INVALID, EXIT_STATUS_VERSION. Free with profile_file_free(). */
int profile_file_read(const char *path, struct diag *diag, struct profile_file *out);
void profile_file_free(struct profile_file *file);
/* Write beside the target, fsync, rename: the old file stays whole on any failure. */
bool image_write(const char *path, const struct image *image, struct diag *diag);
/* 64 hex digits and NUL into out[65]. */
void digest_hex(const unsigned char *digest, char *out);

#endif
