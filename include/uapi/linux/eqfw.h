/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic netlink interface of eqfw.ko. docs/NETLINK.md explains it.
 *
 * Every command needs CAP_NET_ADMIN in the initial user namespace and acts on the network namespace
 * of the socket. The family version in the genetlink header must be EQFW_GENL_VERSION. Attributes
 * are validated strictly; every refusal carries an extack sentence.
 */
#ifndef _UAPI_LINUX_EQFW_H
#define _UAPI_LINUX_EQFW_H

#include <linux/types.h>

#define EQFW_GENL_NAME "eqfw"
#define EQFW_GENL_VERSION 1

/* Multicast groups; to join one needs CAP_NET_ADMIN over the network namespace. */
#define EQFW_GENL_DROPS "drops"	    /* DROP_EVENT, SUPPRESSED_EVENT */
#define EQFW_GENL_CHANGES "changes" /* CHANGE_EVENT */
#define EQFW_GENL_TRACE "trace"	    /* TRACE_EVENT, TRACE_END_EVENT */

/**
 * enum eqfw_cmd - commands
 * @EQFW_CMD_UNSPEC: invalid
 * @EQFW_CMD_LOAD: replace the profile. PROFILE pieces, GENERATION; DIGEST optional. Acknowledged
 *	when no packet is judged by the old table any more. Errors: ESTALE (generation; the
 *	sentence names the current one), EBADMSG (digest), EINVAL (checker), E2BIG, ENOMEM,
 *	EBUSY (another change awaits confirmation). With CONFIRM_S the change is taken back after
 *	that time unless CONFIRM comes
 * @EQFW_CMD_CLEAR: back to no profile. GENERATION, CONFIRM_S optional. ENOENT without one, ESTALE,
 *	EBUSY
 * @EQFW_CMD_STATUS_GET: one reply message; also where there is no profile
 * @EQFW_CMD_ITEMS_GET: dump, one message an item (ITEM nest). ENOENT without a profile
 * @EQFW_CMD_DROPS_GET: dump, one message a reason (REASON nest), then one a zone pair (PAIR nest)
 * @EQFW_CMD_PROFILE_GET: dump, the live profile's bytes in PROFILE pieces, in order; with DIGEST:
 *	of that of the live, the staged and the kept profile which has it. ENOENT where none has
 * @EQFW_CMD_TRACE_SET: tell group "trace" of packets. TRACE nest: arm, replacing what is armed;
 *	without it: disarm. Touches no table and no counter. ENOENT without a profile
 * @EQFW_CMD_LOG_SET: LOG_GROUP: drops go to that netfilter log group; without it: to none. Until
 *	the next load. Touches no table and no counter. ENOENT without a profile
 * @EQFW_CMD_DROP_EVENT: group "drops": a packet was dropped, or would have been. EVENT nest,
 *	DIGEST, SUPPRESSED
 * @EQFW_CMD_SUPPRESSED_EVENT: group "drops": no event for a second, but more were suppressed.
 *	SUPPRESSED
 * @EQFW_CMD_CHANGE_EVENT: group "changes": the configuration changed. CHANGE, GENERATION, STATE;
 *	with a profile DIGEST, NAME, MODE; CONFIRM_S where the change awaits confirmation; EXPIRED
 * @EQFW_CMD_TRACE_EVENT: group "trace": a packet that the armed trace asked for. EVENT nest, DIGEST
 * @EQFW_CMD_TRACE_END_EVENT: group "trace": the trace disarmed itself or was replaced. TRACE_END
 * @EQFW_CMD_CONFIRM: keep the change that awaits confirmation. GENERATION: the one that the change
 *	made. ENOENT where none is pending, ESTALE
 * @EQFW_CMD_ROLLBACK: take it back now. GENERATION. ENOENT, ESTALE
 * @EQFW_CMD_MODE_SET: drop, or only count. GENERATION, MODE; MODE_S, CONFIRM_S optional. Touches no
 *	table and no counter. ENOENT without a profile, ESTALE, EBUSY
 * @EQFW_CMD_STAGE_SET: judge a profile beside the live one, on the same packets, and only count
 *	what it would do differently. PROFILE pieces, GENERATION; DIGEST optional; without PROFILE:
 *	no more. Errors as of LOAD, ENOENT without a live profile
 * @EQFW_CMD_STAGE_GET: dump, one message a live item (STAGED nest), then one a staged item, then
 *	one a reason (REASON nest: AUDIT figures); empty where nothing is staged
 * @EQFW_CMD_PROMOTE: make the staged profile the live one. GENERATION; DIGEST (of the staged one),
 *	CONFIRM_S optional. ENOENT where nothing is staged, EBADMSG, ESTALE, EBUSY
 */
