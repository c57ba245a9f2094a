#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The armed trace shows each packet's way, takes nothing else, and ends by itself: after its packets,
# after its time, by a signal, with the profile. The tracepoint names verdict, reason, item and zones.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

TRACING=/sys/kernel/tracing

joined() { ip netns exec box awk 'NR > 1 && $2 == 16 && $4 != "00000000"' /proc/net/netlink | wc -l; }
more_joined() { [ "$(joined)" -gt "$1" ]; }

# arm FILE ARGUMENTS...: a trace in the background; the wait is over when it is armed
arm() {
	local file=$1 groups
	shift
	groups=$(joined)
	"$EQFW_CTL" trace --netns box "$@" >"$file" 2>"$file.err" &
	TRACER=$!
	wait_until 10 more_joined "$groups" || not_ok "trace does not begin: $(cat "$file.err")"
	sleep 0.3
}

# ended TEXT: the trace ends by itself, and well. (A subshell could not wait for it.)
ended() {
	wait "$TRACER"
	equal "$1" $? 0
}

ask() { jq -sr "$2" "$1"; }

lab_start
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
before=$(ctl status --netns box --json | jq .generation)
# shellcheck disable=SC2086
{
	arm "$TMPDIR/count" --from desk --to mcu --proto udp --count 3 --for 60s --json
	pkt from=outside to=dmz src=198.51.100.77 dst=192.0.2.20 dport=1719
	pkt $way proto=tcp dport=8443
	pkt $way dport=7000
	pkt $way dport=9 n=10
	ended "three packets end it"
	equal "no packet but those asked for" \
		"$(ask "$TMPDIR/count" '[.[] | .proto, .to.port, .verdict] | join(" ")')" \
		"udp 7000 pass udp 9 drop udp 9 drop"
	equal "forward, reverse, conntrack of what passes" \
		"$(ask "$TMPDIR/count" '.[0] | [.forward.permitted, .forward.item, .reverse.permitted, .conntrack, .item, .from.class, .to.zone] | join(" ")')" \
		"true site/media false none site/media desk dmz"
	equal "and of what does not" \
		"$(ask "$TMPDIR/count" '.[1] | [.forward.reason, .reason, .conntrack_asked] | join(" ")')" \
		"port port false"

	# A reply: conntrack is asked.
	pkt $way dport=7001 sport=41001
	arm "$TMPDIR/reply" --from mcu --to desk --count 1 --for 60s --json
	pkt from=dmz to=core src=192.0.2.20 dst=10.1.0.10 sport=7001 dport=41001
	wait "$TRACER"
	equal "the way of a reply" \
		"$(ask "$TMPDIR/reply" '.[0] | [.verdict, .conntrack, .conntrack_asked, .reverse.item] | join(" ")')" \
		"pass reply true site/media"

	arm "$TMPDIR/both" --from desk --to mcu --dport 7001 --both --count 2 --for 60s --json
	pkt $way dport=7001 sport=41001
	pkt from=dmz to=core src=192.0.2.20 dst=10.1.0.10 sport=7001 dport=41001
	ended "both directions"

	SECONDS=0
	arm "$TMPDIR/time" --from 203.0.113.0/24 --for 2s
	ended "its time ends it"
	contains "and that is said" "$(cat "$TMPDIR/time")" "0 packets; time is over"
	if [ "$SECONDS" -le 5 ]; then ok "in time"; else not_ok "after $SECONDS s"; fi

	arm "$TMPDIR/text" --from desk --to mcu --dport 9 --count 1 --for 60s
	pkt $way dport=9
	wait "$TRACER"
	contains "text for people" "$(cat "$TMPDIR/text")" "drop port  udp 10.1.0.10:"

	arm "$TMPDIR/first" --from desk --for 60s
	"$EQFW_CTL" trace --netns box --from desk --for 60s >"$TMPDIR/second" &
	first=$TRACER
	TRACER=$!
	wait "$first"
	contains "a second trace ends the first" "$(cat "$TMPDIR/first")" "switched off"
	wait_until 10 more_joined 0
	kill -INT "$TRACER"
	ended "a signal ends it"

	# Armed while the profile goes.
	arm "$TMPDIR/gone" --from desk --for 60s
	check "clear with an armed trace" ctl clear --netns box
	ended "which ends with it"
	status "no trace without a profile" 1 "$EQFW_CTL" trace --netns box --for 1s
	load lab

	equal "a trace changes no generation" "$(ctl status --netns box --json | jq .generation)" \
		$((before + 2))

	[ -d $TRACING/events ] || mount -t tracefs nodev $TRACING
	if [ -d $TRACING/events/eqfw ]; then
		echo 1 >$TRACING/events/eqfw/eqfw_verdict/enable
		pkt $way dport=7000
		pkt $way dport=9
		echo 0 >$TRACING/events/eqfw/eqfw_verdict/enable
		lines=$(grep eqfw_verdict: $TRACING/trace)
		contains "tracepoint: a pass" "$lines" "pass reason=none item=site/media zones=core>dmz in=core0"
		contains "tracepoint: a drop" "$lines" "drop reason=port item=- zones=core>dmz in=core0"
		contains "tracepoint: addresses and ports" "$lines" "dst=192.0.2.20:9 "
		echo >$TRACING/trace
	elif [[ $EQFW_BED == uml-* ]]; then
		not_ok "no tracepoint in $TRACING"
	fi

	arm "$TMPDIR/dying" --from desk --for 60s
	pkt $way dport=9 n=50
	lab_down
	wait "$TRACER"
}
lab_stop
