#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest - packets per second through a whole box: without rules, with eqfw, with others; in a bed
#
#   bench0 (packets as a driver hands them over) --> routing --> out0 (a dummy that frees them)
#
# Each box is a namespace. From the runner: BENCH_SET (made by bench-gen), BENCH_KO, BENCH_ROUNDS,
# BENCH_CPUS and what tests/vm/lib.sh wants.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

debug=/run/bench
out=/run/results/results.tsv
boxes="none conntrack eqfw nft-best nft-best+conntrack"

control() { echo "$*" >$debug/eqfw_bench/control || not_ok "bench: $*"; }
in_ns() { nsenter --net="/run/netns/$1" "${@:2}"; }
track() { in_ns "$1" nft "add table inet t; add chain inet t o { type filter hook output priority 0; };
	add rule inet t o ct state new accept"; }

box() {
	ip netns add "$1"
	ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0
	ip -n "$1" link add bench0 type dummy
	ip -n "$1" link add out0 type dummy
	ip -n "$1" link set bench0 up
	ip -n "$1" link set out0 up
	ip -n "$1" route add 10.0.0.0/8 dev out0
}

sent() { ip -n "$1" -s -j link show out0 | sed 's/.*"tx":{[^}]*"packets":\([0-9]*\).*/\1/'; }

# Every packet of one pass through the trace must come out.
check_box() {
	local before after want=4096
	control "trace forward $BENCH_SET/forward.bin"
	before=$(sent "$1")
	in_ns "$1" sh -c "echo 'case $1 forward accept forward' >$debug/eqfw_bench/control"
	control check
	after=$(sent "$1")
	equal "$1: packets of $want that came through" $((after - before)) $want
	control clear
}

time_boxes() {
	local box
	control "trace forward $BENCH_SET/forward.bin"
	for box in $boxes; do
		in_ns "$box" sh -c "echo 'case $box forward accept forward' >$debug/eqfw_bench/control"
	done
	control "run $BENCH_ROUNDS $1"
	awk -F'\t' -v cpus="$1" -v OFS='\t' '{
		n = 0
		for (i = 4; i <= NF; i++) {
			for (j = n++; j > 0 && ps[j - 1] > $i + 0; j--) ps[j] = ps[j - 1]
			ps[j] = $i + 0
		}
		print "path", $1 " " cpus, "median", int(cpus * 1e12 / ps[int(n / 2)]), "packets/s"
		print "path", $1 " " cpus, "most", int(cpus * 1e12 / ps[0]), "packets/s"
	}' $debug/eqfw_bench/results >>$out
	control clear
}

: >$out
mkdir -p $debug
mount -t debugfs debugfs $debug
insmod "$BENCH_KO" || bail "insmod $BENCH_KO"
module_load || bail "insmod eqfw"
for name in $boxes; do box "$name"; done
track conntrack
track nft-best+conntrack
ctl load --netns eqfw "$BENCH_SET/profile.bin" || bail "load"
for name in nft-best nft-best+conntrack; do
	in_ns $name nft -f "$BENCH_SET/best.rules" || bail "nft"
done
for name in $boxes; do check_box "$name"; done
for ((cpus = 1; cpus <= BENCH_CPUS; cpus++)); do time_boxes $cpus; done
rmmod eqfw_bench || not_ok "rmmod"
for name in $boxes; do ip netns del "$name"; done
module_unload || not_ok "module still held"
finish
