/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of the tool: everything a command reads lives in one arena (glibc's obstack) and dies with
 * it. Allocation never returns NULL: out of memory ends the program with a message and status 1.
 */
#ifndef EQFW_MEM_H
#define EQFW_MEM_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);
/* Zeroed memory that lives as long as the arena. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* malloc/realloc that end the program instead of failing. */
void *must_alloc(size_t size);
void *must_realloc(void *memory, size_t size);

/* Grow a malloc'd array so that element number `n` exists. */
#define GROW(array, n, capacity) \
	do { \
		if ((n) == (capacity)) { \
			(capacity) = (capacity) ? 2 * (capacity) : 16; \
			(array) = must_realloc((array), (capacity) * sizeof(*(array))); \
		} \
	} while (0)

#endif
