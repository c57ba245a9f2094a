/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who loaded what awaits confirmation. A session that exists may go on by luck (a tracked connection,
 * an established socket) where a new one would not: so the one that loaded does not confirm.
 */
#ifndef EQFW_LOADER_H
#define EQFW_LOADER_H

#include "store.h"

/*
 * Note the SSH connection that the caller came by, if any, beside the profiles. Needs the store's lock. A
 * note that cannot be written is none: confirming is then not refused.
 */
void loader_note(struct store *store, const uint8_t digest[EQFW_DIGEST_SIZE]);
/* Has this profile been loaded by the SSH connection that the caller comes by now? */
bool loader_is_caller(struct store *store, const uint8_t digest[EQFW_DIGEST_SIZE]);

#endif
