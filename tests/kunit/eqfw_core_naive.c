// SPDX-License-Identifier: GPL-2.0
/* The second reading of packet bytes, compiled for the kernel. */
#include "../vectors/naive.c"
