#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest.sh - the demo inside its bed: flows, what the box counted for each, a table
#
#   callers, admin, attackers      +-----+      em1 (management, gatekeeper, B2BUA), mcu1
#   outside  eth0 ------- out0     | box |     core0 ------- eth0  core
#                                  +-----+
#                                   dmz0 ------- eth0  dmz: edge1, sbc1, sds1
#
# Every flow says beforehand which items must pass it, or for which reason it must drop; the
# difference of /proc/net/eqfw before and after must show exactly that. (`run` has asked `eqfwctl
# explain` for its opinion before.)
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

declare -A rows drops old_rows old_drops printed sentence
table=$TMPDIR/table
# shellcheck source=tests/demo/calls.sh
. "$EQFW_DEMO/calls.sh"

tell_host() { echo "  demo: $*" >>/run/results/progress; }

sides_live() {
	side_live outside 1 198.51.100.66 2001:db8:ffff::66 198.51.100.50 198.51.100.101 \
		2001:db8:ffff::50 2001:db8:ffff::101
	side_live core 2 10.1.0.10 2001:db8:1::10 10.1.0.20 2001:db8:1::20
	side_live dmz 3 192.0.2.10 2001:db8:2::10 192.0.2.{11,20,21,22,30} \
		2001:db8:2::{11,20,21,22,30}
}

read_counters() {
	local kind name packets _
	rows=() drops=()
	ns_cat box /proc/net/eqfw/rows
	while read -r kind name packets _; do
		[ "$kind" != item ] || rows[$name]=$packets
	done <<<"$LIB_TEXT"
	ns_cat box /proc/net/eqfw/drops
	while read -r kind name packets _; do
		[ "$kind" != drop ] || drops[$name]=$packets
	done <<<"$LIB_TEXT"
}

# Farewells of a connection come late: wait until nothing moves any more.
settle() {
	local last=none now tries=0
	while [ "$tries" -lt 20 ]; do
		read_counters
		now="${rows[*]} ${drops[*]}"
		[ "$now" != "$last" ] || return 0
		last=$now
		tries=$((tries + 1))
		sleep 0.2
	done
}

# The last comparison settled, and since then nothing was sent.
remember() {
	local name
	old_rows=() old_drops=()
	for name in "${!rows[@]}"; do old_rows[$name]=${rows[$name]}; done
	for name in "${!drops[@]}"; do old_drops[$name]=${drops[$name]}; done
}

# What moved since remember: PASSED "item=N ...", DROPPED "reason=N ...", sorted by name.
compare() {
	local name n
	settle
	PASSED=
	DROPPED=
	while IFS= read -r name; do
		n=$((${rows[$name]} - ${old_rows[$name]:-0}))
		[ "$n" -eq 0 ] || PASSED+="$name=$n "
	done <<<"$all_items"
	while IFS= read -r name; do
		n=$((${drops[$name]} - ${old_drops[$name]:-0}))
		[ "$n" -eq 0 ] || DROPPED+="$name=$n "
	done <<<"$all_reasons"
}

# "a=1 b=2 " -> "a b"
names_of() {
	local word names=
	for word in $1; do names+=" ${word%=*}"; done
	echo "${names# }"
}

line() { printf '%s|%s|%s|%s\n' "$@" >>"$table"; }

# passes_as FLOW ITEMS EXPLAIN COMMAND...: the command succeeds, exactly these items (sorted) count,
# nothing drops. EXPLAIN is for `run`: what `eqfwctl explain` is asked about the first packet.
passes_as() {
	local flow=$1 name=$1 items=$2 said item n
	shift 3
	tell_host "$flow"
	remember
	if ! said=$("$@" 2>&1); then
		not_ok "$flow: $(tail -n 3 <<<"$said")"
		compare
		line "$flow" FAILED 0 "passed: $PASSED dropped: $DROPPED"
		return
	fi
	compare
	for item in $PASSED; do
		n=${item#*=} item=${item%=*}
		line "$flow" pass "$n" "$item  ${printed[$item]:-}"
		flow=
	done
	equal "$name: items" "$(names_of "$PASSED")" "$items"
	equal "$name: nothing dropped" "$DROPPED" ""
}

# drops_as FLOW WANT EXPLAIN COMMAND...: WANT is "reason=N ..." by name, exactly that many packets;
# N "+": at least one. No item counts. What the command says does not matter.
drops_as() {
	local flow=$1 name=$1 want=$2 reason n
	shift 3
	tell_host "$flow"
	remember
	"$@" >"$TMPDIR/said" 2>&1
	compare
	for reason in $DROPPED; do
		n=${reason#*=} reason=${reason%=*}
		line "$flow" drop "$n" "$reason: ${sentence[$reason]:-}"
		flow=
	done
	if [ "${want#*=}" = + ]; then
		equal "$name: reason" "$(names_of "$DROPPED")" "${want%=+}"
	else
		equal "$name: reason and number" "$DROPPED" "$want "
	fi
	equal "$name: nothing passed" "$PASSED" ""
}

show_table() {
	local flow what n why
	echo "=== TABLE"
	printf '%-46.46s %-5s %7s  %.110s\n' FLOW WHAT PACKETS "ITEM OR REASON"
	while IFS='|' read -r flow what n why; do
		printf '%-46.46s %-5s %7s  %.110s\n' "$flow" "$what" "$n" "$why"
	done <"$table"
	echo
	echo "/proc/net/eqfw/drops as it stands:"
	ns_cat box /proc/net/eqfw/drops
	grep -vE '^audit| 0 0$' <<<"$LIB_TEXT"
}

while IFS=$'\t' read -r id text who; do printed[$id]="$text, $who"; done <"$EQFW_DEMO_FILES/items.tsv"
while IFS=$'\t' read -r id text; do sentence[$id]=$text; done <"$EQFW_DEMO_FILES/reasons.tsv"
tell_host "namespaces outside - box - core, dmz"
lab_up
sides_live
module_load || bail "insmod"
tell_host "load $(ctl load --netns box "$EQFW_PROFILES/demo.bin")"
settle
all_items=$(printf '%s\n' "${!rows[@]}" | sort)
all_reasons=$(printf '%s\n' "${!drops[@]}" | sort)
all_calls
all_junk
show_table
tell_host "done"
finish
