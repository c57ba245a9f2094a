/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_COMPAT_CRYPTO_SHA2_H
#define EQFW_COMPAT_CRYPTO_SHA2_H

#include_next <crypto/sha2.h>

#ifndef EQFW_HAVE_SHA256_CTX
#define sha256_ctx sha256_state
#endif

#endif
