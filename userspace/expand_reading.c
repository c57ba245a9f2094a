// SPDX-License-Identifier: GPL-2.0
/* A site's own readings: other ports than the matrix has for an item, or another opener. */
#include "expand.h"

static const struct reading_override *reading_find(const struct deployment *deployment,
						   const struct item *item)
{
	for (size_t i = 0; i < deployment->n_readings; i++) {
		if (deployment->readings[i].item == item)
			return &deployment->readings[i];
	}
	return NULL;
}

enum initiator initiator_read(const struct deployment *deployment, const struct item *item)
{
	const struct reading_override *reading = reading_find(deployment, item);

	return reading && reading->has_initiator ? reading->initiator : item->initiator;
}

bool source_opens_read(const struct deployment *deployment, const struct item *item)
{
	enum initiator initiator = initiator_read(deployment, item);

	return initiator == INITIATOR_SOURCE ||
	       (initiator == INITIATOR_SWAPPED && item->from_source_cell);
}

/* The printed ports stand in their own cell, or in the other one where they were swapped. */
static enum side side_read(const struct deployment *deployment, const struct item *item)
{
	bool swapped = initiator_read(deployment, item) == INITIATOR_SWAPPED;

	return item->from_source_cell != swapped ? SIDE_SOURCE : SIDE_DESTINATION;
}

const struct reading_override *reading_of(const struct deployment *deployment,
					  const struct item *item, enum side side)
{
	return side == side_read(deployment, item) ? reading_find(deployment, item) : NULL;
}

bool reading_moves(const struct deployment *deployment, const struct item *item)
{
	return (initiator_read(deployment, item) == INITIATOR_SWAPPED) !=
	       (item->initiator == INITIATOR_SWAPPED);
}

const struct portset *ports_read(const struct deployment *deployment, const struct item *item)
{
	const struct reading_override *reading = reading_find(deployment, item);

	return reading ? &reading->ports : item_ports(item);
}
