/* SPDX-License-Identifier: GPL-2.0 */
/*
 * YAML files as small trees that know the place of everything, for readers that complain well.
 *
 * libfyaml parses; this layer keeps the subset that a configuration needs. Anchors, aliases, merge
 * keys, tags and further documents are refused: a file of any size stands for no more than it shows
 * (no "billion laughs"). Duplicate keys are refused. A scalar is what is written: `off` is a word,
 * 12 is text until somebody asks for a number.
 */
#ifndef EQFW_YAML_H
#define EQFW_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"
#include "mem.h"

#define YAML_MAX_SIZE (16u << 20) /* bytes of a file */
#define YAML_MAX_DEPTH 24	  /* lists and mappings inside each other */
#define YAML_MAX_NODES (3u << 20) /* values and keys of a file */

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

/**
 * struct yaml - a value
 * @kind: what it is
 * @at: its place; of an empty value its key's
 * @text: of a scalar, never NULL
 * @key: the key where this is a mapping's value, else NULL
 * @first: first element of a list, first value of a mapping
 * @next: next sibling
 * @n: number of elements or keys
 */
struct yaml {
	enum yaml_kind kind;
	struct place at;
	const char *text;
	struct yaml *key;
	struct yaml *first;
	struct yaml *next;
	size_t n;
};

/*
 * Read a regular file of at most `max` bytes. Text must be UTF-8 without control characters; CR LF
 * and a byte order mark are accepted. NULL after errors, which are in diag.
 */
const struct source_text *source_read(struct arena *arena, const char *file, size_t max,
				      struct diag *diag);
/* Read a file and parse it; its top must be a mapping. NULL after errors. */
struct yaml *yaml_read(struct arena *arena, const char *file, struct diag *diag);
/* The same for a text in memory. */
struct yaml *yaml_parse(struct arena *arena, const struct source_text *source, struct diag *diag);

/* The place to point at for complaints about a whole value: its key's, else its own. */
struct place yaml_place(const struct yaml *node);
/* A mapping's value by key, or NULL. `map` may be NULL or anything else. */
struct yaml *yaml_get(const struct yaml *map, const char *key);
/* The same; its absence is an error. */
struct yaml *yaml_require(const struct yaml *map, const char *key, const char *help,
			  struct diag *diag);
/* Complain about every key that is not among `known`, with a suggestion. */
bool yaml_known_keys(const struct yaml *map, const char *const *known, size_t n, struct diag *diag);
bool yaml_is_map(const struct yaml *node, const char *what, struct diag *diag);
bool yaml_is_list(const struct yaml *node, const char *what, struct diag *diag);
/* A scalar that is not empty; NULL after an error. `what` names it: "a zone name". */
const char *yaml_text(const struct yaml *node, const char *what, struct diag *diag);
bool yaml_bool(const struct yaml *node, bool *out, struct diag *diag);
bool yaml_number(const struct yaml *node, uint64_t min, uint64_t max, uint64_t *out,
		 struct diag *diag);
/* The index of a scalar in a list of words; -1 after an error with a suggestion. */
int yaml_word(const struct yaml *node, const char *what, const char *const *words, size_t n,
	      struct diag *diag);

/*
 * Elements where one scalar may stand for a list of one:
 *	for (child = yaml_first(node); child; child = yaml_after(node, child))
 */
static inline struct yaml *yaml_first(struct yaml *node)
{
	return node && node->kind != YAML_LIST ? node : node ? node->first : NULL;
}

static inline struct yaml *yaml_after(const struct yaml *node, const struct yaml *child)
{
	return child == node ? NULL : child->next;
}

static inline size_t yaml_count(const struct yaml *node)
{
	return node ? node->kind == YAML_LIST ? node->n : 1 : 0;
}

/* "did you mean 'x'?" in the arena, or `otherwise` where nothing is near. */
const char *yaml_did_you_mean(struct arena *arena, const char *word, const char *const *candidates,
			      size_t n, const char *otherwise);

#endif
