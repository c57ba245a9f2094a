// SPDX-License-Identifier: GPL-2.0
#include "safe.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Length of the well-formed UTF-8 sequence at the start of a text, 0 where there is none. */
static size_t utf8_decode(const unsigned char *text, size_t left, uint32_t *code)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = text[0] < 0x80		? 1
		     : (text[0] & 0xe0) == 0xc0 ? 2
		     : (text[0] & 0xf0) == 0xe0 ? 3
		     : (text[0] & 0xf8) == 0xf0 ? 4
						: 0;

	if (!len || len > left)
		return 0;
	*code = len == 1 ? text[0] : text[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	if (*code < lowest[len] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return len;
}

static bool harmful(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return true;
	/* Line and paragraph separators, bidirectional embeddings, overrides and isolates. */
	return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
	       code == 0x200e || code == 0x200f;
}

size_t safe_char(const char *text, size_t left, char out[SAFE_CHAR_MAX])
{
	uint32_t code = 0;
	size_t len = utf8_decode((const unsigned char *)text, left, &code);

	if (len && !harmful(code)) {
		memcpy(out, text, len);
		out[len] = '\0';
		return len;
	}
	if (!len)
		len = 1;
	/* At most 3 bytes: no harmful character is longer. */
	for (size_t i = 0; i < len; i++)
		snprintf(out + 4 * i, 5, "\\x%02x", (unsigned char)text[i]);
	return len;
}

bool safe_json(FILE *stream, const char *text, size_t size)
{
	while (size) {
		uint32_t code = 0;
		size_t len = utf8_decode((const unsigned char *)text, size, &code);

		if (len > 1 && harmful(code))
			fprintf(stream, "\\u%04x", (unsigned int)code);
		else
			fwrite(text, 1, len ? len : 1, stream);
		text += len ? len : 1;
		size -= len ? len : 1;
	}
	return !ferror(stream);
}

void safe_puts(FILE *stream, const char *text)
{
	size_t left = strlen(text);
	char out[SAFE_CHAR_MAX];

	while (left) {
		if (left == 1 && *text == '\n') {
			fputc('\n', stream);
			return;
		}
		size_t used = 1;

		if (*text == '\t') {
			fputc('\t', stream);
		} else {
			used = safe_char(text, left, out);
			fputs(out, stream);
		}
		text += used;
		left -= used;
	}
}
