/* SPDX-License-Identifier: GPL-2.0 */
/*
 * profile.bin, version 1: the bytes between the compiler and the kernel. docs/FORMAT.md explains
 * the reasons; kmod/core/profile_check.c is the only judge of what is valid.
 *
 *   header | section 0 | section 1 | ... | SHA-256 of all bytes before it
 *
 * Everything is little-endian. Sections follow each other in the order of enum eqfw_section, each
 * padded with zero bytes to a multiple of 8, so every offset follows from the counts: the offsets
 * in the header are there to be checked. Reserved fields are zero. Records have a canonical order
 * and no duplicates: one meaning has one encoding.
 */
#ifndef EQFW_FORMAT_H
#define EQFW_FORMAT_H

#include <eqfw/types.h>

#define EQFW_MAGIC "EQFWPROF"
#define EQFW_FORMAT_VERSION 1
#define EQFW_DIGEST_SIZE 32
#define EQFW_PROFILE_MAX (64u << 20) /* bytes */

#define EQFW_MAX_ZONES 200
#define EQFW_MAX_INTERFACES 1024
#define EQFW_MAX_CLASSES 65535
#define EQFW_MAX_PREFIXES (1u << 20)
#define EQFW_MAX_CELLS (1u << 20)
#define EQFW_MAX_PROGRAMS 65535
#define EQFW_MAX_RULES (1u << 20)
#define EQFW_MAX_PROGRAM_RULES 4096 /* rules of one program */
#define EQFW_MAX_ITEMS 16384
#define EQFW_MAX_HOSTS 65535
#define EQFW_MAX_MIRRORS (EQFW_MAX_ZONES * (EQFW_MAX_ZONES + 1) / 2)
#define EQFW_MAX_STRINGS (8u << 20) /* bytes */
#define EQFW_MAX_NAME 128	    /* bytes of a name, its NUL included */
#define EQFW_MAX_TEXT 1024	    /* bytes of a text for people, its NUL included */

#define EQFW_ZONE_NONE 0xffffu	      /* the address belongs to no zone */
#define EQFW_PROGRAM_NONE 0xffffffffu /* the class has no forbidding program */
#define EQFW_CLASS_UNOWNED 0u	      /* the class of every address that no prefix covers */

/**
 * enum eqfw_section - the sections of a profile, in file order
 * @EQFW_SECTION_STRINGS: bytes; NUL-terminated UTF-8; the first byte is NUL (offset 0 is "")
 * @EQFW_SECTION_ZONES: struct eqfw_zone_rec, sorted by name; zone ids are indices
 * @EQFW_SECTION_INTERFACES: struct eqfw_interface_rec, sorted by (name, prefix flag, zone)
 * @EQFW_SECTION_CLASSES: struct eqfw_class_rec; class ids are indices; 0 is the unowned class
 * @EQFW_SECTION_PREFIXES: struct eqfw_prefix_rec, sorted by (family, addr, len)
 * @EQFW_SECTION_CELLS: struct eqfw_cell_rec, sorted by (src_class, dst_class)
 * @EQFW_SECTION_PROGRAMS: struct eqfw_program_rec; they tile the rules in order
 * @EQFW_SECTION_RULES: struct eqfw_rule_rec, within a program sorted as eqfw_rule_before() says
 * @EQFW_SECTION_ITEMS: struct eqfw_item_rec; item ids are indices; ids are unique
 * @EQFW_SECTION_HOSTS: struct eqfw_host_rec, sorted by name; for people and `explain`
 * @EQFW_SECTION_MIRRORS: struct eqfw_mirror_rec, sorted by (low, high)
 * @EQFW_N_SECTIONS: number of sections of this version
 */
enum eqfw_section {
	EQFW_SECTION_STRINGS,
	EQFW_SECTION_ZONES,
	EQFW_SECTION_INTERFACES,
	EQFW_SECTION_CLASSES,
	EQFW_SECTION_PREFIXES,
	EQFW_SECTION_CELLS,
	EQFW_SECTION_PROGRAMS,
	EQFW_SECTION_RULES,
	EQFW_SECTION_ITEMS,
	EQFW_SECTION_HOSTS,
	EQFW_SECTION_MIRRORS,
	EQFW_N_SECTIONS,
};

