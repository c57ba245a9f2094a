// SPDX-License-Identifier: GPL-2.0
/* One run of lint: read, expand, look at everything, sort by place. */
#include "lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOME 3 /* names that are listed; more are counted */

#define LINT_INFO(name, id, severity, text) { id, SEVERITY_##severity, text },
const struct lint_check_info lint_checks[N_LINT_CHECKS] = { LINT_CHECKS(LINT_INFO) };
#undef LINT_INFO

static struct finding *finding_new(struct lint *lint, struct finding like, const char *text)
{
	struct finding *finding;

	GROW(lint->findings, lint->n, lint->capacity);
	finding = &lint->findings[lint->n++];
	*finding = like;
	finding->text = text;
	lint->count[lint_checks[like.check].severity]++;
	return finding;
}

void lint_add(struct lint *lint, struct finding like, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	finding_new(lint, like, arena_strdup(lint->arena, text ? text : format));
	free(text);
}

static enum lint_check check_named(const char *id)
{
	for (unsigned int i = 0; id && i < N_LINT_CHECKS; i++)
		if (!strcmp(lint_checks[i].id, id))
			return (enum lint_check)i;
	return LINT_DEPLOYMENT;
}

static void hear(void *hearer, const struct warned *warned)
{
	struct lint *lint = hearer;
	struct finding like = { .check = check_named(warned->check), .at = warned->at };

	like.id = warned->id ? arena_strdup(lint->arena, warned->id) : NULL;
	like.help = warned->help ? arena_strdup(lint->arena, warned->help) : NULL;
	finding_new(lint, like, arena_strdup(lint->arena, warned->text));
}

/* The deployment, then files of matrix.d; each in its own order; of one place the worst first. */
static int finding_compare(const void *left, const void *right, void *deployment)
{
	const struct source_text *first = deployment;
	const struct finding *a = left, *b = right;
	enum severity one = lint_checks[a->check].severity, two = lint_checks[b->check].severity;

	if (a->at.source != b->at.source && (a->at.source == first || b->at.source == first))
		return a->at.source == first ? -1 : 1;
	if (a->at.source != b->at.source)
		return strcmp(a->at.source->name, b->at.source->name);
	if (a->at.line != b->at.line)
		return a->at.line < b->at.line ? -1 : 1;
	if (a->at.col != b->at.col)
		return a->at.col < b->at.col ? -1 : 1;
	if (one != two)
		return one > two ? -1 : 1;
	if (a->check != b->check)
		return a->check < b->check ? -1 : 1;
	return strcmp(a->text, b->text);
}

static void find_likes(struct lint *lint)
{
	const struct ruleset *ruleset = lint->ruleset;

	lint->like = arena_alloc(lint->arena, ruleset->n_groups * sizeof(*lint->like) + 1);
	for (size_t i = 0; i < lint->deployment->n_endpoints; i++) {
		const struct endpoint **like = &lint->like[ruleset->endpoint_groups[i]];

		if (!*like)
			*like = lint->deployment->endpoints[i];
	}
}

static void findings_sort(struct lint *lint)
{
	const struct place file = lint->deployment->places.file;

	for (size_t i = 0; i < lint->n; i++)
		if (!lint->findings[i].at.source)
			lint->findings[i].at = file;
	if (lint->n)
		qsort_r(lint->findings, lint->n, sizeof(*lint->findings), finding_compare,
			(void *)file.source);
}

bool lint_run(struct lint *lint, const char *file, const struct matrix *matrix, uint64_t today)
{
	*lint = (struct lint){ .arena = arena_new(), .today = today };
	lint->diag.hear = hear;
	lint->diag.hearer = lint;
	lint->deployment = deployment_read(file, matrix, &lint->diag);
	if (!lint->deployment)
		return false;
	lint->ruleset = expand(lint->deployment, &lint->diag);
	lint->plan = plan_make(lint->deployment, &lint->diag);
	if (lint->diag.errors)
		return false;
	fates_find(&lint->fates, lint->ruleset, lint->arena);
	find_likes(lint);
	lint_ranges(lint);
	lint_ports(lint);
	lint_rules(lint);
	lint_rows(lint);
	lint_hosts(lint);
	lint_public(lint);
	lint_mirror(lint);
	findings_sort(lint);
	return true;
}

void lint_free(struct lint *lint)
{
	plan_free(lint->plan);
	ruleset_free(lint->ruleset);
	deployment_free(lint->deployment);
	free(lint->findings);
	arena_free(lint->arena);
}

const char *lint_some(struct arena *arena, const char *const *names, size_t n)
{
	size_t shown = n <= SOME + 1 ? n : SOME;
	const char *text = "";

	for (size_t i = 0; i < shown; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", names[i]);
	return shown == n ? text : arena_printf(arena, "%s and %zu more", text, n - shown);
}

const char *lint_count(struct arena *arena, uint64_t n, const char *one)
{
	return arena_printf(arena, "%llu %s%s", (unsigned long long)n, one, n == 1 ? "" : "s");
}

const char *lint_marked_names(struct lint *lint, const bool *marked, size_t *n)
{
	const struct deployment *deployment = lint->deployment;
	const char *names[SOME + 2];

	*n = 0;
	for (size_t i = 0; i < deployment->n_endpoints; i++) {
		if (!marked[i])
			continue;
		if (*n < SOME + 2)
			names[*n] = deployment->endpoints[i]->name;
		++*n;
	}
	if (*n <= SOME + 1)
		return lint_some(lint->arena, names, *n);
	return arena_printf(lint->arena, "%s and %zu more", lint_some(lint->arena, names, SOME),
			    *n - SOME);
}

const struct endpoint *lint_marked_first(const struct lint *lint, const bool *marked)
{
	size_t i = 0;

	while (!marked[i])
		i++;
	return lint->deployment->endpoints[i];
}

const char *lint_group_name(const struct lint *lint, uint32_t group)
{
	const struct group *of = &lint->ruleset->groups[group];
	const char *names[SOME + 1], *last = NULL;
	size_t n = 0;

	if (of->flags & (GROUP_WHOLE_ZONE | GROUP_ANY_HOST))
		return arena_printf(lint->arena, "any address of %s", of->zone->name);
	if (of->flags & GROUP_BOX)
		return "the box";
	if (of->flags & GROUP_EVERYWHERE)
		return "anybody";
	for (size_t i = 0; i < of->n_members; i++) {
		/* Addresses and public ones of a host are two members. */
		if (last && !strcmp(last, of->members[i].name))
			continue;
		last = of->members[i].name;
		if (n < SOME)
			names[n] = last;
		n++;
	}
	if (n <= SOME)
		return lint_some(lint->arena, names, n);
	return arena_printf(lint->arena, "%s and %zu more", names[0], n - 1);
}

bool endpoint_is(const struct endpoint *endpoint, const struct role *role)
{
	for (size_t i = 0; i < endpoint->roles.n; i++)
		if (role_is(endpoint->roles.roles[i], role))
			return true;
	return false;
}

const char *lint_rule_id(struct lint *lint, const struct site_rule *rule)
{
	static const char *const kinds[] = {
		[SITE_RULE_SITE] = "site",
		[SITE_RULE_GUARD] = "guard",
		[SITE_RULE_ICMP] = "icmp",
	};

	return arena_printf(lint->arena, "%s/%s", kinds[rule->kind], rule->name);
}
