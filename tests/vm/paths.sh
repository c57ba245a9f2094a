# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# paths.sh - real stacks on both ends of a path whose last link varies; sourced behind lib.sh
#
# The end in core gets its addresses on a device of the scenario's choice; dmz answers.

# paths_up: the lab with the profile "paths" and a live end in dmz
paths_up() {
	lab_start paths
	probe_stop
	side_live dmz 3 192.0.2.20 2001:db8:2::20
	ip netns exec core sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0
	ip -n core link set lo up
	# The device that has the address answers for it, not the one below: frames go to its own MAC.
	ip netns exec box sysctl -qw net.ipv4.conf.all.arp_ignore=1
	ip -n box address flush dev core0 scope global
}

# path_addresses BOX_DEV CORE_DEV [TABLE]: both ends of the link, and the routes over it
path_addresses() {
	local dev=$1 end=$2 table=${3:-main}
	ip -n box -batch - <<-BATCH
		link set $dev up
		address replace 10.1.0.1/24 dev $dev noprefixroute
		address replace fe80::1/64 dev $dev nodad
		address replace 2001:db8:1::1/64 dev $dev nodad noprefixroute
		route replace 10.1.0.0/24 dev $dev table $table
		route replace 2001:db8:1::/64 dev $dev table $table
	BATCH
	ip -n core -batch - <<-BATCH
		link set $end up
		address replace 10.1.0.10/24 dev $end
		address replace 2001:db8:1::10/64 dev $end nodad
		route replace default via 10.1.0.1 dev $end
		route replace ::/0 via 2001:db8:1::1 dev $end
	BATCH
	ip -n core neighbour flush all
}

counted_is() {
	count "$1" "$2"
	[ "$COUNT" -eq "$3" ]
}

# talks TEXT NS SRC DST ITEM: five datagrams there, five answers back, each judged once
talks() {
	local text=$1 ns=$2 src=$3 dst=$4 item=$5 before said
	count item "$item"
	before=$COUNT
	said=$("$EQFW_PROBES/talk" from="$ns" src="$src" to=dmz dst="$dst" dport=7000 proto=udp n=5)
	wait_until 2 counted_is item "$item" $((before + 10))
	equal "$text" "$said, judged $((COUNT - before)) times" "answered 5, judged 10 times"
}

# refused TEXT NS SRC DST REASON: one datagram to a closed port, dropped once
refused() {
	local text=$1 ns=$2 src=$3 dst=$4 reason=$5 before
	count drop "$reason"
	before=$COUNT
	"$EQFW_PROBES/talk" from="$ns" src="$src" to=dmz dst="$dst" dport=9 proto=udp n=1 >/dev/null
	count drop "$reason"
	equal "$text" "$reason $((COUNT - before))" "$reason 1"
}

# judged_once TEXT: both families over the path to dmz
judged_once() {
	talks "$1: v4" core 10.1.0.10 192.0.2.20 site/media
	talks "$1: v6" core 2001:db8:1::10 2001:db8:2::20 site/media
	refused "$1: v4 closed port" core 10.1.0.10 192.0.2.20 port
	refused "$1: v6 closed port" core 2001:db8:1::10 2001:db8:2::20 port
}
