// SPDX-License-Identifier: GPL-2.0
/* Where an address belongs: what the table says, corrected by what this box calls its own. */
#include <linux/netfilter.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "place.h"

static bool is_local4(const struct nf_hook_state *state, const struct eqfw_addr *addr)
{
	__be32 v4;

	memcpy(&v4, addr->b, sizeof(v4));
	return inet_addr_type_dev_table(state->net, state->in, v4) == RTN_LOCAL;
}

static bool is_local6(const struct nf_hook_state *state, const struct eqfw_addr *addr)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct in6_addr v6;
	int type;

	memcpy(&v6, addr->b, sizeof(v6));
	type = ipv6_addr_type(&v6);
	if (type & IPV6_ADDR_MULTICAST)
		return false;
	return ipv6_chk_addr(state->net, &v6, type & IPV6_ADDR_LINKLOCAL ? state->in : NULL, 0);
#else
	return false;
#endif
}

void eqfw_place_correct(const struct eqfw_live *live, const struct nf_hook_state *state, u8 family,
			const struct eqfw_addr *addr, struct eqfw_place *place)
{
	if (!eqfw_locals_may(&live->locals, family, addr))
		return;
	if (family == 4 ? is_local4(state, addr) : is_local6(state, addr))
		eqfw_place_local(live->table, place);
}
