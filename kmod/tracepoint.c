// SPDX-License-Identifier: GPL-2.0
/* The tracepoint's body, once. */
#define CREATE_TRACE_POINTS
#include "tracepoint.h"
