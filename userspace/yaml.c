// SPDX-License-Identifier: GPL-2.0
/* libfyaml's events become a tree; see yaml.h for what is refused on the way. */
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "safe.h"
#include "yaml.h"

/**
 * struct level - a list or mapping that is still open
 * @node: it
 * @tail: where the next element goes
 * @key: the key that waits for its value
 */
struct level {
	struct yaml *node;
	struct yaml **tail;
	struct yaml *key;
};

/**
 * struct builder - a tree under construction
 * @top: the finished document
 * @levels: open lists and mappings, outermost first
 * @depth: how many
 * @nodes: made so far
 * @documents: begun so far
 */
struct builder {
	struct arena *arena;
	const struct source_text *source;
	struct diag *diag;
	struct yaml *top;
	struct level levels[YAML_MAX_DEPTH];
	size_t depth;
	size_t nodes;
	size_t documents;
};

static struct level *innermost(struct builder *b)
{
	return b->depth ? &b->levels[b->depth - 1] : NULL;
}

static struct place event_place(struct builder *b, struct fy_event *event)
{
	const struct fy_mark *start = fy_event_start_mark(event);
	const struct fy_mark *end = fy_event_end_mark(event);
	struct place at = { .source = b->source };
	struct level *level = innermost(b);

	/* An empty value stands nowhere: its key stands for it. */
	if (!start || start->line < 0)
		return level && level->key ? level->key->at : at;
	at.line = (unsigned int)start->line + 1;
	at.col = (unsigned int)start->column + 1;
	at.len = 1;
	if (end && end->line == start->line && end->column > start->column)
		at.len = (unsigned int)(end->column - start->column);
	return at;
}

static struct yaml *new_node(struct builder *b, enum yaml_kind kind, struct place at)
{
	struct yaml *node = arena_alloc(b->arena, sizeof(*node));

	node->kind = kind;
	node->at = at;
	b->nodes++;
	return node;
}

static bool attach(struct builder *b, struct yaml *node)
{
	struct level *level = innermost(b);

	if (!level) {
		b->top = node;
		return true;
	}
	if (level->node->kind == YAML_MAP && !level->key) {
		if (node->kind != YAML_SCALAR) {
			diag_error(b->diag, node->at, "write a word before the colon",
				   "a key must be a word");
			return false;
		}
		level->key = node;
		return true;
	}
	node->key = level->key;
	level->key = NULL;
	*level->tail = node;
	level->tail = &node->next;
	level->node->n++;
	return true;
}

static int key_compare(const void *a, const void *b)
{
	const struct yaml *const *x = a, *const *y = b;

	return strcmp((*x)->key->text, (*y)->key->text);
}

static bool place_before(struct place a, struct place b)
{
	return a.line != b.line ? a.line < b.line : a.col < b.col;
}

/* Sorted by key, duplicates are neighbours. */
static void check_duplicates(struct builder *b, struct yaml *map)
{
	struct yaml **sorted = must_alloc(map->n * sizeof(struct yaml *));
	size_t n = 0;

	for (struct yaml *child = map->first; child; child = child->next)
		sorted[n++] = child;
	qsort(sorted, n, sizeof(struct yaml *), key_compare);
	for (size_t i = 1; i < n; i++) {
		struct place one = sorted[i - 1]->key->at, two = sorted[i]->key->at;
		bool swap = place_before(two, one);

		if (strcmp(sorted[i - 1]->key->text, sorted[i]->key->text))
			continue;
		diag_error(b->diag, swap ? one : two, "take one of them out or rename it",
			   "duplicate key '%s'; it already stands in line %u", sorted[i]->key->text,
			   swap ? two.line : one.line);
	}
	free(sorted);
}

static bool open_level(struct builder *b, struct yaml *node)
{
	if (!attach(b, node))
		return false;
	if (b->depth == YAML_MAX_DEPTH) {
		diag_error(b->diag, node->at, "flatten it",
			   "nested too deeply: %d levels are the limit", YAML_MAX_DEPTH);
		return false;
	}
	b->levels[b->depth++] = (struct level){ .node = node, .tail = &node->first };
	return true;
}

static void close_level(struct builder *b)
{
	struct yaml *node = b->levels[--b->depth].node;

	if (node->kind == YAML_MAP)
		check_duplicates(b, node);
}

/* Anchors and tags, of every kind of value. */
static void refuse_properties(struct builder *b, struct place at, struct fy_token *anchor,
			      struct fy_token *tag)
{
	if (anchor)
		diag_error(b->diag, at, "write the value out where it is needed",
			   "anchors (&name) are not supported");
	if (tag)
		diag_error(b->diag, at, "take the tag out", "tags (!name) are not supported");
}

/*
 * A text as one line. The file itself has no control characters (source_read()), but escapes of a
 * quoted text (\e, \x9b, \0) make them: no name is worth what they do to terminals. NULL: refused.
 */
