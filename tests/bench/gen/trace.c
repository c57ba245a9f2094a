// SPDX-License-Identifier: GPL-2.0
#include "trace.h"

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SOURCE 33000u
#define SOURCES 32000u
#define STRANGERS 20000u
#define PIECE 8u /* bytes of a fragment's payload; that of the first is the UDP header */

struct ends {
	uint32_t src;
	uint32_t dst;
	uint8_t proto;
	uint16_t sport;
	uint16_t dport;
};

static uint32_t device_of(struct workload *w, uint32_t group)
{
	return w->groups[group].first + workload_random(w, w->groups[group].n);
}

static struct ends hit(struct workload *w, enum trace_kind kind)
{
	const struct workload_row *row = &w->rows[workload_random(w, (uint32_t)w->n_rows)];
	const struct workload_list *list = &w->lists[row->list];
	const struct workload_ports *ports = &list->ports[workload_random(w, list->n)];
	struct ends e = { .proto = ports->proto, .dport = ports->lo };

	e.src = device_of(w, row->from);
	e.dst = device_of(w, row->to);
	e.sport = (uint16_t)(FIRST_SOURCE + workload_random(w, SOURCES));
	if (kind != TRACE_EXACT)
		e.dport = (uint16_t)(e.dport + workload_random(w, ports->hi - ports->lo + 1u));
	return e;
}

/* A closed port of an open pair, a pair without rules, or a stranger; one third each. */
static struct ends miss(struct workload *w)
{
	struct ends e;

	do {
		e = hit(w, TRACE_MIXED);
		switch (workload_random(w, 3)) {
		case 0:
			e.dport = (uint16_t)(1 + workload_random(w, 32000));
			break;
		case 1:
			e.dst = workload_random(w, w->n_devices);
			break;
		default:
			e.src = w->n_devices + workload_random(w, STRANGERS);
		}
	} while (workload_permits(w, e.src, e.dst, e.proto, e.dport));
	return e;
}

