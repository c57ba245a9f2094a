#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A change that nobody confirms is taken back by the kernel within a second of its deadline, whoever
# died meanwhile; counters never run backwards; F10 and F6 in every state; F15.
#
#   desk (core) --tcp 8443--> mcu (dmz): site/portal of lab, nothing of lab-less
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"

# value KEY [NETNS]: of /proc/net/eqfw/status, into VALUE
value() {
	local key rest
	ns_cat "${2:-box}" /proc/net/eqfw/status
	VALUE=
	while read -r key rest; do
		[ "$key" != "$1" ] || VALUE=$rest
	done <<<"$LIB_TEXT"
}

live_is() {
	value name "${2:-box}"
	[ "$VALUE" = "$1" ]
}

state_is() {
	value state
	[ "$VALUE" = "$1" ]
}

# back_in TEXT SECONDS COMMAND...: the command becomes true, and by the kernel's own clock that was
# not before the deadline and at most a second after it, however slow the bed is otherwise.
back_in() {
	local text=$1 want=$2 times
	shift 2
	wait_until $((want + 15)) "$@" || not_ok "$text: never"
	times=$(dmesg | sed -n 's/^\[ *\([0-9.]*\)\].*eqfw: .*\(awaits confirmation\|in time\).*/\1/p' |
		tail -n 2 | xargs)
	# shellcheck disable=SC2086
	set -- $times
	if awk "BEGIN { passed = $2 - $1; exit !(passed > $want - 0.02 && passed < $want + 1) }"; then
		ok "$text"
	else
		not_ok "$text: at $2, loaded at $1, want $want seconds"
	fi
}

lab_start
passes site/portal "the portal is open" from=core to=dmz src=10.1.0.10 dst=192.0.2.20 proto=tcp dport=8443
"$EQFW_CTL" monitor --netns box --json --changes >"$TMPDIR/changes" 2>&1 &
LISTENER=$!
wait_until 10 ip netns exec box grep -qE '^[0-9a-f]+ 16 +[0-9]+ +0*[1-9a-f]' /proc/net/netlink