#define EQFW_SECTION_SLOTS 16 /* room in the header; unused slots are zero */

/**
 * struct eqfw_section_rec - where a section lies
 * @offset: bytes from the start of the file, a multiple of 8
 * @count: number of records (of bytes for the strings)
 */
struct eqfw_section_rec {
	__le32 offset;
	__le32 count;
};

enum eqfw_mode { EQFW_MODE_ENFORCE, EQFW_MODE_AUDIT, EQFW_N_MODES };

/* Header flags. */
#define EQFW_HEADER_SCOPE_ALL (1u << 0)	   /* scope: all */
#define EQFW_HEADER_UNZONED_DROP (1u << 1) /* unzoned: drop */
#define EQFW_HEADER_NFLOG (1u << 2)	   /* log: drops go to nflog_group */
#define EQFW_HEADER_BRIDGE (1u << 3)	   /* bridge: enforce */
#define EQFW_HEADER_BOOT_GUARDS (1u << 4)  /* boot: guards; not with the next */
#define EQFW_HEADER_BOOT_CLOSED (1u << 5)  /* boot: closed; the kernel carries both for the tool */
#define EQFW_HEADER_FLAGS \
	(EQFW_HEADER_SCOPE_ALL | EQFW_HEADER_UNZONED_DROP | EQFW_HEADER_NFLOG | \
	 EQFW_HEADER_BRIDGE | EQFW_HEADER_BOOT_GUARDS | EQFW_HEADER_BOOT_CLOSED)

/**
 * struct eqfw_header - the first bytes of a profile
 * @magic: EQFW_MAGIC without its NUL
 * @version: EQFW_FORMAT_VERSION
 * @header_size: sizeof(struct eqfw_header)
 * @needs_tool: lowest eqfwctl version that reads it: major << 16 | minor << 8 | patch
 * @length: bytes of the whole file, digest included
 * @serial: the site's own counter against replays, 0 = none
 * @mode: enum eqfw_mode
 * @flags: EQFW_HEADER_*
 * @name: string offset of the deployment's name
 * @matrix: string offset of the matrix edition's name
 * @flows: the deployment's estimate of concurrent flows, 0 = none
 * @adopt_s: seconds of adoption after a first load, 0 to 86400
 * @nflog_group: netfilter log group, 0 without EQFW_HEADER_NFLOG
 * @reserved16: zero
 * @reserved: zero
 * @sections: the sections, by enum eqfw_section
 */
struct eqfw_header {
	__u8 magic[8];
	__le16 version;
	__le16 header_size;
	__le32 needs_tool;
	__le64 length;
	__le64 serial;
	__le32 mode;
	__le32 flags;
	__le32 name;
	__le32 matrix;
	__le32 flows;
	__le32 adopt_s;
	__le16 nflog_group;
	__le16 reserved16;
	__le32 reserved;
	struct eqfw_section_rec sections[EQFW_SECTION_SLOTS];
};

#define EQFW_ZONE_DEFAULT (1u << 0)    /* owns what nobody else owns; at most one */
#define EQFW_ZONE_BOX (1u << 1)	       /* the firewall itself; exactly one, named "box" */
#define EQFW_ZONE_INTRA_PASS (1u << 2) /* packets inside the zone pass (intra: pass) */
#define EQFW_ZONE_IPSEC (1u << 3)      /* packets that IPsec decrypted come in here */
#define EQFW_ZONE_FLAGS (EQFW_ZONE_DEFAULT | EQFW_ZONE_BOX | EQFW_ZONE_INTRA_PASS | EQFW_ZONE_IPSEC)

/**
 * struct eqfw_zone_rec - a zone
 * @name: string offset, unique
 * @flags: EQFW_ZONE_*; never INTRA_PASS together with DEFAULT or BOX (DESIGN: those enforce)
 */
struct eqfw_zone_rec {
	__le32 name;
	__le32 flags;
};

#define EQFW_INTERFACE_PREFIX (1u << 0) /* the name is what stands before a trailing '*' */
#define EQFW_INTERFACE_FLAGS EQFW_INTERFACE_PREFIX

