// SPDX-License-Identifier: GPL-2.0
/*
 * State of eqfw in a network namespace: made with the namespace, empty until a profile is loaded.
 * This file alone writes the pointer that packets read.
 */
#include <linux/rtnetlink.h>
#include <net/netns/generic.h>

#include "load.h"
#include "net.h"
#include "nflog.h"

static unsigned int eqfw_net_id __read_mostly;

struct eqfw_net *eqfw_net(const struct net *net)
{
	return net_generic(net, eqfw_net_id);
}

struct eqfw_live *eqfw_net_live(struct eqfw_net *en)
{
	return rcu_dereference_protected(en->live, lockdep_is_held(&en->mutex));
}

struct eqfw_live *eqfw_net_live_rtnl(struct eqfw_net *en)
{
	return rcu_dereference_protected(en->live, lockdep_rtnl_is_held());
}

struct eqfw_live *eqfw_net_publish(struct eqfw_net *en, struct eqfw_live *live)
{
	lockdep_assert_held(&en->mutex);
	ASSERT_RTNL();
	en->generation++;
	return rcu_replace_pointer(en->live, live, lockdep_is_held(&en->mutex));
}

struct eqfw_live *eqfw_net_keep(struct eqfw_net *en, struct eqfw_live *live)
{
	struct eqfw_live *before = en->kept;

	lockdep_assert_held(&en->mutex);
	ASSERT_RTNL();
	en->kept = live;
	return before;
}

static int __net_init eqfw_net_start(struct net *net)
{
	struct eqfw_net *en = eqfw_net(net);

	en->net = net;
	mutex_init(&en->mutex);
	eqfw_totals_init(&en->totals);
	eqfw_trace_init(en);
	eqfw_confirm_init(en);
	eqfw_adopt_init(en);
	eqfw_mode_init(en);
	en->log_group = EQFW_LOG_OFF;
	return 0;
}

/*
 * Packets stop being judged here; the core waits a grace period before .exit. Timers go first: what
 * they take back they would take back to hooks and profiles that are gone.
 */
static void __net_exit eqfw_net_pre_stop(struct net *net)
{
	eqfw_confirm_exit(eqfw_net(net));
	eqfw_mode_exit(eqfw_net(net));
	eqfw_load_detach(eqfw_net(net));
}

static void __net_exit eqfw_net_stop(struct net *net)
{
	struct eqfw_net *en = eqfw_net(net);

	eqfw_adopt_exit(en);
	eqfw_totals_clear(&en->totals);
	eqfw_load_release(en);
}

static struct pernet_operations eqfw_net_ops = {
	.init = eqfw_net_start,
	.pre_exit = eqfw_net_pre_stop,
	.exit = eqfw_net_stop,
	.id = &eqfw_net_id,
	.size = sizeof(struct eqfw_net),
};

int eqfw_net_init(void)
{
	return register_pernet_subsys(&eqfw_net_ops);
}

void eqfw_net_exit(void)
{
	unregister_pernet_subsys(&eqfw_net_ops);
}
