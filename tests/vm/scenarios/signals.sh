#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# P21: whatever signal comes while a profile is loaded, whatever stream is closed: the old or the new one
# is live, and the exit status says which.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

kept=$EQFW_STATE_DIR/netns/box/profiles

# live: what is live, into LIVE
live() {
	ns_cat box /proc/net/eqfw/status
	LIVE=$(sed -n 's/^name //p' <<<"$LIB_TEXT")
}

# try SIGNAL CALL NUMBER: the load of lab-less; AT is what came of it
try() {
	FAIL_SIGNAL=$1 FAIL_CALL=$2 FAIL_AT=$3 LD_PRELOAD=$EQFW_PROBES/fail.so \
		"$EQFW_CTL" load --netns box "$EQFW_PROFILES/lab-less.bin" >/dev/null 2>&1
	AT=$?
	live
	case $AT:$LIVE in
	0:lab-less) new=$((new + 1)) ;;
	*:lab) old=$((old + 1)) ;;
	*) wrong+=("signal $1 at $2 $3: exit $AT, live is $LIVE") ;;
	esac
	[ "$AT" = 0 ] || [ "$AT" -gt 128 ] || wrong+=("signal $1 at $2 $3: exit $AT")
	[ "$LIVE" = lab ] || load lab >/dev/null || wrong+=("signal $1 at $2 $3: nothing can be loaded")
}

lab_start lab
for signal in 1 2 13 15; do
	new=0 old=0 wrong=()
	# 4 is the profile on its way, 5 the question what is live now.
	numbers="4 5"
	[ $signal != 2 ] || numbers="1 2 3 4 5 6 7 8"
	for number in $numbers; do try $signal sendto "$number"; done
	for number in 1 2; do try $signal renameat $number; done
	try $signal fsync 1
	equal "P21 signal $signal: exit status and profile agree" "${wrong[*]}" ""
	if [ $signal = 13 ]; then
		equal "P21 signal $signal is ignored" $old 0
	elif [ $signal = 2 ]; then
		check "P21 signal $signal: sometimes too early ($old), sometimes too late ($new)" \
			[ $((old > 1 && new > 3)) = 1 ]
	fi
done
check "P21 all streams closed" bash -c "'$EQFW_CTL' load --netns box '$EQFW_PROFILES/lab-less.bin' <&- >&- 2>&-"
live
equal "P21 it is the new one" "$LIVE" lab-less
(
	sleep 0.3
	"$EQFW_CTL" load --netns box "$EQFW_PROFILES/lab.bin"
	echo $? >"$TMPDIR/status"
) | true
wait_until 20 test -s "$TMPDIR/status"
equal "P21 nobody reads what it says" "$(cat "$TMPDIR/status")" 0
live
equal "P21 and it is live" "$LIVE" lab
equal "and current" "$(readlink "$kept/current")" \
	"$(tail -c 32 "$EQFW_PROFILES/lab.bin" | od -An -v -tx1 | tr -d ' \n').bin"
lab_stop
