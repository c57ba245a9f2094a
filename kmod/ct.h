/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_CT_H
#define EQFW_CT_H

#include <uapi/linux/eqfw.h>

#include "classify.h"
#include "flow_skb.h"

struct eqfw_live;
struct nf_hook_state;

/**
 * eqfw_ct_reply() - is a packet the reply of a connection that today's table permits
 * @live: the profile that it is judged by
 * @state: where the packet is
 * @packet: the packet
 * @places: of both ends
 * @verdict: what was said of it without tracking; gets the connection's item, or a better reason
 *	for the drop
 *
 * Looks connection tracking up by the wire tuple, before it sees the packet itself, and never
 * attaches what it finds.
 *
 * Context: RCU read side.
 * Return: true where it passes.
 */
bool eqfw_ct_reply(const struct eqfw_live *live, const struct nf_hook_state *state,
		   const struct eqfw_packet *packet, const struct eqfw_places *places,
		   struct eqfw_verdict *verdict);

/**
 * eqfw_ct_inner() - is an ICMP error about a packet that today's table permits
 * @live: the profile that it is judged by
 * @state: where the packet is
 * @packet: the ICMP error
 * @verdict: gets the inner packet's item
 *
 * Context: RCU read side.
 * Return: true where it passes.
 */
bool eqfw_ct_inner(const struct eqfw_live *live, const struct nf_hook_state *state,
		   const struct eqfw_packet *packet, struct eqfw_verdict *verdict);

/**
 * eqfw_ct_related() - is a packet of a connection that a helper expects, or expected once
 * @live: the profile
 * @state: where the packet is
 * @packet: the packet
 * @verdict: gets the item of the connection that the helper watches
 *
 * That connection's original tuple must be permitted by today's table, by an item with data
 * channels (related:).
 *
 * Context: RCU read side.
 * Return: true where it passes.
 */
bool eqfw_ct_related(const struct eqfw_live *live, const struct nf_hook_state *state,
		     const struct eqfw_packet *packet, struct eqfw_verdict *verdict);

/**
 * eqfw_ct_look() - what connection tracking knows of a packet
 * @state: where the packet is
 * @packet: the packet
 *
 * Context: RCU read side. Costs a lookup: for packets that somebody asked for.
 * Return: what it knows.
 */
enum eqfw_event_ct eqfw_ct_look(const struct nf_hook_state *state,
				const struct eqfw_packet *packet);

#endif
