/* SPDX-License-Identifier: GPL-2.0 */
/* Who looks at packets at PRE_ROUTING, in the order in which they do, eqfw among them. */
#ifndef EQFW_HOOKS_H
#define EQFW_HOOKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define HOOKS_NAME_MAX 128

/**
 * struct hook - one of them
 * @family: 4 or 6
 * @priority: netfilter's
 * @name: of its function, of a chain "FAMILY TABLE CHAIN"; cut where it is long
 * @own: eqfw's
 */
struct hook {
	uint8_t family;
	int32_t priority;
	char name[HOOKS_NAME_MAX];
	bool own;
};

/**
 * struct hooks - all of IPv4, then all of IPv6
 * @known: the kernel told (it has nfnetlink_hook)
 * @list: malloc'd
 * @n: how many
 * @capacity: room
 */
struct hooks {
	bool known;
	struct hook *list;
	size_t n;
	size_t capacity;
};

/* Of the current network namespace. Free with hooks_free(). */
void hooks_find(struct hooks *out);
void hooks_free(struct hooks *hooks);
/* A line a family, and a warning of each that has eqfw's own priority. Nothing where not known. */
void hooks_print(const struct hooks *hooks);
/* null where not known. */
json_t *hooks_json(const struct hooks *hooks);

#endif
