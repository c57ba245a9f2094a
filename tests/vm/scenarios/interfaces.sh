#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F12: the zone follows the interface's name: renamed away it is in no zone, renamed back it is in
# again, and one that comes late is known at once.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20 dport=9"
# The same leg again, as lib.sh made it.
lib_leg_again() {
	ip -n box link add core0 address $LIB_MAC_BOX type veth \
		peer name eth0 netns core address $LIB_MAC_SIDE &&
		ip -n core link set eth0 up && lib_leg core0 2 &&
		lib_route core0 2 10.1.0.0/16 | ip -n box -batch -
}

lab_start
# shellcheck disable=SC2086
{
	drops port "junk from core0" $way
	check "rename core0" ip -n box link set core0 name gone0
	pkt $way
	equal "an interface of no zone passes, unzoned: pass" "$REPLY" "passed 1 same"
	ns_cat box /proc/net/eqfw/status
	contains "and is counted" "$LIB_TEXT" "unzoned_passed 1"
	check "rename it back" ip -n box link set gone0 name core0
	drops port "junk again" $way
	probe_stop
	check "remove core0" ip -n box link del core0
	check "and make it anew" lib_leg_again
	drops port "junk from the late core0" $way
}
lab_stop
