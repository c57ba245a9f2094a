// SPDX-License-Identifier: GPL-2.0
/* Addresses of hosts and legs: in the file, in files of their own, without exceptions. */
#include <string.h>
#include <sys/stat.h>

#include "deployment_read.h"

#define ADDRESS_FILE_MAX (4u << 20) /* bytes */
#define ADDRESSES_MAX (1u << 20)    /* prefixes of one host */

/* Addresses that no device has (DESIGN 4: sources that are never valid). */
static const struct never {
	struct prefix prefix;
	bool group;
	const char *what;
} never_valid[] = {
	{ { .family = 4, .len = 8 }, false, "'this network' (0.0.0.0/8)" },
	{ { { { 127 } }, 4, 8 }, false, "loopback (127.0.0.0/8)" },
	{ { { { 224 } }, 4, 4 }, true, "multicast (224.0.0.0/4)" },
	{ { { { 240 } }, 4, 4 }, false, "reserved (240.0.0.0/4)" },
	{ { .family = 6, .len = 128 }, false, "the unspecified address (::)" },
	{ { { { [15] = 1 } }, 6, 128 }, false, "loopback (::1)" },
	{ { { { 0xff } }, 6, 8 }, true, "multicast (ff00::/8)" },
	{ { { { [10] = 0xff, [11] = 0xff } }, 6, 96 }, false, "IPv4-mapped (::ffff:0:0/96)" },
};

bool address_usable(struct deployment_reader *d, const struct prefix *prefix, bool groups,
		    struct place at)
{
	if (!prefix->len) {
		diag_error(d->diag, at, "write `any`", "a prefix of length 0 is every address");
		return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(never_valid); i++) {
		const struct never *never = &never_valid[i];

		if (groups && never->group)
			continue;
		if (!prefix_contains(&never->prefix, prefix) &&
		    !prefix_contains(prefix, &never->prefix))
			continue;
		diag_error(d->diag, at, "write an address that a device can have",
			   "'%s' holds addresses of %s", prefix_format(d->arena, prefix),
			   never->what);
		return false;
	}
	return true;
}

/* One address, prefix or range, checked. */
static bool add_address(struct deployment_reader *d, struct prefix_list *list, const char *text,
			struct place at)
{
	size_t before = list->n;

	if (!prefix_list_add(d->arena, list, text, at, d->diag))
		return false;
	for (size_t i = before; i < list->n; i++)
		if (!address_usable(d, &list->prefixes[i], false, at))
			return false;
	if (list->n <= ADDRESSES_MAX)
		return true;
	diag_error(d->diag, at, "write prefixes instead of single addresses",
		   "more than %u prefixes", ADDRESSES_MAX);
	return false;
}

void read_address_list(struct deployment_reader *d, struct yaml *node, const char *what,
		       struct prefix_list *out)
{
	for (struct yaml *child = yaml_first(node); child; child = yaml_after(node, child)) {
		const char *text = yaml_text(child, what, d->diag);

		if (text && !strcmp(text, "any"))
			diag_error(d->diag, child->at, "write `address: any` and nothing else",
				   "'any' stands alone");
		else if (text)
			add_address(d, out, text, child->at);
	}
}

/* A line of an address file without its comment and blanks; false where nothing is left. */
static bool next_address(const char *line, size_t len, size_t *start, size_t *size)
{
	const char *comment = memchr(line, '#', len);

	if (comment)
		len = (size_t)(comment - line);
	while (len && strchr(" \t\r", line[len - 1]))
		len--;
	*start = 0;
	while (*start < len && strchr(" \t", line[*start]))
		++*start;
	*size = len - *start;
	return *size > 0;
}

/* A file that others cannot read may hold anything: messages must not show its text to them. */
static bool is_private(const char *name)
{
	struct stat info;

	return stat(name, &info) != 0 || !(info.st_mode & S_IROTH);
}

/* The place alone: neither the line nor what is wrong with it. */
static bool add_private_address(struct deployment_reader *d, struct prefix_list *list,
				const char *text, struct place at)
{
	const struct source_text hidden = { .name = at.source->name };
	struct diag silent = { .quiet = true }, *diag = d->diag;
	bool added;

	d->diag = &silent;
	added = add_address(d, list, text, at);
	d->diag = diag;
	at.source = &hidden;
	if (!added)
		diag_error(diag, at, "let others read the file to be shown what is wrong",
			   "no address, prefix or range (the file is private)");
	return added;
}

static void read_address_lines(struct deployment_reader *d, const struct source_text *source,
			       struct prefix_list *out)
{
	bool (*add)(struct deployment_reader * d, struct prefix_list * list, const char *text,
		    struct place at) = is_private(source->name) ? add_private_address : add_address;
	struct place at = { .source = source };
	size_t start, size, i = 0;

	while (i < source->size) {
		const char *line = source->text + i;
		const char *end = memchr(line, '\n', source->size - i);
		size_t len = end ? (size_t)(end - line) : source->size - i;

		at.line++;
		if (next_address(line, len, &start, &size)) {
			at.col = (unsigned int)start + 1;
			at.len = (unsigned int)size;
			if (!add(d, out, arena_strndup(d->arena, line + start, size), at) &&
			    d->diag->errors > 100)
				return;
		}
		i += len + 1;
	}
}

static void read_address_file(struct deployment_reader *d, const struct yaml *node,
			      struct prefix_list *out)
{
	const char *name = yaml_text(node, "a file name", d->diag), *slash = strrchr(d->file, '/');
	const struct source_text *source;
	unsigned int errors = d->diag->errors;

	if (!name)
		return;
	if (*name != '/' && slash)
		name = arena_printf(d->arena, "%.*s/%s", (int)(slash - d->file), d->file, name);
	source = source_read(d->arena, name, ADDRESS_FILE_MAX, d->diag);
	if (source)
		read_address_lines(d, source, out);
	if (d->diag->errors == errors && !out->n)
		diag_error(d->diag, node->at, "write one address, prefix or range a line",
			   "'%s' holds no address", name);
}

static bool is_any(const struct yaml *node)
{
	return node && node->kind == YAML_SCALAR && !strcmp(node->text, "any");
}

static void refuse_beside_any(struct deployment_reader *d, const struct yaml *map)
{
	static const char *const keys[] = { "except", "address-file" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct yaml *node = yaml_get(map, keys[i]);

		if (node)
			diag_error(d->diag, yaml_place(node), "take one of the two out",
				   "'%s:' has no meaning beside `address: any`", keys[i]);
	}
}

struct address_spec read_addresses(struct deployment_reader *d, const struct yaml *map)
{
	struct yaml *address = yaml_get(map, "address"), *file = yaml_get(map, "address-file");
	struct yaml *except = yaml_get(map, "except");
	struct address_spec spec = { .any = is_any(address), .given = address || file };
	struct prefix_list exceptions = { 0 };
	unsigned int errors = d->diag->errors;

	if (spec.any) {
		refuse_beside_any(d, map);
		return spec;
	}
	read_address_list(d, address, "an address", &spec.list);
	if (file)
		read_address_file(d, file, &spec.list);
	read_address_list(d, except, "an address", &exceptions);
	prefix_list_finish(d->arena, &exceptions, NULL);
	prefix_list_finish(d->arena, &spec.list, &exceptions);
	if (spec.given && !spec.list.n && d->diag->errors == errors)
		diag_error(d->diag, yaml_place(address ? address : file),
			   "write at least one address that is not excepted", "no address is left");
	if (except && !spec.given)
		diag_error(d->diag, yaml_place(except), "add `address:`",
			   "'except:' without 'address:'");
	return spec;
}
