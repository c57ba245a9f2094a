/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profiles made in memory, for tests in both worlds. The builder appends what it is told, in the
 * order it is told, valid or not: a test of the checker needs the wrong as much as the right.
 */
#ifndef EQFW_PROFILE_BUILDER_H
#define EQFW_PROFILE_BUILDER_H

#include "doorway.h"
#include <eqfw/format.h>

/**
 * struct builder_section - records of one section so far
 * @bytes: the records
 * @count: how many
 * @capacity: bytes of memory at @bytes
 */
struct builder_section {
	u8 *bytes;
	u32 count;
	u32 capacity;
};

/**
 * struct profile_builder - a profile being made
 * @header: fields that tests may set; layout and length are filled in by builder_finish()
 * @sections: by enum eqfw_section
 * @failed: memory ran out
 */
struct profile_builder {
	struct eqfw_header header;
	struct builder_section sections[EQFW_N_SECTIONS];
	bool failed;
};

/* An empty profile: magic, versions, the empty string. No zone yet, so not a valid one. */
void builder_init(struct profile_builder *b);
void builder_free(struct profile_builder *b);

/* Each returns the offset or index of what was appended. */
u32 builder_string(struct profile_builder *b, const char *text);
u32 builder_zone(struct profile_builder *b, const char *name, u32 flags);
u32 builder_interface(struct profile_builder *b, const char *name, u16 zone, u16 flags);
u32 builder_class(struct profile_builder *b, u16 zone, u16 flags, u32 forbidden, const char *name);
u32 builder_prefix(struct profile_builder *b, u8 family, const u8 *addr, u8 len, u32 class_id);
u32 builder_cell(struct profile_builder *b, u32 src, u32 dst, u32 program);
/* A program without rules; rules go to the program appended last. */
u32 builder_program(struct profile_builder *b);
u32 builder_rule(struct profile_builder *b, const struct eqfw_rule_rec *rule);
u32 builder_item(struct profile_builder *b, const char *id, u32 kind, u64 until);
u32 builder_mirror(struct profile_builder *b, u16 low, u16 high);
/* Set EQFW_ITEM_* of the item appended last. */
void builder_item_flags(struct profile_builder *b, u16 flags);
u32 builder_host(struct profile_builder *b, const char *name, u16 zone, u16 flags);

/* Pointer to record @i of a section, of its type, for tests that spoil it. */
void *builder_record(struct profile_builder *b, u32 section, u32 i);

/* A rule of ports; ICMP: source = code, destination = type. */
struct eqfw_rule_rec builder_ports(u8 proto, u16 src_lo, u16 src_hi, u16 dst_lo, u16 dst_hi,
				   u32 item);

/* The bytes, digest included, for eqfw_core_free(); NULL where memory ran out. */
u8 *builder_finish(const struct profile_builder *b, size_t *size);

/* Compute the digest anew after bytes were changed. */
void builder_seal(u8 *bytes, size_t size);

#endif
