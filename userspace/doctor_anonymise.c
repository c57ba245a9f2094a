// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "mem.h"

#define ADDRESS_CHARACTERS "0123456789abcdefABCDEF:."

/* The word for an address: the same for the same one. */
static const char *word_for(json_t *known, int family, const char *address)
{
	const char *word = json_string_value(json_object_get(known, address));
	char fresh[32];

	if (word)
		return word;
	snprintf(fresh, sizeof(fresh), "v%d-%zu", family == AF_INET ? 4 : 6,
		 json_object_size(known) + 1);
	json_object_set_new(known, address, json_string(fresh));
	return json_string_value(json_object_get(known, address));
}

static void write_token(json_t *known, const char *token, size_t len, FILE *out)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	int family = AF_INET;

	snprintf(text, sizeof(text), "%.*s", (int)len, token);
	if (len < sizeof(text) && (inet_pton(AF_INET, text, bytes) == 1 ||
				   (family = AF_INET6, inet_pton(AF_INET6, text, bytes) == 1)))
		fputs(word_for(known, family, text), out);
	else
		fwrite(token, 1, len, out);
}

static char *replace(json_t *known, const char *text)
{
	char *copy = NULL;
	size_t size;
	FILE *out = open_memstream(&copy, &size);

	while (out && *text) {
		size_t len = strspn(text, ADDRESS_CHARACTERS);

		if (len)
			write_token(known, text, len, out);
		else
			fputc(*text++, out);
		text += len;
	}
	if (out)
		fclose(out);
	return copy;
}

static void walk(json_t *known, json_t *at)
{
	const char *key;
	json_t *value;
	size_t i;
	char *copy;

	if (json_is_object(at)) {
		json_object_foreach(at, key, value)
			walk(known, value);
	} else if (json_is_array(at)) {
		json_array_foreach(at, i, value)
			walk(known, value);
	} else if (json_is_string(at)) {
		copy = replace(known, json_string_value(at));
		if (copy)
			json_string_set(at, copy);
		free(copy);
	}
}

void doctor_anonymise(json_t *root)
{
	json_t *known = json_object();

	walk(known, root);
	json_decref(known);
}
