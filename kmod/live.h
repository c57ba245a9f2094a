/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_LIVE_H
#define EQFW_LIVE_H

struct eqfw_live;
struct eqfw_load;
struct eqfw_net;
struct netlink_ext_ack;

/**
 * eqfw_live_make() - check a profile's bytes and build all that packets need of it
 * @en: the namespace
 * @load: the request; its image is taken over, whatever is returned
 * @extack: gets a sentence on every refusal
 *
 * Context: process context, no locks held, may take long.
 * Return: the profile, not yet published and without an interface map; or an ERR_PTR().
 */
struct eqfw_live *eqfw_live_make(struct eqfw_net *en, struct eqfw_load *load,
				 struct netlink_ext_ack *extack);

/**
 * eqfw_live_free() - release a profile that no packet uses any more
 * @live: the profile or NULL
 *
 * Context: process context.
 */
void eqfw_live_free(struct eqfw_live *live);

#endif
