// SPDX-License-Identifier: GPL-2.0
#include "numbers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 19 /* what a uint64_t holds in any case */

/* Leading digits; NULL where there is none or too many of them. */
static const char *digits(const char *text, uint64_t *out)
{
	size_t n = strspn(text, "0123456789");

	*out = n && n <= DIGITS_MAX ? strtoull(text, NULL, 10) : 0;
	return n && n <= DIGITS_MAX ? text + n : NULL;
}

static bool within(const struct cmd *cmd, const char *name, const char *value, uint64_t min,
		   uint64_t max, uint64_t number)
{
	if (number >= min && number <= max)
		return true;
	cmd_usage_error(cmd, "--%s %s: from %" PRIu64 " to %" PRIu64, name, value, min, max);
	return false;
}

bool number_option(const struct cmd *cmd, const char *name, const char *value, uint64_t min,
		   uint64_t max, uint64_t *out)
{
	const char *rest = digits(value, out);

	if (!rest || *rest) {
		cmd_usage_error(cmd, "--%s: \"%s\" is no number", name, value);
		return false;
	}
	return within(cmd, name, value, min, max, *out);
}

static uint64_t unit_seconds(const char *unit)
{
	if (!*unit || !strcmp(unit, "s"))
		return 1;
	if (!strcmp(unit, "m"))
		return 60;
	return strcmp(unit, "h") ? 0 : 3600;
}

bool time_option(const struct cmd *cmd, const char *name, const char *value, uint64_t min,
		 uint64_t max, uint64_t *out)
{
	const char *rest = digits(value, out);
	uint64_t unit = rest ? unit_seconds(rest) : 0;

	if (!unit) {
		cmd_usage_error(cmd, "--%s: \"%s\" is no time: 90s, 5m, 1h", name, value);
		return false;
	}
	*out = *out > max / unit ? max + 1 : *out * unit;
	return within(cmd, name, value, min, max, *out);
}
