// SPDX-License-Identifier: GPL-2.0
#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eqfw/reasons.h>

#include "cmd.h"
#include "mem.h"
#include "out.h"

static void forget_image(void *ctx)
{
	struct image *image = ctx;

	image->size = 0;
}

static bool take_piece(void *ctx, const struct nlattr *attr)
{
	struct image *image = ctx;
	size_t len = mnl_attr_get_payload_len(attr);

	if (mnl_attr_get_type(attr) != EQFW_A_PROFILE)
		return true;
	if (len > EQFW_PROFILE_MAX - image->size)
		return false;
	image->bytes = must_realloc(image->bytes, image->size + len + 1);
	memcpy(image->bytes + image->size, mnl_attr_get_payload(attr), len);
	image->size += len;
	return true;
}

static int read_profile(struct nl *nl, const uint8_t *digest, struct profile_file *out)
{
	struct nl_reader reader = {
		.restart = forget_image, .take = take_piece, .ctx = &out->image, .digest = digest
	};
	struct eqfw_fault fault;
	int status;

	*out = (struct profile_file){ 0 };
	status = nl_dump(nl, EQFW_CMD_PROFILE_GET, &reader);
	if (!status &&
	    eqfw_profile_check(out->image.bytes, out->image.size, &out->profile, &fault)) {
		out_complain("the kernel's profile is not one that this eqfwctl reads: %s (%s %u)",
			     fault.what, fault.section, fault.record);
		status = EXIT_STATUS_VERSION;
	}
	if (status)
		profile_file_free(out);
	return status;
}

int live_profile(struct nl *nl, struct profile_file *out)
{
	return read_profile(nl, NULL, out);
}

int live_profile_of(struct nl *nl, const uint8_t digest[EQFW_DIGEST_SIZE], struct profile_file *out)
{
	return read_profile(nl, digest, out);
}

static void forget_drops(void *ctx)
{
	struct live_drops *drops = ctx;

	drops->n_reasons = 0;
	drops->n_pairs = 0;
}

static void take_reason(struct live_drops *drops, const struct nlattr *nest)
{
	const struct nlattr *attrs[EQFW_REASON_A_MAX + 1];
	const struct nlattr *code;

	nl_nest(nest, attrs, EQFW_REASON_A_MAX);
	code = attrs[EQFW_REASON_A_CODE];
	if (!code || mnl_attr_validate(code, MNL_TYPE_U8))
		return;
	GROW(drops->reasons, drops->n_reasons, drops->reasons_capacity);
	drops->reasons[drops->n_reasons++] = (struct live_reason){
		.code = mnl_attr_get_u8(code),
		.dropped = { nl_u64(attrs[EQFW_REASON_A_PACKETS]),
			     nl_u64(attrs[EQFW_REASON_A_BYTES]) },
		.audited = { nl_u64(attrs[EQFW_REASON_A_AUDIT_PACKETS]),
			     nl_u64(attrs[EQFW_REASON_A_AUDIT_BYTES]) },
	};
}

static void take_pair(struct live_drops *drops, const struct nlattr *nest)
{
	const struct nlattr *attrs[EQFW_PAIR_A_MAX + 1];
	struct live_pair *pair;

	nl_nest(nest, attrs, EQFW_PAIR_A_MAX);
	GROW(drops->pairs, drops->n_pairs, drops->pairs_capacity);
	pair = &drops->pairs[drops->n_pairs++];
	*pair = (struct live_pair){
		.passed = { nl_u64(attrs[EQFW_PAIR_A_PASS_PACKETS]),
			    nl_u64(attrs[EQFW_PAIR_A_PASS_BYTES]) },
		.dropped = { nl_u64(attrs[EQFW_PAIR_A_DROP_PACKETS]),
			     nl_u64(attrs[EQFW_PAIR_A_DROP_BYTES]) },
	};
	snprintf(pair->from, sizeof(pair->from), "%s", nl_string(attrs[EQFW_PAIR_A_FROM]));
	snprintf(pair->to, sizeof(pair->to), "%s", nl_string(attrs[EQFW_PAIR_A_TO]));
}

static bool take_drops(void *ctx, const struct nlattr *attr)
{
	if (mnl_attr_get_type(attr) == EQFW_A_REASON)
		take_reason(ctx, attr);
	else if (mnl_attr_get_type(attr) == EQFW_A_PAIR)
		take_pair(ctx, attr);
	return true;
}

int live_drops(struct nl *nl, struct live_drops *out)
{
	struct nl_reader reader = { forget_drops, take_drops, out };

	*out = (struct live_drops){ 0 };
	return nl_dump(nl, EQFW_CMD_DROPS_GET, &reader);
}

void live_drops_free(struct live_drops *drops)
{
	free(drops->reasons);
	free(drops->pairs);
}

static void forget_items(void *ctx)
{
	struct live_items *items = ctx;

	items->n = 0;
}

static bool take_item(void *ctx, const struct nlattr *attr)
{
	const struct nlattr *attrs[EQFW_ITEM_A_MAX + 1];
	struct live_items *items = ctx;
	struct live_item *item;

	if (mnl_attr_get_type(attr) != EQFW_A_ITEM)
		return true;
	nl_nest(attr, attrs, EQFW_ITEM_A_MAX);
	GROW(items->items, items->n, items->capacity);
	item = &items->items[items->n++];
	*item = (struct live_item){
		.live = attrs[EQFW_ITEM_A_LIVE],
		.passed = { nl_u64(attrs[EQFW_ITEM_A_PACKETS]), nl_u64(attrs[EQFW_ITEM_A_BYTES]) },
	};
	snprintf(item->id, sizeof(item->id), "%s", nl_string(attrs[EQFW_ITEM_A_ID]));
	return true;
}

int live_items(struct nl *nl, struct live_items *out)
{
	struct nl_reader reader = { forget_items, take_item, out };

	*out = (struct live_items){ 0 };
	return nl_dump(nl, EQFW_CMD_ITEMS_GET, &reader);
}

void live_items_free(struct live_items *items)
{
	free(items->items);
}

#define REASON_NAME(sym, name, sentence) [EQFW_REASON_##sym] = name,
#define REASON_SENTENCE(sym, name, sentence) [EQFW_REASON_##sym] = sentence,

const char *reason_name(unsigned int code)
{
	static const char *const names[EQFW_N_REASONS] = { EQFW_REASONS(REASON_NAME) };

	return code < EQFW_N_REASONS && names[code] ? names[code] : "unknown";
}

const char *reason_sentence(unsigned int code)
{
	static const char *const sentences[EQFW_N_REASONS] = { EQFW_REASONS(REASON_SENTENCE) };

	return code < EQFW_N_REASONS && sentences[code] ? sentences[code] : "";
}
