/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one list of drop reasons. The enum, the names in /proc and JSON, the sentences of `eqfwctl
 * drops --explain` and the man page are all made from it. The order is ABI (netlink carries the
 * number): append only.
 *
 * X(SYMBOL, "name", "sentence for a person")
 */
#ifndef EQFW_REASONS_H
#define EQFW_REASONS_H

#define EQFW_REASONS(X) \
	X(SPOOF, "spoof", "the source's zone does not have the interface the packet arrived on") \
	X(SOURCE, "source", "the source address can never be the source of a packet") \
	X(BROADCAST, "broadcast", "sent to the broadcast address of a zone's network") \
	X(TRUNC, "trunc", "a header is cut short or lies about its length") \
	X(FRAG, "frag", "a fragment that was not put together before eqfw saw it") \
	X(IPOPT, "ipopt", "an IPv4 option that hides the way or is malformed") \
	X(EXTHDR, "exthdr", "IPv6 extension headers that are malformed, too many or hide the way") \
	X(TCP_FLAGS, "tcp_flags", "a combination of TCP flags that no TCP sends") \
	X(FORBIDDEN, "forbidden", "the document says that this port is always blocked") \
	X(PAIR, "pair", "no row lets these two talk in this direction") \
	X(PROTO, "proto", "rows let these two talk, but not with this protocol") \
	X(PORT, "port", "rows let these two talk with this protocol, but not on these ports") \
	X(ICMP, "icmp", "an ICMP message that no icmp: rule or guard permits") \
	X(ICMP_INNER, "icmp_inner", "an ICMP error about a packet that was not permitted") \
	X(STATE, "state", "could only be a reply, and no tracked connection asks for it") \
	X(UNTRACKED, "untracked", \
	  "could only be a reply, and connection tracking was switched off for it") \
	X(EXPIRED, "expired", "the item's until: date has passed") \
	X(UNZONED, "unzoned", \
	  "arrived on an interface of no zone, and the deployment says unzoned: drop")

/**
 * enum eqfw_reason - why a packet was dropped
 * @EQFW_REASON_NONE: not dropped
 * @EQFW_N_REASONS: number of values, @EQFW_REASON_NONE included
 *
 * The other values are made from EQFW_REASONS().
 */
enum eqfw_reason {
	EQFW_REASON_NONE,
#define EQFW_REASON_ENUM(sym, name, sentence) EQFW_REASON_##sym,
	EQFW_REASONS(EQFW_REASON_ENUM)
#undef EQFW_REASON_ENUM
		EQFW_N_REASONS,
};

#endif
