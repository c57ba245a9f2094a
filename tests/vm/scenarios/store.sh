#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kept profiles: `current` is what is live for good, `previous` what was before; a disk that is full,
# read-only or broken, or a tool that is killed anywhere, leaves the old or the new state.
#
#   lab and lab-less take turns; tests/vm/fail.c breaks a call or ends the tool there
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

kept=$EQFW_STATE_DIR/netns/box/profiles

# digest NAME: of build/vm/profiles/NAME.bin
digest() { tail -c 32 "$EQFW_PROFILES/$1.bin" | od -An -v -tx1 | tr -d ' \n'; }

lab=$(digest lab) less=$(digest lab-less)

name_of() {
	case ${1%.bin} in
	"$lab") echo lab ;;
	"$less") echo less ;;
	*) echo "${1:-nothing}" ;;
	esac
}

# now: what is live, current and previous
now() {
	ns_cat box /proc/net/eqfw/status
	NOW=$(name_of "$(sed -n 's/^digest //p' <<<"$LIB_TEXT")")
	NOW+=" $(name_of "$(readlink "$kept/current")") $(name_of "$(readlink "$kept/previous")")"
}

# is TEXT LIVE CURRENT PREVIOUS
is() {
	now
	equal "$1" "$NOW" "$2 $3 $4"
}

load_pending() { ctl load --netns box --confirm 300s "$EQFW_PROFILES/$1.bin"; }