/**
 * struct eqfw_interface_rec - an interface name or pattern of a zone
 * @name: string offset, 1 to 15 bytes (a prefix may be empty: "*")
 * @zone: zone id, never the box
 * @flags: EQFW_INTERFACE_*
 *
 * Several zones may name one interface. An exact name wins over patterns, the longest pattern over
 * shorter ones; all zones of the winning name have the interface.
 */
struct eqfw_interface_rec {
	__le32 name;
	__le16 zone;
	__le16 flags;
};

#define EQFW_CLASS_DECLARED (1u << 0)  /* a declared host (`any` hosts do not count): in scope */
#define EQFW_CLASS_BOX (1u << 1)       /* an address of the firewall itself */
#define EQFW_CLASS_PUBLIC (1u << 2)    /* a host's public address: NAT is likely, intra enforces */
#define EQFW_CLASS_GROUP (1u << 3)     /* multicast group: zone is EQFW_ZONE_NONE */
#define EQFW_CLASS_BROADCAST (1u << 4) /* directed broadcast address of a zone's network */
#define EQFW_CLASS_VIP (1u << 5)       /* of the box, and moves between routers (vip:) */
#define EQFW_CLASS_FLAGS \
	(EQFW_CLASS_DECLARED | EQFW_CLASS_BOX | EQFW_CLASS_PUBLIC | EQFW_CLASS_GROUP | \
	 EQFW_CLASS_BROADCAST | EQFW_CLASS_VIP)

/**
 * struct eqfw_class_rec - addresses that every rule treats alike
 * @zone: zone id or EQFW_ZONE_NONE
 * @flags: EQFW_CLASS_*
 * @forbidden: program whose match turns a drop's reason into "forbidden", or EQFW_PROGRAM_NONE.
 *	It never decides the verdict: the compiler already took these ports out of the permits.
 * @name: string offset of a name for people (a host's name, or hosts joined by '+')
 *
 * Class 0 is the unowned one: zone = the default zone or NONE, flags 0.
 */
struct eqfw_class_rec {
	__le16 zone;
	__le16 flags;
	__le32 forbidden;
	__le32 name;
};

/**
 * struct eqfw_prefix_rec - an address prefix and its class; the longest match wins
 * @addr: network byte order; IPv4 in the first 4 bytes, the rest zero; host bits zero
 * @class_id: class id
 * @family: 4 or 6
 * @len: 1 to 32 or 1 to 128 (0 is what EQFW_CLASS_UNOWNED is for)
 * @reserved: zero
 */
struct eqfw_prefix_rec {
	__u8 addr[16];
	__le32 class_id;
	__u8 family;
	__u8 len;
	__le16 reserved;
};

/**
 * struct eqfw_cell_rec - what packets from one class to another may be
 * @src_class: class id
 * @dst_class: class id
 * @program: program id
 */
struct eqfw_cell_rec {
	__le32 src_class;
	__le32 dst_class;
	__le32 program;
};

/**
 * struct eqfw_program_rec - a list of rules; equal lists are shared
 * @first: index of the first rule; the sum of the counts before it
 * @count: number of rules, 1 to EQFW_MAX_PROGRAM_RULES
 */
struct eqfw_program_rec {
	__le32 first;
	__le32 count;
};

/**
 * struct eqfw_rule_rec - one permitted combination; the first match of a program names the item
 * @src_lo: lowest source port
 * @src_hi: highest source port
 * @dst_lo: lowest destination port
 * @dst_hi: highest destination port
 * @item: item id
 * @proto: IP protocol, 1 to 254, never 135, 139, 140, 253 (IPv6 reads those as headers)
 * @flags: 0
 * @reserved: zero
 *
 * TCP (6) and UDP (17): ports, 1 to 65535, lo <= hi. ICMP (1) and ICMPv6 (58): the destination
 * range is the type, the source range the code, each 0 to 255. Any other protocol: all zero.
 * ICMP rules in a program that both families share match their own family's protocol only.
 */
struct eqfw_rule_rec {
	__le16 src_lo;
	__le16 src_hi;
	__le16 dst_lo;
	__le16 dst_hi;
	__le32 item;
	__u8 proto;
	__u8 flags;
	__le16 reserved;
};

