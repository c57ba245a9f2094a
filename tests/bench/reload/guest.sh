#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest - reload rules while packets run, eqfw and three ways of nft one after the other; in a bed
#
#   friend (outside) --udp 5004: always, udp 5005: never--> desk (core)     stream, on all CPUs
#   desk (core) --udp 7005: by rules A alone, udp 5006: always--> mcu (dmz)  churn, after each load
#
# From the runner: BENCH_RELOADS (of eqfw at most), BENCH_SECONDS for eqfw, BENCH_NFT_SECONDS for each
# of nft's, BENCH_PROGRAMS and what tests/vm/lib.sh wants. eqfw must judge every packet right; nft's
# figures are only told.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

out=/run/results/results.tsv
box="table ip r"
chain="chain c { type filter hook prerouting priority -250; policy drop;"
filler=200

record() { printf 'reload\t%s\t%s\t%s\t%s\n' "$@" >>$out; }

# run WHO KIND A B TIMES SECONDS: stream and churn together; figures into SENT MISJUDGED LATE LOST RELOADS
run() {
	local who=$1 good_sent good_came bad_sent bad_came pid status
	rm -f "$TMPDIR"/{ready,stop}
	# What is left of the processors is the stream's: else each load waits for its turn, not for RCU.
	nice -n 10 "$EQFW_PROBES/stream" from=outside to=core src=198.51.100.77 dst=10.1.0.10 good=5004 bad=5005 \
		threads=2 ready="$TMPDIR/ready" until="$TMPDIR/stop" >"$TMPDIR/sums" &
	pid=$!
	wait_until 20 test -e "$TMPDIR/ready" || not_ok "$who: packets flow"
	ip netns exec box "$BENCH_PROGRAMS/churn" "$2" "$3" "$4" times="$5" seconds="$6" \
		from=core to=dmz src=10.1.0.10 dst=192.0.2.20 dport=7005 marker=5006 >"$TMPDIR/churn" 2>&1
	status=$?
	touch "$TMPDIR/stop"
	wait $pid
	if [ $status -ne 0 ]; then
		not_ok "$who: $(head -n 1 "$TMPDIR/churn" | cut -c1-160)"
		return 1
	fi
	read -r _ good_sent good_came _ bad_sent bad_came <"$TMPDIR/sums"
	read -r _ RELOADS _ LATE _ LOST <"$TMPDIR/churn"
	SENT=$((good_sent + bad_sent)) MISJUDGED=$((good_sent - good_came + bad_came))
	echo "# $who: reloads $RELOADS, packets $SENT, misjudged $MISJUDGED, late $LATE, lost $LOST"
	record "$who" reloads "$RELOADS" ""
	record "$who" sent "$SENT" packets
	record "$who" misjudged "$MISJUDGED" packets
	record "$who" late "$LATE" packets
}

eqfw() {
	module_load || bail "insmod"
	ctl load --netns box "$BENCH_PROGRAMS/more.bin" || bail "load"
	run eqfw eqfw "$BENCH_PROGRAMS/more.bin" "$BENCH_PROGRAMS/less.bin" "$BENCH_RELOADS" "$BENCH_SECONDS" || return
	equal "eqfw: packets misjudged in $RELOADS reloads" "$MISJUDGED" 0
	equal "eqfw: late verdicts" "$LATE" 0
	equal "eqfw: markers lost" "$LOST" 0
	check "eqfw: reloads" test "$RELOADS" -ge 100
	check "eqfw: packets" test "$SENT" -gt 1000
	ctl clear --netns box || not_ok "clear"
}

# Rules A, or B without port 7005, in one of three forms.
ports() { if [ "$1" = A ]; then echo 5004 5006 7005; else echo 5004 5006; fi; }

concat_elements() {
	local port i list=
	for ((i = 0; i < filler; i++)); do list+="10.9.$((i / 250)).$((i % 250)) . 10.8.0.1 . udp . 100-$((200 + i)), "; done
	for port in $(ports "$1"); do
		list+="198.51.100.77 . 10.1.0.10 . udp . $port, 10.1.0.10 . 192.0.2.20 . udp . $port, "
	done
	echo "$list"
}

interval_elements() {
	local port i list=
	for ((i = 0; i < filler; i++)); do list+="$((10000 + 100 * i))-$((10050 + 100 * i)), "; done
	for port in $(ports "$1"); do list+="$port, "; done
	echo "$list"
}

concat_set="set s { type ipv4_addr . ipv4_addr . inet_proto . inet_service; flags interval; }
	$chain
		ip saddr . ip daddr . meta l4proto . th dport @s accept
	}"
interval_set="set s { type inet_service; flags interval; }
	$chain
		udp dport @s accept
	}"

# nft_way WHO SET ELEMENTS-FUNCTION: flush and fill the set again
nft_set() {
	local rules
	for rules in A B; do
		echo "flush set ip r s; add element ip r s { $($3 $rules) }" >"$TMPDIR/$rules"
	done
	if ! ip netns exec box nft "$box { $2
		}" 2>"$TMPDIR/said"; then
		if grep -q 'not supported' "$TMPDIR/said"; then
			echo "# this kernel does not take: $1"
		else
			not_ok "$1: $(head -n 2 "$TMPDIR/said" | cut -c1-160)"
		fi
		return
	fi
	ip netns exec box nft -f "$TMPDIR/A" 2>"$TMPDIR/said" || not_ok "$1: $(head -n 2 "$TMPDIR/said" | cut -c1-160)"
	run "$1" nft "$TMPDIR/A" "$TMPDIR/B" 100000000 "$BENCH_NFT_SECONDS"
	ip netns exec box nft delete table ip r
}

nft_table() {
	local rules
	for rules in A B; do
		echo "add table ip r; delete table ip r; $box { ${interval_set/interval; /interval; elements = {
			$(interval_elements $rules) \}; }
		}" >"$TMPDIR/$rules"
	done
	ip netns exec box nft -f "$TMPDIR/A" 2>"$TMPDIR/said" || not_ok "$1: $(head -n 2 "$TMPDIR/said" | cut -c1-160)"
	run "$1" nft "$TMPDIR/A" "$TMPDIR/B" 100000000 "$BENCH_NFT_SECONDS"
	ip netns exec box nft delete table ip r
}

: >$out
lab_up
eqfw
nft_set "nft, concatenated range set refilled" "$concat_set" concat_elements
nft_set "nft, interval set refilled" "$interval_set" interval_elements
nft_table "nft, table replaced"
lab_stop
