#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Drop events name reason, item, zones and what would have been permitted; a flood is cut by the
# bucket, and what was not told is counted exactly; changes are announced; N47: who may listen.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# listen FILE ARGUMENTS...: eqfwctl monitor in the background, started when it really listens
listen() {
	local file=$1 groups
	shift
	groups=$(joined)
	"$EQFW_CTL" monitor --netns box --json "$@" >"$file" 2>"$file.err" &
	LISTENER=$!
	wait_until 10 more_joined "$groups" || not_ok "monitor does not listen: $(cat "$file.err")"
}

# sockets of the box that are members of any netlink group
joined() { ip netns exec box awk 'NR > 1 && $2 == 16 && $4 != "00000000"' /proc/net/netlink | wc -l; }
more_joined() { [ "$(joined)" -gt "$1" ]; }

# ask FILE FILTER: jq over all objects of a stream
ask() { jq -sr "$2" "$1"; }

lab_start
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
# shellcheck disable=SC2086
{
	listen "$TMPDIR/drops" --drops --count 3 --for 60s
	pkt $way dport=7011
	pkt $way proto=47
	pkt from=outside to=dmz src=198.51.100.9 dst=192.0.2.20 dport=7000
	wait "$LISTENER"
	equal "three events end monitor --count 3" $? 0
	equal "reasons" "$(ask "$TMPDIR/drops" '[.[].reason] | join(" ")')" "port proto pair"
	equal "addresses, ports, zones" \
		"$(ask "$TMPDIR/drops" '.[0] | [.from.address, .to.address, .to.port, .from.zone, .to.zone, .in, .proto] | join(" ")')" \
		"10.1.0.10 192.0.2.20 7011 core dmz core0 udp"
	equal "the nearest item and what differs" \
		"$(ask "$TMPDIR/drops" '.[0].nearest[0] | [.item, .field, .got, .want] | join(" ")')" \
		"site/media dport 7011 7000-7010"
	equal "no ports where the protocol has none" \
		"$(ask "$TMPDIR/drops" '.[1] | [.proto, (.to | has("port"))] | join(" ")')" "gre false"
	equal "a stranger's nearest row has another host in his place" \
		"$(ask "$TMPDIR/drops" '[.[2].nearest[] | select(.item == "site/media") | .field] | join(" ")')" from
	equal "the digest is the live one" "$(ask "$TMPDIR/drops" '.[0].eqfw.digest')" \
		"$(ctl status --netns box --json | jq -r .eqfw.digest)"

	listen "$TMPDIR/flood" --drops --for 4s
	pkt $way dport=7011 n=1000
	wait "$LISTENER"
	told=$(ask "$TMPDIR/flood" '[.[] | select(.event == "drop")] | length')
	last=$(ask "$TMPDIR/flood" '.[-1].suppressed')
	if [ "$told" -ge 10 ] && [ "$told" -lt 900 ]; then
		ok "a flood is cut: some of 1000 drops are told"
	else
		not_ok "a flood is cut: $told of 1000 told"
	fi
	equal "told and suppressed are all" $((told + last)) 1000
	equal "the end is told without another drop" \
		"$(ask "$TMPDIR/flood" '.[-1].event')" suppressed
	count drop port
	equal "counters count all" "$COUNT" 1001

	listen "$TMPDIR/changes" --changes --count 4 --for 60s
	load lab-less
	load lab
	check "the log's module comes when it is asked for" ctl log --netns box 5
	ctl clear --netns box
	wait "$LISTENER"
	equal "changes" "$(ask "$TMPDIR/changes" '[.[] | .change, .state, .generation] | join(" ")')" \
		"load enforcing 2 load enforcing 3 log enforcing 3 clear none 4"
	load lab

	# N47
	open=$(mktemp -d)
	chmod 0755 "$open"
	install -m 0755 "$EQFW_CTL" "$open/eqfwctl"
	status "N47 a user cannot listen" 4 ip netns exec box setpriv --reuid 1000 --regid 1000 \
		--clear-groups "$open/eqfwctl" monitor --drops --for 1s
	contains "N47 and is told so" "$LIB_SAID" "CAP_NET_ADMIN"

	# A listener that does not read loses events and nothing else.
	listen "$TMPDIR/stuck" --drops --buffer-size 4096
	kill -STOP "$LISTENER"
	pkt $way dport=7011 n=200
	sleep 1.2
	passes site/media "a listener that is stuck costs nobody" $way dport=7000
	kill -CONT "$LISTENER"
	wait_until 10 grep -q lost "$TMPDIR/stuck"
	equal "it is told that events are lost" \
		"$(ask "$TMPDIR/stuck" '[.[] | select(.event == "lost")] | length > 0')" true
	pkt $way dport=7012
	wait_until 10 grep -q '"port": *7012' "$TMPDIR/stuck"
	equal "and hears the next one" "$(ask "$TMPDIR/stuck" '.[-1].to.port')" 7012
	kill "$LISTENER"
	wait "$LISTENER" 2>/dev/null

	# Events on their way while the namespace dies.
	listen "$TMPDIR/dying" --drops
	pkt $way dport=7011 n=500
	check "clear with events on their way" ctl clear --netns box
	kill "$LISTENER"
	wait "$LISTENER" 2>/dev/null
}
lab_stop