static uint16_t checksum(const void *bytes, size_t len, uint32_t sum)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(b[i] << 8 | b[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static size_t put_ip4(const struct eqfw_flow *f, uint8_t *out, size_t payload, uint16_t id,
		      uint16_t frag)
{
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = f->proto };

	ip.tot_len = htons((uint16_t)(sizeof(ip) + payload));
	ip.id = htons(id);
	ip.frag_off = htons(frag);
	memcpy(&ip.saddr, f->src.b, 4);
	memcpy(&ip.daddr, f->dst.b, 4);
	ip.check = checksum(&ip, sizeof(ip), 0);
	memcpy(out, &ip, sizeof(ip));
	return sizeof(ip);
}

/* @piece 0: no fragment header. */
static size_t put_ip6(const struct eqfw_flow *f, uint8_t *out, size_t payload, uint32_t id,
		      uint8_t piece)
{
	struct ip6_frag frag = { .ip6f_nxt = f->proto, .ip6f_ident = htonl(id) };
	struct ip6_hdr ip = { .ip6_flow = htonl(6u << 28), .ip6_hlim = 64 };
	size_t extra = piece ? sizeof(frag) : 0;

	ip.ip6_plen = htons((uint16_t)(payload + extra));
	ip.ip6_nxt = piece ? 44 : f->proto;
	memcpy(&ip.ip6_src, f->src.b, 16);
	memcpy(&ip.ip6_dst, f->dst.b, 16);
	memcpy(out, &ip, sizeof(ip));
	frag.ip6f_offlg = piece == 1 ? htons(1) : htons(PIECE);
	memcpy(out + sizeof(ip), &frag, extra);
	return sizeof(ip) + extra;
}

/* Checksums of payload are left out: the module says that the card has verified them. */
static size_t put_ports(const struct eqfw_flow *f, uint8_t *out, size_t payload)
{
	struct udphdr udp = { .source = htons(f->sport), .dest = htons(f->dport) };
	struct tcphdr tcp = { .source = udp.source, .dest = udp.dest, .doff = 5, .syn = 1 };

	if (f->proto == 6) {
		tcp.window = htons(65535);
		memcpy(out, &tcp, sizeof(tcp));
		return sizeof(tcp);
	}
	udp.len = htons((uint16_t)(sizeof(udp) + payload));
	memcpy(out, &udp, sizeof(udp));
	return sizeof(udp);
}

static void put_whole(const struct eqfw_flow *f, struct bench_packet *p)
{
	size_t l4 = f->proto == 6 ? sizeof(struct tcphdr) : sizeof(struct udphdr);
	size_t len = f->family == 4 ? put_ip4(f, p->bytes, l4, 0, 0x4000)
				    : put_ip6(f, p->bytes, l4, 0, 0);

	p->len = (uint8_t)(len + put_ports(f, p->bytes + len, 0));
}

static void put_piece(const struct eqfw_flow *f, struct bench_packet *p, uint32_t id, uint8_t piece)
{
	size_t len;

	p->piece = piece;
	if (f->family == 4)
		len = put_ip4(f, p->bytes, PIECE, (uint16_t)id,
			      piece == 1 ? 0x2000 : (uint16_t)(PIECE / 8));
	else
		len = put_ip6(f, p->bytes, PIECE, id, piece);
	if (piece == 1)
		put_ports(f, p->bytes + len, PIECE);
	p->len = (uint8_t)(len + PIECE);
}

static void set_flow(const struct workload *w, const struct ends *e, struct eqfw_flow *f)
{
	*f = (struct eqfw_flow){
		.src = workload_address(w, e->src),
		.dst = workload_address(w, e->dst),
		.sport = e->sport,
		.dport = e->dport,
		.family = w->shape.family,
		.proto = e->proto,
		.tcp_flags = e->proto == 6 ? EQFW_TCP_SYN : 0,
		.now_s = 1000,
	};
}

static void append(struct trace *t, const struct eqfw_flow *flow, uint8_t accept)
{
	t->flows[t->n] = *flow;
	t->packets[t->n].family = flow->family;
	t->packets[t->n].accept = accept;
	t->n++;
}

static void trace_room(struct trace *t, uint32_t n)
{
	*t = (struct trace){ 0 };
	t->packets = must_alloc(n * sizeof(*t->packets));
	t->flows = must_alloc(n * sizeof(*t->flows));
	memset(t->packets, 0, n * sizeof(*t->packets));
}

void trace_make(struct workload *w, enum trace_kind kind, uint32_t n, uint32_t hit_percent,
		struct trace *t)
{
	bool pieces = kind == TRACE_PIECES;

	trace_room(t, pieces ? 2 * n : n);
	for (uint32_t i = 0; i < n; i++) {
		bool accept = workload_random(w, 100) < hit_percent;
		struct ends e = accept ? hit(w, kind) : miss(w);
		struct eqfw_flow flow;

		if (pieces && e.proto != 17) {
			i--; /* one that is UDP instead */
			continue;
		}
		set_flow(w, &e, &flow);
		append(t, &flow, accept);
		if (!pieces) {
			put_whole(&flow, &t->packets[t->n - 1]);
			continue;
		}
		put_piece(&flow, &t->packets[t->n - 1], i, 1);
		append(t, &flow, accept);
		put_piece(&flow, &t->packets[t->n - 1], i, 2);
	}
}

void trace_connections(struct workload *w, uint32_t n, struct trace *forward, struct trace *reply)
{
	trace_room(forward, n);
	trace_room(reply, n);
	while (forward->n < n) {
		struct ends e = hit(w, TRACE_MIXED), back;
		struct eqfw_flow flow;

		if (e.proto != 17)
			continue;
		/* A source port of its own makes each connection another one. */
		e.sport = (uint16_t)(FIRST_SOURCE + forward->n % SOURCES);
		back = (struct ends){ e.dst, e.src, e.proto, e.dport, e.sport };
		set_flow(w, &e, &flow);
		append(forward, &flow, 1);
		put_whole(&flow, &forward->packets[forward->n - 1]);
		set_flow(w, &back, &flow);
		append(reply, &flow, 1);
		put_whole(&flow, &reply->packets[reply->n - 1]);
	}
}

void trace_free(struct trace *t)
{
	free(t->packets);
	free(t->flows);
}
