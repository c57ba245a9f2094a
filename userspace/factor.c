// SPDX-License-Identifier: GPL-2.0
/*
 * Rules -> profile.bin.
 *
 * Expanded, a deployment is a product: every host of one group with every host of another, times
 * ports. The profile keeps the factors instead. Addresses that every rule treats alike are one
 * class; a pair of classes has one program of port rules; equal programs are one. Ten thousand rooms
 * that may call an edge are one class, one cell and one program.
 *
 *   marks      10.1.32.0/20 is of host rooms, in groups {xt-series@core}, network of core ...
 *   atoms      walk of the prefixes: each one's zone, flags and groups
 *   classes    addresses with equal zone, flags and groups
 *   cells      (class, class) -> bundles of rules that meet there -> program
 *   encode     bytes, digest
 *
 * Nothing here reads a clock or orders by memory addresses: equal input gives equal bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "factor.h"
#include "profile_check.h"

int factor_compare_u32(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int zone_compare(const void *a, const void *b)
{
	const struct zone *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

uint16_t factor_zone_id(const struct factor *f, const struct zone *zone)
{
	const struct zone **found;

	if (!zone)
		return EQFW_ZONE_NONE;
	found = bsearch(&zone, f->zones, f->n_zones, sizeof(*f->zones), zone_compare);
	return found ? (uint16_t)(found - f->zones) : EQFW_ZONE_NONE;
}

static void sort_zones(struct factor *f)
{
	const struct deployment *deployment = f->ruleset->deployment;

	f->n_zones = deployment->n_zones;
	f->zones = arena_alloc(f->arena, (f->n_zones + 1) * sizeof(*f->zones));
	for (size_t i = 0; i < f->n_zones; i++)
		f->zones[i] = deployment->zones[i];
	qsort(f->zones, f->n_zones, sizeof(*f->zones), zone_compare);
	f->box_zone = EQFW_ZONE_NONE;
	f->default_zone = EQFW_ZONE_NONE;
	for (size_t i = 0; i < f->n_zones; i++) {
		if (f->zones[i]->is_box)
			f->box_zone = (uint16_t)i;
		if (f->zones[i]->is_default)
			f->default_zone = (uint16_t)i;
	}
}

/* The kernel will ask the same judge; what it refuses must never leave the compiler. */
static bool passes_check(struct factor *f, const struct image *image)
{
	struct eqfw_profile profile;
	struct eqfw_fault fault = { 0 };

	if (!eqfw_profile_check(image->bytes, image->size, &profile, &fault))
		return factor_fits(f, &profile);
	diag_error(f->diag, NOWHERE, "this is a fault of eqfwctl, please report it",
		   "internal error: the compiled profile is invalid: %s record %u: %s",
		   fault.section, fault.record, fault.what);
	return false;
}

static bool factor_all(struct factor *f, uint64_t serial, struct image *image)
{
	factor_nat_init(f);
	factor_classes_init(f);
	factor_marks(f);
	if (!factor_atoms(f))
		return false;
	factor_class_groups(f);
	factor_class_names(f);
	factor_bundles(f);
	return factor_cells(f) && factor_encode(f, serial, image) && passes_check(f, image);
}

bool factor(const struct ruleset *ruleset, uint64_t serial, struct diag *diag, struct image *image)
{
	struct factor f = { .ruleset = ruleset, .diag = diag, .arena = arena_new() };
	bool good;

	*image = (struct image){ 0 };
	sort_zones(&f);
	good = factor_limit_zones(&f) && factor_all(&f, serial, image);
	if (!good)
		image_free(image);
	factor_programs_free(&f);
	factor_nat_free(&f);
	factor_classes_free(&f);
	free(f.marks);
	free(f.prefixes);
	free(f.hosts);
	free(f.cells);
	arena_free(f.arena);
	return good;
}

void image_free(struct image *image)
{
	free(image->bytes);
	*image = (struct image){ 0 };
}
