// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a profile: refused with a sentence, or a table that agrees with the naive oracle.
 *
 * The length field and the digest are set right, or the fuzzer would never get past them. The last
 * 32 bytes of the input are what draws the flows.
 */
#include <nettle/sha2.h>
#include <stdlib.h>

#include "oracle.h"
#include "random_profile.h"

#define FLOWS 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void seal(u8 *bytes, size_t size)
{
	struct eqfw_header *header = (struct eqfw_header *)bytes;

	if (size < sizeof(*header) + EQFW_DIGEST_SIZE)
		return;
	header->length = cpu_to_le64(size);
	eqfw_core_sha256(bytes, size - EQFW_DIGEST_SIZE, bytes + size - EQFW_DIGEST_SIZE);
}

static void must(bool truth)
{
	if (!truth)
		abort();
}

static void judge(const struct eqfw_profile *p, const struct eqfw_table *table, u64 seed)
{
	struct random_source r = { seed | 1 };
	struct eqfw_zone_set zones = {};

	for (u32 i = 0; i < FLOWS; i++) {
		struct eqfw_verdict got, want;
		struct eqfw_places places, expected;
		struct eqfw_flow flow;

		random_flow(&r, p, &flow);
		eqfw_locate(table, &flow, &places);
		oracle_locate(p, &flow, &expected);
		must(!memcmp(&places, &expected, sizeof(places)));
		zones.bits[0] = random_below(&r, 16);
		eqfw_judge(table, &flow, &places, &zones, &got);
		oracle_judge(p, &flow, &places, &zones, &want);
		must(got.action == want.action && got.reason == want.reason &&
		     got.item == want.item);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct eqfw_profile profile;
	struct eqfw_table *table = NULL;
	struct eqfw_fault fault;
	/* Exactly as long as the profile, so that ASan sees one byte too far. */
	u8 *bytes = malloc(size ? size : 1);
	u64 seed = 0;

	must(bytes);
	memcpy(bytes, data, size);
	if (size >= 8)
		memcpy(&seed, data + size - 8, 8);
	seal(bytes, size);
	if (eqfw_profile_check(bytes, size, &profile, &fault)) {
		must(fault.what && fault.section);
	} else if (!eqfw_table_build(&profile, &table, &fault)) {
		judge(&profile, table, seed);
		eqfw_table_free(table);
	}
	free(bytes);
	return 0;
}
