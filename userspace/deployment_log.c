// SPDX-License-Identifier: GPL-2.0
/* log: which netfilter log group hears of drops, and of whose new connections. */
#include <string.h>

#include "deployment_read.h"

static const struct site_rule *find_rule(const struct deployment *deployment, const char *id)
{
	static const char *const prefixes[] = {
		[SITE_RULE_SITE] = "site/",
		[SITE_RULE_GUARD] = "guard/",
		[SITE_RULE_ICMP] = "icmp/",
	};

	for (size_t i = 0; i < deployment->n_rules; i++) {
		const struct site_rule *rule = &deployment->rules[i];
		size_t len = strlen(prefixes[rule->kind]);

		if (!strncmp(id, prefixes[rule->kind], len) && !strcmp(id + len, rule->name))
			return rule;
	}
	return NULL;
}

static bool is_site_id(const struct yaml *node)
{
	return node->kind == YAML_SCALAR &&
	       (!strncmp(node->text, "site/", 5) || !strncmp(node->text, "guard/", 6) ||
		!strncmp(node->text, "icmp/", 5));
}

static void read_new(struct deployment_reader *d, struct yaml *node, struct log_new *out)
{
	struct row *row = NULL;
	struct item *item = NULL;

	if (!is_site_id(node)) {
		row_or_item(d, node, &row, &item);
		*out = (struct log_new){ .row = row, .item = item };
		return;
	}
	out->rule = find_rule(d->deployment, node->text);
	if (!out->rule)
		diag_error(d->diag, node->at, "name a rule of this file", "there is no '%s'",
			   node->text);
}

static size_t count(struct yaml *list)
{
	size_t n = 0;

	for (struct yaml *child = yaml_first(list); child; child = yaml_after(list, child))
		n++;
	return n;
}

static void read_news(struct deployment_reader *d, struct yaml *rows)
{
	struct log_setting *log = &d->deployment->log;

	log->news = arena_alloc(d->arena, (count(rows) + 1) * sizeof(*log->news));
	for (struct yaml *child = yaml_first(rows); child; child = yaml_after(rows, child))
		read_new(d, child, &log->news[log->n_news++]);
}

void read_log(struct deployment_reader *d)
{
	static const char *const keys[] = { "nflog-group", "new" };
	struct yaml *map = yaml_get(d->top, "log"), *group;
	uint64_t number = 0;

	if (!map || !yaml_is_map(map, "'log:'", d->diag))
		return;
	yaml_known_keys(map, keys, ARRAY_LEN(keys), d->diag);
	group = yaml_require(map, "nflog-group", "say which group, such as `nflog-group: 5`",
			     d->diag);
	if (group)
		d->deployment->log.nflog = yaml_number(group, 0, 65535, &number, d->diag);
	d->deployment->log.group = (uint16_t)number;
	read_news(d, yaml_get(map, "new"));
}

bool log_wants_item(const struct deployment *deployment, const struct item *item)
{
	for (size_t i = 0; i < deployment->log.n_news; i++) {
		const struct log_new *log = &deployment->log.news[i];

		if (log->item == item || (log->row && log->row == item->row))
			return true;
	}
	return false;
}

bool log_wants_rule(const struct deployment *deployment, const struct site_rule *rule)
{
	for (size_t i = 0; i < deployment->log.n_news; i++)
		if (deployment->log.news[i].rule == rule)
			return true;
	return false;
}
