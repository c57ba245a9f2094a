#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# replies: mirror. The box sees one half of a path only, or something takes packets out of tracking:
# the turned-round item lets the answer pass, and only between the zones that say so.
#
#     core eth0 ---- core0 | box | dmz0 ---- eth0 dmz       answers go through the box,
#          by ---------------------------------- by         what they answer does not
#
#   desk (core) --tcp 8443, icmp echo--> mcu (dmz)     friend (outside) --udp 1719--> mcu
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# variant NAME LINE: the lab's profile and one more line
variant() {
	{ cat "$EQFW_VM/profiles/lab.yaml" && echo "$2"; } >"$TMPDIR/$1.yaml"
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$1.yaml" -o "$TMPDIR/$1.bin" \
		>/dev/null || bail "profile $1 does not compile"
}
reload() { check "load $1" "$EQFW_CTL" load --netns box "$TMPDIR/$1.bin"; }

tracked() {
	ns_cat box /proc/net/eqfw/status
	LIB_TEXT=${LIB_TEXT#*conntrack_count }
	echo "${LIB_TEXT%%$'\n'*}"
}

variant all "replies: mirror"
variant pair "replies: {default: conntrack, core-dmz: mirror}"
variant other "replies: {default: mirror, core-dmz: conntrack}"
lab_up
module_load || bail "insmod failed"
EQFW_PROFILES=$TMPDIR load all || bail "load failed"

# answers: what half a path shows, in one family
answers() {
	local way="from=dmz to=core src=$mcu dst=$desk" ask="from=dmz to=outside src=$mcu dst=$friend"
	local error="proto=$icmp type=$unreach i.proto=tcp" v=v$family
	# shellcheck disable=SC2086
	{
		passes site/portal "$v SYN+ACK without a flow" $way proto=tcp sport=8443 dport=40000 flags=SA
		passes site/portal "$v data" $way proto=tcp sport=8443 dport=40000 flags=PA len=100
		passes site/portal "$v RST" $way proto=tcp sport=8443 dport=40000 flags=R
		drops state "$v FIN without ACK" $way proto=tcp sport=8443 dport=40000 flags=F
		pkt $way proto=tcp sport=8443 dport=40000 flags=S
		equal "$v SYN from the port of a reply" "$REPLY" dropped
		drops pair "$v SYN+ACK from another port" $way proto=tcp sport=8444 dport=40000 flags=SA
		passes icmp/1 "$v echo reply" $way proto=$icmp type=$pong
		passes site/portal "$v error about an answer" from=core to=dmz src=$desk dst=$mcu $error \
			i.src=$mcu i.dst=$desk i.sport=8443 i.dport=40000
		passes site/portal "$v error about the request" $way $error \
			i.src=$desk i.dst=$mcu i.sport=40000 i.dport=8443
		drops icmp_inner "$v error about neither" $way $error \
			i.src=$desk i.dst=$mcu i.sport=8443 i.dport=40000
		if [ "$1" = all ]; then
			passes site/ras "$v udp answer in the other pair" $ask sport=1719 dport=5000
		else
			drops state "$v the other pair needs a flow" $ask sport=1719 dport=5000
		fi
	}
}
each_family() {
	family=4 desk=10.1.0.10 mcu=192.0.2.20 friend=198.51.100.77 icmp=icmp pong=0 unreach=3
	answers "$1"
	family=6 desk=2001:db8:1::10 mcu=2001:db8:2::20 friend=2001:db8:ffff::77
	icmp=icmp6 pong=129 unreach=1
	answers "$1"
}

each_family all
equal "connection tracking is not switched on" "$(tracked)" 0
reload pair
each_family pair

ip netns exec box nft add table inet early
ip netns exec box nft "add chain inet early pre { type filter hook prerouting priority -300; }"
ip netns exec box nft "add rule inet early pre ip saddr 192.0.2.20 notrack"
ip netns exec box nft "add rule inet early pre ip6 saddr 2001:db8:2::20 notrack"
for family in 4 6; do
	if [ $family = 4 ]; then
		desk=10.1.0.10 mcu=192.0.2.20 friend=198.51.100.77
	else
		desk=2001:db8:1::10 mcu=2001:db8:2::20 friend=2001:db8:ffff::77
	fi
	# shellcheck disable=SC2086
	{
		passes site/portal "v$family untracked" from=dmz to=core src=$mcu dst=$desk proto=tcp \
			sport=8443 dport=40000 flags=SA
		drops untracked "v$family untracked where a flow is needed" from=dmz to=outside src=$mcu \
			dst=$friend sport=1719 dport=5000
	}
done
reload other
drops untracked "the pair that is left out" from=dmz to=core src=192.0.2.20 dst=10.1.0.10 proto=tcp \
	sport=8443 dport=40000 flags=SA
passes site/ras "and the one that is not" from=dmz to=outside src=192.0.2.20 dst=198.51.100.77 \
	sport=1719 dport=5000
ip netns exec box nft flush ruleset
drops state "the pair that is left out, tracked" from=dmz to=core src=192.0.2.20 dst=10.1.0.10 \
	proto=tcp sport=8443 dport=40000 flags=SA

# Two real stacks over half a path.
probe_stop
side_live core 2 10.1.0.10 2001:db8:1::10
side_live dmz 3 192.0.2.20 2001:db8:2::20
ip link add by netns core address 02:ee:00:00:00:03 type veth peer name by netns dmz
{
	echo "link set by up"
	echo "neighbour replace 192.0.2.20 lladdr $(ip netns exec dmz cat /sys/class/net/by/address) dev by"
	echo "neighbour replace 2001:db8:2::20 lladdr $(ip netns exec dmz cat /sys/class/net/by/address) dev by"
	echo "route add 192.0.2.20/32 dev by src 10.1.0.10"
	echo "route add 2001:db8:2::20/128 dev by src 2001:db8:1::10"
} | ip -n core -batch -
ip -n dmz link set by up
for pair in "10.1.0.10 192.0.2.20" "2001:db8:1::10 2001:db8:2::20"; do
	talk=("$EQFW_PROBES/talk" from=core src="${pair% *}" to=dmz dst="${pair#* }" dport=8443 proto=tcp n=5)
	equal "${pair% *}: half a path is not enough with conntrack" "$("${talk[@]}" | cut -d' ' -f1)" no
done
reload pair
for pair in "10.1.0.10 192.0.2.20" "2001:db8:1::10 2001:db8:2::20"; do
	talk=("$EQFW_PROBES/talk" from=core src="${pair% *}" to=dmz dst="${pair#* }" dport=8443 proto=tcp n=5)
	equal "${pair% *}: half a path, mirrored" "$("${talk[@]}")" "answered 5"
done
lab_stop
