#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The box's own addresses that nobody listed, as they come and go: a packet that claims one as its
# source is a spoof, one to it goes to the zone "box".
#
#   outside --- out0 | box | core0 --- core (desk)          vrf9: out0, for a while
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

box_ip() { ip -n box "$@"; }

# ours TEXT ADDRESS, strangers TEXT ADDRESS: whom the table takes it for
from_address() {
	local desk=10.1.0.10
	case $3 in *:*) desk=2001:db8:1::10 ;; esac
	drops "$1" "$2" from=outside to=core src="$3" dst=$desk proto=tcp dport=9
}
ours() { from_address spoof "$@"; }
strangers() { from_address pair "$@"; }

# to_zone ZONE TEXT ADDRESS: where a packet from the desk to it is counted
pair_drops() {
	ns_cat box /proc/net/eqfw/drops
	awk -v from="$1" -v to="$2" '$1 == "pair" && $2 == from && $3 == to { print $6 }' <<<"$LIB_TEXT"
}
to_zone() {
	local before after
	before=$(pair_drops core "$1")
	pkt from=core to=outside src=10.1.0.10 dst="$3" proto=tcp dport=9
	after=$(pair_drops core "$1")
	equal "$2: a packet to $1" "$((after - before))" 1
}

lab_start

strangers "a stranger's address" 198.51.100.200
to_zone outside "a stranger's address" 198.51.100.200
box_ip addr add 198.51.100.200/24 dev out0
ours "the same once the box has it" 198.51.100.200
to_zone box "the same once the box has it" 198.51.100.200
box_ip addr add 198.51.100.201/24 dev out0
ours "a secondary address" 198.51.100.201
ip netns exec box sysctl -qw net.ipv4.conf.out0.promote_secondaries=1
box_ip addr del 198.51.100.200/24 dev out0
strangers "an address taken away" 198.51.100.200
ours "its secondary, promoted" 198.51.100.201

strangers "v6 stranger" 2001:db8:ffff::200
box_ip addr add 2001:db8:ffff::200/64 dev out0 nodad
ours "v6 once the box has it" 2001:db8:ffff::200
box_ip addr del 2001:db8:ffff::200/64 dev out0
strangers "v6 taken away" 2001:db8:ffff::200

# A temporary address comes by itself, in place of the one that is announced.
ip netns exec box sysctl -qw net.ipv6.conf.out0.use_tempaddr=2
box_ip addr add 2001:db8:fffe::/64 dev out0 mngtmpaddr nodad
temporary() { box_ip -6 -o addr show dev out0 temporary | grep -v tentative | grep -q inet6; }
wait_until 10 temporary || not_ok "no temporary address came"
ours "v6 temporary address" "$(box_ip -6 -o addr show dev out0 temporary |
	sed -n 's,.* inet6 \(2001[^/]*\)/.*,\1,p' | head -n 1)"

# What a load finds, and what it leaves behind.
check "load again" load lab
ours "after a load" 198.51.100.201
strangers "after a load, one taken away before" 198.51.100.200
box_ip link set core0 down
box_ip link set core0 up
lib_leg core0 2 2>/dev/null
lib_route core0 2 10.1.0.0/16 2001:db8:1::/64 | box_ip -force -batch - 2>/dev/null
ours "after another interface went down and up" 198.51.100.201

# Another namespace's addresses are its own.
ip -n outside addr add 203.0.113.77/32 dev eth0
strangers "an address of another namespace" 203.0.113.77

# Routes of type local: an address is one of an interface; a prefix is the box only where listed.
box_ip route add local 203.0.113.128/25 dev lo
strangers "a local route's prefix" 203.0.113.200
to_zone box "127.0.0.0/8" 127.1.2.3

# A VRF's addresses are the box's on the VRF's ports.
box_ip link add vrf9 type vrf table 9
box_ip link set vrf9 up
box_ip link add dummy9 type dummy
box_ip link set dummy9 master vrf9 up
box_ip addr add 203.0.113.9/32 dev dummy9
strangers "an address of a VRF, on a port outside it" 203.0.113.9
box_ip link del dummy9
box_ip link del vrf9
lab_stop
