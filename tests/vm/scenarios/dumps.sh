#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# N41, N42: dumps that nobody reads on, or by single bytes; loads go on meanwhile. F7: rmmod while a
# dump is open, and while a file of /proc/net/eqfw is.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# take COMMAND...: the lines of a program that tells for itself
take() {
	local line
	"$@" >"$TMPDIR/lines" 2>&1
	while IFS= read -r line; do
		case $line in
		"ok - "*) ok "${line#ok - }" ;;
		*) not_ok "${line#not ok - }" ;;
		esac
	done <"$TMPDIR/lines"
}

inside=(ip netns exec box)
lab_start
take "${inside[@]}" "$EQFW_PROBES/nl_dump" stalled "$EQFW_PROFILES/lab-less.bin" \
	"$EQFW_PROFILES/lab.bin"
take "${inside[@]}" "$EQFW_PROBES/nl_dump" tiny
check "it came to its end" test "$LIB_OK" -ge 8
drops port "the profile is enforced" from=core to=dmz src=10.1.0.10 dst=192.0.2.20 dport=9

"${inside[@]}" "$EQFW_PROBES/nl_dump" hold "$TMPDIR/ready" "$TMPDIR/until" &
holder=$!
check "F7 a dump is open" wait_until 20 test -e "$TMPDIR/ready"
# shellcheck disable=SC2016
"${inside[@]}" bash -c 'exec 9</proc/net/eqfw/status; touch "$1/open"
	until [ -e "$1/gone" ]; do sleep 0.1; done; cat <&9' - "$TMPDIR" >"$TMPDIR/late" 2>&1 &
reader=$!
check "F7 a file of /proc is open" wait_until 20 test -e "$TMPDIR/open"
check "clear" ctl clear --netns box
status "F7 rmmod while a dump is open" 1 rmmod eqfw
touch "$TMPDIR/until"
wait $holder
check "F7 rmmod while a file of /proc is open" module_unload
touch "$TMPDIR/gone"
wait $reader
equal "F7 the open file holds nothing any more" "$(grep -c state "$TMPDIR/late")" 0
lab_down
finish
