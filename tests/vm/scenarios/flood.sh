#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A flood to closed ports, from well-known source ports too, is dropped to the last packet and costs
# no conntrack entry, and calls go on meanwhile. EQFW_LONG=1 sends 10^6.
#
#   anybody (outside) --udp, tcp, v4, v6--> desk (core): closed
#   desk (core) --20 sessions, tcp 8443--> mcu (dmz): permitted
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

tracked() {
	ns_cat box /proc/sys/net/netfilter/nf_conntrack_count
	TRACKED=${LIB_TEXT%$'\n'}
}

# An entry that is freed with its dropped packet shows in no count. In a full table, asking for one
# is counted: columns drop and early_drop.
refused() {
	local line columns
	REFUSED=0
	ns_cat box /proc/net/stat/nf_conntrack
	while read -r line; do
		read -ra columns <<<"$line"
		[[ ${columns[0]} == entries ]] || REFUSED=$((REFUSED + 16#${columns[10]} + 16#${columns[11]}))
	done <<<"${LIB_TEXT%$'\n'}"
}

n=20000
[ -z "${EQFW_LONG:-}" ] || n=1000000
lab_start
side_live core 2 10.1.0.10 2001:db8:1::10
side_live dmz 3 192.0.2.20 2001:db8:2::20
"$EQFW_PROBES/hold" from=core src=10.1.0.10 to=dmz dst=192.0.2.20 dport=8443 n=20 pace=500 \
	ready="$TMPDIR/ready" until="$TMPDIR/until" >"$TMPDIR/hold" &
hold=$!
check "20 calls stand" wait_until 20 test -e "$TMPDIR/ready"
tracked
before=$TRACKED
check "they are tracked" test "$before" -ge 20
most=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
echo "$before" >/proc/sys/net/netfilter/nf_conntrack_max
refused
refused_before=$REFUSED
said=$("$EQFW_PROBES/flood" from=outside to=core dst4=10.1.0.10 dst6=2001:db8:1::10 n=$n)
equal "$n packets: each dropped and counted, none came out" "$said" "sent $n counted $n came 0"
tracked
equal "the flood has cost no conntrack entry" "$TRACKED" "$before"
refused
equal "nor was one asked for: the table is full, and refused none" "$REFUSED" "$refused_before"
echo "$most" >/proc/sys/net/netfilter/nf_conntrack_max
touch "$TMPDIR/until"
wait $hold
contains "no call was lost" "$(cat "$TMPDIR/hold")" "lost 0"
lab_stop
