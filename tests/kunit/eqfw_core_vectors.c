// SPDX-License-Identifier: GPL-2.0
/* The flow vectors and their profile, compiled for the kernel. */
#include "../vectors/vectors.c"