# shellcheck disable=SC2086
{
	# The shell that loads dies with everything in it.
	setsid bash -c '"$EQFW_CTL" load --netns box --confirm 3s "$EQFW_PROFILES/lab-less.bin" >/dev/null
		kill -KILL $$' 2>/dev/null
	live_is lab-less && ok "the new profile is live" || not_ok "not live: $VALUE"
	drops proto "and judges" $way proto=tcp dport=8443
	value confirm_left_s
	[[ $VALUE == [123] ]] && ok "seconds left" || not_ok "seconds left: $VALUE"
	contains "status says what comes back" "$(ctl status --netns box)" "awaits confirmation: load, back to"
	status "N39 another load: busy" 9 load lab
	contains "N39 and why" "$LIB_SAID" "a load awaits confirmation"
	status "N39 clear: busy" 9 ctl clear --netns box
	status "F6 unload while pending" 1 rmmod eqfw
	back_in "the old profile is back in time" 3 live_is lab
	passes site/portal "the portal is open again" $way proto=tcp dport=8443
	count item site/portal
	equal "its count goes on" "$COUNT" 2
	count drop proto
	equal "what the other profile dropped stays counted" "$COUNT" 1
	status "confirm comes too late: exit 7" 7 ctl confirm --netns box
	contains "and is told" "$LIB_SAID" "not confirmed in time"
	contains "status remembers" "$(ctl status --netns box)" "rolled back:"
	equal "the listeners hear of it" \
		"$(jq -sr '[.[] | .change, .confirm_left_s, .expired] | join(" ")' "$TMPDIR/changes")" \
		"load 3 false rollback  true"
	contains "the journal too" "$(dmesg | grep eqfw: | tail -n 1)" \
		'load "lab-less" was not confirmed in time: back to "lab"'

	check "a load that is confirmed" ctl load --netns box --confirm 2s "$EQFW_PROFILES/lab-less.bin"
	check "dry run of confirm" ctl confirm --netns box --dry-run
	check "confirm" ctl confirm --netns box
	status "nothing left to confirm: exit 1" 1 ctl confirm --netns box
	sleep 2.3
	live_is lab-less && ok "the deadline passes unheard" || not_ok "live: $VALUE"

	check "a load that is taken back" ctl load --netns box --confirm 60s "$EQFW_PROFILES/lab.bin"
	check "dry run of rollback" ctl rollback --netns box --dry-run
	live_is lab && ok "changes nothing" || not_ok "live: $VALUE"
	passes site/portal "the portal is open" $way proto=tcp dport=8443
	check "rollback" ctl rollback --netns box
	live_is lab-less && ok "is taken back" || not_ok "live: $VALUE"
	status "rollback twice: exit 7, the last thing was one" 7 ctl rollback --netns box
	check "load for good" load lab
	count item site/portal
	equal "the portal's count has all of it" "$COUNT" 3

	# Interfaces that change meanwhile: the kept profile follows them.
	check "load to confirm" ctl load --netns box --confirm 60s "$EQFW_PROFILES/lab-less.bin"
	ip -n box link set core0 down
	ip -n box link set core0 name lost0
	lib_leg lost0 2
	lib_route lost0 2 10.1.0.0/16 | ip -n box -batch -
	check "rollback" ctl rollback --netns box
	passes - "its zone is gone from the old profile as well" $way dport=9
	ip -n box link set lost0 down
	ip -n box link set lost0 name core0
	lib_leg core0 2
	lib_route core0 2 10.1.0.0/16 | ip -n box -batch -
	drops port "and comes again" $way dport=9

	# clear, and back.
	check "clear to confirm" ctl clear --netns box --confirm 2s
	pkt $way dport=9
	equal "nothing is judged" "$REPLY" "passed 1 same"
	status "status: exit 1" 1 ctl status --netns box
	contains "status says what comes back" "$LIB_SAID" "awaits confirmation: clear, back to"
	status "N39 load: busy" 9 load lab
	status "F6 unload while a clear is pending" 1 rmmod eqfw
	back_in "the profile is back" 2 state_is enforcing
	drops port "and judges" $way dport=9
	count item site/portal
	equal "with its counts" "$COUNT" 3
	check "clear to confirm" ctl clear --netns box --confirm 20s
	check "confirm" ctl confirm --netns box
	equal "the module is free" "$(awk '$1 == "eqfw" { print $3 }' /proc/modules)" 0

	# Modes, and back.
	status "mode without a profile: exit 1" 1 ctl mode --netns box audit
	load lab >/dev/null
	check "mode audit" ctl mode --netns box audit
	pkt $way dport=9
	equal "junk passes" "$REPLY" "passed 1 same"
	count audit port
	equal "and is counted as audit" "$COUNT" 1
	contains "the same profile again: its own mode" "$(load lab)" "in the profile's own mode"
	drops port "junk is dropped again" $way dport=9
	contains "and again: nothing to do" "$(load lab)" "already live:"
	count audit port
	equal "no counter is reset" "$COUNT" 1
	check "dry run of mode" ctl mode --netns box audit --dry-run
	drops port "changes nothing" $way dport=9
	check "mode audit for a time" ctl mode --netns box audit --for 2s
	contains "status says how long" "$(ctl status --netns box)" "own mode again in"
	pkt $way dport=9
	equal "junk passes" "$REPLY" "passed 1 same"
	wait_until 20 state_is enforcing || not_ok "mode audit --for does not end"
	drops port "enforcing again by itself" $way dport=9
	check "mode audit to confirm" ctl mode --netns box audit --confirm 2s
	status "N39 mode: busy" 9 ctl mode --netns box enforce
	pkt $way dport=9
	equal "junk passes" "$REPLY" "passed 1 same"
	back_in "enforcing again" 2 state_is enforcing
	drops port "junk is dropped" $way dport=9
	# The same profile again takes mode and log back to its own; a rollback brings both again.
	if ctl log --netns box 9 >/dev/null 2>&1; then
		check "mode audit" ctl mode --netns box audit
		check "the same profile to confirm" ctl load --netns box --confirm 60s "$EQFW_PROFILES/lab.bin"
		equal "no log" "$(ctl log --netns box --json | jq .nflog_group)" null
		check "is taken back" ctl rollback --netns box
		equal "the log's group is back" "$(ctl log --netns box --json | jq .nflog_group)" 9
		check "mode enforce" ctl mode --netns box enforce
	fi
	# A mode for a time that comes back with its profile still ends.
	check "mode audit for a time" ctl mode --netns box audit --for 5s
	check "a load to confirm" ctl load --netns box --confirm 60s "$EQFW_PROFILES/lab-less.bin"
	check "is taken back" ctl rollback --netns box
	wait_until 20 state_is enforcing || not_ok "the mode of the profile that came back does not end"
	check "clear" ctl clear --netns box

	# The state before may be none.
	check "first load to confirm" ctl load --netns box --confirm 2s "$EQFW_PROFILES/lab.bin"
	drops port "judges" $way dport=9
	back_in "no profile is back" 2 state_is none
	pkt $way dport=9
	equal "nothing is judged" "$REPLY" "passed 1 same"
	equal "the module is free again" "$(awk '$1 == "eqfw" { print $3 }' /proc/modules)" 0
	check "load for good" load lab
	count drop port
	equal "drops of that time stay counted" "$COUNT" 1

	check "F15 eight loaders, two confirmers" ip netns exec box "$EQFW_PROBES/nl_race" \
		"${EQFW_RACE_LOADS:-60}" "$EQFW_PROFILES/lab.bin" "$EQFW_PROFILES/lab-less.bin"
	ctl confirm --netns box >/dev/null 2>&1
}
kill "$LISTENER"
wait "$LISTENER" 2>/dev/null
for state in load first clear fired; do
	ip netns add "$state"
	[ "$state" = first ] || load lab "$state" >/dev/null
	case $state in
	load | first) ctl load --netns "$state" --confirm 3s "$EQFW_PROFILES/lab-less.bin" >/dev/null ;;
	clear) ctl clear --netns "$state" --confirm 3s >/dev/null ;;
	fired)
		ctl load --netns "$state" --confirm 1s "$EQFW_PROFILES/lab-less.bin" >/dev/null
		sleep 0.97
		;;
	esac || not_ok "F10 $state does not begin"
	check "F10 a namespace goes while pending: $state" ip netns del "$state"
done
lab_stop
