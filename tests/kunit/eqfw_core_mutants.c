// SPDX-License-Identifier: GPL-2.0
/* The random packets, compiled for the kernel. */
#include "../vectors/mutants.c"
