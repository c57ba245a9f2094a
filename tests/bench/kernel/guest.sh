#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest - load the same rules into eqfw and its rivals, compare verdicts, time them; inside a bed
#
# Each contender has a namespace of its own with a device bench0. From the runner: BENCH_SETS (their
# directories, made by bench-gen, with a file "set" of variables), BENCH_KO, BENCH_ROUNDS, BENCH_CPUS
# and what tests/vm/lib.sh wants. Writes results.tsv beside its log: set, what, figure, value, unit.
#
# What is timed is called "WHO PACKETS CPUS": "eqfw trace-90 1".
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

debug=/run/bench
out=/run/results/results.tsv
EARLY=-250:-250

control() { echo "$*" >$debug/eqfw_bench/control || not_ok "$SET: bench: $*"; }
# in_ns NS COMMAND...: /sys stays as it is, unlike with ip netns exec.
in_ns() { nsenter --net="/run/netns/$1" "${@:2}"; }
# case_in NS WHO PACKETS WORD...: one more case to time.
case_in() {
	local name="$2@$3"
	in_ns "$1" sh -c "echo 'case $name ${*:3}' >$debug/eqfw_bench/control" ||
		not_ok "$SET: case $name"
}
connect() { control "connect $1"; }

record() { printf '%s\t%s\t%s\t%s\t%s\n' "$SET" "$@" >>$out; }

room() {
	ip netns add "$1"
	ip -n "$1" link add bench0 type dummy
	ip -n "$1" link set bench0 up
}

# timed WHO COMMAND...: the time that loading takes.
timed() {
	local who=$1 start=$EPOCHREALTIME
	shift
	if ! "$@" >"$TMPDIR/said" 2>&1; then
		if grep -q 'not supported' "$TMPDIR/said"; then
			echo "# $SET: this kernel does not take $who"
			return 1
		fi
		not_ok "$SET: $who: $(tail -n 2 "$TMPDIR/said" | cut -c1-200)"
		return 1
	fi
	record "$who load" once "$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))" ms
}

# What brings connection tracking and defragmentation along, far from PRE_ROUTING.
track() {
	in_ns "$1" nft "add table inet track; add chain inet track out { type filter hook output priority 0; };
		add rule inet track out ct state new accept"
	in_ns "$1" sysctl -qw net.netfilter.nf_conntrack_udp_timeout=36000 \
		net.netfilter.nf_conntrack_udp_timeout_stream=36000
}

wants() { [[ " $forms " == *" $1 "* ]]; }
ip_word() { if [ "$family" = 4 ]; then echo ip; else echo ip6; fi; }

# ---- contenders: load the rules, then say what to time ----

base_cases() {
	local packets=$1
	case_in plain none "$packets" accept
	case_in plain empty "$packets" accept empty
	case_in plain empty-again "$packets" accept empty
}

start_plain() {
	room plain
	room chain
	in_ns chain nft "add table $(ip_word) t;
		add chain $(ip_word) t c { type filter hook prerouting priority -250; policy accept; }"
}

start_nft() {
	wants "$1" || return 0
	room "$1"
	timed "nft-$1" in_ns "$1" nft -f "$dir/$1.rules" || { forms=${forms/$1/}; return 0; }
	track "$1"
}

start_iptables() {
	wants iptables || return 0
	room iptables
	timed iptables in_ns iptables iptables-legacy-restore "$dir/iptables.rules"
}

start_ipset() {
	wants ipset || return 0
	room ipset
	timed ipset in_ns ipset ipset restore -f "$dir/ipset.rules" || return 0
	in_ns ipset iptables-legacy -t raw -P PREROUTING DROP
	in_ns ipset iptables-legacy -t raw -A PREROUTING -m set --match-set s src,dst,dst -j ACCEPT
}

start_eqfw() {
	room eqfw
	timed eqfw ctl load --netns eqfw "$dir/profile.bin" || return 0
	track eqfw
	local start=$EPOCHREALTIME times=20
	in_ns eqfw "$EQFW_PROBES/nl_reload" $times "$dir/other.bin" "$dir/profile.bin" ||
		not_ok "$SET: reload"
	record "eqfw reload" mean "$(((${EPOCHREALTIME/./} - ${start/./}) / times))" us
}

# What loads do under the namespace's mutex, when packets have counted: see timed.h.
swap_times() {
	local part
	in_ns eqfw "$EQFW_PROBES/nl_reload" 20 "$dir/other.bin" "$dir/profile.bin" || not_ok "$SET: reload"
	for part in swap grace fold; do
		tr , '\n' <"/sys/module/eqfw/parameters/bench_$part" | awk '$1 > 0' | sort -n | awk -v OFS='\t' \
			-v set="$SET" -v what="eqfw $part" '{ ns[NR] = $1 }
			END {
				print set, what, "min", sprintf("%.1f", ns[1] / 1000), "us"
				print set, what, "median", sprintf("%.1f", ns[int((NR + 1) / 2)] / 1000), "us"
				print set, what, "most", sprintf("%.1f", ns[NR] / 1000), "us"
			}' >>$out
	done
}

