// SPDX-License-Identifier: GPL-2.0
/* Ladder of init and its mirror image. Nothing here touches a packet. */
#include <linux/module.h>

#include <eqfw/version.h>

#include "ifmap.h"
#include "net.h"
#include "nflog.h"
#include "nl.h"
#include "proc.h"

static int __init eqfw_module_init(void)
{
	int err;

	err = eqfw_net_init();
	if (err)
		return err;
	err = eqfw_ifmap_init();
	if (err)
		goto err_net;
	err = eqfw_locals_init();
	if (err)
		goto err_ifmap;
	err = eqfw_netlink_init();
	if (err)
		goto err_locals;
	err = eqfw_proc_init();
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	eqfw_netlink_exit();
err_locals:
	eqfw_locals_exit();
err_ifmap:
	eqfw_ifmap_exit();
err_net:
	eqfw_net_exit();
	return err;
}

static void __exit eqfw_module_exit(void)
{
	eqfw_proc_exit();
	eqfw_netlink_exit();
	eqfw_locals_exit();
	eqfw_ifmap_exit();
	eqfw_net_exit();
	eqfw_nflog_exit();
}

module_init(eqfw_module_init);
module_exit(eqfw_module_exit);

/* No alias of the netlink family: asking for the family by name must not load the module. */
MODULE_DESCRIPTION("Enforces a conferencing vendor's port matrix at a perimeter");
MODULE_LICENSE("GPL");
MODULE_VERSION(EQFW_VERSION);
