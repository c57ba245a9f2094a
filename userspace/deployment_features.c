// SPDX-License-Identifier: GPL-2.0
/* Conditions that no deployed host can show: which features a site has. */
#include <string.h>

#include "deployment.h"

static bool feature_named(const struct enable *enable, const struct feature *feature)
{
	for (size_t i = 0; i < enable->n_features; i++) {
		if (enable->features[i] == feature)
			return true;
	}
	return false;
}

/* Alternatives: where none of a group is named, all of it is open (DESIGN 3.7). */
bool feature_open(const struct deployment *deployment, const struct feature *feature)
{
	const struct enable *enable = &deployment->enable;

	if (enable->all_features || feature_named(enable, feature))
		return true;
	if (!feature->group)
		return false;
	for (size_t i = 0; i < enable->n_features; i++) {
		const char *group = enable->features[i]->group;

		if (group && !strcmp(group, feature->group))
			return false;
	}
	return true;
}

bool role_met_by_feature(const struct deployment *deployment, const struct role *role)
{
	const struct enable *enable = &deployment->enable;
	const struct matrix *matrix = deployment->matrix;

	for (size_t i = 0; i < matrix->n_features; i++) {
		const struct feature *feature = matrix->features[i];

		if (!enable->all_features && !feature_named(enable, feature))
			continue;
		for (size_t k = 0; k < feature->meets.n; k++)
			if (feature->meets.roles[k] == role)
				return true;
	}
	return false;
}