static const char *one_line(struct builder *b, struct place at, const char *text, size_t len)
{
	char *line = arena_strndup(b->arena, text, len), out[SAFE_CHAR_MAX];

	/* The end of a block (| and >) is no part of its text. */
	while (len && line[len - 1] == '\n')
		line[--len] = '\0';
	for (size_t i = 0, used; i < len; i += used) {
		used = 1;
		if (line[i] >= ' ' && line[i] <= '~')
			continue;
		if (line[i] == '\n' || line[i] == '\t') {
			line[i] = ' ';
			continue;
		}
		used = safe_char(line + i, len - i, out);
		if (*out == '\\') {
			diag_error(b->diag, at, "take the escape out",
				   "the control character %s cannot stand in a text", out);
			return NULL;
		}
	}
	return line;
}

static bool take_scalar(struct builder *b, struct fy_event *event, struct place at)
{
	struct yaml *node = new_node(b, YAML_SCALAR, at);
	size_t len = 0;
	const char *text = event->scalar.value ? fy_token_get_text(event->scalar.value, &len) : "";

	node->text = one_line(b, at, text ? text : "", text ? len : 0);
	refuse_properties(b, at, event->scalar.anchor, event->scalar.tag);
	return node->text && attach(b, node);
}

static bool take_document(struct builder *b, struct place at)
{
	if (b->documents++) {
		diag_error(b->diag, at, "put the second document into a file of its own",
			   "one document a file, here a second one begins");
		return false;
	}
	return true;
}

/* One event; false where it is pointless to go on. */
static bool take(struct builder *b, struct fy_event *event)
{
	struct place at = event_place(b, event);

	if (b->nodes >= YAML_MAX_NODES) {
		diag_error(b->diag, at, "move addresses into address files",
			   "more than %u values in one file", YAML_MAX_NODES);
		return false;
	}
	switch (event->type) {
	case FYET_DOCUMENT_START:
		return take_document(b, at);
	case FYET_SCALAR:
		return take_scalar(b, event, at);
	case FYET_MAPPING_START:
		refuse_properties(b, at, event->mapping_start.anchor, event->mapping_start.tag);
		return open_level(b, new_node(b, YAML_MAP, at));
	case FYET_SEQUENCE_START:
		refuse_properties(b, at, event->sequence_start.anchor, event->sequence_start.tag);
		return open_level(b, new_node(b, YAML_LIST, at));
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		close_level(b);
		return true;
	case FYET_ALIAS:
		diag_error(b->diag, at, "write the value out; quote a text that begins with *",
			   "aliases (*name) are not supported");
		return attach(b, new_node(b, YAML_LIST, at));
	default:
		return true;
	}
}

static void pass_on_syntax_errors(struct builder *b, struct fy_diag *from)
{
	struct fy_diag_error *error;
	void *iterator = NULL;

	while ((error = fy_diag_errors_iterate(from, &iterator))) {
		struct place at = { .source = b->source };

		if (error->line > 0) {
			at.line = (unsigned int)error->line;
			at.col = error->column > 0 ? (unsigned int)error->column : 1;
			at.len = 1;
		}
		diag_error(b->diag, at, "check indentation, quotes and brackets here and above",
			   "not valid YAML: %s", error->msg);
		return; /* what follows the first is its consequence */
	}
}

/* Feed every event to the builder; false where the parser or the builder gave up. */
static bool parse_events(struct builder *b, struct fy_parser *parser)
{
	struct fy_event *event;
	bool good = true;

	while (good && (event = fy_parser_parse(parser))) {
		good = take(b, event);
		fy_parser_event_free(parser, event);
	}
	return good;
}

static void build(struct builder *b)
{
	struct fy_diag_cfg diag_cfg;
	struct fy_diag *errors;
	struct fy_parser *parser;

	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	diag_cfg.colorize = false;
	errors = fy_diag_create(&diag_cfg);
	fy_diag_set_collect_errors(errors, true);
	parser = fy_parser_create(&(struct fy_parse_cfg){
		.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
		.diag = errors });
	if (!parser || fy_parser_set_string(parser, b->source->text, b->source->size))
		diag_error(b->diag, (struct place){ .source = b->source }, "check the file",
			   "cannot be read");
	else if (parse_events(b, parser) && fy_diag_got_error(errors))
		pass_on_syntax_errors(b, errors);
	fy_parser_destroy(parser);
	fy_diag_destroy(errors);
}

struct yaml *yaml_parse(struct arena *arena, const struct source_text *source, struct diag *diag)
{
	struct builder b = { .arena = arena, .source = source, .diag = diag };
	unsigned int errors = diag->errors;

	build(&b);
	if (diag->errors != errors)
		return NULL;
	if (!b.top || b.top->kind != YAML_MAP) {
		diag_error(diag, (struct place){ .source = source },
			   "begin with a line such as `eqfw: deployment/1`",
			   b.top ? "not a mapping of keys to values" : "empty file");
		return NULL;
	}
	return b.top;
}

struct yaml *yaml_read(struct arena *arena, const char *file, struct diag *diag)
{
	const struct source_text *source = source_read(arena, file, YAML_MAX_SIZE, diag);

	return source ? yaml_parse(arena, source, diag) : NULL;
}
