// SPDX-License-Identifier: GPL-2.0
/* Text files from outside: sizes, kinds and bytes that are refused before anybody parses them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safe.h"
#include "yaml.h"

#define BOM "\xef\xbb\xbf"

static bool refuse(struct diag *diag, struct source_text *source, const char *help, const char *why)
{
	struct place at = { .source = source };

	diag_error(diag, at, help, "%s", why);
	return false;
}

/* Open without ever waiting: a FIFO without a writer must not hold the program. */
static int open_regular(struct source_text *source, size_t max, size_t *size, struct diag *diag)
{
	int fd = open(source->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct place at = { .source = source };
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		diag_error(diag, at, "check the name and its permissions", "cannot be read: %s",
			   strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		refuse(diag, source, "give the name of a text file", "not a regular file");
	} else if ((uintmax_t)st.st_size > max) {
		diag_error(diag, at, "is this the right file?",
			   "too large: %ju bytes, %zu are the limit", (uintmax_t)st.st_size, max);
	} else {
		*size = (size_t)st.st_size;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Fill the buffer; the file may have shrunk meanwhile. */
static bool read_all(int fd, char *buffer, size_t size, size_t *got)
{
	*got = 0;
	while (*got < size) {
		ssize_t n = read(fd, buffer + *got, size - *got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (!n)
			break;
		*got += (size_t)n;
	}
	return true;
}

/* Whether a character may stand in a text; says in `help` what to do about one that may not. */
static bool char_allowed(const char *text, size_t left, size_t *used, const char **help)
{
	char out[SAFE_CHAR_MAX];

	*used = 1;
	if ((*text >= ' ' && *text <= '~') || *text == '\t' || *text == '\n')
		return true;
	if (*text == '\r') {
		*help = "end lines with LF or CR LF";
		return left > 1 && text[1] == '\n';
	}
	*used = safe_char(text, left, out);
	*help = *text ? "save the file as UTF-8 text without control characters"
		      : "this looks like a binary file or UTF-16; save it as UTF-8 text";
	return *out != '\\';
}

/* What no text holds would confuse parsers, terminals and line numbers: refused, with its place. */
static bool check_text(const struct source_text *source, struct diag *diag)
{
	struct place at = { .source = source, .line = 1, .col = 1, .len = 1 };
	const char *help = NULL;
	size_t used;

	for (size_t i = 0; i < source->size; i += used) {
		if (!char_allowed(source->text + i, source->size - i, &used, &help)) {
			diag_error(diag, at, help, "byte 0x%02x cannot stand in a text",
				   (unsigned char)source->text[i]);
			return false;
		}
		at.col++;
		if (source->text[i] == '\n') {
			at.line++;
			at.col = 1;
		}
	}
	return true;
}

const struct source_text *source_read(struct arena *arena, const char *file, size_t max,
				      struct diag *diag)
{
	struct source_text *source = arena_alloc(arena, sizeof(*source));
	size_t size;
	char *text;
	bool good;
	int fd;

	source->name = arena_strdup(arena, file);
	source->text = "";
	fd = open_regular(source, max, &size, diag);
	if (fd < 0)
		return NULL;
	text = arena_alloc(arena, size + 1);
	good = read_all(fd, text, size, &size);
	if (!good)
		refuse(diag, source, "check the disk", strerror(errno));
	close(fd);
	if (good && size >= strlen(BOM) && !memcmp(text, BOM, strlen(BOM))) {
		text += strlen(BOM);
		size -= strlen(BOM);
	}
	source->text = text;
	source->size = good ? size : 0;
	return good && check_text(source, diag) ? source : NULL;
}
