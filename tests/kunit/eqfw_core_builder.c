// SPDX-License-Identifier: GPL-2.0
/* The shared test parts, compiled for the kernel. */
#include "../vectors/profile_builder.c"
