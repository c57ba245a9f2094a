// SPDX-License-Identifier: GPL-2.0
/*
 * Which addresses may be this box's own. The routing tables know it, but to ask them costs as much
 * as a verdict, and each packet of a stranger would have to. So a filter stands before them: a bit
 * for the hash of each address that an interface has. A stranger meets a zero bit, nearly always,
 * and that is all it costs; who meets a one is looked up in the tables, which have the last word.
 *
 * Bits are only set, never cleared: that cannot fail, needs no lock, and a bit too many is no
 * mistake. A load begins with a new filter. It is filled before the profile is published, so that
 * no address is missed, and once more behind it: IPv6 addresses come without RTNL (from router
 * advertisements), and one that came in between was noted in the old profile's filter.
 *
 * An address is one of an interface. A route of type "local" to a whole prefix (AnyIP) makes none,
 * but for 127.0.0.0/8: who wants those to be the box lists them under box:.
 */
#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "locals.h"
#include "net.h"

#define LOOPBACK_NET 127

static u32 bit_of(u8 family, const u8 *b)
{
	u64 words[2];
	u32 v4;

	if (family == 4) {
		__builtin_memcpy(&v4, b, sizeof(v4));
		return hash_32(v4, EQFW_LOCALS_BITS);
	}
	__builtin_memcpy(words, b, sizeof(words));
	return hash_64(words[0] ^ words[1] * GOLDEN_RATIO_64, EQFW_LOCALS_BITS);
}

bool eqfw_locals_may(const struct eqfw_locals *locals, u8 family, const struct eqfw_addr *addr)
{
	if (family == 4 && addr->b[0] == LOOPBACK_NET)
		return true;
	return test_bit(bit_of(family, addr->b), locals->bits);
}

static void note(struct eqfw_live *live, u8 family, const void *addr)
{
	set_bit(bit_of(family, addr), live->locals.bits);
}

static void note4(struct net_device *dev, struct eqfw_live *live)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct in_ifaddr *ifa;

	if (!in_dev)
		return;
	in_dev_for_each_ifa_rtnl(ifa, in_dev) note(live, 4, &ifa->ifa_local);
}

static void note6(struct net_device *dev, struct eqfw_live *live)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct inet6_dev *idev = __in6_dev_get(dev);
	struct inet6_ifaddr *ifa;

	if (!idev)
		return;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list)
		note(live, 6, &ifa->addr);
	read_unlock_bh(&idev->lock);
#endif
}

void eqfw_locals_fill(struct net *net, struct eqfw_live *live)
{
	struct net_device *dev;

	ASSERT_RTNL();
	if (!live)
		return;
	for_each_netdev(net, dev) {
		cond_resched();
		note4(dev, live);
		note6(dev, live);
	}
}

/* Also called where an address only changes its flags: noting it twice is no harm. */
static int note_new(struct net_device *dev, unsigned long event, u8 family, const void *addr,
		    u32 flags)
{
	struct eqfw_stage *stage;
	struct eqfw_live *live;

	if (event != NETDEV_UP)
		return NOTIFY_DONE;
	rcu_read_lock();
	live = rcu_dereference(eqfw_net(dev_net(dev))->live);
	if (live)
		note(live, family, addr);
	if (live && flags & IFA_F_PERMANENT)
		eqfw_adopt_address(eqfw_net(dev_net(dev)), live, family, addr);
	stage = live ? rcu_dereference(live->stage) : NULL;
	if (stage)
		note(stage->next, family, addr);
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static int eqfw_locals_event4(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct in_ifaddr *ifa = ptr;

	return note_new(ifa->ifa_dev->dev, event, 4, &ifa->ifa_local, ifa->ifa_flags);
}

static struct notifier_block eqfw_locals_notifier4 = {
	.notifier_call = eqfw_locals_event4,
};

#if IS_ENABLED(CONFIG_IPV6)
static int eqfw_locals_event6(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	return note_new(ifa->idev->dev, event, 6, &ifa->addr, ifa->flags);
}

static struct notifier_block eqfw_locals_notifier6 = {
	.notifier_call = eqfw_locals_event6,
};
#endif

int eqfw_locals_init(void)
{
	int err = register_inetaddr_notifier(&eqfw_locals_notifier4);

#if IS_ENABLED(CONFIG_IPV6)
	if (err)
		return err;
	err = register_inet6addr_notifier(&eqfw_locals_notifier6);
	if (err)
		unregister_inetaddr_notifier(&eqfw_locals_notifier4);
#endif
	return err;
}

void eqfw_locals_exit(void)
{
#if IS_ENABLED(CONFIG_IPV6)
	unregister_inet6addr_notifier(&eqfw_locals_notifier6);
#endif
	unregister_inetaddr_notifier(&eqfw_locals_notifier4);
}
