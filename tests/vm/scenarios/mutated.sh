#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K42: random packets, sound and damaged, through the real hook; its counters must be what the core
# says of each (mutate.c). Without connection tracking, and so before defragmentation too, a verdict
# hangs on nothing but the packet. EQFW_LONG=1 sends 10^6 of them.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
ip netns exec box nft -f - <<-NFT
	table inet untracked {
		chain pre { type filter hook prerouting priority -450; notrack; }
	}
NFT
count=20000
[ -z "${EQFW_LONG:-}" ] || count=1000000
"$EQFW_PROBES/mutate" "$EQFW_PROFILES/lab.bin" $count 0x5eed1 >"$TMPDIR/sums" 2>&1
equal "K42 $count packets are judged as the core says" $? 0
sed 's/^/# /' "$TMPDIR/sums"
for reason in spoof source broadcast trunc frag ipopt exthdr tcp_flags pair proto port icmp \
	icmp_inner untracked; do
	check "K42 some of them are dropped for $reason" grep -q "^drop $reason [1-9]" "$TMPDIR/sums"
done
for item in portal media ras setup stay; do
	check "K42 some of them pass as site/$item" grep -q "^item site/$item [1-9]" "$TMPDIR/sums"
done
lab_stop
