/* SPDX-License-Identifier: GPL-2.0 */
/* The firewall's own addresses: what the deployment lists against what the namespace has. */
#ifndef EQFW_BOX_H
#define EQFW_BOX_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include <eqfw/flow.h>

#include "profile_check.h"

/**
 * struct box_address - an address of this namespace
 * @family: 4 or 6
 * @addr: the address
 * @name: the interface that has it
 */
struct box_address {
	uint8_t family;
	struct eqfw_addr addr;
	char name[IF_NAMESIZE];
};

/**
 * struct box_addresses - the addresses of the current network namespace, loopback's apart
 * @list: malloc'd
 * @n: how many
 * @capacity: room
 */
struct box_addresses {
	struct box_address *list;
	size_t n;
	size_t capacity;
};

/* Empty where the kernel does not answer. Free with box_addresses_free(). */
void box_addresses_read(struct box_addresses *out);
void box_addresses_free(struct box_addresses *addresses);
/* The interface that has this address, NULL where it is not the box's. */
const char *box_addresses_find(const struct box_addresses *addresses, uint8_t family,
			       const struct eqfw_addr *addr);

/* Each difference between the deployment's box addresses and these; see box_compare(). */
void box_differences(const struct eqfw_profile *profile, const struct box_address *live, size_t n,
		     void (*differs)(void *ctx, uint8_t family, const void *addr, const char *what),
		     void *ctx);
/*
 * Compare and say each difference, as a warning. Silent where the deployment lists no box address,
 * and about loopback and link-local addresses. A listed address that is not there may be a virtual
 * one that another box has at the moment.
 */
void box_compare(const struct eqfw_profile *profile, const struct box_address *live, size_t n);
#define BOX_MISSING_TEXT 640

/* @name is a pattern's beginning where @prefix. */
typedef void box_missing_fn(void *ctx, const char *zone, const char *name, bool prefix);
/* Each interface that a zone names and that is not in this network namespace. */
void box_missing_interfaces(const struct eqfw_profile *profile, box_missing_fn *missing, void *ctx);
/* That in a sentence, as all verbs say it. */
void box_missing_text(const char *zone, const char *name, bool prefix, char *out, size_t size);
/*
 * Say which interfaces that zones name are not in this network namespace; of patterns, which match
 * none that is.
 */
void box_warn_interfaces(const struct eqfw_profile *profile);

#endif
