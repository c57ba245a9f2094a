#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A staged profile judges the same packets beside the live one and changes nothing but its counts:
# what it would drop, by live item and reason, and what it would let pass, by its own item. promote
# swaps them, with --confirm a rollback brings the comparison back; interfaces and namespaces may
# change or go in every state.
#
#   desk (core) --> mcu (dmz): site/portal and site/media are in lab, not in lab-less
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"

# shown FILTER: of stage --show --json
shown() { ctl stage --netns box --show --json | jq -r "$1"; }
live_is() { ctl status --netns box --json | jq -e --arg n "$1" '.profile.name == $n' >/dev/null; }

lab_start lab-less
# shellcheck disable=SC2086
{
	status "nothing is staged: exit 1" 1 ctl stage --netns box --show
	status "nothing to promote: exit 1" 1 ctl promote --netns box
	check "dry run of stage" ctl stage --netns box --dry-run "$EQFW_PROFILES/lab.bin"
	status "changes nothing" 1 ctl stage --netns box
	check "stage" ctl stage --netns box "$EQFW_PROFILES/lab.bin"
	check "the live one stays live" live_is lab-less
	drops proto "what it would let pass is dropped" $way proto=tcp dport=8443
	drops proto "three times" $way dport=7000 n=3
	drops proto "what both drop is dropped" $way dport=9
	passes site/ras "what both let pass passes" from=outside to=dmz src=198.51.100.77 dst=192.0.2.20 \
		sport=5000 dport=1719
	equal "would pass: all" "$(shown '[.would_pass_packets, .would_drop_packets] | @json')" '[4,0]'
	equal "would pass: by item" "$(shown '[.items[] | [.id, .would_pass_packets]] | sort | @json')" \
		'[["site/media",3],["site/portal",1]]'
	contains "status says so" "$(ctl status --netns box)" "staged: lab"
	count item site/ras
	equal "the live counts know nothing of it" "$COUNT" 1
	check "promote to confirm" ctl promote --netns box --confirm 60s
	check "is live" live_is lab
	passes site/portal "and judges" $way proto=tcp dport=8443
	status "N39 stage: busy" 9 ctl stage --netns box "$EQFW_PROFILES/lab-log.bin"
	check "rollback" ctl rollback --netns box
	check "is taken back" live_is lab-less
	equal "the comparison is back" "$(shown .would_pass_packets)" 4
	drops proto "and goes on" $way proto=tcp dport=8443
	equal "with its counts" "$(shown .would_pass_packets)" 5
	check "promote" ctl promote --netns box
	check "is live" live_is lab
	status "and staged no more" 1 ctl stage --netns box --show
	passes site/portal "judges" $way proto=tcp dport=8443
	count item site/portal
	equal "its count has both times" "$COUNT" 2
	count drop proto
	equal "and the drops of the other profile" "$COUNT" 6

	check "stage the other way" ctl stage --netns box "$EQFW_PROFILES/lab-less.bin"
	passes site/portal "passes" $way proto=tcp dport=8443 n=2
	equal "would drop: by item and reason" \
		"$(shown '[.items[0].id, .items[0].would_drop_packets, .reasons[0].name, .reasons[0].would_drop_packets] | @json')" \
		'["site/portal",2,"proto",2]'
	# Interfaces that change meanwhile: the staged profile follows them.
	ip -n box link set core0 down
	ip -n box link set core0 name lost0
	lib_leg lost0 2
	lib_route lost0 2 10.1.0.0/16 | ip -n box -batch -
	pkt $way dport=9
	equal "an interface of no zone for both: nothing differs" "$(shown .would_drop_packets)" 2
	check "stage nothing" ctl stage --netns box --clear
	status "twice: exit 1" 1 ctl stage --netns box --clear
	check "stage again" ctl stage --netns box "$EQFW_PROFILES/lab-less.bin"
	equal "counts from zero" "$(shown .would_drop_packets)" 0
	check "a load ends it" load lab-log
	status "nothing is staged" 1 ctl stage --netns box --show
}
for state in staged promoted pending; do
	ip netns add "$state"
	load lab "$state" >/dev/null
	ctl stage --netns "$state" "$EQFW_PROFILES/lab-less.bin" >/dev/null || not_ok "stage in $state"
	case $state in
	promoted) ctl promote --netns "$state" >/dev/null ;;
	pending) ctl promote --netns "$state" --confirm 60s >/dev/null ;;
	esac
	check "F10 a namespace goes: $state" ip netns del "$state"
done
lab_stop
