#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F25, F26, F30: what others do on the same box does not change what eqfw says: rule sets that come
# and are flushed, a hook at the same priority, packets that are queued to a program that is not
# there, sysctls that change.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
way6="from=core to=dmz src=2001:db8:1::10 dst=2001:db8:2::20"
in_box() { ip netns exec box "$@"; }

# same TEXT: the permitted passes, the closed port drops
# shellcheck disable=SC2086
same() {
	passes site/media "$1: permitted" $way dport=7000
	drops port "$1: closed" $way dport=9
	passes site/media "$1: v6 permitted" $way6 dport=7000
	drops port "$1: v6 closed" $way6 dport=9
}

# queue_start accept|hold: somebody reads queue 7
queue_start() {
	ip netns exec box "$EQFW_PROBES/nfqueue" 7 "$1" 60 "$TMPDIR/$1" &
	QUEUE=$!
	check "F26 a program reads the queue: $1" wait_until 20 test -e "$TMPDIR/$1"
}
queue_stop() {
	kill $QUEUE
	wait $QUEUE 2>/dev/null
}

# queued: packets that wait in queue 7
queued() { in_box awk '$1 == 7 { print $3 }' /proc/net/netfilter/nfnetlink_queue; }
waits() { [ "$(queued)" = "$1" ]; }
came_out() { in_box nft list chain inet others post | grep -q "packets $1 "; }

lab_start lab
same "alone"
in_box nft -f - <<-NFT
	table inet others {
		chain same { type filter hook prerouting priority -250; policy accept; counter; }
		chain later { type filter hook prerouting priority -150; ct state new counter accept; }
		chain forward { type filter hook forward priority 0; policy accept; }
	}
NFT
same "F26 a chain at the same priority"
# Who comes before whom, where the kernel tells (nfnetlink_hook: Debian's 6.12 has it, 6.1 does not).
order() { ctl status --netns box --json | jq -r '.hooks[]? | select(.family == 4) | .name + " " + (.priority | tostring)'; }
modprobe -q nfnetlink_hook
if [ "$(ctl status --netns box --json | jq -r '.hooks | type')" = array ]; then
	equal "F26 the order, between defragmentation and conntrack" \
		"$(order | sed -n '/ipv4_conntrack_defrag/,/ipv4_conntrack_in/p' | paste -sd ' ')" \
		"ipv4_conntrack_defrag -400 inet others same -250 eqfw_hook4 -250 ipv4_conntrack_in -200"
	contains "F26 a warning" "$(ctl status --netns box)" "warning: inet others same has the priority of eqfw"
	equal "F26 one a family in JSON" \
		"$(ctl status --netns box --json | jq '[.hooks[] | select(.same_priority)] | length')" 2
fi
in_box nft add rule inet others forward udp dport 7000 queue num 7
# shellcheck disable=SC2086
{
	count item site/media
	before=$COUNT
	pkt $way dport=7000
	count item site/media
	equal "F26 queued to nobody: judged, then lost behind eqfw" "$REPLY $((COUNT - before))" "dropped 1"
	queue_start accept
	# The marker behind it does not wait for the program, so probe cannot tell that it came out.
	in_box nft 'add chain inet others post { type filter hook postrouting priority 0; };
		add rule inet others post udp dport 7000 counter'
	count item site/media
	before=$COUNT
	pkt $way dport=7000
	check "F26 queued and let go: comes out" wait_until 5 came_out 1
	count item site/media
	equal "F26 judged once" $((COUNT - before)) 1
	queue_stop
	queue_start hold
	pkt $way dport=7000
	check "F26 a packet waits" wait_until 5 waits 1
	check "F26 while a reload comes" load lab-less
	equal "F26 it waits still" "$(queued)" 1
	check "F26 clear unregisters the hooks" ctl clear --netns box
	equal "F26 what waited is dropped, as with any hook that goes" "$(queued)" 0
	queue_stop
	check "F26 enforcing again" load lab
}
in_box nft flush ruleset
same "F25 nft flush ruleset"
ns_cat box /proc/net/eqfw/status
contains "F25 and eqfw enforces" "$LIB_TEXT" "state enforcing"
equal "F25 nobody is at its priority any more" \
	"$(ctl status --netns box --json | jq '[.hooks[]? | select(.same_priority)] | length')" 0
in_box sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.core0.rp_filter=0
in_box sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
in_box sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0
# This one is of the whole kernel.
max=$(sysctl -n net.netfilter.nf_conntrack_max)
sysctl -qw net.netfilter.nf_conntrack_max=64
same "F30 sysctls"
sysctl -qw net.netfilter.nf_conntrack_max="$max"
lab_stop
