// SPDX-License-Identifier: GPL-2.0
/*
 * Interface -> zones. Names are compared when a profile is loaded and when a device appears or is
 * renamed, never for a packet: packets look the index up in a small hash. The map hangs beside the
 * table and is replaced as a whole; only the leaving of a device is written in place, because it
 * must not fail.
 */
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "ifmap.h"
#include "net.h"

#define EQFW_IF_GONE (-1)

/* How well a record's name fits: 0 not at all, longer patterns better, the exact name best. */
static size_t fit(const struct eqfw_profile *profile, const struct eqfw_interface_rec *rec,
		  const char *name)
{
	const char *pattern = eqfw_profile_string(profile, rec->name);
	size_t len = strlen(pattern);

	if (!(le16_to_cpu(rec->flags) & EQFW_INTERFACE_PREFIX))
		return strcmp(pattern, name) ? 0 : IFNAMSIZ + 1;
	return strncmp(pattern, name, len) ? 0 : len + 1;
}

/* Records that fit equally well have the same name: all their zones have the interface. */
static bool zones_of(const struct eqfw_profile *profile, const char *name,
		     struct eqfw_zone_set *zones)
{
	size_t best = 0;
	u32 i;

	for (i = 0; i < profile->n_interfaces; i++) {
		size_t got = fit(profile, &profile->interfaces[i], name);
		u16 zone = le16_to_cpu(profile->interfaces[i].zone);

		if (!got || got < best)
			continue;
		if (got > best)
			memset(zones, 0, sizeof(*zones));
		best = got;
		zones->bits[zone / 64] |= BIT_ULL(zone % 64);
	}
	return best;
}

struct eqfw_ifmap *eqfw_ifmap_build(struct net *net, const struct eqfw_profile *profile, gfp_t more)
{
	struct eqfw_ifmap *map;
	struct net_device *dev;
	u32 n = 1, bits;

	ASSERT_RTNL();
	for_each_netdev(net, dev)
		n++;
	bits = order_base_2(2 * n);
	map = kvzalloc(struct_size(map, slot, 1u << bits), GFP_KERNEL_ACCOUNT | more);
	if (!map)
		return NULL;
	map->bits = bits;
	for_each_netdev(net, dev) {
		struct eqfw_zone_set zones = {};
		struct eqfw_if *slot;

		cond_resched();
		if (!zones_of(profile, dev->name, &zones))
			continue;
		slot = eqfw_ifmap_slot(map, dev->ifindex);
		slot->zones = zones;
		slot->ifindex = dev->ifindex;
	}
	return map;
}

void eqfw_ifmap_free(struct eqfw_ifmap *map)
{
	kvfree(map);
}

/*
 * Must not fail: a device that comes from another namespace cannot be turned away (its mover does
 * not ask), and one that no map knows would pass as unzoned.
 */
static void rebuild(struct eqfw_live *live, struct net *net)
{
	struct eqfw_ifmap *map = eqfw_ifmap_build(net, &live->profile, __GFP_NOFAIL);

	map = rcu_replace_pointer(live->ifmap, map, lockdep_rtnl_is_held());
	kvfree_rcu(map, rcu);
}

static void forget(struct eqfw_live *live, int ifindex)
{
	struct eqfw_if *slot = eqfw_ifmap_slot(rtnl_dereference(live->ifmap), ifindex);

	if (slot->ifindex == ifindex)
		WRITE_ONCE(slot->ifindex, EQFW_IF_GONE);
}

static void follow(struct eqfw_live *live, unsigned long event, const struct net_device *dev)
{
	if (!live)
		return;
	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
		rebuild(live, dev_net(dev));
		break;
	case NETDEV_UNREGISTER:
		forget(live, dev->ifindex);
		break;
	default:
		break;
	}
}

/* A profile and what is staged beside it. */
static void follow_both(struct eqfw_live *live, unsigned long event, const struct net_device *dev)
{
	follow(live, event, dev);
	follow(eqfw_stage_next(live), event, dev);
}

static int eqfw_ifmap_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct eqfw_net *en = eqfw_net(dev_net(dev));

	follow_both(eqfw_net_live_rtnl(en), event, dev);
	/* A profile that is kept for a rollback must fit the interfaces of that moment. */
	follow_both(en->kept, event, dev);
	return NOTIFY_DONE;
}

static struct notifier_block eqfw_ifmap_notifier = {
	.notifier_call = eqfw_ifmap_event,
};

int eqfw_ifmap_init(void)
{
	return register_netdevice_notifier(&eqfw_ifmap_notifier);
}

void eqfw_ifmap_exit(void)
{
	unregister_netdevice_notifier(&eqfw_ifmap_notifier);
}
