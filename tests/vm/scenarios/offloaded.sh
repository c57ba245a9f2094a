#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K40: a flow in a flowtable is beyond any hook: while there is one that the live profile denies,
# `status` says that it enforces only partly, which flows, and exits 1; one that is permitted is no
# matter. A TCP connection that has left the flowtable is judged as one that tracking knows from its
# first packet, though both its ends are liberal now.
#
#   desk (core) --udp 7000, tcp 7000--> mcu (dmz),  friend (outside) --udp 5004--> desk
#
# nf_tables of 6.1 itself warns of RCU use there (lists walked under its own mutex), which fails a boot:
# beds: uml-7
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

state() { ctl status --netns box; }
field() { ctl status --netns box --json | jq -c "$1"; }
entries() { ip netns exec box conntrack -L 2>/dev/null; }
offloaded() { entries | grep -c OFFLOAD; }
gone() { [ "$(offloaded)" -eq "$1" ]; }

# offload TEXT ITEM FROM TO SRC DST SPORT DPORT: a packet each way, and the flowtable has it.
offload() {
	local there="from=$3 to=$4 src=$5 dst=$6 sport=$7 dport=$8" seen
	# shellcheck disable=SC2086
	passes "$2" "$1: request" $there
	passes - "$1: answer" "from=$4" "to=$3" "src=$6" "dst=$5" "sport=$8" "dport=$7"
	count item "$2"
	seen=$COUNT
	# shellcheck disable=SC2086
	passes - "$1: it passes still" $there
	count item "$2"
	equal "$1: eqfw sees it no more" "$COUNT" "$seen"
}

# compiled NAME: lab with the site rows of stdin besides
compiled() {
	cat >"$TMPDIR/rows"
	sed "s/^name: .*/name: $1/; /^site-rows:/r $TMPDIR/rows" "$EQFW_VM/profiles/lab.yaml" >"$TMPDIR/$1.yaml"
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$1.yaml" -o "$TMPDIR/$1.bin" \
		>/dev/null 2>&1 || bail "profile $1 does not compile"
}

tcp="from=core to=dmz src=10.1.0.10 dst=192.0.2.20 sport=5000 dport=7000 proto=tcp"
back="from=dmz to=core src=192.0.2.20 dst=10.1.0.10 sport=7000 dport=5000 proto=tcp"
mirrored='  - {from: mcu, to: desk, service: tcp 5000, name: mirrored, because: "from the other end"}'
compiled mirrored <<<"$mirrored"
compiled held <<<"$mirrored
  - {from: desk, to: mcu, service: tcp 7000, name: held, because: \"test\"}"

lab_start
status "no flowtable: exit 0" 0 state
equal "no flowtable: json" "$(field .offloaded_denied)" '{"flows":0,"first":[]}'
check "the kernel takes a flowtable" ip netns exec box nft -f - <<-NFT
	table inet fast {
		flowtable f { hook ingress priority 0; devices = { core0, dmz0, out0 }; }
		chain c { type filter hook forward priority 0; meta l4proto { tcp, udp } flow add @f; }
	}
NFT
offload "v4 media" site/media core dmz 10.1.0.10 192.0.2.20 5000 7000
offload "v6 media" site/media core dmz 2001:db8:1::10 2001:db8:2::20 5000 7001
offload "v4 stay" site/stay outside core 198.51.100.77 10.1.0.10 5000 5004
equal "all three are offloaded" "$(offloaded)" 3
status "all are permitted: exit 0" 0 state
contains "all are permitted: it enforces" "$LIB_SAID" "eqfw: enforcing lab"

load lab-less || bail "load failed"
passes - "K40 a denied flow still passes" from=core to=dmz src=10.1.0.10 dst=192.0.2.20 sport=5000 dport=7000
drops proto "K40 its like that is not offloaded does not" \
	from=core to=dmz src=10.1.0.10 dst=192.0.2.20 sport=5000 dport=7002
status "K40 two are denied: exit 1" 1 state
contains "K40 it says so" "$LIB_SAID" "eqfw: enforcing partly lab-less"
contains "K40 how many" "$LIB_SAID" "forwards 2 flows that this profile denies"
contains "K40 which, v4" "$LIB_SAID" "udp 10.1.0.10:5000 -> 192.0.2.20:7000 (in on core0): proto"
contains "K40 which, v6" "$LIB_SAID" "udp [2001:db8:1::10]:5000 -> [2001:db8:2::20]:7001 (in on core0): proto"
equal "K40 not the permitted one" "$(grep -c 5004 <<<"$LIB_SAID")" 0
equal "K40 json: state" "$(field .state)" '"enforcing"'
equal "K40 json: how many" "$(field .offloaded_denied.flows)" 2
equal "K40 json: which" "$(field '.offloaded_denied.first | length')" 2

for port in 7000 7001; do
	check "end the flow to port $port" ip netns exec box sh -c \
		"conntrack -D -p udp --dport $port || conntrack -D -f ipv6 -p udp --dport $port"
done
check "only the permitted one is left" wait_until 20 gone 1
status "K40 after their end: exit 0" 0 state
contains "K40 after their end: it enforces" "$LIB_SAID" "eqfw: enforcing lab-less"
drops proto "K40 after their end: dropped" from=core to=dmz src=10.1.0.10 dst=192.0.2.20 sport=5000 dport=7000
# shellcheck disable=SC2086
{
	check "a profile for TCP" ctl load --netns box "$TMPDIR/held.bin"
	passes site/held "tcp: SYN" $tcp flags=S
	passes site/mirrored "tcp: its answer" $back flags=SA ack=1001
	passes site/held "tcp: established" $tcp flags=A seq=1001 ack=1001
	passes - "tcp: it passes still" $tcp flags=A seq=1001 ack=1001
	count item site/held
	equal "tcp: eqfw sees it no more" "$COUNT" 2
	check "without its item, but with one from its far end" ctl load --netns box "$TMPDIR/mirrored.bin"
	status "K40 tcp: denied: exit 1" 1 state
	contains "K40 tcp: which" "$LIB_SAID" "tcp 10.1.0.10:5000 -> 192.0.2.20:7000 (in on core0)"
	ip netns exec box nft flush ruleset
	check "K40 tcp: nothing is offloaded any more" wait_until 20 gone 0
	drops state "K40 tcp: what one end opened is not what the other may open" $tcp flags=A seq=1001 ack=1001
	passes site/mirrored "K40 tcp: which may" $back flags=A seq=1001 ack=1001
}
lab_stop
