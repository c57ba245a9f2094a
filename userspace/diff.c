// SPDX-License-Identifier: GPL-2.0
#include "diff.h"

#include <stdlib.h>

#include "image.h"

const char *const diff_change_names[N_CHANGES] = {
	[CHANGE_OPENS] = "opens",
	[CHANGE_CLOSES] = "closes",
	[CHANGE_MOVES] = "moves",
	[CHANGE_ROW] = "row",
};

const char *diff_string(const struct diff *diff, enum diff_index side, __le32 offset)
{
	return eqfw_profile_string(diff->sides[side].profile, offset);
}

const char *diff_zone(const struct diff *diff, uint16_t zone)
{
	return zone == EQFW_ZONE_NONE ? "none" : diff->zones[zone];
}

void diff_run(struct diff *diff)
{
	diff->arena = arena_new();
	diff_zones_number(diff);
	diff_settings(diff);
	diff_joints(diff);
	diff_scopes(diff);
	diff_flows(diff);
}

bool diff_same(const struct diff *diff)
{
	return !diff->n_settings && !diff->n_addresses && !diff->n_scope_changes &&
	       !diff->n_changes;
}

void diff_free(struct diff *diff)
{
	for (size_t i = 0; i < diff->n_changes; i++)
		free(diff->changes[i].flows);
	diff_labels_free(diff);
	free(diff->joints);
	free(diff->scopes);
	free(diff->labels);
	free(diff->settings);
	free(diff->notes);
	free(diff->addresses);
	free(diff->scope_changes);
	free(diff->changes);
	arena_free(diff->arena);
}
