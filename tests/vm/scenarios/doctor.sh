#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# `doctor` finds nothing where nothing is wrong, and each thing that is.
#
# nf_tables of 6.1 itself warns of RCU use there (lists walked under its own mutex), which fails a boot:
# beds: uml-7
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

doctor() { ctl doctor --netns box; }

# finds TEXT STATUS NEEDLE
finds() {
	status "$1: exit $2" "$2" doctor
	contains "$1: says so" "$LIB_SAID" "$3"
}

lab_up
finds "no module" 1 "the module does not answer"
module_load || bail "insmod failed"
finds "no profile" 1 "no profile is live"
load lab || bail "load failed"
status "all well: exit 0" 0 doctor
equal "all well: nothing is found" "$(grep -cE '^(bad|warning)' <<<"$LIB_SAID")" 0
contains "what is live is kept" "$LIB_SAID" "what is live is what the next boot loads"

ip netns exec box sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
finds "no forwarding" 0 "warning  forwarding: IPv4 off, IPv6 off"
ip netns exec box sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip netns exec box sysctl -qw net.ipv4.conf.core0.rp_filter=1
finds "strict rp_filter" 0 "rp_filter: strict on core0"
ip netns exec box sysctl -qw net.ipv4.conf.core0.rp_filter=0
ip netns exec box nft -f - <<-NFT
	table ip early { chain c { type filter hook prerouting priority -300; }; }
	table ip late { chain c { type filter hook prerouting priority -249; }; }
NFT
finds "a chain before eqfw" 0 "hooks: 1 nft chains at PRE_ROUTING come before eqfw (nft table early)"
ip netns exec box nft flush ruleset
check "the kernel takes a flowtable" ip netns exec box nft -f - <<-NFT
	table ip fast { flowtable f { hook ingress priority 0; devices = { core0 }; }; }
NFT
finds "a flowtable (K40)" 0 "flowtables: 1: flows that are in one pass eqfw unseen (nft table fast)"
ip netns exec box nft flush ruleset
ip -n box link set dmz0 down
ip -n box link set dmz0 name gone0
finds "an interface is gone" 1 'zone dmz: there is no interface "dmz0"'
ip -n box link set gone0 name dmz0
ip -n box link set dmz0 up
ip -n box address add 10.1.0.99/32 dev core0
finds "an address too many" 0 "box: 10.1.0.99 is an address of this box"
ip -n box address del 10.1.0.99/32 dev core0
check "a load that awaits confirmation" ctl load --netns box --confirm 300s "$EQFW_PROFILES/lab-less.bin"
finds "it awaits confirmation" 0 "a load awaits confirmation"
contains "and is not what the next boot loads" "$LIB_SAID" "what is live is not what the next boot loads"
lab_stop
