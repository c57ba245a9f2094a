#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K9, K14 to K20, K37, K43 in full: every length of an extension header chain, options that are
# sound and that lie, each value of the fields that no verdict may look at.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
way6="from=core to=dmz src=2001:db8:1::10 dst=2001:db8:2::20"

# options VERDICT TEXT HEX: on a permitted port and on a denied one
options() {
	local text=$2 hex=$3
	# shellcheck disable=SC2086
	if [ "$1" = ipopt ]; then
		drops ipopt "K9 $text" $way dport=7000 opts="$hex"
		drops ipopt "K9 $text, tcp" $way proto=tcp dport=8443 opts="$hex"
	else
		passes site/media "K9 $text" $way dport=7000 opts="$hex"
		drops port "K9 $text, denied port behind it" $way dport=9 opts="$hex"
	fi
}

# not_out TEXT WORDS...: the stack itself may be first to drop it; that it does not come out is all.
not_out() {
	local text=$1
	shift
	pkt "$@"
	equal "$text" "$REPLY" dropped
}

options none "no-operation only" 01010101
options none "router alert" 94040000
options none "the longest: 40 bytes" \
	01010101010101010101010101010101010101010101010101010101010101010101010101010101
options ipopt "record route" 0707040000000000
options ipopt "timestamp" 4408050000000000
options ipopt "loose source route behind padding" 010101830704c000020100
# Options that lie about their length: the stack drops some itself and answers.
for hex in 94000000 94010000 94050000 01010194; do
	not_out "K9 router alert as $hex" $way dport=7000 opts=$hex
done
# shellcheck disable=SC2086
{
	for chain in dst dst,dst dst,dst,dst dst,dst,dst,dst dst,dst,dst,dst,dst \
		hop,dst,dst,dst,dst,dst hop,dst,dst,dst,dst,dst,dst hop,dst,rt:4:0,dst,dst,dst,dst,dst; do
		passes site/media "K14 v6 $chain" $way6 dport=7000 eh=$chain
		drops port "K14 v6 $chain, denied port behind it" $way6 dport=9 eh=$chain
		passes site/portal "K14 v6 $chain, tcp" $way6 proto=tcp dport=8443 eh=$chain
	done
	drops exthdr "K14 v6 nine" $way6 dport=7000 eh=dst,dst,dst,dst,dst,dst,dst,dst,dst
	drops exthdr "K14 v6 hop-by-hop second" $way6 dport=7000 eh=dst,hop
	pad=$(printf '00%.0s' {1..252})
	long=raw:60:1f01fc$pad
	passes site/media "K14 v6 512 bytes of headers" $way6 dport=7000 eh=$long,$long
	drops exthdr "K14 v6 520 bytes of headers" $way6 dport=7000 eh=$long,$long,dst
	for len in 04 7f ff; do
		drops exthdr "K16 v6 a header of ($len + 1) * 8 bytes in a packet of fewer" $way6 \
			dport=7000 eh=raw:60:${len}010400000000
	done
	not_out "K16 v6 the same of a hop-by-hop header" $way6 dport=7000 eh=raw:0:ff010400000000
	drops exthdr "K16 v6 the same of a routing header" $way6 dport=7000 eh=raw:43:ff040000000000
	not_out "K16 v6 an option longer than its header" $way6 dport=7000 eh=raw:0:0005ff00000000
	for nh in 135 139 140 253 254 114; do
		drops proto "K17 v6 number $nh is no header that is walked" $way6 dport=7000 eh=nh:$nh
		drops proto "K17 v6 number $nh behind a header that is" $way6 dport=7000 eh=dst,nh:$nh
	done
	drops proto "K17 v6 no next header" $way6 eh=none dport=7000
	drops proto "K17 v6 no next header behind options" $way6 eh=dst,none dport=7000
	for type in 0 1 2 3 4 5 253; do
		drops exthdr "K18 v6 routing header type $type, segments left" $way6 dport=7000 \
			eh=rt:$type:1
	done
	drops exthdr "K18 v6 routing header type 0, none left" $way6 dport=7000 eh=rt:0:0
	drops port "K18 v6 segment routing, none left, denied port behind it" $way6 dport=9 eh=rt:4:0
	drops exthdr "K18 v6 routing header behind options" $way6 dport=7000 eh=dst,dst,rt:2:1
	not_out "K20 v6 jumbo payload, length 0" $way6 dport=7000 eh=jumbo plen=0
	not_out "K20 v6 jumbo payload, length there" $way6 dport=7000 eh=jumbo
	not_out "K20 v6 payload length 0 without it" $way6 dport=7000 plen=0
	not_out "K20 v6 jumbo payload, tcp" $way6 proto=tcp dport=8443 eh=jumbo
	for family in 4 6; do
		to=$way
		[ $family = 4 ] || to=$way6
		passes site/media "K43 v$family each DSCP and ECN" $to dport=7000 sweep=tos:0:255
		drops port "K43 v$family each DSCP and ECN to a denied port" $to dport=9 sweep=tos:0:255
		passes site/media "K43 v$family each TTL that is forwarded" $to dport=7000 sweep=ttl:2:255
		drops port "K43 v$family each TTL to a denied port" $to dport=9 sweep=ttl:0:255
		count item site/media
		before=$COUNT
		pkt $to dport=7000 sweep=ttl:0:1
		count item site/media
		equal "K43 v$family TTL 0 and 1 are judged like any" $((COUNT - before)) 2
		passes site/media "K37 v$family wrong UDP checksum" $to dport=7000 l4=9c401b580010dead6161616161616161
		drops port "K37 v$family wrong UDP checksum to a denied port" $to \
			l4=9c4000090010dead6161616161616161
		passes site/portal "K37 v$family wrong TCP checksum" $to proto=tcp \
			l4=9c4020fb00000001000000005002200000010000
		drops port "K37 v$family wrong TCP checksum to a denied port" $to proto=tcp \
			l4=9c40000900000001000000005002200000010000
	done
}
lab_stop
