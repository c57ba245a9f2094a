// SPDX-License-Identifier: GPL-2.0
#include "item_texts.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct item_texts item_texts_new(const struct eqfw_profile *profile)
{
	struct item_texts texts = { .all = must_alloc((profile->n_items + 1) *
						      sizeof(*texts.all)) };

	for (uint32_t i = 0; i < profile->n_items; i++) {
		const struct eqfw_item_rec *item = &profile->items[i];
		struct item_text *text = &texts.all[i];

		text->record = item;
		text->id = eqfw_profile_string(profile, item->id);
		text->printed = eqfw_profile_string(profile, item->printed);
		text->pair = eqfw_profile_string(profile, item->pair);
		HASH_ADD_KEYPTR(hh, texts.by_id, text->id, strlen(text->id), text);
	}
	return texts;
}

void item_texts_free(struct item_texts *texts)
{
	HASH_CLEAR(hh, texts->by_id);
	free(texts->all);
}

const struct item_text *item_texts_find(const struct item_texts *texts, const char *id)
{
	static const struct item_text none = { .printed = "", .pair = "" };
	struct item_text *text;

	HASH_FIND_STR(texts->by_id, id, text);
	return text ? text : &none;
}

size_t item_row_length(const char *id)
{
	const char *colon = strrchr(id, ':');

	return colon ? (size_t)(colon - id) : strlen(id);
}
