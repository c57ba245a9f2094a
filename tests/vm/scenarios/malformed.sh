#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K5 to K9, K14 to K20, K28, K29: what is cut short, lies about its length or hides its way drops
# with its reason, also on ports that an item permits.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
way6="from=core to=dmz src=2001:db8:1::10 dst=2001:db8:2::20"
# shellcheck disable=SC2086
{
	for n in 0 4 13 19; do
		drops trunc "K5 tcp with $n bytes" $way proto=tcp dport=8443 cut=$n
		drops trunc "K5 v6 tcp with $n bytes" $way6 proto=tcp dport=8443 cut=$n
	done
	for n in 0 4 7; do
		drops trunc "K6 udp with $n bytes" $way dport=7000 cut=$n
		drops trunc "K6 v6 udp with $n bytes" $way6 dport=7000 cut=$n
	done
	drops trunc "K6 udp length under 8" $way dport=7000 ulen=7
	drops trunc "K6 udp length beyond the packet" $way dport=7000 ulen=400
	for n in 0 4; do drops trunc "K7 doff $n" $way proto=tcp dport=8443 doff=$n; done
	drops trunc "K7 doff beyond the packet" $way proto=tcp dport=8443 doff=15
	for opts in 830704c0000201 890704c0000201 070704c0000201 440c0500000000000000000000; do
		drops ipopt "K9 option ${opts:0:2}" $way dport=7000 opts=$opts
	done
	passes site/media "K14 v6 one extension header" $way6 dport=7000 eh=dst
	passes site/media "K14 v6 eight extension headers" $way6 dport=7000 \
		eh=hop,dst,dst,dst,dst,dst,dst,dst
	drops exthdr "K14 v6 nine extension headers" $way6 dport=7000 eh=hop,dst,dst,dst,dst,dst,dst,dst,dst
	drops port "K14 v6 headers before a port that nobody permits" $way6 dport=9 eh=dst,dst
	drops proto "K17 v6 no next header" $way6 eh=none
	drops exthdr "K18 v6 routing header type 0" $way6 dport=7000 eh=rt:0:1
	drops exthdr "K18 v6 type 2, segments left" $way6 dport=7000 eh=rt:2:1
	drops exthdr "K18 v6 segment routing, segments left" $way6 dport=7000 eh=rt:4:1
	passes site/media "K18 v6 segment routing, none left" $way6 dport=7000 eh=rt:4:0
	for nh in 135 139 140 253; do
		pkt $way6 dport=7000 eh=nh:$nh cut=0
		equal "K17 v6 header $nh and nothing behind it" "$REPLY" dropped
	done
	drops trunc "v6 header chain cut short" $way6 dport=7000 eh=dst cut=0
	drops source "K28 v4 source 0.0.0.0" from=core to=dmz src=0.0.0.0 dst=192.0.2.20 dport=7000
	drops source "K28 v4 source 240.0.0.1" from=core to=dmz src=240.0.0.1 dst=192.0.2.20 dport=7000
	drops source "K28 v4 source 224.0.0.5" from=core to=dmz src=224.0.0.5 dst=192.0.2.20 dport=7000
	drops source "K28 v4 source 127.0.0.1" from=core to=dmz src=127.0.0.1 dst=192.0.2.20 dport=7000
	drops source "K29 v4-mapped source" from=core to=dmz src=::ffff:10.1.0.10 \
		dst=2001:db8:2::20 dport=7000
	pkt from=core to=dmz src=::1 dst=2001:db8:2::20 dport=7000
	equal "K28 v6 source ::1 (the stack itself may be first)" "$REPLY" dropped
}
lab_stop
