// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family: commands that tell. A dump takes the namespace's mutex message by message
 * and carries the generation as its sequence, so that one which a load has overtaken ends early,
 * marked NLM_F_DUMP_INTR.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/sock.h>

#include <eqfw/format.h>
#include <eqfw/version.h>
#include <uapi/linux/eqfw.h>

#include "net.h"
#include "nflog.h"
#include "nl.h"

/* Fits into the smallest buffer that a client may receive dumps with. */
#define EQFW_PIECE 3072

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, EQFW_A_PAD);
}

static int put_common(struct sk_buff *skb, const struct eqfw_net *en, const struct eqfw_live *live)
{
	u8 state = EQFW_STATE_NONE;

	if (live)
		state = live->audit ? EQFW_STATE_AUDITING : EQFW_STATE_ENFORCING;
	if (nla_put_u8(skb, EQFW_A_STATE, state) || put_u64(skb, EQFW_A_GENERATION, en->generation))
		return -EMSGSIZE;
	if (nla_put_string(skb, EQFW_A_MODULE_VERSION, EQFW_VERSION) ||
	    nla_put_u16(skb, EQFW_A_FORMAT_VERSION, EQFW_FORMAT_VERSION))
		return -EMSGSIZE;
	if (nla_put_u32(skb, EQFW_A_CONNTRACK_COUNT, nf_conntrack_count(en->net)) ||
	    nla_put_u32(skb, EQFW_A_CONNTRACK_MAX, nf_conntrack_max))
		return -EMSGSIZE;
	return 0;
}

static int put_names(struct sk_buff *skb, const struct eqfw_live *live)
{
	const struct eqfw_profile *profile = &live->profile;
	const struct eqfw_header *header = profile->header;

	if (nla_put(skb, EQFW_A_DIGEST, EQFW_DIGEST_SIZE, profile->digest) ||
	    nla_put_u8(skb, EQFW_A_MODE, live->audit ? EQFW_MODE_AUDIT : EQFW_MODE_ENFORCE) ||
	    nla_put_string(skb, EQFW_A_NAME, eqfw_profile_string(profile, header->name)) ||
	    nla_put_string(skb, EQFW_A_MATRIX, eqfw_profile_string(profile, header->matrix)) ||
	    nla_put_u32(skb, EQFW_A_FLOWS, le32_to_cpu(header->flows)))
		return -EMSGSIZE;
	return 0;
}

static int put_times(struct sk_buff *skb, const struct eqfw_live *live)
{
	u32 mode_s = eqfw_mode_left_s(live), adopt_s = eqfw_seconds_until(live->adopt_until);

	if ((mode_s && nla_put_u32(skb, EQFW_A_MODE_S, mode_s)) ||
	    (adopt_s && nla_put_u32(skb, EQFW_A_ADOPT_S, adopt_s)))
		return -EMSGSIZE;
	return 0;
}

static int put_sizes(struct sk_buff *skb, const struct eqfw_net *en, const struct eqfw_live *live)
{
	const struct eqfw_profile *profile = &live->profile;

	if (nla_put_u32(skb, EQFW_A_ZONES, profile->n_zones) ||
	    nla_put_u32(skb, EQFW_A_CLASSES, profile->n_classes) ||
	    nla_put_u32(skb, EQFW_A_RULES, profile->n_rules) ||
	    nla_put_u32(skb, EQFW_A_ITEMS, profile->n_items))
		return -EMSGSIZE;
	if (put_u64(skb, EQFW_A_LOADED_AT, live->loaded_at) ||
	    put_u64(skb, EQFW_A_TABLE_BYTES, eqfw_table_bytes(live->table)) ||
	    put_u64(skb, EQFW_A_COUNTER_BYTES, eqfw_counters_bytes(live->counters)) ||
	    put_u64(skb, EQFW_A_IMAGE_BYTES, profile->size) ||
	    put_u64(skb, EQFW_A_UNZONED_PASSED, eqfw_totals_unzoned(&en->totals, live)) ||
	    put_u64(skb, EQFW_A_ADOPTED, eqfw_totals_adopted(&en->totals, live)))
		return -EMSGSIZE;
	return 0;
}

