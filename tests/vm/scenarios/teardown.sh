#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F9, F10: the module and namespaces come and go under a flood from each CPU: in the middle of a load,
# a dump, a trace, with a profile staged, and at the moment when a deadline passes.
#
#   anybody (outside) --udp, tcp, v4, v6--> desk: closed
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

FLOODERS=()
flood_start() {
	local cpu
	rm -f "$TMPDIR/enough"
	for ((cpu = 0; cpu < $(nproc); cpu++)); do
		nice -n 19 taskset -c $cpu "$EQFW_PROBES/flood" from=outside dst4=10.1.0.10 dst6=2001:db8:1::10 \
			until="$TMPDIR/enough" &
		FLOODERS+=($!)
	done
}

flood_stop() {
	touch "$TMPDIR/enough"
	wait "${FLOODERS[@]}"
	FLOODERS=()
}

# dropping NETNS: the flood is judged there
dropping() {
	ip netns exec "$1" awk '$1 == "drop" { n += $3 } END { exit !(n > 500) }' /proc/net/eqfw/drops
}

lab_up
flood_start
for round in 1 2; do
	module_load || not_ok "round $round: insmod"
	load lab >/dev/null 2>&1 || not_ok "round $round: load"
	wait_until 20 dropping box || not_ok "round $round: the flood is not judged"
	if [ $((round % 2)) = 1 ]; then ctl clear --netns box >/dev/null; else lab_down; fi
	module_unload || not_ok "round $round: rmmod"
done
flood_stop
lab_down
ok "F9 two rounds of insmod, load, clear or the namespace's end, rmmod under a flood"

module_load
ip netns add outside

# dying_up: a namespace that enforces, under a flood
dying_up() {
	ip netns add dying
	ip link add out0 netns dying address "$LIB_MAC_BOX" type veth \
		peer name eth0 netns outside address "$LIB_MAC_SIDE"
	ip -n dying link set out0 up
	ip -n outside link set eth0 up
	load lab dying >/dev/null 2>&1 || not_ok "load"
	flood_start
	wait_until 20 dropping dying || not_ok "the flood is not judged"
}

# inside COMMAND...: in the background, as HELPER, known by its process id
inside() {
	nsenter --net=/run/netns/dying "$@" >/dev/null 2>&1 &
	HELPER=$!
}

holds() { ip netns pids dying | grep -q .; }

# dying_down TEXT: the name goes, then the last one who is in it, then all else
dying_down() {
	check "F10 a namespace under a flood goes: $1" ip netns del dying
	[ -z "$HELPER" ] || kill -KILL "$HELPER" 2>/dev/null
	[ -z "$HELPER" ] || wait "$HELPER" 2>/dev/null
	HELPER=
	wait_until 20 free_module || not_ok "$1: the module is held"
	flood_stop
}

free_module() { [ "$(awk '$1 == "eqfw" { print $3 }' /proc/modules)" = 0 ]; }

HELPER=
dying_up
dying_down "enforcing"
dying_up
inside "$EQFW_PROBES/nl_reload" 100000 "$EQFW_PROFILES/lab-less.bin" "$EQFW_PROFILES/lab.bin"
generation() { ip netns exec dying grep -qE '^generation ([5-9]|..)' /proc/net/eqfw/status; }
wait_until 20 generation || not_ok "it loads nothing"
dying_down "during loads"
dying_up
inside "$EQFW_PROBES/nl_dump" hold "$TMPDIR/ready" "$TMPDIR/never"
wait_until 20 test -e "$TMPDIR/ready" || not_ok "no dump is open"
dying_down "during a dump"
dying_up
inside "$EQFW_CTL" trace --count 10000 --for 60s
wait_until 20 holds
check "a profile is staged" ctl stage --netns dying "$EQFW_PROFILES/lab-less.bin"
check "and promoted for a time" ctl promote --netns dying --confirm 60s
dying_down "traced, a promoted profile to be confirmed"

# Each of them ends when its deadline passes, give or take what the machine makes of it.
for round in {0..9}; do
	ip netns add "late$round"
	load lab "late$round" >/dev/null 2>&1 || not_ok "load $round"
done
for round in {0..9}; do
	case $((round % 3)) in
	0) ctl load --netns "late$round" --confirm 1s "$EQFW_PROFILES/lab-less.bin" ;;
	*) ctl mode --netns "late$round" audit --confirm 1s ;;
	esac >/dev/null 2>&1 || not_ok "change $round"
	(sleep "0.$((40 + 6 * round))" && ip netns del "late$round") &
done
wait
wait_until 20 free_module && ok "F10 ten namespaces go while their deadlines pass" ||
	not_ok "the module is held"
ip netns del outside
module_unload || not_ok "rmmod"
finish
