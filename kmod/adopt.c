// SPDX-License-Identifier: GPL-2.0
/*
 * Adoption: for a time, TCP that would be the answer in a permitted session passes though tracking
 * knows no such session (adopts() of hook.c). It begins where sessions are older than what tracking
 * knows: with the first load, and again when a virtual address of the box (vip:) comes here from
 * another router, which knew them.
 *
 * Only the administrator's addresses count, which last for good: what a router advertisement makes
 * does not, or its sender could begin adoption.
 */
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#include "adopt.h"
#include "events.h"
#include "net.h"

u32 eqfw_adopt_begin(struct eqfw_live *live)
{
	u32 seconds = le32_to_cpu(live->profile.header->adopt_s);
	ktime_t until = ktime_add_ms(ktime_get_boottime(), (u64)seconds * MSEC_PER_SEC);

	WRITE_ONCE(live->adopt_until, seconds ? until : 0);
	return seconds;
}

/* Those that may be live soon, too: the staged one, the one that a rollback returns to. */
static void begin(struct eqfw_net *en)
{
	struct eqfw_live *live = eqfw_net_live(en), *next = eqfw_stage_next(live);
	u32 seconds;

	if (!live)
		return;
	if (next)
		eqfw_adopt_begin(next);
	if (en->kept)
		eqfw_adopt_begin(en->kept);
	seconds = eqfw_adopt_begin(live);
	if (!seconds)
		return;
	pr_info("eqfw: netns %u: a virtual address has come: sessions are adopted for %u s\n",
		en->net->ns.inum, seconds);
	eqfw_event_change(en, EQFW_CHANGE_ADOPT, false);
}

static void begin_work(struct work_struct *work)
{
	struct eqfw_adopt *adopt = container_of(work, struct eqfw_adopt, begin);
	struct eqfw_net *en = container_of(adopt, struct eqfw_net, adopt);

	mutex_lock(&en->mutex);
	begin(en);
	mutex_unlock(&en->mutex);
}

void eqfw_adopt_init(struct eqfw_net *en)
{
	INIT_WORK(&en->adopt.begin, begin_work);
}

void eqfw_adopt_exit(struct eqfw_net *en)
{
	cancel_work_sync(&en->adopt.begin);
}

void eqfw_adopt_address(struct eqfw_net *en, const struct eqfw_live *live, u8 family,
			const void *addr)
{
	struct eqfw_flow flow = { .family = family };
	struct eqfw_places places;

	memcpy(flow.src.b, addr, family == 4 ? 4 : 16);
	eqfw_locate(live->table, &flow, &places);
	if (places.src.flags & EQFW_CLASS_VIP)
		queue_work(system_unbound_wq, &en->adopt.begin);
}
