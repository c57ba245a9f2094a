#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F12: the zone follows the interface's name: renamed away it is in no zone, renamed back it is in
# again, and one that comes late is known at once.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20 dport=9"
# What an interface loses when it goes down or comes anew.
leg_routes() { lib_leg "$1" 2 && lib_route "$1" 2 10.1.0.0/16 | ip -n box -batch -; }

# Not every kernel renames an interface that is up.
rename_leg() {
	ip -n box link set "$1" down && ip -n box link set "$1" name "$2" && leg_routes "$2"
}

new_leg() {
	ip -n box link add core0 address "$LIB_MAC_BOX" type veth \
		peer name eth0 netns core address "$LIB_MAC_SIDE" &&
		ip -n core link set eth0 up && leg_routes core0
}

lab_start
# shellcheck disable=SC2086
{
	drops port "junk from core0" $way
	check "rename core0" rename_leg core0 gone0
	pkt $way
	equal "an interface of no zone passes, unzoned: pass" "$REPLY" "passed 1 same"
	ns_cat box /proc/net/eqfw/status
	contains "and is counted" "$LIB_TEXT" "unzoned_passed 1"
	contains "F12 status says which is missing" "$(ctl status --netns box)" \
		'zone core: there is no interface "core0"'
	equal "F12 in JSON, too" "$(ctl status --netns box --json | jq -c .missing_interfaces)" \
		'[{"zone":"core","interface":"core0","pattern":false}]'
	check "rename it back" rename_leg gone0 core0
	drops port "junk again" $way
	probe_stop
	check "remove core0" ip -n box link del core0
	contains "F12 status says that it is gone" "$(ctl status --netns box)" \
		'there is no interface "core0"'
	check "and make it anew" new_leg
	equal "F12 a late one is missing no more" \
		"$(ctl status --netns box --json | jq -c .missing_interfaces)" "[]"
	drops port "junk from the late core0" $way
}
lab_stop
