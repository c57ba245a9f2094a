// SPDX-License-Identifier: GPL-2.0
/*
 * Two of three follow a plan: ends, protocol and port of something that tests/vm/profiles/lab.yaml
 * permits, its answer, or an error about it. The rest, and lengths, types and order of the headers,
 * come from all that there is. One packet in sixteen has a random payload, one in sixteen a random header (K42).
 */
#include "mutants.h"

#define ANY(m, pool) ((pool)[mutants_random(m, ARRAY_SIZE(pool))])

static const u8 pool4[][4] = {
	{ 10, 1, 0, 10 },  { 192, 0, 2, 20 },	 { 198, 51, 100, 77 }, { 10, 1, 0, 10 },
	{ 192, 0, 2, 20 }, { 198, 51, 100, 77 }, { 10, 1, 0, 1 },      { 198, 51, 100, 2 },
	{ 10, 1, 7, 7 },   { 203, 0, 113, 9 },	 { 10, 1, 255, 255 },  { 127, 0, 0, 1 },
	{ 0, 0, 0, 0 },	   { 224, 0, 0, 1 },	 { 239, 1, 1, 1 },     { 255, 255, 255, 255 },
	{ 240, 0, 0, 1 },
};

static const u8 pool6[][16] = {
	{ 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 },
	{ 0x20, 1, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20 },
	{ 0x20, 1, 0x0d, 0xb8, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x77 },
	{ 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 },
	{ 0x20, 1, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20 },
	{ 0x20, 1, 0x0d, 0xb8, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x77 },
	{ 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
	{ 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 7 },
	{ 0x20, 1, 0x0d, 0xb8, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 },
	{ 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 },
	{ 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
	{ 0xff, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 },
	{ 0 },
	{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
	{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 0, 10 },
};

static const u16 ports[] = { 8443, 7000, 7005, 7010, 1719, 1720, 5004, 8443, 7000,  7010,
			     7011, 6999, 0,    9,    67,   68,	 546,  547,  65535, 40000 };
static const u8 protocols[] = { 6, 17, 6, 17, 6, 17, 1, 58, 1, 58, 132, 136, 47, 50, 2, 112, 255 };
static const u8 headers[] = { 60, 60, 60, 43, 44, 60, 51, 135, 0, 59 };
static const u8 types4[] = { 8, 0, 3, 3, 11, 12, 4, 5, 13 };
static const u8 types6[] = { 128, 129, 1, 2, 3, 4, 133, 134, 135, 136, 137, 130 };
static const u8 bytes_of_interest[] = { 0, 1, 2, 4, 5, 6, 17, 44, 58, 0x45, 0x60, 0x7f, 0x80, 0xff };

/* What the profile permits: ends are places in the pools. */
static const struct mutant_plan plans[] = {
	{ 0, 1, 6, 8443 },  { 0, 1, 17, 7000 }, { 0, 1, 17, 7010 }, { 0, 1, 1, 0 },
	{ 2, 1, 17, 1719 }, { 2, 0, 6, 1720 },	{ 2, 0, 17, 5004 }, { 0, 1, 17, 7011 },
};

u32 mutants_random(struct mutants *m, u32 below)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return (u32)(m->state >> 11) % below;
}

static void put(struct mutants *m, u8 byte)
{
	if (m->len < MUTANT_MAX)
		m->bytes[m->len++] = byte;
}

static void put2(struct mutants *m, u32 value)
{
	put(m, value >> 8);
	put(m, value);
}

static void put_random(struct mutants *m, u32 n)
{
	while (n--)
		put(m, mutants_random(m, 256));
}

static void put_zeros(struct mutants *m, u32 n)
{
	while (n--)
		put(m, 0);
}

static void put_copy(struct mutants *m, const u8 *bytes, u32 n)
{
	while (n--)
		put(m, *bytes++);
}

static void put_address(struct mutants *m, bool source)
{
	u32 at = mutants_random(m, m->family == 4 ? ARRAY_SIZE(pool4) : ARRAY_SIZE(pool6));

	if (m->plan && mutants_random(m, 16))
		at = source != m->back ? m->plan->from : m->plan->to;
	if (m->family == 4)
		put_copy(m, pool4[at], 4);
	else
		put_copy(m, pool6[at], 16);
}

static u16 some_port(struct mutants *m, bool source)
{
	if (m->plan && source == m->back && mutants_random(m, 8))
		return m->plan->port;
	return mutants_random(m, 8) ? ANY(m, ports) : mutants_random(m, 65536);
}

static void put_option4(struct mutants *m)
{
	switch (mutants_random(m, 6)) {
	case 0:
		put_copy(m, (const u8[]){ 148, 4, 0, 0 }, 4);
		break;
	case 1:
		put_copy(m, (const u8[]){ 131, 3, 4, 0 }, 4);
		break;
	case 2:
		put_copy(m, (const u8[]){ 1, 1, 68, 2 }, 4);
		break;
	case 3:
		put_random(m, 4);
		break;
	default:
		put_copy(m, (const u8[]){ 1, 1, 1, 0 }, 4);
		break;
	}
}

static void put_ip4(struct mutants *m, u8 proto)
{
	u32 words = mutants_random(m, 6) ? 0 : mutants_random(m, 11);

	put(m, 0x45 + words);
	put_zeros(m, 5);
	/* Pieces, rarely: what the stack puts together it does not show. */
	put2(m, mutants_random(m, 24) ? 0x4000 : mutants_random(m, 65536));
	put(m, 64);
	put(m, proto);
	put2(m, 0);
	put_address(m, true);
	put_address(m, false);
	while (words--)
		put_option4(m);
}

static void put_routing(struct mutants *m)
{
	put(m, 0);
	put(m, mutants_random(m, 5));
	put(m, mutants_random(m, 3) ? 0 : 1);
	put_zeros(m, 4);
}

static void put_header6(struct mutants *m, u8 type)
{
	u32 more = mutants_random(m, 8) ? 0 : mutants_random(m, 64);

	if (type == 43) {
		put_routing(m);
	} else if (type == 44) {
		put(m, 0);
		put2(m, mutants_random(m, 4) ? 0 : mutants_random(m, 65536));
		put_zeros(m, 4);
	} else {
		put(m, more);
		put_copy(m, (const u8[]){ 1, 4, 0, 0, 0, 0 }, 6);
		for (; more; more--)
			put_copy(m, (const u8[]){ 1, 6, 0, 0, 0, 0, 0, 0 }, 8);
	}
}

static void put_ip6(struct mutants *m, u8 proto)
{
	u32 n = mutants_random(m, 2) ? 0 : mutants_random(m, 10);
	u32 next_at = m->len + 6;

	put(m, 0x60);
	put_zeros(m, 6);
	put(m, mutants_random(m, 3) ? 64 : 255);
	put_address(m, true);
	put_address(m, false);
	while (n--) {
		u8 type = ANY(m, headers);

		if (next_at < MUTANT_MAX)
			m->bytes[next_at] = type;
		next_at = m->len;
		put(m, 0);
		put_header6(m, type);
	}
	if (next_at < MUTANT_MAX)
		m->bytes[next_at] = proto;
}

static void put_ip(struct mutants *m, u8 proto)
{
	if (m->family == 4)
		put_ip4(m, proto);
	else
		put_ip6(m, proto);
}

static void put_transport(struct mutants *m, u8 proto)
{
	u32 payload = mutants_random(m, 40);

	put2(m, some_port(m, true));
	put2(m, some_port(m, false));
	if (proto == 6) {
		put_zeros(m, 8);
		put(m, mutants_random(m, 8) ? 0x50 : mutants_random(m, 256));
		put(m, mutants_random(m, 4) ? 1u << mutants_random(m, 6) : mutants_random(m, 256));
		put_zeros(m, 6);
	} else {
		put2(m, 8 + payload);
		put2(m, 0);
	}
	put_random(m, payload);
}

/* Mostly the answer to what is inside: its source is where the error goes. */
static void put_icmp(struct mutants *m)
{
	u32 outer = m->len < 20 ? 0 : m->family == 4 ? 16 : 24, size = m->family == 4 ? 4 : 16;
	u8 proto = m->plan ? m->plan->proto : ANY(m, protocols);
	u32 source;

	put(m, m->family == 4 ? ANY(m, types4) : ANY(m, types6));
	put(m, mutants_random(m, 5));
	put_zeros(m, 6);
	m->back = !m->back;
	source = m->len + (m->family == 4 ? 12 : 8);
	put_ip(m, proto);
	if (mutants_random(m, 8) && source + size <= m->len)
		memcpy(m->bytes + source, m->bytes + outer, size);
	put_transport(m, proto);
}

static void damage(struct mutants *m)
{
	u32 at = mutants_random(m, mutants_random(m, 2) || m->len < 60 ? m->len : 60);

	switch (mutants_random(m, 5)) {
	case 0:
		m->bytes[at] ^= 1u << mutants_random(m, 8);
		break;
	case 1:
		m->bytes[at] = mutants_random(m, 256);
		break;
	case 2:
		m->bytes[at] = ANY(m, bytes_of_interest);
		break;
	case 3:
		m->len = at + 1;
		break;
	default:
		put_random(m, mutants_random(m, 9));
		break;
	}
}

void mutants_next(struct mutants *m)
{
	u8 proto = ANY(m, protocols);
	u32 kind = mutants_random(m, 16), harm = mutants_random(m, 4);

	m->len = 0;
	m->family = mutants_random(m, 2) ? 4 : 6;
	m->plan = mutants_random(m, 3) ? &ANY(m, plans) : NULL;
	m->back = !mutants_random(m, 4);
	if (m->plan && mutants_random(m, 4))
		proto = mutants_random(m, 4) ? m->plan->proto : m->family == 4 ? 1 : 58;
	put_ip(m, proto);
	if (kind == 0)
		put_random(m, mutants_random(m, 80));
	else if (proto == 1 || proto == 58)
		put_icmp(m);
	else
		put_transport(m, proto);
	if (kind == 1) {
		m->len = 0;
		put_random(m, 20 + mutants_random(m, 60));
		m->bytes[0] = m->family << 4 | (m->bytes[0] & 15);
	}
	while (harm--)
		damage(m);
}
