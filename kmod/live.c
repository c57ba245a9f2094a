// SPDX-License-Identifier: GPL-2.0
/* From bytes to a profile that can be published: check, build, allocate; no lock is held. */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "alloc.h"
#include "live.h"
#include "load.h"
#include "net.h"

void eqfw_live_free(struct eqfw_live *live)
{
	if (!live)
		return;
	eqfw_stage_free(rcu_dereference_protected(live->stage, true));
	eqfw_ifmap_free(rcu_dereference_protected(live->ifmap, true));
	eqfw_counters_free(live->counters);
	eqfw_table_free(live->table);
	kvfree(live->log_new);
	kvfree(live->image);
	kfree(live);
}

static int check_image(struct eqfw_net *en, struct eqfw_live *live, const struct eqfw_load *load,
		       struct netlink_ext_ack *extack)
{
	struct eqfw_fault fault = {};
	int err;

	err = eqfw_profile_check(live->image, load->size, &live->profile, &fault);
	if (err) {
		eqfw_sentence(en, extack, "%s %u: %s", fault.section, fault.record, fault.what);
		return err;
	}
	if (load->digest && memcmp(load->digest, live->profile.digest, EQFW_DIGEST_SIZE)) {
		eqfw_sentence(en, extack, "the digest attribute is not the profile's digest");
		return -EBADMSG;
	}
	return 0;
}

/* A bit for each item whose new connections are logged; most profiles have none. */
static int build_log_new(struct eqfw_live *live)
{
	const struct eqfw_profile *profile = &live->profile;
	u32 i;

	for (i = 0; i < profile->n_items; i++) {
		if (!(le16_to_cpu(profile->items[i].flags) & EQFW_ITEM_LOG_NEW))
			continue;
		if (!live->log_new)
			live->log_new =
				kvcalloc(BITS_TO_LONGS(profile->n_items), sizeof(long), EQFW_GFP);
		if (!live->log_new)
			return -ENOMEM;
		__set_bit(i, live->log_new);
	}
	return 0;
}

static void build_timed(struct eqfw_live *live)
{
	u32 i;

	for (i = 0; i < live->profile.n_items; i++)
		live->timed |= live->profile.items[i].until != 0;
}

static void build_arrival(struct eqfw_live *live)
{
	const struct eqfw_profile *profile = &live->profile;
	u32 i;

	live->bridge = le32_to_cpu(profile->header->flags) & EQFW_HEADER_BRIDGE;
	for (i = 0; i < profile->n_zones; i++) {
		if (!(le32_to_cpu(profile->zones[i].flags) & EQFW_ZONE_IPSEC))
			continue;
		live->ipsec.bits[i / 64] |= BIT_ULL(i % 64);
		live->has_ipsec = true;
	}
}

static int build_live(struct eqfw_net *en, struct eqfw_live *live, struct netlink_ext_ack *extack)
{
	struct eqfw_fault fault = {};
	int err;

	err = eqfw_table_build(&live->profile, &live->table, &fault);
	if (err == -E2BIG)
		eqfw_sentence(en, extack, "%s %u: %s", fault.section, fault.record, fault.what);
	else if (err)
		eqfw_sentence(en, extack, "no memory for the table");
	if (err)
		return err;
	live->counters = eqfw_counters_alloc(live->profile.n_zones, live->profile.n_items);
	if (!live->counters) {
		eqfw_sentence(en, extack, "no memory for the counters");
		return -ENOMEM;
	}
	err = build_log_new(live);
	if (err) {
		eqfw_sentence(en, extack, "no memory for the log");
		return err;
	}
	build_timed(live);
	build_arrival(live);
	live->audit = eqfw_mode_own(live);
	live->loaded_at = ktime_get_real_seconds();
	return 0;
}

struct eqfw_live *eqfw_live_make(struct eqfw_net *en, struct eqfw_load *load,
				 struct netlink_ext_ack *extack)
{
	struct eqfw_live *live = kzalloc(sizeof(*live), EQFW_GFP);
	int err;

	if (!live) {
		kvfree(load->image);
		eqfw_sentence(en, extack, "no memory");
		return ERR_PTR(-ENOMEM);
	}
	live->image = load->image;
	err = check_image(en, live, load, extack);
	if (!err)
		err = build_live(en, live, extack);
	if (err) {
		eqfw_live_free(live);
		return ERR_PTR(err);
	}
	return live;
}
