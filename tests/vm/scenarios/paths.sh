#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K38: whatever the last link is, a packet is judged once, in the zone of the device that the site
# names: VLAN, QinQ, PPPoE, bond, macvlan, VRF; decrypted by IPsec: in the zone that says so.
#
#     core eth0 --(varies)-- core0 | box | dmz0 ---- eth0 dmz
#     outside eth0 ==(IPsec)== out0 |     |
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"
# shellcheck source=tests/vm/paths.sh
. "$EQFW_VM/paths.sh"

in_box() { ip -n box "$@"; }
in_core() { ip -n core "$@"; }

# over BOX_DEV CORE_DEV TEXT
over() {
	path_addresses "$1" "$2"
	judged_once "K38 $3"
}
# Both ends lose their addresses, so that the next link is the only one.
done_with() {
	local ns=$1 dev=$2
	ip -n "$ns" link del "$dev"
}

paths_up
over core0 eth0 "plain link"
in_core address flush dev eth0 scope global
in_box address flush dev core0 scope global

in_box link add link core0 name core0.10 type vlan id 10
in_core link add link eth0 name eth0.10 type vlan id 10
over core0.10 eth0.10 VLAN
done_with box core0.10
done_with core eth0.10

in_box link add link core0 name outer type vlan proto 802.1ad id 20
in_core link add link eth0 name outer type vlan proto 802.1ad id 20
in_box link set outer up
in_core link set outer up
in_box link add link outer name qinq0 type vlan id 30
in_core link add link outer name qinq0 type vlan id 30
over qinq0 qinq0 QinQ
done_with box outer
done_with core outer

# pppoe_end NS DEVICE PEER-MAC: ppp0 there
pppoe_end() {
	ip netns exec "$1" "$EQFW_PROBES/pppoe" "$2" "$3" 7 "$TMPDIR/pppoe-$1" &
	PPPOE+=($!)
	check "PPPoE in $1" wait_until 20 test -e "$TMPDIR/pppoe-$1"
}
PPPOE=()
modprobe -q pppoe
pppoe_end box core0 $LIB_MAC_SIDE
pppoe_end core eth0 $LIB_MAC_BOX
over ppp0 ppp0 PPPoE
kill "${PPPOE[@]}"
wait "${PPPOE[@]}" 2>/dev/null

in_box link add link core0 name mac0 type macvlan mode bridge
over mac0 eth0 macvlan
done_with box mac0

in_box link add bond0 type bond mode active-backup miimon 100
in_box link set core0 down
in_box link set core0 master bond0
in_box link set core0 up
over bond0 eth0 bond
done_with box bond0

in_box link add vrf1 type vrf table 10
in_box link set vrf1 up
in_box link set core0 master vrf1
in_box link set dmz0 master vrf1
in_box link set core0 up
lib_leg dmz0 3 2>/dev/null
in_box route add 192.0.2.20 via 169.254.3.2 dev dmz0 onlink table 10
in_box route add 2001:db8:2::20 via fe80::2 dev dmz0 table 10
path_addresses core0 eth0 10
judged_once "K38 VRF"
in_box link del vrf1
lib_leg dmz0 3 2>/dev/null
in_box address replace 192.0.2.1/32 dev dmz0
in_box address replace 2001:db8:2::1/128 dev dmz0 nodad
in_box route replace 192.0.2.0/24 via 169.254.3.2 dev dmz0 onlink
in_box route replace 2001:db8:2::/64 via fe80::2 dev dmz0

# ---- IPsec: far (branch) sits in the namespace outside, behind its gateway 198.51.100.60 ----
side_live outside 1 198.51.100.60 2001:db8:ffff::60 10.9.0.5 2001:db8:9::5
ip -n outside route replace 192.0.2.0/24 via 169.254.1.1 dev eth0 onlink src 10.9.0.5
ip -n outside route replace 2001:db8:2::/64 via fe80::1 dev eth0 src 2001:db8:9::5
refused "K27 in the clear, as if from the branch" outside 10.9.0.5 192.0.2.20 spoof

# sa NS SRC DST SPI
sa() {
	ip -n "$1" xfrm state add src "$2" dst "$3" proto esp spi "$4" mode tunnel reqid 1 \
		flag af-unspec \
		enc 'cbc(aes)' 0x00112233445566778899aabbccddeeff \
		auth 'hmac(sha256)' 0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
}
# sp NS DIR SRC DST OUTER_SRC OUTER_DST
sp() {
	ip -n "$1" xfrm policy add src "$3" dst "$4" dir "$2" \
		tmpl src "$5" dst "$6" proto esp reqid 1 mode tunnel
}
gate=198.51.100.60 box=198.51.100.2
for ns in box outside; do
	sa $ns $gate $box 1
	sa $ns $box $gate 2
done
for pair in "10.9.0.5/32 192.0.2.0/24" "2001:db8:9::5/128 2001:db8:2::/64"; do
	sp outside out "${pair% *}" "${pair#* }" $gate $box
	sp outside in "${pair#* }" "${pair% *}" $box $gate
	sp box in "${pair% *}" "${pair#* }" $gate $box
	sp box fwd "${pair% *}" "${pair#* }" $gate $box
	sp box out "${pair#* }" "${pair% *}" $box $gate
done
talks "K38 IPsec: v4" outside 10.9.0.5 192.0.2.20 site/tunnel
talks "K38 IPsec: v6" outside 2001:db8:9::5 2001:db8:2::20 site/tunnel
refused "K38 IPsec: v4 closed port" outside 10.9.0.5 192.0.2.20 port
refused "K38 IPsec: v6 closed port" outside 2001:db8:9::5 2001:db8:2::20 port

# In a VRF what was decrypted begins its way on the VRF: that pass is no second one.
in_box link add vrf1 type vrf table 10
in_box link set vrf1 up
in_box link set out0 master vrf1
in_box link set dmz0 master vrf1
lib_leg out0 1 2>/dev/null
lib_leg dmz0 3 2>/dev/null
in_box route add 192.0.2.20 via 169.254.3.2 dev dmz0 onlink table 10
count drop port
before=$COUNT
"$EQFW_PROBES/talk" from=outside src=10.9.0.5 to=dmz dst=192.0.2.20 dport=9 proto=udp n=1 >/dev/null
count drop port
check "K38 IPsec in a VRF: closed port" [ "$COUNT" -gt "$before" ]
lab_stop
