// SPDX-License-Identifier: GPL-2.0
#include "ip_proto.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Not /etc/protocols: results must not depend on the machine. The first name of a number is shown. */
static const struct {
	const char *name;
	uint8_t number;
} names[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "icmp", IPPROTO_ICMP },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "ipv6-icmp", IPPROTO_ICMPV6 },
	{ "igmp", IPPROTO_IGMP },
	{ "ipip", IPPROTO_IPIP },
	{ "dccp", IPPROTO_DCCP },
	{ "ipv6", IPPROTO_IPV6 },
	{ "gre", IPPROTO_GRE },
	{ "esp", IPPROTO_ESP },
	{ "ah", IPPROTO_AH },
	{ "ospf", 89 },
	{ "pim", IPPROTO_PIM },
	{ "vrrp", 112 },
	{ "l2tp", 115 },
	{ "sctp", IPPROTO_SCTP },
	{ "udplite", IPPROTO_UDPLITE },
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

bool ip_proto_parse(const char *text, uint8_t *number)
{
	size_t digits = strspn(text, "0123456789");

	for (size_t i = 0; i < N_NAMES; i++) {
		if (!strcasecmp(names[i].name, text)) {
			*number = names[i].number;
			return true;
		}
	}
	if (!digits || digits > 3 || text[digits] || atoi(text) > 255)
		return false;
	*number = (uint8_t)atoi(text);
	return true;
}

const char *ip_proto_name(uint8_t number, char buffer[4])
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (names[i].number == number)
			return names[i].name;
	snprintf(buffer, 4, "%u", number);
	return buffer;
}