enum eqfw_item_kind {
	EQFW_ITEM_MATRIX, /* id "section/row:n" */
	EQFW_ITEM_SITE,	  /* id "site/NAME" */
	EQFW_ITEM_GUARD,  /* id "guard/NAME" */
	EQFW_ITEM_ICMP,	  /* id "icmp/N" */
	EQFW_N_ITEM_KINDS,
};

#define EQFW_ITEM_LOG_NEW (1u << 0) /* the first packet of its connections is logged */
#define EQFW_ITEM_RELATED (1u << 1) /* connections that a helper expects of its own may open */
#define EQFW_ITEM_FLAGS (EQFW_ITEM_LOG_NEW | EQFW_ITEM_RELATED)

/**
 * struct eqfw_item_rec - what rules count on and what a verdict is explained with
 * @id: string offset of the item's id, unique
 * @printed: string offset of the entry as the document (or the site) prints it
 * @pair: string offset of "source device -> destination device" as printed
 * @kind: enum eqfw_item_kind
 * @flags: EQFW_ITEM_*
 * @until: seconds since 1970 (UTC) from which the item permits nothing, 0 = never expires
 */
struct eqfw_item_rec {
	__le32 id;
	__le32 printed;
	__le32 pair;
	__le16 kind;
	__le16 flags;
	__le64 until;
};

#define EQFW_HOST_ADDR4 (1u << 0) /* addr4 is set */
#define EQFW_HOST_ADDR6 (1u << 1) /* addr6 is set */
#define EQFW_HOST_ANY (1u << 2)	  /* `address: any`: the addresses are examples of its zone */
#define EQFW_HOST_FLAGS (EQFW_HOST_ADDR4 | EQFW_HOST_ADDR6 | EQFW_HOST_ANY)

/**
 * struct eqfw_host_rec - a host, or a leg of one, and its first address of each family
 * @name: string offset, "host" or "host.leg", unique
 * @zone: zone id
 * @flags: EQFW_HOST_*
 * @addr4: network byte order, zero without EQFW_HOST_ADDR4
 * @reserved: zero
 * @addr6: network byte order, zero without EQFW_HOST_ADDR6
 *
 * Only `explain` and `test` read these; the kernel checks and carries them.
 */
struct eqfw_host_rec {
	__le32 name;
	__le16 zone;
	__le16 flags;
	__u8 addr4[4];
	__le32 reserved;
	__u8 addr6[16];
};

/**
 * struct eqfw_mirror_rec - two zones between which replies need no tracked connection
 * @low: zone id
 * @high: zone id, not below @low; the same for a zone with itself
 *
 * Whoever opened: what an item permits from one to the other may be answered. A profile that lists
 * every pair does without connection tracking.
 */
struct eqfw_mirror_rec {
	__le16 low;
	__le16 high;
};

