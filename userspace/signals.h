/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_SIGNALS_H
#define EQFW_SIGNALS_H

/*
 * From here to the end no signal but SIGKILL ends the program, so that its exit status says what
 * the kernel did. For the moments of a change only: they are short and cannot be taken back.
 */
void signals_hold(void);

#endif
