/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of the profile checker; profile_check.c calls them in the order they stand here. */
#ifndef EQFW_CORE_CHECK_H
#define EQFW_CORE_CHECK_H

#include "profile_check.h"

/**
 * eqfw_refuse() - say why bytes are no valid profile
 * @fault: out
 * @section: name of the section
 * @record: index of the record
 * @what: one sentence, static storage
 *
 * Return: -EINVAL, for the caller to return.
 */
int eqfw_refuse(struct eqfw_fault *fault, const char *section, u32 record, const char *what);

/**
 * eqfw_check_strings() - the string section as a whole
 * @profile: view whose counts and offsets are checked
 * @fault: filled on failure
 *
 * Return: 0 or -EINVAL.
 */
int eqfw_check_strings(const struct eqfw_profile *profile, struct eqfw_fault *fault);

/**
 * eqfw_check_text() - a reference to a text for people
 * @profile: view whose string section is checked
 * @offset: the reference
 *
 * Return: NULL, or what is wrong with it.
 */
const char *eqfw_check_text(const struct eqfw_profile *profile, __le32 offset);

/**
 * eqfw_check_name() - a reference to a name that scripts read
 * @profile: view whose string section is checked
 * @offset: the reference
 *
 * Return: NULL, or what is wrong with it.
 */
const char *eqfw_check_name(const struct eqfw_profile *profile, __le32 offset);

/**
 * eqfw_check_topology() - zones, interfaces, classes, hosts, mirrored pairs
 * @profile: view with checked strings; the box and default zone are filled in
 * @fault: filled on failure
 *
 * Return: 0 or -EINVAL.
 */
int eqfw_check_topology(struct eqfw_profile *profile, struct eqfw_fault *fault);

/**
 * eqfw_check_prefixes() - prefixes
 * @profile: view with checked classes
 * @fault: filled on failure
 *
 * Return: 0 or -EINVAL.
 */
int eqfw_check_prefixes(const struct eqfw_profile *profile, struct eqfw_fault *fault);

/**
 * eqfw_check_policy() - cells, programs, rules, items
 * @profile: view with checked strings
 * @fault: filled on failure
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int eqfw_check_policy(const struct eqfw_profile *profile, struct eqfw_fault *fault);

#endif
