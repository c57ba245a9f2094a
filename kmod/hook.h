/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_HOOK_H
#define EQFW_HOOK_H

struct eqfw_net;

/**
 * eqfw_hook_register() - begin to judge a namespace's packets
 * @en: the namespace; its profile is published
 *
 * Context: process context, @en->mutex held.
 * Return: 0, or a negative error; then no hook is left and no packet in any of them.
 */
int eqfw_hook_register(struct eqfw_net *en);

/**
 * eqfw_hook_unregister() - stop judging a namespace's packets
 * @en: the namespace
 *
 * Does not wait: packets may be inside a hook until a grace period has passed.
 *
 * Context: process context, @en->mutex held.
 */
void eqfw_hook_unregister(struct eqfw_net *en);

#endif
