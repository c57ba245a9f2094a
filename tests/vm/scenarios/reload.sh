#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A reload keeps counters, an item that is gone stops its established flow on the next packet, and
# a stale or broken load changes nothing.
#
#   desk (core) --tcp 8443--> mcu (dmz), gone with the profile lab-less
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20 proto=tcp sport=6000 dport=8443"
back="from=dmz to=core src=192.0.2.20 dst=10.1.0.10 proto=tcp sport=8443 dport=6000"
lab_start
# shellcheck disable=SC2086
{
	passes site/portal "SYN" $way flags=S seq=100
	passes - "SYN+ACK" $back flags=SA seq=500 ack=101
	passes site/portal "ACK" $way flags=A seq=101 ack=501
	drops port "a drop, to be remembered" from=core to=dmz src=10.1.0.10 dst=192.0.2.20 dport=1
	check "reload without the item" load lab-less
	drops proto "the established flow stops" $way flags=A seq=101 ack=501
	drops pair "its replies too" $back flags=A seq=501 ack=101
	count item site/portal
	equal "the absent item keeps its count, the reply's too" "$COUNT" 3
	count drop port
	equal "drops keep their count" "$COUNT" 1
	check "reload with the item" load lab
	passes site/portal "the flow goes on" $way flags=A seq=101 ack=501
	count item site/portal
	equal "and counts on" "$COUNT" 4
}
head -c 700 "$EQFW_PROFILES/lab.bin" >"$TMPDIR/short.bin"
status "a profile cut short is refused by the tool" 5 ctl load --netns box "$TMPDIR/short.bin"
ns_cat box /proc/net/eqfw/status
contains "and the old one stays" "$LIB_TEXT" "generation 3"
status "load of a profile that is not there" 5 ctl load --netns box /nonexistent.bin
check "clear" ctl clear --netns box
status "clear twice: exit 1" 1 ctl clear --netns box
lab_stop
