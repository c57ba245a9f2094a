/* SPDX-License-Identifier: GPL-2.0 */
/* What item ids stand for: a profile's items by id. */
#ifndef EQFW_ITEM_TEXTS_H
#define EQFW_ITEM_TEXTS_H

#include <uthash.h>

#include "profile_check.h"

/**
 * struct item_text - an item of the profile
 * @id: its id
 * @printed: the entry as the document (or the site) prints it
 * @pair: "source device -> destination device" as printed
 * @record: the item itself, NULL where the profile has none of that id
 */
struct item_text {
	const char *id;
	const char *printed;
	const char *pair;
	const struct eqfw_item_rec *record;
	UT_hash_handle hh;
};

/**
 * struct item_texts - all items of a profile; the profile must live as long
 */
struct item_texts {
	struct item_text *by_id;
	struct item_text *all;
};

struct item_texts item_texts_new(const struct eqfw_profile *profile);
void item_texts_free(struct item_texts *texts);
/* Never NULL: empty texts where there is no such item. */
const struct item_text *item_texts_find(const struct item_texts *texts, const char *id);
/* Bytes of an item's id that are its row's: without the ":n" of an item of the document. */
size_t item_row_length(const char *id);

#endif
