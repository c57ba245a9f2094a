// SPDX-License-Identifier: GPL-2.0
/*
 * K42, K35: random packets, sound and damaged, through kmod/flow_skb.c and through a naive reader
 * of flat bytes. Each lies in memory in one piece and in one other way that a buffer can: one
 * linear byte before pages, nothing but pages, pieces in a frag_list. KASAN watches the ends.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/skbuff.h>

#include <eqfw/reasons.h>

#include "flow_plain.h"
#include "mutants.h"
#include "naive.h"

static unsigned int mutants = 10000;
module_param(mutants, uint, 0444);
MODULE_PARM_DESC(mutants, "random packets in each run (default 10000)");

static unsigned long long seed = 0x5eed;
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "of the random packets");

/* Exactly as long as the packet: a byte too far is behind the allocation. */
static struct sk_buff *piece(const u8 *bytes, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

	if (skb)
		skb_put_data(skb, bytes, len);
	return skb;
}

static bool add_page(struct sk_buff *skb, int i, const u8 *bytes, unsigned int len)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return false;
	memcpy(page_address(page) + PAGE_SIZE - len, bytes, len);
	skb_add_rx_frag(skb, i, page, PAGE_SIZE - len, len, PAGE_SIZE);
	return true;
}

static struct sk_buff *paged(const u8 *bytes, unsigned int len, unsigned int linear)
{
	unsigned int at = min(linear, len), step = (len - at) / MAX_SKB_FRAGS + 1, n;
	struct sk_buff *skb = piece(bytes, at);
	int i;

	for (i = 0; skb && at < len; i++, at += n) {
		n = min(step, len - at);
		if (!add_page(skb, i, bytes + at, n)) {
			kfree_skb(skb);
			return NULL;
		}
	}
	return skb;
}

static struct sk_buff *listed(const u8 *bytes, unsigned int len, unsigned int step)
{
	struct sk_buff *skb = piece(bytes, min(step, len)), **last;
	unsigned int at = step;

	if (!skb)
		return NULL;
	for (last = &skb_shinfo(skb)->frag_list; at < len; at += step) {
		*last = piece(bytes + at, min(step, len - at));
		if (!*last) {
			kfree_skb(skb);
			return NULL;
		}
		skb->len += (*last)->len;
		skb->data_len += (*last)->len;
		last = &(*last)->next;
	}
	return skb;
}

static struct sk_buff *lay_out(const u8 *bytes, unsigned int len, unsigned int how)
{
	struct sk_buff *skb;

	switch (how) {
	case 0:
		skb = piece(bytes, len);
		break;
	case 1:
		skb = paged(bytes, len, 1);
		break;
	case 2:
		skb = paged(bytes, len, 0);
		break;
	case 3:
		skb = listed(bytes, len, 1 + len / 9);
		break;
	default:
		skb = listed(bytes, len, 21);
		break;
	}
	if (skb)
		skb_reset_network_header(skb);
	return skb;
}

static bool same_flow(const struct eqfw_flow *a, const struct eqfw_flow *b)
{
	if (a->fault != b->fault || memcmp(&a->src, &b->src, sizeof(a->src)) ||
	    memcmp(&a->dst, &b->dst, sizeof(a->dst)))
		return false;
	if (a->fault && a->fault != EQFW_REASON_ICMP)
		return true;
	return a->family == b->family && a->proto == b->proto && a->sport == b->sport &&
	       a->dport == b->dport && a->tcp_flags == b->tcp_flags;
}

static bool same_inner(const struct eqfw_packet *packet, const struct naive *naive,
		       const struct eqfw_flow *flow)
{
	struct eqfw_flow got, want;
	bool good = naive_read_inner(naive, flow, &want);

	if (eqfw_packet_read_inner(packet, &got) != good)
		return false;
	want.now_s = got.now_s;
	return !good || same_flow(&got, &want);
}

static bool agrees(const struct mutants *m, unsigned int how)
{
	struct naive naive = { .bytes = m->bytes, .len = m->len };
	struct eqfw_packet packet, plain;
	struct eqfw_flow want;
	struct sk_buff *skb = lay_out(m->bytes, m->len, how);
	bool same;

	if (!skb)
		return false;
	naive_read(&naive, m->family, &want);
	eqfw_packet_read(&packet, skb, m->family, 0);
	same = same_flow(&packet.flow, &want);
	if (same && eqfw_packet_read_plain(&plain, skb, m->family, 0))
		same = same_flow(&plain.flow, &want) && plain.l4 == packet.l4;
	if (same && !want.fault)
		same = same_inner(&packet, &naive, &want);
	kfree_skb(skb);
	return same;
}

static void test_mutants(struct kunit *test)
{
	struct mutants *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	unsigned int i, how;

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->state = seed;
	for (i = 0; i < mutants; i++) {
		mutants_next(m);
		how = 1 + i % 4;
		if (!agrees(m, 0) || !agrees(m, how)) {
			KUNIT_FAIL(test, "packet %u, in one piece or laid out %u: %*ph", i, how,
				   min(m->len, 64u), m->bytes);
			return;
		}
		cond_resched();
	}
	kunit_info(test, "%u packets", i);
}

static struct kunit_case eqfw_mutants_cases[] = { KUNIT_CASE(test_mutants), {} };

static struct kunit_suite eqfw_mutants_suite = {
	.name = "eqfw_mutants",
	.test_cases = eqfw_mutants_cases,
};
kunit_test_suite(eqfw_mutants_suite);
