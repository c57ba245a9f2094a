// SPDX-License-Identifier: GPL-2.0
/*
 * Words of a packet:
 *
 *   src= dst=            addresses; they say the family
 *   proto=               udp (default), tcp, icmp, icmp6, or a number
 *   sport= dport=        ports
 *   flags=SAFRPU         TCP flags, default S; doff= overrides the data offset
 *   len=                 payload bytes, default 16 (TCP 0); ulen= overrides UDP's length field
 *   type= code= mtu=     of ICMP; i.src= i.dst= i.proto= ... describe the packet inside
 *   i.trim=              bytes of the inner packet that are there
 *   cut=                 bytes of the part after the IP header that are there
 *   slice=FROM:TO        of that part, for fragments; with frag= (offset, 8-byte units), mf=1, id=
 *   opts=HEX             IPv4 options; totlen= overrides the total length
 *   eh=A,B,...           IPv6 headers: hop dst jumbo none rt:TYPE:LEFT frag:OFF:MF[:ID] nh:N
 *                        raw:NUMBER:HEX (all bytes but the first); plen= overrides
 *   ttl= tos=            hop limit, traffic class
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"

#define TCP 6
#define UDP 17
#define ICMP 1
#define ICMP6 58

struct bytes {
	uint8_t at[PACKET_MAX];
	size_t len;
};

struct build {
	const struct args *args;
	const char *prefix;
	uint8_t family;
	uint8_t src[16];
	uint8_t dst[16];
	uint8_t proto;
};

static void die(const char *what, const char *word)
{
	fprintf(stderr, "packet: %s: %s\n", what, word);
	exit(2);
}

const char *arg_text(const struct args *args, const char *key)
{
	size_t len = strlen(key);

	for (unsigned int i = 0; i < args->n; i++) {
		if (!strncmp(args->word[i], key, len) && args->word[i][len] == '=')
			return args->word[i] + len + 1;
	}
	return NULL;
}

unsigned long arg_number(const struct args *args, const char *key, unsigned long initial)
{
	const char *text = arg_text(args, key);
	unsigned long value;
	char *end;

	if (!text)
		return initial;
	value = strtoul(text, &end, 0);
	if (*end || end == text)
		die("no number", text);
	return value;
}

static const char *text_of(const struct build *b, const char *key)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", b->prefix, key);
	return arg_text(b->args, name);
}

static unsigned long number_of(const struct build *b, const char *key, unsigned long initial)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", b->prefix, key);
	return arg_number(b->args, name, initial);
}

static void put(struct bytes *out, const void *data, size_t len)
{
	if (out->len + len > sizeof(out->at))
		die("too long", "packet");
	memcpy(out->at + out->len, data, len);
	out->len += len;
}

static void put8(struct bytes *out, unsigned long value)
{
	uint8_t byte = value;

	put(out, &byte, 1);
}

static void put16(struct bytes *out, unsigned long value)
{
	uint16_t word = htons(value);

	put(out, &word, 2);
}

static void put32(struct bytes *out, unsigned long value)
{
	uint32_t word = htonl(value);

	put(out, &word, 4);
}

static void put_payload(struct bytes *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put8(out, 'a' + i % 26);
}

static void put_hex(struct bytes *out, const char *hex)
{
	unsigned int byte;

	for (; *hex; hex += 2) {
		if (sscanf(hex, "%2x", &byte) != 1 || !hex[1])
			die("no hex", hex);
		put8(out, byte);
	}
}

static uint32_t sum16(const uint8_t *data, size_t len, uint32_t sum)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += data[i] << 8 | data[i + 1];
	if (len & 1)
		sum += data[len - 1] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void set16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static size_t addr_size(const struct build *b)
{
	return b->family == 4 ? 4 : 16;
}

/* Fill in the checksum at `at` of the transport header; ICMP over IPv4 has no pseudo header. */
static void set_checksum(const struct build *b, struct bytes *l4, size_t at)
{
	uint32_t sum = 0;
	uint16_t check;

	if (b->proto != ICMP) {
		sum = sum16(b->src, addr_size(b), 0);
		sum = sum16(b->dst, addr_size(b), sum) + b->proto + l4->len;
	}
	check = fold(sum16(l4->at, l4->len, sum));
	set16(l4->at + at, check ? check : 0xffff);
}

