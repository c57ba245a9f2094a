// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "matrix_show.h"
#include "out.h"

/* What is listed; items are asked for by all the other options. */
enum list {
	LIST_ITEMS,
	LIST_SECTIONS,
	LIST_ROLES,
	LIST_FEATURES,
	LIST_TUNABLES,
	LIST_ERRATA,
	LIST_CONFLICTS,
	LIST_NEEDS,
	N_LISTS
};

static const char *const list_names[] = { "items",    "sections", "roles",     "features",
					  "tunables", "errata",	  "conflicts", "needs" };

/**
 * struct options - what to show
 * @id: a row or an item, or NULL for all
 * @dirs: of the matrix
 * @role: only items of this role, or NULL
 * @from: only items that this role may open, or NULL
 * @to: only items by which this role may be called, or NULL
 * @deployment: file whose hosts count for conflicts and needs, or NULL
 * @lists: which were asked for
 * @list: the one that was
 * @json: as JSON
 * @markdown: errata as a page
 * @filter: what else the items have to be
 */
struct options {
	const char *id;
	struct matrix_dirs dirs;
	const char *role;
	const char *from;
	const char *to;
	const char *deployment;
	bool lists[N_LISTS];
	enum list list;
	bool json;
	bool markdown;
	struct matrix_filter filter;
};

static const char *number(const char *text, uint16_t *port)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || value > 65535)
		return NULL;
	*port = (uint16_t)value;
	return end;
}

static bool set_port(void *ctx, const struct cmd *cmd, const char *value)
{
	struct matrix_filter *filter = &((struct options *)ctx)->filter;
	const char *end = number(value, &filter->ports.lo);

	filter->ports.hi = filter->ports.lo;
	if (end && *end == '-')
		end = number(end + 1, &filter->ports.hi);
	if (end && filter->ports.lo <= filter->ports.hi &&
	    (!*end ||
	     (*end == '/' && proto_parse(end + 1, &filter->proto) && filter->proto != PROTO_IP)))
		return true;
	cmd_usage_error(cmd, "'%s' is no port: write N, N-N, N/tcp or N/udp", value);
	return false;
}

static bool set_class(void *ctx, const struct cmd *cmd, const char *value)
{
	struct matrix_filter *filter = &((struct options *)ctx)->filter;

	filter->class = port_class_parse(value);
	if (filter->class < 0)
		cmd_usage_error(cmd, "'%s': well-known, registered or dynamic", value);
	return filter->class >= 0;
}

