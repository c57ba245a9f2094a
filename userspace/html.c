// SPDX-License-Identifier: GPL-2.0
#include "html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "safe.h"

void html_init(struct html *html)
{
	*html = (struct html){ 0 };
	html->stream = open_memstream(&html->bytes, &html->size);
	if (!html->stream) {
		fputs("eqfwctl: out of memory\n", stderr);
		exit(1);
	}
}

void html_finish(struct html *html)
{
	bool failed = ferror(html->stream);

	if (fclose(html->stream) || failed) {
		fputs("eqfwctl: out of memory\n", stderr);
		exit(1);
	}
}

static void put_char(FILE *stream, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", stream);
		break;
	case '<':
		fputs("&lt;", stream);
		break;
	case '>':
		fputs("&gt;", stream);
		break;
	case '"':
		fputs("&quot;", stream);
		break;
	case '\'':
		fputs("&#39;", stream);
		break;
	default:
		fputc(c, stream);
	}
}

void html_text(struct html *html, const char *text)
{
	size_t left = strlen(text);
	char out[SAFE_CHAR_MAX];

	while (left) {
		size_t used = safe_char(text, left, out);

		if (out[1])
			fputs(out, html->stream);
		else
			put_char(html->stream, *out);
		text += used;
		left -= used;
	}
}

static void put_value(struct html *html, char kind, va_list *args)
{
	switch (kind) {
	case 's':
		html_text(html, va_arg(*args, const char *));
		break;
	case 'z':
		fprintf(html->stream, "%zu", va_arg(*args, size_t));
		break;
	case 'd':
		fprintf(html->stream, "%d", va_arg(*args, int));
		break;
	case 'f':
		fprintf(html->stream, "%.1f", va_arg(*args, double));
		break;
	default:
		fputc(kind, html->stream);
	}
}

void html_put(struct html *html, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (const char *at = format; *at; at++) {
		if (*at == '%' && at[1])
			put_value(html, *++at, &args);
		else
			fputc(*at, html->stream);
	}
	va_end(args);
}
