/* SPDX-License-Identifier: GPL-2.0 */
/* Text from outside on its way to a terminal. */
#ifndef EQFW_SAFE_H
#define EQFW_SAFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SAFE_CHAR_MAX 13 /* bytes that one character may become, the NUL included */

/**
 * safe_char() - make one character harmless
 * @text: bytes, not at their end
 * @left: how many bytes there are
 * @out: what to print instead: the character itself, or \xNN for each byte of a control character
 *	(C0, C1, DEL), of a bidirectional override or of anything that is not UTF-8
 *
 * Return: bytes of @text that were used up, at least 1.
 */
size_t safe_char(const char *text, size_t left, char out[SAFE_CHAR_MAX]);

/*
 * Print JSON text (escaped ASCII already, whole characters): what is harmful beyond ASCII becomes
 * \uNNNN, which means the same. False where the stream failed.
 */
bool safe_json(FILE *stream, const char *text, size_t size);

/* Print text made harmless; tabs and a line feed at its end are kept. */
void safe_puts(FILE *stream, const char *text);

#endif
