// SPDX-License-Identifier: GPL-2.0
/* The spoiled fields, compiled for the kernel. */
#include "../vectors/spoils.c"
