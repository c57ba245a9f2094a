#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Drops reach the netfilter log group of the deployment, with reason and packet; so do the first
# packets of the connections of chosen items, and no others; a flood is cut; `eqfwctl log` changes
# the group while packets run, until the next load.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# log_listen FILE GROUP COUNT SECONDS: tests/vm/nflog in the background, when it really listens
log_listen() {
	rm -f "$TMPDIR/ready"
	ip netns exec box "$EQFW_PROBES/nflog" "$2" "$3" "$4" "$TMPDIR/ready" >"$1" 2>&1 &
	READER=$!
	wait_until 10 test -e "$TMPDIR/ready" || not_ok "the reader does not listen: $(cat "$1")"
}

# log_lines FILE: all of them in one line
log_lines() { paste -sd'|' "$1"; }

module_load
# As after a boot: loading the profile brings the log's module (where the kernel has it built in,
# there is nothing to take away).
! grep -q '^nfnetlink_log ' /proc/modules || rmmod nfnetlink_log
lab_start lab-log
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
# shellcheck disable=SC2086
{
	equal "the profile's group is live" "$(ctl log --netns box --json | jq .nflog_group)" 7
	log_listen "$TMPDIR/drops" 7 4 20
	pkt $way dport=7011
	pkt from=outside to=dmz src=203.0.113.9 dst=192.0.2.20 proto=tcp dport=22
	pkt from=core to=dmz src=2001:db8:1::10 dst=2001:db8:2::20 dport=9
	pkt from=outside to=dmz src=10.1.0.10 dst=192.0.2.20 dport=7000
	wait "$READER"
	equal "drops with their reasons and packets" "$(log_lines "$TMPDIR/drops")" \
		"eqfw drop port > 192.0.2.20:7011|eqfw drop pair > 192.0.2.20:22|eqfw drop port > [2001:db8:2::20]:9|eqfw drop spoof > 192.0.2.20:7000|4 packets"

	log_listen "$TMPDIR/new" 7 9 3
	pkt $way dport=7001 sport=41001
	pkt $way dport=7001 sport=41001 n=5
	pkt from=dmz to=core src=192.0.2.20 dst=10.1.0.10 sport=7001 dport=41001
	pkt $way dport=7001 sport=41002
	pkt from=outside to=dmz src=198.51.100.77 dst=192.0.2.20 dport=1719
	wait "$READER"
	equal "one line a connection, of chosen items alone" "$(log_lines "$TMPDIR/new")" \
		"eqfw new site/media > 192.0.2.20:7001|eqfw new site/media > 192.0.2.20:7001|2 packets"

	log_listen "$TMPDIR/flood" 7 5000 4
	pkt $way dport=7011 n=1000
	wait "$READER"
	told=$(tail -n1 "$TMPDIR/flood")
	told=${told% packets}
	if [ "$told" -ge 10 ] && [ "$told" -lt 900 ]; then
		ok "a flood is cut"
	else
		not_ok "a flood is cut: $told of 1000 logged"
	fi
	count drop port
	equal "and counted whole" "$COUNT" 1002

	before=$(ctl status --netns box --json | jq .generation)
	check "dry run of another group" ctl log --netns box --dry-run 9
	equal "changes nothing" "$(ctl log --netns box --json | jq .nflog_group)" 7
	check "another group" ctl log --netns box 9
	log_listen "$TMPDIR/nine" 9 1 10
	pkt $way dport=7011
	wait "$READER"
	equal "hears of drops" "$(log_lines "$TMPDIR/nine")" "eqfw drop port > 192.0.2.20:7011|1 packets"
	check "off" ctl log --netns box off
	log_listen "$TMPDIR/off" 9 1 2
	pkt $way dport=7011
	wait "$READER"
	equal "then nobody hears" "$(log_lines "$TMPDIR/off")" "0 packets"
	equal "the generation is the same" "$(ctl status --netns box --json | jq .generation)" "$before"
	load lab-less
	load lab-log
	equal "a load says it again" "$(ctl log --netns box --json | jq .nflog_group)" 7
	ctl clear --netns box
	status "no group without a profile" 1 "$EQFW_CTL" log --netns box 5
}
lab_stop
