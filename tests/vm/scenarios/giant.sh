#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F28, N19: 4,096 ranges that 1,024 devices may be sent, and the largest profile that there can be:
# both are loaded whole, judge packets and come back bit for bit (giant.c; one byte more: nl_abuse.c).
#
#   outside --- box --- core      any stranger -> udp 5000 of 10.1.0.10
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

flow="from=outside to=core src=198.51.100.9 dst=10.1.0.10"

# A soft lockup or an RCU stall in here would be in the log, which the bed reads.
whole() {
	local name=$1 start=$EPOCHREALTIME
	check "load $name" load "$name"
	echo "# $name: loaded in $(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) ms"
	# shellcheck disable=SC2086
	passes - "$name: an open port" $flow dport=5000
	# shellcheck disable=SC2086
	drops port "$name: a port that no rule names" $flow dport=5001
	check "$name: dump" ctl dump --netns box -o "$TMPDIR/dump.bin"
	check "$name: the same, bit for bit" cmp "$TMPDIR/dump.bin" "$EQFW_PROFILES/$name.bin"
	rm -f "$TMPDIR/dump.bin"
}

lab_start
whole ranges
whole full
equal "the largest profile has" "$(stat -c %s "$EQFW_PROFILES/full.bin")" 66806016
check "another one in its place" load lab
lab_stop
