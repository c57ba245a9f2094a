#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The first load on a live box: connection tracking was off, so sessions that were idle have no
# entry. Each that speaks once in the time of adopt:, or first from its opener later, lives on; a SYN
# or a packet of another port is never adopted; a second load adopts nobody. A virtual address that
# comes from another router, which knew the sessions, begins it again; no other address does.
#
#   desk (core) --101 sessions, tcp 8443--> mcu (dmz)
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# compiled NAME WORD VALUE: lab with a line replaced
compiled() {
	sed "s/^name: .*/name: $1/; s/^$2: .*/$2: $3/" "$EQFW_VM/profiles/lab.yaml" >"$TMPDIR/$1.yaml"
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$1.yaml" -o "$TMPDIR/$1.bin" \
		>/dev/null 2>&1 || bail "profile $1 does not compile"
}

value() {
	local key rest
	ns_cat box /proc/net/eqfw/status
	VALUE=
	while read -r key rest; do
		[ "$key" != "$1" ] || VALUE=$rest
	done <<<"$LIB_TEXT"
}

over() {
	value adopt_left_s
	[ "$VALUE" = 0 ]
}

adopts() {
	value adopt_left_s
	[ "$VALUE" -gt 0 ]
}

# sessions DIR N: begin them; the answer lands in $TMPDIR/adopt
sessions() {
	mkdir "$TMPDIR/$1"
	"$EQFW_PROBES/adopt" from=core src=10.1.0.10 to=dmz dst=192.0.2.20 dport=8443 \
		n="$2" dir="$TMPDIR/$1" >"$TMPDIR/adopt" 2>&1 &
	adopt=$!
	check "$2 idle sessions and one more" wait_until 30 test -e "$TMPDIR/$1/ready"
}

compiled adopting adopt "${EQFW_ADOPT_S:-20}s"
lab_up
module_load || bail "insmod failed"
side_live core 2 10.1.0.10 2001:db8:1::10
side_live dmz 3 192.0.2.20 2001:db8:2::20
back="from=dmz to=core src=192.0.2.20 dst=10.1.0.10 proto=tcp"
sessions step "${EQFW_ADOPT_SESSIONS:-100}"
contains "the load says so" "$(ctl load --netns box "$TMPDIR/adopting.bin")" "are adopted for"
touch "$TMPDIR/step/loaded"
# shellcheck disable=SC2086
{
	value adopt_left_s
	[ "$VALUE" -gt 0 ] && ok "status says how long" || not_ok "adopt_left_s $VALUE"
	pkt $back sport=22 dport=6000 flags=A
	equal "a packet of another port is not adopted" "$REPLY" dropped
	drops state "an answer to SYN is not adopted" $back sport=8443 dport=6000 flags=SA
	pkt $back sport=8443 dport=6000 flags=S
	equal "a SYN is not adopted" "$REPLY" dropped
	check "each speaks once, from one end or the other" wait_until 60 test -e "$TMPDIR/step/spoken"
	check "the time is over" wait_until 60 over
	value adopted
	[ "$VALUE" -ge 33 ] && ok "adopted packets are counted" || not_ok "adopted $VALUE"
	adopted=$VALUE
	drops state "nothing is adopted any more" $back sport=8443 dport=6001 flags=A
	touch "$TMPDIR/step/over"
	wait $adopt
	equal "none is lost; who was silent comes back by its opener" "$(cat "$TMPDIR/adopt")" \
		"sessions ${EQFW_ADOPT_SESSIONS:-100} lost 0 late blocked again heard"
	value adopted
	equal "all that in the time alone" "$VALUE" "$adopted"
	check "another load" load lab
	pkt $back sport=8443 dport=6002 flags=A
	equal "a second load adopts nobody" "$REPLY" dropped
	value adopted
	equal "the count stays" "$VALUE" "$adopted"

	# Tracking forgets them, as the box does not know them that takes over.
	sed 's/^box:/box:\n  vip: [198.51.100.1, "2001:db8:ffff::1"]/' "$TMPDIR/adopting.yaml" >"$TMPDIR/virtual.yaml"
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/virtual.yaml" -o "$TMPDIR/virtual.bin" \
		>/dev/null 2>&1 || bail "the profile with vip: does not compile"
	check "load with virtual addresses" ctl load --netns box "$TMPDIR/virtual.bin"
	ip netns exec box sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=1
	sessions takeover 20
	sleep 2.5
	ip netns exec box sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=432000
	ip -n box address add 198.51.100.3/32 dev out0
	ip -n box address add 198.51.100.1/32 dev out0 valid_lft 300 preferred_lft 300
	ip -n box address add 2001:db8:ffff::1/128 dev out0 nodad valid_lft 300 preferred_lft 300
	sleep 0.3
	value adopt_left_s
	equal "no other address begins it, none with a lifetime" "$VALUE" 0
	drops state "and nothing is adopted" $back sport=8443 dport=6003 flags=A
	ip -n box address del 198.51.100.1/32 dev out0
	ip -n box address del 2001:db8:ffff::1/128 dev out0
	ctl monitor --netns box --json --changes --count 1 >"$TMPDIR/told" 2>&1 &
	monitor=$!
	sleep 0.5
	ip -n box address add 198.51.100.1/32 dev out0
	check "a virtual address begins it" wait_until 5 adopts
	pkt $back sport=8443 dport=6004 flags=S
	equal "no SYN" "$REPLY" dropped
	touch "$TMPDIR/takeover/loaded"
	wait $monitor
	equal "it is told" "$(jq -r .change "$TMPDIR/told")" adopt
	contains "in the journal, too" "$(dmesg | grep eqfw: | tail -n 1)" "a virtual address has come"
	check "each speaks once" wait_until 60 test -e "$TMPDIR/takeover/spoken"
	check "the time is over" wait_until 60 over
	drops state "nothing is adopted any more" $back sport=8443 dport=6005 flags=A
	touch "$TMPDIR/takeover/over"
	wait $adopt
	equal "none of 20 is lost" "$(cat "$TMPDIR/adopt")" "sessions 20 lost 0 late blocked again heard"
	ip -n box address add 2001:db8:ffff::1/128 dev out0 nodad
	check "an IPv6 one begins it, too" wait_until 5 adopts

	compiled crowded mode "enforce\nflows: 4000000000"
	contains "a small connection table is a warning" \
		"$(ctl load --netns box "$TMPDIR/crowded.bin" 2>&1)" "the deployment expects 4000000000 flows"
	contains "and stands in status" "$(ctl status --netns box)" "raise nf_conntrack_max"
}
lab_stop
