/* SPDX-License-Identifier: GPL-2.0 */
/* librte_acl as the other side of the comparison. */
#ifndef EQFW_BENCH_ACL_H
#define EQFW_BENCH_ACL_H

#include <stddef.h>
#include <stdint.h>

#include "workload.h"

struct acl;

enum acl_way { ACL_SCALAR, ACL_AVX2, ACL_AVX512, ACL_N_WAYS };

/* Once per process, before the first acl_new(): the environment that librte_acl needs. */
void acl_start(void);

/* NULL where librte_acl refuses the rules. @bytes: what it allocated for the lookup. */
struct acl *acl_new(const struct flat_rule *rules, size_t n, size_t *bytes);
void acl_free(struct acl *acl);

/* Packets as librte_acl wants them; to be freed with free(). */
const uint8_t **acl_packets(const struct eqfw_flow *flows, size_t n);

/* Item + 1 of each packet, 0 = no rule. False where the processor cannot go this way. */
bool acl_classify(const struct acl *acl, const uint8_t **packets, uint32_t *results, uint32_t n,
		  enum acl_way way);

#endif
