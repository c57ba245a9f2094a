/* SPDX-License-Identifier: GPL-2.0 */
/* A trace file: records of this form, nothing else. Read by the bench module and by user space. */
#ifndef BENCH_PACKET_H
#define BENCH_PACKET_H

#include <linux/types.h>

#define BENCH_PACKET_BYTES 60

/**
 * struct bench_packet - one packet of a trace
 * @len: bytes used of @bytes
 * @family: 4 or 6
 * @accept: the verdict that the rules say: 1 pass, 0 drop
 * @piece: 0 whole; 1 first, 2 last fragment of a pair
 * @bytes: from the IP header on
 */
struct bench_packet {
	__u8 len;
	__u8 family;
	__u8 accept;
	__u8 piece;
	__u8 bytes[BENCH_PACKET_BYTES];
};

#endif
