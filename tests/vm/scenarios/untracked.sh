#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K13: packets that a rule before defragmentation took out of connection tracking. Their fragments
# come one by one and drop; whole ones are judged by the items, and none is a reply.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
desk=10.1.0.10 desk6=2001:db8:1::10
way="from=core to=dmz src=$desk dst=192.0.2.20"
way6="from=core to=dmz src=$desk6 dst=2001:db8:2::20"
ip netns exec box nft -f - <<-NFT
	table inet early {
		chain pre {
			type filter hook prerouting priority -450
			ip saddr $desk notrack
			ip6 saddr $desk6 notrack
		}
	}
NFT
# shellcheck disable=SC2086
{
	passes site/media "a whole packet" $way dport=7000
	passes site/media "v6 a whole packet" $way6 dport=7000
	drops frag "K13 first fragment" $way dport=7000 id=40 slice=0:24 mf=1
	drops frag "K13 later fragment" $way dport=7000 id=40 slice=8:16 frag=1
	drops frag "K13 v6 first fragment" $way6 dport=7000 eh=frag:0:1
	drops frag "K13 v6 first fragment before an atomic one" $way6 dport=7000 eh=frag:0:1,frag:0:0
	drops frag "K13 v6 later fragment" $way6 dport=7000 eh=frag:3:0
	drops port "K13 v6 atomic fragment of a denied tuple" $way6 dport=9 eh=frag:0:0
	passes site/setup "a call" from=outside to=core src=198.51.100.77 dst=$desk proto=tcp \
		sport=6000 dport=1720 flags=S
	drops untracked "its answer, out of tracking" from=core to=outside src=$desk \
		dst=198.51.100.77 proto=tcp sport=1720 dport=6000 flags=SA
	drops icmp "K26 v6 neighbour solicitation through a router" from=outside to=core \
		src=2001:db8:ffff::9 dst=$desk6 proto=icmp6 type=135 ttl=64
}
lab_stop
