// SPDX-License-Identifier: GPL-2.0
#include "signals.h"

#include <signal.h>

void signals_hold(void)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM };
	sigset_t set;

	sigemptyset(&set);
	for (unsigned int i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}
