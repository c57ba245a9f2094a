// SPDX-License-Identifier: GPL-2.0
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "mem.h"
#include "netns.h"
#include "out.h"
#include "store_files.h"

#define STATE_DIRECTORY "/var/lib/eqfw"
#define LOCK_TENTHS 50 /* of a second until another changer is called stuck */
#define KEEP_MOST 32   /* profiles beside current and previous */

static const char *state_directory(void)
{
	const char *given = getenv("EQFW_STATE_DIR");

	return given && *given ? given : STATE_DIRECTORY;
}

struct store *store_open(const char *netns)
{
	struct arena *arena;
	struct store *store;
	char name[256] = "";

	/* A name that is none leads nowhere; who enters the namespace is told so. */
	if (netns ? strchr(netns, '/') || *netns == '.' : !netns_name(name, sizeof(name)))
		return NULL;
	if (netns)
		snprintf(name, sizeof(name), "%s", netns);
	arena = arena_new();
	store = arena_alloc(arena, sizeof(*store));
	store->arena = arena;
	store->lock = -1;
	store->directory =
		*name ? arena_printf(arena, "%s/netns/%s/profiles", state_directory(), name)
		      : arena_printf(arena, "%s/profiles", state_directory());
	return store;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	if (store->lock >= 0)
		close(store->lock);
	arena_free(store->arena);
}

const char *store_directory(const struct store *store)
{
	return store ? store->directory : NULL;
}

const char *store_path(struct store *store, const char *name)
{
	return arena_printf(store->arena, "%s/%s", store->directory, name);
}

static int complain(const struct store *store, const char *what)
{
	out_complain("cannot %s %s: %s", what, store->directory, strerror(errno));
	return errno == EACCES || errno == EPERM ? EXIT_STATUS_NOT_PERMITTED : EXIT_STATUS_NO;
}

/* mkdir -p; what is kept there says how a site is built, so it is not for everybody. */
static bool make_directories(const struct store *store)
{
	char *path = arena_strdup(store->arena, store->directory);

	for (char *at = strchr(path + 1, '/');; at = strchr(at + 1, '/')) {
		if (at)
			*at = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return false;
		if (!at)
			return true;
		*at = '/';
	}
}

int store_lock(struct store *store)
{
	if (!store)
		return EXIT_STATUS_OK;
	store->lock = open(store->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->lock < 0 && errno == ENOENT && make_directories(store))
		store->lock = open(store->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->lock < 0)
		return complain(store, "keep profiles in");
	for (int i = 0; flock(store->lock, LOCK_EX | LOCK_NB); i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return complain(store, "lock");
		if (i == LOCK_TENTHS) {
			out_complain("another eqfwctl is changing %s", store->directory);
			return EXIT_STATUS_BUSY;
		}
		usleep(100000);
	}
	return EXIT_STATUS_OK;
}

bool store_is_locked(const struct store *store)
{
	return store && store->lock >= 0;
}

bool store_file_is(const char *path, const uint8_t digest[EQFW_DIGEST_SIZE])
{
	struct diag diag = { .quiet = true };
	struct profile_file kept;
	bool same;

	if (access(path, F_OK) || profile_file_read(path, &diag, &kept))
		return false;
	same = !memcmp(kept.profile.digest, digest, EQFW_DIGEST_SIZE);
	profile_file_free(&kept);
	return same;
}

int store_keep(struct store *store, const struct profile_file *file)
{
	char name[STORE_NAME_MAX];
	struct diag diag = { 0 };
	const char *path;

	if (!store)
		return EXIT_STATUS_OK;
	store_name(file->profile.digest, name);
	path = store_path(store, name);
	if (store_file_is(path, file->profile.digest) || store_is_boot(store, file))
		return EXIT_STATUS_OK;
	store_tidy(store, KEEP_MOST);
	return image_write(path, &file->image, &diag) ? EXIT_STATUS_OK : EXIT_STATUS_NO;
}

int store_switch(struct store *store, const uint8_t digest[EQFW_DIGEST_SIZE])
{
	char name[STORE_NAME_MAX], old[STORE_NAME_MAX];
	bool had;

	if (!store)
		return EXIT_STATUS_OK;
	store_name(digest, name);
	had = store_link_read(store, STORE_CURRENT, old);
	if (had && !strcmp(old, name))
		return EXIT_STATUS_OK;
	/* Previous first: whatever happens between the two, current is the old one. */
	if ((had && !store_link_set(store, STORE_PREVIOUS, old)) ||
	    !store_link_set(store, STORE_CURRENT, name) || fsync(store->lock))
		return complain(store, "change the links in");
	return EXIT_STATUS_OK;
}

/* How many kept profiles begin so; the last of them into `name`. */
static unsigned int match(const struct store_list *list, const char *digits, char *name)
{
	unsigned int found = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (strncmp(list->entries[i].digest, digits, strlen(digits)))
			continue;
		snprintf(name, STORE_NAME_MAX, "%s" STORE_SUFFIX, list->entries[i].digest);
		found++;
	}
	return found;
}

static int resolve_digits(struct store *store, const char *digits, const char **path)
{
	char name[STORE_NAME_MAX];
	struct store_list list;
	unsigned int found;
	int exit_status = store_read(store, &list);

	if (exit_status)
		return exit_status;
	found = match(&list, digits, name);
	free(list.entries);
	if (found == 1) {
		*path = store_path(store, name);
		return EXIT_STATUS_OK;
	}
	out_complain(found ? "%u profiles in %s have a digest that begins with %s: more digits"
			   : "%u profiles in %s have a digest that begins with %s, and no file has "
			     "that name (see: eqfwctl history)",
		     found, store->directory, digits);
	return EXIT_STATUS_INVALID;
}

static bool is_digits(const char *word)
{
	size_t len = strlen(word);

	return len >= 4 && len <= 2 * EQFW_DIGEST_SIZE && strspn(word, "0123456789abcdef") == len &&
	       access(word, F_OK);
}

int store_resolve(struct store *store, const char *word, const char **path)
{
	char name[STORE_NAME_MAX];
	bool link = !strcmp(word, STORE_CURRENT) || !strcmp(word, STORE_PREVIOUS);

	*path = NULL;
	if (!link && !is_digits(word))
		return EXIT_STATUS_OK;
	if (!store) {
		out_complain("profiles of a namespace without a name are not kept");
		return EXIT_STATUS_INVALID;
	}
	if (!link)
		return resolve_digits(store, word, path);
	if (store_link_read(store, word, name)) {
		*path = store_path(store, name);
		return EXIT_STATUS_OK;
	}
	out_complain("no profile in %s is the %s one (see: eqfwctl history)", store->directory,
		     word);
	return EXIT_STATUS_INVALID;
}