enum eqfw_cmd {
	EQFW_CMD_UNSPEC,
	EQFW_CMD_LOAD,
	EQFW_CMD_CLEAR,
	EQFW_CMD_STATUS_GET,
	EQFW_CMD_ITEMS_GET,
	EQFW_CMD_DROPS_GET,
	EQFW_CMD_PROFILE_GET,
	EQFW_CMD_TRACE_SET,
	EQFW_CMD_LOG_SET,
	EQFW_CMD_DROP_EVENT,
	EQFW_CMD_SUPPRESSED_EVENT,
	EQFW_CMD_CHANGE_EVENT,
	EQFW_CMD_TRACE_EVENT,
	EQFW_CMD_TRACE_END_EVENT,
	EQFW_CMD_CONFIRM,
	EQFW_CMD_ROLLBACK,
	EQFW_CMD_MODE_SET,
	EQFW_CMD_STAGE_SET,
	EQFW_CMD_STAGE_GET,
	EQFW_CMD_PROMOTE,
	__EQFW_CMD_MAX,
};
#define EQFW_CMD_MAX (__EQFW_CMD_MAX - 1)

/**
 * enum eqfw_attr - top-level attributes (types in brackets)
 * @EQFW_A_UNSPEC: invalid
 * @EQFW_A_PROFILE: [binary, 1 to 65531 bytes] a piece; consecutive pieces are one profile, the only
 *	attribute that may come more than once
 * @EQFW_A_GENERATION: [u64] request: the generation being replaced; reply: the current one
 *	(0 = this namespace never had a profile)
 * @EQFW_A_DIGEST: [binary, 32 bytes] SHA-256 at the profile's end
 * @EQFW_A_STATE: [u8] enum eqfw_state
 * @EQFW_A_MODE: [u8] 0 enforce, 1 audit
 * @EQFW_A_NAME: [string] the deployment's name
 * @EQFW_A_MATRIX: [string] the matrix edition
 * @EQFW_A_MODULE_VERSION: [string] the module's version
 * @EQFW_A_FORMAT_VERSION: [u16] newest profile format the module reads
 * @EQFW_A_LOADED_AT: [u64] seconds since 1970 UTC of the last load
 * @EQFW_A_TABLE_BYTES: [u64] memory of the lookup table
 * @EQFW_A_COUNTER_BYTES: [u64] memory of the counters of all CPUs
 * @EQFW_A_IMAGE_BYTES: [u64] bytes of the profile kept for PROFILE_GET
 * @EQFW_A_ZONES: [u32] number of zones
 * @EQFW_A_CLASSES: [u32] number of address classes
 * @EQFW_A_RULES: [u32] number of rules
 * @EQFW_A_ITEMS: [u32] number of items
 * @EQFW_A_UNZONED_PASSED: [u64] packets of declared hosts passed on interfaces of no zone
 * @EQFW_A_CONNTRACK_COUNT: [u32] entries in the namespace's connection table
 * @EQFW_A_CONNTRACK_MAX: [u32] its limit
 * @EQFW_A_FLOWS: [u32] the deployment's estimate
 * @EQFW_A_ITEM: [nest] enum eqfw_item_attr
 * @EQFW_A_REASON: [nest] enum eqfw_reason_attr
 * @EQFW_A_PAIR: [nest] enum eqfw_pair_attr
 * @EQFW_A_PAD: alignment of u64
 * @EQFW_A_EVENT: [nest] enum eqfw_event_attr
 * @EQFW_A_SUPPRESSED: [u64] events that were not sent since the namespace got its profile
 * @EQFW_A_CHANGE: [u8] enum eqfw_change
 * @EQFW_A_TRACE_END: [u8] enum eqfw_trace_end
 * @EQFW_A_TRACE: [nest] enum eqfw_trace_attr
 * @EQFW_A_LOG_GROUP: [u16] netfilter log group; absent where nothing is logged
 * @EQFW_A_CONFIRM_S: [u32] request: 1 to 86400, seconds until the change is taken back; reply and
 *	event: seconds left of them, rounded up; absent where nothing is pending
 * @EQFW_A_PENDING: [u8] enum eqfw_change: what awaits confirmation; absent where nothing does
 * @EQFW_A_KEPT_DIGEST: [binary, 32 bytes] of the profile that a rollback would return to; absent
 *	where it would return to none
 * @EQFW_A_KEPT_MODE: [u8] enum eqfw_mode: the mode that a rollback would return to; absent likewise
 * @EQFW_A_ROLLBACK: [nest] enum eqfw_rollback_attr: the last one; absent where there was none
 * @EQFW_A_EXPIRED: [flag] a change that nobody asked for: a time was over
 * @EQFW_A_MODE_S: [u32] request: 1 to 86400, seconds until the mode is the profile's own again;
 *	reply and event: seconds left of them, rounded up; absent where it stays
 * @EQFW_A_ADOPT_S: [u32] seconds left in which sessions that tracking has not met are adopted,
 *	rounded up; absent where none are
 * @EQFW_A_ADOPTED: [u64] packets that passed so
 * @EQFW_A_STAGED: [nest] enum eqfw_staged_attr
 * @EQFW_A_STAGED_DIGEST: [binary, 32 bytes] of the staged profile; absent where nothing is staged
 * @EQFW_A_STAGED_NAME: [string] its deployment's name
 * @EQFW_A_STAGED_DROPS: [u64] packets that passed and that it would drop
 * @EQFW_A_STAGED_PASSES: [u64] packets that were dropped and that it would let pass
 */
