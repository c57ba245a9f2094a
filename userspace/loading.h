/* SPDX-License-Identifier: GPL-2.0 */
/* A profile becomes the live one: for `load`, and for `rollback` to what was current before. */
#ifndef EQFW_LOADING_H
#define EQFW_LOADING_H

#include "change.h"

/*
 * The file, "-" or kept profile that a word means. Returns an exit status; free with
 * profile_file_free(). Needs no module.
 */
int loading_read(const struct change *change, const char *word, struct profile_file *out);
/* Check it against the caller and the box, keep it, load it, say so. Returns an exit status. */
int loading(const struct change *change, const struct profile_file *file);

#endif
