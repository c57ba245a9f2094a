// SPDX-License-Identifier: GPL-2.0
/* Attributes -> values: of the status answer, and of nests. */
#include "nl.h"

#include <stdio.h>
#include <string.h>

#include "nl_attr.h"

struct field {
	uint16_t type;
	enum mnl_attr_data_type data;
	size_t at;
};

#define FIELD(attr, data, member) \
	{ \
		attr, data, offsetof(struct nl_status, member) \
	}

static const struct field fields[] = {
	FIELD(EQFW_A_STATE, MNL_TYPE_U8, state),
	FIELD(EQFW_A_MODE, MNL_TYPE_U8, mode),
	FIELD(EQFW_A_NAME, MNL_TYPE_STRING, name),
	FIELD(EQFW_A_MATRIX, MNL_TYPE_STRING, matrix),
	FIELD(EQFW_A_MODULE_VERSION, MNL_TYPE_STRING, module_version),
	FIELD(EQFW_A_FORMAT_VERSION, MNL_TYPE_U16, format_version),
	FIELD(EQFW_A_ZONES, MNL_TYPE_U32, zones),
	FIELD(EQFW_A_CLASSES, MNL_TYPE_U32, classes),
	FIELD(EQFW_A_RULES, MNL_TYPE_U32, rules),
	FIELD(EQFW_A_ITEMS, MNL_TYPE_U32, items),
	FIELD(EQFW_A_CONNTRACK_COUNT, MNL_TYPE_U32, conntrack_count),
	FIELD(EQFW_A_CONNTRACK_MAX, MNL_TYPE_U32, conntrack_max),
	FIELD(EQFW_A_FLOWS, MNL_TYPE_U32, flows),
	FIELD(EQFW_A_GENERATION, MNL_TYPE_U64, generation),
	FIELD(EQFW_A_LOADED_AT, MNL_TYPE_U64, loaded_at),
	FIELD(EQFW_A_TABLE_BYTES, MNL_TYPE_U64, table_bytes),
	FIELD(EQFW_A_COUNTER_BYTES, MNL_TYPE_U64, counter_bytes),
	FIELD(EQFW_A_IMAGE_BYTES, MNL_TYPE_U64, image_bytes),
	FIELD(EQFW_A_UNZONED_PASSED, MNL_TYPE_U64, unzoned_passed),
	FIELD(EQFW_A_LOG_GROUP, MNL_TYPE_U16, log_group),
	FIELD(EQFW_A_ADOPT_S, MNL_TYPE_U32, adopt_s),
	FIELD(EQFW_A_ADOPTED, MNL_TYPE_U64, adopted),
	FIELD(EQFW_A_STAGED_NAME, MNL_TYPE_STRING, staged_name),
	FIELD(EQFW_A_STAGED_DROPS, MNL_TYPE_U64, staged_drops),
	FIELD(EQFW_A_STAGED_PASSES, MNL_TYPE_U64, staged_passes),
	FIELD(EQFW_A_MODE_S, MNL_TYPE_U32, mode_s),
	FIELD(EQFW_A_PENDING, MNL_TYPE_U8, pending),
	FIELD(EQFW_A_KEPT_MODE, MNL_TYPE_U8, kept_mode),
	FIELD(EQFW_A_CONFIRM_S, MNL_TYPE_U32, confirm_s),
};

static void store(const struct field *field, const struct nlattr *attr, struct nl_status *status)
{
	static const size_t sizes[] = {
		[MNL_TYPE_U8] = 1,
		[MNL_TYPE_U16] = 2,
		[MNL_TYPE_U32] = 4,
		[MNL_TYPE_U64] = 8,
	};
	char *at = (char *)status + field->at;

	if (field->data == MNL_TYPE_STRING)
		snprintf(at, EQFW_MAX_NAME, "%.*s", (int)mnl_attr_get_payload_len(attr),
			 (const char *)mnl_attr_get_payload(attr));
	else if (!mnl_attr_validate(attr, field->data))
		memcpy(at, mnl_attr_get_payload(attr), sizes[field->data]);
}

const char *nl_change_name(uint8_t change)
{
	static const char *const names[EQFW_N_CHANGES] = {
		[EQFW_CHANGE_NONE] = "none",	     [EQFW_CHANGE_LOAD] = "load",
		[EQFW_CHANGE_CLEAR] = "clear",	     [EQFW_CHANGE_CONFIRM] = "confirm",
		[EQFW_CHANGE_ROLLBACK] = "rollback", [EQFW_CHANGE_MODE] = "mode",
		[EQFW_CHANGE_STAGE] = "stage",	     [EQFW_CHANGE_PROMOTE] = "promote",
		[EQFW_CHANGE_LOG] = "log",	     [EQFW_CHANGE_ADOPT] = "adopt",
	};

	return change < EQFW_N_CHANGES && names[change] ? names[change] : "unknown";
}

static bool take_digest(const struct nlattr *attr, uint8_t out[EQFW_DIGEST_SIZE])
{
	if (!attr || mnl_attr_get_payload_len(attr) != EQFW_DIGEST_SIZE)
		return false;
	memcpy(out, mnl_attr_get_payload(attr), EQFW_DIGEST_SIZE);
	return true;
}

static void take_rollback(const struct nlattr *nest, struct nl_rollback *out)
{
	const struct nlattr *attrs[EQFW_ROLLBACK_A_MAX + 1];

	nl_nest(nest, attrs, EQFW_ROLLBACK_A_MAX);
	if (attrs[EQFW_ROLLBACK_A_WHAT] &&
	    !mnl_attr_validate(attrs[EQFW_ROLLBACK_A_WHAT], MNL_TYPE_U8))
		out->what = mnl_attr_get_u8(attrs[EQFW_ROLLBACK_A_WHAT]);
	out->at = nl_u64(attrs[EQFW_ROLLBACK_A_AT]);
	out->generation = nl_u64(attrs[EQFW_ROLLBACK_A_GENERATION]);
	out->has_digest = take_digest(attrs[EQFW_ROLLBACK_A_DIGEST], out->digest);
	out->expired = attrs[EQFW_ROLLBACK_A_EXPIRED];
}

bool nl_status_take(void *ctx, const struct nlattr *attr)
{
	struct nl_status *status = ctx;
	uint16_t type = mnl_attr_get_type(attr);

	if (type == EQFW_A_DIGEST)
		status->has_digest = take_digest(attr, status->digest);
	if (type == EQFW_A_KEPT_DIGEST)
		status->has_kept = take_digest(attr, status->kept_digest);
	if (type == EQFW_A_STAGED_DIGEST)
		status->has_staged = take_digest(attr, status->staged_digest);
	if (type == EQFW_A_ROLLBACK)
		take_rollback(attr, &status->rollback);
	status->has_log |= type == EQFW_A_LOG_GROUP;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].type == type)
			store(&fields[i], attr, status);
	return true;
}

void nl_nest(const struct nlattr *nest, const struct nlattr **attrs, size_t max)
{
	const struct nlattr *attr;

	memset(attrs, 0, (max + 1) * sizeof(*attrs));
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) <= max)
			attrs[mnl_attr_get_type(attr)] = attr;
}

uint64_t nl_u64(const struct nlattr *attr)
{
	return attr && !mnl_attr_validate(attr, MNL_TYPE_U64) ? mnl_attr_get_u64(attr) : 0;
}

const char *nl_string(const struct nlattr *attr)
{
	return attr && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) ? mnl_attr_get_str(attr) : "";
}
