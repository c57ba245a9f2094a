/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_NFLOG_H
#define EQFW_NFLOG_H

#include "sight.h"

#define EQFW_LOG_OFF (-1)

struct eqfw_net;
struct sk_buff;

/**
 * eqfw_nflog_get() - see that there is a netfilter log
 *
 * The log may be a module of its own; the reference to it is kept until this module goes.
 *
 * Context: process context, may sleep for modprobe: hold no lock.
 * Return: 0 or a negative error.
 */
int eqfw_nflog_get(void);

/** eqfw_nflog_exit() - release the netfilter log */
void eqfw_nflog_exit(void);

/**
 * eqfw_nflog_drop() - log a drop, unless logging is off or there are too many
 * @en: the namespace
 * @sight: the packet
 * @skb: its buffer
 *
 * Context: packet path. What nfnetlink_log does for a group that somebody reads is its own.
 */
void eqfw_nflog_drop(const struct eqfw_net *en, const struct eqfw_sight *sight,
		     const struct sk_buff *skb);

/**
 * eqfw_nflog_pass() - log a packet that begins a connection of an item which is to be logged
 * @en: the namespace
 * @sight: a packet that passes; its profile has such items
 * @skb: its buffer
 *
 * Context: packet path.
 */
void eqfw_nflog_pass(const struct eqfw_net *en, const struct eqfw_sight *sight,
		     const struct sk_buff *skb);

#endif
