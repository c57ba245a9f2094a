#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the box itself sends: answers to it pass because it asked, what it hears of its own
# multicast is never judged, and connection tracking reads no other packet than the one judged.
#
#   box --tcp 9443--> friend (outside); box --udp 5000--> 239.1.1.1, of which it is a member
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# profile_of NAME LINE...: the lab with little in it and with lines of its own
profile_of() {
	local name=$1
	shift
	cat - >"$TMPDIR/$name.yaml" <<-YAML
		eqfw: deployment/1
		name: $name
		matrix: equinox-9
		box: {address: [198.51.100.2, 192.0.2.1, 10.1.0.1,
		                "2001:db8:ffff::2", "2001:db8:2::1", "2001:db8:1::1"]}
		zones:
		  outside: {interfaces: [out0], default: true}
		  core: {interfaces: [core0], networks: [10.1.0.0/16, "2001:db8:1::/64"]}
		hosts:
		  desk: {roles: [sony-endpoint], zone: core, address: [10.1.0.10, "2001:db8:1::10"]}
		  friend: {roles: [sony-endpoint], zone: outside,
		           address: [198.51.100.77, "2001:db8:ffff::77"]}
		site-rows:
		  - {from: friend, to: desk, service: tcp 1720, name: setup, because: "test"}
		$(printf '%s\n' "$@")
	YAML
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$name.yaml" \
		-o "$TMPDIR/$name.bin" >/dev/null || bail "profile $name does not compile"
}

# ask_friend ADDRESS FAMILY: the box sends a SYN; its source port lands in PORT
ask_friend() {
	ip netns exec box timeout 1 bash -c "exec 3<>/dev/tcp/$1/9443" 2>/dev/null
	PORT=$(ip netns exec box conntrack -L -f "$2" -p tcp --orig-port-dst 9443 2>/dev/null |
		sed -n "s/.* dst=$1 sport=\([0-9]*\) .*UNREPLIED.*/\1/p" | head -n 1)
}

profile_of hosts "mode: enforce"
profile_of all "scope: all" "mode: enforce"
lab_up
module_load || bail "insmod failed"
EQFW_PROFILES=$TMPDIR load hosts || bail "load failed"
for family in 4 6; do
	if [ $family = 4 ]; then
		friend=198.51.100.77 box=198.51.100.2
		ask_friend $friend ipv4
	else
		friend=2001:db8:ffff::77 box=2001:db8:ffff::2
		ask_friend $friend ipv6
	fi
	back="from=outside to=box src=$friend dst=$box proto=tcp sport=9443"
	drops_sum
	before=$COUNT
	# shellcheck disable=SC2086
	pkt $back dport="$PORT" flags=SA seq=1 ack=1
	drops_sum
	equal "v$family the answer to what the box asked (port ${PORT:-none})" $((COUNT - before)) 0
	# shellcheck disable=SC2086
	{
		drops pair "v$family an answer that it did not ask for" $back dport=9 flags=SA
		drops pair "v$family SYN to the port that asked" $back dport="$PORT" flags=S
	}
done
# An authentication header, then a TCP header with SYN: no rule permits protocol 51.
tcp=$(printf '24e3%04x00000001000000005002200000000000' "$PORT")
drops pair "v6 TCP inside an authentication header is not what the box asked for" \
	from=outside to=box src="$friend" dst="$box" proto=51 \
	l4="060400000000000100000001000000000000000000000000$tcp"

EQFW_PROFILES=$TMPDIR
check "scope: all" load all
count drop spoof
before=$COUNT
check "the box sends to a group of its own" ip netns exec box /usr/bin/python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 5000))
s.settimeout(2)
me = socket.inet_aton("239.1.1.1") + socket.inet_aton("198.51.100.2")
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, me)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, me[4:])
s.sendto(b"x", ("239.1.1.1", 5000))
s.recv(10)'
count drop spoof
equal "and hears itself unjudged" $((COUNT - before)) 0
lab_stop
