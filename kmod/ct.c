// SPDX-License-Identifier: GPL-2.0
/*
 * Replies. At -250 connection tracking has not seen the packet yet, so its table is asked by the
 * packet's wire tuple. The entry's original tuple, with NAT undone by the entry itself, is then
 * judged by today's table: a connection that a new profile no longer permits ends here.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "ct.h"
#include "net.h"
#include "place.h"

static void ports_from_tuple(const struct nf_conntrack_tuple *tuple, struct eqfw_flow *flow)
{
	switch (flow->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		flow->sport = ntohs(tuple->src.u.all);
		flow->dport = ntohs(tuple->dst.u.all);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		flow->sport = tuple->dst.u.icmp.code;
		flow->dport = tuple->dst.u.icmp.type;
		break;
	default:
		break;
	}
}

static void flow_from_tuple(const struct nf_conntrack_tuple *tuple, u64 now_s,
			    struct eqfw_flow *flow)
{
	bool v4 = tuple->src.l3num == NFPROTO_IPV4;
	size_t size = v4 ? sizeof(tuple->src.u3.ip) : sizeof(tuple->src.u3.in6);

	memset(flow, 0, sizeof(*flow));
	flow->family = v4 ? 4 : 6;
	flow->proto = tuple->dst.protonum;
	flow->now_s = now_s;
	memcpy(flow->src.b, &tuple->src.u3, size);
	memcpy(flow->dst.b, &tuple->dst.u3, size);
	ports_from_tuple(tuple, flow);
}

static bool permits(const struct eqfw_live *live, const struct nf_hook_state *state,
		    const struct eqfw_flow *flow, struct eqfw_verdict *verdict)
{
	struct eqfw_verdict own;
	struct eqfw_places places;

	eqfw_place_flow(live, state, flow->family, flow, &places);
	if (!eqfw_permits(live->table, flow, &places, &own))
		return false;
	verdict->item = own.item;
	return true;
}

static bool permits_tuple(const struct eqfw_live *live, const struct nf_hook_state *state,
			  const struct nf_conntrack_tuple *tuple, u64 now_s,
			  struct eqfw_verdict *verdict)
{
	struct eqfw_flow flow;

	flow_from_tuple(tuple, now_s, &flow);
	return permits(live, state, &flow, verdict);
}

/* A flowtable makes both ends of what it forwards liberal, but what their SYNs said stays known. */
static bool is_guess(const struct ip_ct_tcp_state *seen)
{
	const u8 guess = IP_CT_TCP_FLAG_SACK_PERM | IP_CT_TCP_FLAG_BE_LIBERAL;

	return (READ_ONCE(seen->flags) & (guess | IP_CT_TCP_FLAG_WINDOW_SCALE)) == guess;
}

/*
 * Both ends a guess: tracking met the connection half-way and guessed who had opened it. Both ends
 * have spoken, too, and a host without the session would have answered with a reset: no stranger
 * makes such an entry. Assured it becomes only with the third packet, which must pass first.
 */
static bool picked_up(struct nf_conn *ct)
{
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;

	return nf_ct_protonum(ct) == IPPROTO_TCP && test_bit(IPS_SEEN_REPLY_BIT, &ct->status) &&
	       READ_ONCE(tcp->state) == TCP_CONNTRACK_ESTABLISHED && is_guess(&tcp->seen[0]) &&
	       is_guess(&tcp->seen[1]);
}

/* Would the connection's own first packet pass today, whichever end may have sent it? */
static bool permits_entry(const struct eqfw_live *live, const struct nf_hook_state *state,
			  struct nf_conn *ct, u64 now_s, struct eqfw_verdict *verdict)
{
	if (permits_tuple(live, state, nf_ct_tuple(ct, IP_CT_DIR_ORIGINAL), now_s, verdict))
		return true;
	return picked_up(ct) &&
	       permits_tuple(live, state, nf_ct_tuple(ct, IP_CT_DIR_REPLY), now_s, verdict);
}

/* What a helper expected is permitted as long as the connection that it watches is. */
static bool permits_master(const struct eqfw_live *live, const struct nf_hook_state *state,
			   struct nf_conn *master, u64 now_s, struct eqfw_verdict *verdict)
{
	struct eqfw_verdict own = *verdict;

	if (!permits_tuple(live, state, nf_ct_tuple(master, IP_CT_DIR_ORIGINAL), now_s, &own) ||
	    own.item >= live->profile.n_items ||
	    !(le16_to_cpu(live->profile.items[own.item].flags) & EQFW_ITEM_RELATED))
		return false;
	verdict->item = own.item;
	return true;
}

static bool permits_expected(const struct eqfw_live *live, const struct nf_hook_state *state,
			     struct nf_conn *ct, u64 now_s, struct eqfw_verdict *verdict)
{
	return test_bit(IPS_EXPECTED_BIT, &ct->status) && ct->master &&
	       permits_master(live, state, ct->master, now_s, verdict);
}

