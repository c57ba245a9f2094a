// SPDX-License-Identifier: GPL-2.0
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

const char *units_bytes(uint64_t bytes, char out[UNITS_MAX])
{
	static const char *const names[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		snprintf(out, UNITS_MAX, "%" PRIu64 " B", bytes);
		return out;
	}
	while (value >= 1024 && unit + 1 < sizeof(names) / sizeof(names[0])) {
		value /= 1024;
		unit++;
	}
	snprintf(out, UNITS_MAX, "%.1f %s", value, names[unit]);
	return out;
}

const char *units_time(uint64_t seconds, char out[UNITS_MAX])
{
	time_t time = (time_t)seconds;
	struct tm tm;

	out[0] = '\0';
	if (seconds && gmtime_r(&time, &tm))
		strftime(out, UNITS_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

const char *units_number(uint64_t number, char out[UNITS_MAX])
{
	snprintf(out, UNITS_MAX, "%" PRIu64, number);
	return out;
}
