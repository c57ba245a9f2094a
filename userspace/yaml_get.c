// SPDX-License-Identifier: GPL-2.0
/* Typed access to a YAML tree; every refusal has its place. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml.h"

struct place yaml_place(const struct yaml *node)
{
	return node->key ? node->key->at : node->at;
}

struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (struct yaml *child = map->first; child; child = child->next)
		if (!strcmp(child->key->text, key))
			return child;
	return NULL;
}

struct yaml *yaml_require(const struct yaml *map, const char *key, const char *help,
			  struct diag *diag)
{
	struct yaml *value = yaml_get(map, key);
	char add[64];

	if (value)
		return value;
	snprintf(add, sizeof(add), "add `%s:`", key);
	if (map->key)
		diag_error(diag, yaml_place(map), help ? help : add, "'%s' has no '%s:'",
			   map->key->text, key);
	else
		diag_error(diag, map->at, help ? help : add, "'%s:' is missing here", key);
	return NULL;
}

const char *yaml_did_you_mean(struct arena *arena, const char *word, const char *const *candidates,
			      size_t n, const char *otherwise)
{
	const char *near = diag_suggest(word, candidates, n);

	return near ? arena_printf(arena, "did you mean '%s'?", near) : otherwise;
}

static void refuse_word(const struct yaml *node, const char *what, const char *const *words,
			size_t n, struct diag *diag)
{
	struct arena *arena = arena_new();
	const char *list = "write one of:";

	for (size_t i = 0; i < n; i++)
		list = arena_printf(arena, "%s%s %s", list, i ? "," : "", words[i]);
	diag_error(diag, node->at, yaml_did_you_mean(arena, node->text, words, n, list),
		   "unknown %s '%s'", what, node->text);
	arena_free(arena);
}

static bool key_known(const char *key, const char *const *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(key, known[i]))
			return true;
	return false;
}

bool yaml_known_keys(const struct yaml *map, const char *const *known, size_t n, struct diag *diag)
{
	bool good = true;

	for (const struct yaml *child = map->first; child; child = child->next) {
		if (key_known(child->key->text, known, n))
			continue;
		refuse_word(child->key, "key", known, n, diag);
		good = false;
	}
	return good;
}

static const char *kind_name(const struct yaml *node)
{
	static const char *const names[] = { "one value", "a list", "a mapping" };

	return node->kind == YAML_SCALAR && !*node->text ? "nothing" : names[node->kind];
}

bool yaml_is_map(const struct yaml *node, const char *what, struct diag *diag)
{
	if (node->kind == YAML_MAP)
		return true;
	diag_error(diag, yaml_place(node), "write {key: value, ...} or indented `key: value` lines",
		   "%s is a mapping, not %s", what, kind_name(node));
	return false;
}

bool yaml_is_list(const struct yaml *node, const char *what, struct diag *diag)
{
	if (node->kind == YAML_LIST)
		return true;
	diag_error(diag, yaml_place(node), "write [a, b, ...] or lines that begin with `- `",
		   "%s is a list, not %s", what, kind_name(node));
	return false;
}

const char *yaml_text(const struct yaml *node, const char *what, struct diag *diag)
{
	if (node->kind == YAML_SCALAR && *node->text)
		return node->text;
	diag_error(diag, node->kind == YAML_SCALAR ? node->at : yaml_place(node),
		   "write one value behind the colon or dash", "%s was expected here, not %s", what,
		   kind_name(node));
	return NULL;
}

bool yaml_bool(const struct yaml *node, bool *out, struct diag *diag)
{
	const char *text = yaml_text(node, "true or false", diag);

	if (!text)
		return false;
	*out = !strcmp(text, "true");
	if (*out || !strcmp(text, "false"))
		return true;
	diag_error(diag, node->at, "write true or false", "'%s' is neither true nor false", text);
	return false;
}

bool yaml_number(const struct yaml *node, uint64_t min, uint64_t max, uint64_t *out,
		 struct diag *diag)
{
	const char *text = yaml_text(node, "a number", diag);
	size_t digits;

	if (!text)
		return false;
	digits = strspn(text, "0123456789");
	*out = digits && digits < 20 ? strtoull(text, NULL, 10) : UINT64_MAX;
	if (digits && !text[digits] && *out >= min && *out <= max && (*text != '0' || digits == 1))
		return true;
	diag_error(diag, node->at, "write a whole number in decimal digits",
		   "'%s' is no number from %" PRIu64 " to %" PRIu64, text, min, max);
	return false;
}

int yaml_word(const struct yaml *node, const char *what, const char *const *words, size_t n,
	      struct diag *diag)
{
	if (!yaml_text(node, what, diag))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(node->text, words[i]))
			return (int)i;
	refuse_word(node, what, words, n, diag);
	return -1;
}
