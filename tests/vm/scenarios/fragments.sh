#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K10 to K13: fragments are put together before they are judged; what is left of them never passes.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20 len=64"
way6="from=core to=dmz src=2001:db8:1::10 dst=2001:db8:2::20 len=64"
# Each set of fragments has an id of its own.
# shellcheck disable=SC2086
{
	pkt $way dport=7000 id=10 slice=0:24 mf=1
	equal "K12 first fragment only" "$REPLY" dropped
	pkt $way dport=7000 id=10 slice=24:72 frag=3
	contains "K10 and with the last it passes" "$REPLY" "passed"
	pkt $way dport=7001 id=11 slice=40:72 frag=5
	equal "K10 last fragment first" "$REPLY" dropped
	pkt $way dport=7001 id=11 slice=8:40 frag=1 mf=1
	pkt $way dport=7001 id=11 slice=0:8 mf=1
	contains "K10 reverse order, tiny first fragment" "$REPLY" "passed"
	pkt $way dport=9 id=12 slice=0:24 mf=1
	pkt $way dport=9 id=12 slice=24:72 frag=3
	equal "K10 a denied tuple in fragments" "$REPLY" dropped
	count drop port
	equal "K10 is judged whole" "$COUNT" 1
	pkt $way dport=7000 id=13 slice=0:32 mf=1
	pkt $way dport=9 id=13 slice=0:24 mf=1
	pkt $way dport=9 id=13 slice=24:72 frag=3
	count item site/media
	equal "K11 overlap with other ports: nothing more passed" "$COUNT" 2
	pkt $way dport=7000 id=14 frag=8189 slice=0:72
	equal "K12 offset 8189, over the largest packet" "$REPLY" dropped
	pkt $way6 dport=7000 eh=frag:0:1 slice=0:24
	equal "K12 v6 first fragment only" "$REPLY" dropped
	pkt $way6 dport=7000 eh=frag:3:0 slice=24:72
	contains "K10 v6 and with the last it passes" "$REPLY" "passed"
	pkt $way6 dport=7000 eh=frag:0:0
	contains "v6 atomic fragment" "$REPLY" "passed"
	pkt $way6 dport=9 eh=frag:0:0
	equal "v6 atomic fragment of a denied tuple" "$REPLY" dropped
}
lab_stop
