#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The profile in nft's words does to first packets what eqfwctl says that eqfw does: without the module.
#
# nf_tables of 6.1 itself warns of RCU use there (lists walked under its own mutex), which fails a boot:
# beds: uml-7
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

profile=$EQFW_PROFILES/lab.bin
declare -A of=([10.1.0.10]=core [10.1.0.55]=core [192.0.2.20]=dmz [192.0.2.77]=dmz
	[198.51.100.77]=outside [198.51.100.9]=outside [2001:db8:1::10]=core [2001:db8:2::20]=dmz
	[2001:db8:ffff::77]=outside [2001:db8:ffff::9]=outside)
# What nft did becomes what is expected of eqfw.
flows=$TMPDIR/flows.tsv
printf 'from\tto\tproto\tsport\tdport\texpected\n' >"$flows"

# send FROM TO PROTO DPORT [IN]: what nft does with it, into DID
send() {
	pkt "from=${5:-${of[$1]}} to=${of[$2]} src=$1 dst=$2 proto=$3 sport=50000 dport=$4"
	case $REPLY in
	"passed 1 same") DID=permit ;;
	dropped) DID=drop ;;
	*) DID="$REPLY" ;;
	esac
}

same() {
	send "$@"
	printf '%s\t%s\t%s\t50000\t%s\t%s\n' "$@" "$DID" >>"$flows"
}

lab_up
"$EQFW_CTL" export "$profile" >"$TMPDIR/lab.nft" || bail "no export"
check "nft takes it" ip netns exec box nft -f "$TMPDIR/lab.nft"
check "and takes it again" ip netns exec box nft -f "$TMPDIR/lab.nft"
for from in "${!of[@]}"; do
	for to in "${!of[@]}"; do
		[ "${of[$from]}" != "${of[$to]}" ] || continue
		case $from$to in *:*.* | *.*:*) continue ;; esac
		same "$from" "$to" tcp 8443
		same "$from" "$to" tcp 1720
		same "$from" "$to" tcp 1721
		same "$from" "$to" udp 1719
		same "$from" "$to" udp 7000
		same "$from" "$to" udp 7010
		same "$from" "$to" udp 7011
	done
done
status "every flow has the same verdict" 0 ctl test "$profile" "$flows"
check "$LIB_SAID, $(grep -c permit "$flows") pass" [ "$(wc -l <"$flows")" -gt 200 ]
check "some pass" [ "$(grep -c permit "$flows")" -gt 20 ]
check "and some do not" [ "$(grep -c drop "$flows")" -gt 20 ]
send 10.1.0.10 192.0.2.20 tcp 8443 outside
equal "spoofed" "$DID" drop
send 2001:db8:1::10 2001:db8:2::20 tcp 8443 outside
equal "v6 spoofed" "$DID" drop
check "an emptied ruleset" ip netns exec box nft flush ruleset
send 10.1.0.10 192.0.2.20 tcp 9999
equal "passes what was dropped" "$DID" permit
lab_down
finish
