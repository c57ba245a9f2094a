/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The profiles that were loaded here, kept as files: DIGEST.bin each, and two symbolic links.
 * `current` is what the next boot loads: the last profile that was loaded and, where that was asked
 * for, confirmed. `previous` is what was current before it.
 *
 * Every change is one rename, so that a reader, a power cut or a killed tool finds the old or the new
 * state. Functions that return int return an exit status; what went wrong was printed.
 */
#ifndef EQFW_STORE_H
#define EQFW_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "image.h"

#define STORE_CURRENT "current"
#define STORE_PREVIOUS "previous"
#define STORE_BOOT "boot.bin"

struct nl;
struct store;

/*
 * The store of a network namespace: /var/lib/eqfw/profiles for the one that the machine booted
 * with, /var/lib/eqfw/netns/NAME/profiles for others (EQFW_STATE_DIR in place of /var/lib/eqfw).
 * Call it before the namespace is entered. A namespace that has no name has no store: NULL, to which
 * every function below says that nothing is there, and success where it should keep something.
 */
struct store *store_open(const char *netns);
void store_close(struct store *store);
/* Where it is. */
const char *store_directory(const struct store *store);

/*
 * One changer at a time, from before the kernel is asked until its answer is on disk; ends with
 * store_close(). EXIT_STATUS_BUSY after some seconds. Makes the directory.
 */
int store_lock(struct store *store);
bool store_is_locked(const struct store *store);
/* Put the profile's bytes there, synced; writes nothing where they are already. Needs the lock. */
int store_keep(struct store *store, const struct profile_file *file);
/*
 * What store_keep() put there becomes `current`, and what was becomes `previous`. Needs the lock.
 * Does nothing where it is current already.
 */
int store_switch(struct store *store, const uint8_t digest[EQFW_DIGEST_SIZE]);
/*
 * After a change that is for good: the live profile becomes `current`. Locks where nobody has. Where
 * that fails the kernel enforces one profile and the next boot another: said.
 */
int store_commit(struct store *store, const struct profile_file *file);
/* The same of whatever is live in the kernel; nothing where nothing is. */
int store_follow(struct store *store, struct nl *nl);

/* Is there a whole profile with this digest at the path? */
bool store_file_is(const char *path, const uint8_t digest[EQFW_DIGEST_SIZE]);
/*
 * The profile that stands in for `current` where a boot cannot load that: store_commit() keeps it
 * with the profile whose `boot:` asks for one. NULL where there is none. Ends as the store does.
 */
const char *store_boot(struct store *store);
/* Is it that one? It never becomes `current`. */
bool store_is_boot(struct store *store, const struct profile_file *file);

/*
 * The file that a word means: "current", "previous", or the first hexadecimal digits (at least 4) of a
 * digest, as long as no file has that name. NULL where the word is none of it: a path. Ends as the
 * store does.
 */
int store_resolve(struct store *store, const char *word, const char **path);

/**
 * struct store_entry - a kept profile
 * @digest: 64 hexadecimal digits
 * @kept_at: when it was put there, seconds since 1970 UTC
 * @bytes: size of the file
 * @current: the next boot loads it
 * @previous: it was current before that
 */
struct store_entry {
	char digest[2 * EQFW_DIGEST_SIZE + 1];
	uint64_t kept_at;
	uint64_t bytes;
	bool current;
	bool previous;
};

/**
 * struct store_list - all of them, the newest first
 * @entries: malloc'd
 * @n: how many
 * @capacity: room
 */
struct store_list {
	struct store_entry *entries;
	size_t n;
	size_t capacity;
};

/* An absent directory is an empty list. Free the memory with free(). */
int store_read(struct store *store, struct store_list *out);
/* The path of a kept profile; ends as the store does. */
const char *store_path(struct store *store, const char *name);

#endif