static void build_udp(const struct build *b, struct bytes *l4)
{
	size_t len = number_of(b, "len", 16);

	put16(l4, number_of(b, "sport", 40000));
	put16(l4, number_of(b, "dport", 0));
	put16(l4, 8 + len);
	put16(l4, 0);
	put_payload(l4, len);
	set_checksum(b, l4, 6);
	set16(l4->at + 4, number_of(b, "ulen", 8 + len));
}

static unsigned int tcp_flags(const char *text)
{
	static const char names[] = "FSRPAU";
	unsigned int flags = 0;

	for (; text && *text; text++) {
		const char *hit = strchr(names, *text);

		if (*text != '-' && !hit)
			die("TCP flag", text);
		if (*text != '-')
			flags |= 1u << (hit - names);
	}
	return flags;
}

static void build_tcp(const struct build *b, struct bytes *l4)
{
	const char *flags = text_of(b, "flags");

	put16(l4, number_of(b, "sport", 40000));
	put16(l4, number_of(b, "dport", 0));
	put32(l4, number_of(b, "seq", 1000));
	put32(l4, number_of(b, "ack", 0));
	put8(l4, number_of(b, "doff", 5) << 4);
	put8(l4, tcp_flags(flags ? flags : "S"));
	put16(l4, 8192);
	put32(l4, 0);
	put_payload(l4, number_of(b, "len", 0));
	set_checksum(b, l4, 16);
}

static void build_packet(const struct args *args, const char *prefix, struct bytes *out);

static void build_icmp(const struct build *b, struct bytes *l4)
{
	struct bytes inner = { .len = 0 };

	put8(l4, number_of(b, "type", b->proto == ICMP ? 8 : 128));
	put8(l4, number_of(b, "code", 0));
	put16(l4, 0);
	put32(l4, number_of(b, "mtu", 1));
	if (!*b->prefix && arg_text(b->args, "i.src")) {
		build_packet(b->args, "i.", &inner);
		if (arg_number(b->args, "i.trim", inner.len) < inner.len)
			inner.len = arg_number(b->args, "i.trim", inner.len);
		put(l4, inner.at, inner.len);
	} else {
		put_payload(l4, number_of(b, "len", 16));
	}
	set_checksum(b, l4, 2);
}

static void build_l4(const struct build *b, struct bytes *l4)
{
	const char *hex = text_of(b, "l4"), *slice = text_of(b, "slice");
	size_t cut, from, to;

	if (hex)
		put_hex(l4, hex);
	else if (b->proto == UDP)
		build_udp(b, l4);
	else if (b->proto == TCP)
		build_tcp(b, l4);
	else if (b->proto == ICMP || b->proto == ICMP6)
		build_icmp(b, l4);
	else
		put_payload(l4, number_of(b, "len", 16));
	cut = number_of(b, "cut", l4->len);
	if (cut < l4->len)
		l4->len = cut;
	if (slice && sscanf(slice, "%zu:%zu", &from, &to) == 2 && from < to && from < l4->len) {
		if (to > l4->len)
			to = l4->len;
		memmove(l4->at, l4->at + from, to - from);
		l4->len = to - from;
	}
}

static void build_ip4(const struct build *b, const struct bytes *l4, struct bytes *out)
{
	struct bytes opts = { .len = 0 };
	size_t start = out->len, header;

	if (text_of(b, "opts"))
		put_hex(&opts, text_of(b, "opts"));
	while (opts.len % 4)
		put8(&opts, 0);
	header = 20 + opts.len;
	put8(out, 0x40 | (number_of(b, "ihl", header / 4) & 15));
	put8(out, number_of(b, "tos", 0));
	put16(out, number_of(b, "totlen", header + l4->len));
	put16(out, number_of(b, "id", 1));
	put16(out, number_of(b, "frag", 0) | (number_of(b, "mf", 0) ? 0x2000 : 0));
	put8(out, number_of(b, "ttl", 64));
	put8(out, b->proto);
	put16(out, 0);
	put(out, b->src, 4);
	put(out, b->dst, 4);
	put(out, opts.at, opts.len);
	set16(out->at + start + 10, fold(sum16(out->at + start, header, 0)));
	put(out, l4->at, l4->len);
}