enum eqfw_attr {
	EQFW_A_UNSPEC,
	EQFW_A_PROFILE,
	EQFW_A_GENERATION,
	EQFW_A_DIGEST,
	EQFW_A_STATE,
	EQFW_A_MODE,
	EQFW_A_NAME,
	EQFW_A_MATRIX,
	EQFW_A_MODULE_VERSION,
	EQFW_A_FORMAT_VERSION,
	EQFW_A_LOADED_AT,
	EQFW_A_TABLE_BYTES,
	EQFW_A_COUNTER_BYTES,
	EQFW_A_IMAGE_BYTES,
	EQFW_A_ZONES,
	EQFW_A_CLASSES,
	EQFW_A_RULES,
	EQFW_A_ITEMS,
	EQFW_A_UNZONED_PASSED,
	EQFW_A_CONNTRACK_COUNT,
	EQFW_A_CONNTRACK_MAX,
	EQFW_A_FLOWS,
	EQFW_A_ITEM,
	EQFW_A_REASON,
	EQFW_A_PAIR,
	EQFW_A_PAD,
	EQFW_A_EVENT,
	EQFW_A_SUPPRESSED,
	EQFW_A_CHANGE,
	EQFW_A_TRACE_END,
	EQFW_A_TRACE,
	EQFW_A_LOG_GROUP,
	EQFW_A_CONFIRM_S,
	EQFW_A_PENDING,
	EQFW_A_KEPT_DIGEST,
	EQFW_A_KEPT_MODE,
	EQFW_A_ROLLBACK,
	EQFW_A_EXPIRED,
	EQFW_A_MODE_S,
	EQFW_A_ADOPT_S,
	EQFW_A_ADOPTED,
	EQFW_A_STAGED,
	EQFW_A_STAGED_DIGEST,
	EQFW_A_STAGED_NAME,
	EQFW_A_STAGED_DROPS,
	EQFW_A_STAGED_PASSES,
	__EQFW_A_MAX,
};
#define EQFW_A_MAX (__EQFW_A_MAX - 1)

/** enum eqfw_state - what the namespace does with packets */
enum eqfw_state {
	EQFW_STATE_NONE,      /* no profile: packets are not looked at */
	EQFW_STATE_ENFORCING, /* drops are drops */
	EQFW_STATE_AUDITING,  /* drops are counted and pass */
};

/** enum eqfw_item_attr - inside EQFW_A_ITEM */
enum eqfw_item_attr {
	EQFW_ITEM_A_UNSPEC,
	EQFW_ITEM_A_ID,	     /* [string] item id */
	EQFW_ITEM_A_PACKETS, /* [u64] packets passed by the item */
	EQFW_ITEM_A_BYTES,   /* [u64] their bytes, from the network header on */
	EQFW_ITEM_A_LIVE,    /* [flag] the current profile has the item */
	EQFW_ITEM_A_PAD,
	__EQFW_ITEM_A_MAX,
};
#define EQFW_ITEM_A_MAX (__EQFW_ITEM_A_MAX - 1)

/** enum eqfw_reason_attr - inside EQFW_A_REASON */
enum eqfw_reason_attr {
	EQFW_REASON_A_UNSPEC,
	EQFW_REASON_A_CODE,	     /* [u8] enum eqfw_reason (include/eqfw/reasons.h) */
	EQFW_REASON_A_PACKETS,	     /* [u64] dropped */
	EQFW_REASON_A_BYTES,	     /* [u64] */
	EQFW_REASON_A_AUDIT_PACKETS, /* [u64] would have been dropped (audit) */
	EQFW_REASON_A_AUDIT_BYTES,   /* [u64] */
	EQFW_REASON_A_PAD,
	__EQFW_REASON_A_MAX,
};
#define EQFW_REASON_A_MAX (__EQFW_REASON_A_MAX - 1)

