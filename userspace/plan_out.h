/* SPDX-License-Identifier: GPL-2.0 */
/* Plans as text, JSON and YAML. */
#ifndef EQFW_PLAN_OUT_H
#define EQFW_PLAN_OUT_H

#include "plan.h"

/* For people: a paragraph for each range, and what to put into the deployment. */
void plan_text(const struct plan *plan);
/* Schema plan/1. */
void plan_json(const struct plan *plan);
/* The `tunables:` alone. */
void plan_snippet(const struct plan *plan);
void zone_plan_text(const struct zone_plan *plan);
/* Schema plan-zones/1. */
void zone_plan_json(const struct zone_plan *plan);

#endif
