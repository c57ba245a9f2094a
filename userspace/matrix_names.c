// SPDX-License-Identifier: GPL-2.0
/* The words of the matrix: functions, levels, who opens, what a call item carries. */
#include <string.h>

#include "matrix.h"
#include "matrix_names.h"

const char *const function_names[N_FUNCTIONS] = {
	[FUNCTION_H323] = "h323",	    [FUNCTION_SIP] = "sip",
	[FUNCTION_MEDIA] = "media",	    [FUNCTION_MANAGEMENT] = "management",
	[FUNCTION_STREAMING] = "streaming",
};

const char *const requirement_names[N_REQUIREMENTS] = {
	[REQUIREMENT_MANDATORY] = "mandatory",
	[REQUIREMENT_RECOMMENDED] = "recommended",
	[REQUIREMENT_OPTIONAL] = "optional",
};

const char *const initiator_names[N_INITIATORS] = {
	[INITIATOR_SOURCE] = "source",
	[INITIATOR_DESTINATION] = "destination",
	[INITIATOR_EITHER] = "either",
	[INITIATOR_SWAPPED] = "swapped",
};

const char *const call_names[N_CALLS] = {
	[CALL_NONE] = "none", [CALL_RAS] = "ras", [CALL_Q931] = "q931", [CALL_H245] = "h245",
	[CALL_H460] = "h460", [CALL_SIP] = "sip", [CALL_BFCP] = "bfcp", [CALL_MEDIA] = "media",
};

const char *const figure_names[N_FIGURES] = {
	[FIGURE_CALLS] = "calls",
	[FIGURE_DPA_CALLS] = "dpa-calls",
	[FIGURE_CLIENTS] = "clients",
	[FIGURE_CONNECTIONS] = "connections",
	[FIGURE_CONFERENCES] = "conferences",
	[FIGURE_PRESENTATIONS] = "presentations",
};

const char *const erratum_kind_names[N_ERRATUM_KINDS] = {
	[ERRATUM_MISPRINT] = "misprint",   [ERRATUM_CONTRADICTION] = "contradiction",
	[ERRATUM_DUPLICATE] = "duplicate", [ERRATUM_LOST] = "lost",
	[ERRATUM_LEVEL] = "level",	   [ERRATUM_PROTOCOL] = "protocol",
	[ERRATUM_LABEL] = "label",	   [ERRATUM_SIDE] = "side",
	[ERRATUM_DEVICE] = "device",	   [ERRATUM_DOUBT] = "doubt",
};

const char *erratum_kind_name(enum erratum_kind kind)
{
	return erratum_kind_names[kind];
}

const char *function_name(enum function function)
{
	return function_names[function];
}

const char *requirement_name(enum requirement requirement)
{
	return requirement_names[requirement];
}

const char *initiator_name(enum initiator initiator)
{
	return initiator_names[initiator];
}

const char *call_name(enum call call)
{
	return call_names[call];
}

const char *figure_name(enum figure figure)
{
	return figure_names[figure];
}

static int word_index(const char *text, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(text, words[i]))
			return i;
	return -1;
}

bool function_parse(const char *text, enum function *out)
{
	int i = word_index(text, function_names, N_FUNCTIONS);

	if (i >= 0)
		*out = (enum function)i;
	return i >= 0;
}

bool requirement_parse(const char *text, enum requirement *out)
{
	int i = word_index(text, requirement_names, N_REQUIREMENTS);

	if (i >= 0)
		*out = (enum requirement)i;
	return i >= 0;
}
