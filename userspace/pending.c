// SPDX-License-Identifier: GPL-2.0
#include "pending.h"

#include <inttypes.h>

#include "image.h"
#include "out.h"
#include "signals.h"
#include "units.h"

/* "a profile's 12 digits" or "no profile". */
static const char *profile_word(bool has, const uint8_t *bytes, char out[65])
{
	if (!has)
		return "no profile";
	digest_hex(bytes, out);
	out[12] = '\0';
	return out;
}

void pending_print(const struct nl_status *status)
{
	char kept[65];

	if (!status->pending)
		return;
	if (status->pending == EQFW_CHANGE_MODE)
		out_line("  awaits confirmation: %s, back to the former mode in %u s unless "
			 "`eqfwctl confirm` comes",
			 nl_change_name(status->pending), status->confirm_s);
	else
		out_line("  awaits confirmation: %s, back to %s in %u s unless `eqfwctl confirm` "
			 "comes",
			 nl_change_name(status->pending),
			 profile_word(status->has_kept, status->kept_digest, kept),
			 status->confirm_s);
}

void pending_print_rollback(const struct nl_status *status)
{
	const struct nl_rollback *last = &status->rollback;
	char digest[65], at[UNITS_MAX];

	if (!last->what)
		return;
	out_line("  rolled back: %s, %s (%s), %s", units_time(last->at, at),
		 nl_change_name(last->what), profile_word(last->has_digest, last->digest, digest),
		 last->expired ? "not confirmed in time" : "by request");
}

static json_t *digest_json(bool has, const uint8_t *bytes)
{
	char digest[65];

	if (!has)
		return json_null();
	digest_hex(bytes, digest);
	return json_string(digest);
}

json_t *pending_json(const struct nl_status *status)
{
	if (!status->pending)
		return json_null();
	return json_pack("{s:s,s:I,s:o}", "change", nl_change_name(status->pending),
			 "confirm_left_s", (json_int_t)status->confirm_s, "previous_digest",
			 digest_json(status->has_kept, status->kept_digest));
}

json_t *pending_rollback_json(const struct nl_status *status)
{
	const struct nl_rollback *last = &status->rollback;
	char at[UNITS_MAX];

	if (!last->what)
		return json_null();
	return json_pack("{s:s,s:s,s:b,s:I,s:o}", "at", units_time(last->at, at), "change",
			 nl_change_name(last->what), "expired", last->expired, "generation",
			 (json_int_t)last->generation, "digest",
			 digest_json(last->has_digest, last->digest));
}

bool pending_is_rolled_back(const struct nl_status *status)
{
	return !status->pending && status->rollback.what &&
	       status->rollback.generation == status->generation;
}

int pending_none(const struct nl_status *status)
{
	const struct nl_rollback *last = &status->rollback;
	char at[UNITS_MAX];

	if (!pending_is_rolled_back(status)) {
		out_complain("nothing awaits confirmation");
		return EXIT_STATUS_NO;
	}
	out_complain("the %s was rolled back at %s: %s", nl_change_name(last->what),
		     units_time(last->at, at),
		     last->expired ? "it was not confirmed in time" : "somebody asked for it");
	return EXIT_STATUS_ROLLED_BACK;
}

int pending_end(struct nl *nl, const struct nl_status *status, uint8_t command, const char *did)
{
	struct nl_status after;
	char digest[65];
	int exit_status;

	signals_hold();
	exit_status = nl_settle(nl, command, status->generation);
	if (nl_status(nl, &after))
		return exit_status;
	/* The deadline may have been faster. */
	if (exit_status == EXIT_STATUS_NO && !after.pending)
		return pending_none(&after);
	if (exit_status)
		return exit_status;
	out_line("%s: %s%s%s (generation %" PRIu64 ")", did,
		 after.state == EQFW_STATE_NONE ? "" : after.name,
		 after.state == EQFW_STATE_NONE ? "" : " ",
		 profile_word(after.has_digest, after.digest, digest), after.generation);
	out_flush();
	return EXIT_STATUS_OK;
}