/* One extension header; the byte of its successor is filled in by whoever comes next. */
static uint8_t put_extension(struct bytes *out, const char *word)
{
	unsigned int a = 0, c = 0, id = 77;
	uint8_t number;

	put8(out, 0);
	if (!strcmp(word, "jumbo")) {
		number = 0;
		put_hex(out, "00c20400020000");
	} else if (!strcmp(word, "hop") || !strcmp(word, "dst")) {
		number = word[0] == 'h' ? 0 : 60;
		put_hex(out, "00010400000000");
	} else if (sscanf(word, "rt:%u:%u", &a, &c) == 2) {
		number = 43;
		put8(out, 2);
		put8(out, a);
		put8(out, c);
		put32(out, 0);
		put_hex(out, "20010db8000100000000000000000099");
	} else if (sscanf(word, "frag:%u:%u:%u", &a, &c, &id) >= 2) {
		number = 44;
		put8(out, 0);
		put16(out, a << 3 | c);
		put32(out, id);
	} else if (sscanf(word, "raw:%u:", &a) == 1) {
		number = a;
		put_hex(out, strrchr(word, ':') + 1);
	} else if (sscanf(word, "nh:%u", &a) == 1) {
		number = a;
		put_hex(out, "00010400000000");
	} else {
		die("extension header", word);
		number = 0;
	}
	return number;
}

static void build_ip6(const struct build *b, const struct bytes *l4, struct bytes *out)
{
	const char *list = text_of(b, "eh");
	size_t start = out->len, next_at = start + 6, at;
	char words[2048] = "", *save = NULL, *word;

	put32(out, 6ul << 28 | number_of(b, "tos", 0) << 20);
	put16(out, 0);
	put8(out, 0);
	put8(out, number_of(b, "ttl", 64));
	put(out, b->src, 16);
	put(out, b->dst, 16);
	if (list)
		snprintf(words, sizeof(words), "%s", list);
	for (word = strtok_r(words, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (!strcmp(word, "none")) {
			out->at[next_at] = 59;
			next_at = 0;
			continue;
		}
		at = out->len;
		out->at[next_at] = put_extension(out, word);
		next_at = at;
	}
	if (next_at)
		out->at[next_at] = b->proto;
	put(out, l4->at, l4->len);
	set16(out->at + start + 4, number_of(b, "plen", out->len - start - 40));
}

static uint8_t proto_of(const struct build *b)
{
	const char *text = text_of(b, "proto");

	if (!text || !strcmp(text, "udp"))
		return UDP;
	if (!strcmp(text, "tcp"))
		return TCP;
	if (!strcmp(text, "icmp"))
		return ICMP;
	if (!strcmp(text, "icmp6"))
		return ICMP6;
	return number_of(b, "proto", 0);
}

static void build_packet(const struct args *args, const char *prefix, struct bytes *out)
{
	struct build b = { .args = args, .prefix = prefix };
	const char *src = text_of(&b, "src"), *dst = text_of(&b, "dst");
	struct bytes l4 = { .len = 0 };
	int af;

	if (!src || !dst)
		die("src= and dst= are needed", prefix);
	b.family = strchr(src, ':') ? 6 : 4;
	af = b.family == 4 ? AF_INET : AF_INET6;
	if (inet_pton(af, src, b.src) != 1 || inet_pton(af, dst, b.dst) != 1)
		die("address", src);
	b.proto = proto_of(&b);
	build_l4(&b, &l4);
	if (b.family == 4)
		build_ip4(&b, &l4, out);
	else
		build_ip6(&b, &l4, out);
}

void packet_build(const struct args *args, struct packet *packet)
{
	struct bytes out = { .len = 0 };

	build_packet(args, "", &out);
	memcpy(packet->bytes, out.at, out.len);
	packet->len = out.len;
	packet->family = strchr(arg_text(args, "src"), ':') ? 6 : 4;
}

bool packet_same_pair(const struct packet *packet, const uint8_t *other, size_t len)
{
	size_t at = packet->family == 4 ? 12 : 8, size = packet->family == 4 ? 8 : 32;

	return len >= at + size && other[0] >> 4 == packet->family &&
	       !memcmp(packet->bytes + at, other + at, size);
}

bool packet_same_bytes(const struct packet *packet, const uint8_t *other, size_t len)
{
	uint8_t a[PACKET_MAX], b[PACKET_MAX];
	size_t hop = packet->family == 4 ? 8 : 7;

	if (len != packet->len)
		return false;
	memcpy(a, packet->bytes, len);
	memcpy(b, other, len);
	a[hop] = 0;
	b[hop] = 0;
	if (packet->family == 4) {
		set16(a + 10, 0);
		set16(b + 10, 0);
	}
	return !memcmp(a, b, len);
}