/** enum eqfw_pair_attr - inside EQFW_A_PAIR */
enum eqfw_pair_attr {
	EQFW_PAIR_A_UNSPEC,
	EQFW_PAIR_A_FROM,	  /* [string] source zone, "none" for addresses of no zone */
	EQFW_PAIR_A_TO,		  /* [string] destination zone, likewise */
	EQFW_PAIR_A_PASS_PACKETS, /* [u64] */
	EQFW_PAIR_A_PASS_BYTES,	  /* [u64] */
	EQFW_PAIR_A_DROP_PACKETS, /* [u64] */
	EQFW_PAIR_A_DROP_BYTES,	  /* [u64] */
	EQFW_PAIR_A_PAD,
	__EQFW_PAIR_A_MAX,
};
#define EQFW_PAIR_A_MAX (__EQFW_PAIR_A_MAX - 1)

/** enum eqfw_staged_attr - inside EQFW_A_STAGED */
enum eqfw_staged_attr {
	EQFW_STAGED_A_UNSPEC,
	EQFW_STAGED_A_ID,	    /* [string] item id */
	EQFW_STAGED_A_DROP_PACKETS, /* [u64] passed by the live item; would be dropped */
	EQFW_STAGED_A_DROP_BYTES,   /* [u64] */
	EQFW_STAGED_A_PASS_PACKETS, /* [u64] were dropped, the staged item would let them pass */
	EQFW_STAGED_A_PASS_BYTES,   /* [u64] */
	EQFW_STAGED_A_PAD,
	__EQFW_STAGED_A_MAX,
};
#define EQFW_STAGED_A_MAX (__EQFW_STAGED_A_MAX - 1)

/** enum eqfw_rollback_attr - inside EQFW_A_ROLLBACK */
enum eqfw_rollback_attr {
	EQFW_ROLLBACK_A_UNSPEC,
	EQFW_ROLLBACK_A_AT,	    /* [u64] seconds since 1970 UTC */
	EQFW_ROLLBACK_A_WHAT,	    /* [u8] enum eqfw_change: what was taken back */
	EQFW_ROLLBACK_A_GENERATION, /* [u64] the generation that the rollback made */
	EQFW_ROLLBACK_A_DIGEST,	    /* [binary] the profile that was taken back; absent: none */
	EQFW_ROLLBACK_A_EXPIRED,    /* [flag] its time was over; else somebody asked */
	EQFW_ROLLBACK_A_PAD,
	__EQFW_ROLLBACK_A_MAX,
};
#define EQFW_ROLLBACK_A_MAX (__EQFW_ROLLBACK_A_MAX - 1)

/** enum eqfw_event_attr - inside EQFW_A_EVENT; those that do not apply are absent */
enum eqfw_event_attr {
	EQFW_EVENT_A_UNSPEC,
	EQFW_EVENT_A_TIME_NS,	   /* [u64] nanoseconds since 1970 UTC */
	EQFW_EVENT_A_FAMILY,	   /* [u8] 4 or 6 */
	EQFW_EVENT_A_SRC,	   /* [binary] 4 or 16 bytes, network byte order */
	EQFW_EVENT_A_DST,	   /* [binary] likewise */
	EQFW_EVENT_A_PROTO,	   /* [u8] IP protocol; absent where the headers are malformed */
	EQFW_EVENT_A_SPORT,	   /* [u16] host byte order; ICMP: the code */
	EQFW_EVENT_A_DPORT,	   /* [u16] host byte order; ICMP: the type */
	EQFW_EVENT_A_TCP_FLAGS,	   /* [u8] as in byte 13 of the TCP header */
	EQFW_EVENT_A_BYTES,	   /* [u32] from the network header on */
	EQFW_EVENT_A_IFINDEX,	   /* [u32] interface of arrival */
	EQFW_EVENT_A_IN,	   /* [string] its name */
	EQFW_EVENT_A_FROM_ZONE,	   /* [string] "none" for addresses of no zone */
	EQFW_EVENT_A_TO_ZONE,	   /* [string] likewise */
	EQFW_EVENT_A_ACTION,	   /* [u8] enum eqfw_event_action */
	EQFW_EVENT_A_REASON,	   /* [u8] enum eqfw_reason, 0 = not dropped */
	EQFW_EVENT_A_ITEM,	   /* [string] item that permits, forbids or has expired */
	EQFW_EVENT_A_AUDIT,	   /* [flag] the drop was only counted: mode audit */
	EQFW_EVENT_A_FROM_CLASS,   /* [string] trace: name of the source's class */
	EQFW_EVENT_A_TO_CLASS,	   /* [string] trace: of the destination's */
	EQFW_EVENT_A_FORWARD,	   /* [u8] trace: enum eqfw_reason, 0 = permitted as it stands */
	EQFW_EVENT_A_FORWARD_ITEM, /* [string] trace: by this item */
	EQFW_EVENT_A_REVERSE,	   /* [u8] trace: enum eqfw_reason, 0 = the reverse is permitted */
	EQFW_EVENT_A_REVERSE_ITEM, /* [string] trace: by this item */
	EQFW_EVENT_A_CT,	   /* [u8] trace: enum eqfw_event_ct */
	EQFW_EVENT_A_ASKED,	   /* [flag] trace: connection tracking decided */
	EQFW_EVENT_A_PAD,
	__EQFW_EVENT_A_MAX,
};
#define EQFW_EVENT_A_MAX (__EQFW_EVENT_A_MAX - 1)

