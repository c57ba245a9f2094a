#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F1 to F5: each allocation of insmod, of a new namespace's /proc, of every request that changes
# something fails once; then all from each one on. What is asked for comes about or nothing changes,
# each refusal says why, and nothing leaks (kmemleak looks at the end of the boot). What a deadline
# takes back it takes back without any memory.
# beds: uml-6.1
# the kernel may say: Call Trace
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# faults TEXT SPACE WORDS...: sweep; what it said stays in SAID
faults() {
	local text=$1 space=$2 run=()
	shift 2
	[ "$space" = - ] || run=(nsenter "--net=/run/netns/$space")
	SAID=$("${run[@]}" "$EQFW_PROBES/faults" "$@" 2>&1)
	status=$?
	sed 's/^/# /' <<<"$SAID"
	equal "$text: $(tail -n 1 <<<"$SAID")" $status 0
}

# said COUNT SENTENCE: at least so often
said() {
	local n
	n=$(sed -n "s/^said \([0-9]*\) .*$2.*/\1/p" <<<"$SAID" | awk '{ n += $1 } END { print n + 0 }')
	check "it was refused with '$2' $n times, at least $1" test "$n" -ge "$1"
}

lab_up
module_load || bail "insmod failed"
module_unload

faults "F1 insmod" - insmod "$EQFW_KO"

module_load
faults "F2 a new namespace" - netns
said 1 "Cannot allocate memory"

# change TEXT NAME [HOW]: between two profiles, in the box
change() { faults "$1" box "$2" "$EQFW_PROFILES/lab.bin" "$EQFW_PROFILES/lab-less.bin" "${@:3}"; }

change "F3, F4, F5 the first load" first
said 2 "the hooks cannot be registered"
said 2 "defragmentation cannot be enabled"
said 1 "connection tracking cannot be enabled"
said 1 "no memory for the table"
said 1 "no memory for the counters"
ctl clear --netns box >/dev/null 2>&1
# A listener makes the module tell of each change; its messages fail, too.
"$EQFW_CTL" monitor --netns box --changes >/dev/null 2>&1 &
listener=$!
wait_until 10 ip netns exec box grep -qE '^[0-9a-f]+ 16 +[0-9]+ +0*[1-9a-f]' /proc/net/netlink ||
	not_ok "no listener"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
# shellcheck disable=SC2086
{
	ctl rollback --netns box >/dev/null 2>&1
	ctl clear --netns box >/dev/null 2>&1
	pkt $way dport=9
	equal "no hook is left" "$REPLY" "passed 1 same"
	load lab >/dev/null || not_ok "load"
	# Counts that must be kept by name, so that there is something to reserve and to fold.
	drops port "the profile is enforced" $way dport=9
	change "F3 the next load" next
	said 1 "no memory for the interface map"
	change "F3 confirm" confirm
	change "F3 rollback" rollback
	change "F3 mode" mode
	change "F3 mode for a time" mode for
	change "F3 mode, to be confirmed" mode confirm
	change "F3 stage" stage
	said 1 "no memory for the staged profile"
	change "F3 promote" promote
	change "F3 promote, to be confirmed" promote confirm
	change "F3 log" log
	change "F3 trace" trace
	change "F3 clear" clear
	change "F3 clear, to be confirmed" clear confirm
	for what in next mode promote clear first; do
		change "F3 the deadline of $what passes while no memory is to be had" $what expire
	done
	change "F3 the end of a mode comes while no memory is to be had" mode for-expire
	load lab >/dev/null 2>&1
	drops port "the profile is enforced" $way dport=9
	passes site/media "and passes what it permits" $way dport=7000
}
kill $listener
wait $listener 2>/dev/null

lab_stop
