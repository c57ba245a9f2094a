// SPDX-License-Identifier: GPL-2.0
/* Which items of the matrix somebody asks for. */
#include <ctype.h>
#include <string.h>

#include "matrix_query.h"

static const struct port_range class_ranges[N_PORT_CLASSES] = {
	[PORT_WELL_KNOWN] = { 1, 1023 },
	[PORT_REGISTERED] = { 1024, 49151 },
	[PORT_DYNAMIC] = { 49152, 65535 },
};

static const char *const class_names[N_PORT_CLASSES] = {
	[PORT_WELL_KNOWN] = "well-known",
	[PORT_REGISTERED] = "registered",
	[PORT_DYNAMIC] = "dynamic",
};

const char *port_class_name(enum port_class class)
{
	return class_names[class];
}

int port_class_parse(const char *text)
{
	for (int i = 0; *text && i < N_PORT_CLASSES; i++)
		if (!strncmp(class_names[i], text, strlen(text)))
			return i;
	return -1;
}

static bool has_some(const struct portset *ports, struct port_range range)
{
	if (ports->words & PORTS_ALL)
		return true;
	for (size_t i = 0; i < ports->n; i++)
		if (ports->ranges[i].lo <= range.hi && ports->ranges[i].hi >= range.lo)
			return true;
	return false;
}

bool port_class_has(const struct portset *ports, enum port_class class)
{
	return has_some(ports, class_ranges[class]);
}

/* A role stands for what it also is, and for what also is it. */
static bool side_has(const struct role_list *side, const struct role_list *asked)
{
	for (size_t i = 0; i < side->n; i++)
		for (size_t k = 0; k < asked->n; k++)
			if (role_is(asked->roles[k], side->roles[i]) ||
			    role_is(side->roles[i], asked->roles[k]))
				return true;
	return false;
}

static bool opened_by(const struct item *item, const struct role_list *from)
{
	bool both = item->initiator == INITIATOR_EITHER;

	return ((both || source_opens(item)) && side_has(&item->sources, from)) ||
	       ((both || !source_opens(item)) && side_has(&item->destinations, from));
}

static bool called_at(const struct item *item, const struct role_list *to)
{
	bool both = item->initiator == INITIATOR_EITHER;

	return ((both || source_opens(item)) && side_has(&item->destinations, to)) ||
	       ((both || !source_opens(item)) && side_has(&item->sources, to));
}

/* The word at `word`, `len` long, in whatever case. */
static bool text_has(const char *text, const char *word, size_t len)
{
	for (; text && *text; text++)
		if (!strncasecmp(text, word, len))
			return true;
	return false;
}

static bool roles_have(const struct role_list *roles, const char *word, size_t len)
{
	for (size_t i = 0; i < roles->n; i++)
		if (text_has(roles->roles[i]->id, word, len))
			return true;
	return false;
}

static bool errata_have(const struct item *item, const char *word, size_t len)
{
	for (size_t i = 0; i < item->row->n_errata; i++) {
		const struct erratum *erratum = &item->row->errata[i];

		if (erratum_is_of(erratum, item) &&
		    (text_has(erratum->printed, word, len) ||
		     text_has(erratum->reading, word, len) || text_has(erratum->reason, word, len)))
			return true;
	}
	return false;
}

static bool item_has_word(const struct item *item, const char *word, size_t len)
{
	const struct row *row = item->row;
	const char *const texts[] = {
		item->id,    item->printed,    item->service,	 item->note,
		row->source, row->destination, row->description, row->section->heading,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (text_has(texts[i], word, len))
			return true;
	return roles_have(&item->sources, word, len) ||
	       roles_have(&item->destinations, word, len) || errata_have(item, word, len);
}

static bool item_has_words(const struct item *item, const char *text)
{
	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");

		if (!item_has_word(item, text, len))
			return false;
		text += len;
	}
	return true;
}

static bool has_ports(const struct matrix_filter *filter, const struct item *item)
{
	return (!filter->proto || (item->proto & filter->proto)) &&
	       (has_some(&item->src, filter->ports) || has_some(&item->dst, filter->ports));
}

bool matrix_filter_passes(const struct matrix_filter *filter, const struct item *item)
{
	if ((filter->item && item != filter->item) || (filter->row && item->row != filter->row))
		return false;
	if (filter->roles.n && !side_has(&item->sources, &filter->roles) &&
	    !side_has(&item->destinations, &filter->roles))
		return false;
	if ((filter->from.n && !opened_by(item, &filter->from)) ||
	    (filter->to.n && !called_at(item, &filter->to)))
		return false;
	if (filter->ports.lo && !has_ports(filter, item))
		return false;
	if (filter->class >= 0 && !port_class_has(item_ports(item), (enum port_class)filter->class))
		return false;
	return !filter->text || item_has_words(item, filter->text);
}

/* Equal but for case and the width of blanks. */
static bool called_alike(const char *a, const char *b)
{
	while (*a && *b) {
		if (isspace((unsigned char)*a) && isspace((unsigned char)*b)) {
			a += strspn(a, " \t\n");
			b += strspn(b, " \t\n");
		} else if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++)) {
			return false;
		}
	}
	return !*a && !*b;
}

struct role_list matrix_roles_called(const struct matrix *matrix, struct arena *arena,
				     const char *word)
{
	struct role *exact = matrix_role(matrix, word);
	struct role_list list = { 0 };

	list.roles = arena_alloc(arena, (matrix->n_roles + 1) * sizeof(struct role *));
	if (exact)
		list.roles[list.n++] = exact;
	for (size_t i = 0; !exact && i < matrix->n_roles; i++) {
		struct role *role = matrix->roles[i];

		for (size_t k = 0; k < role->n_names; k++) {
			if (!called_alike(role->names[k], word))
				continue;
			list.roles[list.n++] = role;
			break;
		}
	}
	return list;
}
