/* SPDX-License-Identifier: GPL-2.0 */
/* HTML in memory. What comes from outside is escaped unless somebody says otherwise. */
#ifndef EQFW_HTML_H
#define EQFW_HTML_H

#include <stddef.h>
#include <stdio.h>

/**
 * struct html - a page being written
 * @stream: where it goes
 * @bytes: the page, after html_finish()
 * @size: bytes of it
 */
struct html {
	FILE *stream;
	char *bytes;
	size_t size;
};

void html_init(struct html *html);
/* The page is complete: @bytes and @size are valid until free(). */
void html_finish(struct html *html);

/*
 * Markup with values in it: %s a text (escaped, control characters as \xNN), %z a size_t, %d an int,
 * %f a double with one digit, %% a percent sign. Nothing else.
 */
void html_put(struct html *html, const char *format, ...);
void html_text(struct html *html, const char *text);

#endif