/** enum eqfw_trace_attr - inside EQFW_A_TRACE: what is absent matches everything */
enum eqfw_trace_attr {
	EQFW_TRACE_A_UNSPEC,
	EQFW_TRACE_A_FAMILY,  /* [u8] 4 or 6; needed with an address */
	EQFW_TRACE_A_SRC,     /* [binary] 4 or 16 bytes, network byte order */
	EQFW_TRACE_A_SRC_LEN, /* [u8] prefix length, default all bits */
	EQFW_TRACE_A_DST,     /* [binary] likewise */
	EQFW_TRACE_A_DST_LEN, /* [u8] likewise */
	EQFW_TRACE_A_PROTO,   /* [u8] IP protocol */
	EQFW_TRACE_A_SPORT,   /* [u16] host byte order */
	EQFW_TRACE_A_DPORT,   /* [u16] host byte order */
	EQFW_TRACE_A_BOTH,    /* [flag] and the opposite direction */
	EQFW_TRACE_A_COUNT,   /* [u32] 1 to 100000: disarm after so many packets; required */
	EQFW_TRACE_A_SECONDS, /* [u32] 1 to 3600: disarm after this time; required */
	__EQFW_TRACE_A_MAX,
};
#define EQFW_TRACE_A_MAX (__EQFW_TRACE_A_MAX - 1)

/** enum eqfw_event_action - what became of a packet */
enum eqfw_event_action {
	EQFW_EVENT_SKIPPED, /* out of scope: passed, not judged */
	EQFW_EVENT_PASSED,
	EQFW_EVENT_DROPPED, /* with the AUDIT flag: would have been */
};

/** enum eqfw_event_ct - what connection tracking knew of a packet before it came */
enum eqfw_event_ct {
	EQFW_EVENT_CT_NONE,	  /* no entry */
	EQFW_EVENT_CT_ORIGINAL,	  /* an entry, in the direction of its opener */
	EQFW_EVENT_CT_REPLY,	  /* an entry, in the direction of the answers */
	EQFW_EVENT_CT_UNTRACKED,  /* switched off for this packet */
	EQFW_EVENT_CT_UNREADABLE, /* the packet has no tuple */
};

/** enum eqfw_change - what happened to the configuration */
enum eqfw_change {
	EQFW_CHANGE_NONE,
	EQFW_CHANGE_LOAD,     /* another profile */
	EQFW_CHANGE_CLEAR,    /* no profile */
	EQFW_CHANGE_CONFIRM,  /* a pending change was confirmed */
	EQFW_CHANGE_ROLLBACK, /* a change was taken back, by hand or by its deadline */
	EQFW_CHANGE_MODE,     /* another mode */
	EQFW_CHANGE_STAGE,    /* a staged profile came or went */
	EQFW_CHANGE_PROMOTE,  /* the staged profile became the live one */
	EQFW_CHANGE_LOG,      /* another log setting */
	EQFW_CHANGE_ADOPT,    /* a virtual address has come: sessions are adopted again */
	EQFW_N_CHANGES,
};

/** enum eqfw_trace_end - why a trace is over */
enum eqfw_trace_end {
	EQFW_TRACE_END_COUNT,	 /* as many packets as it asked for */
	EQFW_TRACE_END_TIME,	 /* its time is over */
	EQFW_TRACE_END_REPLACED, /* another one took its place */
	EQFW_TRACE_END_OFF,	 /* switched off, or the profile went */
};

#endif
