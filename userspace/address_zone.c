// SPDX-License-Identifier: GPL-2.0
/* The zone of an address as packets have it: the box, a declared host, the longest network, the rest. */
#include "deployment.h"

const struct zone *network_zone(const struct deployment *deployment, const struct prefix *prefix,
				struct prefix *network)
{
	const struct zone *best = NULL;

	network->len = 0;
	for (size_t z = 0; z < deployment->n_zones; z++) {
		const struct prefix_list *list = &deployment->zones[z]->networks;

		for (size_t i = 0; i < list->n_written; i++) {
			if (list->written[i].len <= network->len ||
			    !prefix_contains(&list->written[i], prefix))
				continue;
			*network = list->written[i];
			best = deployment->zones[z];
		}
	}
	return best;
}

static const struct zone *host_zone(const struct deployment *deployment,
				    const struct prefix *prefix)
{
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		const struct endpoint *endpoint = deployment->endpoints[i];

		if (prefix_list_contains(&endpoint->addresses, prefix) ||
		    prefix_list_contains(&endpoint->publics, prefix))
			return endpoint->zone;
	}
	return NULL;
}

const struct zone *address_zone(const struct deployment *deployment, const struct prefix *prefix)
{
	const struct zone *zone;
	struct prefix network;

	if (prefix_list_contains(&deployment->box, prefix))
		return deployment->zones[deployment->n_zones - 1];
	zone = host_zone(deployment, prefix);
	if (!zone)
		zone = network_zone(deployment, prefix, &network);
	for (size_t z = 0; !zone && z < deployment->n_zones; z++)
		if (deployment->zones[z]->is_default)
			zone = deployment->zones[z];
	return zone;
}

const struct zone *addresses_zone(const struct deployment *deployment,
				  const struct prefix_list *list)
{
	const struct zone *zone = NULL, *other;

	for (size_t i = 0; i < list->n; i++) {
		other = address_zone(deployment, &list->prefixes[i]);
		if (!other || (zone && zone != other))
			return NULL;
		zone = other;
	}
	return zone;
}
