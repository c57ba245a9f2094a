/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.12 moved the header here. */
#ifdef EQFW_HAVE_LINUX_UNALIGNED
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
