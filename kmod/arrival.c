// SPDX-License-Identifier: GPL-2.0
/*
 * Where a packet came in. PRE_ROUTING sees some packets twice, and some under a device that is not
 * the one they came in on:
 *
 *   VRF         on the port, then on the VRF                judged on the port
 *   br_netfilter  in the bridge, as if on the bridge        judged there: for frames that go up
 *                 the pass above the bridge is skipped,     the stack no other pass comes
 *                 but where the bridge is in a VRF
 *   IPsec       encrypted, then decrypted on the same       each by itself, the second in the
 *               device                                      zones that say ipsec: true
 */
#include <linux/etherdevice.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <net/ip.h>
#include <net/xfrm.h>

#include "arrival.h"

static bool is_decrypted(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_XFRM)
	const struct sec_path *path = skb_sec_path(skb);

	return path && path->len;
#else
	return false;
#endif
}

/*
 * The pass on the VRF that follows the one on the port, and no packet that begins there: what IPsec
 * decrypts stands on the VRF from the start, and after transport mode it keeps the marks of its
 * envelope.
 */
static bool is_vrf_pass(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (is_decrypted(skb))
		return false;
	return state->pf == NFPROTO_IPV4 ? ipv4_l3mdev_skb(IPCB(skb)->flags)
					 : ipv6_l3mdev_skb(IP6CB(skb)->flags);
}

bool eqfw_arrival_is_again_above(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (unlikely(netif_is_l3_master(state->in)))
		return is_vrf_pass(skb, state);
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	if (unlikely(skb_has_extensions((struct sk_buff *)skb)) && netif_is_l3_slave(state->in)) {
		const struct nf_bridge_info *bridge = nf_bridge_info_get(skb);

		return bridge && !bridge->in_prerouting;
	}
#endif
	return false;
}

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
static const struct net_device *port_of(const struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	return dev_get_by_index_rcu(state->net, nf_bridge_get_physinif(skb));
}

/* Devices on top of the bridge with a hardware address of their own: macvlan, VLAN. */
static bool has_address(const struct net_device *dev, const u8 *address)
{
	const struct netdev_hw_addr *entry;

	list_for_each_entry_rcu(entry, &dev->uc.list, list) {
		if (ether_addr_equal(entry->addr, address))
			return true;
	}
	return false;
}

static bool goes_up(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct net_device *port = port_of(skb, state);
	const struct net_device *bridge;

	bridge = port ? netdev_master_upper_dev_get_rcu((struct net_device *)port) : NULL;
	return !bridge || has_address(bridge, eth_hdr(skb)->h_dest);
}

/* To somebody else's hardware address; a rule of NAT may still turn what asks for this box. */
static bool is_only_bridged(const struct sk_buff *skb, const struct nf_hook_state *state,
			    const struct eqfw_places *places)
{
	const struct nf_bridge_info *bridge = nf_bridge_info_get(skb);

	if (!bridge || !bridge->pkt_otherhost)
		return false;
	return !(places->dst.flags & (EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC)) && !goes_up(skb, state);
}

/* bridge: enforce: the port knows better than the bridge which side a frame comes from. */
static const struct eqfw_zone_set *port_zones(const struct eqfw_live *live,
					      const struct sk_buff *skb)
{
	return eqfw_ifmap_zones(rcu_dereference(live->ifmap), nf_bridge_get_physinif(skb));
}
#else
static bool is_only_bridged(const struct sk_buff *skb, const struct nf_hook_state *state,
			    const struct eqfw_places *places)
{
	return false;
}

static const struct eqfw_zone_set *port_zones(const struct eqfw_live *live,
					      const struct sk_buff *skb)
{
	return NULL;
}
#endif

bool eqfw_arrival_zones_of(const struct eqfw_live *live, const struct sk_buff *skb,
			   const struct nf_hook_state *state, const struct eqfw_places *places,
			   const struct eqfw_zone_set **zones)
{
	const struct eqfw_zone_set *port;

	if (is_only_bridged(skb, state, places)) {
		if (!live->bridge)
			return false;
		port = port_zones(live, skb);
		if (port)
			*zones = port;
	} else if (live->has_ipsec && is_decrypted(skb)) {
		*zones = &live->ipsec;
	}
	return true;
}