start_tracking() {
	room ct
	track ct
	room ctdrop
	track ctdrop
	in_ns ctdrop nft "add table $(ip_word) t;
		add chain $(ip_word) t c { type filter hook prerouting priority -100; policy drop; }"
	room ctstate
	track ctstate
	in_ns ctstate nft "add table $(ip_word) t;
		add chain $(ip_word) t c { type filter hook prerouting priority -100; policy drop; };
		add rule $(ip_word) t c ct state established accept"
}

# Linear lists would need minutes for all packets.
limit_of() {
	if [ "$rules" -gt 3000 ]; then echo limit=4096; elif [ "$rules" -gt 300 ]; then echo limit=32768; fi
}

verdict_cases() {
	local packets=$1 form
	base_cases "$packets"
	case_in chain nft-empty "$packets" accept hooks=$EARLY
	case_in eqfw eqfw "$packets" hooks=$EARLY
	for form in best concat; do
		! wants $form || case_in $form nft-$form "$packets" hooks=$EARLY
	done
	# shellcheck disable=SC2046  # a word or none
	! wants linear || case_in linear nft-linear "$packets" hooks=$EARLY $(limit_of)
	# shellcheck disable=SC2046
	! wants iptables || case_in iptables iptables "$packets" hooks=-300:-300 $(limit_of)
}

tracking_cases() {
	base_cases reply
	base_cases forward
	case_in ct ct-established forward accept hooks=-200:-200
	case_in ct ct-established reply accept hooks=-200:-200
	connect ct-established@forward
	connect ct-established@reply
	case_in ctstate ct-state forward accept hooks=-200:-100
	case_in ctstate ct-setup forward accept hooks=-200:-200
	case_in ctstate ct-setup reply accept hooks=-200:-200
	connect ct-setup@forward
	connect ct-setup@reply
	case_in eqfw eqfw+ct forward hooks=-250:-200
	case_in eqfw eqfw+ct-setup reply accept hooks=-200:-200
	connect eqfw+ct@forward
	connect eqfw+ct-setup@reply
	case_in eqfw eqfw+ct reply hooks=-250:-200
	case_in eqfw eqfw forward hooks=$EARLY
	case_in eqfw eqfw reply hooks=$EARLY
}

drop_cases() {
	base_cases junk
	case_in eqfw eqfw+ct junk drop hooks=-250:-200 release
	case_in ct ct-new junk accept hooks=-200:-200
	case_in ct ct-new-freed junk accept hooks=-200:-200 release
	case_in ctdrop ct-new-drop junk drop hooks=-200:-100 release
}

exact_cases() {
	base_cases exact
	case_in eqfw eqfw exact hooks=$EARLY
	case_in ipset ipset exact hooks=-300:-300
	! wants best || case_in best nft-best exact hooks=$EARLY
}

pieces_cases() {
	base_cases pieces
	case_in ct defrag pieces accept hooks=-400:-400 fresh
	case_in eqfw defrag+eqfw pieces hooks=-400:-250 fresh
	! wants best || case_in best defrag+nft-best pieces hooks=-400:-250 fresh
}

# Other cache states: each packet waits for the last; after 256 KiB, after 4 MiB of other data.
state_cases() {
	local who ns words state=$1
	shift
	words="$*"
	# shellcheck disable=SC2086  # words
	for who in plain:empty chain:nft-empty eqfw:eqfw best:nft-best; do
		ns=${who%%:*}
		[ "$ns" != best ] || wants best || continue
		case $ns in
		plain) case_in plain "empty-$state" trace-90 accept empty $words ;;
		chain) case_in chain "nft-empty-$state" trace-90 accept hooks=$EARLY $words ;;
		*) case_in "$ns" "${who#*:}-$state" trace-90 hooks=$EARLY $words ;;
		esac
	done
}

# ---- timing ----

wrong_verdicts() {
	local line name wrong
	while read -r name _ wrong line; do
		[ "$wrong" -eq 0 ] || not_ok "$SET: $name: $wrong wrong verdicts"
	done <$debug/eqfw_bench/results
}

# results CPUS: the module's results as rows; wrong verdicts are a failure.
results() {
	wrong_verdicts
	awk -F'\t' -v set="$SET" -v cpus="$1" -v OFS='\t' '{
		n = 0
		for (i = 4; i <= NF; i++) {
			for (j = n++; j > 0 && ps[j - 1] > $i + 0; j--) ps[j] = ps[j - 1]
			ps[j] = $i + 0
		}
		sub(/@/, " ", $1)
		print set, $1 " " cpus, "min", sprintf("%.2f", ps[0] / 1000), "ns"
		print set, $1 " " cpus, "median", sprintf("%.2f", ps[int(n / 2)] / 1000), "ns"
		print set, $1 " " cpus, "packets", $2, "packets"
	}' $debug/eqfw_bench/results >>$out
}