lab_up
module_load || bail "insmod failed"
status "nothing kept yet" 1 ctl history --netns box
status "no previous yet" 5 ctl load --netns box previous
check "load lab" load lab
is "the first" lab lab nothing
status "rollback without a previous one: exit 1" 1 ctl rollback --netns box
check "load less" load lab-less
is "the second" less less lab
check "load previous" ctl load --netns box previous
is "back" lab lab less
check "load by digits" ctl load --netns box "${less:0:8}"
is "by digits" less less lab
status "history" 0 ctl history --netns box
contains "history marks" "$LIB_SAID" "live current"
check "as JSON" bash -c "'$EQFW_CTL' history --netns box --json | python3 -c '
import json, sys
kept = json.load(sys.stdin)[\"profiles\"]
assert [p[\"previous\"] for p in kept if p[\"name\"] == \"lab\"] == [True], kept
assert [p[\"live\"] for p in kept if p[\"name\"] == \"lab-less\"] == [True], kept'"
# F21: until it is confirmed, a reboot would load the old one
check "F21 load with --confirm" load_pending lab
is "F21 live, but not current" lab less lab
status "F21 the same without --confirm" 0 load lab
is "F21 still not current" lab less lab
check "F21 confirm" ctl confirm --netns box
is "F21 confirmed" lab lab less
check "F21 another one" load_pending lab-less
check "F21 and back" ctl rollback --netns box
is "F21 the rollback changes nothing on disk" lab lab less
check "F21 a file that is gone meanwhile" load_pending lab-less
rm "$kept/$less.bin"
check "F21 the kernel has the bytes" ctl confirm --netns box
is "F21 kept again" less less lab
check "dry run" ctl load --netns box --dry-run previous
is "changes nothing" less less lab
check "by ip netns exec" ip netns exec box "$EQFW_CTL" load previous
is "it is the same store" lab lab less
check "nothing else was kept anywhere" [ "$(ls "$EQFW_STATE_DIR")" = netns ]
ip netns add other
ip netns exec other bash -c "ip netns del other; '$EQFW_CTL' load '$EQFW_PROFILES/lab.bin'" >/dev/null
check "a namespace without a name keeps nothing" [ "$(ls "$EQFW_STATE_DIR/netns")" = box ]

check "rollback where nothing awaits confirmation" ctl rollback --netns box
is "back to previous" less less lab
check "the same to confirm" ctl rollback --netns box --confirm 300s
is "live, but not current" lab less lab
status "rollback --confirm of what awaits confirmation: busy" 9 ctl rollback --netns box --confirm 300s
check "rollback" ctl rollback --netns box
is "taken back" less less lab
status "a second one goes no further back: exit 7" 7 ctl rollback --netns box
is "nothing has changed" less less lab
check "load" load lab
is "as before" lab lab less

check "clear" ctl clear --netns box
status "rollback without a profile: exit 1" 1 ctl rollback --netns box
check "module unloads" module_unload
check "module loads" module_load
check "load current: the kernel remembers nothing, the disk does" ctl load --netns box current
is "after that" lab lab less

# P19: the store is on a small file system of its own
mkdir "$TMPDIR/small"
mount -t tmpfs -o size=512k,nr_inodes=64 none "$TMPDIR/small" || bail "no tmpfs"
EQFW_STATE_DIR=$TMPDIR/small
kept=$TMPDIR/small/netns/box/profiles
check "kept on the small disk" load lab
head -c 10M /dev/zero >"$TMPDIR/small/fill" 2>/dev/null
status "P19 disk full: refused" 1 load lab-less
contains "P19 disk full: says so" "$LIB_SAID" "No space left on device"
contains "P19 disk full: and what it means" "$LIB_SAID" "nothing was loaded"
is "P19 disk full" lab lab nothing
rm "$TMPDIR/small/fill"
mount -o remount,ro "$TMPDIR/small"
status "P19 read-only: refused" 1 load lab-less
is "P19 read-only" lab lab nothing
check "P19 read-only: what is kept already needs no write" load lab
mount -o remount,rw "$TMPDIR/small"

# failing CALL NUMBER ERRNO: loading lab-less while a call fails
failing() {
	FAIL_CALL=$1 FAIL_AT=$2 FAIL_WITH=$3 LD_PRELOAD=$EQFW_PROBES/fail.so \
		"$EQFW_CTL" load --netns box "$EQFW_PROFILES/lab-less.bin"
}

# broken CALL NUMBER LIVE CURRENT PREVIOUS: and back
broken() {
	status "P19 EIO in $1 number $2" 1 failing "$1" "$2" 5
	BROKEN=$LIB_SAID
	is "P19 after EIO in $1 number $2" "$3" "$4" "$5"
	check "P19 the file that current names is whole" ctl inspect "$kept/current"
	check "P19 and back to lab" load lab
}

# Before the kernel is asked: nothing happens. After that the kernel has the new one, the disk the old.
broken mkostemp 1 lab lab nothing
broken write 1 lab lab nothing
broken fsync 1 lab lab nothing
broken rename 1 lab lab nothing
broken symlinkat 1 less lab nothing
broken renameat 1 less lab nothing
broken renameat 2 less lab lab
contains "P19 and says what that means" "$BROKEN" "the next boot does not load it"

# F13: killed before any call that others can see. What is live, current is or was before, and whole.
new=0
for ((at = 1; at < 100; at++)); do
	rm -f "$kept/$less.bin"
	FAIL_AT=$at LD_PRELOAD=$EQFW_PROBES/fail.so "$EQFW_CTL" load --netns box \
		"$EQFW_PROFILES/lab-less.bin" >/dev/null 2>&1
	[ $? = 137 ] || break
	now
	case $NOW in
	"lab lab "* | "less lab "* | "less less "*) ;;
	*) not_ok "F13 killed at call $at: live, current, previous are $NOW" ;;
	esac
	[ "${NOW%% *}" = lab ] || new=$((new + 1))
	ctl inspect "$kept/current" >/dev/null || not_ok "F13 killed at call $at: current is damaged"
	case $NOW in "lab lab "*) continue ;; esac
	load lab >/dev/null || not_ok "F13 killed at call $at: nothing can be loaded any more"
done
echo "# killed at $((at - 1)) calls, at $new of them the kernel had it"
check "F13 some were before the kernel heard of it and some after" [ $new -gt 2 -a $((at - new)) -gt 8 ]
load lab >/dev/null
load lab-less >/dev/null
is "F13 after all" less less lab
equal "F13 nothing is left lying" "$(find "$kept" -name '.?*')" ""
check "load lab" load lab

# F22: what a power cut can leave of a disk that lies about sync
truncate -s 100 "$kept/$lab.bin"
status "F22 a damaged file is refused" 5 ctl load --netns box current
check "F22 and mended by the next load" load lab
check "F22 it is whole again" ctl inspect "$kept/current"
umount "$TMPDIR/small"
lab_stop
