// SPDX-License-Identifier: GPL-2.0
/*
 * Parties: who a guard, an icmp rule or a site row is about. A word is looked up as `box` and `any`
 * first, then as a zone, a host or a leg, then as a role; what is none of these is an address.
 */
#include <ctype.h>
#include <string.h>

#include "deployment_read.h"

static void party_address(struct deployment_reader *d, const struct yaml *node, struct party *out)
{
	size_t before = out->addresses.n;

	if (!prefix_list_add(d->arena, &out->addresses, node->text, node->at, d->diag))
		return;
	for (size_t i = before; i < out->addresses.n; i++)
		if (!address_usable(d, &out->addresses.prefixes[i], true, node->at))
			return;
}

/* Nothing but digits and what stands between them in addresses: no misspelt name. */
static bool looks_like_address(const char *text)
{
	if (strchr(text, ':'))
		return true;
	return isdigit((unsigned char)*text) && strspn(text, "0123456789./-") == strlen(text);
}

static void party_word(struct deployment_reader *d, const struct yaml *node, struct party *out)
{
	const struct known_name *known = name_find(d, node->text);

	if (known) {
		out->zone = known->zone;
		out->endpoint = known->endpoint;
		out->host = known->endpoint ? -1 : known->host;
		return;
	}
	out->role = matrix_role(d->matrix, node->text);
	if (out->role)
		return;
	if (looks_like_address(node->text) || strchr(node->text, '/'))
		party_address(d, node, out);
	else
		diag_error(d->diag, node->at, suggest_name(d, node->text, false),
			   "'%s' is no zone, host, leg or role here", node->text);
}

static bool is_word(const struct yaml *node, const char *word)
{
	return node->kind == YAML_SCALAR && !strcmp(node->text, word);
}

static void party_list(struct deployment_reader *d, struct yaml *node, struct party *out)
{
	for (const struct yaml *child = node->first; child; child = child->next) {
		const char *text = yaml_text(child, "an address", d->diag);

		if (text && !looks_like_address(text))
			diag_error(d->diag, child->at, "write one rule for each name",
				   "a list of parties holds addresses only");
		else if (text)
			party_address(d, child, out);
	}
	out->printed = out->addresses.n ? node->first->text : "";
	if (node->n > 1)
		out->printed = arena_printf(d->arena, "%s and %zu more", out->printed, node->n - 1);
	if (!node->n)
		diag_error(d->diag, yaml_place(node), "name somebody", "an empty list");
}

void read_party(struct deployment_reader *d, struct yaml *node, struct party *out)
{
	*out = (struct party){ .host = -1, .place = node->at };
	if (node->kind == YAML_LIST) {
		party_list(d, node, out);
	} else {
		out->printed = yaml_text(node, "a zone, host, role or address", d->diag);
		if (!out->printed)
			return;
		out->box = is_word(node, "box");
		out->anywhere = is_word(node, "any");
		if (!out->box && !out->anywhere)
			party_word(d, node, out);
	}
	prefix_list_finish(d->arena, &out->addresses, NULL);
}
