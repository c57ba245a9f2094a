#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K21 to K26: an ICMP error passes by what it is about; other ICMP by the icmp: rules.
#
#   desk (core) --udp 7000--> mcu (dmz); errors come back from routers outside or from mcu itself
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
desk=10.1.0.10 mcu=192.0.2.20 router=192.0.2.99
err="from=dmz to=core src=$router dst=$desk proto=icmp type=3 code=1 i.src=$desk i.dst=$mcu"
about="from=core to=dmz src=10.1.0.77 dst=$mcu proto=icmp type=3 code=4"
# shellcheck disable=SC2086
{
	passes site/media "the flow" from=core to=dmz src=$desk dst=$mcu dport=7000 sport=4000
	passes - "K21 unreachable about a permitted tuple" $err i.dport=7000 i.sport=4000
	drops icmp_inner "K23 about a tuple that nobody permits" $err i.dport=9 i.sport=4000
	drops icmp_inner "K22 outer destination is not the inner source" from=dmz to=core \
		src=$router dst=$desk proto=icmp type=3 code=1 i.src=10.1.0.11 i.dst=$mcu \
		i.dport=7000 i.sport=4000
	for n in 0 8 20 27; do
		drops icmp_inner "K24 $n inner bytes" $err i.dport=7000 i.sport=4000 i.trim=$n
	done
	drops icmp_inner "K24 later inner fragment" $err i.dport=7000 i.sport=4000 i.frag=5
	drops icmp_inner "K24 inner ICMP error" $err i.proto=icmp i.type=3
	drops icmp_inner "K24 inner v6 in v4" from=dmz to=core src=$router dst=$desk proto=icmp \
		type=3 code=1 i.src=2001:db8:1::10 i.dst=2001:db8:2::20 i.dport=7000
	for mtu in 0 68 1280 65535; do
		passes - "K25 fragmentation needed, mtu $mtu" from=dmz to=core src=$router dst=$desk \
			proto=icmp type=3 code=4 mtu=$mtu i.src=$desk i.dst=$mcu i.dport=7000 i.sport=4000
	done
	# On a slow bed the entry of the first one may have expired.
	passes site/media "the flow, again" from=core to=dmz src=$desk dst=$mcu dport=7000 sport=4000
	passes - "K21 about the reply of a tracked flow" from=core to=dmz src=$desk dst=$mcu \
		proto=icmp type=3 code=3 i.src=$mcu i.dst=$desk i.sport=7000 i.dport=4000
	drops icmp_inner "K23 about the reply of no flow" $about i.src=$mcu i.dst=10.1.0.77 \
		i.sport=7000 i.dport=4001
	passes icmp/1 "echo by the icmp: rule" from=core to=dmz src=$desk dst=$mcu proto=icmp type=8
	passes - "echo reply" from=dmz to=core src=$mcu dst=$desk proto=icmp type=0 mtu=1
	drops icmp "echo that no rule permits" from=dmz to=core src=$mcu dst=$desk proto=icmp type=8 \
		mtu=77
	for type in 5 4 13; do
		drops icmp "K26 type $type from outside" from=outside to=core src=198.51.100.9 \
			dst=$desk proto=icmp type=$type i.src=$desk i.dst=198.51.100.9
	done
	err6="from=dmz to=core src=2001:db8:2::99 dst=2001:db8:1::10 proto=icmp6"
	err6+=" i.src=2001:db8:1::10 i.dst=2001:db8:2::20 i.sport=4000"
	passes - "K21 v6 packet too big" $err6 type=2 mtu=1280 i.dport=7000
	drops icmp_inner "K23 v6 about a tuple that nobody permits" $err6 type=1 i.dport=9
	drops icmp_inner "K24 v6 inner cut short" $err6 type=1 i.dport=7000 i.trim=39
	passes icmp/1 "v6 echo by the icmp: rule" from=core to=dmz src=2001:db8:1::10 \
		dst=2001:db8:2::20 proto=icmp6 type=128
}
lab_stop
