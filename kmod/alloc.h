/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_ALLOC_H
#define EQFW_ALLOC_H

#include <linux/gfp.h>

/*
 * What a load needs, which may be much: charged to who asks for it (a cgroup's limit holds), and
 * refused, in eqfw's own words, rather than had by killing somebody.
 */
#define EQFW_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

#endif
