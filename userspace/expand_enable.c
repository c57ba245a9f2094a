// SPDX-License-Identifier: GPL-2.0
/* Which items a site has switched on: requirement, function, condition, and switches by name. */
#include <string.h>

#include "expand.h"
#include "item_fate.h"

/* The switch of the item itself, else of its row. */
const struct row_switch *switch_of(const struct deployment *deployment, const struct item *item)
{
	const struct row_switch *of_row = NULL;

	for (size_t i = 0; i < deployment->enable.n_rows; i++) {
		const struct row_switch *candidate = &deployment->enable.rows[i];

		if (candidate->item == item)
			return candidate;
		if (candidate->row == item->row)
			of_row = candidate;
	}
	return of_row;
}

/* As switch_of(), but passes over a switch that says nothing of on or off. */
static const struct row_switch *state_of(const struct deployment *deployment,
					 const struct item *item)
{
	const struct row_switch *of_row = NULL;

	for (size_t i = 0; i < deployment->enable.n_rows; i++) {
		const struct row_switch *candidate = &deployment->enable.rows[i];

		if (!candidate->has_state)
			continue;
		if (candidate->item == item)
			return candidate;
		if (candidate->row == item->row)
			of_row = candidate;
	}
	return of_row;
}

static bool role_deployed(const struct expansion *x, struct role *role)
{
	const struct role_list list = { .roles = &role, .n = 1 };

	for (size_t i = 0; i < x->n_behaviours; i++) {
		if (endpoint_plays(x->behaviours[i].like, &list, NULL))
			return true;
	}
	return false;
}

enum item_fate item_switch_fate(const struct deployment *deployment, const struct item *item,
				bool condition_met)
{
	const struct enable *enable = &deployment->enable;
	const struct row_switch *state = state_of(deployment, item);

	if (state)
		return state->on ? FATE_OPEN : FATE_SWITCHED;
	if (item->requirement > enable->requirement)
		return FATE_LEVEL;
	if (!enable->functions[item->function])
		return FATE_FUNCTION;
	if (!condition_met && !role_met_by_feature(deployment, item->condition_role))
		return FATE_CONDITION;
	if (item->condition_feature && !feature_open(deployment, item->condition_feature))
		return FATE_FEATURE;
	return FATE_OPEN;
}

bool item_enabled(const struct expansion *x, const struct item *item)
{
	bool met = !item->condition_role || role_deployed(x, item->condition_role);

	return item_switch_fate(x->deployment, item, met) == FATE_OPEN;
}

/*
 * What is always blocked is no option of the site's levels: only a switch lifts it. `off` takes the
 * ban away and opens nothing; `on` also opens the printed port to the row's own source. `on` with an
 * end opens it there alone: a ban that was taken away would not come back by itself.
 */
bool forbid_stands(const struct expansion *x, const struct item *item)
{
	const struct row_switch *state = state_of(x->deployment, item);

	return item->forbid && (!state || (state->on && item_until(x->deployment, item)));
}

bool item_opens(const struct expansion *x, const struct item *item)
{
	const struct row_switch *state = state_of(x->deployment, item);

	return item->forbid ? state && state->on : item_enabled(x, item);
}

bool separation_accepted(const struct deployment *deployment, const struct item *item)
{
	for (size_t i = 0; i < deployment->enable.n_rows; i++) {
		const struct row_switch *candidate = &deployment->enable.rows[i];

		if (candidate->accept && (candidate->item == item || candidate->row == item->row))
			return true;
	}
	return false;
}

uint64_t item_until(const struct deployment *deployment, const struct item *item)
{
	const struct row_switch *found = switch_of(deployment, item);

	return found ? found->until : 0;
}
