// SPDX-License-Identifier: GPL-2.0
/* Rows, switches and settings: what nobody can use, and alternatives that are all open. */
#include <string.h>

#include "lint.h"

/* ---- enable.rows ---- */

static const char *role_names(struct arena *arena, const struct role_list *roles)
{
	const char *text = "";

	for (size_t i = 0; i < roles->n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", roles->roles[i]->id);
	return text;
}

static const char *why_closed(struct lint *lint, const struct item *item)
{
	const struct item_facts *facts = item_facts(&lint->fates, item);

	switch (facts->fate) {
	case FATE_NOBODY:
	case FATE_CONDITION:
		return arena_printf(lint->arena, "nobody plays %s",
				    role_names(lint->arena, &facts->missing));
	case FATE_INSIDE:
		return "both ends are in one zone, inside which everything passes";
	case FATE_PORTS:
		return "the site states no ports for it";
	default:
		return "it is not switched on";
	}
}

static bool switched(const struct row_switch *row, const struct item *item)
{
	return row->item == item || row->row == item->row;
}

static void switch_idle(struct lint *lint, const struct row_switch *row)
{
	const struct matrix *matrix = lint->deployment->matrix;
	const struct item *first = NULL;

	for (size_t i = 0; row->on && i < matrix->n_items; i++) {
		const struct item *item = matrix->items[i];

		if (!switched(row, item))
			continue;
		/* What is always blocked is a fate of its own, opened or not. */
		if (item->forbid || item_facts(&lint->fates, item)->fate == FATE_OPEN)
			return;
		first = first ? first : item;
	}
	if (first)
		lint_add(lint,
			 (struct finding){ .check = LINT_SWITCH_IDLE,
					   .at = row->place,
					   .id = row->id,
					   .help = "deploy what it needs, or take the switch out" },
			 "%s is switched on and opens nothing: %s", row->id,
			 why_closed(lint, first));
}

static void accept_idle(struct lint *lint, const struct row_switch *row)
{
	const struct matrix *matrix = lint->deployment->matrix;

	for (size_t i = 0; row->accept && i < matrix->n_items; i++)
		if (switched(row, matrix->items[i]) && matrix->items[i]->separate)
			return;
	if (row->accept)
		lint_add(lint,
			 (struct finding){ .check = LINT_SETTING_IDLE,
					   .at = row->place,
					   .id = row->id,
					   .help = "take it out" },
			 "%s: `accept:` is for pairs that no firewall should separate, and this is "
			 "none",
			 row->id);
}

/* ---- settings for nobody ---- */

/* `what`: "the tunable 'x' changes" */
static void role_idle(struct lint *lint, struct place at, const struct role *role, const char *id,
		      const char *what)
{
	if (role_played(&lint->fates, role))
		return;
	lint_add(lint,
		 (struct finding){ .check = LINT_SETTING_IDLE,
				   .at = at,
				   .id = id,
				   .help = "declare a host of that role, or take it out" },
		 "%s nothing: nobody plays '%s'", what, role->id);
}

static void reading_idle(struct lint *lint, const struct reading_override *reading)
{
	if (reading->item->forbid || item_facts(&lint->fates, reading->item)->fate == FATE_OPEN)
		return;
	lint_add(lint,
		 (struct finding){ .check = LINT_SETTING_IDLE,
				   .at = reading->place,
				   .id = reading->item->id,
				   .help = "open the item, or take the reading out" },
		 "the reading of %s changes nothing: the item is closed, %s", reading->item->id,
		 why_closed(lint, reading->item));
}

static bool multicast_used(const struct lint *lint, const struct multicast *multicast)
{
	const struct ruleset *ruleset = lint->ruleset;

	for (size_t i = 0; i < ruleset->n_rules; i++) {
		const struct group *to = &ruleset->groups[ruleset->rules[i].to];

		if (to->flags & GROUP_MULTICAST && to->members[0].addresses == &multicast->groups)
			return true;
	}
	return false;
}

static void multicast_idle(struct lint *lint, const struct multicast *multicast)
{
	if (multicast_used(lint, multicast))
		return;
	lint_add(lint,
		 (struct finding){ .check = LINT_SETTING_IDLE,
				   .at = multicast->place,
				   .id = multicast->name,
				   .help = "take it out, or open a row that sends there" },
		 "no row sends to the multicast groups '%s'", multicast->name);
}

static void settings_idle(struct lint *lint)
{
	const struct deployment *deployment = lint->deployment;
	struct arena *arena = lint->arena;

	for (size_t i = 0; i < deployment->n_tunables; i++) {
		const struct tunable_value *value = &deployment->tunables[i];
		const char *id = value->tunable->id;

		role_idle(lint, value->place, value->tunable->role, id,
			  arena_printf(arena, "the tunable '%s' changes", id));
	}
	for (size_t i = 0; i < deployment->n_vendor_ports; i++) {
		const struct vendor_ports *vendor = &deployment->vendor_ports[i];

		role_idle(lint, vendor->place, vendor->role, vendor->role->id,
			  arena_printf(arena, "the vendor-ports of '%s' change", vendor->role->id));
	}
	for (size_t i = 0; i < deployment->n_licences; i++) {
		const struct licence *licence = &deployment->licences[i];

		role_idle(lint, licence->place, licence->role, licence->role->id,
			  arena_printf(arena, "the licences of '%s' change", licence->role->id));
	}
	for (size_t i = 0; i < deployment->n_readings; i++)
		reading_idle(lint, &deployment->readings[i]);
	for (size_t i = 0; i < deployment->n_multicast; i++)
		multicast_idle(lint, &deployment->multicast[i]);
}

/* ---- features ---- */

static bool same_group(const struct feature *a, const struct feature *b)
{
	return a && (a == b || (a->group && b->group && !strcmp(a->group, b->group)));
}

/* Does naming the feature change an item that has somebody at both ends? */
static bool feature_matters(const struct lint *lint, const struct feature *feature)
{
	const struct matrix *matrix = lint->deployment->matrix;

	for (size_t i = 0; i < matrix->n_items; i++) {
		const struct item *item = matrix->items[i];
		enum item_fate fate = lint->fates.facts[i].fate;

		if (same_group(item->condition_feature, feature) &&
		    (fate == FATE_OPEN || fate == FATE_FEATURE))
			return true;
		for (size_t k = 0; fate == FATE_OPEN && k < feature->meets.n; k++)
			if (item->condition_role == feature->meets.roles[k])
				return true;
	}
	return false;
}

static void features_idle(struct lint *lint)
{
	const struct enable *enable = &lint->deployment->enable;

	for (size_t i = 0; i < enable->n_features; i++) {
		const struct feature *feature = enable->features[i];

		if (!feature_matters(lint, feature))
			lint_add(lint,
				 (struct finding){ .check = LINT_SETTING_IDLE,
						   .at = enable->feature_places[i],
						   .id = feature->id,
						   .help = "take it out" },
				 "the feature '%s' changes nothing: no row of the deployed devices "
				 "asks for it",
				 feature->id);
	}
}

static size_t open_items(const struct lint *lint, const struct feature *feature)
{
	const struct matrix *matrix = lint->deployment->matrix;
	size_t n = 0;

	for (size_t i = 0; i < matrix->n_items; i++)
		n += matrix->items[i]->condition_feature == feature &&
		     lint->fates.facts[i].fate == FATE_OPEN;
	return n;
}

static bool group_named(const struct enable *enable, const char *group)
{
	for (size_t i = 0; i < enable->n_features; i++)
		if (enable->features[i]->group && !strcmp(enable->features[i]->group, group))
			return true;
	return false;
}

/* All of a group, its first feature at `first`. */
static void alternatives(struct lint *lint, size_t first)
{
	const struct matrix *matrix = lint->deployment->matrix;
	const struct enable *enable = &lint->deployment->enable;
	const char *group = matrix->features[first]->group, *each = "", *ids = "";
	size_t total = 0;

	if (group_named(enable, group))
		return;
	for (size_t i = first; i < matrix->n_features; i++) {
		const struct feature *feature = matrix->features[i];
		size_t n;

		if (!feature->group || strcmp(feature->group, group))
			continue;
		n = open_items(lint, feature);
		total += n;
		each = arena_printf(lint->arena, "%s%s%s of '%s'", each, *each ? ", " : "",
				    lint_count(lint->arena, n, "item"), feature->id);
		ids = arena_printf(lint->arena, "%s%s%s", ids, *ids ? ", " : "", feature->id);
	}
	if (total)
		lint_add(lint,
			 (struct finding){
				 .check = LINT_ALTERNATIVES_OPEN,
				 .at = lint->deployment->places.enable,
				 .id = group,
				 .help = arena_printf(lint->arena,
						      "name what the site uses: enable: {features: "
						      "[...]} with one of %s",
						      ids),
				 .number = total,
				 .unit = "items" },
			 enable->all_features
				 ? "`features: all` opens alternatives together: %s"
				 : "none of the alternatives is named, so all are open: %s",
			 each);
}

static void all_alternatives(struct lint *lint)
{
	const struct matrix *matrix = lint->deployment->matrix;

	for (size_t i = 0; i < matrix->n_features; i++) {
		const char *group = matrix->features[i]->group;
		size_t k = 0;

		while (group && k < i &&
		       !(matrix->features[k]->group && !strcmp(matrix->features[k]->group, group)))
			k++;
		if (group && k == i)
			alternatives(lint, i);
	}
}

/* ---- what is closed for want of something, in one note each ---- */

static void features_off(struct lint *lint)
{
	const struct matrix *matrix = lint->deployment->matrix;
	const char *names = "";
	size_t n = 0;

	for (size_t f = 0; f < matrix->n_features; f++) {
		size_t before = n;

		for (size_t i = 0; i < matrix->n_items; i++)
			n += matrix->items[i]->condition_feature == matrix->features[f] &&
			     !matrix->features[f]->group &&
			     lint->fates.facts[i].fate == FATE_FEATURE;
		if (n > before)
			names = arena_printf(lint->arena, "%s%s%s", names, *names ? ", " : "",
					     matrix->features[f]->id);
	}
	if (n)
		lint_add(lint,
			 (struct finding){
				 .check = LINT_FEATURES_OFF,
				 .at = lint->deployment->places.enable,
				 .id = names,
				 .help = "name them under `enable: {features: [...]}` where the "
					 "site has them",
				 .number = n,
				 .unit = "items" },
			 "%s for features that are not named: %s",
			 n == 1 ? "1 item waits" : arena_printf(lint->arena, "%zu items wait", n),
			 names);
}

/* A mandatory row of a product that is deployed, with nobody at its other end. */
static bool lacks_partner(const struct lint *lint, size_t index)
{
	const struct item *item = lint->deployment->matrix->items[index];
	const struct role *product = item->row->section->product;

	return lint->fates.facts[index].fate == FATE_NOBODY &&
	       lint->fates.facts[index].by_switches == FATE_OPEN &&
	       item->requirement == REQUIREMENT_MANDATORY && product &&
	       role_played(&lint->fates, product);
}

static void note_missing(const struct role_list *missing, const char **names, size_t *n)
{
	for (size_t i = 0; i < missing->n; i++) {
		size_t k = 0;

		while (k < *n && strcmp(names[k], missing->roles[i]->id) != 0)
			k++;
		if (k == *n)
			names[(*n)++] = missing->roles[i]->id;
	}
}

static void roles_missing(struct lint *lint)
{
	const struct matrix *matrix = lint->deployment->matrix;
	const char **names = arena_alloc(lint->arena, (matrix->n_roles + 1) * sizeof(*names));
	size_t n = 0, n_names = 0;

	for (size_t i = 0; i < matrix->n_items; i++) {
		if (!lacks_partner(lint, i))
			continue;
		n++;
		note_missing(&lint->fates.facts[i].missing, names, &n_names);
	}
	if (n)
		lint_add(
			lint,
			(struct finding){
				.check = LINT_ROLES_MISSING,
				.at = lint->deployment->places.file,
				.id = names[0],
				.help = "declare them where the site has them: eqfwctl matrix --needs "
					"--deployment FILE",
				.number = n,
				.unit = "items" },
			"%s of deployed products %s nothing, for nobody plays %s",
			lint_count(lint->arena, n, "mandatory item"), n == 1 ? "does" : "do",
			lint_some(lint->arena, names, n_names));
}

static void related_closed(struct lint *lint)
{
	const struct matrix *matrix = lint->deployment->matrix;
	const char **names = arena_alloc(lint->arena, (matrix->n_items + 1) * sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < matrix->n_items; i++)
		if (matrix->items[i]->related && lint->fates.facts[i].fate == FATE_OPEN &&
		    !item_has_helper(lint->deployment, matrix->items[i]))
			names[n++] = matrix->items[i]->id;
	if (n)
		lint_add(
			lint,
			(struct finding){
				.check = LINT_RELATED_CLOSED,
				.at = lint->deployment->places.file,
				.id = names[0],
				.help = "assign the helper of conntrack and say so: helper: ftp on the "
					"host; or permit the data ports by a site row",
				.number = n,
				.unit = "items" },
			"the data channels of FTP and TFTP stay closed: %s",
			lint_some(lint->arena, names, n));
}

void lint_rows(struct lint *lint)
{
	const struct enable *enable = &lint->deployment->enable;

	for (size_t i = 0; i < enable->n_rows; i++) {
		switch_idle(lint, &enable->rows[i]);
		accept_idle(lint, &enable->rows[i]);
	}
	settings_idle(lint);
	features_idle(lint);
	all_alternatives(lint);
	features_off(lint);
	roles_missing(lint);
	related_closed(lint);
}
