/* SPDX-License-Identifier: GPL-2.0 */
/* Questions to the matrix: which items, may this device open that port there, what is missing. */
#ifndef EQFW_MATRIX_QUERY_H
#define EQFW_MATRIX_QUERY_H

#include "deployment.h"

/* The appendix's three ranges of port numbers. */
enum port_class { PORT_WELL_KNOWN, PORT_REGISTERED, PORT_DYNAMIC, N_PORT_CLASSES };

/**
 * struct matrix_filter - which items; what is not set lets all pass
 * @row: of this row
 * @item: this one
 * @roles: one of them takes part, n == 0: not asked
 * @from: one of them may open the item
 * @to: one of them may be called
 * @proto: PROTO_*, with @ports; 0: any
 * @ports: a port of either side is among them, lo == 0: not asked
 * @class: a port of the device to which the printed ones belong is of it, -1: not asked
 * @text: words that all stand somewhere in the item or its row, NULL: not asked
 */
struct matrix_filter {
	const struct row *row;
	const struct item *item;
	struct role_list roles;
	struct role_list from;
	struct role_list to;
	unsigned int proto;
	struct port_range ports;
	int class;
	const char *text;
};

bool matrix_filter_passes(const struct matrix_filter *filter, const struct item *item);
/* Roles by id or by any of their names, whatever the case; n == 0 where nobody is called so. */
struct role_list matrix_roles_called(const struct matrix *matrix, struct arena *arena,
				     const char *word);

const char *port_class_name(enum port_class class);
/* "well-known" or a beginning of it; -1 where it is none. */
int port_class_parse(const char *text);
/* Is a number of the set in the class? Words have none. */
bool port_class_has(const struct portset *ports, enum port_class class);

/**
 * struct pair_flow - ports that an item lets one device open on the other
 * @item: the item
 * @proto: PROTO_TCP or PROTO_UDP
 * @src: ports from which it opens
 * @dst: ports that it may open, as far as they were asked for
 */
struct pair_flow {
	const struct item *item;
	unsigned int proto;
	struct portset src;
	struct portset dst;
};

/**
 * struct pair_answer - may devices of one kind open ports of another?
 * @flows: what is allowed, in document order
 * @vendors: items that leave the ports to the called device's maker
 * @forbids: "Always blocked" items that close what was asked for
 */
struct pair_answer {
	struct arena *arena;
	struct pair_flow *flows;
	size_t n_flows;
	const struct item **vendors;
	size_t n_vendors;
	const struct item **forbids;
	size_t n_forbids;
};

/*
 * Ask as compile would: two devices in zones of their own, everything switched on that the document
 * knows. `ports.lo == 0`: any port. Free with pair_answer_free().
 */
struct pair_answer pair_ask(const struct matrix *matrix, const struct role_list *from,
			    const struct role_list *to, unsigned int proto,
			    struct port_range ports);
void pair_answer_free(struct pair_answer *answer);

/**
 * struct port_conflict - one port of a device with two meanings
 * @device: role id, or name of a host
 * @proto: PROTO_*
 * @ports: the ports
 * @first: an item that means one thing
 * @second: one that means another
 */
struct port_conflict {
	const char *device;
	unsigned int proto;
	struct portset ports;
	const struct item *first;
	const struct item *second;
};

/* By role, or by host of a deployment (NULL: by role). */
struct port_conflict *matrix_conflicts(const struct matrix *matrix,
				       const struct deployment *deployment, struct arena *arena,
				       size_t *n);

/**
 * struct item_need - what an item needs and does not have
 * @item: the item
 * @sources: none of these roles is deployed, n == 0: one is
 * @destinations: likewise
 * @condition: its condition is not met
 * @level: its requirement is above the site's, or its function is not in use
 */
struct item_need {
	const struct item *item;
	struct role_list sources;
	struct role_list destinations;
	bool condition;
	bool level;
};

struct item_need matrix_need(const struct deployment *deployment, const struct item *item);

#endif
