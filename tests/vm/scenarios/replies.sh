#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K32: the answer to a permitted flow passes because conntrack knows the flow, never because its
# source port looks right; TCP answers never carry SYN without ACK.
#
#   friend (outside) --udp 1719--> mcu (dmz),  --tcp 1720--> desk (core)
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
for family in 4 6; do
	if [ $family = 4 ]; then
		desk=10.1.0.10 mcu=192.0.2.20 friend=198.51.100.77 stranger=198.51.100.9
	else
		desk=2001:db8:1::10 mcu=2001:db8:2::20 friend=2001:db8:ffff::77 stranger=2001:db8:ffff::9
	fi
	ask="from=outside to=dmz src=$friend dst=$mcu sport=5000 dport=1719"
	reply="from=dmz to=outside src=$mcu dst=$friend sport=1719"
	# shellcheck disable=SC2086
	{
		drops state "K32 v$family udp from 1719 without a flow" $reply dport=5000
		passes site/ras "v$family udp request" $ask
		passes - "v$family udp reply to it" $reply dport=5000
		drops state "K32 v$family udp from 1719 to another port" $reply dport=5001
		drops pair "K32 v$family udp from 1719 to somebody else" \
			from=dmz to=outside src=$mcu dst=$stranger sport=1719 dport=5000
		call="from=outside to=core src=$friend dst=$desk proto=tcp sport=6000 dport=1720"
		back="from=core to=outside src=$desk dst=$friend proto=tcp sport=1720 dport=6000"
		drops state "K32 v$family tcp SYN+ACK without a flow" $back flags=SA seq=1 ack=1
		passes site/setup "v$family tcp SYN" $call flags=S seq=100
		pkt $back flags=S seq=1
		equal "v$family tcp SYN from the port of a reply" "$REPLY" dropped
		passes - "v$family tcp SYN+ACK" $back flags=SA seq=500 ack=101
		passes site/setup "v$family tcp ACK" $call flags=A seq=101 ack=501
		passes - "v$family tcp data back" $back flags=PA seq=501 ack=101 len=100
		pkt $back flags=F seq=601
		equal "v$family tcp FIN without ACK backwards" "$REPLY" dropped
		passes - "v$family tcp RST+ACK back" $back flags=RA seq=601 ack=101
		drops state "K32 v$family tcp from 1720 to 22" \
			from=core to=outside src=$desk dst=$friend proto=tcp sport=1720 dport=22 flags=A
		pkt from=core to=outside src=$desk dst=$friend proto=tcp sport=1720 dport=22 flags=S
		equal "K32 v$family tcp SYN from 1720 to 22" "$REPLY" dropped
	}
done
lab_stop
