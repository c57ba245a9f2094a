#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F1 to F5: each allocation of insmod, of a new namespace's /proc, of the first load, of the next,
# of clear fails once; then all from each one on. What is asked for comes about or nothing changes, each
# refusal says why, and nothing leaks (kmemleak looks at the end of the boot).
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

faults "F3, F4, F5 the first load" box first "$EQFW_PROFILES/lab.bin"
said 2 "the hooks cannot be registered"
said 2 "defragmentation cannot be enabled"
said 1 "connection tracking cannot be enabled"
said 1 "no memory for the table"
said 1 "no memory for the counters"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
# shellcheck disable=SC2086
{
	pkt $way dport=9
	equal "no hook is left" "$REPLY" "passed 1 same"
	load lab >/dev/null || not_ok "load"
	faults "F3 the next load" box next "$EQFW_PROFILES/lab-less.bin" "$EQFW_PROFILES/lab.bin"
	said 1 "no memory for the interface map"
	drops port "the profile is enforced" $way dport=9
	passes site/media "and passes what it permits" $way dport=7000
	faults "F3 clear" box clear "$EQFW_PROFILES/lab.bin"
	drops port "the profile is enforced" $way dport=9
}

lab_stop
