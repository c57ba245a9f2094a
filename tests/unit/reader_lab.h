/* SPDX-License-Identifier: GPL-2.0 */
/* Texts for the readers, and what they complain about. */
#ifndef READER_LAB_H
#define READER_LAB_H

#include <stddef.h>

/* Write a text of any bytes to a file of its own; returns its name, to be given to lab_remove(). */
char *reader_lab_write(const char *text, size_t size);
void reader_lab_remove(char *file);

/* From here on stderr goes to a buffer; with LAB_LOUD set it stays (to see a sanitizer speak). */
void capture_begin(void);
/* And back; what was written meanwhile, to be freed. */
char *capture_end(void);

#endif