static struct nf_conn *find_entry(const struct nf_hook_state *state, const struct sk_buff *skb,
				  const struct nf_conntrack_tuple *tuple,
				  enum ip_conntrack_dir *dir)
{
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_zone room;
	const struct nf_conntrack_zone *zone;
	enum ip_conntrack_info info;

	/* A CT target in raw has left a template that names the zone. */
	zone = nf_ct_zone_tmpl(nf_ct_get(skb, &info), skb, &room);
	hash = nf_conntrack_find_get(state->net, zone, tuple);
	if (!hash)
		return NULL;
	*dir = NF_CT_DIRECTION(hash);
	return nf_ct_tuplehash_to_ctrack(hash);
}

/*
 * Conntrack walks IPv6 headers its own way, through authentication headers too: what it found must
 * be the packet that was judged.
 */
static bool read_tuple(const struct nf_hook_state *state, const struct sk_buff *skb,
		       unsigned int at, u8 proto, struct nf_conntrack_tuple *tuple)
{
	return nf_ct_get_tuplepr(skb, at, state->pf, state->net, tuple) &&
	       tuple->dst.protonum == proto;
}

/* TCP or UDP right behind the IP header: conntrack would read what has been read. */
static bool is_plain(const struct eqfw_packet *packet)
{
	const struct eqfw_flow *flow = &packet->flow;
	unsigned int ip_len = flow->family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	return (flow->proto == IPPROTO_TCP || flow->proto == IPPROTO_UDP) &&
	       packet->l4 == skb_network_offset(packet->skb) + ip_len;
}

static void tuple_from_flow(const struct eqfw_flow *flow, struct nf_conntrack_tuple *tuple)
{
	memset(tuple, 0, sizeof(*tuple));
	tuple->src.l3num = flow->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	tuple->dst.protonum = flow->proto;
	tuple->dst.dir = IP_CT_DIR_ORIGINAL;
	tuple->src.u.all = htons(flow->sport);
	tuple->dst.u.all = htons(flow->dport);
	/* Of an IPv4 address all bytes but the first four are zero. */
	memcpy(&tuple->src.u3, &flow->src, sizeof(tuple->src.u3));
	memcpy(&tuple->dst.u3, &flow->dst, sizeof(tuple->dst.u3));
}

static bool packet_tuple(const struct nf_hook_state *state, const struct eqfw_packet *packet,
			 struct nf_conntrack_tuple *tuple)
{
	if (unlikely(!is_plain(packet)))
		return read_tuple(state, packet->skb, skb_network_offset(packet->skb),
				  packet->flow.proto, tuple);
	tuple_from_flow(&packet->flow, tuple);
	return true;
}

static bool is_untracked(const struct sk_buff *skb)
{
	enum ip_conntrack_info info;

	nf_ct_get(skb, &info);
	return info == IP_CT_UNTRACKED;
}

/*
 * Is the entry's original tuple nothing but the packet turned round? Then the judgement has looked
 * its rule up already, as the packet's reverse. What the box itself opens needs no rule.
 */
static bool is_judged(const struct nf_conn *ct, const struct nf_conntrack_tuple *tuple,
		      const struct eqfw_places *places, const struct eqfw_verdict *verdict)
{
	const struct nf_conntrack_tuple *original = nf_ct_tuple(ct, IP_CT_DIR_ORIGINAL);

	return verdict->reason == EQFW_REASON_STATE && verdict->item != EQFW_ITEM_NONE &&
	       !(places->dst.flags & EQFW_CLASS_BOX) &&
	       (tuple->dst.protonum == IPPROTO_TCP || tuple->dst.protonum == IPPROTO_UDP) &&
	       original->src.u.all == tuple->dst.u.all && original->dst.u.all == tuple->src.u.all &&
	       nf_inet_addr_cmp(&original->src.u3, &tuple->dst.u3) &&
	       nf_inet_addr_cmp(&original->dst.u3, &tuple->src.u3);
}

bool eqfw_ct_reply(const struct eqfw_live *live, const struct nf_hook_state *state,
		   const struct eqfw_packet *packet, const struct eqfw_places *places,
		   struct eqfw_verdict *verdict)
{
	struct nf_conntrack_tuple tuple;
	enum ip_conntrack_dir dir;
	struct nf_conn *ct;
	bool pass;

	if (is_untracked(packet->skb)) {
		verdict->reason = EQFW_REASON_UNTRACKED;
		return false;
	}
	if (!packet_tuple(state, packet, &tuple))
		return false;
	ct = find_entry(state, packet->skb, &tuple, &dir);
	if (!ct)
		return false;
	if (dir == IP_CT_DIR_REPLY && is_judged(ct, &tuple, places, verdict))
		pass = true;
	else
		pass = (dir == IP_CT_DIR_REPLY || picked_up(ct)) &&
		       permits_entry(live, state, ct, packet->flow.now_s, verdict);
	nf_ct_put(ct);
	return pass;
}

enum eqfw_event_ct eqfw_ct_look(const struct nf_hook_state *state, const struct eqfw_packet *packet)
{
	struct nf_conntrack_tuple tuple;
	enum ip_conntrack_dir dir;
	struct nf_conn *ct;