static const struct cmd_option option_list[] = {
	CMD_FLAG("sections", 's', "list the sections", lists[LIST_SECTIONS]),
	CMD_FLAG("roles", 'r', "list the kinds of devices", lists[LIST_ROLES]),
	CMD_FLAG("features", 'F', "list what no deployed host can show", lists[LIST_FEATURES]),
	CMD_FLAG("tunables", 't', "list ports and ranges that a site may change",
		 lists[LIST_TUNABLES]),
	CMD_FLAG("errata", 'e', "list what is printed wrongly or doubtfully", lists[LIST_ERRATA]),
	CMD_FLAG("markdown", 'M', "errata as a page", markdown),
	CMD_FLAG("conflicts", 'c', "list ports with two meanings on one device",
		 lists[LIST_CONFLICTS]),
	CMD_FLAG("needs", 'n', "list items that need what the deployment lacks", lists[LIST_NEEDS]),
	CMD_OTHER("port", 'p', "PORT", "only this port, such as 5061/tcp, 5061 or 5060-5070/udp",
		  set_port),
	CMD_OTHER("class", 'C', "CLASS", "only ports well-known, registered or dynamic", set_class),
	CMD_TEXT("role", 'R', "ROLE", "only items that this role takes part in", role),
	CMD_TEXT("from", 'f', "ROLE", "only what this role may open", from),
	CMD_TEXT("to", 'T', "ROLE", "only where this role may be called", to),
	CMD_TEXT("text", 'x', "WORDS", "only items that hold all these words", filter.text),
	CMD_TEXT("deployment", 'd', "FILE", "for the hosts of this deployment", deployment),
	CMD_OPTION_MATRIX,
	CMD_OPTION_JSON,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_matrix = {
	.name = "matrix",
	.args = "[ROW | ITEM]",
	.help = "show the document as eqfw reads it, or ask whether it allows something",
	.options = option_list,
	.run = run,
};

static bool refuse_unknown(const char *what, const char *word, const char *const *candidates,
			   size_t n)
{
	const char *near = diag_suggest(word, candidates, n);

	if (near)
		out_complain("unknown %s '%s'; did you mean '%s'?", what, word, near);
	else
		out_complain("unknown %s '%s'", what, word);
	return false;
}

static bool find_roles(const struct matrix *matrix, const char *word, struct role_list *out)
{
	size_t n = matrix->n_roles;
	const char **ids;

	if (!word)
		return true;
	*out = matrix_roles_called(matrix, matrix->arena, word);
	if (out->n)
		return true;
	ids = must_alloc((n + 1) * sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		ids[i] = matrix->roles[i]->id;
	refuse_unknown("role", word, ids, n);
	free(ids);
	return false;
}

static bool find_id(const struct matrix *matrix, const char *word, struct matrix_filter *filter)
{
	size_t n = matrix->n_items;
	const char **ids;

	if (!word)
		return true;
	filter->item = matrix_item(matrix, word);
	filter->row = filter->item ? NULL : matrix_row(matrix, word);
	if (filter->item || filter->row)
		return true;
	ids = must_alloc((n + 1) * sizeof(*ids));
	for (size_t i = 0; i < n; i++)
		ids[i] = matrix->items[i]->id;
	refuse_unknown("row or item", word, ids, n);
	free(ids);
	return false;
}

static int show_items(const struct matrix *matrix, const struct options *options)
{
	const struct matrix_filter *filter = &options->filter;

	if (options->from && options->to)
		return show_pair(matrix, filter, options->json) ? EXIT_STATUS_OK : EXIT_STATUS_NO;
	if (options->json)
		items_json(matrix, filter);
	else if (filter->row || filter->item)
		items_text(matrix, filter);
	else
		items_table(matrix, filter);
	return EXIT_STATUS_OK;
}

static int show_lacks(const struct matrix *matrix, const struct options *options)
{
	struct diag diag = { 0 };
	struct deployment *deployment = NULL;

	if (options->deployment) {
		deployment = deployment_read(options->deployment, matrix, &diag);
		if (!deployment)
			return EXIT_STATUS_INVALID;
	}
	if (options->list == LIST_CONFLICTS)
		show_conflicts(matrix, deployment, options->json);
	else
		show_needs(deployment, &options->filter, options->json);
	deployment_free(deployment);
	return EXIT_STATUS_OK;
}

static int show(const struct matrix *matrix, struct options *options)
{
	if (!find_roles(matrix, options->role, &options->filter.roles) ||
	    !find_roles(matrix, options->from, &options->filter.from) ||
	    !find_roles(matrix, options->to, &options->filter.to) ||
	    !find_id(matrix, options->id, &options->filter))
		return EXIT_STATUS_USAGE;
	switch (options->list) {
	case LIST_ITEMS:
		return show_items(matrix, options);
	case LIST_SECTIONS:
		(options->json ? show_sections_json : show_sections)(matrix);
		break;
	case LIST_FEATURES:
		(options->json ? show_features_json : show_features)(matrix);
		break;
	case LIST_ROLES:
		(options->json ? show_roles_json : show_roles)(matrix);
		break;
	case LIST_TUNABLES:
		(options->json ? show_tunables_json : show_tunables)(matrix);
		break;
	case LIST_ERRATA:
		if (options->markdown)
			show_errata_markdown(matrix);
		else
			(options->json ? show_errata_json : show_errata)(matrix);
		break;
	default:
		return show_lacks(matrix, options);
	}
	return EXIT_STATUS_OK;
}

/* Returns false where several are asked for. */
static bool choose_list(struct options *options)
{
	unsigned int asked = 0;

	for (unsigned int i = LIST_SECTIONS; i < N_LISTS; i++) {
		if (!options->lists[i])
			continue;
		options->list = (enum list)i;
		asked++;
	}
	return asked <= 1;
}

/* What the options ask for must make sense together. */
static int check_options(const struct options *options)
{
	const struct matrix_filter *filter = &options->filter;
	bool whole = options->list && options->list != LIST_NEEDS;

	if (whole && (options->id || options->role || options->from || options->to ||
		      filter->ports.lo || filter->text || filter->class >= 0))
		return cmd_usage_error(&cmd_matrix, "--%s lists all of them",
				       list_names[options->list]);
	if (options->markdown && options->list != LIST_ERRATA)
		return cmd_usage_error(&cmd_matrix, "--markdown is for --errata");
	if (options->list == LIST_NEEDS && !options->deployment)
		return cmd_usage_error(&cmd_matrix, "--needs: of which --deployment FILE?");
	return EXIT_STATUS_OK;
}

static int run(int argc, char **argv)
{
	struct options options = { .filter.class = -1 };
	struct diag diag = { 0 };
	struct matrix *matrix;
	int first = cmd_getopt(&cmd_matrix, argc, argv, &options), status;

	if (first < 0)
		return EXIT_STATUS_USAGE;
	if (first + 1 < argc)
		return cmd_usage_error(&cmd_matrix, "one row or item at a time");
	if (!choose_list(&options))
		return cmd_usage_error(&cmd_matrix, "lists: one at a time");
	options.id = argv[first];
	status = check_options(&options);
	if (status)
		return status;
	matrix = matrix_open(&options.dirs, &diag);
	if (!matrix)
		return EXIT_STATUS_INVALID;
	status = show(matrix, &options);
	matrix_free(matrix);
	return out_finish(status);
}
