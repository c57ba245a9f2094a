// SPDX-License-Identifier: GPL-2.0
/*
 * h323 - an H.323 call between two namespaces
 *
 *   h323 from=NS src=ADDR to=NS dst=ADDR h245=PORT rtp=PORT callerrtp=PORT ready=FILE until=FILE
 *
 *   caller                                callee
 *     TCP 1720   TPKT, Q.931 SETUP  --->
 *                <--- CONNECT, with the address of the H.245 channel
 *     TCP h245   masterSlaveDetermination --->
 *                <--- masterSlaveDeterminationAck
 *     UDP rtp    RTP both ways every 20 ms, RTCP on the odd ports every second
 *     TCP h245   endSessionCommand --->
 *     TCP 1720   RELEASE COMPLETE --->
 *
 * The call lasts until FILE `until` is there; `ready` is made when sound flows. While it lasts both
 * TCP connections are asked for signs of life (Q.931 STATUS ENQUIRY, H.245 determination) every
 * second. Prints "call SIGNALS rtp SENT CAME SENT CAME rtcp SENT CAME SENT CAME" (caller to callee,
 * then back); exit 1 where signalling failed or sound was lost.
 *
 * References: ITU-T Q.931, H.225.0 (the user-user element, PER), H.245, RFC 1006 (TPKT), RFC 3550.
 */
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ends.h"
#include "netspace.h"

#define LIMIT_MS 240000
#define RTP_BYTES 172

/* H.225.0 version 2, then a terminal; the identifier of the conference is 16 bytes of 0x42. */
#define PROTOCOL_ID 0x06, 0x00, 0x08, 0x91, 0x4a, 0x00, 0x02
#define TERMINAL 0x02, 0x00
#define CONFERENCE \
	0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, \
		0x42

static const uint8_t setup_uuie[] = { 0x00, 0x00, PROTOCOL_ID, TERMINAL, CONFERENCE, 0x00 };
static const uint8_t determination[] = { 0x01, 0x00, 0x32, 0x80, 0x12, 0x34, 0x56 };
static const uint8_t determination_ack[] = { 0x20, 0x80 };
static const uint8_t end_session[] = { 0x4a, 0x40 };

enum q931_type {
	Q931_CONNECT = 0x07,
	Q931_SETUP = 0x05,
	Q931_RELEASE_COMPLETE = 0x5a,
	Q931_STATUS_ENQUIRY = 0x75,
	Q931_STATUS = 0x7d,
};

struct channel {
	int caller;
	int callee;
};

/* A direction of sound: sequence numbers prove that nothing was lost or doubled. */
struct stream {
	int from;
	int to;
	struct end target;
	unsigned int sent;
	unsigned int came;
};

struct call {
	struct end caller;
	struct end callee;
	struct channel q931;
	struct channel h245;
	struct stream rtp[2];
	struct stream rtcp[2];
	unsigned int signals;
};

