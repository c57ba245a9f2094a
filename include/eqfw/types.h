/* SPDX-License-Identifier: GPL-2.0 */
/* The fixed-width types of the shared headers; both worlds get them from the kernel's own. */
#ifndef EQFW_TYPES_H
#define EQFW_TYPES_H

#include <linux/types.h>

#ifndef __KERNEL__
#include <stdbool.h>
#include <stddef.h>
#endif

#endif
