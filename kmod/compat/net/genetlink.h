/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_COMPAT_NET_GENETLINK_H
#define EQFW_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/* What pre_doit gets: split operations since Linux 6.2. */
#ifdef EQFW_HAVE_GENL_SPLIT_OPS
#define eqfw_genl_pre_ops genl_split_ops
#else
#define eqfw_genl_pre_ops genl_ops
#endif

#endif
