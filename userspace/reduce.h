/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands in for a profile that a boot cannot load: the same zones, hosts and box, and of its items
 * the guards alone, or none.
 */
#ifndef EQFW_REDUCE_H
#define EQFW_REDUCE_H

#include "image.h"

/* What the profile's `boot:` asks for. */
bool reduce_wanted(const struct eqfw_profile *profile);
/*
 * The profile that it asks for, named "NAME (boot: guards)" or "(boot: closed)"; free with
 * image_free(). Deterministic.
 */
void reduce(const struct eqfw_profile *profile, struct image *out);

#endif
