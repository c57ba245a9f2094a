// SPDX-License-Identifier: GPL-2.0
#include "shapes.h"

#include <stdio.h>

const struct workload_shape shapes[] = {
	{ "100", 4, 6, 1, 2, 6, 8, 3, 40, false },
	{ "1k", 4, 20, 2, 2, 20, 12, 8, 100, false },
	{ "10k", 4, 60, 3, 2, 60, 12, 20, 200, false },
	{ "98k", 4, 220, 3, 4, 200, 13, 40, 300, false },
	{ "1M", 4, 420, 5, 8, 400, 12, 100, 300, false },
	{ "1k-v6", 6, 20, 2, 2, 20, 12, 8, 100, false },
	{ "98k-v6", 6, 220, 3, 4, 200, 13, 40, 300, false },
	{ "100k-hosts", 4, 1000, 100, 8, 400, 12, 200, 300, false },
	{ "100k-strewn", 4, 1000, 100, 8, 400, 12, 200, 300, true },
	{ "100k-v6", 6, 1000, 100, 8, 400, 12, 200, 300, true },
	{ "own-ports", 4, 1000, 2, 8, 4000, 4, 200, 20000, false },
	{ "one-host", 4, 1, 1, 1, 1, 4, 2, 40, false },
	/* 4,096 ranges that every one of 1,024 devices may be sent: what a build must be quick with. */
	{ "4096x1024", 4, 1024, 1, 1, 1, 4096, 8, 4096, false },
};

const unsigned int n_shapes = sizeof(shapes) / sizeof(shapes[0]);

const struct workload_shape *shape_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < n_shapes; i++)
		if (!strcmp(shapes[i].name, name))
			return &shapes[i];
	fprintf(stderr, "no rule set %s\n", name);
	exit(1);
}
