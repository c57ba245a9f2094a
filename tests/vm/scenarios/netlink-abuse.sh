#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# N4 to N19, N33, N35 to N39, N44, N46: messages that no sane program sends (nl_abuse.c lists them).
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
ip netns exec box "$EQFW_PROBES/nl_abuse" "$EQFW_PROFILES/lab.bin" \
	"$EQFW_PROFILES/lab-less.bin" >"$TMPDIR/abuse" 2>&1
equal "the abuser came to its end" "$?" 0
while IFS= read -r line; do
	case $line in
	"ok - "*) ok "${line#ok - }" ;;
	*) not_ok "${line#not ok - }" ;;
	esac
done <"$TMPDIR/abuse"
check "it tried all it knows" test "$(wc -l <"$TMPDIR/abuse")" -ge 71
ip netns add empty
status "N46 rows without a profile" 1 ctl rows --netns empty
contains "N46 says so" "$LIB_SAID" "no profile"
ip netns del empty
check "the box still takes a load" load lab-log
lab_stop