#define EQFW_ASSERT_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), #type)
#define EQFW_ASSERT_AT(type, member, at) \
	_Static_assert(__builtin_offsetof(struct type, member) == (at), #type "." #member)

EQFW_ASSERT_SIZE(eqfw_header, 192);
EQFW_ASSERT_AT(eqfw_header, magic, 0);
EQFW_ASSERT_AT(eqfw_header, version, 8);
EQFW_ASSERT_AT(eqfw_header, header_size, 10);
EQFW_ASSERT_AT(eqfw_header, needs_tool, 12);
EQFW_ASSERT_AT(eqfw_header, length, 16);
EQFW_ASSERT_AT(eqfw_header, serial, 24);
EQFW_ASSERT_AT(eqfw_header, mode, 32);
EQFW_ASSERT_AT(eqfw_header, flags, 36);
EQFW_ASSERT_AT(eqfw_header, name, 40);
EQFW_ASSERT_AT(eqfw_header, matrix, 44);
EQFW_ASSERT_AT(eqfw_header, flows, 48);
EQFW_ASSERT_AT(eqfw_header, adopt_s, 52);
EQFW_ASSERT_AT(eqfw_header, nflog_group, 56);
EQFW_ASSERT_AT(eqfw_header, reserved16, 58);
EQFW_ASSERT_AT(eqfw_header, reserved, 60);
EQFW_ASSERT_AT(eqfw_header, sections, 64);
EQFW_ASSERT_SIZE(eqfw_section_rec, 8);
EQFW_ASSERT_AT(eqfw_section_rec, offset, 0);
EQFW_ASSERT_AT(eqfw_section_rec, count, 4);
EQFW_ASSERT_SIZE(eqfw_zone_rec, 8);
EQFW_ASSERT_AT(eqfw_zone_rec, name, 0);
EQFW_ASSERT_AT(eqfw_zone_rec, flags, 4);
EQFW_ASSERT_SIZE(eqfw_interface_rec, 8);
EQFW_ASSERT_AT(eqfw_interface_rec, name, 0);
EQFW_ASSERT_AT(eqfw_interface_rec, zone, 4);
EQFW_ASSERT_AT(eqfw_interface_rec, flags, 6);
EQFW_ASSERT_SIZE(eqfw_class_rec, 12);
EQFW_ASSERT_AT(eqfw_class_rec, zone, 0);
EQFW_ASSERT_AT(eqfw_class_rec, flags, 2);
EQFW_ASSERT_AT(eqfw_class_rec, forbidden, 4);
EQFW_ASSERT_AT(eqfw_class_rec, name, 8);
EQFW_ASSERT_SIZE(eqfw_prefix_rec, 24);
EQFW_ASSERT_AT(eqfw_prefix_rec, addr, 0);
EQFW_ASSERT_AT(eqfw_prefix_rec, class_id, 16);
EQFW_ASSERT_AT(eqfw_prefix_rec, family, 20);
EQFW_ASSERT_AT(eqfw_prefix_rec, len, 21);
EQFW_ASSERT_AT(eqfw_prefix_rec, reserved, 22);
EQFW_ASSERT_SIZE(eqfw_cell_rec, 12);
EQFW_ASSERT_AT(eqfw_cell_rec, src_class, 0);
EQFW_ASSERT_AT(eqfw_cell_rec, dst_class, 4);
EQFW_ASSERT_AT(eqfw_cell_rec, program, 8);
EQFW_ASSERT_SIZE(eqfw_program_rec, 8);
EQFW_ASSERT_AT(eqfw_program_rec, first, 0);
EQFW_ASSERT_AT(eqfw_program_rec, count, 4);
EQFW_ASSERT_SIZE(eqfw_rule_rec, 16);
EQFW_ASSERT_AT(eqfw_rule_rec, src_lo, 0);
EQFW_ASSERT_AT(eqfw_rule_rec, src_hi, 2);
EQFW_ASSERT_AT(eqfw_rule_rec, dst_lo, 4);
EQFW_ASSERT_AT(eqfw_rule_rec, dst_hi, 6);
EQFW_ASSERT_AT(eqfw_rule_rec, item, 8);
EQFW_ASSERT_AT(eqfw_rule_rec, proto, 12);
EQFW_ASSERT_AT(eqfw_rule_rec, flags, 13);
EQFW_ASSERT_AT(eqfw_rule_rec, reserved, 14);
EQFW_ASSERT_SIZE(eqfw_item_rec, 24);
EQFW_ASSERT_AT(eqfw_item_rec, id, 0);
EQFW_ASSERT_AT(eqfw_item_rec, printed, 4);
EQFW_ASSERT_AT(eqfw_item_rec, pair, 8);
EQFW_ASSERT_AT(eqfw_item_rec, kind, 12);
EQFW_ASSERT_AT(eqfw_item_rec, flags, 14);
EQFW_ASSERT_AT(eqfw_item_rec, until, 16);
EQFW_ASSERT_SIZE(eqfw_host_rec, 32);
EQFW_ASSERT_AT(eqfw_host_rec, name, 0);
EQFW_ASSERT_AT(eqfw_host_rec, zone, 4);
EQFW_ASSERT_AT(eqfw_host_rec, flags, 6);
EQFW_ASSERT_AT(eqfw_host_rec, addr4, 8);
EQFW_ASSERT_AT(eqfw_host_rec, reserved, 12);
EQFW_ASSERT_AT(eqfw_host_rec, addr6, 16);
EQFW_ASSERT_SIZE(eqfw_mirror_rec, 4);
EQFW_ASSERT_AT(eqfw_mirror_rec, low, 0);
EQFW_ASSERT_AT(eqfw_mirror_rec, high, 2);

#endif
