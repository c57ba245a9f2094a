// SPDX-License-Identifier: GPL-2.0
#include "store_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "mem.h"
#include "out.h"

#define LINK_NEW ".link.new"

void store_name(const uint8_t digest[EQFW_DIGEST_SIZE], char out[STORE_NAME_MAX])
{
	digest_hex(digest, out);
	memcpy(out + 2 * EQFW_DIGEST_SIZE, STORE_SUFFIX, sizeof(STORE_SUFFIX));
}

static bool is_name(const char *name)
{
	return strlen(name) == STORE_NAME_MAX - 1 &&
	       strspn(name, "0123456789abcdef") == 2 * EQFW_DIGEST_SIZE &&
	       !strcmp(name + 2 * EQFW_DIGEST_SIZE, STORE_SUFFIX);
}

bool store_link_read(struct store *store, const char *link, char out[STORE_NAME_MAX])
{
	ssize_t len = readlink(store_path(store, link), out, STORE_NAME_MAX);

	if (len < 0 || (size_t)len >= STORE_NAME_MAX)
		return false;
	out[len] = '\0';
	return is_name(out);
}

bool store_link_set(struct store *store, const char *link, const char *name)
{
	if (unlinkat(store->lock, LINK_NEW, 0) && errno != ENOENT)
		return false;
	return !symlinkat(name, store->lock, LINK_NEW) &&
	       !renameat(store->lock, LINK_NEW, store->lock, link);
}

static int by_age(const void *a, const void *b)
{
	const struct store_entry *one = a, *other = b;

	if (one->kept_at != other->kept_at)
		return one->kept_at < other->kept_at ? 1 : -1;
	return strcmp(one->digest, other->digest);
}

static void take_entry(DIR *directory, const char *name, struct store_list *out)
{
	struct store_entry *entry;
	struct stat stat;

	if (!is_name(name) || fstatat(dirfd(directory), name, &stat, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(stat.st_mode))
		return;
	GROW(out->entries, out->n, out->capacity);
	entry = &out->entries[out->n++];
	*entry = (struct store_entry){ .kept_at = (uint64_t)stat.st_mtime,
				       .bytes = (uint64_t)stat.st_size };
	memcpy(entry->digest, name, 2 * EQFW_DIGEST_SIZE);
}

static bool means(const char *link, const struct store_entry *entry)
{
	return !strncmp(link, entry->digest, 2 * EQFW_DIGEST_SIZE);
}

static void mark_links(struct store *store, struct store_list *list)
{
	char current[STORE_NAME_MAX] = "", previous[STORE_NAME_MAX] = "";

	if (!store_link_read(store, STORE_CURRENT, current))
		*current = '\0';
	if (!store_link_read(store, STORE_PREVIOUS, previous))
		*previous = '\0';
	for (size_t i = 0; i < list->n; i++) {
		list->entries[i].current = means(current, &list->entries[i]);
		list->entries[i].previous = means(previous, &list->entries[i]);
	}
}

int store_read(struct store *store, struct store_list *out)
{
	struct dirent *entry;
	DIR *directory;

	*out = (struct store_list){ 0 };
	if (!store)
		return EXIT_STATUS_OK;
	directory = opendir(store->directory);
	if (!directory && errno == ENOENT)
		return EXIT_STATUS_OK;
	if (!directory) {
		out_complain("cannot read %s: %s", store->directory, strerror(errno));
		return errno == EACCES ? EXIT_STATUS_NOT_PERMITTED : EXIT_STATUS_NO;
	}
	while ((entry = readdir(directory)))
		take_entry(directory, entry->d_name, out);
	closedir(directory);
	if (out->n)
		qsort(out->entries, out->n, sizeof(*out->entries), by_age);
	mark_links(store, out);
	return EXIT_STATUS_OK;
}

/* Under the lock nobody else writes: what begins with a dot is nobody's any more. */
static void remove_leftovers(struct store *store)
{
	DIR *directory = opendir(store->directory);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] == '.' && strcmp(entry->d_name, ".") &&
		    strcmp(entry->d_name, ".."))
			unlinkat(store->lock, entry->d_name, 0);
	if (directory)
		closedir(directory);
}

void store_tidy(struct store *store, size_t keep)
{
	struct store_list list;
	size_t seen = 0;

	remove_leftovers(store);
	if (store_read(store, &list))
		return;
	for (size_t i = 0; i < list.n; i++) {
		char name[STORE_NAME_MAX];

		if (list.entries[i].current || list.entries[i].previous || ++seen < keep)
			continue;
		snprintf(name, sizeof(name), "%s" STORE_SUFFIX, list.entries[i].digest);
		unlinkat(store->lock, name, 0);
	}
	free(list.entries);
}
