/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_COMPAT_LINUX_NETFILTER_H
#define EQFW_COMPAT_LINUX_NETFILTER_H

#include_next <linux/netfilter.h>

#ifndef EQFW_HAVE_NF_DROP_REASON
#include <linux/skbuff.h>

/* Frees in the caller's own code, so that drop monitors name it; the error is not passed on. */
#define NF_DROP_REASON(skb, reason, err) (kfree_skb_reason(skb, reason), NF_STOLEN)
#endif

#endif
