#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A bridge in the box, without and with br_netfilter: frames that it only forwards are left alone
# unless the site says bridge: enforce; those for the box or to be routed are judged once, as
# arriving on the bridge, in whatever pass they come.
#
#     core eth0 ------ core0 |  br0   |
#     (desk)                 |  box   | dmz0 ---- eth0 dmz
#     tablet eth0 ---- tab0  |        |
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"
# shellcheck source=tests/vm/paths.sh
. "$EQFW_VM/paths.sh"

br_netfilter() {
	ip netns exec box sysctl -qw net.bridge.bridge-nf-call-iptables="$1" \
		net.bridge.bridge-nf-call-ip6tables="$1" || not_ok "no br_netfilter"
}

# across TEXT WANT: desk asks the tablet, which only the bridge carries
across() {
	local said
	said=$("$EQFW_PROBES/talk" from=core src=10.1.0.10 to=tablet dst=10.1.0.11 dport=9 proto=udp n=2)
	equal "$1: v4" "${said%% (*}" "$2"
	said=$("$EQFW_PROBES/talk" from=core src=2001:db8:1::10 to=tablet dst=2001:db8:1::11 dport=9 \
		proto=udp n=2)
	equal "$1: v6" "${said%% (*}" "$2"
}

[ -e /proc/sys/net/bridge ] || modprobe br_netfilter
paths_up
ip netns add tablet
ip link add tab0 netns box type veth peer name eth0 netns tablet
ip -n box -batch - <<-BATCH
	link set core0 address 02:ee:00:00:00:04
	link add br0 address $LIB_MAC_BOX type bridge
	link set core0 master br0
	link set tab0 master br0
	link set core0 up
	link set tab0 up
BATCH
path_addresses br0 eth0
ip -n tablet -batch - <<-BATCH
	link set lo up
	link set eth0 up
	address add 10.1.0.11/24 dev eth0
	address add 2001:db8:1::11/64 dev eth0 nodad
BATCH
for on in 0 1; do
	br_netfilter $on
	judged_once "routed, br_netfilter $on"
	across "only bridged, br_netfilter $on" "answered 2"
done

# Another hardware address on top of the bridge: no pass above the bridge shows what comes for it.
ip -n box -batch - <<-BATCH
	address flush dev br0 scope global
	link add link br0 name mac0 type macvlan mode bridge
BATCH
path_addresses mac0 eth0
judged_once "macvlan on the bridge, br_netfilter 1"
ip -n box link del mac0

ip -n box link add vrf1 type vrf table 10
ip -n box link set vrf1 up
ip -n box link set br0 master vrf1
ip -n box link set dmz0 master vrf1
lib_leg dmz0 3 2>/dev/null
ip -n box route add 192.0.2.20 via 169.254.3.2 dev dmz0 onlink table 10
ip -n box route add 2001:db8:2::20 via fe80::2 dev dmz0 table 10
path_addresses br0 eth0 10
judged_once "a bridge in a VRF, br_netfilter 1"

sed 's/^mode:/bridge: enforce\nmode:/' "$EQFW_VM/profiles/paths.yaml" >"$TMPDIR/enforce.yaml"
"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/enforce.yaml" -o "$TMPDIR/enforce.bin" \
	>/dev/null || bail "the profile does not compile"
check "bridge: enforce" "$EQFW_CTL" load --netns box "$TMPDIR/enforce.bin"
count drop pair
before=$COUNT
across "only bridged, enforced" "no answer"
count drop pair
equal "enforced: dropped once each" $((COUNT - before)) 2
judged_once "routed, enforced"
ip netns del tablet
lab_stop