	if (packet->flow.fault || !read_tuple(state, packet->skb, skb_network_offset(packet->skb),
					      packet->flow.proto, &tuple))
		return EQFW_EVENT_CT_UNREADABLE;
	if (is_untracked(packet->skb))
		return EQFW_EVENT_CT_UNTRACKED;
	ct = find_entry(state, packet->skb, &tuple, &dir);
	if (!ct)
		return EQFW_EVENT_CT_NONE;
	nf_ct_put(ct);
	return dir == IP_CT_DIR_REPLY ? EQFW_EVENT_CT_REPLY : EQFW_EVENT_CT_ORIGINAL;
}

/* The inner packet left this way after NAT: the entry knows its inverse, as its answer's tuple. */
static bool inner_is_tracked(const struct eqfw_live *live, const struct nf_hook_state *state,
			     const struct eqfw_packet *packet, u8 proto,
			     struct eqfw_verdict *verdict)
{
	struct nf_conntrack_tuple inner, answer;
	enum ip_conntrack_dir dir;
	struct nf_conn *ct;
	bool pass;

	if (is_untracked(packet->skb) ||
	    !read_tuple(state, packet->skb, eqfw_packet_inner_offset(packet), proto, &inner) ||
	    !nf_ct_invert_tuple(&answer, &inner))
		return false;
	ct = find_entry(state, packet->skb, &answer, &dir);
	if (!ct)
		return false;
	pass = permits_entry(live, state, ct, packet->flow.now_s, verdict) ||
	       permits_expected(live, state, ct, packet->flow.now_s, verdict);
	nf_ct_put(ct);
	return pass;
}

bool eqfw_ct_inner(const struct eqfw_live *live, const struct nf_hook_state *state,
		   const struct eqfw_packet *packet, struct eqfw_verdict *verdict)
{
	struct eqfw_flow inner;
	struct eqfw_places places;

	if (!eqfw_packet_read_inner(packet, &inner))
		return false;
	/* What the box itself sent is permitted as such: only its entry proves that it did. */
	eqfw_place_flow(live, state, inner.family, &inner, &places);
	if (!(places.src.flags & EQFW_CLASS_BOX) && permits(live, state, &inner, verdict))
		return true;
	if (eqfw_mirrors(live->table, &inner, &places, &verdict->item))
		return true;
	return inner_is_tracked(live, state, packet, inner.proto, verdict);
}

/*
 * The master of an expectation, with a reference. The expectation holds none, so a master that ends
 * meanwhile may come back as another connection: it takes its expectations along before that, and
 * the second look finds out.
 */
static struct nf_conn *expecting(const struct nf_hook_state *state, const struct sk_buff *skb,
				 const struct nf_conntrack_tuple *tuple)
{
	const struct nf_conntrack_expect *expect;
	const struct nf_conntrack_zone *zone;
	struct nf_conntrack_zone room;
	enum ip_conntrack_info info;
	struct nf_conn *master;

	zone = nf_ct_zone_tmpl(nf_ct_get(skb, &info), skb, &room);
	expect = __nf_ct_expect_find(state->net, zone, tuple);
	if (!expect || expect->flags & NF_CT_EXPECT_INACTIVE)
		return NULL;
	master = expect->master;
	if (!refcount_inc_not_zero(&master->ct_general.use))
		return NULL;
	if (__nf_ct_expect_find(state->net, zone, tuple) == expect && expect->master == master &&
	    nf_ct_is_confirmed(master) && !nf_ct_is_dying(master))
		return master;
	nf_ct_put(master);
	return NULL;
}

/* Nobody tracks it yet: only what opens a connection can be the one that is expected. */
static bool is_expected(const struct eqfw_live *live, const struct nf_hook_state *state,
			const struct eqfw_packet *packet, const struct nf_conntrack_tuple *tuple,
			struct eqfw_verdict *verdict)
{
	const u8 opens = EQFW_TCP_SYN | EQFW_TCP_ACK;
	struct nf_conn *master;
	bool pass;

	if (packet->flow.proto == IPPROTO_TCP && (packet->flow.tcp_flags & opens) != EQFW_TCP_SYN)
		return false;
	master = expecting(state, packet->skb, tuple);
	if (!master)
		return false;
	pass = permits_master(live, state, master, packet->flow.now_s, verdict);
	nf_ct_put(master);
	return pass;
}

bool eqfw_ct_related(const struct eqfw_live *live, const struct nf_hook_state *state,
		     const struct eqfw_packet *packet, struct eqfw_verdict *verdict)
{
	struct nf_conntrack_tuple tuple;
	enum ip_conntrack_dir dir;
	struct nf_conn *ct;
	bool pass;

	if (is_untracked(packet->skb) || !packet_tuple(state, packet, &tuple))
		return false;
	ct = find_entry(state, packet->skb, &tuple, &dir);
	if (!ct)
		return is_expected(live, state, packet, &tuple, verdict);
	pass = permits_expected(live, state, ct, packet->flow.now_s, verdict);
	nf_ct_put(ct);
	return pass;
}
