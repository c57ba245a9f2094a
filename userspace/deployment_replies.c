// SPDX-License-Identifier: GPL-2.0
/* replies: what lets an answer pass, for the whole deployment or by pair of zones. */
#include <string.h>

#include "deployment_read.h"

static bool read_word(struct deployment_reader *d, const struct yaml *node)
{
	static const char *const words[] = { "conntrack", "mirror" };

	return yaml_word(node, "setting", words, 2, d->diag) == 1;
}

static const struct zone *zone_named(const struct deployment *deployment, const char *name,
				     size_t len)
{
	for (size_t i = 0; i < deployment->n_zones; i++) {
		const struct zone *zone = deployment->zones[i];

		if (strlen(zone->name) == len && !memcmp(zone->name, name, len))
			return zone;
	}
	return NULL;
}

/* Zone names may hold '-' too: every place where both halves are zones; how many there are. */
static unsigned int split_pair(const struct deployment *deployment, const char *text,
			       struct reply_setting *out)
{
	unsigned int n = 0;

	for (const char *dash = strchr(text, '-'); dash; dash = strchr(dash + 1, '-')) {
		const struct zone *a = zone_named(deployment, text, (size_t)(dash - text));
		const struct zone *b = zone_named(deployment, dash + 1, strlen(dash + 1));

		if (!a || !b)
			continue;
		out->a = a;
		out->b = b;
		n++;
	}
	return n;
}

static const struct reply_setting *find_pair(const struct deployment *deployment,
					     const struct zone *a, const struct zone *b)
{
	for (size_t i = 0; i < deployment->n_replies; i++) {
		const struct reply_setting *setting = &deployment->replies[i];

		if ((setting->a == a && setting->b == b) || (setting->a == b && setting->b == a))
			return setting;
	}
	return NULL;
}

static void read_pair(struct deployment_reader *d, const struct yaml *node)
{
	struct deployment *deployment = d->deployment;
	struct reply_setting setting = { .place = node->key->at, .mirror = read_word(d, node) };
	const struct reply_setting *before;
	unsigned int n = split_pair(deployment, node->key->text, &setting);

	if (n != 1) {
		diag_error(d->diag, node->key->at,
			   n ? "rename a zone: '-' stands in their names"
			     : "write ZONE-ZONE or `default`",
			   n ? "'%s' can be read as several pairs of zones"
			     : "'%s' is no pair of zones",
			   node->key->text);
		return;
	}
	before = find_pair(deployment, setting.a, setting.b);
	if (before)
		diag_error(d->diag, setting.place, "a pair stands for both directions",
			   "these two zones have a word already, in line %u", before->place.line);
	else
		deployment->replies[deployment->n_replies++] = setting;
}

void read_replies(struct deployment_reader *d)
{
	struct yaml *node = yaml_get(d->top, "replies");

	if (!node)
		return;
	if (node->kind != YAML_MAP) {
		d->deployment->mirror = read_word(d, node);
		return;
	}
	d->deployment->replies =
		arena_alloc(d->arena, (node->n + 1) * sizeof(struct reply_setting));
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (!strcmp(child->key->text, "default"))
			d->deployment->mirror = read_word(d, child);
		else
			read_pair(d, child);
	}
}

bool replies_mirrored(const struct deployment *deployment, const struct zone *a,
		      const struct zone *b)
{
	const struct reply_setting *setting = find_pair(deployment, a, b);

	return setting ? setting->mirror : deployment->mirror;
}
