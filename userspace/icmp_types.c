// SPDX-License-Identifier: GPL-2.0
#include "icmp_types.h"

#include <string.h>

/* Numbers of the IANA registries "ICMP Type Numbers" and "ICMPv6 type Numbers". */
const struct icmp_type icmp_types[] = {
	{ "echo", 8, 128 },
	{ "echo-reply", 0, 129 },
	{ "dest-unreach", 3, 1 },
	{ "packet-too-big", -1, 2 },
	{ "time-exceeded", 11, 3 },
	{ "parameter-problem", 12, 4 },
	{ "redirect", 5, 137 },
	{ "router-advertisement", 9, 134 },
	{ "router-solicitation", 10, 133 },
	{ "source-quench", 4, -1 },
	{ "timestamp", 13, -1 },
	{ "timestamp-reply", 14, -1 },
	{ "address-mask", 17, -1 },
	{ "address-mask-reply", 18, -1 },
	{ "neighbour-solicitation", -1, 135 },
	{ "neighbour-advertisement", -1, 136 },
};

const size_t n_icmp_types = sizeof(icmp_types) / sizeof(icmp_types[0]);

const struct icmp_type *icmp_type_by_name(const char *name)
{
	for (size_t i = 0; i < n_icmp_types; i++)
		if (!strcmp(icmp_types[i].name, name))
			return &icmp_types[i];
	return NULL;
}
