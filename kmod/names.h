/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_NAMES_H
#define EQFW_NAMES_H

/**
 * eqfw_reason_name() - name of a drop reason
 * @reason: enum eqfw_reason
 *
 * Return: the name that /proc and JSON have; "none" where it is no reason.
 */
const char *eqfw_reason_name(unsigned int reason);

#endif
