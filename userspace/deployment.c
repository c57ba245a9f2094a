// SPDX-License-Identifier: GPL-2.0
/* The deployment file from top to bottom. Each part has a file of its own: deployment_*.c. */
#include <string.h>

#include "deployment_read.h"

#define FORMAT "deployment/1"

static const char *const top_keys[] = {
	"eqfw",	     "name",	 "matrix",	 "box",	      "zones",	 "hosts",
	"enable",    "tunables", "vendor-ports", "multicast", "guards",	 "icmp",
	"site-rows", "readings", "licences",	 "scope",     "unzoned", "bridge",
	"boot",	     "mode",	 "replies",	 "adopt",     "flows",	 "log",
};

static bool check_format(struct deployment_reader *d)
{
	struct yaml *head = yaml_require(d->top, "eqfw", "begin with `eqfw: " FORMAT "`", d->diag);

	if (!head || !yaml_text(head, "the format", d->diag))
		return false;
	if (!strcmp(head->text, FORMAT))
		return true;
	diag_error(d->diag, head->at, "this eqfwctl reads `eqfw: " FORMAT "`",
		   "format '%s' where '" FORMAT "' was expected", head->text);
	return false;
}

static void read_name(struct deployment_reader *d)
{
	struct yaml *name =
		yaml_require(d->top, "name", "name the deployment, for status", d->diag);

	d->deployment->name = name ? site_name(d, name, "deployment") : NULL;
}

static void check_edition(struct deployment_reader *d)
{
	struct yaml *edition =
		yaml_require(d->top, "matrix", "say which edition it was made for", d->diag);

	if (!edition || !yaml_text(edition, "the matrix edition", d->diag))
		return;
	if (strcmp(edition->text, d->matrix->edition))
		diag_error(d->diag, edition->at, "read that edition with --matrix DIR",
			   "made for matrix '%s', but the matrix in use is '%s'", edition->text,
			   d->matrix->edition);
}

static struct place key_place(const struct deployment_reader *d, const char *key)
{
	const struct yaml *node = yaml_get(d->top, key);

	return node ? node->key->at : (struct place){ .source = d->top->at.source };
}

static void read_places(struct deployment_reader *d)
{
	d->deployment->places = (struct setting_places){
		.file = { .source = d->top->at.source },
		.enable = key_place(d, "enable"),
		.unzoned = key_place(d, "unzoned"),
		.replies = key_place(d, "replies"),
	};
}

static void read_all(struct deployment_reader *d)
{
	read_places(d);
	yaml_known_keys(d->top, top_keys, ARRAY_LEN(top_keys), d->diag);
	read_name(d);
	check_edition(d);
	read_box(d);
	read_zones(d);
	read_hosts(d);
	read_enable(d);
	read_tunables(d, yaml_get(d->top, "tunables"), &d->deployment->tunables,
		      &d->deployment->n_tunables);
	read_vendor_ports(d);
	read_multicast(d);
	read_rules(d);
	read_readings(d);
	read_settings(d);
	check_deployment(d);
}

struct deployment *deployment_read(const char *file, const struct matrix *matrix, struct diag *diag)
{
	struct arena *arena = arena_new();
	struct deployment *deployment = arena_alloc(arena, sizeof(*deployment));
	struct deployment_reader d = { .arena = arena,
				       .deployment = deployment,
				       .matrix = matrix,
				       .diag = diag,
				       .file = file };
	unsigned int errors = diag->errors;

	deployment->arena = arena;
	deployment->matrix = matrix;
	d.top = yaml_read(arena, file, diag);
	if (d.top && check_format(&d))
		read_all(&d);
	HASH_CLEAR(hh, d.names);
	if (diag->errors == errors)
		return deployment;
	arena_free(arena);
	return NULL;
}

void deployment_free(struct deployment *deployment)
{
	if (deployment)
		arena_free(deployment->arena);
}
