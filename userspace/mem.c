// SPDX-License-Identifier: GPL-2.0
/* Arenas on glibc's obstack, and allocation that cannot fail. */
#include <obstack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define obstack_chunk_alloc must_alloc
#define obstack_chunk_free free

struct arena {
	struct obstack stack;
};

static void out_of_memory(void)
{
	fputs("eqfwctl: out of memory\n", stderr);
	exit(1);
}

void *must_alloc(size_t size)
{
	void *memory = malloc(size ? size : 1);

	if (!memory)
		out_of_memory();
	return memory;
}

void *must_realloc(void *memory, size_t size)
{
	memory = realloc(memory, size ? size : 1);
	if (!memory)
		out_of_memory();
	return memory;
}

struct arena *arena_new(void)
{
	struct arena *arena = must_alloc(sizeof(*arena));

	obstack_init(&arena->stack);
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	obstack_free(&arena->stack, NULL);
	free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(obstack_alloc(&arena->stack, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	return obstack_copy0(&arena->stack, text, len);
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	char *text;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return text;
}
