// SPDX-License-Identifier: GPL-2.0
/* The checks of the table's parts, compiled for the kernel. */
#include "../vectors/lookups.c"
