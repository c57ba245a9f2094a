/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The same rules in the words of others. Each drops what no rule permits.
 *
 *   best     nft: verdict map by address pair and protocol -> chain per port list -> interval set
 *   concat   nft: one set of concatenated ranges (pipapo)
 *   linear   nft: a rule for each, as people write them
 *   iptables iptables-restore, raw table: a rule for each
 *   ipset    ipset restore, exact keys: the lowest port of each range only
 *   acl      rte_acl: "@src/len dst/len sport : sport dport : dport proto/mask"
 */
#ifndef BENCH_EXPORT_H
#define BENCH_EXPORT_H

#include "workload.h"

struct export_form {
	const char *name;
	void (*write)(const struct workload *w, FILE *out);
};

extern const struct export_form export_forms[];
extern const size_t export_n_forms;

/* NULL where there is none of that name. */
const struct export_form *export_find(const char *name);

#endif
