// SPDX-License-Identifier: GPL-2.0
/*
 * nl_reload - load two profiles in turn, as fast as the module acknowledges
 *
 *   nl_reload TIMES PROFILE PROFILE
 */
#include <stdio.h>
#include <stdlib.h>

#include "nl_client.h"

int main(int argc, char **argv)
{
	static struct client client[2];
	long times;
	int err;

	if (argc != 4)
		return 2;
	times = atol(argv[1]);
	for (int i = 0; i < 2; i++) {
		client_open(&client[i]);
		client_profile(&client[i], argv[2 + i]);
	}
	client_generation(&client[0]);
	client[1].generation = client[0].generation;
	for (long i = 0; i < times; i++) {
		struct client *c = &client[i % 2];

		err = client_ask(c, client_good_load(c, c->room));
		if (err) {
			printf("load %ld: errno %d, %s\n", i, err, c->said);
			return 1;
		}
		client[0].generation++;
		client[1].generation++;
	}
	return 0;
}