static int put_rollback(struct sk_buff *skb, const struct eqfw_rolled_back *last)
{
	struct nlattr *nest;

	if (!last->what)
		return 0;
	nest = nla_nest_start(skb, EQFW_A_ROLLBACK);
	if (!nest || nla_put_u64_64bit(skb, EQFW_ROLLBACK_A_AT, last->at, EQFW_ROLLBACK_A_PAD) ||
	    nla_put_u8(skb, EQFW_ROLLBACK_A_WHAT, last->what) ||
	    nla_put_u64_64bit(skb, EQFW_ROLLBACK_A_GENERATION, last->generation,
			      EQFW_ROLLBACK_A_PAD))
		return -EMSGSIZE;
	if ((last->had_digest &&
	     nla_put(skb, EQFW_ROLLBACK_A_DIGEST, EQFW_DIGEST_SIZE, last->digest)) ||
	    (last->expired && nla_put_flag(skb, EQFW_ROLLBACK_A_EXPIRED)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_stage(struct sk_buff *skb, const struct eqfw_live *live)
{
	const struct eqfw_live *next = eqfw_stage_next(live);
	struct eqfw_sum drops = {}, passes = {};
	const struct eqfw_stage *stage;

	if (!next)
		return 0;
	stage = rcu_dereference_protected(live->stage, true);
	eqfw_counters_unzoned(stage->drops, &drops);
	eqfw_counters_unzoned(stage->passes, &passes);
	if (nla_put(skb, EQFW_A_STAGED_DIGEST, EQFW_DIGEST_SIZE, next->profile.digest) ||
	    nla_put_string(skb, EQFW_A_STAGED_NAME,
			   eqfw_profile_string(&next->profile, next->profile.header->name)) ||
	    put_u64(skb, EQFW_A_STAGED_DROPS, drops.packets) ||
	    put_u64(skb, EQFW_A_STAGED_PASSES, passes.packets))
		return -EMSGSIZE;
	return 0;
}

/* A mode that is taken back is the live profile's. */
static int put_kept(struct sk_buff *skb, const struct eqfw_net *en)
{
	bool mode = en->pending.what == EQFW_CHANGE_MODE;
	bool audit = mode ? en->pending.audit : en->kept && en->kept->audit;

	if (en->kept &&
	    nla_put(skb, EQFW_A_KEPT_DIGEST, EQFW_DIGEST_SIZE, en->kept->profile.digest))
		return -EMSGSIZE;
	if (!en->kept && !mode)
		return 0;
	return nla_put_u8(skb, EQFW_A_KEPT_MODE, audit ? EQFW_MODE_AUDIT : EQFW_MODE_ENFORCE);
}

static int put_pending(struct sk_buff *skb, const struct eqfw_net *en)
{
	if (!en->pending.what)
		return 0;
	if (nla_put_u8(skb, EQFW_A_PENDING, en->pending.what) ||
	    nla_put_u32(skb, EQFW_A_CONFIRM_S, eqfw_confirm_left_s(en)))
		return -EMSGSIZE;
	return put_kept(skb, en);
}

static int put_status(struct sk_buff *skb, struct eqfw_net *en)
{
	const struct eqfw_live *live;
	int err;

	mutex_lock(&en->mutex);
	live = eqfw_net_live(en);
	err = put_common(skb, en, live);
	if (!err && live)
		err = put_names(skb, live);
	if (!err && live)
		err = put_sizes(skb, en, live);
	if (!err && live)
		err = put_times(skb, live);
	if (!err && live)
		err = put_stage(skb, live);
	if (!err && en->log_group != EQFW_LOG_OFF)
		err = nla_put_u16(skb, EQFW_A_LOG_GROUP, en->log_group);
	if (!err)
		err = put_pending(skb, en);
	if (!err)
		err = put_rollback(skb, &en->rolled_back);
	mutex_unlock(&en->mutex);
	return err;
}

int eqfw_get_status(struct sk_buff *skb, struct genl_info *info)
{
	struct eqfw_net *en = eqfw_net(genl_info_net(info));
	struct sk_buff *reply = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *header = NULL;

	if (reply)
		header = eqfw_netlink_reply(reply, info->snd_portid, info->snd_seq, 0,
					    EQFW_CMD_STATUS_GET);
	if (!header || put_status(reply, en)) {
		nlmsg_free(reply);
		NL_SET_ERR_MSG(info->extack, "no memory for the reply");
		return -ENOMEM;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static struct eqfw_net *dump_net(const struct netlink_callback *cb)
{
	return eqfw_net(sock_net(cb->skb->sk));
}

static bool has_digest(const struct eqfw_live *live, const struct nlattr *digest)
{
	return live && !memcmp(live->profile.digest, nla_data(digest), EQFW_DIGEST_SIZE);
}

/* Whose dump it is: the live profile's, or that of a digest which is about to be, or was, live. */
static const struct eqfw_live *dumped(const struct netlink_callback *cb, struct eqfw_net *en)
{
	const struct nlattr *digest = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, EQFW_A_DIGEST);
	const struct eqfw_live *live = eqfw_net_live(en), *next = eqfw_stage_next(live);

	if (!digest || has_digest(live, digest))
		return live;
	if (has_digest(next, digest))
		return next;
	return has_digest(en->kept, digest) ? en->kept : NULL;
}

int eqfw_get_start(struct netlink_callback *cb)
{
	const struct genlmsghdr *header = nlmsg_data(cb->nlh);
	struct eqfw_net *en = dump_net(cb);
	int err = eqfw_netlink_check(cb->nlh, cb->extack);
	bool live;

	if (err)
		return err;
	if (header->version != EQFW_GENL_VERSION) {
		NL_SET_ERR_MSG(cb->extack, "unsupported version");
		return -EINVAL;
	}
	mutex_lock(&en->mutex);
	live = dumped(cb, en);
	cb->seq = en->generation;
	mutex_unlock(&en->mutex);
	if (live)
		return 0;
	NL_SET_ERR_MSG(cb->extack, "no profile");
	return -ENOENT;
}

static void *dump_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *header = eqfw_netlink_reply(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					  NLM_F_MULTI, cmd);

	if (header)
		genl_dump_check_consistent(cb, header);
	return header;
}

static int put_sum(struct sk_buff *skb, int packets, int bytes, int pad, const struct eqfw_sum *sum)
{
	if (nla_put_u64_64bit(skb, packets, sum->packets, pad))
		return -EMSGSIZE;
	return nla_put_u64_64bit(skb, bytes, sum->bytes, pad);
}

static int put_item(struct sk_buff *skb, const char *id, const struct eqfw_sum *pass, bool live)
{
	struct nlattr *nest = nla_nest_start(skb, EQFW_A_ITEM);

	if (!nest || nla_put_string(skb, EQFW_ITEM_A_ID, id) ||
	    put_sum(skb, EQFW_ITEM_A_PACKETS, EQFW_ITEM_A_BYTES, EQFW_ITEM_A_PAD, pass))
		return -EMSGSIZE;
	if (live && nla_put_flag(skb, EQFW_ITEM_A_LIVE))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_reason_nest(struct sk_buff *skb, unsigned int reason, const struct eqfw_sum *drop,
			   const struct eqfw_sum *audit)
{
	struct nlattr *nest = nla_nest_start(skb, EQFW_A_REASON);

	if (!nest || nla_put_u8(skb, EQFW_REASON_A_CODE, reason) ||
	    put_sum(skb, EQFW_REASON_A_PACKETS, EQFW_REASON_A_BYTES, EQFW_REASON_A_PAD, drop) ||
	    put_sum(skb, EQFW_REASON_A_AUDIT_PACKETS, EQFW_REASON_A_AUDIT_BYTES, EQFW_REASON_A_PAD,
		    audit))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_reason(struct sk_buff *skb, const struct eqfw_net *en, const struct eqfw_live *live,
		      unsigned int reason)
{
	struct eqfw_sum drop, audit;

	eqfw_totals_reason(&en->totals, live, reason, &drop, &audit);
	return put_reason_nest(skb, reason, &drop, &audit);
}

static int put_pair(struct sk_buff *skb, const char *from, const char *to,
		    const struct eqfw_sum *pass, const struct eqfw_sum *drop)
{
	struct nlattr *nest = nla_nest_start(skb, EQFW_A_PAIR);

	if (!nest || nla_put_string(skb, EQFW_PAIR_A_FROM, from) ||
	    nla_put_string(skb, EQFW_PAIR_A_TO, to) ||
	    put_sum(skb, EQFW_PAIR_A_PASS_PACKETS, EQFW_PAIR_A_PASS_BYTES, EQFW_PAIR_A_PAD, pass) ||
	    put_sum(skb, EQFW_PAIR_A_DROP_PACKETS, EQFW_PAIR_A_DROP_BYTES, EQFW_PAIR_A_PAD, drop))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Puts the dump's message number @at: 0, -EMSGSIZE where it does not fit, -ENODATA at the end. */
typedef int (*eqfw_put_fn)(struct sk_buff *skb, const struct eqfw_net *en,
			   const struct eqfw_live *live, unsigned long at);

static const struct eqfw_total *absent(const struct list_head *list, unsigned long n)
{
	const struct eqfw_total *total;

	list_for_each_entry(total, list, list) {
		if (!total->live && !n--)
			return total;
	}
	return NULL;
}

static int put_item_at(struct sk_buff *skb, const struct eqfw_net *en, const struct eqfw_live *live,
		       unsigned long at)
{
	const struct eqfw_total *total;
	struct eqfw_sum pass;

	if (at < live->profile.n_items) {
		eqfw_totals_item(&en->totals, live, at, &pass);
		return put_item(skb, eqfw_live_item_id(live, at), &pass, true);
	}
	total = absent(&en->totals.items, at - live->profile.n_items);
	return total ? put_item(skb, total->from, &total->pass, false) : -ENODATA;
}

static int put_pair_at(struct sk_buff *skb, const struct eqfw_net *en, const struct eqfw_live *live,
		       unsigned long at)
{
	unsigned long side = live->profile.n_zones + 1;
	u32 from = at / side, to = at % side;
	const struct eqfw_total *total;
	struct eqfw_sum pass, drop;

	if (at < side * side) {
		eqfw_totals_pair(&en->totals, live, from, to, &pass, &drop);
		return put_pair(skb, eqfw_live_zone_name(live, from), eqfw_live_zone_name(live, to),
				&pass, &drop);
	}
	total = absent(&en->totals.pairs, at - side * side);
	if (!total)
		return -ENODATA;
	return put_pair(skb, total->from, total->to, &total->pass, &total->drop);
}

static int put_drop_at(struct sk_buff *skb, const struct eqfw_net *en, const struct eqfw_live *live,
		       unsigned long at)
{
	unsigned long reasons = EQFW_N_REASONS - 1;

	if (at < reasons)
		return put_reason(skb, en, live, at + 1);
	return put_pair_at(skb, en, live, at - reasons);
}

static int put_staged(struct sk_buff *skb, const char *id, const struct eqfw_sum *drop,
		      const struct eqfw_sum *pass)
{
	struct nlattr *nest = nla_nest_start(skb, EQFW_A_STAGED);

	if (!nest || nla_put_string(skb, EQFW_STAGED_A_ID, id) ||
	    put_sum(skb, EQFW_STAGED_A_DROP_PACKETS, EQFW_STAGED_A_DROP_BYTES, EQFW_STAGED_A_PAD,
		    drop) ||
	    put_sum(skb, EQFW_STAGED_A_PASS_PACKETS, EQFW_STAGED_A_PASS_BYTES, EQFW_STAGED_A_PAD,
		    pass))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_staged_reason(struct sk_buff *skb, const struct eqfw_stage *stage,
			     unsigned long reason)
{
	struct eqfw_sum drop = {}, audit = {};

	if (reason >= EQFW_N_REASONS)
		return -ENODATA;
	eqfw_counters_reason(stage->passes, reason, &drop, &audit);
	return put_reason_nest(skb, reason, &drop, &audit);
}

static int put_staged_at(struct sk_buff *skb, const struct eqfw_net *en,
			 const struct eqfw_live *live, unsigned long at)
{
	const struct eqfw_stage *stage = rcu_dereference_protected(live->stage, true);
	struct eqfw_sum drop = {}, pass = {};
	u32 n = live->profile.n_items, m;

	if (!stage)
		return -ENODATA;
	if (at < n) {
		eqfw_counters_item(stage->drops, at, &drop);
		return put_staged(skb, eqfw_live_item_id(live, at), &drop, &pass);
	}
	m = stage->next->profile.n_items;
	if (at - n < m) {
		eqfw_counters_item(stage->passes, at - n, &pass);
		return put_staged(skb, eqfw_live_item_id(stage->next, at - n), &drop, &pass);
	}
	return put_staged_reason(skb, stage, at - n - m + 1);
}

static int put_piece_at(struct sk_buff *skb, const struct eqfw_net *en,
			const struct eqfw_live *live, unsigned long at)
{
	size_t from = at * EQFW_PIECE, size = live->profile.size;

	if (from >= size)
		return -ENODATA;
	return nla_put(skb, EQFW_A_PROFILE, min_t(size_t, EQFW_PIECE, size - from),
		       live->image + from);
}

/* One message; an item that does not fit is taken back and comes in the next buffer. */
static int dump_one(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd, eqfw_put_fn put,
		    const struct eqfw_net *en, const struct eqfw_live *live)
{
	void *header = dump_begin(skb, cb, cmd);
	int err;

	if (!header)
		return -EMSGSIZE;
	err = put(skb, en, live, cb->args[0]);
	if (err) {
		genlmsg_cancel(skb, header);
		return err;
	}
	genlmsg_end(skb, header);
	cb->args[0]++;
	return 0;
}

static int dump(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd, eqfw_put_fn put)
{
	struct eqfw_net *en = dump_net(cb);
	const struct eqfw_live *live;
	int err = 0;

	mutex_lock(&en->mutex);
	live = dumped(cb, en);
	/*
	 * Another profile, or none: what was sent and what is left do not belong together. A staged
	 * or kept one goes without a new generation.
	 */
	if (!live || cb->seq != (unsigned int)en->generation) {
		cb->prev_seq = ~(unsigned int)en->generation;
		cb->seq = en->generation;
		err = -ENODATA;
	}
	while (!err)
		err = dump_one(skb, cb, cmd, put, en, live);
	mutex_unlock(&en->mutex);
	if (err == -EMSGSIZE && !skb->len)
		return err;
	return skb->len;
}

int eqfw_get_items(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, EQFW_CMD_ITEMS_GET, put_item_at);
}

int eqfw_get_drops(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, EQFW_CMD_DROPS_GET, put_drop_at);
}

int eqfw_get_profile(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, EQFW_CMD_PROFILE_GET, put_piece_at);
}

int eqfw_get_stage(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, EQFW_CMD_STAGE_GET, put_staged_at);
}