static bool send_tpkt(int fd, const uint8_t *bytes, size_t len)
{
	uint8_t room[512] = { 3, 0 };
	size_t size = len + 4;

	room[2] = size >> 8;
	room[3] = size;
	memcpy(room + 4, bytes, len);
	return send(fd, room, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* The payload of the next TPKT, or 0; each fits one segment here. */
static size_t receive_tpkt(int fd, uint8_t *bytes, size_t size)
{
	uint8_t room[512];
	ssize_t got;

	if (!end_ready(fd, POLLIN))
		return 0;
	got = recv(fd, room, sizeof(room), 0);
	if (got < 5 || room[0] != 3 || (room[2] << 8 | room[3]) != got || got - 4 > (ssize_t)size)
		return 0;
	memcpy(bytes, room + 4, got - 4);
	return got - 4;
}

static bool send_q931(int fd, enum q931_type type, const uint8_t *uuie, size_t len)
{
	uint8_t room[256] = { 0x08, 2, 0x12, 0x34, type };
	size_t at = 5;

	if (uuie) {
		room[at++] = 0x7e;
		room[at++] = (len + 1) >> 8;
		room[at++] = len + 1;
		room[at++] = 0x05;
		memcpy(room + at, uuie, len);
		at += len;
	}
	return send_tpkt(fd, room, at);
}

static bool expect_q931(int fd, enum q931_type type)
{
	uint8_t room[256];

	return receive_tpkt(fd, room, sizeof(room)) >= 5 && room[4] == type;
}

/* CONNECT-UUIE whose h245Address is an IPv4 or IPv6 transport address. */
static bool send_connect(int fd, const struct end *h245)
{
	static const uint8_t head[] = { 0x02, 0x40, PROTOCOL_ID };
	static const uint8_t tail[] = { TERMINAL, CONFERENCE };
	const struct sockaddr_in6 *v6 = (const void *)&h245->addr;
	const struct sockaddr_in *v4 = (const void *)&h245->addr;
	bool is_v6 = h245->addr.ss_family == AF_INET6;
	size_t addr_len = is_v6 ? 16 : 4, at = sizeof(head);
	uint16_t port = htons(end_port(h245));
	uint8_t room[128];

	memcpy(room, head, sizeof(head));
	room[at++] = is_v6 ? 0x30 : 0x00;
	memcpy(room + at, is_v6 ? (const void *)&v6->sin6_addr : &v4->sin_addr, addr_len);
	at += addr_len;
	memcpy(room + at, &port, sizeof(port));
	at += sizeof(port);
	memcpy(room + at, tail, sizeof(tail));
	return send_q931(fd, Q931_CONNECT, room, at + sizeof(tail));
}

static int listen_at(const struct end *end)
{
	int fd = end_socket(end, SOCK_STREAM);

	if (listen(fd, 1))
		err(2, "listen on %u", end_port(end));
	return fd;
}

static bool set_up(struct call *call, uint16_t h245_port)
{
	struct end setup = end_at(&call->callee, 1720), h245 = end_at(&call->callee, h245_port);
	int setup_listener = listen_at(&setup), h245_listener = listen_at(&h245);
	struct channel *q931 = &call->q931;

	return end_connect(&call->caller, &setup, setup_listener, &q931->caller, &q931->callee) &&
	       send_q931(q931->caller, Q931_SETUP, setup_uuie, sizeof(setup_uuie)) &&
	       expect_q931(q931->callee, Q931_SETUP) && send_connect(q931->callee, &h245) &&
	       expect_q931(q931->caller, Q931_CONNECT) &&
	       end_connect(&call->caller, &h245, h245_listener, &call->h245.caller,
			   &call->h245.callee);
}

static bool asks_h245(int from, int to, const uint8_t *message, size_t len)
{
	uint8_t room[64];

	return send_tpkt(from, message, len) && receive_tpkt(to, room, sizeof(room)) == len &&
	       !memcmp(room, message, len);
}

static bool shows_life(struct call *call)
{
	const struct channel *q931 = &call->q931, *h245 = &call->h245;

	call->signals++;
	return send_q931(q931->callee, Q931_STATUS_ENQUIRY, NULL, 0) &&
	       expect_q931(q931->caller, Q931_STATUS_ENQUIRY) &&
	       send_q931(q931->caller, Q931_STATUS, NULL, 0) &&
	       expect_q931(q931->callee, Q931_STATUS) &&
	       asks_h245(h245->caller, h245->callee, determination, sizeof(determination)) &&
	       asks_h245(h245->callee, h245->caller, determination_ack, sizeof(determination_ack));
}

static void hang_up(struct call *call)
{
	asks_h245(call->h245.caller, call->h245.callee, end_session, sizeof(end_session));
	send_q931(call->q931.caller, Q931_RELEASE_COMPLETE, NULL, 0);
	close(call->h245.caller);
	close(call->q931.caller);
}

static void open_streams(struct stream *stream, const struct end *a, const struct end *b)
{
	int fd[2] = { end_socket(a, SOCK_DGRAM), end_socket(b, SOCK_DGRAM) };

	stream[0] = (struct stream){ .from = fd[0], .to = fd[1], .target = *b };
	stream[1] = (struct stream){ .from = fd[1], .to = fd[0], .target = *a };
}

static void speak(struct stream *stream, uint8_t type, size_t len)
{
	uint8_t room[RTP_BYTES] = { 0x80, type };
	uint32_t seq = htonl(stream->sent++);

	memcpy(room + 2, (uint8_t *)&seq + 2, 2);
	memcpy(room + 4, &seq, 4);
	sendto(stream->from, room, len, 0, (const struct sockaddr *)&stream->target,
	       stream->target.len);
}

static void hear(struct stream *stream)
{
	uint8_t room[RTP_BYTES];
	uint32_t seq;

	while (recv(stream->to, room, sizeof(room), MSG_DONTWAIT) > 8) {
		memcpy(&seq, room + 4, 4);
		if (ntohl(seq) == stream->came)
			stream->came++;
	}
}

static bool talk_on(struct call *call, const char *until, const char *ready)
{
	uint64_t end_ms = now_ms() + LIMIT_MS;
	bool alive = true;

	for (unsigned int tick = 0; alive && now_ms() < end_ms; tick++) {
		for (int i = 0; i < 2; i++) {
			speak(&call->rtp[i], 0, RTP_BYTES);
			if (tick % 50 == 0)
				speak(&call->rtcp[i], 200, 28);
		}
		usleep(20000);
		for (int i = 0; i < 2; i++) {
			hear(&call->rtp[i]);
			hear(&call->rtcp[i]);
		}
		if (tick == 10)
			close(open(ready, O_CREAT | O_WRONLY, 0600));
		if (tick % 50 == 0)
			alive = shows_life(call);
		if (tick > 10 && !access(until, F_OK))
			break;
	}
	usleep(500000);
	for (int i = 0; i < 2; i++) {
		hear(&call->rtp[i]);
		hear(&call->rtcp[i]);
	}
	return alive;
}

static bool nothing_lost(const struct stream *stream)
{
	return stream[0].sent == stream[0].came && stream[1].sent == stream[1].came;
}

static bool hold_call(struct call *call, const struct args *args)
{
	uint16_t callee_rtp = arg_number(args, "rtp", 0);
	uint16_t caller_rtp = arg_number(args, "callerrtp", 0);
	struct end a = end_at(&call->caller, caller_rtp), b = end_at(&call->callee, callee_rtp);
	struct end a_odd = end_at(&a, caller_rtp + 1), b_odd = end_at(&b, callee_rtp + 1);
	bool alive;

	open_streams(call->rtp, &a, &b);
	open_streams(call->rtcp, &a_odd, &b_odd);
	if (!set_up(call, arg_number(args, "h245", 0)))
		errx(1, "the call does not come about");
	alive = talk_on(call, arg_text(args, "until"), arg_text(args, "ready"));
	hang_up(call);
	printf("call %u rtp %u %u %u %u rtcp %u %u %u %u\n", call->signals, call->rtp[0].sent,
	       call->rtp[0].came, call->rtp[1].sent, call->rtp[1].came, call->rtcp[0].sent,
	       call->rtcp[0].came, call->rtcp[1].sent, call->rtcp[1].came);
	return alive && nothing_lost(call->rtp) && nothing_lost(call->rtcp);
}

int main(int argc, char **argv)
{
	struct args args = { .n = 0 };
	struct call call = { .signals = 0 };

	for (int i = 1; i < argc && args.n < ARGS_MAX; i++)
		args.word[args.n++] = argv[i];
	end_of(&args, "from", "src", "sport", &call.caller);
	end_of(&args, "to", "dst", "dport", &call.callee);
	if (!arg_text(&args, "until") || !arg_text(&args, "ready"))
		errx(2, "ready= and until= are needed");
	return !hold_call(&call, &args);
}