# The same hook twice: what a difference means. Percent into SPREAD.
spread() {
	SPREAD=$(awk -F'\t' '
		function min(   i, m) { m = $4; for (i = 5; i <= NF; i++) if ($i + 0 < m + 0) m = $i; return m }
		$1 ~ /^empty@/ { a = min() }
		$1 ~ /^empty-again@/ { b = min() }
		END { print a && b ? 100 * (a > b ? a / b - 1 : b / a - 1) : 0 }' $debug/eqfw_bench/results)
}

# time_cases NAME: check, then rounds on one CPU and, where there are two, on both. A noise that lasts
# shorter than a try cannot spoil all: each try has twice as many rounds. BENCH_ROUNDS=0: check alone.
time_cases() {
	local cpus try rounds
	control check
	if [ "$BENCH_ROUNDS" -eq 0 ]; then
		[ "$(wc -l <$debug/eqfw_bench/results)" -gt 0 ] || not_ok "$SET $1: no cases"
		wrong_verdicts
		ok "$SET $1: verdicts compared"
		control clear
		return
	fi
	for ((cpus = 1; cpus <= BENCH_CPUS; cpus++)); do
		rounds=$BENCH_ROUNDS
		for try in 1 2 3 4 5; do
			control "run $((rounds < 64 ? rounds : 64)) $cpus"
			rounds=$((2 * rounds))
			spread
			if awk "BEGIN { exit !($SPREAD < 5) }"; then break; fi
			echo "# $SET $1, $cpus CPUs, try $try: the same hook differs by $SPREAD %"
		done
		results $cpus
		record "A/A $1 $cpus" spread "$SPREAD" percent
		if awk "BEGIN { exit !($SPREAD < 5) }"; then
			ok "$SET $1, $cpus CPUs: verdicts right, the same hook differs by $SPREAD %"
		else
			not_ok "$SET $1, $cpus CPUs: the same hook differs by $SPREAD %: the machine is not quiet"
		fi
	done
	control clear
}

traces() {
	local name
	for name; do control "trace $name $dir/$name.bin"; done
}

run_cases() {
	local hit
	for hit in $hits; do
		traces "trace-$hit"
		verdict_cases "trace-$hit"
		time_cases "trace-$hit"
	done
	traces forward reply
	tracking_cases
	time_cases tracking
	traces junk
	drop_cases
	time_cases drops
	if wants ipset; then
		traces exact
		exact_cases
		time_cases exact
	fi
}

run_pieces() {
	traces pieces
	pieces_cases
	BENCH_CPUS=1 time_cases pieces
}

run_states() {
	traces trace-90
	base_cases trace-90
	state_cases serial serial
	state_cases L1 cold=262144 limit=4096
	state_cases L2 cold=4194304 limit=1024
	BENCH_CPUS=1 time_cases states
}

run_set() {
	local dir=$1 forms hits family rules extra fact value name
	# shellcheck source=/dev/null
	. "$dir/set"
	SET=$(basename "$dir")
	while read -r fact value; do record "$fact" fact "$value" ""; done <"$dir/facts.tsv"
	start_plain
	start_eqfw
	start_tracking
	for name in best concat linear; do start_nft $name; done
	start_iptables
	start_ipset
	run_cases
	swap_times
	[[ " $extra " != *" pieces "* ]] || run_pieces
	[[ " $extra " != *" states "* ]] || run_states
	for name in $(ip netns list | cut -d' ' -f1); do ip netns del "$name"; done
}

# The edges of the format (tests/vm/giant.c). A load of `ranges` stands between loads of something small.
run_giants() {
	local start pairs=10
	SET=giants
	room eqfw
	ctl load --netns eqfw "$BENCH_GIANTS/ranges.bin" || not_ok "load ranges"
	start=$EPOCHREALTIME
	in_ns eqfw "$EQFW_PROBES/nl_reload" $((2 * pairs)) "$BENCH_GIANTS/small.bin" "$BENCH_GIANTS/ranges.bin" ||
		not_ok "$SET: reload"
	record "ranges load" mean "$(((${EPOCHREALTIME/./} - ${start/./}) / pairs))" us
	timed full ctl load --netns eqfw "$BENCH_GIANTS/full.bin"
	ip netns del eqfw
}

mkdir -p $debug
mount -t debugfs debugfs $debug
: >$out
insmod "$BENCH_KO" || bail "insmod $BENCH_KO"
module_load || bail "insmod eqfw"
for set in $BENCH_SETS; do run_set "$set"; done
run_giants
rmmod eqfw_bench || not_ok "rmmod"
module_unload || not_ok "module still held"
finish
