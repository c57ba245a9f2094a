// SPDX-License-Identifier: GPL-2.0
/* The packets in hand. A batch of them fits the first cache, with room for what hooks look up. */
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <net/netfilter/nf_conntrack.h>

#include "bench.h"

#define HEADROOM 64
/* One for the lane, one that a drop takes. */
#define REFERENCES 2

static struct sk_buff *new_skb(void)
{
	struct sk_buff *skb = alloc_skb(HEADROOM + BENCH_PACKET_BYTES + 4, GFP_KERNEL);

	if (skb)
		skb_reserve(skb, HEADROOM);
	return skb;
}

/* By words: what the hook reads next must come out of the store buffer at once. */
static void copy_bytes(u8 *to, const u8 *from)
{
	unsigned int i;

	BUILD_BUG_ON(BENCH_PACKET_BYTES % 4);
	for (i = 0; i < BENCH_PACKET_BYTES; i += 4)
		*(u32 *)(to + i) = *(const u32 *)(from + i);
}

static void set_packet(struct sk_buff *skb, const struct bench_packet *p, struct net_device *dev)
{
	u8 *data = skb->head + HEADROOM;
	bool v4 = p->family == 4;

	copy_bytes(data, p->bytes);
	skb->data = data;
	skb->len = p->len;
	skb->data_len = 0;
	skb_set_tail_pointer(skb, p->len);
	skb_set_mac_header(skb, -ETH_HLEN);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
	skb->protocol = v4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->mark = 0;
	skb->tstamp = 0;
	memset(skb->cb, 0, sizeof(skb->cb));
	if (!v4)
		IP6CB(skb)->iif = dev->ifindex;
}

/* Does the case's way use up the skb? */
static bool uses_up(const struct bench_case *c)
{
	return c->fresh || c->forward;
}

/**
 * bench_lane_fill() - take the next packets of the trace in hand
 * @lane: the lane
 * @c: whose trace it is
 * @n: at most BENCH_BATCH
 *
 * Context: process, bottom halves on
 * Return: 0 or -ENOMEM
 */
int bench_lane_fill(struct bench_lane *lane, const struct bench_case *c, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		const struct bench_packet *p = &c->trace->packets[lane->position];

		lane->skb[i] = uses_up(c) ? new_skb() : lane->pool[i];
		if (!lane->skb[i])
			return -ENOMEM;
		if (!uses_up(c))
			refcount_set(&lane->skb[i]->users, REFERENCES);
		set_packet(lane->skb[i], p, c->dev);
		lane->position = lane->position + 1 == c->trace->n ? 0 : lane->position + 1;
	}
	return 0;
}

/**
 * bench_lane_empty() - undo what hooks have done to the packets in hand
 * @lane: the lane
 * @c: the case that was replayed
 * @n: as filled
 *
 * Context: process, bottom halves on
 */
void bench_lane_empty(struct bench_lane *lane, const struct bench_case *c, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!uses_up(c)) {
			nf_reset_ct(lane->skb[i]);
			continue;
		}
		/* Dropped: freed; kept: the fragments wait for their rest, or are part of it. */
		if (lane->ret[i] == 1)
			kfree_skb(lane->skb[i]);
	}
}

/**
 * bench_lane_evict() - read other data, then the packet in hand again
 * @lane: the lane
 * @bytes: how much other data
 */
void bench_lane_evict(struct bench_lane *lane, unsigned int bytes)
{
	const struct sk_buff *skb = lane->skb[0];
	unsigned int i, sum = 0;

	for (i = 0; i < bytes; i += 64)
		sum += READ_ONCE(lane->evict[i]);
	for (i = 0; i < sizeof(*skb); i += 64)
		sum += READ_ONCE(((const u8 *)skb)[i]);
	sum += READ_ONCE(*skb->data);
	/* Nothing of it is used; the reads must happen all the same. */
	OPTIMIZER_HIDE_VAR(sum);
}

static int alloc_pool(struct bench_lane *lane)
{
	unsigned int i;

	for (i = 0; i < BENCH_BATCH; i++) {
		lane->pool[i] = new_skb();
		if (!lane->pool[i])
			return -ENOMEM;
	}
	return 0;
}

/**
 * bench_lane_alloc() - a lane with its packets
 *
 * Return: the lane, or NULL
 */
struct bench_lane *bench_lane_alloc(void)
{
	struct bench_lane *lane = kzalloc(sizeof(*lane), GFP_KERNEL);

	if (!lane)
		return NULL;
	lane->evict = vzalloc(BENCH_EVICT_MAX);
	if (lane->evict && !alloc_pool(lane))
		return lane;
	bench_lane_free(lane);
	return NULL;
}

/**
 * bench_lane_free() - give a lane and its packets back
 * @lane: not in use
 */
void bench_lane_free(struct bench_lane *lane)
{
	unsigned int i;

	for (i = 0; i < BENCH_BATCH; i++) {
		if (!lane->pool[i])
			continue;
		refcount_set(&lane->pool[i]->users, 1);
		kfree_skb(lane->pool[i]);
	}
	vfree(lane->evict);
	kfree(lane);
}
