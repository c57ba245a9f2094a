/* SPDX-License-Identifier: GPL-2.0 */
/* The directory of a store: names, links, what is in it. Shared by store.c and store_files.c alone. */
#ifndef EQFW_STORE_FILES_H
#define EQFW_STORE_FILES_H

#include "store.h"

#define STORE_SUFFIX ".bin"
#define STORE_NAME_MAX (2 * EQFW_DIGEST_SIZE + sizeof(STORE_SUFFIX))

/**
 * struct store - an open store
 * @arena: everything of it
 * @directory: where the profiles are
 * @lock: the directory, while it is locked; else -1
 */
struct store {
	struct arena *arena;
	const char *directory;
	int lock;
};

void store_name(const uint8_t digest[EQFW_DIGEST_SIZE], char out[STORE_NAME_MAX]);
/* The profile that a link names; false where it is no link to one of this directory. */
bool store_link_read(struct store *store, const char *link, char out[STORE_NAME_MAX]);
/* Make the link mean another profile, in one rename; errno says why not. Needs the lock. */
bool store_link_set(struct store *store, const char *link, const char *name);
/*
 * Take away what a killed tool left, and the oldest profiles over `keep`; never what a link names.
 * What cannot be taken away stays. Needs the lock.
 */
void store_tidy(struct store *store, size_t keep);

#endif
