// SPDX-License-Identifier: GPL-2.0
/* What the document's procedures allow a tunable to be (DESIGN 3.10). */
#include <string.h>

#include "deployment_read.h"

#define PORT_MAX 65535
#define PORT_MAX_OLD_WINDOWS 5000 /* of XP and Server 2003, unless MaxUserPort says otherwise */

/* The document's rule in a sentence. */
const char *tunable_limits(struct arena *arena, const struct tunable *tunable)
{
	const char *text = arena_printf(arena, "the document allows ports %u to %u", tunable->min,
					tunable->max);
	unsigned int width = tunable->initial.hi - tunable->initial.lo + 1u;

	if (tunable->fixed_width)
		text = arena_printf(arena, "%s, always %u of them", text, width);
	else if (tunable->max_width == 1)
		text = arena_printf(arena, "%s, one of them", text);
	else if (tunable->min_width > 1 || tunable->max_width < 65535)
		text = arena_printf(arena, "%s, %u to %u of them", text, tunable->min_width,
				    tunable->max_width);
	if (tunable->even)
		text = arena_printf(arena, "%s, in pairs that begin with an even port", text);
	if (tunable->below_system_max)
		text = arena_printf(arena, "%s; on Windows below the system's own maximum", text);
	return tunable->formula ? arena_printf(arena, "%s; %s", text, tunable->formula) : text;
}

const char *tunable_fault(const struct tunable *tunable, struct port_range range)
{
	unsigned int width = range.hi - range.lo + 1u;
	unsigned int initial = tunable->initial.hi - tunable->initial.lo + 1u;

	if (range.lo < tunable->min)
		return "it begins too low";
	if (range.hi > tunable->max)
		return "it ends too high";
	if (tunable->fixed_width && width != initial)
		return "its width must stay";
	if (width < tunable->min_width)
		return "too few ports";
	if (width > tunable->max_width)
		return "too many ports";
	if (tunable->even && range.lo % 2)
		return "RTP and RTCP come in pairs, the first one even";
	return NULL;
}

static bool is_windows(const struct endpoint *endpoint, const struct tunable *tunable)
{
	if (endpoint->os)
		return !strncmp(endpoint->os, "windows", strlen("windows"));
	return tunable->os && !strcmp(tunable->os, "windows");
}

unsigned int system_max(const struct endpoint *endpoint, const struct tunable *tunable)
{
	const struct portset *own = &endpoint->ephemeral;

	if (!tunable->below_system_max || !is_windows(endpoint, tunable))
		return 0;
	if (own->n)
		return own->ranges[own->n - 1].hi;
	if (endpoint->os &&
	    (!strcmp(endpoint->os, "windows-2003") || !strcmp(endpoint->os, "windows-xp")))
		return PORT_MAX_OLD_WINDOWS;
	return PORT_MAX;
}

/* The default is the system's whole range: who states that has limited nothing. */
static bool is_default(const struct tunable *tunable, struct port_range range, unsigned int max)
{
	return range.lo == tunable->initial.lo && range.hi == tunable->initial.hi &&
	       range.hi == max;
}

static const char *system_help(struct deployment_reader *d, const struct endpoint *endpoint,
			       const struct tunable_value *value)
{
	/* From 1025 on, as the document's example; the last one above PortMax. */
	unsigned int number = value->range.hi - 1025u + 2u;

	if (value->range.hi >= PORT_MAX)
		return "PortMax lies below the system's maximum: end at 65534 at most";
	return arena_printf(d->arena,
			    "raise the system's maximum (netsh int ipv4 set dynamicportrange "
			    "protocol=tcp startport=1025 numberofports=%u; MaxUserPort on XP and "
			    "2003) and state it as `ephemeral: 1025-%u` of '%s', or end lower",
			    number, value->range.hi + 1u, d->deployment->hosts[endpoint->host]);
}

static bool plays_role(const struct endpoint *endpoint, const struct role *role)
{
	for (size_t i = 0; i < endpoint->roles.n; i++)
		if (role_is(endpoint->roles.roles[i], role))
			return true;
	return false;
}

void check_system_max(struct deployment_reader *d, const struct endpoint *endpoint)
{
	for (size_t i = 0; i < d->matrix->n_tunables; i++) {
		const struct tunable *tunable = d->matrix->tunables[i];
		const struct tunable_value *value;
		unsigned int max;

		if (!plays_role(endpoint, tunable->role))
			continue;
		value = tunable_stated(d->deployment, endpoint, tunable);
		max = value && value->tunable == tunable ? system_max(endpoint, tunable) : 0;
		if (!max || value->range.hi < max || is_default(tunable, value->range, max))
			continue;
		diag_error(
			d->diag, value->place, system_help(d, endpoint, value),
			"'%s' ends at %u, and PortMax should be lower than the system's maximum, "
			"which is %u on '%s'",
			tunable->id, value->range.hi, max, endpoint->name);
	}
}
